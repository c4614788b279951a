-- +goose Up
-- Mail and tickets.
CREATE TABLE mail_inbound (
  id            TEXT PRIMARY KEY,
  received_at   BIGINT NOT NULL,
  sha256        TEXT   NOT NULL,
  size          BIGINT NOT NULL,
  raw           BYTEA  NOT NULL,
  envelope_from TEXT   NOT NULL,
  envelope_to   TEXT   NOT NULL,
  state         TEXT   NOT NULL CHECK (state IN ('stored', 'ticket', 'message', 'report', 'duplicate', 'refused')),
  class         TEXT   NOT NULL,
  auth          TEXT   NOT NULL,
  message_id    TEXT   NOT NULL,
  once          TEXT   NOT NULL,
  ticket_id     TEXT   NOT NULL,
  item_id       TEXT   NOT NULL,
  reason        TEXT   NOT NULL
);
-- A mail that was delivered twice is taken in once: "once" is a digest of its Message-ID and content, set when it is.
CREATE UNIQUE INDEX mail_inbound_once ON mail_inbound (once) WHERE once <> '';
CREATE INDEX mail_inbound_message ON mail_inbound (message_id);
CREATE INDEX mail_inbound_state ON mail_inbound (state, id);

CREATE TABLE mail_outbound (
  id          TEXT PRIMARY KEY,
  ticket_id   TEXT   NOT NULL,
  item_id     TEXT   NOT NULL,
  event_seq   BIGINT NOT NULL,
  kind        TEXT   NOT NULL,
  person_id   TEXT   NOT NULL,
  recipient   TEXT   NOT NULL,
  because     TEXT   NOT NULL,
  message_id  TEXT   NOT NULL UNIQUE,
  in_reply_to TEXT   NOT NULL,
  reply_to    TEXT   NOT NULL,
  subject     TEXT   NOT NULL,
  body        TEXT   NOT NULL,
  automatic   BOOLEAN NOT NULL,
  state       TEXT   NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'maybe', 'failed', 'shown')),
  attempts    BIGINT NOT NULL,
  made_at     BIGINT NOT NULL,
  next_at     BIGINT NOT NULL,
  done_at     BIGINT NOT NULL,
  answer      TEXT   NOT NULL
);
CREATE INDEX mail_outbound_ticket ON mail_outbound (ticket_id, id);
CREATE INDEX mail_outbound_state ON mail_outbound (state, next_at);
CREATE INDEX mail_outbound_recipient ON mail_outbound (recipient, kind, made_at);
CREATE INDEX mail_outbound_kind ON mail_outbound (kind, made_at);

CREATE TABLE desk_ticket (
  id            TEXT PRIMARY KEY,
  number        BIGINT NOT NULL UNIQUE,
  kind          TEXT   NOT NULL CHECK (kind IN ('incident', 'service_request', 'question', 'complaint')),
  subject       TEXT   NOT NULL,
  subject_key   TEXT   NOT NULL,
  channel       TEXT   NOT NULL,
  org_id        TEXT   NOT NULL,
  site_id       TEXT   NOT NULL,
  region        TEXT   NOT NULL,
  team_id       TEXT   NOT NULL,
  assignee_id   TEXT   NOT NULL,
  submitter_id  TEXT   NOT NULL,
  requester_id  TEXT   NOT NULL,
  affected_id   TEXT   NOT NULL,
  impact        TEXT   NOT NULL CHECK (impact IN ('low', 'medium', 'high')),
  urgency       TEXT   NOT NULL CHECK (urgency IN ('low', 'medium', 'high')),
  priority      TEXT   NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'critical')),
  sensitivity   TEXT   NOT NULL,
  state         TEXT   NOT NULL CHECK (state IN ('new', 'in_progress', 'waiting_for_customer', 'waiting_for_supplier', 'scheduled', 'resolved', 'closed', 'withdrawn', 'declined', 'lapsed', 'not_a_ticket')),
  open          BOOLEAN NOT NULL,
  auth          TEXT   NOT NULL,
  turn_side     TEXT   NOT NULL CHECK (turn_side IN ('provider', 'customer', 'supplier', 'nobody')),
  turn_party    TEXT   NOT NULL,
  turn_since    BIGINT NOT NULL,
  due_at        BIGINT NOT NULL,
  due_metric    TEXT   NOT NULL,
  due_started   BIGINT NOT NULL,
  last_line     TEXT   NOT NULL,
  made_at       BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,
  resolved_at   BIGINT NOT NULL,
  closed_at     BIGINT NOT NULL,
  version       BIGINT NOT NULL
);
CREATE INDEX desk_ticket_queue ON desk_ticket (open, turn_side, due_at, id);
CREATE INDEX desk_ticket_due ON desk_ticket (open, due_at, id);
CREATE INDEX desk_ticket_requester ON desk_ticket (requester_id, id);
CREATE INDEX desk_ticket_affected ON desk_ticket (affected_id, id);
CREATE INDEX desk_ticket_submitter ON desk_ticket (submitter_id, id);
CREATE INDEX desk_ticket_site ON desk_ticket (site_id, id);
CREATE INDEX desk_ticket_team ON desk_ticket (team_id, open, due_at);
CREATE INDEX desk_ticket_state ON desk_ticket (state, id);

