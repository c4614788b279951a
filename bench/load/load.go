package load

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/id"
)

// Shape is how much, and of what.
type Shape struct {
	Seed     uint64
	Tickets  int   // in all, those there are included
	Messages int   // of a ticket, the description included
	Open     int   // of a hundred tickets
	First    int64 // number of the first: far above what the product's own counter reaches meanwhile
}

// filler writes tickets.
type filler struct {
	a     *app.App
	c     *Cast
	s     Shape
	paper agreement.Paper
	now   time.Time
}

// inOne is how many tickets share a command.
const inOne = 200

// atOnce is how many tickets are filled in one go: SQLite's log of what is not in its file yet grows with them, and reading it slows.
const atOnce = 250_000

// without are the indexes that are made when all rows are there: they serve lists.
var without = []string{"desk_ticket_*", "desk_participant_person"}

// Fill writes tickets from the one after have up to the shape's number; said is told how far it is. Nobody else may use the
// database meanwhile.
func Fill(ctx context.Context, a *app.App, c *Cast, s Shape, have int, said func(done int)) error {
	f := &filler{a: a, c: c, s: s, now: a.Clock.Now().Truncate(time.Second)}
	if err := f.underAgreement(ctx); err != nil {
		return err
	}
	for have < s.Tickets {
		to := min(have+atOnce, s.Tickets)
		done, err := a.DB.Fill(ctx, without...)
		if err != nil {
			return err
		}
		if err := errors.Join(f.some(ctx, have, to, said), done()); err != nil {
			return err
		}
		have = to
	}
	return nil
}

// some writes the tickets from one up to another.
func (f *filler) some(ctx context.Context, have, upTo int, said func(done int)) error {
	if err := f.gather(ctx, 64<<20); err != nil {
		return err
	}
	for have < upTo {
		to := min(have+inOne, upTo)
		from := have
		if err := f.a.DB.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < to; i++ {
				if err := f.ticket(ctx, tx, i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		have = to
		if said != nil && have%20_000 == 0 {
			said(have)
		}
	}
	return f.gather(ctx, 1<<20)
}

// gather has SQLite's index of words write out as many bytes at once; a mebibyte is its own habit.
func (f *filler) gather(ctx context.Context, size int64) error {
	if f.a.DB.Engine() != db.SQLite {
		return nil
	}
	return f.a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, query := range []string{sqlGatherPublic, sqlGatherInternal} {
			if _, err := tx.Exec(ctx, query, size); err != nil {
				return err
			}
		}
		return nil
	})
}

// underAgreement finds the version new tickets of the cast are under, as a ticket that is really opened has it.
func (f *filler) underAgreement(ctx context.Context) error {
	by := auth.SystemActor()
	t, err := f.a.Desk.Open(ctx, by, desk.OpenInput{Kind: "incident", Subject: "The first of many", Description: "It shows which agreement holds.", Requester: f.c.Customers[0].Address})
	if err != nil {
		return err
	}
	ids, err := store.Agreements(ctx, f.a.DB.Read(), t.ID)
	if err != nil {
		return err
	}
	f.paper, err = f.a.Book.Paper(ctx, f.a.DB.Read(), ids[0])
	return err
}

// ticket writes the i-th: what it is depends on the seed and i alone.
func (f *filler) ticket(ctx context.Context, tx *db.Tx, i int) error {
	r := rand.New(rand.NewPCG(f.s.Seed, uint64(i)))
	who := f.c.Customers[r.IntN(len(f.c.Customers))]
	age := time.Duration(r.Int64N(int64(365 * 24 * time.Hour)))
	t := ticket.Ticket{
		ID: id.New(), Number: f.s.First + int64(i), Kind: ticket.Incident, Subject: subject(r, i), Channel: "portal", OrgID: who.OrgID, SiteID: who.SiteID, Region: who.Region,
		TeamID: f.c.Teams[r.IntN(len(f.c.Teams))].ID, SubmitterID: who.ID, RequesterID: who.ID, AffectedID: who.ID, Impact: level(r), Urgency: level(r),
		Version: 1, MadeAt: f.now.Add(-age).Truncate(time.Second),
	}
	if r.IntN(3) == 0 {
		t.Kind = ticket.ServiceRequest
	}
	if r.IntN(4) > 0 {
		t.AssigneeID = f.c.Agents[r.IntN(len(f.c.Agents))].ID
	}
	t.Priority = ticket.Prioritise(t.Impact, t.Urgency)
	t.TurnSince = t.MadeAt.Add(time.Duration(r.Int64N(int64(age/time.Second)+1)) * time.Second)
	t.ChangedAt = t.TurnSince
	f.standing(r, &t)
	messages := f.talk(r, &t, i)
	t.LastLine = messages[len(messages)-1].Body
	if runes := []rune(t.LastLine); len(runes) > 120 {
		t.LastLine = string(runes[:120])
	}
	return f.write(ctx, tx, t, messages)
}

