package agreement

import "slices"

// walk reads a ledger the slow way.
func (w *world) walk(events []Event, versions []oracleVersion, now int) *stepper {
	events = rewritten(events, len(versions))
	s := &stepper{w: w, versions: versions, priority: PriorityMedium, waitUntil: -1, end: -1}
	if len(events) > 0 && events[0].Kind == "version0" {
		s.version, events = events[0].Version, events[1:]
	}
	for {
		if s.waitUntil >= 0 && s.waitUntil <= s.now {
			s.waitUntil = -1
			s.show(s.base, CauseWaitOver, s.waitSeq)
		}
		for len(events) > 0 && events[0].At == w.at(s.now) {
			s.apply(events[0])
			events = events[1:]
		}
		if s.now == now {
			return s
		}
		s.tick()
	}
}

// rewritten has what later events say worked into the earlier ones.
func rewritten(in []Event, versions int) []Event {
	valid := func(e Event) bool { return e.Kind == AgreementSet && e.Version >= 0 && e.Version < versions }
	out := slices.Clone(in)
	for i, by := range in {
		for k := range in[:i] {
			on := &out[k]
			if in[k].Seq != by.Ref {
				continue
			}
			switch {
			case by.Kind == MessageIsNoTurn && on.Kind == CustomerSpoke:
				on.Kind = Note
			case by.Kind == Undeliverable && (on.Kind == ProviderSpoke || on.Kind == SolutionProposed):
				on.Kind = Note
			case by.Kind == Undeliverable && (on.Kind == QuestionAsked || on.Kind == "question_was_returned"):
				on.Kind = "question_never_sent"
			case by.Kind == QuestionReturned && on.Kind == QuestionAsked:
				on.Kind = "question_was_returned"
			}
		}
	}
	takeBack(in, out)
	decision, first := -1, 0
	for i, e := range in {
		switch {
		case !valid(e):
		case !e.Correction:
			decision = i
		case decision < 0:
			first = e.Version
		default:
			out[decision].Version = e.Version
		}
		if e.Kind == AgreementSet && (!valid(e) || e.Correction) {
			out[i].Kind = Note
		}
	}
	return append([]Event{{Kind: "version0", Version: first}}, out...)
}

func (s *stepper) apply(e Event) {
	switch e.Kind {
	case AgreementSet:
		s.version = e.Version
		s.decided()
	case PriorityChanged:
		if e.Priority != "" {
			s.priority = e.Priority
			s.decided()
		}
	case ServiceChanged:
		s.service = e.Service
		s.decided()
	case TeamChanged:
		s.team = e.Party
		s.door = e.Door
		s.decided()
		if s.opened && !s.closed && s.base.Side == SideProvider {
			s.give(SideProvider, s.team, e)
		}
	case Waived, Disputed, DisputeSettled:
		s.judge(e)
	case Opened:
		s.open(e)
	case Reopened:
		s.reopen(e)
	default:
		if s.opened && !s.closed {
			s.live(e)
		}
	}
}

func (s *stepper) decided() {
	for _, o := range s.owes {
		if o.ended < 0 {
			s.retarget(o)
		}
	}
}

func (s *stepper) judge(e Event) {
	for _, o := range s.owes {
		if o.seq != e.Ref || o.metric != e.Metric {
			continue
		}
		switch e.Kind {
		case Disputed:
			o.disputed = true
		case DisputeSettled:
			o.disputed = false
		case Waived:
			if o.ended < 0 || o.broken {
				s.waived1 = s.waived1 || o.metric == MetricFirstResponse && !s.responded
				s.stop(o, "", false)
				o.waived, o.reason = true, e.Cause
				if e.Cause == "" {
					o.reason = ReasonWaived
				}
			}
		}
	}
}

func (s *stepper) open(e Event) {
	if s.opened {
		return
	}
	s.opened, s.start = true, s.now
	if e.Party != "" {
		s.team = e.Party
	}
	if e.Priority != "" {
		s.priority = e.Priority
	}
	s.service, s.door = e.Service, e.Door
	s.give(SideProvider, s.team, e)
	s.begin(MetricFirstResponse, e)
	s.begin(MetricResolution, e)
}

