package agreement

import "cmp"

// start begins an obligation at l.at and gives its index.
func (l *ledger) start(m Metric, party string, e *Event) int {
	r := l.r
	r.Obligations = append(r.Obligations, Obligation{
		Side: m.Side(), Metric: m, Started: l.at, Party: party, CauseSeq: e.Seq, slot: int8(m.slot()),
	})
	i := len(r.Obligations) - 1
	r.open = append(r.open, int32(i))
	l.retarget(&r.Obligations[i])
	return i
}

// extend lengthens an obligation to an explicit date. One before the agreed date changes nothing: the agreement binds
// both.
func (l *ledger) extend(i int, due int64) {
	due = min(due, maxInstant)
	if due <= l.at {
		return
	}
	o := &l.r.Obligations[i]
	o.ext, o.asked = l.version.hours(o.Side).between(l.at, due), due
	l.retarget(o)
}

func (l *ledger) owed(i int) bool { return i >= 0 && l.r.Obligations[i].Ended == 0 }

// meet: what was owed is done. Nothing happens if it is not owed.
func (l *ledger) meet(i int) {
	if !l.owed(i) {
		return
	}
	o := &l.r.Obligations[i]
	o.Met = l.at
	if o.FirstMet == 0 {
		o.FirstMet = l.at
	}
	l.end(i)
}

// void: nothing is owed any more, and it was not done. If it was broken before, that stays.
func (l *ledger) void(i int, reason string) {
	if l.owed(i) {
		l.r.Obligations[i].Reason = reason
		l.end(i)
	}
}

// voidFromStart records an obligation that never was one.
func (l *ledger) voidFromStart(m Metric, reason string, e *Event) {
	if e.Follows {
		return
	}
	i := l.start(m, e.Party, e)
	l.void(i, reason)
	l.r.Obligations[i].Due = 0
}

func (l *ledger) end(i int) {
	o := &l.r.Obligations[i]
	o.Ended, o.Due = l.at, o.reached
	if o.Due == 0 && o.agreed {
		o.Due = l.dueFrom(o, l.at, o.Left())
	}
	o.broken = o.broken || o.overdrawn()
	open := l.r.open
	for k, at := range open {
		if int(at) == i {
			l.r.open = append(open[:k], open[k+1:]...)
			return
		}
	}
}

func (o *Obligation) overdrawn() bool { return o.agreed && o.Used > o.Target }

// resume: the same obligation is owed again, with what it had used.
func (l *ledger) resume(i int) {
	if i < 0 || l.owed(i) || l.r.Obligations[i].waived {
		return
	}
	o := &l.r.Obligations[i]
	since := o.Ended
	o.Ended, o.Met, o.Due, o.Reason, o.byClosing = 0, 0, 0, "", false
	l.r.open = append(l.r.open, int32(i))
	l.retarget(o)
	l.catchUp(o, since)
}

// retarget gives an obligation the target in force now. What is broken stays as it was. A target that is shorter than
// what was used breaks nothing by itself: a further second of the side's time does, or the end. So decisions made and
// taken back while the clock stands leave no trace.
func (l *ledger) retarget(o *Obligation) {
	target := l.r.regimes[len(l.r.regimes)-1].target[o.slot]
	o.agreed = target > 0
	if !o.agreed && !o.broken {
		o.Target, o.reached = 0, 0
	}
	if !o.agreed || o.broken {
		return
	}
	o.everBound = true
	target = max(target, o.ext)
	if target == o.Target {
		return
	}
	o.Target, o.reached = target, 0
	if o.Used >= target {
		o.reached = l.at
	}
}

// count lets the time from l.at pass in the current turn.
func (l *ledger) count(to int64) {
	from := l.at
	if to <= from {
		return
	}
	l.at = to
	if !l.born || l.closed || len(l.r.open) == 0 {
		return
	}
	turn := l.r.Turns[len(l.r.Turns)-1].Side
	if turn == SideNobody {
		return
	}
	side := SideProvider
	if turn == SideCustomer {
		side = SideCustomer
	}
	worked := int64(-1)
	for _, k := range l.r.open {
		o := &l.r.Obligations[k]
		if !o.agreed || !l.version.counts(o.Side, turn) {
			continue
		}
		if worked < 0 {
			worked = l.version.hours(side).between(from, to)
		}
		if worked == 0 {
			return
		}
		left := o.Left()
		o.Used += worked
		if o.reached == 0 && worked >= left {
			o.reached = l.dueFrom(o, from, left)
		}
		o.broken = o.broken || worked > left
	}
}