func level(r *rand.Rand) ticket.Level {
	return []ticket.Level{ticket.Low, ticket.Medium, ticket.Medium, ticket.High}[r.IntN(4)]
}

// standing draws how it stands.
func (f *filler) standing(r *rand.Rand, t *ticket.Ticket) {
	due := f.now.Add(time.Duration(r.Int64N(int64(30*24*time.Hour))) - 2*24*time.Hour).Truncate(time.Second)
	t.State, t.Open, t.TurnSide = ticket.Closed, false, agreement.SideNobody
	if r.IntN(100) >= f.s.Open {
		t.ClosedAt, t.ResolvedAt = t.TurnSince, t.TurnSince
		return
	}
	t.Open = true
	t.DueAt, t.DueStarted, t.DueMetric = due, due.Add(-48*time.Hour), agreement.MetricNextResponse
	switch n := r.IntN(20); {
	case n < 12:
		t.State, t.TurnSide, t.TurnParty = ticket.InProgress, agreement.SideProvider, t.TeamID
	case n < 17:
		t.State, t.TurnSide, t.TurnParty, t.DueMetric = ticket.WaitingForCustomer, agreement.SideCustomer, t.RequesterID, agreement.MetricAnswer
	case n < 18:
		t.State, t.TurnSide = ticket.WaitingForSupplier, agreement.SideSupplier
	case n < 19:
		t.State, t.TurnSide, t.DueAt, t.DueMetric = ticket.Scheduled, agreement.SideNobody, time.Time{}, ""
	default:
		t.State, t.TurnSide, t.TurnParty, t.DueMetric, t.ResolvedAt = ticket.Resolved, agreement.SideCustomer, t.RequesterID, agreement.MetricConfirm, t.TurnSince
	}
}

// talk draws the conversation: customer and agent by turns.
func (f *filler) talk(r *rand.Rand, t *ticket.Ticket, i int) []ticket.Message {
	out := make([]ticket.Message, f.s.Messages)
	agent := f.c.Agents[r.IntN(len(f.c.Agents))].ID
	step := t.TurnSince.Sub(t.MadeAt) / time.Duration(len(out))
	for k := range out {
		m := ticket.Message{ID: id.New(), TicketID: t.ID, AuthorID: t.RequesterID, Side: "customer", Channel: "portal", Class: "person", MadeAt: t.MadeAt.Add(time.Duration(k) * step).Truncate(time.Second)}
		serial := -1
		if k == 0 {
			serial = i
		}
		m.Body = body(r, serial)
		if k%2 == 1 {
			m.AuthorID, m.Side, m.Channel = agent, "provider", "desk"
		}
		out[k] = m
	}
	return out
}

// write writes a ticket with its stream.
func (f *filler) write(ctx context.Context, tx *db.Tx, t ticket.Ticket, messages []ticket.Message) error {
	if err := store.Insert(ctx, tx, t); err != nil {
		return err
	}
	if err := store.SetParticipant(ctx, tx, t.ID, t.RequesterID, ticket.Requester, "asked"); err != nil {
		return err
	}
	if err := store.AddAgreement(ctx, tx, t.ID, 0, f.paper.ID); err != nil {
		return err
	}
	log := event.Create(t.ID)
	for k := range messages {
		m := &messages[k]
		kind := agreement.CustomerSpoke
		switch {
		case k == 0:
			kind = agreement.Opened
		case m.Side == "provider":
			kind = agreement.ProviderSpoke
		}
		e, err := log.Append(ctx, tx, event.Event{At: m.MadeAt, Kind: string(kind), Actor: m.AuthorID, Channel: m.Channel}, record.Data{Message: m.ID, Priority: t.Priority, Party: t.TeamID})
		if err != nil {
			return err
		}
		m.EventSeq = e.Seq
		if err := store.InsertMessage(ctx, tx, *m); err != nil {
			return err
		}
	}
	return log.Close(ctx, tx)
}