func (s *stepper) reopen(e Event) {
	if !s.opened || !s.closed {
		return
	}
	s.closed, s.end = false, -1
	s.give(SideProvider, s.team, e)
	s.goOn(s.last(MetricResolution))
	for _, m := range []Metric{MetricFirstResponse, MetricNextResponse} {
		if o := s.last(m); o != nil && o.byClosing {
			s.goOn(o)
		}
	}
}

func (s *stepper) live(e Event) {
	switch e.Kind {
	case CustomerSpoke, QuestionReturned, SolutionRejected:
		s.customer(e)
	case ProviderSpoke:
		s.respond()
	case "question_never_sent":
		s.never(e, ReasonUndeliverable)
	case QuestionAsked, "question_was_returned":
		s.respond()
		if e.Follows { // asked, counted and owed on the other ticket
			if e.Kind == QuestionAsked {
				s.waitUntil = -1
				s.give(SideCustomer, e.Party, e)
			}
			return
		}
		if e.Ref != 0 {
			s.repeated++
		}
		if e.Kind == "question_was_returned" {
			s.needless++
			s.never(e, ReasonReturned)
			return
		}
		s.waitUntil = -1
		s.give(SideCustomer, e.Party, e)
		s.asked(s.begin(s.questionMetric(e), e), e.Due)
	case SolutionProposed:
		s.respond()
		s.stopCustomers(ReasonSuperseded, false)
		s.stop(s.last(MetricResolution), "", true)
		s.resolved, s.confirming, s.waitUntil = true, !e.Follows, -1
		s.give(SideCustomer, e.Party, e)
		if !e.Follows {
			s.begin(MetricConfirm, e)
		}
	case SolutionConfirmed:
		if s.confirming {
			s.stop(s.last(MetricConfirm), "", true)
			s.confirming, s.waitUntil = false, -1
			s.give(SideNobody, "", e)
		}
	case Closed:
		s.close(e)
	case Merged:
		s.merge(e)
	case Absorbed:
		if e.Consent {
			e.Follows = true // it begins nothing either
			s.customer(e)
		}
	case WaitAgreed:
		if e.Consent && e.Until > s.w.at(s.now) {
			waiting := s.waitUntil >= 0
			s.waitUntil = int((e.Until - s.w.base) / s.w.unit)
			s.waitSeq = e.Seq
			if !waiting {
				s.show(Turn{Side: SideNobody}, string(e.Kind), e.Seq)
			}
		}
	case WaitEnded:
		if s.waitUntil >= 0 {
			s.waitUntil = -1
			s.show(s.base, string(e.Kind), e.Seq)
		}
	case SupplierAsked:
		if s.base.Side == SideProvider || s.base.Side == SideSupplier {
			s.give(SideSupplier, e.Party, e)
		}
	case SupplierAnswered:
		if s.base.Side == SideSupplier {
			s.give(SideProvider, s.team, e)
		}
	}
}

// questionMetric: what nothing is agreed for is an answer, facts apart.
func (s *stepper) questionMetric(e Event) Metric {
	if e.Metric == MetricSupplyFacts || (e.Metric == MetricTest || e.Metric == MetricAcknowledge) && s.target(e.Metric) > 0 {
		return e.Metric
	}
	return MetricAnswer
}

func (s *stepper) never(e Event, reason string) {
	if e.Follows {
		return
	}
	o := s.begin(s.questionMetric(e), e)
	s.stop(o, reason, false)
	o.due = 0
}

func (s *stepper) asked(o *owe, due int64) {
	for k := s.now; k < s.w.n && s.w.at(k) < due; k++ {
		if s.openAt(SideCustomer, k) {
			o.ext += s.w.unit
		}
	}
	o.asked = due
	s.retarget(o)
}

func (s *stepper) respond() {
	s.responded = true
	s.stop(s.last(MetricFirstResponse), "", true)
	s.stop(s.last(MetricNextResponse), "", true)
}

