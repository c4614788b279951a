-- +goose Up
-- Tickets that were merged end in a state of their own.
ALTER TABLE desk_ticket DROP CONSTRAINT desk_ticket_state_check;
ALTER TABLE desk_ticket ADD CONSTRAINT desk_ticket_state_check CHECK (state IN ('new', 'in_progress', 'waiting_for_customer', 'waiting_for_supplier', 'scheduled', 'resolved', 'closed', 'withdrawn', 'declined', 'lapsed', 'not_a_ticket', 'merged'));

-- A ticket that was merged, and the one that goes on for both.
CREATE TABLE desk_merge (
  ticket_id TEXT PRIMARY KEY REFERENCES desk_ticket (id),
  into_id   TEXT   NOT NULL REFERENCES desk_ticket (id),
  made_by   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL
);
CREATE INDEX desk_merge_into ON desk_merge (into_id, ticket_id);

-- Words that staff put on tickets to find them again: by their folded key.
CREATE TABLE desk_tag (
  tag_key   TEXT   COLLATE "C" NOT NULL,
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  label     TEXT   NOT NULL,
  made_by   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (tag_key, ticket_id)
);
CREATE INDEX desk_tag_ticket ON desk_tag (ticket_id, tag_key);

-- Who looked again at a ticket that somebody else had set aside as none.
CREATE TABLE desk_look (
  ticket_id TEXT PRIMARY KEY REFERENCES desk_ticket (id),
  person_id TEXT   NOT NULL,
  made_at   BIGINT NOT NULL
);

-- Working time, per person and act. day is the working day in days since 1970, in the zone of who worked.
CREATE TABLE effort_entry (
  id         TEXT PRIMARY KEY,
  ticket_id  TEXT   NOT NULL,
  person_id  TEXT   NOT NULL,
  act        TEXT   NOT NULL,
  kind       TEXT   NOT NULL CHECK (kind IN ('work', 'travel', 'walk_up', 'favour')),
  minutes    BIGINT NOT NULL CHECK (minutes > 0),
  note       TEXT   NOT NULL,
  day        BIGINT NOT NULL,
  made_at    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version    BIGINT NOT NULL
);
CREATE INDEX effort_entry_ticket ON effort_entry (ticket_id, id);
CREATE INDEX effort_entry_person ON effort_entry (person_id, day, id);
