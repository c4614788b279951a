package reading

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/kit/errs"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/turn"
)

// Panel is both clocks and the ribbon of the ticket.
func (t *Reading) Panel(ctx context.Context) (turn.Panel, error) {
	r := t.Ledger.Result
	p := turn.Panel{Turn: Side(r.Current().Side)}
	switch p.Turn {
	case ui.Provider:
		p.TurnText = "our turn now"
	case ui.Customer:
		p.TurnText = t.Customers() + " turn now"
	}
	p.IT, p.You = t.clock(agreement.SideProvider), t.clock(agreement.SideCustomer)
	p.IT.Title, p.You.Title = "IT’s clock", Capital(t.Customers())+" clock"
	p.Ribbon = t.ribbon()
	var err error
	p.Ribbon.Hours, err = t.serviceHours(ctx)
	return p, err
}

// clock is a side's promise that breaks first, or the last one it had.
func (t *Reading) clock(s agreement.Side) turn.Clock {
	c := turn.Clock{Side: Side(s), State: turn.None}
	best := -1
	all := t.Ledger.Result.Obligations
	for i := range all {
		o := &all[i]
		if o.Side != s || o.Target == 0 || o.State == agreement.StateVoid {
			continue
		}
		if st := o.State; o.Ended != 0 && (st == agreement.StateMet || st == agreement.StateBreached) || st == agreement.StateBreached {
			c.Of++
			if st == agreement.StateMet {
				c.Kept++
			}
		}
		if best < 0 || nearer(o, &all[best]) {
			best = i
		}
	}
	if best < 0 {
		return c
	}
	o := &all[best]
	c.Promise, c.Done = Promises[o.Metric].Verb, Promises[o.Metric].Done
	c.Due, c.Met = Instant(o.Due), Instant(o.Met)
	c.Used, c.Target = time.Duration(o.Used)*time.Second, time.Duration(o.Target)*time.Second
	c.State, c.Soon = clockState(o), o.AtRisk
	c.Why = t.why(best, s)
	return c
}

// nearer says whether an obligation tells more than another: one that is owed before one that ended, then the one that breaks
// first; of those that ended the last.
func nearer(a, b *agreement.Obligation) bool {
	if (a.Ended == 0) != (b.Ended == 0) {
		return a.Ended == 0
	}
	if a.Ended != 0 {
		return a.Ended >= b.Ended
	}
	return a.Left() < b.Left()
}

func clockState(o *agreement.Obligation) turn.State {
	switch o.State {
	case agreement.StateRunning:
		return turn.Running
	case agreement.StatePaused:
		return turn.Stopped
	case agreement.StateMet:
		return turn.Kept
	case agreement.StateBreached:
		return turn.Missed
	case agreement.StateWaived:
		return turn.Waived
	case agreement.StateDisputed:
		return turn.Disputed
	}
	return turn.None
}

// why explains a promise: every span of it, counted or not, with its reason.
func (t *Reading) why(i int, s agreement.Side) []turn.Explained {
	spans := t.Ledger.Result.Explain(i)
	out := make([]turn.Explained, len(spans))
	for k, e := range spans {
		out[k] = turn.Explained{From: Instant(e.From), To: Instant(e.To), Counted: e.Counted, Reason: t.because(e.Reason, s)}
	}
	return out
}

func (t *Reading) because(reason string, s agreement.Side) string {
	switch reason {
	case agreement.SpanCounted:
		if s == agreement.SideCustomer {
			return t.Customers() + " turn, in working hours"
		}
		return t.its() + " turn, in service hours"
	case agreement.SpanProviderTurn:
		return t.its() + " turn"
	case agreement.SpanCustomerTurn:
		return t.Customers() + " turn"
	}
	return reason
}

