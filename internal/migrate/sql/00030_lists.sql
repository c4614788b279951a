-- +goose Up
-- Counting what a team, a site or a person has open by priority, state or kind reads the index alone.
DROP INDEX desk_ticket_site;
DROP INDEX desk_ticket_team;
DROP INDEX desk_ticket_assignee;
CREATE INDEX desk_ticket_site ON desk_ticket (site_id, open, turn_side, due_at, id, priority, state, kind, channel, impact, urgency);
CREATE INDEX desk_ticket_team ON desk_ticket (team_id, open, turn_side, due_at, id, priority, state, kind, channel, impact, urgency);
CREATE INDEX desk_ticket_assignee ON desk_ticket (assignee_id, open, turn_side, due_at, id, priority, state, kind, channel, impact, urgency);
