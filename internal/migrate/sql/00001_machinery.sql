-- +goose Up
-- Machinery: sequences, events, audit, jobs, blobs. Instants are microseconds since 1970 UTC; 0 means "not".
CREATE TABLE db_sequence (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE event_entry (
  stream  TEXT   NOT NULL,
  seq     BIGINT NOT NULL CHECK (seq > 0),
  id      TEXT   NOT NULL,
  at      BIGINT NOT NULL,
  kind    TEXT   NOT NULL,
  actor   TEXT   NOT NULL,
  behalf  TEXT   NOT NULL,
  channel TEXT   NOT NULL,
  data    TEXT   NOT NULL,
  digest  TEXT   NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE TABLE event_head (
  stream TEXT PRIMARY KEY,
  seq    BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  digest TEXT   NOT NULL
);
CREATE TABLE event_checkpoint (
  at        BIGINT PRIMARY KEY,
  streams   BIGINT NOT NULL,
  digest    TEXT   NOT NULL,
  signature TEXT   NOT NULL
);

CREATE TABLE audit_entry (
  id        TEXT PRIMARY KEY,
  at        BIGINT NOT NULL,
  actor     TEXT   NOT NULL,
  verb      TEXT   NOT NULL,
  object    TEXT   NOT NULL,
  object_id TEXT   NOT NULL,
  change    TEXT   NOT NULL,
  reason    TEXT   NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (object, object_id, id);

CREATE TABLE job_row (
  id       TEXT PRIMARY KEY,
  kind     TEXT   NOT NULL,
  item     TEXT   NOT NULL,
  run_at   BIGINT NOT NULL,
  lease    BIGINT NOT NULL,
  fence    BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  state    TEXT   NOT NULL CHECK (state IN ('ready', 'dead')),
  error    TEXT   NOT NULL,
  UNIQUE (kind, item)
);
CREATE INDEX job_row_due ON job_row (state, run_at);

CREATE TABLE blob_object (
  sha256  TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size    BIGINT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE TABLE blob_chunk (
  sha256 TEXT   NOT NULL REFERENCES blob_object (sha256),
  n      BIGINT NOT NULL,
  body   BYTEA  NOT NULL,
  PRIMARY KEY (sha256, n)
);

CREATE TABLE auth_key (
  name TEXT PRIMARY KEY,
  body BYTEA NOT NULL
);
CREATE TABLE auth_password (
  person_id  TEXT PRIMARY KEY,
  hash       TEXT   NOT NULL CHECK (length(hash) > 20),
  changed_at BIGINT NOT NULL
);
CREATE TABLE auth_session (
  digest    TEXT PRIMARY KEY CHECK (length(digest) = 64),
  person_id TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  seen_at   BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL
);
CREATE INDEX auth_session_person ON auth_session (person_id);
CREATE TABLE auth_token (
  id        TEXT PRIMARY KEY,
  digest    TEXT   NOT NULL UNIQUE CHECK (length(digest) = 64),
  person_id TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  scopes    TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  used_at   BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL
);
CREATE INDEX auth_token_person ON auth_token (person_id);
CREATE TABLE auth_failure (
  subject  TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  since    BIGINT NOT NULL
);
