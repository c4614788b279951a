package reading

import (
	"bothways/internal/agreement"
	"bothways/internal/web/ui"
)

// step tells of a step of a ladder; false when only IT is told.
func (t *Reading) step(e *happening) (line, bool) {
	l := line{icon: ui.IconBell}
	if e.d.Cause == agreement.CauseWaived {
		return line{icon: ui.IconScale, text: t.Start(e.Actor) + " left out a step of what was agreed: " + StepWords[e.d.Action] + "."}, true
	}
	switch e.d.Action {
	case agreement.ActionRemind:
		l.text = "We reminded " + t.Customer() + "."
	case agreement.ActionTellContact:
		l.text = "We told the contact of the site."
	case agreement.ActionPause:
		l.icon, l.text = ui.IconPause, "Paused: no more reminders. "+Capital(t.Customers())+" words start it again."
	case agreement.ActionTellCustomer:
		l.text = "We told " + t.Customer() + " that we are late."
	case agreement.ActionRequeue:
		l.icon, l.text = ui.IconUsers, "Back in the queue: nobody holds it until "+t.Customer()+" answers."
	case agreement.ActionCharge:
		l.icon, l.text = ui.IconScale, "A charge is noted, as agreed: "+agreement.Price{Minor: e.d.Minor, Currency: e.d.Currency}.String()+"."
	case agreement.ActionCredit:
		l.icon, l.text = ui.IconScale, "A credit for "+t.Customer()+" is noted, as agreed: "+agreement.Price{Minor: e.d.Minor, Currency: e.d.Currency}.String()+"."
	case agreement.ActionWarn:
		return l, false
	default: // lapse and close are told by the closing
		return line{}, true
	}
	return l, true
}

// StepWords name the steps of a ladder.
var StepWords = map[string]string{
	agreement.ActionRemind: "a reminder", agreement.ActionTellContact: "telling the contact of the site", agreement.ActionPause: "the pause", agreement.ActionLapse: "closing it for silence",
	agreement.ActionClose: "closing it for silence", agreement.ActionWarn: "a warning to who holds it", agreement.ActionTellCustomer: "the word that we are late",
	agreement.ActionRequeue: "putting it back into the queue", agreement.ActionCharge: "the charge", agreement.ActionCredit: "the credit",
}
