package writing

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Gate says whether somebody may do something with a ticket, and names it. Errors: NotFound, Denied.
type Gate interface {
	Allowed(ctx context.Context, q db.Querier, by auth.Actor, number int64, verb auth.Verb) (ticketID string, err error)
}

// Limits.
const (
	MostFiles = 50                  // of one draft
	keepFiles = 14 * 24 * time.Hour // of a draft that was given up
	keepSent  = 48 * time.Hour      // names of what was sent
	hereFor   = 45 * time.Second    // pages say that they are there three times as often
	mostShort = 200
)

// Service is the commands and reads of what is being written. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	clk       clock.Clock
	gate      Gate
	maxUpload int64
}

// New makes the service. maxUpload bounds a file, in bytes; 0 does not.
func New(d *db.DB, clk clock.Clock, gate Gate, maxUpload int64) *Service {
	return &Service{db: d, clk: clk, gate: gate, maxUpload: maxUpload}
}

// verb is what writing in a mode needs.
func (m Mode) verb() auth.Verb {
	if m == Note {
		return auth.TicketNoteWrite
	}
	return auth.TicketSpeak
}

// allowed checks a mode and the right to write in it.
func (s *Service) allowed(ctx context.Context, q db.Querier, by auth.Actor, number int64, m Mode) (string, error) {
	if !m.Valid() || by.PersonID == "" {
		return "", errs.New(errs.NotFound, "writing", "There is no such draft. A draft is a reply or a note.")
	}
	return s.gate.Allowed(ctx, q, by, number, m.verb())
}

// Save keeps a draft. met is what another page of the same person saved that this one has not seen: then nothing was changed and
// the error is Stale. Errors: NotFound, Denied, TooLarge, Stale.
func (s *Service) Save(ctx context.Context, by auth.Actor, number int64, in Draft) (kept Draft, err error) {
	if len(in.Body) > MostBody {
		return kept, errs.New(errs.TooLarge, "writing.save", "The draft has more than %d KB of text. Send the long part as a file.", MostBody>>10)
	}
	in.Need, in.Due, in.After, in.Writer = text.Cut(text.Line(in.Need), mostShort), text.Cut(text.Line(in.Due), mostShort), text.Cut(text.Line(in.After), mostShort), text.Cut(text.Line(in.Writer), mostShort)
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		kept = Draft{}
		ticketID, err := s.allowed(ctx, tx, by, number, in.Mode)
		if err != nil {
			return err
		}
		have, err := draftIn(ctx, tx, by.PersonID, ticketID, in.Mode)
		if err != nil {
			return err
		}
		switch meet(&have, &in) {
		case meets:
			kept = have
			return errs.New(errs.Stale, "writing.save", "You wrote something else here on another page. Both are kept; choose one.")
		case late:
			kept = have
			return nil
		}
		d := in
		d.personID, d.TicketID, d.Files, d.SavedAt = by.PersonID, ticketID, have.Files, s.clk.Now()
		d.Version = max(have.Version, in.Version) + 1
		if kept = d; d.Empty() {
			kept.Version = 0
			_, err = tx.Exec(ctx, sqlDropDraft, by.PersonID, ticketID, string(d.Mode))
			return err
		}
		return saveDraft(ctx, tx, &d)
	})
	return kept, err
}

// Draft is the actor's own draft; Version 0 when there is none. Errors: NotFound, Denied.
func (s *Service) Draft(ctx context.Context, by auth.Actor, number int64, m Mode) (Draft, error) {
	ticketID, err := s.allowed(ctx, s.db.Read(), by, number, m)
	if err != nil {
		return Draft{}, err
	}
	return draftIn(ctx, s.db.Read(), by.PersonID, ticketID, m)
}

// Drop throws a draft away, with its files. Errors: NotFound, Denied.
func (s *Service) Drop(ctx context.Context, by auth.Actor, number int64, m Mode) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ticketID, err := s.allowed(ctx, tx, by, number, m)
		if err != nil {
			return err
		}
		return Forget(ctx, tx, by.PersonID, ticketID, m)
	})
}

