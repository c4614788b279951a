-- +goose Up
-- Which tickets a team or a supplier was given, as the record has it: for what they promise beneath an agreement.
CREATE INDEX event_entry_given ON event_entry (at, stream) WHERE kind IN ('team_changed', 'supplier_asked');
CREATE VIEW desk_given AS SELECT stream AS ticket_id, at, data FROM event_entry WHERE kind IN ('team_changed', 'supplier_asked');
