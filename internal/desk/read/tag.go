package read

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
)

// Tags are the tags on a ticket. Errors: NotFound for who may not read its notes.
func (s *Reader) Tags(ctx context.Context, by auth.Actor, number int64) ([]string, error) {
	t, err := s.NoteReader(ctx, by, number)
	if err != nil {
		return nil, err
	}
	return store.TagsOf(ctx, s.db.Read(), t.ID)
}

// TagsOn is Tags of a ticket that the actor has read as an object already.
func (s *Reader) TagsOn(ctx context.Context, by auth.Actor, o auth.Object) ([]string, error) {
	if auth.Can(by, auth.TicketNoteRead, o) != nil {
		return nil, ticket.NotHere("desk.tags")
	}
	return store.TagsOf(ctx, s.db.Read(), o.ID)
}

// mostTags is how many tags are suggested at once.
const mostTags = 200

// KnownTags are the tags in use that begin so, for staff. Errors: NotFound.
func (s *Reader) KnownTags(ctx context.Context, by auth.Actor, begin string) ([]ticket.TagUse, error) {
	if !by.Staff() {
		return nil, ticket.NotHere("desk.tags")
	}
	return store.TagsLike(ctx, s.db.Read(), ticket.TagKey(begin), mostTags)
}

// Brief is a ticket in a line.
type Brief = store.Brief

// Earlier gives the newest tickets that somebody asked for, or that are for them, as far as the actor may read them.
func (s *Reader) Earlier(ctx context.Context, by auth.Actor, personID string, limit int) ([]Brief, error) {
	return store.Earlier(ctx, s.db.Read(), personID, func(w *db.Where) { auth.Filter(by, w, columns) }, limit)
}

// Merged lists the tickets that were merged into one, as far as the actor may read them: what was said there keeps its own
// readers. Errors: NotFound.
func (s *Reader) Merged(ctx context.Context, by auth.Actor, number int64) ([]ticket.Ticket, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	all, err := store.MergedInto(ctx, s.db.Read(), t.ID)
	var out []ticket.Ticket
	for _, m := range all {
		if _, err := s.Readable(ctx, s.db.Read(), by, m.Number); err == nil {
			out = append(out, m)
		}
	}
	return out, err
}

// Survivor is the ticket in which one that was merged goes on. Errors: NotFound, also when the actor may not read that one.
func (s *Reader) Survivor(ctx context.Context, by auth.Actor, number int64) (ticket.Ticket, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return t, err
	}
	into, err := store.Survivor(ctx, s.db.Read(), t.ID)
	if err != nil {
		return into, err
	}
	return s.Get(ctx, by, into.Number)
}

// Looked says who looked again at a ticket that was set aside; the zero Look when nobody has. Errors: NotFound.
func (s *Reader) Looked(ctx context.Context, by auth.Actor, number int64) (store.Look, error) {
	t, err := s.NoteReader(ctx, by, number)
	if err != nil {
		return store.Look{}, err
	}
	l, err := store.LookAt(ctx, s.db.Read(), t.ID)
	if errs.Is(err, errs.NotFound) {
		return store.Look{}, nil
	}
	return l, err
}
