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

-- What somebody wants of the desk. Quiet hours are minutes after midnight in their own zone; equal ones are none.
CREATE TABLE people_preference (
  person_id   TEXT PRIMARY KEY REFERENCES people_person (id),
  language    TEXT    NOT NULL,
  quiet_from  BIGINT  NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_until BIGINT  NOT NULL CHECK (quiet_until BETWEEN 0 AND 1439),
  copies      BOOLEAN NOT NULL
);
-- An address somebody says is theirs, until they open the link that was mailed to it. Of the link only its digest is kept.
CREATE TABLE people_claim (
  digest    TEXT PRIMARY KEY CHECK (length(digest) = 64),
  person_id TEXT   NOT NULL REFERENCES people_person (id),
  address   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL
);
CREATE INDEX people_claim_person ON people_claim (person_id, made_at);
CREATE INDEX people_claim_address ON people_claim (address, made_at);

-- With what a session was opened: "Firefox on Windows". It says to its owner which one to end.
ALTER TABLE auth_session ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- What was mailed to one person, the newest first.
CREATE INDEX mail_outbound_person ON mail_outbound (person_id, id);
