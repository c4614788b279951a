-- +goose Up
-- Lists over a million tickets: what leads to few of them is read by itself, whatever the order. The words of a ticket hardly ever
-- change, so these are written once.
CREATE INDEX desk_ticket_kind ON desk_ticket (kind, id);
CREATE INDEX desk_ticket_channel ON desk_ticket (channel, id);
CREATE INDEX desk_ticket_rank ON desk_ticket (priority, id);
-- A state is absent from most parts, and common in one.
DROP INDEX desk_ticket_state;
CREATE INDEX desk_ticket_state ON desk_ticket (state, open, turn_side, due_at, id);
-- These hold nothing of a ticket that goes on: opening one costs nothing more.
CREATE INDEX desk_ticket_sensitive ON desk_ticket (sensitivity, id) WHERE sensitivity <> '';
CREATE INDEX desk_ticket_closed ON desk_ticket (open, turn_side, closed_at, id, due_at, made_at, changed_at, turn_since, priority) WHERE closed_at > 0;
CREATE INDEX desk_ticket_resolved ON desk_ticket (open, turn_side, resolved_at, id, due_at, made_at, changed_at, turn_since, priority) WHERE resolved_at > 0;
-- What has ended at a site, with a team or with somebody: the rest of a condition, and other orders, are looked at in the index.
CREATE INDEX desk_ended_site ON desk_ticket (site_id, made_at, id, changed_at, turn_since, team_id, assignee_id, priority, kind, state, channel, impact, urgency) WHERE open = FALSE;
CREATE INDEX desk_ended_team ON desk_ticket (team_id, made_at, id, changed_at, turn_since, site_id, assignee_id, priority, kind, state, channel, impact, urgency) WHERE open = FALSE;
CREATE INDEX desk_ended_assignee ON desk_ticket (assignee_id, made_at, id, changed_at, turn_since, site_id, team_id, priority, kind, state, channel, impact, urgency) WHERE open = FALSE;
CREATE INDEX desk_ended_number ON desk_ticket (open, id, number) WHERE open = FALSE;
-- An agent of a region reads by it.
CREATE INDEX desk_ticket_region ON desk_ticket (region, id);
