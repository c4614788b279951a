-- +goose Up
-- What one side challenges: a promise of a ticket (obligation), or a span of a turn. How it was counted stays beside what was agreed.
CREATE TABLE desk_dispute (
  id         TEXT PRIMARY KEY,
  ticket_id  TEXT   NOT NULL REFERENCES desk_ticket (id),
  obligation TEXT   NOT NULL,
  from_at    BIGINT NOT NULL,
  until_at   BIGINT NOT NULL,
  metric     TEXT   NOT NULL,
  ref        BIGINT NOT NULL,
  counted    TEXT   NOT NULL,
  side       TEXT   NOT NULL CHECK (side IN ('provider', 'customer')),
  raised_by  TEXT   NOT NULL,
  raised_at  BIGINT NOT NULL,
  reason     TEXT   NOT NULL,
  state      TEXT   NOT NULL CHECK (state IN ('open', 'proposed', 'settled', 'withdrawn')),
  term_at    BIGINT NOT NULL,
  further_at BIGINT NOT NULL,
  settled_as TEXT   NOT NULL CHECK (settled_as IN ('', 'kept', 'broken', 'provider', 'customer', 'supplier', 'nobody')),
  ended_at   BIGINT NOT NULL,
  seq        BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  CHECK (obligation <> '' OR from_at > 0 AND until_at > from_at)
);
CREATE INDEX desk_dispute_ticket ON desk_dispute (ticket_id, raised_at);
CREATE INDEX desk_dispute_raised ON desk_dispute (raised_at, id);
CREATE INDEX desk_dispute_state ON desk_dispute (state, raised_at);
-- one dispute of a promise at a time
CREATE UNIQUE INDEX desk_dispute_open ON desk_dispute (ticket_id, obligation) WHERE state IN ('open', 'proposed') AND obligation <> '';

-- How a service level manager would have it stand. Its words never change.
CREATE TABLE desk_dispute_proposal (
  id         TEXT PRIMARY KEY,
  dispute_id TEXT   NOT NULL REFERENCES desk_dispute (id),
  proposes   TEXT   NOT NULL CHECK (proposes IN ('kept', 'broken', 'provider', 'customer', 'supplier', 'nobody')),
  reason     TEXT   NOT NULL,
  author_id  TEXT   NOT NULL,
  made_at    BIGINT NOT NULL,
  ask_id     TEXT   NOT NULL,
  state      TEXT   NOT NULL CHECK (state IN ('waiting', 'agreed', 'refused', 'ended')),
  ended_at   BIGINT NOT NULL
);
CREATE INDEX desk_dispute_proposal_dispute ON desk_dispute_proposal (dispute_id, made_at);
CREATE UNIQUE INDEX desk_dispute_proposal_waiting ON desk_dispute_proposal (dispute_id) WHERE state = 'waiting';
