-- +goose Up
-- What can be found. Words are made by the program; "ascii" takes them as they are. Neither text nor columns are kept here.
CREATE TABLE fulltext_document (
  id     INTEGER PRIMARY KEY,
  item   TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL
);
CREATE VIRTUAL TABLE fulltext_public USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE fulltext_internal USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE fulltext_person USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
-- What was written before is indexed by a job, while everything goes on.
INSERT INTO job_row (id, kind, item, run_at, lease, fence, attempts, state, error)
SELECT '00000000-0000-7000-8000-000000000004', 'app.index', '', 0, 0, 0, 0, 'ready', '' WHERE EXISTS (SELECT 1 FROM people_person);