func (s *stepper) stopCustomers(reason string, met bool) (any bool) {
	for _, o := range s.owes {
		if o.metric.Side() == SideCustomer && o.ended < 0 {
			any = true
			s.stop(o, reason, met)
		}
	}
	return any
}

func (s *stepper) customer(e Event) {
	answered := s.stopCustomers("", true)
	s.confirming = false
	if s.resolved {
		s.resolved = false
		s.goOn(s.last(MetricResolution))
	}
	s.waitUntil = -1
	s.give(SideProvider, s.team, e)
	next := s.last(MetricNextResponse)
	if !e.Follows && (s.responded || s.waived1 || answered) && (next == nil || next.ended >= 0) {
		s.begin(MetricNextResponse, e)
	}
}

func (s *stepper) close(e Event) {
	if e.Cause == CauseConfirmed {
		if s.resolved {
			s.stop(s.last(MetricConfirm), "", true)
		}
		s.stop(s.last(MetricResolution), "", true)
	}
	if o := s.last(MetricConfirm); e.Cause == CauseSilence && o != nil && o.ended < 0 {
		s.stop(o, ReasonSilence, false)
		o.broken = false
	}
	reason, ok := map[string]string{
		"lapsed": ReasonLapsed, "withdrawn": ReasonWithdrawn, "not_a_ticket": ReasonNotATicket, "declined": ReasonDeclined,
	}[e.Cause]
	if !ok {
		reason = ReasonClosed
	}
	for _, o := range s.owes {
		if o.ended < 0 {
			s.stop(o, reason, false)
			o.byClosing = true
		}
	}
	s.waitUntil, s.resolved, s.confirming, s.closed, s.end = -1, false, false, true, s.now
	s.give(SideNobody, "", e)
}

// outcome is what the oracle says about the ledger, in Clock's words.
func (s *stepper) outcome() Result {
	r := Result{Turns: s.turns, Needless: s.needless, Repeated: s.repeated}
	if !s.opened {
		return r
	}
	r.Lifetime = s.w.at(s.now) - s.w.at(s.start)
	if s.closed {
		r.Lifetime = s.w.at(s.end) - s.w.at(s.start)
		r.Turns[len(r.Turns)-1].Until = s.w.at(s.end)
	}
	for _, o := range s.owes {
		if !o.bound {
			continue
		}
		out := Obligation{
			ID: o.id, Side: o.metric.Side(), Metric: o.metric, Started: s.w.at(o.started), Due: o.due, Met: o.met,
			FirstMet: o.firstMet, Target: o.target, Used: o.used, CauseSeq: o.seq, Reason: o.reason,
		}
		if o.ended >= 0 {
			out.Ended = s.w.at(o.ended)
		} else {
			out.Due = s.dueNow(o)
		}
		out.Stands = s.stands(o)
		if out.Stands == StateVoid && out.Reason == "" {
			out.Reason = ReasonNoTarget
		}
		if out.State = out.Stands; o.disputed {
			out.State = StateDisputed
		}
		r.Obligations = append(r.Obligations, out)
	}
	return r
}

func (s *stepper) dueNow(o *owe) int64 {
	switch {
	case o.reached != 0:
		return o.reached
	case s.isCounting(o):
		return s.run(o, s.now)
	case o.agreed && s.waitUntil >= 0:
		real := s.shown
		s.shown = s.base
		defer func() { s.shown = real }()
		if s.isCounting(o) {
			return s.run(o, s.waitUntil)
		}
	}
	return 0
}

func (s *stepper) stands(o *owe) State {
	switch {
	case o.waived:
		return StateWaived
	case o.broken, o.ended < 0 && o.agreed && o.used > o.target:
		return StateBreached
	case !o.agreed:
		return StateVoid
	case o.met != 0:
		return StateMet
	case o.ended >= 0:
		return StateVoid
	case s.isCounting(o):
		return StateRunning
	}
	return StatePaused
}
