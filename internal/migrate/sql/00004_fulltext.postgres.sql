-- +goose Up
-- What can be found. Words are made by the program, so no dictionary and no extension is needed.
CREATE TABLE fulltext_document (
  id     BIGINT PRIMARY KEY,
  item   TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL
);
CREATE TABLE fulltext_public (
  rowid BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX fulltext_public_words ON fulltext_public USING GIN (words);
CREATE TABLE fulltext_internal (
  rowid BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX fulltext_internal_words ON fulltext_internal USING GIN (words);
CREATE TABLE fulltext_person (
  rowid BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX fulltext_person_words ON fulltext_person USING GIN (words);
-- What was written before is indexed by a job, while everything goes on.
INSERT INTO job_row (id, kind, item, run_at, lease, fence, attempts, state, error)
SELECT '00000000-0000-7000-8000-000000000004', 'app.index', '', 0, 0, 0, 0, 'ready', '' WHERE EXISTS (SELECT 1 FROM people_person);
