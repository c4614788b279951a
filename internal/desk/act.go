package desk

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/event"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// act is one command on one ticket inside its transaction. Its function appends events and changes fields; what follows from
// them (turn, state, due, timer, version) is derived when it ends.
type act struct {
	s        *Service
	ctx      context.Context
	tx       *db.Tx
	by       auth.Actor
	now      time.Time
	t        Ticket
	people   []Participant
	stream   []event.Event     // before this act
	ledger   []agreement.Event // the stream as the clock reads it
	log      *event.Log
	versions []agreement.Version
	papers   []agreement.Paper
	result   agreement.Result // as of now, before this act
	unproven bool             // a mail without our signed mark or an aligned sender: it confirms and reopens nothing
	touched  bool             // a field of the row was set
	again    bool             // the same was sent before: nothing is done
	subject  string           // as it was
	door     string           // behind which it was
	behalf   string           // for whom the actor acts: who spoke on the telephone
	proposed time.Time        // until when the message of this act proposes to wait
	mails    []outgoing
	answers  string // Message-ID that the mails of this act answer
	failed   error  // of tell, which has no error to give
}

// in is what every command on a ticket takes.
type in struct {
	number  int64
	verb    auth.Verb
	version int64 // expected, 0 = any
	name    string
	reason  string
	was     map[string]string // fields as the caller read them
	work    Work
}

// act runs a command: load, authorise, apply, derive, write, audit. Errors: NotFound, Denied, Stale beside the command's own.
func (s *Service) act(ctx context.Context, by auth.Actor, c in, fn func(a *act) error) (Ticket, error) {
	var done Ticket
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := store.ByNumber(ctx, tx, c.number)
		if err != nil {
			return err
		}
		done, err = s.actIn(ctx, tx, by, t, c, fn)
		return err
	})
	return done, err
}

// actIn is act inside a transaction that is under way.
func (s *Service) actIn(ctx context.Context, tx *db.Tx, by auth.Actor, t Ticket, c in, fn func(a *act) error) (Ticket, error) {
	a := &act{s: s, ctx: ctx, tx: tx, by: by, now: s.clk.Now().Truncate(time.Second), t: t, subject: t.Subject, door: DoorOf(t)}
	var err error
	if a.people, err = store.Participants(ctx, tx, t.ID); err != nil {
		return t, err
	}
	if err := auth.Can(by, c.verb, t.Object(a.people)); err != nil {
		return t, err
	}
	if c.version != 0 && c.version != t.Version {
		return t, errs.New(errs.Stale, "desk."+c.name, "%s was changed since you read it (version %d, now %d). Read it again; what you typed is still yours.", t.Ref(), c.version, t.Version)
	}
	if err := a.fresh(c.was); err != nil {
		return t, err
	}
	if err := a.load(); err != nil {
		return t, err
	}
	if err := fn(a); err != nil {
		return t, err
	}
	if err := a.finish(c); err != nil {
		return t, err
	}
	if c.work.Minutes != 0 && !a.again {
		if err := auth.Can(by, auth.TicketNoteWrite, a.t.Object(a.people)); err != nil {
			return t, err
		}
		return a.t, s.time.Keep(ctx, tx, by, a.t.ID, c.name, c.work)
	}
	return a.t, nil
}

// load reads the stream and the dated facts.
func (a *act) load() error {
	var err error
	if a.stream, err = event.Of(a.ctx, a.tx, a.t.ID, 0); err != nil {
		return err
	}
	if a.log, err = event.Open(a.ctx, a.tx, a.t.ID); err != nil {
		return err
	}
	if a.versions, a.papers, err = a.s.Facts(a.ctx, a.tx, a.t); err != nil {
		return err
	}
	if a.ledger, err = record.Ledger(a.stream); err != nil {
		return err
	}
	a.result, err = a.read(a.stream)
	return err
}

// all is the stream with what this act wrote.
func (a *act) all() []event.Event { return slices.Concat(a.stream, a.log.Wrote()) }

