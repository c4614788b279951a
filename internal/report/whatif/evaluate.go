package whatif

import (
	"context"
	"runtime"
	"sync"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/score"
)

// atOnce is how many tickets are read with one look into the database.
const atOnce = 250

// question is what is evaluated.
type question struct {
	paper  agreement.Paper // as it would be: whose, calendars and terms
	period report.Period
	now    int64
	skip   map[string]bool // sites that have an agreement of their own, for a version of the whole organisation
}

// evaluation reads the past of many tickets, in parallel.
type evaluation struct {
	question
	ctx  context.Context
	q    db.Querier
	book *agreement.Book
	told func(done int64) error

	mu      sync.Mutex // guards what follows
	was     *score.Tally
	would   *score.Tally
	tickets int64
	done    int64
	cals    map[string]string // the calendar of a site
	papers  map[string]agreement.Paper
	kept    map[[2]string]agreement.Version // of a version at a calendar
	failed  error
}

// run evaluates tickets, and gives both records.
func (e *evaluation) run(ids []string) (Result, error) {
	e.was, e.would = score.NewTally(), score.NewTally()
	e.cals, e.papers, e.kept = map[string]string{}, map[string]agreement.Paper{}, map[[2]string]agreement.Version{}
	e.paper.ID = proposed
	chunks := make(chan []string)
	var g sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() {
			w := worker{e: e}
			for c := range chunks {
				e.fail(w.chunk(c))
			}
		})
	}
	for len(ids) > 0 && e.failure() == nil {
		n := min(atOnce, len(ids))
		chunks <- ids[:n]
		ids = ids[n:]
	}
	close(chunks)
	g.Wait()
	if e.failed != nil {
		return Result{}, e.failed
	}
	return Result{Tickets: e.tickets, Was: figuresOf(e.was.Card()), Would: figuresOf(e.would.Card())}, nil
}

// proposed stands for the id of a version that is none yet.
const proposed = "proposed"

func (e *evaluation) failure() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed == nil {
		e.failed = e.ctx.Err()
	}
	return e.failed
}

func (e *evaluation) fail(err error) {
	if err == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed == nil {
		e.failed = err
	}
}

// worker evaluates chunks.
type worker struct {
	e    *evaluation
	past pastReader
}

func (w *worker) chunk(ids []string) error {
	e := w.e
	tickets, err := store.Several(e.ctx, e.q, ids...)
	if err != nil {
		return err
	}
	streams, err := event.Past(e.ctx, e.q, ids...)
	if err != nil {
		return err
	}
	under, err := store.Under(e.ctx, e.q, ids...)
	if err != nil {
		return err
	}
	all := make([]counts, 0, len(tickets))
	for i := range tickets {
		t := &tickets[i]
		if e.skip[t.SiteID] {
			continue
		}
		x, err := w.one(*t, streams[t.ID], under[t.ID])
		if err != nil {
			return err
		}
		if !x.empty() {
			all = append(all, x)
		}
	}
	return e.add(int64(len(ids)), all)
}

// counts is what one ticket adds to both records.
type counts struct{ was, would entry }

func (c *counts) empty() bool { return c.was.empty() && c.would.empty() }

// entry is a ticket in one record: promises that were decided in the period, and its time when it ended there.
type entry struct {
	promises []score.Promise
	ended    int64
	spans    []score.Span
}

func (n *entry) empty() bool { return len(n.promises) == 0 && n.ended == 0 }

func (n *entry) into(t *score.Tally) {
	for _, p := range n.promises {
		t.Promise(p)
	}
	if n.ended != 0 {
		t.Ticket(n.ended, n.spans)
	}
}

// add counts tickets, and tells how far it is.
func (e *evaluation) add(read int64, all []counts) error {
	e.mu.Lock()
	for i := range all {
		all[i].was.into(e.was)
		all[i].would.into(e.would)
	}
	e.tickets += int64(len(all))
	e.done += read
	done := e.done
	e.mu.Unlock()
	return e.told(done)
}