// ribbon is the ticket's life as turns.
func (t *Reading) ribbon() turn.Ribbon {
	r := t.Ledger.Result
	rb := turn.Ribbon{ITName: "IT", YouName: Capital(t.Customer()), Ended: !t.Ticket.Open}
	for _, u := range r.Turns {
		if n := len(rb.Spans); n > 0 && rb.Spans[n-1].Side == Side(u.Side) && rb.Spans[n-1].Who == t.holder(u) {
			rb.Spans[n-1].To = Instant(r.Until(u)) // passed on inside one side
			continue
		}
		rb.Spans = append(rb.Spans, turn.Span{Side: Side(u.Side), From: Instant(u.Since), To: Instant(r.Until(u)), Who: t.holder(u), Cause: t.cause(u)})
	}
	for i := range t.events {
		e := &t.events[i]
		if e.Kind == string(agreement.StepTaken) {
			if l, ok := t.step(e); ok && l.text != "" {
				rb.Marks = append(rb.Marks, turn.Mark{Side: Side(e.d.Metric.Side()), At: e.At, Text: l.text})
			}
		}
	}
	return rb
}

func (t *Reading) holder(u agreement.Turn) string {
	switch u.Side {
	case agreement.SideCustomer:
		return Capital(t.Customer())
	case agreement.SideSupplier:
		return Capital(t.supplier(u.Party))
	case agreement.SideProvider:
		return "IT"
	}
	return "Nobody"
}

// cause says what began a turn.
func (t *Reading) cause(u agreement.Turn) string {
	if u.Cause == agreement.CauseWaitOver {
		return "The wait was over"
	}
	for i := range t.events {
		e := &t.events[i]
		if e.Seq != u.CauseSeq {
			continue
		}
		who := t.Start(e.Actor)
		if m := t.message(e.d.Message); m != nil && m.AuthorID != "" {
			who = t.Start(m.AuthorID)
		}
		switch agreement.Kind(e.Kind) {
		case agreement.Opened:
			return who + " asked " + ChannelWords[e.Channel]
		case agreement.CustomerSpoke:
			return who + " wrote " + ChannelWords[e.Channel]
		case agreement.QuestionAsked:
			if m := t.message(e.d.Message); m != nil && m.Need != "" {
				return who + " asked for " + m.Need
			}
			return who + " asked"
		case agreement.SolutionProposed:
			return who + " asked whether it works"
		}
		if l, ok := t.told(e); ok {
			return l.text
		}
	}
	return ""
}

// longestFolded is the life beyond which nights are not folded away: the drawing would show nothing of them anyway.
const longestFolded = 92 * 24 * time.Hour

// serviceHours are IT's hours within the ticket's life, as the calendar of its agreement has them.
func (t *Reading) serviceHours(ctx context.Context) ([]turn.Period, error) {
	r := t.Ledger.Result
	if len(r.Turns) == 0 {
		return nil, nil
	}
	from, to := r.Turns[0].Since, r.Until(r.Current())
	if to-from > int64(longestFolded/time.Second) {
		return nil, nil
	}
	paper, err := t.Paper(ctx)
	if err != nil {
		return nil, err
	}
	version, err := t.src.Book.Version(ctx, t.src.DB.Read(), paper, "")
	if err != nil || version.Service == nil {
		return nil, err
	}
	var out []turn.Period
	for _, span := range version.Service.Explain(from, to) {
		if span.Open {
			out = append(out, turn.Period{From: Instant(span.From), To: Instant(span.To)})
		}
	}
	return out, nil
}

// Paper is the version of the agreement the ticket is under.
func (t *Reading) Paper(ctx context.Context) (agreement.Paper, error) {
	for i := len(t.events) - 1; i >= 0; i-- {
		if v := t.events[i].d.VersionID; v != "" {
			return t.src.Book.Paper(ctx, t.src.DB.Read(), v)
		}
	}
	return agreement.Paper{}, errs.New(errs.Internal, "reading.Paper", "%s names no agreement", t.Ticket.Ref())
}
