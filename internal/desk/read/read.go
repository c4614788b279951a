package read

import (
	"context"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// Reader reads tickets with somebody's rights. It is safe for concurrent use.
type Reader struct {
	db   *db.DB
	clk  clock.Clock
	book *agreement.Book
	kept shelf

	weights weights
}

// New makes a reader.
func New(d *db.DB, clk clock.Clock, book *agreement.Book) *Reader {
	return &Reader{db: d, clk: clk, book: book}
}

// Row is a ticket in a list, with the names that lists show.
type Row = store.Row

// Filter narrows a list; empty fields do not.
type Filter struct {
	States    []ticket.State
	Turn      agreement.Side
	Words     string // each of them somewhere in what the actor may read of it
	Open      bool   // only those that have not ended
	Requester string // person id: theirs to ask, to get, or to watch
	Team      string
	Assignee  string
	Org       string
	Site      string
	ByDue     bool     // the promise that breaks first on top; else the newest on top
	also      []string // assignees beside Assignee
}

// columns names for the row filter where a list keeps what rights depend on. Requester and affected person are participants
// too; asked as ids of one list, what a person takes part in has an index on both engines (measured: as an EXISTS, and on
// PostgreSQL as one alternative beside the submitter, it read every ticket).
var columns = auth.Columns{
	Org: "t.org_id", Site: "t.site_id", Region: "t.region", Team: "t.team_id",
	Participants: `t.id IN (SELECT p.ticket_id FROM desk_participant p WHERE p.person_id = ? AND p.role <> 'pending'
UNION ALL SELECT s.id FROM desk_ticket s WHERE s.submitter_id = ?)`,
}

// Visible adds the condition under which the actor may do a verb that reads to the ticket t, a row of the view desk_row.
func Visible(by auth.Actor, v auth.Verb, w *db.Where) { auth.FilterFor(by, v, w, columns) }

// VisibleFirst is Visible for a statement that begins at the tickets of who may read few. PostgreSQL then finds what they take part
// in by its index also beside other alternatives, of which it would else read every ticket.
func VisibleFirst(e db.Engine, by auth.Actor, v auth.Verb, w *db.Where) {
	c := columns
	if e == db.PostgreSQL {
		c.Participants = `t.id = ANY (ARRAY(SELECT p.ticket_id FROM desk_participant p WHERE p.person_id = ? AND p.role <> 'pending'
UNION ALL SELECT s.id FROM desk_ticket s WHERE s.submitter_id = ?))`
	}
	auth.FilterFor(by, v, w, c)
}

func (f Filter) where(by auth.Actor, find finds) *db.Where {
	w := db.NewWhere()
	auth.Filter(by, w, columns)
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		w.In("t.state", states...)
	}
	if f.Open {
		w.And("t.open = TRUE")
	}
	if f.Turn != "" {
		w.And("t.turn_side = " + sideIs(string(f.Turn)))
	}
	for word := range strings.FieldsSeq(f.Words) {
		find(w, word)
	}
	if f.Requester != "" {
		w.Or(func(w *db.Where) { w.And("t.requester_id = ?", f.Requester) }, func(w *db.Where) { w.And("t.affected_id = ?", f.Requester) })
	}
	for _, c := range [...]struct{ cond, value string }{{"t.team_id = ?", f.Team}, {"t.org_id = ?", f.Org}, {"t.site_id = ?", f.Site}} {
		if c.value != "" {
			w.And(c.cond, c.value)
		}
	}
	if f.Assignee != "" {
		w.In("t.assignee_id", append([]string{f.Assignee}, f.also...)...)
	}
	return w
}

// standIn widens a filter by one's own name to whom one stands in for now: nothing waits on who is away.
func (s *Reader) standIn(ctx context.Context, by auth.Actor, f *Filter) error {
	if f.Assignee == "" || f.Assignee != by.PersonID {
		return nil
	}
	var err error
	f.also, err = s.StandsFor(ctx, by)
	return err
}

// StandsFor lists whom an actor stands in for now: what is assigned to those is theirs meanwhile.
func (s *Reader) StandsFor(ctx context.Context, by auth.Actor) ([]string, error) {
	away, err := people.AwayAt(ctx, s.db.Read(), s.clk.Now())
	return away.For(by.PersonID), err
}

// List gives a page of the tickets that the actor may read. Errors: Invalid for a cursor that is none of ours.
func (s *Reader) List(ctx context.Context, by auth.Actor, f Filter, cursor string, limit int) (page.List[Row], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Row]{}, err
	}
	limit = page.Limit(limit)
	if err := s.standIn(ctx, by, &f); err != nil {
		return page.List[Row]{}, err
	}
	w := f.where(by, s.words(by))
	order := " ORDER BY t.number DESC"
	if f.ByDue {
		order = " ORDER BY t.due_at, t.id"
		if c.Tie != "" {
			w.And("(t.due_at, t.id) > (?, ?)", c.Key, c.Tie)
		}
	} else if c.Key != 0 {
		w.And("t.number < ?", c.Key)
	}
	all, err := store.Rows(ctx, s.from(f.Words != ""), w, order+" LIMIT "+w.Arg(limit+1))
	if err != nil {
		return page.List[Row]{}, err
	}
	return page.Of(all, limit, func(r Row) page.Cursor {
		if f.ByDue {
			return page.Cursor{Key: r.DueMicros(), Tie: r.ID}
		}
		return page.Cursor{Key: r.Number, Tie: "n"}
	}), nil
}

// Count counts the tickets of a filter that the actor may read; it stops at 1,001, which lists show as "1,000+".
func (s *Reader) Count(ctx context.Context, by auth.Actor, f Filter) (int, error) {
	if err := s.standIn(ctx, by, &f); err != nil {
		return 0, err
	}
	return store.CountRows(ctx, s.from(f.Words != ""), f.where(by, s.words(by)))
}

