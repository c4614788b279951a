package desk

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/people"
)

// deed is the act as package moves sees it.
func (a *act) deed() *moves.Deed {
	return &moves.Deed{
		Ctx: a.ctx, Tx: a.tx, By: a.by, Now: a.now, Ticket: &a.t, People: a.people, Stream: a.stream, Result: a.result,
		Append: a.append, Over: a.over, Theirs: a.isCustomer, Link: a.link,
		InGrace: func() bool { return a.inGrace(a.now) },
		Ask: func(c *ticket.Checks, q *ticket.Asked, m *Message) {
			k := checks{*c}
			a.question(&k, q, m)
			*c = k.Checks
		},
		Say: func(m *Message, until time.Time) error {
			a.proposed = until
			return a.say(m, nil)
		},
		Reached: a.reachedThem,
		Tell:    func(what letter.Occasion, m Message, field string) { a.tell(what, m, &data{Field: field}) },
		For:     func(personID string) { a.behalf = personID },
		Under:   a.under,
	}
}

// reachedThem says that words of IT have reached the customer: they heard them.
func (a *act) reachedThem(m Message) error {
	if slices.ContainsFunc(a.log.Wrote(), arrivalOf(m.ID)) {
		return nil
	}
	what := tellReply
	if m.Need != "" {
		what = tellQuestion
	}
	return a.arrived(what, m.ID, m.Metric, unix(m.NeedDue))
}

// lend gives package moves what runs an act.
func (s *Service) lend() moves.Lent {
	return moves.Lent{
		DB: s.db, Clock: s.clk, People: s.people, Reader: s.Reader,
		Do: func(ctx context.Context, by auth.Actor, c Act, v auth.Verb, name string, fn func(*moves.Deed) error) (Ticket, error) {
			return s.act(ctx, by, inOf(c, v, name), func(a *act) error { return fn(a.deed()) })
		},
		In: func(ctx context.Context, tx *db.Tx, by auth.Actor, t Ticket, c Act, v auth.Verb, name string, fn func(*moves.Deed) error) (Ticket, error) {
			who := by
			if v == "" {
				who, v = systemActor(), auth.TicketWork
			}
			return s.actIn(ctx, tx, who, t, inOf(c, v, name), func(a *act) error {
				a.by = by
				return fn(a.deed())
			})
		},
		Open: func(ctx context.Context, tx *db.Tx, n moves.New) (Ticket, error) {
			return s.open(ctx, tx, opening{by: n.By, at: n.At, kind: n.Like.Kind, subject: n.Subject, requester: n.Requester, affected: n.Affected,
				submitter: n.By.PersonID, impact: n.Like.Impact, urgency: n.Like.Urgency, sensitivity: n.Like.Sensitivity, message: n.Message,
				quiet: n.Quiet, copied: n.Copied, team: n.Like.TeamID, matter: n.Like.Matter, service: n.Like.ServiceID}, nil)
		},
		Party: func(ctx context.Context, tx *db.Tx, by auth.Actor, field, address string) (people.Person, error) {
			return s.party(ctx, tx, by, field, address, "")
		},
	}
}

// lead carries what was written here to the tickets merged into this one, and shows the promise of theirs that breaks first.
func (a *act) lead() error {
	if !moves.Leads(a.all()) {
		return nil
	}
	all, err := store.MergedInto(a.ctx, a.tx, a.t.ID)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t, err = a.follow(t); err != nil {
			return err
		}
		if !t.DueAt.IsZero() && (a.t.DueAt.IsZero() || t.DueAt.Before(a.t.DueAt)) {
			a.t.DueAt, a.t.DueMetric, a.t.DueStarted = t.DueAt, t.DueMetric, t.DueStarted
		}
	}
	return nil
}

func (a *act) follow(t Ticket) (Ticket, error) {
	if len(moves.Follow(a.log.Wrote(), nil, t.ID)) == 0 && !slices.ContainsFunc(a.log.Wrote(), func(e event.Event) bool {
		return e.Kind == string(agreement.Undeliverable) || e.Kind == string(agreement.MessageIsNoTurn)
	}) {
		return t, nil
	}
	return a.s.actIn(a.ctx, a.tx, systemActor(), t, in{name: "follow", verb: auth.TicketWork}, func(b *act) error {
		b.by, b.behalf = a.by, a.behalf
		for _, step := range moves.Follow(a.log.Wrote(), b.stream, b.t.ID) {
			if _, err := b.append(string(step.Kind), step.Data); err != nil {
				return err
			}
		}
		return nil
	})
}
