package reading

import (
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// QueueRow is a ticket as rows of the queue show it.
func QueueRow(r ui.Reader, t *desk.Ticket, person, site, team, assignee string) staff.QueueRow {
	return staff.QueueRow{
		Href: "/desk/tickets/" + t.Ref(), Number: t.Ref(), Subject: t.Subject, Person: person, Where: site, Last: t.LastLine,
		Holder: Holder(team, assignee), Due: Due(r, t), Unread: t.State == desk.New,
	}
}

// Holder is who has a ticket: the team, and the person in it.
func Holder(team, person string) string {
	switch {
	case person == "":
		return team
	case team == "":
		return person
	}
	return team + " · " + person
}

// Due is the promise of a ticket that breaks first, as rows show it.
func Due(r ui.Reader, t *desk.Ticket) ui.Due {
	d := ui.Due{Side: Side(t.TurnSide), At: t.DueAt, Confirm: t.DueMetric == agreement.MetricConfirm}
	if !t.Open {
		return ui.Due{Side: ui.Nobody, Waiting: StateWords[t.State]}
	}
	switch t.TurnSide {
	case agreement.SideNobody:
		d.Waiting = "An agreed wait"
	case agreement.SideSupplier:
		d.Waiting = "With the supplier"
	}
	if t.DueAt.IsZero() {
		return d
	}
	left := t.DueAt.Sub(r.Now)
	d.Missed = left < 0
	d.Soon = !d.Missed && left < t.DueAt.Sub(t.DueStarted)/4
	return d
}

// Count is a number of tickets; counting stops at a thousand.
func Count(n int) string {
	if n > 1000 {
		return "1,000+"
	}
	return ui.Count(n)
}

// WordRead is the need of a question that asks to read something and say so.
const WordRead = "a word that you have read it"

// Quick are the answers of one tap to a question that wants no more.
func Quick(need, at string, about ui.Hidden) []ui.OneTap {
	if until, ok := strings.CutPrefix(need, desk.MayWait); ok {
		return []ui.OneTap{
			{Label: "Yes, wait until " + strings.TrimSuffix(until, "?"), Action: at + "/agree-wait", Main: true, Hidden: []ui.Hidden{about}},
			{Label: "No", Action: at + "/answer", Hidden: []ui.Hidden{about, {Name: "body", Value: "No, go on now."}}},
		}
	}
	answer := func(label, words string, main bool) ui.OneTap {
		return ui.OneTap{Label: label, Action: at + "/answer", Main: main, Hidden: []ui.Hidden{about, {Name: "body", Value: words}}}
	}
	switch need {
	case WordRead:
		return []ui.OneTap{answer("I have read it", "I have read it.", true)}
	case "a test":
		return []ui.OneTap{answer("It works", "Tested: it works.", true), answer("It does not", "Tested: it does not work.", false)}
	case "a yes or no":
		return []ui.OneTap{answer("Yes", "Yes.", true), answer("No", "No.", false)}
	}
	return nil
}
