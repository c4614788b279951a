package read

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
)

// Story is a ticket with all that a page tells of it, read at once: each part of it one statement.
type Story struct {
	Ledger
	Parties  []ticket.Participant
	Messages []ticket.Message
	Notes    []ticket.Note // none for who may not read them
	Events   []Event       // customers are not shown what would tell of notes
	Links    []ticket.Link // as far as the actor may read what is at their other end
}

// mostTalk is all of a conversation: a page decides for itself how much of it to show.
const mostTalk = 1 << 30

// Story reads a ticket. With inner the notes are read too, where the actor may read them. Errors: NotFound.
func (s *Reader) Story(ctx context.Context, by auth.Actor, number int64, inner bool) (Story, error) {
	var st Story
	q := s.db.Read()
	t, err := store.ByNumber(ctx, q, number)
	if err != nil {
		return st, err
	}
	if st.Parties, err = store.Participants(ctx, q, t.ID); err != nil {
		return st, err
	}
	o := t.Object(st.Parties)
	if err := auth.Can(by, auth.TicketRead, o); err != nil {
		return st, err
	}
	stream, err := event.Of(ctx, q, t.ID, 0)
	if err != nil {
		return st, err
	}
	if st.Ledger, err = s.ledgerFrom(ctx, t, stream); err != nil {
		return st, err
	}
	notes := st.take(stream, auth.Can(by, auth.TicketNoteRead, o) == nil)
	if st.Messages, err = s.talk(ctx, t.ID); err != nil {
		return st, err
	}
	if inner && notes {
		if st.Notes, err = s.notes(ctx, t.ID); err != nil {
			return st, err
		}
	}
	st.Links, err = s.links(ctx, q, by, t.ID)
	return st, err
}

// take keeps the events that the reader is shown, and says whether there are notes among them.
func (st *Story) take(stream []event.Event, inner bool) (notes bool) {
	st.Events = make([]Event, 0, len(stream))
	for _, e := range stream {
		staffOnly := record.StaffOnly(e.Kind)
		if staffOnly && !inner {
			continue
		}
		notes = notes || e.Kind == record.Note
		st.Events = append(st.Events, Event{e, staffOnly})
	}
	return notes
}

func (s *Reader) talk(ctx context.Context, ticketID string) ([]ticket.Message, error) {
	all, err := store.Messages(ctx, s.db.Read(), ticketID, "", mostTalk)
	if err != nil {
		return nil, err
	}
	files, err := store.MessageFiles(ctx, s.db.Read(), ticketID)
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return all, err
}

func (s *Reader) notes(ctx context.Context, ticketID string) ([]ticket.Note, error) {
	all, err := store.Notes(ctx, s.db.Read(), ticketID, "", mostTalk)
	if err != nil {
		return nil, err
	}
	files, err := store.NoteFiles(ctx, s.db.Read(), ticketID)
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return all, err
}

func (s *Reader) links(ctx context.Context, q db.Querier, by auth.Actor, ticketID string) ([]ticket.Link, error) {
	all, err := store.Links(ctx, q, ticketID)
	var out []ticket.Link
	for _, l := range all {
		if _, err := s.Readable(ctx, q, by, l.Other); err == nil {
			out = append(out, l.Link)
		}
	}
	return out, err
}
