package agreement

// A dispute is about an obligation, or about a span: whose turn it was. What is settled is read from the beginning, like a question that
// was returned: the events stay as they are, and the turn of the span is another one, for both sides' clocks.

// settledSpan is a span of the past that both sides agree was a side's turn.
type settledSpan struct {
	from, until int64
	turn        Turn
}

// openDispute is a span that is challenged and not settled, with the obligations that lived in it.
type openDispute struct {
	seq  int64
	over []int
}

// settled keeps what was agreed of a span; the later word holds where two overlap.
func (l *ledger) settled(e *Event) {
	s := settledSpan{e.From, min(e.Until, max(e.At, 1)), Turn{Side: e.Side, Party: e.Party, Cause: string(DisputeSettled), CauseSeq: e.Seq}}
	if e.Side == "" || s.from <= 0 || s.from >= s.until {
		return
	}
	var out []settledSpan
	for _, o := range l.spans {
		if o.until <= s.from || o.from >= s.until {
			out = append(out, o)
			continue
		}
		if o.from < s.from {
			out = append(out, settledSpan{o.from, s.from, o.turn})
		}
		if o.until > s.until {
			out = append(out, settledSpan{s.until, o.until, o.turn})
		}
	}
	at := 0
	for at < len(out) && out[at].from < s.from {
		at++
	}
	out = append(out, settledSpan{})
	copy(out[at+1:], out[at:])
	out[at] = s
	l.spans = out
}

// pass counts up to an instant and changes the turn where a settled span begins or ends on the way. One that ends at that very instant
// ends when time goes on: what happens then belongs to the turn after it. While the ticket is closed there is nothing to agree on.
func (l *ledger) pass(to int64) {
	for l.born && !l.closed && len(l.spans) > 0 {
		s := &l.spans[0]
		if l.over {
			if s.until >= to {
				break
			}
			l.endSpan()
			continue
		}
		switch {
		case s.from > to:
			l.count(to)
			return
		case s.until <= l.at: // before the ticket was, or while it was closed
			l.spans = l.spans[1:]
		default:
			l.count(max(s.from, l.at))
			l.beginSpan()
		}
	}
	l.count(to)
}

// beginSpan lets the turn be what was agreed, in place of one that began at the same instant.
func (l *ledger) beginSpan() {
	l.over = true
	r := l.r
	if n := len(r.Turns); n > 0 && r.Turns[n-1].Since == l.at {
		r.Turns = r.Turns[:n-1]
	}
	l.show(l.spans[0].turn)
}

// endSpan goes on with the turn that the events give.
func (l *ledger) endSpan() {
	l.count(l.spans[0].until)
	l.spans, l.over = l.spans[1:], false
	l.show(l.natural)
}

// catchUp counts what both sides agreed was the turn of who owes a promise, while it was taken for done: since then until l.at.
func (l *ledger) catchUp(o *Obligation, since int64) {
	if !o.agreed {
		return
	}
	r := l.r
	for i := range r.Turns {
		t := &r.Turns[i]
		if t.Cause != string(DisputeSettled) {
			continue
		}
		for k := range r.regimes {
			g := &r.regimes[k]
			from, to := max(since, t.Since, g.from), min(l.at, t.until(l.at))
			if k+1 < len(r.regimes) {
				to = min(to, r.regimes[k+1].from)
			}
			if from >= to || !g.version.counts(o.Side, t.Side) || g.target[o.slot] <= 0 {
				continue
			}
			h := g.version.hours(o.Side)
			worked, left := h.between(from, to), o.Left()
			if o.Used += worked; o.reached == 0 && worked > 0 && worked >= left {
				o.reached, _ = h.add(from, max(left, 0))
			}
			o.broken = o.broken || worked > left
		}
	}
}

// disputed marks what a challenge is about.
func (l *ledger) disputed(o *Obligation, e *Event) {
	if e.From == 0 {
		if o != nil {
			o.disputed = true
		}
		return
	}
	d := openDispute{seq: e.Seq}
	for i := range l.r.Obligations {
		if o := &l.r.Obligations[i]; o.Started < e.Until && (o.Ended == 0 || o.Ended > e.From) {
			d.over = append(d.over, i)
		}
	}
	l.disputes = append(l.disputes, d)
}

// settleDispute: an obligation stands as both sides agreed; of a span the turn was read already.
func (l *ledger) settleDispute(o *Obligation, e *Event) {
	if e.From == 0 {
		if o == nil {
			return
		}
		o.disputed, o.ruling = false, ""
		switch e.Cause {
		case RulingKept:
			o.ruling = StateMet
		case RulingBroken:
			o.ruling = StateBreached
		}
		return
	}
	for i := range l.disputes {
		if l.disputes[i].seq == e.Ref {
			l.disputes = append(l.disputes[:i], l.disputes[i+1:]...)
			return
		}
	}
}

// markDisputed says of every obligation whether something about it is challenged and not settled.
func (l *ledger) markDisputed() {
	for _, d := range l.disputes {
		for _, i := range d.over {
			l.r.Obligations[i].disputed = true
		}
	}
}
