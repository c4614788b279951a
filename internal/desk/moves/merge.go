package moves

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/record"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
)

// Leads says whether tickets are merged into the one with this stream.
func Leads(stream []event.Event) bool {
	n := 0
	for _, e := range stream {
		switch e.Kind {
		case string(agreement.Absorbed):
			n++
		case record.Released:
			n--
		}
	}
	return n > 0
}

// Step is an event to be written on a ticket that follows.
type Step struct {
	Kind agreement.Kind
	Data record.Data
}

// Follow gives what events of the survivor mean on a ticket merged into it: own is that ticket's stream, ownID its id.
func Follow(wrote, own []event.Event, ownID string) []Step {
	var out []Step
	for _, e := range wrote {
		d := record.DataOf(e)
		kind := agreement.Kind(e.Kind)
		s := Step{Kind: kind, Data: record.Data{Follows: true, Of: e.Seq, Party: d.Party, Until: d.Until, Due: d.Due, Metric: d.Metric, Consent: d.Consent, Cause: d.Cause}}
		switch kind {
		case agreement.CustomerSpoke, agreement.ProviderSpoke, agreement.QuestionAsked, agreement.SolutionProposed, agreement.SolutionConfirmed,
			agreement.SolutionRejected, agreement.Closed, agreement.Reopened, agreement.WaitAgreed, agreement.WaitEnded,
			agreement.SupplierAsked, agreement.SupplierAnswered:
		case agreement.Absorbed: // another one was merged too
			if !d.Consent || d.Party == ownID {
				continue
			}
			s.Kind = agreement.CustomerSpoke
		case agreement.QuestionReturned, agreement.Undeliverable, agreement.MessageIsNoTurn:
			if s.Data.Ref = seqOf(own, d.Ref); s.Data.Ref != 0 {
				break
			}
			if kind != agreement.QuestionReturned { // of before the merge: it moved nothing here
				continue
			}
			s.Kind = agreement.CustomerSpoke
		default:
			continue
		}
		out = append(out, s)
	}
	return out
}

// seqOf is the event of a stream that follows the one with sequence of; 0 when none does. Nothing refers to another event of the
// same act.
func seqOf(own []event.Event, of int64) int64 {
	for _, e := range slices.Backward(own) {
		if d := record.DataOf(e); d.Follows && d.Of == of {
			return e.Seq
		}
	}
	return 0
}

// may says whether b can be merged into a, as far as their states decide. Errors: Conflict.
func may(a, b ticket.Ticket, bLeads bool) error {
	refuse := func(reason, format string, args ...any) error {
		return errs.New(errs.Conflict, "desk.merge", format, args...).Reason(reason)
	}
	switch {
	case a.ID == b.ID:
		return errs.In("desk.merge", "into", "It is the same ticket.")
	case b.State == ticket.Merged:
		return refuse("merged-already", "%s is merged already. Take that back first.", b.Ref())
	case a.State == ticket.Merged:
		return refuse("merged-already", "%s was merged itself. Merge %s into the ticket that goes on.", a.Ref(), b.Ref())
	case bLeads:
		return refuse("others-merged-here", "Others are merged into %s. Merge the other way round: %s into %s.", b.Ref(), a.Ref(), b.Ref())
	case !a.Open || !b.Open:
		over := a
		if a.Open {
			over = b
		}
		return refuse("ticket-ended", "%s has ended. Two open tickets can be merged; link these instead.", over.Ref())
	case b.State == ticket.Resolved:
		return refuse("solution-waits", "A solution of %s is with the customer. Wait for the answer, or link the two.", b.Ref())
	}
	return nil
}

// newcomer is somebody who takes part in one of the two tickets and would come to read the other.
type newcomer struct {
	Name     string
	Same     bool // of the organisation whose ticket the other is
	Stranger bool
}

// shows decides whether the two may be shown to each other's people. Nobody of another organisation, and nobody we do not know,
// comes to read a request that was not theirs; colleagues do when whoever merges says that they may. Errors: Conflict.
func shows(a, b ticket.Ticket, fresh []newcomer, confirmed bool) error {
	if len(fresh) == 0 {
		return nil
	}
	wayOut := "Link them as duplicates instead: each keeps its own people."
	names := make([]string, len(fresh))
	for i, r := range fresh {
		if !r.Same || r.Stranger {
			return errs.New(errs.Conflict, "desk.merge", "%s takes part in one of %s and %s and must not read the other. %s", r.Name, a.Ref(), b.Ref(), wayOut).Reason("not-theirs-to-read")
		}
		names[i] = r.Name
	}
	if a.Sensitivity != "" || b.Sensitivity != "" {
		return errs.New(errs.Conflict, "desk.merge", "One of %s and %s is marked as sensitive, and they have different people. %s", a.Ref(), b.Ref(), wayOut).Reason("not-theirs-to-read")
	}
	if !confirmed {
		return errs.New(errs.Conflict, "desk.merge", "After this %s can read the public messages of both. Say that they may, or link the two as duplicates.", list(names)).Reason("shows-more")
	}
	return nil
}

func list(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	switch n := len(names); {
	case n == 1:
		return names[0]
	case n > 4:
		return names[0] + ", " + names[1] + ", " + names[2] + " and others"
	default:
		out := names[0]
		for i, s := range names[1:] {
			if i == n-2 {
				out += " and " + s
			} else {
				out += ", " + s
			}
		}
		return out
	}
}

// added are the people whom a merge with another ticket let in, as the stream tells it; who was let in again by somebody since is
// not among them.
func added(stream []event.Event, otherID string) []string {
	var out []string
	for _, e := range stream {
		if e.Kind != record.WatcherSet {
			continue
		}
		d := record.DataOf(e)
		out = slices.DeleteFunc(out, func(p string) bool { return p == d.Party })
		if d.Consent && d.Field == byMerge && d.Before == otherID {
			out = append(out, d.Party)
		}
	}
	return out
}

// byMerge is the field of a watcher's event that a merge wrote; Before then names the other ticket.
const byMerge = "merge"
