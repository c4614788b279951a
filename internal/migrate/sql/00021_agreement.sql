-- +goose Up
-- Agreements of one site; how a version was signed; what is proposed.
ALTER TABLE agreement_agreement ADD COLUMN site_id TEXT NOT NULL DEFAULT '';
ALTER TABLE agreement_version ADD COLUMN ask_id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX agreement_agreement_with ON agreement_agreement (org_id, site_id);

-- A version as one side proposes it. Its words never change; another proposal answers it.
CREATE TABLE agreement_proposal (
  id                   TEXT PRIMARY KEY,
  agreement_id         TEXT   NOT NULL REFERENCES agreement_agreement (id),
  number               BIGINT NOT NULL,
  side                 TEXT   NOT NULL CHECK (side IN ('provider', 'customer')),
  author_id            TEXT   NOT NULL,
  made_at              BIGINT NOT NULL,
  service_calendar_id  TEXT   NOT NULL REFERENCES calendar_calendar (id),
  customer_calendar_id TEXT   NOT NULL REFERENCES calendar_calendar (id),
  terms                TEXT   NOT NULL,
  from_at              BIGINT NOT NULL,
  why                  TEXT   NOT NULL,
  answers_id           TEXT   NOT NULL,
  state                TEXT   NOT NULL CHECK (state IN ('proposed', 'signed', 'answered', 'refused', 'withdrawn', 'expired', 'void')),
  ask_id               TEXT   NOT NULL,
  ended_at             BIGINT NOT NULL,
  version_id           TEXT   NOT NULL
);
CREATE INDEX agreement_proposal_agreement ON agreement_proposal (agreement_id, made_at);
-- one proposal of an agreement waits at a time
CREATE UNIQUE INDEX agreement_proposal_open ON agreement_proposal (agreement_id) WHERE state = 'proposed';
