package read

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/people"
)

// Ledger is whose turn it has been, and what both sides owe.
type Ledger struct {
	Ticket ticket.Ticket
	Result agreement.Result
	Zone   *time.Location // of IT's service calendar
	At     time.Time      // the instant it was read at
	Grace  int            // days in which a closed ticket can be reopened
	events []agreement.Event
	facts  agreement.Facts
}

// Ledger reads the clock of a ticket now. Errors: NotFound.
func (s *Reader) Ledger(ctx context.Context, by auth.Actor, number int64) (Ledger, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return Ledger{}, err
	}
	return s.ledgerOf(ctx, t)
}

func (s *Reader) ledgerOf(ctx context.Context, t ticket.Ticket) (Ledger, error) {
	stream, err := event.Of(ctx, s.db.Read(), t.ID, 0)
	if err != nil {
		return Ledger{}, err
	}
	return s.ledgerFrom(ctx, t, stream)
}

// ledgerFrom reads the clock of a ticket from its stream.
func (s *Reader) ledgerFrom(ctx context.Context, t ticket.Ticket, stream []event.Event) (Ledger, error) {
	events, err := record.Ledger(stream)
	if err != nil {
		return Ledger{}, err
	}
	ids, err := store.Agreements(ctx, s.db.Read(), t.ID)
	if err != nil {
		return Ledger{}, err
	}
	return s.clockOf(ctx, t, events, ids)
}

// clockOf reads the clock of a ticket from its events and the versions it was under.
func (s *Reader) clockOf(ctx context.Context, t ticket.Ticket, events []agreement.Event, ids []string) (Ledger, error) {
	versions, papers, err := s.facts(ctx, s.db.Read(), t, ids)
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
func (s *Reader) Need(ctx context.Context, l Ledger) (ticket.Message, error) {
	o := OpenQuestion(l.Result)
	if o == nil {
		return ticket.Message{}, nil
	}
	all, err := store.Messages(ctx, s.db.Read(), l.Ticket.ID, "", 1000)
	if err != nil {
		return ticket.Message{}, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if strings.TrimSpace(all[i].Need) != "" && all[i].Metric != agreement.MetricConfirm {
			return all[i], nil
		}
	}
	return ticket.Message{}, nil
}

// OpenQuestion is the obligation of the blocking question that waits, or nil.
func OpenQuestion(r agreement.Result) *agreement.Obligation {
	for i := len(r.Obligations) - 1; i >= 0; i-- {
		o := &r.Obligations[i]
		if o.Metric.Asked() && o.Ended == 0 {
			return o
		}
	}
	return nil
}

// InForce is the version of an agreement that holds for a ticket's site at an instant.
func (s *Reader) InForce(ctx context.Context, q db.Querier, t ticket.Ticket, at time.Time) (agreement.Paper, error) {
	return s.book.InForce(ctx, q, t.OrgID, t.SiteID, at)
}

// Facts are the versions a ticket was under, ready for the clock.
func (s *Reader) Facts(ctx context.Context, q db.Querier, t ticket.Ticket) ([]agreement.Version, []agreement.Paper, error) {
	ids, err := store.Agreements(ctx, q, t.ID)
	if err != nil {
		return nil, nil, err
	}
	return s.facts(ctx, q, t, ids)
}

func (s *Reader) facts(ctx context.Context, q db.Querier, t ticket.Ticket, ids []string) ([]agreement.Version, []agreement.Paper, error) {
	versions, papers := make([]agreement.Version, len(ids)), make([]agreement.Paper, len(ids))
	cal, err := "", error(nil)
	if t.SiteID != "" {
		site, err := people.SiteByID(ctx, q, t.SiteID)
		if err != nil {
			return nil, nil, err
		}
		cal = site.CalendarID
	}
	for i, v := range ids {
		if papers[i], err = s.book.Paper(ctx, q, v); err != nil {
			return nil, nil, err
		}
		if versions[i], err = s.book.Version(ctx, q, papers[i], cal); err != nil {
			return nil, nil, err
		}
	}
	return versions, papers, nil
}
