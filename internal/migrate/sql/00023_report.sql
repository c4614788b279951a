-- +goose Up
-- Kept aggregates of scorecards: what was decided and what ended in one month (since 1970, UTC) at one site under one agreement, packed.
CREATE TABLE report_segment (
  agreement_id TEXT   NOT NULL,
  month        BIGINT NOT NULL,
  site_id      TEXT   NOT NULL,
  org_id       TEXT   NOT NULL,
  body         BYTEA  NOT NULL,
  PRIMARY KEY (agreement_id, month, org_id, site_id)
);

-- A scorecard as it was when somebody published it for a review. It never changes.
CREATE TABLE report_publication (
  id           TEXT PRIMARY KEY,
  agreement_id TEXT   NOT NULL,
  site_id      TEXT   NOT NULL,
  from_at      BIGINT NOT NULL,
  to_at        BIGINT NOT NULL,
  figures      TEXT   NOT NULL,
  person_id    TEXT   NOT NULL,
  made_at      BIGINT NOT NULL
);
CREATE INDEX report_publication_card ON report_publication (agreement_id, site_id, made_at);

-- Who has read what a version asks of them.
CREATE TABLE agreement_read (
  version_id TEXT   NOT NULL REFERENCES agreement_version (id),
  person_id  TEXT   NOT NULL,
  site_id    TEXT   NOT NULL,
  read_at    BIGINT NOT NULL,
  PRIMARY KEY (version_id, person_id)
);
CREATE INDEX agreement_read_site ON agreement_read (version_id, site_id);

-- What was kept before knows none of this: whoever serves next derives it again, whatever has migrated.
INSERT INTO job_row (id, kind, item, run_at, lease, fence, attempts, state, error)
SELECT 'outcomes-of-schema-23', 'desk.outcomes', '', 0, 0, 0, 0, 'ready', '' WHERE EXISTS (SELECT 1 FROM desk_ticket)
ON CONFLICT (kind, item) DO NOTHING;
