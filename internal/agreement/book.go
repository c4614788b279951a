package agreement

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Terms are what a version of an agreement says in figures.
type Terms struct {
	Targets              []Target `json:"targets"`
	Ladder               []Step   `json:"ladder"`
	SupplierStopsPromise bool     `json:"supplier_stops_promise,omitempty"`
	GraceDays            int      `json:"grace_days"`             // how long after a closing a reopening goes on with the same ledger
	DisputeDays          int      `json:"dispute_days,omitempty"` // how long after its end a span can be challenged; 0 is always
	Review               int64    `json:"review,omitempty"`       // Unix seconds: when both sides look at it again
	Until                int64    `json:"until,omitempty"`        // Unix seconds: the end of the term; it holds on until a version takes its place
	Services             []string `json:"services,omitempty"`     // ids of those it covers; none is all
	Boundaries           string   `json:"boundaries,omitempty"`   // what is covered, and what is not, in words
	Prices               []Price  `json:"prices,omitempty"`
	Teams                []Inner  `json:"teams,omitempty"`      // operational level agreements beneath it
	Suppliers            []Inner  `json:"suppliers,omitempty"`  // underpinning contracts beneath it
	Escalation           string   `json:"escalation,omitempty"` // where a dispute goes that the signatories do not settle
}

// DefaultTerms are those of the agreement a new installation starts with.
func DefaultTerms() Terms {
	return Terms{Targets: DefaultTargets(), Ladder: DefaultLadder(), GraceDays: 14}
}

// Paper is one version of an agreement as it is kept.
type Paper struct {
	ID               string
	AgreementID      string
	Name             string
	OrgID            string // "" = for everybody without one of their own
	SiteID           string // "" = for the whole organisation
	Number           int64
	ServiceCalendar  string // id: the hours IT works in
	CustomerCalendar string // id: the hours of customers whose site has none of its own
	Terms            Terms
	AskID            string // the approval in which both sides signed it; "" for the one an installation starts with
	from             int64
}

// From is when the version came into force.
func (p Paper) From() time.Time { return clock.FromMicros(p.from) }

func (p *Paper) read(terms string) error {
	if err := json.Unmarshal([]byte(terms), &p.Terms); err != nil {
		return fmt.Errorf("agreement: terms of version %s: %w", p.ID, err)
	}
	return nil
}

// Calendars gives compiled calendars by id; the calendar service is one.
type Calendars interface {
	CompiledIn(ctx context.Context, q db.Querier, id string) (*calendar.Calendar, error)
}

// Book keeps the versions of agreements and reads them for Clock. It is safe for concurrent use.
type Book struct {
	db   *db.DB
	clk  clock.Clock
	cals Calendars
	mu   sync.RWMutex
	kept map[string]Paper // by id: a version never changes once it is written
}

// NewBook makes a book.
func NewBook(d *db.DB, clk clock.Clock, cals Calendars) *Book {
	return &Book{db: d, clk: clk, cals: cals, kept: map[string]Paper{}}
}

// defaultAgreement is the same in every installation, so that two nodes that start at once write one.
const defaultAgreement = "00000000-0000-7000-8000-000000000001"

// EnsureDefault writes the default agreement when there is none: for everybody who has no agreement of their own.
func (b *Book) EnsureDefault(ctx context.Context, serviceCalendar, customerCalendar string) error {
	if _, err := b.InForce(ctx, b.db.Read(), "", "", b.clk.Now()); !errs.Is(err, errs.NotFound) {
		return err
	}
	terms, err := json.Marshal(DefaultTerms())
	if err != nil {
		return err
	}
	now := clock.Micros(b.clk.Now())
	return b.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlInsertAgreement, defaultAgreement, "", "", "Default agreement", now); err != nil {
			return err
		}
		// in force from the beginning of time: a ticket imported from before is under it too
		_, err := tx.Exec(ctx, sqlInsertVersion, id.New(), defaultAgreement, 1, serviceCalendar, customerCalendar, string(terms), 0, "")
		return err
	})
}

// Adopt writes an agreement that was made elsewhere: its first version holds from the beginning of time, and nobody signed it here.
// Who calls it has the right to make what was. Errors: Conflict when there is one with the organisation and site.
func (b *Book) Adopt(ctx context.Context, p Paper) error {
	terms, err := json.Marshal(p.Terms)
	if err != nil {
		return err
	}
	return b.db.Write(ctx, func(tx *db.Tx) error {
		p.AgreementID = id.New()
		if _, err := tx.Exec(ctx, sqlInsertAgreement, p.AgreementID, p.OrgID, p.SiteID, p.Name, clock.Micros(b.clk.Now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlInsertVersion, id.New(), p.AgreementID, 1, p.ServiceCalendar, p.CustomerCalendar, string(terms), 0, "")
		return err
	})
}

// InForce is the version for a site at an instant: its own, else its organisation's, else the default. Errors: NotFound before
// EnsureDefault.
func (b *Book) InForce(ctx context.Context, q db.Querier, orgID, siteID string, at time.Time) (Paper, error) {
	var versionID string
	if err := q.QueryRow(ctx, sqlInForce, orgID, siteID, clock.Micros(at)).Scan(&versionID); err != nil {
		return Paper{}, err
	}
	return b.Paper(ctx, q, versionID)
}

// List gives every version of every agreement.
func (b *Book) List(ctx context.Context) ([]Paper, error) {
	rows, err := b.db.Read().Query(ctx, sqlVersions)
	return db.Collect(rows, err, scanPaper)
}

// Paper is one version. Errors: NotFound.
func (b *Book) Paper(ctx context.Context, q db.Querier, versionID string) (Paper, error) {
	b.mu.RLock()
	p, ok := b.kept[versionID]
	b.mu.RUnlock()
	if ok {
		return p, nil
	}
	p, err := scanPaper(q.QueryRow(ctx, sqlVersion, versionID))
	if err == nil {
		b.keep(p)
	}
	return p, err
}

func (b *Book) keep(p Paper) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[p.ID] = p
}

// Compiled is a calendar, ready to count with. Errors: NotFound.
func (b *Book) Compiled(ctx context.Context, q db.Querier, calendarID string) (*calendar.Calendar, error) {
	return b.cals.CompiledIn(ctx, q, calendarID)
}

// Version makes a paper ready for Clock: the customer's obligations run in the hours of their site when it has its own.
func (b *Book) Version(ctx context.Context, q db.Querier, p Paper, siteCalendar string) (Version, error) {
	service, err := b.cals.CompiledIn(ctx, q, p.ServiceCalendar)
	if err != nil {
		return Version{}, err
	}
	if siteCalendar == "" {
		siteCalendar = p.CustomerCalendar
	}
	customer, err := b.cals.CompiledIn(ctx, q, siteCalendar)
	if err != nil {
		return Version{}, err
	}
	return Version{
		ID: p.ID, Service: service, Customer: customer, Targets: p.Terms.Targets, Ladder: p.Terms.Ladder,
		SupplierStopsPromise: p.Terms.SupplierStopsPromise,
	}, nil
}
