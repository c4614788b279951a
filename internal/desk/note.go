package desk

import (
	"context"
	"slices"

	"bothways/internal/auth"
	"bothways/internal/desk/store"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// NoteInput is an internal note.
type NoteInput struct {
	Number   int64
	Body     string
	Files    []Upload
	Mentions []string // ids of colleagues it names: they follow the ticket from now on
	Work     Work
	Written
}

// mostMentions bounds how many colleagues one note can call.
const mostMentions = 20

// AddNote writes an internal note: it moves nothing and reaches no customer. Errors: Invalid, Denied, NotFound.
func (s *Service) AddNote(ctx context.Context, by auth.Actor, input NoteInput) (Note, error) {
	var n Note
	_, err := s.act(ctx, by, in{number: input.Number, verb: auth.TicketNoteWrite, name: "note", work: input.Work}, func(a *act) error {
		c := checks{}
		files := len(input.Files) + len(input.Uploads)
		n = Note{ID: id.New(), TicketID: a.t.ID, AuthorID: by.PersonID, MadeAt: a.now, Body: c.body("body", input.Body, files > 0)}
		if files > MaxFiles {
			c.bad("files", "There are more than 50. Save the rest with a second note.")
		}
		if err := c.err("desk.note"); err != nil {
			return err
		}
		if done, err := a.before(input.Once, &n.ID); err != nil || done {
			return err
		}
		var err error
		if n.Files, err = a.uploaded(writing.Note, input.Written); err != nil {
			return err
		}
		kept, err := a.keep(input.Files)
		if err != nil {
			return err
		}
		n.Files = append(n.Files, kept...)
		if _, err := a.append(evNote, data{Note: n.ID}); err != nil {
			return err
		}
		if err := store.InsertNote(a.ctx, a.tx, n); err != nil {
			return err
		}
		return a.mention(input.Mentions)
	})
	return n, err
}

// mention makes colleagues whom a note names follow the ticket. Only IT's own people can be called so: a note is theirs alone.
func (a *act) mention(ids []string) error {
	if len(ids) > mostMentions {
		return errs.In("desk.note", "mentions", "It calls more than %d colleagues. Call those who have to act.", mostMentions)
	}
	for _, personID := range ids {
		if personID == a.by.PersonID || slices.ContainsFunc(a.people, func(p Participant) bool { return p.PersonID == personID }) {
			continue
		}
		p, err := people.PersonByID(a.ctx, a.tx, personID)
		if err != nil || p.OrgKind != people.Provider || p.Disabled() {
			return errs.In("desk.note", "mentions", "Somebody it calls is not in IT any more. Take the name out.")
		}
		w := Participant{PersonID: p.ID, Role: Watcher, Because: a.by.Name + " called them in a note"}
		if err := store.SetParticipant(a.ctx, a.tx, a.t.ID, w.PersonID, w.Role, w.Because); err != nil {
			return err
		}
		a.people = append(a.people, w)
		if _, err := a.append(evWatcher, data{Party: p.ID, Consent: true}); err != nil {
			return err
		}
	}
	return nil
}

// before says whether the same was sent under its name already, and then as what.
func (a *act) before(once string, itemID *string) (bool, error) {
	if once == "" || a.by.PersonID == "" {
		return false, nil
	}
	earlier, err := writing.Once(a.ctx, a.tx, a.by.PersonID, once, a.t.ID, *itemID, a.now)
	if earlier != "" {
		*itemID, a.again = earlier, true
	}
	return earlier != "", err
}

// uploaded takes the files that were uploaded for what is being written, and ends the draft when this was it.
func (a *act) uploaded(m writing.Mode, w Written) ([]File, error) {
	files, err := writing.Take(a.ctx, a.tx, a.by.PersonID, a.t.ID, m, w.Uploads)
	if err != nil {
		return nil, err
	}
	if w.Draft {
		err = writing.Forget(a.ctx, a.tx, a.by.PersonID, a.t.ID, m)
	}
	return attached(files), err
}

// attached gives uploaded files to a message or a note: they have new ids there.
func attached(files []writing.File) []File {
	out := make([]File, len(files))
	for i, f := range files {
		out[i] = File{ID: id.New(), SHA256: f.SHA256, Name: f.Name, Type: f.Type, Size: f.Size}
	}
	return out
}
