-- +goose Up
-- What a request at the second door is about, and which service any request is about.
ALTER TABLE desk_ticket ADD COLUMN matter TEXT NOT NULL DEFAULT '' CHECK (matter IN ('', 'level', 'price', 'exception', 'complaint'));
ALTER TABLE desk_ticket ADD COLUMN service_id TEXT NOT NULL DEFAULT '';
CREATE INDEX desk_ticket_matter ON desk_ticket (matter, id) WHERE matter <> '';
CREATE INDEX desk_ticket_service ON desk_ticket (service_id, id) WHERE service_id <> '';

DROP VIEW desk_row;
CREATE VIEW desk_row AS
SELECT t.id, t.number, t.kind, t.subject, t.subject_key, t.channel, t.org_id, t.site_id, t.region, t.team_id, t.assignee_id,
       t.submitter_id, t.requester_id, t.affected_id, t.impact, t.urgency, t.priority, t.sensitivity, t.state, t.open, t.auth, t.turn_side,
       t.turn_party, t.turn_since, t.due_at, t.due_metric, t.due_started, t.last_line, t.made_at, t.changed_at, t.resolved_at, t.closed_at, t.version,
       t.matter, t.service_id,
       COALESCE(r.name, '') AS requester_name, COALESCE(s.name, '') AS site_name, COALESCE(m.name, '') AS team_name,
       COALESCE(a.name, '') AS assignee_name
FROM desk_ticket t
LEFT JOIN people_person r ON r.id = t.requester_id
LEFT JOIN people_site s ON s.id = t.site_id
LEFT JOIN people_team m ON m.id = t.team_id
LEFT JOIN people_person a ON a.id = t.assignee_id;

-- Requests that went from one door to the other, as the record has it.
CREATE INDEX event_entry_door ON event_entry (at, stream) WHERE kind = 'door_passed';
CREATE VIEW desk_passage AS SELECT stream AS ticket_id, at, actor, data FROM event_entry WHERE kind = 'door_passed';