CREATE TABLE desk_participant (
  ticket_id TEXT NOT NULL REFERENCES desk_ticket (id),
  person_id TEXT NOT NULL,
  role      TEXT NOT NULL CHECK (role IN ('requester', 'affected', 'watcher', 'pending')),
  because   TEXT NOT NULL,
  PRIMARY KEY (ticket_id, person_id)
);
CREATE INDEX desk_participant_person ON desk_participant (person_id, ticket_id);

CREATE TABLE desk_message (
  id         TEXT PRIMARY KEY,
  ticket_id  TEXT   NOT NULL REFERENCES desk_ticket (id),
  author_id  TEXT   NOT NULL,
  side       TEXT   NOT NULL CHECK (side IN ('provider', 'customer', 'system')),
  channel    TEXT   NOT NULL,
  body       TEXT   NOT NULL,
  quoted     TEXT   NOT NULL,
  need       TEXT   NOT NULL,
  need_due   BIGINT NOT NULL,
  metric     TEXT   NOT NULL,
  class      TEXT   NOT NULL,
  auth       TEXT   NOT NULL,
  mail_id    TEXT   NOT NULL,
  event_seq  BIGINT NOT NULL,
  made_at    BIGINT NOT NULL
);
CREATE INDEX desk_message_ticket ON desk_message (ticket_id, id);
CREATE TABLE desk_note (
  id        TEXT PRIMARY KEY,
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  author_id TEXT   NOT NULL,
  body      TEXT   NOT NULL,
  made_at   BIGINT NOT NULL
);
CREATE INDEX desk_note_ticket ON desk_note (ticket_id, id);
CREATE TABLE desk_message_file (
  id         TEXT PRIMARY KEY,
  message_id TEXT   NOT NULL REFERENCES desk_message (id),
  ticket_id  TEXT   NOT NULL,
  sha256     TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  type       TEXT   NOT NULL,
  size       BIGINT NOT NULL
);
CREATE INDEX desk_message_file_ticket ON desk_message_file (ticket_id, id);
CREATE TABLE desk_note_file (
  id        TEXT PRIMARY KEY,
  note_id   TEXT   NOT NULL REFERENCES desk_note (id),
  ticket_id TEXT   NOT NULL,
  sha256    TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  type      TEXT   NOT NULL,
  size      BIGINT NOT NULL
);
CREATE INDEX desk_note_file_ticket ON desk_note_file (ticket_id, id);
CREATE TABLE desk_link (
  ticket_id TEXT   NOT NULL REFERENCES desk_ticket (id),
  other_id  TEXT   NOT NULL REFERENCES desk_ticket (id),
  kind      TEXT   NOT NULL CHECK (kind IN ('related', 'follows', 'may_belong', 'duplicate')),
  made_by   TEXT   NOT NULL,
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, other_id, kind)
);
CREATE INDEX desk_link_other ON desk_link (other_id);
CREATE TABLE desk_agreement (
  ticket_id  TEXT   NOT NULL REFERENCES desk_ticket (id),
  n          BIGINT NOT NULL,
  version_id TEXT   NOT NULL,
  PRIMARY KEY (ticket_id, n)
);
CREATE INDEX desk_agreement_version ON desk_agreement (version_id);

CREATE TABLE api_idempotency (
  person_id TEXT   NOT NULL,
  key       TEXT   NOT NULL,
  digest    TEXT   NOT NULL,
  status    BIGINT NOT NULL,
  head      TEXT   NOT NULL,
  body      BYTEA  NOT NULL,
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (person_id, key)
);

-- What lists show of a ticket: the only reading across owners.
CREATE VIEW desk_row AS
SELECT t.id, t.number, t.kind, t.subject, t.subject_key, t.channel, t.org_id, t.site_id, t.region, t.team_id, t.assignee_id,
       t.submitter_id, t.requester_id, t.affected_id, t.impact, t.urgency, t.priority, t.sensitivity, t.state, t.open, t.auth, t.turn_side,
       t.turn_party, t.turn_since, t.due_at, t.due_metric, t.due_started, t.last_line, t.made_at, t.changed_at, t.resolved_at, t.closed_at, t.version,
       COALESCE(r.name, '') AS requester_name, COALESCE(s.name, '') AS site_name, COALESCE(m.name, '') AS team_name,
       COALESCE(a.name, '') AS assignee_name
FROM desk_ticket t
LEFT JOIN people_person r ON r.id = t.requester_id
LEFT JOIN people_site s ON s.id = t.site_id
LEFT JOIN people_team m ON m.id = t.team_id
LEFT JOIN people_person a ON a.id = t.assignee_id;

-- What the desk reads of mails that became messages.
CREATE VIEW desk_mail AS SELECT id, message_id FROM mail_inbound;