// Mine lists the actor's drafts, the newest first; of tickets that they can't read any more, the words alone.
func (s *Service) Mine(ctx context.Context, by auth.Actor) ([]Mine, error) {
	rows, err := s.db.Read().Query(ctx, sqlMine, by.PersonID)
	all, err := db.Collect(rows, err, scanMine)
	for i := range all {
		if _, err := s.gate.Allowed(ctx, s.db.Read(), by, all[i].Number, auth.TicketRead); err != nil {
			all[i].Subject = ""
		}
	}
	return all, err
}

// CountMine says how many drafts somebody has.
func (s *Service) CountMine(ctx context.Context, personID string) (int, error) {
	var n int
	err := s.db.Read().QueryRow(ctx, sqlCountMine, personID).Scan(&n)
	return n, err
}

// Attach keeps a file for a draft. Errors: NotFound, Denied, TooLarge (naming the file), Invalid.
func (s *Service) Attach(ctx context.Context, by auth.Actor, number int64, m Mode, name string, body []byte) (File, error) {
	var f File
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		ticketID, err := s.allowed(ctx, tx, by, number, m)
		if err != nil {
			return err
		}
		f, err = s.Keep(ctx, tx, by.PersonID, ticketID, m, name, body)
		return err
	})
	return f, err
}

// Megabytes says how large a file is that is too large: to one decimal, or where that would hide what it has beyond whole ones,
// “more than”.
func Megabytes(n int) string {
	const mb = 1 << 20
	said := strconv.FormatFloat(float64(n)/mb, 'f', 1, 64)
	if whole, ok := strings.CutSuffix(said, ".0"); ok && n%mb != 0 && n%mb < mb/2 {
		return "more than " + whole + " MB"
	}
	return said + " MB"
}

// Keep is Attach inside a command of the desk, which has asked for the right. Errors: TooLarge (naming the file), Invalid.
func (s *Service) Keep(ctx context.Context, tx *db.Tx, personID, ticketID string, m Mode, name string, body []byte) (File, error) {
	name = blob.FileName(name)
	if s.maxUpload > 0 && int64(len(body)) > s.maxUpload {
		return File{}, errs.New(errs.TooLarge, "writing.attach", "The file %s has %s; the limit is %d MB. Everything else is kept.", name, Megabytes(len(body)), s.maxUpload>>20)
	}
	have, err := uploads(ctx, tx, personID, ticketID, m)
	if err != nil {
		return File{}, err
	}
	if len(have) >= MostFiles {
		return File{}, errs.In("writing.attach", "files", "The file %s would be one of more than %d. Send the rest with a second message.", name, MostFiles)
	}
	ref, err := blob.Put(ctx, tx, body, s.clk.Now())
	if err != nil {
		return File{}, err
	}
	f := File{ID: id.New(), SHA256: ref.SHA256, Name: name, Type: blob.Sniff(body), Size: ref.Size}
	_, err = tx.Exec(ctx, sqlAddUpload, f.ID, personID, ticketID, string(m), f.SHA256, f.Name, f.Type, f.Size, clock.Micros(s.clk.Now()))
	return f, err
}

// Detach takes a file from a draft. Errors: NotFound.
func (s *Service) Detach(ctx context.Context, by auth.Actor, number int64, m Mode, uploadID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		ticketID, err := s.allowed(ctx, tx, by, number, m)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, sqlDropUpload, uploadID, ticketID, by.PersonID)
		if err == nil && n == 0 {
			return notThere("writing.detach")
		}
		return err
	})
}

func notThere(op string) error {
	return errs.New(errs.NotFound, op, "There is no such file here. Attach it again.")
}

// Here says that somebody has a ticket open, and who else has. Errors: NotFound.
func (s *Service) Here(ctx context.Context, by auth.Actor, number int64, writing bool) ([]Presence, error) {
	ticketID, err := s.gate.Allowed(ctx, s.db.Read(), by, number, auth.TicketNoteRead)
	if err != nil {
		return nil, err
	}
	now := s.clk.Now()
	all, err := s.present(ctx, ticketID)
	if err != nil {
		return nil, err
	}
	mine := slices.IndexFunc(all, func(p present) bool { return p.PersonID == by.PersonID })
	if mine < 0 || all[mine].Writing != writing || all[mine].until < clock.Micros(now.Add(hereFor/2)) {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, sqlHere, ticketID, by.PersonID, writing, clock.Micros(now.Add(hereFor)))
			return err
		})
	}
	return others(all, by.PersonID), err
}