// dueFrom is when an obligation is used up if its side has the turn from an instant on; 0 if never.
func (l *ledger) dueFrom(o *Obligation, from, left int64) int64 {
	h := l.version.hours(o.Side)
	due, ok := h.add(from, left)
	switch {
	case !ok:
		return 0
	case o.asked > due && h.between(due, o.asked) == 0:
		return o.asked // outside the hours, but it is what was asked for
	}
	return due
}

// settle works out how an obligation stands at the end of the reading.
func (l *ledger) settle(o *Obligation) {
	turn := l.r.Turns[len(l.r.Turns)-1].Side
	owed := o.Ended == 0
	running := owed && o.agreed && l.version.counts(o.Side, turn)
	if owed {
		switch {
		case o.reached != 0:
			o.Due = o.reached
		case running:
			o.Due = l.dueFrom(o, l.at, o.Left())
		case o.agreed && l.waiting && l.version.counts(o.Side, l.base.Side):
			o.Due = l.dueFrom(o, l.waitUntil, o.Left())
		}
		l.warn(o, running)
	}
	switch {
	case o.waived:
		o.Stands = StateWaived
	case o.ruling == StateBreached, o.ruling == StateMet && !owed:
		o.Stands = o.ruling // as both sides agreed
	case o.ruling != StateMet && (o.broken || owed && o.overdrawn()):
		o.Stands = StateBreached
	case !o.agreed:
		o.Stands, o.Reason = StateVoid, cmp.Or(o.Reason, ReasonNoTarget)
	case o.Met != 0:
		o.Stands = StateMet
	case !owed:
		o.Stands = StateVoid
	case running:
		o.Stands = StateRunning
	default:
		o.Stands = StatePaused
	}
	o.State = o.Stands
	if o.disputed {
		o.State = StateDisputed
	}
}

// warn says whether the warning level is reached, or when it will be.
func (l *ledger) warn(o *Obligation, running bool) {
	percent := l.r.regimes[len(l.r.regimes)-1].warn[o.slot]
	if percent == 0 || !o.agreed || o.broken || o.overdrawn() {
		return
	}
	level := part(o.Target, percent)
	if o.AtRisk = o.Used >= level; !o.AtRisk && running {
		o.WarnAt, _ = l.version.hours(o.Side).add(l.at, level-o.Used)
	}
}

func part(target, percent int64) int64 { return target * percent / 100 }

// aboutObligation records a step, a waiver or a dispute.
func (l *ledger) aboutObligation(e *Event) {
	o := l.byStart(e)
	switch e.Kind {
	case Disputed:
		l.disputed(o, e)
		return
	case DisputeSettled:
		l.settleDispute(o, e)
		return
	}
	switch {
	case o == nil:
	case e.Kind == StepTaken:
		l.stepTaken(o, e)
	case e.Kind == Waived:
		l.waive(o, e)
	}
}

// byStart finds the obligation that an event means, or nil.
func (l *ledger) byStart(e *Event) *Obligation {
	for i := len(l.r.Obligations) - 1; i >= 0; i-- {
		if o := &l.r.Obligations[i]; o.CauseSeq == e.Ref && o.Metric == e.Metric {
			return o
		}
	}
	return nil
}

// waive ends what is owed, or excuses what was broken. What was kept or void stays so.
func (l *ledger) waive(o *Obligation, e *Event) {
	if o.Ended != 0 && !o.broken {
		return
	}
	o.waived = true
	if o.Metric == MetricFirstResponse && !l.responded {
		l.firstWaived = true
	}
	for k := range l.r.Obligations {
		if &l.r.Obligations[k] == o && o.Ended == 0 {
			l.end(k)
		}
	}
	o.Reason = cmp.Or(e.Cause, ReasonWaived)
}
