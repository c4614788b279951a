package reading

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/record"
	"bothways/internal/web/ui"
)

// dispute tells of a challenge and what came of it.
func (t *Reading) dispute(e *happening) (line, bool) {
	l := line{icon: ui.IconScale}
	what := "how " + Promises[e.d.Metric].Noun + " was counted"
	if e.d.From != 0 {
		what = "whose turn it was from " + t.by.Reader.Full(Instant(e.d.From)) + " to " + t.by.Reader.Full(Instant(e.d.Until))
	}
	switch e.Kind {
	case string(agreement.Disputed):
		l.text = t.Start(e.Actor) + " challenged " + what + ". Both versions stay on record."
	case record.DisputeProposed:
		l.text = t.Start(e.Actor) + " proposed how it stands: " + t.stands(e.d.Cause) + ". Who signs for the customer is asked."
	case record.DisputeFurther:
		l.text = "It was not settled in its time: " + what + ". It goes where the agreement says."
	default:
		l.text = t.settled(e, what)
	}
	return l, true
}

func (t *Reading) settled(e *happening, what string) string {
	switch {
	case e.d.Cause == "withdrawn":
		return t.Start(e.Actor) + " took the challenge back: " + what + " stands as it was."
	case e.d.Side != "":
		return "Both sides agree " + what + ": " + t.stands(string(e.d.Side)) + ". The clocks read it so."
	}
	return "Both sides agree " + what + ": it is " + t.stands(e.d.Cause) + "."
}

// stands says in words how something was settled.
func (t *Reading) stands(as string) string {
	switch as {
	case agreement.RulingKept:
		return "kept"
	case agreement.RulingBroken:
		return "missed"
	}
	return t.WhoseTurn(agreement.Turn{Side: agreement.Side(as)}) + " turn"
}

// WhoseTurn says whose a turn is: "IT’s", "your", "nobody’s".
func (t *Reading) WhoseTurn(turn agreement.Turn) string {
	switch turn.Side {
	case agreement.SideProvider:
		return t.its()
	case agreement.SideCustomer:
		return t.Customers()
	case agreement.SideSupplier:
		return t.supplier(turn.Party) + "’s"
	}
	return "nobody’s"
}

// Challenged says whether anything was ever challenged.
func (t *Reading) Challenged() bool {
	return slices.ContainsFunc(t.events, func(h happening) bool { return h.Kind == string(agreement.Disputed) })
}

// Disputed says what is challenged; "" when nothing is.
func (t *Reading) Disputed() string {
	for i := range t.Ledger.Result.Obligations {
		if o := &t.Ledger.Result.Obligations[i]; o.State == agreement.StateDisputed {
			return "How " + Promises[o.Metric].Noun + " was counted is challenged. Both versions stay on record until it is settled."
		}
	}
	return ""
}
