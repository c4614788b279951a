-- +goose Up
-- A proposed version held over the history of a period: what it says, how far it is, and what came out. Instants are microseconds since 1970.
CREATE TABLE report_whatif (
  id                   TEXT PRIMARY KEY,
  agreement_id         TEXT   NOT NULL REFERENCES agreement_agreement (id),
  org_id               TEXT   NOT NULL,
  site_id              TEXT   NOT NULL,
  proposal_id          TEXT   NOT NULL,
  made_by              TEXT   NOT NULL,
  made_at              BIGINT NOT NULL,
  from_at              BIGINT NOT NULL,
  to_at                BIGINT NOT NULL,
  service_calendar_id  TEXT   NOT NULL REFERENCES calendar_calendar (id),
  customer_calendar_id TEXT   NOT NULL REFERENCES calendar_calendar (id),
  terms                TEXT   NOT NULL,
  state                TEXT   NOT NULL CHECK (state IN ('running', 'complete', 'stopped')),
  total                BIGINT NOT NULL,
  done                 BIGINT NOT NULL,
  ended_at             BIGINT NOT NULL,
  result               TEXT   NOT NULL
);
CREATE INDEX report_whatif_agreement ON report_whatif (agreement_id, made_at);