// Leave says that somebody has closed it. Errors: NotFound.
func (s *Service) Leave(ctx context.Context, by auth.Actor, number int64) error {
	ticketID, err := s.gate.Allowed(ctx, s.db.Read(), by, number, auth.TicketNoteRead)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlLeave, ticketID, by.PersonID)
		return err
	})
}

func (s *Service) present(ctx context.Context, ticketID string) ([]present, error) {
	rows, err := s.db.Read().Query(ctx, sqlPresent, ticketID, clock.Micros(s.clk.Now()))
	return db.Collect(rows, err, scanPresent)
}

func others(all []present, me string) []Presence {
	var out []Presence
	for _, p := range all {
		if p.PersonID != me {
			out = append(out, p.Presence)
		}
	}
	return out
}

// Desk is what a page of a ticket shows of what is being written on it: the reader's drafts, answers that are about to leave, and
// who else is here.
type Desk struct {
	Reply, Note Draft
	Held        []Held
	Here        []Presence
}

// On reads all of it for a ticket that the caller has shown to its reader already: one statement says what there is.
func (s *Service) On(ctx context.Context, personID, ticketID string) (Desk, error) {
	d := Desk{Reply: Draft{TicketID: ticketID, Mode: Reply}, Note: Draft{TicketID: ticketID, Mode: Note}}
	q := s.db.Read()
	var drafts, files, held, here bool
	err := q.QueryRow(ctx, sqlAny, personID, ticketID, clock.Micros(s.clk.Now())).Scan(&drafts, &files, &held, &here)
	if err == nil && drafts {
		err = d.readDrafts(ctx, q, personID, ticketID)
	}
	if err == nil && files {
		err = d.readFiles(ctx, q, personID, ticketID)
	}
	if err == nil && held {
		d.Held, err = HeldOf(ctx, q, ticketID)
	}
	if err == nil && here {
		var all []present
		all, err = s.present(ctx, ticketID)
		d.Here = others(all, personID)
	}
	return d, err
}

func (d *Desk) readDrafts(ctx context.Context, q db.Querier, personID, ticketID string) error {
	rows, err := q.Query(ctx, sqlDrafts, personID, ticketID)
	drafts, err := db.Collect(rows, err, scanDraft)
	for _, x := range drafts {
		*d.of(x.Mode) = x
	}
	return err
}

func (d *Desk) readFiles(ctx context.Context, q db.Querier, personID, ticketID string) error {
	rows, err := q.Query(ctx, sqlUploadsOn, ticketID, personID)
	files, err := db.Collect(rows, err, scanOwned)
	for _, f := range files {
		if f.held == "" {
			x := d.of(f.mode)
			x.Files = append(x.Files, f.File)
		}
	}
	return err
}

func (d *Desk) of(m Mode) *Draft {
	if m == Note {
		return &d.Note
	}
	return &d.Reply
}

// Sweep forgets what has had its time: files of drafts that were given up, names of what was sent, who has left.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clk.Now()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for query, before := range map[string]time.Time{sqlOldUploads: now.Add(-keepFiles), sqlOldSent: now.Add(-keepSent), sqlLeft: now} {
			if _, err := tx.Exec(ctx, query, clock.Micros(before)); err != nil {
				return err
			}
		}
		return nil
	})
}

func draftIn(ctx context.Context, q db.Querier, personID, ticketID string, m Mode) (Draft, error) {
	d, err := scanDraft(q.QueryRow(ctx, sqlDraft, personID, ticketID, string(m)))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return d, err
	}
	d.personID, d.TicketID, d.Mode = personID, ticketID, m
	d.Files, err = uploads(ctx, q, personID, ticketID, m)
	return d, err
}

func uploads(ctx context.Context, q db.Querier, personID, ticketID string, m Mode) ([]File, error) {
	rows, err := q.Query(ctx, sqlUploads, ticketID, personID, string(m))
	return db.Collect(rows, err, scanFile)
}
