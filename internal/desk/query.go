package desk

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// Row is a ticket in a list, with the names that lists show.
type Row struct {
	Ticket
	RequesterName string
	SiteName      string
	TeamName      string
	AssigneeName  string
	due           int64
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	States    []State
	Turn      agreement.Side
	Words     string // of the subject
	Open      bool   // only those that have not ended
	Requester string // person id: theirs to ask, to get, or to watch
	Team      string
	Assignee  string
	Site      string
	ByDue     bool // the promise that breaks first on top; else the newest on top
}

// columns names for the row filter where a list keeps what rights depend on. Requester and affected person are participants
// too; asked as ids, each half of the OR has an index on both engines (measured: as an EXISTS it read every ticket).
var columns = auth.Columns{
	Org: "t.org_id", Site: "t.site_id", Region: "t.region", Team: "t.team_id", Submitter: "t.submitter_id",
	Participants: "t.id IN (SELECT p.ticket_id FROM desk_participant p WHERE p.person_id = ? AND p.role <> 'pending')",
}

func (f Filter) where(by auth.Actor) *db.Where {
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
		w.And("t.turn_side = ?", string(f.Turn))
	}
	for _, word := range text.Words(f.Words) {
		w.And("t.subject_key LIKE ?", "% "+word+"%") // words are letters and digits only: no pattern can be smuggled in
	}
	if f.Requester != "" {
		w.Or(func(w *db.Where) { w.And("t.requester_id = ?", f.Requester) }, func(w *db.Where) { w.And("t.affected_id = ?", f.Requester) })
	}
	for _, c := range [...]struct{ cond, value string }{{"t.team_id = ?", f.Team}, {"t.assignee_id = ?", f.Assignee}, {"t.site_id = ?", f.Site}} {
		if c.value != "" {
			w.And(c.cond, c.value)
		}
	}
	return w
}

// List gives a page of the tickets that the actor may read. Errors: Invalid for a cursor that is none of ours.
func (s *Service) List(ctx context.Context, by auth.Actor, f Filter, cursor string, limit int) (page.List[Row], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Row]{}, err
	}
	limit = page.Limit(limit)
	w := f.where(by)
	order := " ORDER BY t.number DESC"
	if f.ByDue {
		order = " ORDER BY t.due_at, t.id"
		if c.Tie != "" {
			w.And("(t.due_at, t.id) > (?, ?)", c.Key, c.Tie)
		}
	} else if c.Key != 0 {
		w.And("t.number < ?", c.Key)
	}
	rows, err := s.db.Read().Query(ctx, sqlRows+w.SQL()+order+" LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanRow)
	if err != nil {
		return page.List[Row]{}, err
	}
	return page.Of(all, limit, func(r Row) page.Cursor {
		if f.ByDue {
			return page.Cursor{Key: r.due, Tie: r.ID}
		}
		return page.Cursor{Key: r.Number, Tie: "n"}
	}), nil
}

// Count counts the tickets of a filter that the actor may read; it stops at 1,001, which lists show as "1,000+".
func (s *Service) Count(ctx context.Context, by auth.Actor, f Filter) (int, error) {
	w := f.where(by)
	var n int
	err := s.db.Read().QueryRow(ctx, sqlCountHead+w.SQL()+sqlCountTail, w.Args()...).Scan(&n)
	return n, err
}

// readable loads a ticket that the actor may read. Errors: NotFound.
func (s *Service) readable(ctx context.Context, q db.Querier, by auth.Actor, number int64) (Ticket, error) {
	t, err := scanTicket(q.QueryRow(ctx, sqlTicketByNumber, number))
	if err != nil {
		return t, err
	}
	parts, err := participants(ctx, q, t.ID)
	if err != nil {
		return t, err
	}
	return t, auth.Can(by, auth.TicketRead, t.Object(parts))
}

// Get gives a ticket. Errors: NotFound, the same for one that is not the actor's to see.
func (s *Service) Get(ctx context.Context, by auth.Actor, number int64) (Ticket, error) {
	return s.readable(ctx, s.db.Read(), by, number)
}

// Participants lists who takes part in a ticket. Errors: NotFound.
func (s *Service) Participants(ctx context.Context, by auth.Actor, number int64) ([]Participant, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	return participants(ctx, s.db.Read(), t.ID)
}

// Messages gives a page of the public conversation, oldest first. Errors: NotFound.
func (s *Service) Messages(ctx context.Context, by auth.Actor, number int64, cursor string, limit int) (page.List[Message], error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return page.List[Message]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Message]{}, err
	}
	limit = page.Limit(limit)
	rows, err := s.db.Read().Query(ctx, sqlMessages, t.ID, c.Tie, limit+1)
	all, err := db.Collect(rows, err, scanMessage)
	if err != nil {
		return page.List[Message]{}, err
	}
	files, err := s.files(ctx, sqlMessageFiles, t.ID)
	if err != nil {
		return page.List[Message]{}, err
	}
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return page.Of(all, limit, func(m Message) page.Cursor { return page.Cursor{Key: 1, Tie: m.ID} }), nil
}

// Notes gives a page of the internal notes, oldest first. Errors: NotFound, Denied.
func (s *Service) Notes(ctx context.Context, by auth.Actor, number int64, cursor string, limit int) (page.List[Note], error) {
	t, err := s.noteReader(ctx, by, number)
	if err != nil {
		return page.List[Note]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Note]{}, err
	}
	limit = page.Limit(limit)
	rows, err := s.db.Read().Query(ctx, sqlNotes, t.ID, c.Tie, limit+1)
	all, err := db.Collect(rows, err, scanNote)
	if err != nil {
		return page.List[Note]{}, err
	}
	files, err := s.files(ctx, sqlNoteFiles, t.ID)
	if err != nil {
		return page.List[Note]{}, err
	}
	for i := range all {
		all[i].Files = files[all[i].ID]
	}
	return page.Of(all, limit, func(n Note) page.Cursor { return page.Cursor{Key: 1, Tie: n.ID} }), nil
}

