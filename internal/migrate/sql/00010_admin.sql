-- +goose Up
-- Administration: what a site has, rooms, absences, duty rosters, services, lists of people taken in, and what is watched.
ALTER TABLE people_organisation ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE people_site ADD COLUMN headcount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people_site ADD COLUMN fte_tenths BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people_site ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE people_team ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX people_person_org ON people_person (org_id, name_key, id);
CREATE INDEX people_grant_scope ON people_grant (role, scope, scope_id);

CREATE TABLE people_room (
  id        TEXT PRIMARY KEY,
  site_id   TEXT   NOT NULL REFERENCES people_site (id),
  name      TEXT   NOT NULL,
  name_key  TEXT   NOT NULL,
  seats     BIGINT NOT NULL CHECK (seats >= 0),
  closed_at BIGINT NOT NULL,
  version   BIGINT NOT NULL,
  UNIQUE (site_id, name_key)
);

-- Who is away from when to when, and who stands in. until_at 0: nobody knows yet.
CREATE TABLE people_absence (
  id            TEXT PRIMARY KEY,
  person_id     TEXT   NOT NULL REFERENCES people_person (id),
  substitute_id TEXT   NOT NULL,
  from_at       BIGINT NOT NULL,
  until_at      BIGINT NOT NULL,
  made_by       TEXT   NOT NULL,
  version       BIGINT NOT NULL
);
CREATE INDEX people_absence_person ON people_absence (person_id, from_at);
CREATE INDEX people_absence_time ON people_absence (from_at, until_at);

-- Who of a team is on duty when: a weekly plan with dated exceptions, written like a calendar.
CREATE TABLE people_roster (
  team_id TEXT PRIMARY KEY REFERENCES people_team (id),
  zone    TEXT   NOT NULL,
  plan    TEXT   NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE catalog_service (
  id       TEXT PRIMARY KEY,
  name     TEXT   NOT NULL,
  name_key TEXT   NOT NULL UNIQUE,
  about    TEXT   NOT NULL,
  owner_id TEXT   NOT NULL,
  made_at  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  version  BIGINT NOT NULL
);
CREATE INDEX catalog_service_owner ON catalog_service (owner_id);
CREATE TABLE catalog_customer (
  service_id TEXT NOT NULL REFERENCES catalog_service (id),
  org_id     TEXT NOT NULL,
  PRIMARY KEY (service_id, org_id)
);
CREATE TABLE catalog_need (
  service_id TEXT NOT NULL REFERENCES catalog_service (id),
  needs_id   TEXT NOT NULL REFERENCES catalog_service (id),
  PRIMARY KEY (service_id, needs_id)
);
CREATE INDEX catalog_need_of ON catalog_need (needs_id);

-- A list of people that was uploaded: shown first, then taken in row by row. done_row is the last row that was settled.
CREATE TABLE intake_run (
  id        TEXT PRIMARY KEY,
  made_by   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  file_name TEXT   NOT NULL,
  org_id    TEXT   NOT NULL,
  sha256    TEXT   NOT NULL,
  body      BYTEA  NOT NULL,
  state     TEXT   NOT NULL CHECK (state IN ('shown', 'running', 'done', 'stopped')),
  row_count BIGINT NOT NULL,
  done_row  BIGINT NOT NULL,
  done_at   BIGINT NOT NULL,
  answer    TEXT   NOT NULL
);
CREATE TABLE intake_row (
  run_id    TEXT   NOT NULL REFERENCES intake_run (id),
  row_no    BIGINT NOT NULL,
  outcome   TEXT   NOT NULL CHECK (outcome IN ('created', 'changed', 'unchanged', 'failed')),
  person_id TEXT   NOT NULL,
  reason    TEXT   NOT NULL,
  PRIMARY KEY (run_id, row_no)
);
CREATE INDEX intake_row_outcome ON intake_row (run_id, outcome, row_no);

-- What has to be well again and again: connectors and recurring jobs. due_at: by when it has to have been well again.
CREATE TABLE job_watch (
  name    TEXT PRIMARY KEY,
  good_at BIGINT NOT NULL,
  due_at  BIGINT NOT NULL,
  bad_at  BIGINT NOT NULL,
  answer  TEXT   NOT NULL
);

CREATE INDEX audit_entry_actor ON audit_entry (actor, id);
CREATE INDEX audit_entry_verb ON audit_entry (verb, id);