// read is the clock over a stream at this act's instant.
func (a *act) read(stream []event.Event) (agreement.Result, error) {
	wrote, err := record.Ledger(stream[len(a.ledger):])
	if err != nil {
		return agreement.Result{}, err
	}
	return agreement.Clock(slices.Concat(a.ledger, wrote), a.facts()), nil
}

// append adds an event.
func (a *act) append(kind string, d data) (event.Event, error) {
	return a.log.Append(a.ctx, a.tx, event.Event{At: a.now, Kind: kind, Actor: a.by.ID(), Behalf: a.behalf, Channel: a.by.Channel}, d)
}

// finish derives, writes and audits.
func (a *act) finish(c in) error {
	if err := a.passed(); err != nil {
		return err
	}
	r, err := a.read(a.all())
	if err != nil {
		return err
	}
	if len(a.log.Wrote()) > 0 {
		if err := a.log.Close(a.ctx, a.tx); err != nil {
			return err
		}
		a.t.ChangedAt = a.log.Wrote()[len(a.log.Wrote())-1].At
	} else if !a.touched {
		return nil // nothing happened: a repeated request
	}
	a.derive(r)
	if err := a.lead(); err != nil {
		return err
	}
	if ok, err := store.Update(a.ctx, a.tx, a.t, a.t.Subject != a.subject); err != nil {
		return err
	} else if !ok {
		return errs.New(errs.Stale, "desk."+c.name, "%s was changed by somebody else at the same moment. Read it again.", a.t.Ref())
	}
	a.t.Version++
	if err := outcome.Note(a.ctx, a.tx, a.result, a.reading(r)); err != nil {
		return err
	}
	if err := a.timer(r); err != nil {
		return err
	}
	if err := a.sendAll(r); err != nil {
		return err
	}
	a.announce()
	return audit.Write(a.ctx, a.tx, audit.Entry{
		At: a.now, Actor: a.by.ID(), Verb: "ticket." + c.name, Object: "ticket", ObjectID: a.t.ID, Reason: c.reason, Change: changes(a.log.Wrote()),
	})
}

func (a *act) reading(r agreement.Result) outcome.Reading {
	return outcome.Reading{Ticket: a.t, Stream: a.all(), Papers: a.papers, Result: r}
}

// passed notes that the ticket went to the other door, whoever gave it to whom and how, and tells the customer who has it now.
func (a *act) passed() error {
	to := DoorOf(a.t)
	if to == a.door {
		return nil
	}
	a.tell(letter.Passed, Message{AuthorID: a.by.PersonID, MadeAt: a.now}, nil)
	_, err := a.append(evDoorPassed, data{Before: a.door, Action: to, Team: a.t.TeamID, Party: a.t.AssigneeID})
	return err
}

// announce tells, once the act is durable, that the ticket changed.
func (a *act) announce() {
	number, version := a.t.Number, a.t.Version
	a.tx.AfterCommit(func() { a.s.changed(number, version) })
}

// change is an event as the audit trail names it.
type change struct {
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
}

func changes(wrote []event.Event) []change {
	out := make([]change, len(wrote))
	for i, e := range wrote {
		out[i] = change{e.Seq, e.Kind}
	}
	return out
}

// timer asks for the ticket's next wake-up, or takes it back when nothing falls due.
func (a *act) timer(r agreement.Result) error {
	if len(r.Timers) == 0 {
		return a.s.jobs.Remove(a.ctx, a.tx, JobTimer, a.t.ID)
	}
	return a.s.jobs.Add(a.ctx, a.tx, JobTimer, a.t.ID, time.Unix(r.Timers[0].At, 0))
}

// derive caches on the row what the clock reads.
func (a *act) derive(r agreement.Result) { record.Derive(&a.t, a.all(), r) }

// unix is an instant for an event's data; 0 for none.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return clock.FromMicros(s * 1_000_000)
}
