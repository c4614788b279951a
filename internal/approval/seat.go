package approval

import (
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
)

// Seat is a seat that somebody may vote from.
type Seat struct {
	Stage, Holder string
	Until         time.Time // how long they stand in; zero for their own
}

// deputy is whom somebody votes for at a moment beside themselves: by absence, and by delegation.
type deputy struct {
	away  map[string]time.Time
	given []Delegation
}

func (s *Service) deputy(ctx context.Context, q db.Querier, personID string) (d deputy, err error) {
	now := s.clk.Now()
	if d.away, err = s.subs.StandsFor(ctx, q, personID, now); err != nil {
		return d, err
	}
	d.given, err = delegatedTo(ctx, q, personID, now)
	return d, err
}

// until says whether the deputy votes for somebody on asks of a kind, and how long. What was delegated goes before an absence.
func (d deputy) until(kind, holder string) (time.Time, bool) {
	until, ok := d.away[holder]
	for _, g := range d.given {
		if g.From == holder && (g.Kind == "" || g.Kind == kind) {
			until, ok = g.Until, true
		}
	}
	return until, ok
}

// holders lists the deputy's own seat and those of everybody they vote for, of whatever kind.
func (d deputy) holders(personID string) []string {
	out := []string{personID}
	for p := range d.away {
		out = append(out, p)
	}
	for _, g := range d.given {
		out = append(out, g.From)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// seats are those that somebody may vote from at the moment, their own first: it is what a vote is cast from when none is named.
func (a Ask) seats(personID string, d deputy) []Seat {
	if _, voted := a.Voted(personID); voted || a.barred(personID) {
		return nil
	}
	escalated := !a.EscalatedAt.IsZero() && slices.Contains(a.Rule.Escalate, personID)
	var own, others []Seat
	for _, o := range a.open() {
		until, stands := d.until(a.Kind, o[1])
		switch {
		case a.barred(o[1]):
		case o[1] == personID:
			own = append(own, Seat{Stage: o[0], Holder: o[1]})
		case stands || escalated:
			others = append(others, Seat{o[0], o[1], until})
		}
	}
	return append(own, others...)
}

// Seats gives from which seats the actor may vote on an ask at the moment, their own first.
func (s *Service) Seats(ctx context.Context, by auth.Actor, a Ask) ([]Seat, error) {
	d, err := s.deputy(ctx, s.db.Read(), by.PersonID)
	if err != nil {
		return nil, err
	}
	return a.seats(by.PersonID, d), nil
}
