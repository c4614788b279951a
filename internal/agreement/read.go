package agreement

// read applies one event at l.at.
func (l *ledger) read(i int, e *Event) {
	if e.Follows && l.r.flags[i]&markUndone != 0 {
		return
	}
	switch e.Kind {
	case AgreementSet:
		if !e.Correction && e.Version >= 0 && e.Version < len(l.versions) {
			l.version = l.corrected(i, e.Version)
			l.decide()
		}
		return
	case PriorityChanged:
		if e.Priority != "" {
			l.about.priority = e.Priority
			l.decide()
		}
		return
	case ServiceChanged:
		l.about.service = e.Service
		l.decide()
		return
	case TeamChanged:
		l.team = e.Party
		if e.Door != l.about.door {
			l.about.door = e.Door
			l.decide()
		}
		if l.born && !l.closed && l.base.Side == SideProvider {
			l.move(SideProvider, l.team, e)
		}
		return
	case StepTaken, Waived, Disputed, DisputeSettled:
		l.aboutObligation(e)
		return
	case Opened:
		l.opened(e)
		return
	case Reopened:
		l.reopened(e)
		return
	}
	if l.born && !l.closed {
		l.readLive(l.r.flags[i], e)
	}
}

// readLive applies an event that matters only while the ticket is open.
func (l *ledger) readLive(marks uint8, e *Event) {
	switch e.Kind {
	case CustomerSpoke:
		if marks&markNoTurn == 0 {
			l.customerSpoke(e)
		}
	case QuestionReturned, SolutionRejected:
		l.customerSpoke(e)
	case ProviderSpoke:
		if marks&markUndelivered == 0 {
			l.respond()
		}
	case QuestionAsked:
		l.question(marks, e)
	case SolutionProposed:
		if marks&markUndelivered == 0 {
			l.solution(e)
		}
	case SolutionConfirmed:
		if l.conf >= 0 {
			l.meet(l.conf)
			l.conf = -1
			l.waiting = false
			l.move(SideNobody, "", e)
		}
	case Closed:
		l.close(e)
	case Merged:
		l.merged(marks, e)
	case Absorbed:
		if e.Consent {
			l.spoken(e)
		}
	case WaitAgreed:
		l.wait(e)
	case WaitEnded:
		if l.waiting {
			l.waiting = false
			l.turn(l.base, string(e.Kind), e.Seq)
		}
	case SupplierAsked:
		if l.base.Side == SideProvider || l.base.Side == SideSupplier {
			l.move(SideSupplier, e.Party, e)
		}
	case SupplierAnswered:
		if l.base.Side == SideSupplier {
			l.move(SideProvider, l.team, e)
		}
	}
}

// decide puts the version, or what the ticket is about, that was just set in force, from this instant.
func (l *ledger) decide() {
	r := l.r
	g := newRegime(l.at, l.version, l.about)
	if !l.born {
		g.from = 0
		r.regimes[0] = g
		return
	}
	r.regimes = append(r.regimes, g)
	for _, k := range r.open {
		l.retarget(&r.Obligations[k])
	}
}

func (l *ledger) opened(e *Event) {
	if l.born {
		return
	}
	l.born, l.since = true, l.at
	if e.Party != "" {
		l.team = e.Party
	}
	about := matter{l.about.priority, e.Service, e.Door}
	if e.Priority != "" {
		about.priority = e.Priority
	}
	if about != l.about {
		l.about = about
		l.r.regimes[0] = newRegime(0, l.version, about)
	}
	l.move(SideProvider, l.team, e)
	l.fr = l.start(MetricFirstResponse, l.team, e)
	l.res = l.start(MetricResolution, l.team, e)
}

// customerSpoke: whatever was asked of the customer is answered, and the provider owes the next move.
func (l *ledger) customerSpoke(e *Event) {
	asked := l.spoken(e)
	if !e.Follows && (l.responded || l.firstWaived || asked) && !l.owed(l.nr) {
		l.nr = l.start(MetricNextResponse, l.team, e)
	}
}

// spoken: the customer has said something. It says whether anything was asked of them.
func (l *ledger) spoken(e *Event) bool {
	asked := l.answered()
	l.unsolved()
	l.waiting = false
	l.move(SideProvider, l.team, e)
	return asked
}

// merged: what was asked of the customer here is asked there or not at all. What the provider owes it owes still: a merge
// clears nothing. If it is taken back, the time since was the provider's.
func (l *ledger) merged(marks uint8, e *Event) {
	l.voidCustomers(ReasonMerged)
	l.conf, l.waiting = -1, false
	if e.Consent && marks&markUndone == 0 {
		l.move(SideCustomer, e.Party, e)
		return
	}
	l.unsolved()
	l.move(SideProvider, l.team, e)
}

// unsolved: the solution was none, so the same obligation goes on.
func (l *ledger) unsolved() {
	if l.resolved {
		l.resolved = false
		l.resume(l.res)
	}
}

// voidCustomers ends everything the customer owes.
func (l *ledger) voidCustomers(reason string) {
	for k := 0; k < len(l.r.open); {
		i := int(l.r.open[k])
		if l.r.Obligations[i].Side == SideCustomer {
			l.void(i, reason)
			continue
		}
		k++
	}
}

