package whatif

import (
	"bothways/internal/agreement"
	"bothways/internal/desk/record"
	"bothways/internal/event"
)

// Terms are a version as the past is read with it.
type Terms struct {
	Version agreement.Version
	Grace   int64 // seconds in which a closed ticket can be reopened
}

// machine says whether the ladder did something by itself: a step, or an end that nobody asked for.
func machine(e *event.Event, d *agreement.Event) bool {
	if e.Channel != channelTimer {
		return false
	}
	return d.Kind == agreement.StepTaken || d.Kind == agreement.Closed && (d.Cause == agreement.CauseLapsed || d.Cause == agreement.CauseSilence)
}

// channelTimer is where the desk acts by itself.
const channelTimer = "timer"

// pastReader reads pasts with a version; it is for one goroutine, and uses its memory again.
type pastReader struct {
	terms  Terms
	events []agreement.Event
	result agreement.Result
}

// Had gives the events of a ticket as they would have been under a version from the beginning, and what the clock reads in them at an instant.
//
// What people did stays. What the ladder did is taken out, and its steps are taken again when they fall due under the version. A ticket that
// the ladder ends earlier than it was ended goes on when its customer writes within the grace period, as the desk would have it; what they
// write later would have begun another ticket, and is not counted here. A priority that was set stays, also where the ticket would have ended.
// On what was replayed from a log no ladder ran, so none runs here either.
func Had(stream []event.Event, t Terms, neverLapse bool, now int64) ([]agreement.Event, agreement.Result, error) {
	ledger, err := record.Ledger(stream)
	if err != nil {
		return nil, agreement.Result{}, err
	}
	r := pastReader{terms: t}
	r.read(stream, ledger, neverLapse, now)
	return r.events, r.result, nil
}

// read reads a stream, and as the clock reads it.
func (p *pastReader) read(stream []event.Event, ledger []agreement.Event, neverLapse bool, now int64) {
	p.events = p.events[:0]
	ladder := len(stream) > 0 && stream[0].Channel != record.Replayed
	facts := agreement.Facts{Versions: []agreement.Version{p.terms.Version}, NeverLapse: neverLapse}
	ended := int64(0) // when it ended; 0 while it goes on
	for i := range ledger {
		e := ledger[i]
		if e.Kind == agreement.AgreementSet || machine(&stream[i], &e) {
			continue
		}
		if ladder && len(p.events) > 0 {
			ended = p.ladder(facts, e.At, ended)
		}
		if ladder && ended != 0 && (speaks(e.Kind) || e.Kind == agreement.Reopened) {
			if e.At >= ended+p.terms.Grace {
				break // it would have been another ticket
			}
			if e.Kind != agreement.Reopened {
				p.events = append(p.events, agreement.Event{Seq: e.Seq, At: e.At, Kind: agreement.Reopened})
			}
			ended = 0
		}
		if e.Kind == agreement.Closed && ended == 0 {
			ended = e.At
		}
		p.events = append(p.events, e)
	}
	if ladder && len(p.events) > 0 {
		p.ladder(facts, now, ended)
	}
	facts.Now = now
	agreement.ClockInto(&p.result, p.events, facts)
}

// speaks says whether the customer wrote something.
func speaks(k agreement.Kind) bool {
	return k == agreement.CustomerSpoke || k == agreement.SolutionRejected || k == agreement.QuestionReturned
}

// mostSteps bounds the steps between two events: no ladder has so many.
const mostSteps = 500

// ladder takes the steps that fall due by an instant, each at its own, and says when it ended the ticket; 0 where it did not.
func (p *pastReader) ladder(facts agreement.Facts, until, ended int64) int64 {
	if len(p.terms.Version.Ladder) == 0 {
		return ended
	}
	facts.Now = p.events[len(p.events)-1].At
	for range mostSteps {
		agreement.ClockInto(&p.result, p.events, facts)
		t, due := next(p.result.Timers, until)
		if !due {
			return ended
		}
		seq := p.events[len(p.events)-1].Seq // what refers to an event finds the first of its number
		p.events = append(p.events, agreement.Event{Seq: seq, At: t.At, Kind: agreement.StepTaken, Ref: t.Ref, Metric: t.Metric, Step: t.Step})
		facts.Now = t.At
		cause := ""
		switch t.Action {
		case agreement.ActionLapse:
			cause = agreement.CauseLapsed
		case agreement.ActionClose:
			cause = agreement.CauseSilence
		default:
			continue
		}
		p.events = append(p.events, agreement.Event{Seq: seq, At: t.At, Kind: agreement.Closed, Cause: cause})
		return t.At
	}
	return ended
}

// next is the step that falls due first, if that is by an instant.
func next(timers []agreement.Timer, until int64) (agreement.Timer, bool) {
	for _, t := range timers {
		if t.Action != agreement.ActionWaitEnd {
			return t, t.At <= until
		}
	}
	return agreement.Timer{}, false
}
