package outcome

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// Count is how promises stood. Void ones count for nobody.
type Count struct {
	Kept, Missed, Waived, Disputed int64
}

// Due is how many there were.
func (c Count) Due() int64 { return c.Kept + c.Missed + c.Waived + c.Disputed }

// Percent is how many of a hundred were kept, of those kept or missed; 0 when there were none.
func (c Count) Percent() int64 {
	if n := c.Kept + c.Missed; n > 0 {
		return (100*c.Kept + n/2) / n
	}
	return 0
}

func (c *Count) add(state agreement.State, n int64) {
	switch state {
	case agreement.StateMet:
		c.Kept += n
	case agreement.StateBreached:
		c.Missed += n
	case agreement.StateWaived:
		c.Waived += n
	case agreement.StateDisputed:
		c.Disputed += n
	}
}

// Record is both columns of a period, counted the same way.
type Record struct {
	From     time.Time
	IT, You  Count
	Metrics  map[agreement.Metric]Count
	Needless int64 // questions of IT that the customer had answered already: in IT's column
}

func (r *Record) add(all []counted) {
	r.Metrics = map[agreement.Metric]Count{}
	for _, c := range all {
		m := r.Metrics[c.Metric]
		m.add(c.State, c.n)
		r.Metrics[c.Metric] = m
		if c.Side == agreement.SideProvider {
			r.IT.add(c.State, c.n)
		} else {
			r.You.add(c.State, c.n)
		}
		if c.Reason == agreement.ReasonReturned {
			r.Needless += c.n
		}
	}
}

// Book reads what became of promises. It is safe for concurrent use.
type Book struct {
	db    *db.DB
	clk   clock.Clock
	facts Facts
}

// Facts gives the versions of the agreement that a ticket was under, ready for the clock.
type Facts interface {
	Facts(ctx context.Context, q db.Querier, t ticket.Ticket) ([]agreement.Version, []agreement.Paper, error)
}

// NewBook makes one.
func NewBook(d *db.DB, clk clock.Clock, facts Facts) *Book {
	return &Book{db: d, clk: clk, facts: facts}
}

// Mine is the record between the actor and IT: what they owed on their own requests, and what IT owed them. Only they see it.
func (b *Book) Mine(ctx context.Context, by auth.Actor, from time.Time) (Record, error) {
	return b.tally(ctx, db.NewWhere().And("o.requester_id = ?", by.PersonID), from)
}

// Owed is what the actor owed as somebody of IT. Only they see it.
func (b *Book) Owed(ctx context.Context, by auth.Actor, from time.Time) (Record, error) {
	return b.tally(ctx, db.NewWhere().And("o.person_id = ?", by.PersonID).And("o.side = ?", string(agreement.SideProvider)), from)
}

// Site is a site's record: both sides see it, and nobody's own in it. Errors: as auth.Can.
func (b *Book) Site(ctx context.Context, by auth.Actor, s people.Site, from time.Time) (Record, error) {
	if err := auth.Can(by, auth.SiteRead, s.Object()); err != nil {
		return Record{}, err
	}
	return b.tally(ctx, db.NewWhere().And("o.site_id = ?", s.ID), from)
}

func (b *Book) tally(ctx context.Context, w *db.Where, from time.Time) (Record, error) {
	r := Record{From: from}
	w.And("o.decided_at >= ?", clock.Micros(from))
	rows, err := b.db.Read().Query(ctx, sqlTallyHead+w.SQL()+sqlTallyTail, w.Args()...)
	all, err := db.Collect(rows, err, scanCounted)
	r.add(all)
	return r, err
}

// Item is an outcome in a list, with its ticket.
type Item struct {
	Outcome
	TicketID string
	Number   int64
	Subject  string
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	Side   agreement.Side
	State  agreement.State
	Metric agreement.Metric
	As     string // AsRequester (also "") or AsIT
	From   time.Time
}

// In which of somebody's capacities a list is read.
const (
	AsRequester = "requester"
	AsIT        = "it"
)

// columns names for the row filter where a list keeps what rights depend on.
var columns = auth.Columns{
	Org: "t.org_id", Site: "t.site_id", Region: "t.region", Team: "t.team_id", Submitter: "t.submitter_id",
	Participants: "t.id IN (SELECT p.ticket_id FROM desk_participant p WHERE p.person_id = ? AND p.role <> 'pending')",
}

// List gives a page of the actor's own outcomes, the newest on top, of tickets they may still read. Errors: Invalid for a cursor that
// is none of ours.
func (b *Book) List(ctx context.Context, by auth.Actor, f Filter, cursor string, limit int) (page.List[Item], error) {
	w := db.NewWhere()
	if f.As == AsIT {
		w.And("o.person_id = ?", by.PersonID).And("o.side = ?", string(agreement.SideProvider))
	} else {
		w.And("o.requester_id = ?", by.PersonID)
	}
	w.And("o.decided_at >= ?", clock.Micros(f.From)).And("o.state <> 'void'")
	for _, x := range [...]struct{ cond, value string }{{"o.side = ?", string(f.Side)}, {"o.state = ?", string(f.State)}, {"o.metric = ?", string(f.Metric)}} {
		if x.value != "" {
			w.And(x.cond, x.value)
		}
	}
	return b.page(ctx, by, w, cursor, limit)
}

// page reads what a condition names, of tickets that the reader may open.
func (b *Book) page(ctx context.Context, by auth.Actor, w *db.Where, cursor string, limit int) (page.List[Item], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Item]{}, err
	}
	limit = page.Limit(limit)
	auth.Filter(by, w, columns)
	if c.Tie != "" {
		ticketID, obligation, _ := strings.Cut(c.Tie, " ")
		w.And("(o.decided_at, o.ticket_id, o.obligation) < (?, ?, ?)", c.Key, ticketID, obligation)
	}
	rows, err := b.db.Read().Query(ctx, sqlItems+w.SQL()+" ORDER BY o.decided_at DESC, o.ticket_id DESC, o.obligation DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanItem)
	if err != nil {
		return page.List[Item]{}, err
	}
	return page.Of(all, limit, func(i Item) page.Cursor {
		return page.Cursor{Key: i.Decided * micro, Tie: i.TicketID + " " + i.Obligation}
	}), nil
}
