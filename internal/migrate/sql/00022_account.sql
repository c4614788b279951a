-- +goose Up
-- Under which agreement and at which priority a promise was decided. What was kept before is derived again.
ALTER TABLE desk_outcome ADD COLUMN agreement_id TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_outcome ADD COLUMN version_id TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_outcome ADD COLUMN priority TEXT NOT NULL DEFAULT '';
CREATE INDEX desk_outcome_agreement ON desk_outcome (agreement_id, decided_at, ticket_id, obligation);

-- One ticket's account, derived from its ledger: what is still owed on it, and once it has ended where its time went.
-- ended_at is microseconds since 1970 UTC, 0 while the ticket is open; spent and owed are JSON.
CREATE TABLE desk_account (
  ticket_id    TEXT PRIMARY KEY REFERENCES desk_ticket (id),
  agreement_id TEXT   NOT NULL,
  org_id       TEXT   NOT NULL,
  site_id      TEXT   NOT NULL,
  ended_at     BIGINT NOT NULL,
  spent        TEXT   NOT NULL,
  owed         TEXT   NOT NULL
);
CREATE INDEX desk_account_ended ON desk_account (agreement_id, ended_at, ticket_id);

-- On which days (since 1970, UTC) what is kept of promises and time changed: aggregates of those days are not to be believed. Rows are
-- only added, and taken away by whoever aggregates anew.
CREATE TABLE desk_stale (
  id           TEXT PRIMARY KEY,
  agreement_id TEXT   NOT NULL,
  day          BIGINT NOT NULL
);