// Readable loads a ticket that the actor may read. Errors: NotFound.
func (s *Reader) Readable(ctx context.Context, q db.Querier, by auth.Actor, number int64) (ticket.Ticket, error) {
	t, err := store.ByNumber(ctx, q, number)
	if err != nil {
		return t, err
	}
	parts, err := store.Participants(ctx, q, t.ID)
	if err != nil {
		return t, err
	}
	return t, auth.Can(by, auth.TicketRead, t.Object(parts))
}

// Allowed says whether the actor may do something with a ticket, and names it by its id. Errors: NotFound, Denied.
func (s *Reader) Allowed(ctx context.Context, q db.Querier, by auth.Actor, number int64, verb auth.Verb) (string, error) {
	t, err := store.ByNumber(ctx, q, number)
	if err != nil {
		return "", err
	}
	parts, err := store.Participants(ctx, q, t.ID)
	if err != nil {
		return "", err
	}
	return t.ID, auth.Can(by, verb, t.Object(parts))
}

// Get gives a ticket. Errors: NotFound, the same for one that is not the actor's to see.
func (s *Reader) Get(ctx context.Context, by auth.Actor, number int64) (ticket.Ticket, error) {
	return s.Readable(ctx, s.db.Read(), by, number)
}

// Participants lists who takes part in a ticket. Errors: NotFound.
func (s *Reader) Participants(ctx context.Context, by auth.Actor, number int64) ([]ticket.Participant, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	return store.Participants(ctx, s.db.Read(), t.ID)
}

// Messages gives a page of the public conversation, oldest first. Errors: NotFound.
func (s *Reader) Messages(ctx context.Context, by auth.Actor, number int64, cursor string, limit int) (page.List[ticket.Message], error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return page.List[ticket.Message]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[ticket.Message]{}, err
	}
	limit = page.Limit(limit)
	all, err := store.Messages(ctx, s.db.Read(), t.ID, c.Tie, limit+1)
	if err != nil {
		return page.List[ticket.Message]{}, err
	}
	files, err := store.MessageFiles(ctx, s.db.Read(), t.ID)
	if err != nil {
		return page.List[ticket.Message]{}, err
	}
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return page.Of(all, limit, func(m ticket.Message) page.Cursor { return page.Cursor{Key: 1, Tie: m.ID} }), nil
}

// Notes gives a page of the internal notes, oldest first. Errors: NotFound, Denied.
func (s *Reader) Notes(ctx context.Context, by auth.Actor, number int64, cursor string, limit int) (page.List[ticket.Note], error) {
	t, err := s.NoteReader(ctx, by, number)
	if err != nil {
		return page.List[ticket.Note]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[ticket.Note]{}, err
	}
	limit = page.Limit(limit)
	all, err := store.Notes(ctx, s.db.Read(), t.ID, c.Tie, limit+1)
	if err != nil {
		return page.List[ticket.Note]{}, err
	}
	files, err := store.NoteFiles(ctx, s.db.Read(), t.ID)
	if err != nil {
		return page.List[ticket.Note]{}, err
	}
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return page.Of(all, limit, func(n ticket.Note) page.Cursor { return page.Cursor{Key: 1, Tie: n.ID} }), nil
}

// NoteReader loads a ticket whose notes the actor may read. Errors: NotFound.
func (s *Reader) NoteReader(ctx context.Context, by auth.Actor, number int64) (ticket.Ticket, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return t, err
	}
	parts, err := store.Participants(ctx, s.db.Read(), t.ID)
	if err != nil {
		return t, err
	}
	if err := auth.Can(by, auth.TicketNoteRead, t.Object(parts)); err != nil {
		return t, ticket.NotHere("desk.notes") // a customer is not told that there are notes
	}
	return t, nil
}

// OpenFile streams an attachment: of a message for everybody on the ticket, of a note for who may read notes. Errors: NotFound.
func (s *Reader) OpenFile(ctx context.Context, by auth.Actor, number int64, fileID string) (ticket.File, *blob.Reader, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return ticket.File{}, nil, err
	}
	if !id.Valid(fileID) {
		return ticket.File{}, nil, ticket.NotHere("desk.file")
	}
	f, err := store.MessageFile(ctx, s.db.Read(), fileID, t.ID)
	if errs.Is(err, errs.NotFound) {
		if _, err := s.NoteReader(ctx, by, number); err != nil {
			return ticket.File{}, nil, err
		}
		f, err = store.NoteFile(ctx, s.db.Read(), fileID, t.ID)
	}
	if err != nil {
		return ticket.File{}, nil, err
	}
	r, err := blob.Open(ctx, s.db.Read(), f.SHA256)
	return f, r, err
}

// Links lists the tickets joined to one, as far as the actor may read them. Errors: NotFound.
func (s *Reader) Links(ctx context.Context, by auth.Actor, number int64) ([]ticket.Link, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	return s.links(ctx, s.db.Read(), by, t.ID)
}

// Event is an entry of a ticket's history as its readers see it.
type Event struct {
	event.Event
	Note bool
}

// Events gives the history of a ticket. Customers are not shown what would tell of notes. Errors: NotFound.
func (s *Reader) Events(ctx context.Context, by auth.Actor, number int64) ([]Event, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	all, err := event.Of(ctx, s.db.Read(), t.ID, 0)
	if err != nil {
		return nil, err
	}
	_, denied := s.NoteReader(ctx, by, number)
	out := make([]Event, 0, len(all))
	for _, e := range all {
		if denied == nil || !record.StaffOnly(e.Kind) {
			out = append(out, Event{e, record.StaffOnly(e.Kind)})
		}
	}
	return out, nil
}