// one reads the past of a ticket twice: as it was, and with the version.
func (w *worker) one(t ticket.Ticket, stream []event.Event, under []string) (c counts, err error) {
	e := w.e
	ledger, err := record.Ledger(stream)
	if err != nil {
		return c, err
	}
	papers, versions := make([]agreement.Paper, len(under)), make([]agreement.Version, len(under))
	for i, id := range under {
		if papers[i], versions[i], err = e.version(id, t.SiteID); err != nil {
			return c, err
		}
	}
	facts := agreement.Facts{Versions: versions, Now: e.now, NeverLapse: t.NeverLapses()}
	c.was = e.entry(outcome.Reading{Ticket: t, Stream: stream, Papers: papers, Result: agreement.Clock(ledger, facts)})
	version, err := e.proposal(t.SiteID)
	if err != nil {
		return c, err
	}
	w.past.terms = Terms{Version: version, Grace: int64(e.paper.Terms.GraceDays) * day}
	w.past.read(stream, ledger, t.NeverLapses(), e.now)
	c.would = e.entry(outcome.Reading{Ticket: t, Stream: stream, Papers: []agreement.Paper{e.paper}, Result: w.past.result})
	return c, nil
}

const day = int64(24 * time.Hour / time.Second)

// entry keeps what falls into the period.
func (e *evaluation) entry(l outcome.Reading) (n entry) {
	from, to := e.period.From.Unix(), e.period.To.Unix()
	for _, o := range outcome.Of(l) {
		if o.Decided < from || o.Decided >= to || o.State == agreement.StateVoid && o.Reason != agreement.ReasonSilence && o.Reason != agreement.ReasonReturned {
			continue
		}
		n.promises = append(n.promises, score.Promise{
			Side: o.Side, Metric: o.Metric, Priority: o.Priority, State: o.State, Stands: o.Stands, Reason: o.Reason, Target: o.Target, Used: o.Used, Started: o.Started, Due: o.Due,
			Ended: o.Ended, Decided: o.Decided,
		})
	}
	a := outcome.AccountOf(l)
	if a.Ended < from || a.Ended >= to {
		return n
	}
	n.ended = a.Ended
	for _, s := range a.Spent {
		n.spans = append(n.spans, score.Span(s))
	}
	return n
}

// siteCalendar is the calendar of a site of its own, "" for none.
func (e *evaluation) siteCalendar(siteID string) (string, error) {
	if siteID == "" {
		return "", nil
	}
	if c, ok := e.cals[siteID]; ok {
		return c, nil
	}
	s, err := people.SiteByID(e.ctx, e.q, siteID)
	e.cals[siteID] = s.CalendarID
	return s.CalendarID, err
}

// version is one that a ticket was under, ready for the clock.
func (e *evaluation) version(versionID, siteID string) (agreement.Paper, agreement.Version, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, ok := e.papers[versionID]
	if !ok {
		var err error
		if p, err = e.book.Paper(e.ctx, e.q, versionID); err != nil {
			return p, agreement.Version{}, err
		}
		e.papers[versionID] = p
	}
	v, err := e.ready(p, siteID)
	return p, v, err
}

// proposal is the version that is proposed, ready for the clock.
func (e *evaluation) proposal(siteID string) (agreement.Version, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ready(e.paper, siteID)
}

func (e *evaluation) ready(p agreement.Paper, siteID string) (agreement.Version, error) {
	cal, err := e.siteCalendar(siteID)
	if err != nil {
		return agreement.Version{}, err
	}
	k := [2]string{p.ID, cal}
	v, ok := e.kept[k]
	if !ok {
		if v, err = e.book.Version(e.ctx, e.q, p, cal); err != nil {
			return v, err
		}
		e.kept[k] = v
	}
	return v, nil
}
