-- +goose Up
-- The queue: any filter in any order, without reading what is not shown. An index on what is asked for holds, after it, whether
-- the ticket goes on, whose turn it is, and the order. What has ended is nobody's turn and due never: its order is that of ids.
DROP INDEX desk_ticket_site;
DROP INDEX desk_ticket_team;
DROP INDEX desk_ticket_queue;
-- The short words after the order are looked at in the index itself, so that a rare one is counted without the rows.
CREATE INDEX desk_ticket_queue ON desk_ticket (open, turn_side, due_at, id, state, kind, priority, channel, region, impact, urgency, sensitivity);
CREATE INDEX desk_ticket_site ON desk_ticket (site_id, open, turn_side, due_at, id);
CREATE INDEX desk_ticket_team ON desk_ticket (team_id, open, turn_side, due_at, id);
CREATE INDEX desk_ticket_assignee ON desk_ticket (assignee_id, open, turn_side, due_at, id);
CREATE INDEX desk_ticket_org ON desk_ticket (org_id, open, turn_side, due_at, id);
CREATE INDEX desk_ticket_made ON desk_ticket (open, turn_side, made_at, id);
CREATE INDEX desk_ticket_changed ON desk_ticket (open, turn_side, changed_at, id);
CREATE INDEX desk_ticket_since ON desk_ticket (open, turn_side, turn_since, id);
-- Priorities are words; they are put in order by this expression.
CREATE INDEX desk_ticket_priority ON desk_ticket (open, turn_side, (CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END), id);

-- Filters that people keep under a name.
CREATE TABLE desk_view (
  id         TEXT PRIMARY KEY,
  owner_id   TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  name_key   TEXT   NOT NULL,
  query      TEXT   NOT NULL,
  audience   TEXT   NOT NULL CHECK (audience IN ('own', 'team', 'staff')),
  team_id    TEXT   NOT NULL,
  position   BIGINT NOT NULL,
  made_at    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version    BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_view_name ON desk_view (owner_id, name_key);
CREATE INDEX desk_view_audience ON desk_view (audience, team_id);

-- Changes of many tickets at once, with what is needed to take them back.
CREATE TABLE bulk_run (
  id        TEXT PRIMARY KEY,
  by_id     TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  until_at  BIGINT NOT NULL,
  change    TEXT   NOT NULL,
  undone_at BIGINT NOT NULL
);
CREATE INDEX bulk_run_by ON bulk_run (by_id, made_at);
CREATE TABLE bulk_item (
  run_id   TEXT   NOT NULL REFERENCES bulk_run (id),
  number   BIGINT NOT NULL,
  place    BIGINT NOT NULL,
  outcome  TEXT   NOT NULL,
  say      TEXT   NOT NULL,
  before   TEXT   NOT NULL,
  undone   TEXT   NOT NULL,
  undo_say TEXT   NOT NULL,
  PRIMARY KEY (run_id, number)
);
