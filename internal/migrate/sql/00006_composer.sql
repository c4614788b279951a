-- +goose Up
-- What somebody is writing on a ticket. Nobody else reads it.
CREATE TABLE desk_draft (
  person_id TEXT   NOT NULL,
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  mode      TEXT   NOT NULL CHECK (mode IN ('reply', 'note')),
  body      TEXT   NOT NULL,
  after     TEXT   NOT NULL,
  need      TEXT   NOT NULL,
  due       TEXT   NOT NULL,
  why       TEXT   NOT NULL,
  writer    TEXT   NOT NULL,
  step      BIGINT NOT NULL,
  version   BIGINT NOT NULL,
  saved_at  BIGINT NOT NULL,
  PRIMARY KEY (person_id, ticket_id, mode)
);
CREATE INDEX desk_draft_ticket ON desk_draft (ticket_id);

-- Files for it, each bound to its person, ticket and mode; held_id names the answer that takes it along.
CREATE TABLE desk_upload (
  id        TEXT PRIMARY KEY,
  person_id TEXT   NOT NULL,
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  mode      TEXT   NOT NULL CHECK (mode IN ('reply', 'note')),
  held_id   TEXT   NOT NULL,
  sha256    TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  type      TEXT   NOT NULL,
  size      BIGINT NOT NULL,
  made_at   BIGINT NOT NULL
);
CREATE INDEX desk_upload_draft ON desk_upload (ticket_id, person_id, mode, id);
CREATE INDEX desk_upload_held ON desk_upload (held_id) WHERE held_id <> '';
CREATE INDEX desk_upload_made ON desk_upload (made_at);

-- Answers that can still be taken back. The message takes the id of its row.
CREATE TABLE desk_held (
  id        TEXT PRIMARY KEY,
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  person_id TEXT   NOT NULL,
  channel   TEXT   NOT NULL,
  body      TEXT   NOT NULL,
  need      TEXT   NOT NULL,
  need_due  BIGINT NOT NULL,
  metric    TEXT   NOT NULL,
  seen      BIGINT NOT NULL,
  known     TEXT   NOT NULL,
  minutes   BIGINT NOT NULL,
  work_kind TEXT   NOT NULL,
  work_note TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  leaves_at BIGINT NOT NULL
);
CREATE INDEX desk_held_ticket ON desk_held (ticket_id, id);

-- What was sent under a name its sender gave it, so that sending it again sends nothing.
CREATE TABLE desk_sent (
  person_id TEXT   NOT NULL,
  once      TEXT   NOT NULL,
  ticket_id TEXT   NOT NULL,
  item_id   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (person_id, once)
);
CREATE INDEX desk_sent_made ON desk_sent (made_at);

-- Who has a ticket open, until when unless they say so again.
CREATE TABLE desk_presence (
  ticket_id TEXT    NOT NULL,
  person_id TEXT    NOT NULL,
  writing   BOOLEAN NOT NULL,
  until     BIGINT  NOT NULL,
  PRIMARY KEY (ticket_id, person_id)
);
CREATE INDEX desk_presence_until ON desk_presence (until);

-- Answers kept to be used again.
CREATE TABLE desk_answer (
  id         TEXT PRIMARY KEY,
  owner_id   TEXT    NOT NULL,
  shared     BOOLEAN NOT NULL,
  title      TEXT    NOT NULL,
  title_key  TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  made_at    BIGINT  NOT NULL,
  changed_at BIGINT  NOT NULL,
  version    BIGINT  NOT NULL
);
CREATE INDEX desk_answer_owner ON desk_answer (owner_id, title_key);
CREATE INDEX desk_answer_shared ON desk_answer (shared, title_key);
