package replay

import (
	"cmp"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/record"
)

// step is an event of a case. Its parties are the log's words for them; what they are follows from the kind.
type step struct {
	At    int64
	Kind  string
	Party string
	Data  record.Data
	Actor string // the log's word for somebody of IT; "" is nobody named
	Asker bool   // the requester did it
}

// story is a case as it is to be written.
type story struct {
	Case   string
	Opened int64
	First  [factCount]string // as it began
	Last   [factCount]string // as it is now
	Steps  []step
	Rows   int64
}

// where a case is.
type stand int

const (
	standNew stand = iota
	standIT
	standCustomer
	standSupplier
	standWait
	standSolved
	standEnded
)

// teller makes a story of the rows of one case.
type teller struct {
	m       *Map
	s       story
	stand   stand
	asked   int64 // the sequence of the question that is open
	metric  agreement.Metric
	waiting int // the index of the wait that has no end yet, -1 for none
	report  func(row, string)
}

// tell makes the story of a case of its rows, in the order they were read. ok says whether there is one.
func (m *Map) tell(rows []row, report func(row, string)) (s story, ok bool) {
	t := teller{m: m, waiting: -1, report: report}
	log, table := m.arrange(rows, report)
	if len(log) == 0 && table != nil {
		log = m.fromTable(*table)
	}
	for i := range log {
		if table != nil {
			fill(&log[i].Facts, table.Facts)
		}
	}
	if len(log) == 0 {
		report(rows[0], whyNoRows)
		return s, false
	}
	t.begin(log)
	for i := range log {
		t.row(&log[i])
	}
	if t.waiting >= 0 { // without an end nobody agreed to anything
		t.s.Steps = slices.Delete(t.s.Steps, t.waiting, t.waiting+1)
		report(log[len(log)-1], whyWait)
	}
	t.s.Rows = int64(len(rows))
	return t.s, true
}

func fill(facts *[factCount]string, with [factCount]string) {
	for f := range facts {
		facts[f] = cmp.Or(facts[f], with[f])
	}
}

// begin opens the case with its first row.
func (t *teller) begin(log []row) {
	first := &log[0]
	for i := range log { // a case is whoever's its rows name first
		for _, f := range []fact{factRequester, factSite, factKind, factChannel, factSubject} {
			first.Facts[f] = cmp.Or(first.Facts[f], log[i].Facts[f])
		}
	}
	t.s.Case, t.s.Opened, t.s.First, t.s.Last = first.Case, first.At, first.Facts, first.Facts
	t.add(step{At: first.At, Kind: string(agreement.Opened), Party: first.Facts[factTeam], Asker: true, Data: record.Data{Priority: priority(first.Facts[factPriority])}})
}

func priority(word string) agreement.Priority {
	return agreement.Priority(cmp.Or(word, string(agreement.PriorityMedium)))
}

func (t *teller) add(s step) {
	if moves(s.Kind) {
		t.endWait(s.At)
	}
	t.s.Steps = append(t.s.Steps, s)
}

// endWait gives the wait that has no end yet one.
func (t *teller) endWait(at int64) {
	if t.waiting < 0 {
		return
	}
	if w := &t.s.Steps[t.waiting]; at > w.At {
		w.Data.Until = at
	} else { // no time passed
		t.s.Steps = slices.Delete(t.s.Steps, t.waiting, t.waiting+1)
	}
	t.waiting = -1
}

// moves says whether an event ends an agreed wait.
func moves(kind string) bool {
	return kind != string(agreement.TeamChanged) && kind != string(agreement.PriorityChanged) && kind != record.Assigned
}

// row applies a row: first what it says of the case, then what it means.
func (t *teller) row(r *row) {
	t.changes(r)
	if r.Means == "" {
		t.report(*r, whyUnknown)
		return
	}
	if t.m.Rows == RowsAreStates {
		t.state(r)
	} else {
		t.activity(r)
	}
	for _, f := range []fact{factRequester, factSite, factSupplier, factKind, factChannel, factSubject, factActor} {
		t.s.Last[f] = cmp.Or(r.Facts[f], t.s.Last[f])
	}
}

// changes writes who has the case now, and its priority.
func (t *teller) changes(r *row) {
	if t.stand == standEnded {
		return
	}
	for _, x := range []struct {
		f    fact
		kind string
	}{{factTeam, string(agreement.TeamChanged)}, {factPriority, string(agreement.PriorityChanged)}, {factAssignee, record.Assigned}} {
		now := r.Facts[x.f]
		if now == "" || now == t.s.Last[x.f] && !(x.f == factAssignee && !t.assigned()) {
			continue
		}
		s := step{At: r.At, Kind: x.kind, Party: now, Actor: r.Facts[factActor], Data: record.Data{Before: t.s.Last[x.f]}}
		if x.f == factPriority {
			s.Party, s.Data.Priority = "", agreement.Priority(now)
			s.Data.Before = string(priority(s.Data.Before))
			if s.Data.Before == now {
				t.s.Last[x.f] = now
				continue
			}
		}
		t.add(s)
		t.s.Last[x.f] = now
	}
}

// assigned says whether anybody was given the case.
func (t *teller) assigned() bool {
	return slices.ContainsFunc(t.s.Steps, func(s step) bool { return s.Kind == record.Assigned })
}

