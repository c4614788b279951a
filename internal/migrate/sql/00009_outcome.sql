-- +goose Up
-- What became of every promise that has ended or was missed: derived from the ledger, kept for records over many tickets.
-- Instants are microseconds since 1970 UTC; ended_at 0 means still owed (missed, and not yet done).
CREATE TABLE desk_outcome (
  ticket_id      TEXT   NOT NULL REFERENCES desk_ticket (id),
  obligation     TEXT   NOT NULL,
  side           TEXT   NOT NULL CHECK (side IN ('provider', 'customer')),
  metric         TEXT   NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('met', 'breached', 'waived', 'disputed', 'void')),
  stands         TEXT   NOT NULL CHECK (stands IN ('met', 'breached', 'waived', 'void')),
  reason         TEXT   NOT NULL,
  org_id         TEXT   NOT NULL,
  site_id        TEXT   NOT NULL,
  team_id        TEXT   NOT NULL,
  person_id      TEXT   NOT NULL,
  requester_id   TEXT   NOT NULL,
  target_seconds BIGINT NOT NULL,
  used_seconds   BIGINT NOT NULL,
  started_at     BIGINT NOT NULL,
  due_at         BIGINT NOT NULL,
  ended_at       BIGINT NOT NULL,
  decided_at     BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, obligation)
);
CREATE INDEX desk_outcome_site ON desk_outcome (site_id, decided_at);
CREATE INDEX desk_outcome_requester ON desk_outcome (requester_id, decided_at);
CREATE INDEX desk_outcome_person ON desk_outcome (person_id, decided_at);
