-- +goose Up
-- Links that let somebody choose a password: of the secret only its digest, and the address it was mailed to.
CREATE TABLE auth_link (
  digest    TEXT PRIMARY KEY,
  person_id TEXT   NOT NULL,
  address   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL
);
CREATE INDEX auth_link_person ON auth_link (person_id, made_at);
CREATE INDEX auth_link_end ON auth_link (ends_at);