// noteReader loads a ticket whose notes the actor may read.
func (s *Service) noteReader(ctx context.Context, by auth.Actor, number int64) (Ticket, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return t, err
	}
	parts, err := participants(ctx, s.db.Read(), t.ID)
	if err != nil {
		return t, err
	}
	if err := auth.Can(by, auth.TicketNoteRead, t.Object(parts)); err != nil {
		return t, ticket.NotHere("desk.notes") // a customer is not told that there are notes
	}
	return t, nil
}

func (s *Service) files(ctx context.Context, query, ticketID string) (map[string][]File, error) {
	rows, err := s.db.Read().Query(ctx, query, ticketID)
	all, err := db.Collect(rows, err, scanFile)
	if err != nil {
		return nil, err
	}
	out := map[string][]File{}
	for _, f := range all {
		out[f.item] = append(out[f.item], f.File)
	}
	return out, nil
}

// OpenFile streams an attachment: of a message for everybody on the ticket, of a note for who may read notes. Errors: NotFound.
func (s *Service) OpenFile(ctx context.Context, by auth.Actor, number int64, fileID string) (File, *blob.Reader, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return File{}, nil, err
	}
	if !id.Valid(fileID) {
		return File{}, nil, ticket.NotHere("desk.file")
	}
	f, err := scanFile(s.db.Read().QueryRow(ctx, sqlMessageFile, fileID, t.ID))
	if errs.Is(err, errs.NotFound) {
		if _, err := s.noteReader(ctx, by, number); err != nil {
			return File{}, nil, err
		}
		f, err = scanFile(s.db.Read().QueryRow(ctx, sqlNoteFile, fileID, t.ID))
	}
	if err != nil {
		return File{}, nil, err
	}
	r, err := blob.Open(ctx, s.db.Read(), f.SHA256)
	return f.File, r, err
}

// Links lists the tickets joined to one, as far as the actor may read them. Errors: NotFound.
func (s *Service) Links(ctx context.Context, by auth.Actor, number int64) ([]Link, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Read().Query(ctx, sqlLinks, t.ID)
	all, err := db.Collect(rows, err, scanLink)
	var out []Link
	for _, l := range all {
		if _, err := s.readable(ctx, s.db.Read(), by, l.Other); err == nil {
			out = append(out, l.Link)
		}
	}
	return out, err
}

// Event is an entry of a ticket's history as its readers see it.
type Event struct {
	event.Event
	Note bool
}

// Events gives the history of a ticket. Customers are not shown what would tell of notes. Errors: NotFound.
func (s *Service) Events(ctx context.Context, by auth.Actor, number int64) ([]Event, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	all, err := event.Of(ctx, s.db.Read(), t.ID, 0)
	if err != nil {
		return nil, err
	}
	_, denied := s.noteReader(ctx, by, number)
	out := make([]Event, 0, len(all))
	for _, e := range all {
		if denied == nil || !record.StaffOnly(e.Kind) {
			out = append(out, Event{e, record.StaffOnly(e.Kind)})
		}
	}
	return out, nil
}

// Ledger is whose turn it has been, and what both sides owe.
type Ledger struct {
	Ticket Ticket
	Result agreement.Result
	Zone   *time.Location // of IT's service calendar
	At     time.Time      // the instant it was read at
	Grace  int            // days in which a closed ticket can be reopened
	events []agreement.Event
	facts  agreement.Facts
}

// Ledger reads the clock of a ticket now. Errors: NotFound.
func (s *Service) Ledger(ctx context.Context, by auth.Actor, number int64) (Ledger, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return Ledger{}, err
	}
	return s.ledgerOf(ctx, t)
}

func (s *Service) ledgerOf(ctx context.Context, t Ticket) (Ledger, error) {
	q := s.db.Read()
	stream, err := event.Of(ctx, q, t.ID, 0)
	if err != nil {
		return Ledger{}, err
	}
	events, err := record.Ledger(stream)
	if err != nil {
		return Ledger{}, err
	}
	versions, papers, err := s.facts(ctx, q, t)
	if err != nil {
		return Ledger{}, err
	}
	l := Ledger{Ticket: t, At: s.clk.Now().Truncate(time.Second), events: events, Zone: time.UTC}
	l.facts = agreement.Facts{Versions: versions, Now: l.At.Unix(), NeverLapse: t.NeverLapses()}
	l.Result = agreement.Clock(events, l.facts)
	if len(versions) > 0 {
		l.Zone, l.Grace = versions[len(versions)-1].Service.Zone(), papers[len(papers)-1].Terms.GraceDays
	}
	return l, nil
}

// Ahead says what will happen on the ticket if nobody moves.
func (l Ledger) Ahead() []agreement.Timer { return agreement.Simulate(l.events, l.facts) }

// Need is what the open question needs, in the asker's words; "" when none waits.
func (s *Service) Need(ctx context.Context, l Ledger) (Message, error) {
	o := openQuestion(l.Result)
	if o == nil {
		return Message{}, nil
	}
	rows, err := s.db.Read().Query(ctx, sqlMessages, l.Ticket.ID, "", 1000)
	all, err := db.Collect(rows, err, scanMessage)
	if err != nil {
		return Message{}, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if strings.TrimSpace(all[i].Need) != "" && all[i].Metric != agreement.MetricConfirm {
			return all[i], nil
		}
	}
	return Message{}, nil
}
