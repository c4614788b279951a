package agreement

import (
	"cmp"
	"slices"
	"time"
)

// ActionWaitEnd is the action of the timer at the end of an agreed wait: the turn goes back by itself, somebody is
// told. It is no step and needs no StepTaken.
const ActionWaitEnd = "wait_end"

// Timer is something that falls due if nothing happens before. Execute it when At has come, then record it with a
// StepTaken of the same Ref, Metric and Step and read the ledger again before the next: one notice may move another.
type Timer struct {
	Obligation string // its ID; empty for ActionWaitEnd
	Ref        int64  // CauseSeq of the obligation; of the wait for ActionWaitEnd
	Metric     Metric
	Action     string
	Step       int    // index among the steps of the metric in the ladder of the version in force
	Side       Side   // addressee: the person who owes, the provider, or the customer's contact
	Party      string // team or person
	Planned    int64  // inside the addressee's hours; does not depend on Now
	Price      Price  // of a charge or a credit
	At         int64  // Planned, or if that has passed the next instant inside the addressee's hours
}

// addressee of an action on an obligation of a side.
func addressee(obligor Side, action string) Side {
	switch action {
	case ActionWarn, ActionRequeue:
		return SideProvider
	case ActionTellContact, ActionTellCustomer, ActionPause, ActionLapse, ActionClose, ActionCharge, ActionCredit:
		return SideCustomer
	}
	return obligor
}

func consequence(action string) bool {
	switch action {
	case ActionPause, ActionLapse, ActionClose, ActionRequeue, ActionCharge, ActionCredit:
		return true
	}
	return false
}

func ends(action string) bool { return action == ActionLapse || action == ActionClose }

// stepTaken notes who was told when.
func (l *ledger) stepTaken(o *Obligation, e *Event) {
	if e.Step < o.nextStep || e.Step > maxPercent {
		return
	}
	if e.Cause == CauseWaived {
		if e.Step >= 0 && e.Step < MostStepsOfOne {
			o.skipped |= 1 << e.Step
		}
		return
	}
	o.nextStep = e.Step + 1
	o.lastStep = l.at
	action := ""
	if s := l.version.step(o.Metric, e.Step); s != nil {
		action = s.Action
	}
	switch {
	case action == ActionTellContact:
		l.lastContact = l.at
	case addressee(o.Side, action) == SideCustomer:
		l.lastCustomer = l.at
	default:
		o.lastOwn = l.at
	}
}

// MostStepsOfOne is how many steps the ladder of one metric has at the most.
const MostStepsOfOne = 64

// skips says whether the step with that index was waived.
func (o *Obligation) skips(index int) bool {
	return index < MostStepsOfOne && o.skipped&(1<<index) != 0
}

// step is the step of a metric with that index, or nil.
func (v *Version) step(m Metric, index int) *Step {
	for i := range v.Ladder {
		if v.Ladder[i].Metric != m {
			continue
		}
		if index == 0 {
			return &v.Ladder[i]
		}
		index--
	}
	return nil
}

// upcoming is the next step of an obligation that is to be taken at all, and its index.
func (l *ledger) upcoming(o *Obligation) (*Step, int) {
	paused := false
	index := -1
	for i := range l.version.Ladder {
		s := &l.version.Ladder[i]
		if s.Metric != o.Metric {
			continue
		}
		index++
		switch {
		case o.skips(index):
			continue // a pause that was left out stops no reminder
		case index < o.nextStep:
		case ends(s.Action) && l.neverLapse:
		case paused && !consequence(s.Action) && !l.announces(i):
		default:
			return s, index
		}
		paused = paused || s.Action == ActionPause
	}
	return nil, 0
}

// announces says whether the step at i of the ladder is the last of its kind before an ending that will come: after a
// pause reminders stop, but an ending is announced.
func (l *ledger) announces(i int) bool {
	ladder := l.version.Ladder
	for k := i + 1; k < len(ladder); k++ {
		if ladder[k].Metric != ladder[i].Metric {
			continue
		}
		if ladder[k].Action == ladder[i].Action {
			return false
		}
		if ends(ladder[k].Action) {
			return !l.neverLapse
		}
	}
	return false
}

// timers fills in what falls due next.
func (l *ledger) timers() {
	r := l.r
	if l.closed {
		return
	}
	if l.waiting {
		t := Timer{Ref: l.waitSeq, Action: ActionWaitEnd, Side: l.base.Side, Party: l.base.Party, Planned: l.waitUntil}
		r.Timers = l.fire(r.Timers, t, l.version.hours(l.base.Side))
	}
	for i := range r.Obligations {
		if o := &r.Obligations[i]; o.Ended == 0 {
			l.ladder(o)
		}
	}
	if len(r.Timers) < 2 {
		return
	}
	order := func(a, b Timer) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Planned, b.Planned)) }
	slices.SortStableFunc(r.Timers, order)
	l.spread()
	slices.SortStableFunc(r.Timers, order)
}

