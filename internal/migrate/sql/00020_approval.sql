-- +goose Up
-- Approvals: who is asked for what, and what each said. Votes are only added.
CREATE TABLE approval_ask (
  id           TEXT PRIMARY KEY,
  kind         TEXT   NOT NULL,
  object_id    TEXT   NOT NULL,
  title        TEXT   NOT NULL,
  digest       TEXT   NOT NULL,
  rule         TEXT   NOT NULL,
  asked_by     TEXT   NOT NULL,
  asked_at     BIGINT NOT NULL,
  bar_asker    TEXT   NOT NULL,
  bar_executor TEXT   NOT NULL,
  expires_at   BIGINT NOT NULL,
  escalated_at BIGINT NOT NULL,
  state        TEXT   NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'expired', 'withdrawn', 'void')),
  decided_at   BIGINT NOT NULL,
  reason       TEXT   NOT NULL,
  version      BIGINT NOT NULL,
  UNIQUE (id, bar_asker, bar_executor)
);
CREATE INDEX approval_ask_object ON approval_ask (kind, object_id, asked_at);
CREATE INDEX approval_ask_asker ON approval_ask (asked_by, asked_at);
-- one open ask a thing and a digest: two nodes that ask at once ask once
CREATE UNIQUE INDEX approval_ask_open ON approval_ask (kind, object_id) WHERE state = 'pending';

-- Who was asked: the seats of the rule, and those the ask was escalated to (stage '').
CREATE TABLE approval_seat (
  ask_id    TEXT   NOT NULL REFERENCES approval_ask (id),
  stage     TEXT   NOT NULL,
  person_id TEXT   NOT NULL,
  open      BOOLEAN NOT NULL,
  PRIMARY KEY (ask_id, stage, person_id)
);
CREATE INDEX approval_seat_person ON approval_seat (person_id, open);

-- bar_asker and bar_executor repeat the ask's, so that the check holds for every row whoever writes it.
CREATE TABLE approval_vote (
  id           TEXT PRIMARY KEY,
  ask_id       TEXT    NOT NULL,
  seq          BIGINT  NOT NULL,
  stage        TEXT    NOT NULL,
  seat_id      TEXT    NOT NULL,
  voter_id     TEXT    NOT NULL,
  until_at     BIGINT  NOT NULL,
  consent      BOOLEAN NOT NULL,
  reason       TEXT    NOT NULL,
  voted_at     BIGINT  NOT NULL,
  bar_asker    TEXT    NOT NULL,
  bar_executor TEXT    NOT NULL,
  UNIQUE (ask_id, seq),
  UNIQUE (ask_id, voter_id),
  UNIQUE (ask_id, stage, seat_id),
  FOREIGN KEY (ask_id, bar_asker, bar_executor) REFERENCES approval_ask (id, bar_asker, bar_executor),
  CHECK (voter_id <> bar_asker AND voter_id <> bar_executor AND seat_id <> bar_asker AND seat_id <> bar_executor)
);
CREATE INDEX approval_vote_voter ON approval_vote (voter_id, voted_at);

-- Who votes for somebody else from a day to another, for one kind or ('') every kind.
CREATE TABLE approval_delegation (
  id       TEXT PRIMARY KEY,
  from_id  TEXT   NOT NULL,
  to_id    TEXT   NOT NULL,
  kind     TEXT   NOT NULL,
  from_at  BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  made_by  TEXT   NOT NULL,
  made_at  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  CHECK (from_id <> to_id AND until_at > from_at)
);
CREATE INDEX approval_delegation_to ON approval_delegation (to_id, until_at);
CREATE INDEX approval_delegation_from ON approval_delegation (from_id, until_at);
