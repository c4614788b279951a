-- +goose Up
-- Parties: calendars, organisations, sites, persons, teams, grants.
CREATE TABLE calendar_calendar (
  id       TEXT PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  spec     TEXT   NOT NULL,
  version  BIGINT NOT NULL
);

CREATE TABLE people_organisation (
  id       TEXT PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  kind     TEXT   NOT NULL CHECK (kind IN ('provider', 'customer', 'unassigned')),
  made_at  BIGINT NOT NULL
);
CREATE TABLE people_site (
  id          TEXT PRIMARY KEY,
  org_id      TEXT   NOT NULL REFERENCES people_organisation (id),
  name        TEXT   NOT NULL,
  name_key    TEXT   NOT NULL,
  zone        TEXT   NOT NULL,
  region      TEXT   NOT NULL,
  calendar_id TEXT   NOT NULL,
  made_at     BIGINT NOT NULL,
  UNIQUE (org_id, name_key)
);
CREATE INDEX people_site_name ON people_site (name_key);
CREATE TABLE people_person (
  id          TEXT PRIMARY KEY,
  org_id      TEXT   NOT NULL REFERENCES people_organisation (id),
  site_id     TEXT   NOT NULL,
  name        TEXT   NOT NULL,
  name_key    TEXT   NOT NULL,
  zone        TEXT   NOT NULL,
  mailed      BOOLEAN NOT NULL,
  made_at     BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX people_person_site ON people_person (site_id);
CREATE INDEX people_person_name ON people_person (name_key, id);
CREATE TABLE people_address (
  address   TEXT PRIMARY KEY,
  person_id TEXT    NOT NULL REFERENCES people_person (id),
  verified  BOOLEAN NOT NULL,
  rank      BIGINT  NOT NULL
);
CREATE INDEX people_address_person ON people_address (person_id, rank);
CREATE TABLE people_team (
  id       TEXT PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  kind     TEXT   NOT NULL CHECK (kind IN ('desk', 'local IT', 'regional', 'enterprise', 'supplier')),
  made_at  BIGINT NOT NULL
);
CREATE TABLE people_member (
  team_id   TEXT NOT NULL REFERENCES people_team (id),
  person_id TEXT NOT NULL REFERENCES people_person (id),
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX people_member_person ON people_member (person_id);
CREATE TABLE people_grant (
  id        TEXT PRIMARY KEY,
  person_id TEXT   NOT NULL REFERENCES people_person (id),
  role      TEXT   NOT NULL,
  scope     TEXT   NOT NULL CHECK (scope IN ('everywhere', 'organisation', 'region', 'site', 'team')),
  scope_id  TEXT   NOT NULL,
  from_at   BIGINT NOT NULL,
  until_at  BIGINT NOT NULL,
  made_by   TEXT   NOT NULL
);
CREATE INDEX people_grant_person ON people_grant (person_id);

CREATE TABLE agreement_agreement (
  id      TEXT PRIMARY KEY,
  org_id  TEXT   NOT NULL,
  name    TEXT   NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX agreement_agreement_org ON agreement_agreement (org_id);
CREATE TABLE agreement_version (
  id                   TEXT PRIMARY KEY,
  agreement_id         TEXT   NOT NULL REFERENCES agreement_agreement (id),
  number               BIGINT NOT NULL,
  service_calendar_id  TEXT   NOT NULL REFERENCES calendar_calendar (id),
  customer_calendar_id TEXT   NOT NULL REFERENCES calendar_calendar (id),
  terms                TEXT   NOT NULL,
  from_at              BIGINT NOT NULL,
  UNIQUE (agreement_id, number)
);