// state enters the state that a row names, unless the case is in it.
func (t *teller) state(r *row) {
	if t.stand == standEnded {
		switch r.Means {
		case MeansClosed, MeansConfirmed, MeansWithdrawn, MeansNothing, MeansOpened:
			return
		}
		t.did(r, agreement.Reopened, "")
		t.stand = standIT
	}
	switch r.Means {
	case MeansNew:
		if t.stand != standNew {
			t.toIT(r)
		}
	case MeansQuestion, MeansFacts:
		if t.stand != standCustomer || t.metric != metricOf(r.Means) {
			t.question(r)
		}
	default:
		t.common(r)
	}
}

// activity does what a row says was done.
func (t *teller) activity(r *row) {
	if t.stand == standEnded {
		switch r.Means {
		case MeansReopened:
			t.did(r, agreement.Reopened, "")
			t.stand = standIT
		case MeansNothing, MeansClosed:
		default:
			t.report(*r, whyEnded)
		}
		return
	}
	switch r.Means {
	case MeansCustomer:
		t.leave(r, MeansCustomer)
		t.add(step{At: r.At, Kind: string(agreement.CustomerSpoke), Asker: true})
		t.stand = standIT
	case MeansSaid:
		t.did(r, agreement.ProviderSpoke, "")
		if t.stand == standNew {
			t.stand = standIT
		}
	case MeansBack:
		if t.stand == standSupplier {
			t.toIT(r)
		}
	case MeansReopened, MeansNew:
		if t.stand != standNew {
			t.toIT(r)
		}
	case MeansQuestion, MeansFacts:
		t.question(r)
	default:
		t.common(r)
	}
}

// common is what states and activities have in common.
func (t *teller) common(r *row) {
	switch r.Means {
	case MeansIT:
		t.toIT(r)
	case MeansSupplier:
		if t.stand != standSupplier {
			t.toIT(r)
			t.did(r, agreement.SupplierAsked, cmp.Or(r.Facts[factSupplier], t.s.Last[factSupplier], unnamed))
			t.stand = standSupplier
		}
	case MeansWait:
		if t.stand != standWait {
			t.toIT(r)
			t.did(r, agreement.WaitAgreed, "")
			last := len(t.s.Steps) - 1
			t.s.Steps[last].Data.Consent, t.waiting, t.stand = true, last, standWait
		}
	case MeansSolved:
		if t.stand != standSolved {
			t.did(r, agreement.SolutionProposed, "")
			t.stand = standSolved
		}
	case MeansClosed, MeansConfirmed, MeansWithdrawn:
		t.end(r)
	}
}

// unnamed stands for a supplier whom the log does not name.
const unnamed = "Supplier"

// toIT gives IT the turn: whatever was with somebody else came back.
func (t *teller) toIT(r *row) {
	t.leave(r, MeansIT)
	if t.stand == standNew { // taken up: that is the response where a log has no messages
		t.did(r, agreement.ProviderSpoke, "")
	}
	t.stand = standIT
}

// leave says how what the case stood in ended. Words of the customer end it by themselves.
func (t *teller) leave(r *row, next Means) {
	switch t.stand {
	case standCustomer:
		if next != MeansCustomer {
			t.add(step{At: r.At, Kind: string(agreement.CustomerSpoke), Asker: true})
		}
	case standSolved:
		t.add(step{At: r.At, Kind: string(agreement.SolutionRejected), Asker: true})
	case standSupplier:
		t.did(r, agreement.SupplierAnswered, "")
	case standWait:
		t.endWait(r.At)
	}
}

func metricOf(m Means) agreement.Metric {
	if m == MeansFacts {
		return agreement.MetricSupplyFacts
	}
	return agreement.MetricAnswer
}

// question gives the customer the turn. Asked again while the same is open, it repeats it.
func (t *teller) question(r *row) {
	repeats := int64(0)
	switch t.stand {
	case standCustomer:
		repeats = t.asked
	case standSolved:
		t.leave(r, r.Means)
	}
	t.did(r, agreement.QuestionAsked, "")
	t.metric, t.stand = metricOf(r.Means), standCustomer
	last := len(t.s.Steps) - 1
	t.s.Steps[last].Data.Metric, t.s.Steps[last].Data.Ref = t.metric, repeats
	t.asked = int64(last + 1)
}

// end closes the case. A log that closes without a solution solved it there and then, unless the customer was asked something.
func (t *teller) end(r *row) {
	cause := agreement.CauseSilence
	switch r.Means {
	case MeansConfirmed:
		cause = agreement.CauseConfirmed
	case MeansWithdrawn:
		cause = agreement.CauseWithdrawn
	}
	switch {
	case t.stand == standSolved, cause == agreement.CauseWithdrawn:
	case t.stand == standCustomer && cause == agreement.CauseSilence:
		cause = causeUnanswered
	default:
		t.did(r, agreement.SolutionProposed, "")
	}
	s := step{At: r.At, Kind: string(agreement.Closed), Actor: r.Facts[factActor], Data: record.Data{Cause: cause}, Asker: cause == agreement.CauseConfirmed || cause == agreement.CauseWithdrawn}
	t.add(s)
	t.stand = standEnded
}

// causeUnanswered closes a case whose last question nobody answered: what was owed becomes void.
const causeUnanswered = "unanswered"

// did adds an event of IT's.
func (t *teller) did(r *row, kind agreement.Kind, party string) {
	t.add(step{At: r.At, Kind: string(kind), Party: party, Actor: r.Facts[factActor]})
}
