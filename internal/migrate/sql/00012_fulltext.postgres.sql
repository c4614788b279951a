-- +goose Up
-- The documents of a ticket: who may read few tickets looks at theirs, not at every document that has the word.
CREATE INDEX fulltext_public_ticket ON fulltext_public ((rowid >> 28));
CREATE INDEX fulltext_internal_ticket ON fulltext_internal ((rowid >> 28));
ANALYZE fulltext_public;
ANALYZE fulltext_internal;
