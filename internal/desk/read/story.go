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
	memo     *memo
}

// mostTalk is all of a conversation: a page decides for itself how much of it to show.
const mostTalk = 1 << 30

// Story reads a ticket. With inner the notes are read too, where the actor may read them. Its parts are for reading alone: other
// readers share them. Errors: NotFound.
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
	all, err := s.told(ctx, &t)
	if err != nil {
		return st, err
	}
	if st.Ledger, err = s.clockOf(ctx, t, all.ledger, all.papers); err != nil {
		return st, err
	}
	reads := auth.Can(by, auth.TicketNoteRead, o) == nil
	notes := st.take(all, reads)
	st.Messages = all.messages
	if inner && notes {
		if st.Notes, err = s.notesOf(ctx, t.ID, all); err != nil {
			return st, err
		}
	}
	st.Links, err = s.links(ctx, q, by, t.ID)
	return st, err
}

// told is what is kept of a ticket at its version, else read anew.
func (s *Reader) told(ctx context.Context, t *ticket.Ticket) (*told, error) {
	if have := s.kept.get(t.ID, t.Version); have != nil {
		return have, nil
	}
	all := &told{version: t.Version}
	var err error
	if all.stream, err = event.Of(ctx, s.db.Read(), t.ID, 0); err != nil {
		return nil, err
	}
	if all.ledger, err = record.Ledger(all.stream); err != nil {
		return nil, err
	}
	if all.papers, err = store.Agreements(ctx, s.db.Read(), t.ID); err != nil {
		return nil, err
	}
	if all.messages, err = s.talk(ctx, t.ID); err != nil {
		return nil, err
	}
	s.kept.put(t.ID, all)
	return all, nil
}

// notesOf reads the notes the first time that somebody who may read them does.
func (s *Reader) notesOf(ctx context.Context, ticketID string, all *told) ([]ticket.Note, error) {
	if all.noted {
		return all.notes, nil
	}
	notes, err := s.notes(ctx, ticketID)
	if err == nil {
		s.kept.put(ticketID, &told{version: all.version, stream: all.stream, ledger: all.ledger, papers: all.papers, messages: all.messages, notes: notes, noted: true})
	}
	return notes, err
}

// Made gives what make makes of the events of the story, once for all who are shown the same events: it must depend on them alone.
func (st *Story) Made(make func() any) any {
	if st.memo == nil {
		return make()
	}
	st.memo.once.Do(func() { st.memo.v = make() })
	return st.memo.v
}

// take keeps the events that the reader is shown, and says whether there are notes among them.
func (st *Story) take(all *told, inner bool) (notes bool) {
	st.memo = &all.memos[0]
	if inner {
		st.memo = &all.memos[1]
	}
	st.Events = make([]Event, 0, len(all.stream))
	for _, e := range all.stream {
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
