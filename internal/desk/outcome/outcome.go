package outcome

import (
	"cmp"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
)

// Outcome is what became of one promise of one ticket. Instants are whole Unix seconds, 0 is none.
type Outcome struct {
	Obligation  string // its id in the ledger: metric-startseq
	Side        agreement.Side
	Metric      agreement.Metric
	State       agreement.State // met, breached, waived, disputed or void
	Stands      agreement.State // the state apart from a dispute
	Reason      string          // why it is waived or void
	Priority    agreement.Priority
	AgreementID string // under which it was decided
	VersionID   string
	OrgID       string
	SiteID      string
	TeamID      string // of IT, that held the ticket when it was decided
	PersonID    string // who owed it; "" when IT had nobody named
	RequesterID string
	Target      int64 // seconds of the side's working time
	Used        int64 // 0 while it is still owed
	Started     int64
	Due         int64
	Ended       int64 // 0: missed and still owed
	Decided     int64 // when it came to be what it is: see the package
}

// Reading is what the clock read in a ticket's ledger, and what it was read from.
type Reading struct {
	Ticket ticket.Ticket
	Stream []event.Event
	Papers []agreement.Paper // the versions it was under
	Result agreement.Result
}

// inForce names the version that was in force at an instant, and its agreement.
func (l Reading) inForce(at int64) (versionID, agreementID string) {
	if v := l.Result.InForce(at); v != nil {
		for i := range l.Papers {
			if l.Papers[i].ID == v.ID {
				return v.ID, l.Papers[i].AgreementID
			}
		}
	}
	return "", ""
}

// Of reads the outcomes of a ticket out of its ledger.
func Of(l Reading) []Outcome {
	t, r := l.Ticket, l.Result
	if !Any(r) {
		return nil
	}
	var out []Outcome
	holders := holdersOf(l.Stream)
	for i := range r.Obligations {
		o := &r.Obligations[i]
		if o.Ended == 0 && o.Stands != agreement.StateBreached || o.Target == 0 && o.Stands == agreement.StateVoid {
			continue
		}
		v := Outcome{
			Obligation: o.ID, Side: o.Side, Metric: o.Metric, State: o.State, Stands: o.Stands, Reason: o.Reason, OrgID: t.OrgID, SiteID: t.SiteID,
			RequesterID: t.RequesterID, Target: o.Target, Started: o.Started, Due: o.Due, Ended: o.Ended, Decided: o.Ended,
		}
		if o.Ended != 0 {
			v.Used = o.Used
		}
		if o.Stands == agreement.StateBreached {
			v.Decided = cmp.Or(o.Due, o.Ended, o.Started)
		}
		v.VersionID, v.AgreementID = l.inForce(v.Decided)
		h := holderAt(holders, v.Decided)
		v.Priority = h.priority
		if v.TeamID, v.PersonID = h.team, h.person; o.Side == agreement.SideCustomer {
			v.PersonID = o.Party
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Outcome) int { return cmp.Compare(a.Obligation, b.Obligation) })
	return out
}

// holder says who in IT held a ticket from an instant on, and how pressing it was.
type holder struct {
	from         int64
	team, person string
	priority     agreement.Priority
}

func holdersOf(stream []event.Event) []holder {
	var out []holder
	now := holder{priority: agreement.PriorityMedium}
	for _, e := range stream {
		switch e.Kind {
		case string(agreement.Opened):
			d := record.DataOf(e)
			now.team, now.priority = d.Party, cmp.Or(d.Priority, now.priority)
		case string(agreement.PriorityChanged):
			now.priority = cmp.Or(record.DataOf(e).Priority, now.priority)
		case string(agreement.TeamChanged):
			now.team = record.DataOf(e).Party
		case record.Assigned:
			now.person = record.DataOf(e).Party
		default:
			continue
		}
		now.from = e.At.Unix()
		out = append(out, now)
	}
	return out
}

func holderAt(holders []holder, at int64) (h holder) {
	for _, next := range holders {
		if next.from > at {
			break
		}
		h = next
	}
	return h
}

// Any says whether a reading has outcomes, without working them out.
func Any(r agreement.Result) bool {
	return slices.ContainsFunc(r.Obligations, func(o agreement.Obligation) bool {
		return o.Ended != 0 || o.Stands == agreement.StateBreached
	})
}

// Difference is an outcome that is kept otherwise than the ledger says.
type Difference struct {
	Number     int64 // of the ticket
	Obligation string
	Kept       agreement.State // "" when nothing is kept
	Ledger     agreement.State // "" when the ledger has none
}

// differences compares what is kept with what the ledger says. since is when the ticket was last acted on: what was missed after
// that is noted by the next act.
func differences(number int64, kept, ledger []Outcome, since int64) []Difference {
	var out []Difference
	for _, l := range ledger {
		i := slices.IndexFunc(kept, func(k Outcome) bool { return k.Obligation == l.Obligation })
		switch {
		case i < 0 && l.Ended == 0 && l.Decided >= since:
		case i < 0:
			out = append(out, Difference{number, l.Obligation, "", l.State})
		case kept[i] != l:
			out = append(out, Difference{number, l.Obligation, kept[i].State, l.State})
		}
	}
	for _, k := range kept {
		if !slices.ContainsFunc(ledger, func(l Outcome) bool { return l.Obligation == k.Obligation }) {
			out = append(out, Difference{number, k.Obligation, k.State, ""})
		}
	}
	return out
}