// answered meets everything the customer owes and says whether that was anything.
func (l *ledger) answered() bool {
	any := false
	for k := 0; k < len(l.r.open); {
		if i := l.r.open[k]; l.r.Obligations[i].Side == SideCustomer {
			any = true
			l.meet(int(i)) // takes it out of open
			continue
		}
		k++
	}
	l.conf = -1
	return any
}

// respond meets what the provider owed as a response.
func (l *ledger) respond() {
	l.responded = true
	l.meet(l.fr)
	l.meet(l.nr)
}

func (l *ledger) question(marks uint8, e *Event) {
	metric := l.wanted(e.Metric)
	if marks&markUndelivered != 0 {
		l.voidFromStart(metric, ReasonUndeliverable, e)
		return
	}
	l.respond()
	if e.Ref != 0 && !e.Follows {
		l.r.Repeated++
	}
	if marks&markReturned != 0 {
		if !e.Follows {
			l.r.Needless++
		}
		l.voidFromStart(metric, ReasonReturned, e)
		return
	}
	l.waiting = false
	l.move(SideCustomer, e.Party, e)
	if !e.Follows {
		l.extend(l.start(metric, e.Party, e), e.Due)
	}
}

// wanted is what a question asks for. A test or a word that something was read is an answer where nothing is agreed for it.
func (l *ledger) wanted(m Metric) Metric {
	switch m {
	case MetricSupplyFacts:
		return m
	case MetricTest, MetricAcknowledge:
		if l.r.regimes[len(l.r.regimes)-1].target[m.slot()] > 0 {
			return m
		}
	}
	return MetricAnswer
}

func (l *ledger) solution(e *Event) {
	l.respond()
	l.voidCustomers(ReasonSuperseded)
	l.meet(l.res)
	l.resolved, l.waiting = true, false
	l.move(SideCustomer, e.Party, e)
	if l.conf = -1; !e.Follows {
		l.conf = l.start(MetricConfirm, e.Party, e)
	}
}

func (l *ledger) wait(e *Event) {
	until := min(e.Until, maxInstant)
	if !e.Consent || until <= l.at {
		return
	}
	l.waitUntil, l.waitSeq = until, e.Seq
	if !l.waiting {
		l.waiting = true
		l.turn(Turn{Side: SideNobody}, string(e.Kind), e.Seq)
	}
}

var closingReasons = [...]struct{ cause, reason string }{
	{CauseLapsed, ReasonLapsed}, {CauseWithdrawn, ReasonWithdrawn}, {CauseNotATicket, ReasonNotATicket},
	{CauseDeclined, ReasonDeclined},
}

func (l *ledger) close(e *Event) {
	switch {
	case e.Cause == CauseConfirmed:
		l.meet(l.conf)
		l.meet(l.res)
	case e.Cause == CauseSilence && l.conf >= 0:
		if o := &l.r.Obligations[l.conf]; o.Ended == 0 {
			l.void(l.conf, ReasonSilence)
			o.broken = false // neither kept nor broken, also when the closing came late
		}
	}
	reason := ReasonClosed
	for _, c := range closingReasons {
		if c.cause == e.Cause {
			reason = c.reason
		}
	}
	for len(l.r.open) > 0 {
		i := int(l.r.open[0])
		l.r.Obligations[i].byClosing = true
		l.void(i, reason)
	}
	l.conf, l.waiting, l.resolved = -1, false, false
	l.closed, l.closedAt = true, l.at
	l.move(SideNobody, "", e)
}

func (l *ledger) reopened(e *Event) {
	if !l.born || !l.closed {
		return
	}
	l.closed = false
	l.move(SideProvider, l.team, e)
	l.resume(l.res)
	for _, i := range [...]int{l.fr, l.nr} {
		if i >= 0 && l.r.Obligations[i].byClosing {
			l.resume(i)
		}
	}
}

// move says whose turn it is apart from a wait, and makes it so unless there is one.
func (l *ledger) move(side Side, party string, e *Event) {
	l.base = Turn{Side: side, Party: party}
	if !l.waiting {
		l.turn(l.base, string(e.Kind), e.Seq)
	}
}

// turn opens a turn at l.at. A turn of the same side and party goes on, unless what is owed is another thing. While a span that was
// settled lasts, its turn is what both sides agreed.
func (l *ledger) turn(t Turn, cause string, seq int64) {
	last := &l.natural
	if last.Side == t.Side && last.Party == t.Party && t.Side != SideNobody &&
		(cause == string(SolutionProposed)) == (last.Cause == string(SolutionProposed)) {
		return
	}
	t.Cause, t.CauseSeq = cause, seq
	l.natural = t
	if l.over = l.over && !l.closed; !l.over {
		l.show(t)
	}
}

// show ends the turn there was and begins another at l.at.
func (l *ledger) show(t Turn) {
	r := l.r
	if n := len(r.Turns); n > 0 {
		r.Turns[n-1].Until = l.at
	}
	t.Since, t.Until = l.at, 0
	r.Turns = append(r.Turns, t)
}