// ladder adds the next step of an obligation that is running.
func (l *ledger) ladder(o *Obligation) {
	turn := &l.r.Turns[len(l.r.Turns)-1]
	if !o.agreed || !l.version.counts(o.Side, turn.Side) {
		return
	}
	s, index := l.upcoming(o)
	if s == nil || o.disputed && consequence(s.Action) {
		return
	}
	t := Timer{
		Obligation: o.ID, Ref: o.CauseSeq, Metric: o.Metric, Action: s.Action, Step: index,
		Side: addressee(o.Side, s.Action), Party: o.Party, Price: s.Price, Planned: l.scheduled(o, s, turn),
	}
	if t.Side != o.Side {
		t.Party = "" // the desk knows the requester and the contact
	} else if t.Side == SideProvider {
		t.Party = l.team
	}
	h := l.version.hours(t.Side)
	days := s.PlusDays
	if consequence(s.Action) {
		days = max(1, days)
	}
	if days > 0 && o.lastStep > 0 {
		t.Planned = max(t.Planned, workingDayAfter(h, o.lastStep, days))
	}
	if told := l.told(o, s.Action, t.Side); told > 0 {
		t.Planned = max(t.Planned, workingDayAfter(h, told, 1))
	}
	l.r.Timers = l.fire(l.r.Timers, t, h)
}

// told is when the addressee of a step was told last, by a step.
func (l *ledger) told(o *Obligation, action string, side Side) int64 {
	switch {
	case action == ActionTellContact:
		return l.lastContact
	case side == SideCustomer:
		return l.lastCustomer
	}
	return o.lastOwn
}

// scheduled is when the working time of a step is used up. It looks back no further than the obligation has been
// counting without a break; a step due before is due from there on.
func (l *ledger) scheduled(o *Obligation, s *Step, turn *Turn) int64 {
	regime := &l.r.regimes[len(l.r.regimes)-1]
	percent := int64(min(max(s.Percent, 0), maxPercent))
	if s.Action == ActionWarn && percent == 0 && s.PlusSeconds == 0 {
		percent = regime.warn[o.slot]
	}
	need := part(o.Target, percent) + min(max(s.PlusSeconds, 0), maxInstant)
	since := max(turn.Since, regime.from, o.Started)
	h := l.version.hours(o.Side)
	before := o.Used - h.between(since, l.at)
	if need <= before {
		return since
	}
	at, ok := h.add(since, need-before)
	if !ok {
		return maxInstant
	}
	return at
}

// fire puts a timer inside its addressee's hours; one that never comes is left out.
func (l *ledger) fire(timers []Timer, t Timer, h hours) []Timer {
	var ok bool
	if t.Planned, ok = h.nextOpen(t.Planned); !ok || t.Planned >= maxInstant {
		return timers
	}
	if t.At = t.Planned; t.At < l.at {
		if t.At, ok = h.nextOpen(l.at); !ok {
			return timers
		}
	}
	return append(timers, t)
}

// spread moves notices to the customer that would come on one local day to different days, the first one first. The
// person and the site's contact are told apart.
func (l *ledger) spread() {
	h := l.version.hours(SideCustomer)
	var before [2]*Timer
	for i := range l.r.Timers {
		t := &l.r.Timers[i]
		if t.Side != SideCustomer || t.Action == ActionWaitEnd {
			continue
		}
		who := 0
		if t.Action == ActionTellContact {
			who = 1
		}
		if b := before[who]; b != nil {
			t.Planned = max(t.Planned, workingDayAfter(h, b.Planned, 1))
			t.At = max(t.At, t.Planned, workingDayAfter(h, b.At, 1))
		}
		before[who] = t
	}
	l.r.Timers = slices.DeleteFunc(l.r.Timers, func(t Timer) bool { return t.At == maxInstant })
}

// nightRest is the least time between steps on two days where hours go over midnight.
const nightRest = 8 * hour

// workingDayAfter is the opening of the n-th day with hours after the local day of at. Where hours go over midnight
// nothing opens: it is midnight then, or nightRest later than at. Where nothing opens any more it is maxInstant.
func workingDayAfter(h hours, at int64, n int) int64 {
	zone := time.UTC
	if h.c != nil {
		zone = h.c.Zone()
	}
	for range min(n, 400) {
		t := time.Unix(at, 0).In(zone)
		day := nextDay(t)
		opening, ok := h.nextOpen(day)
		if !ok {
			return maxInstant
		}
		if opening == day && h.between(day-1, day) == 1 {
			if opening, ok = h.nextOpen(max(day, at+nightRest)); !ok {
				return maxInstant
			}
		}
		at = opening
	}
	return at
}

// nextDay is the first instant of the local day after t's, also where a zone skips midnight.
func nextDay(t time.Time) int64 {
	y, m, d := t.Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
	for range 200 { // a skipped midnight gives 23:00 of the day before
		if _, _, day := next.Date(); day != d {
			break
		}
		next = next.Add(15 * time.Minute)
	}
	return next.Unix()
}
