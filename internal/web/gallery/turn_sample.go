package gallery

import (
	"time"

	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
	"bothways/internal/web/ui/turn"
)

// hours are the service hours of the sample's life: 07:00 to 18:00 on working days.
func hours() []turn.Period {
	return []turn.Period{{From: at(19, 7, 0), To: at(19, 18, 0)}, {From: at(20, 7, 0), To: at(20, 18, 0)}, {From: at(23, 7, 0), To: at(23, 18, 0)}, {From: at(24, 7, 0), To: at(24, 18, 0)}}
}

func ribbon(you string) turn.Ribbon {
	span := func(s ui.Side, from, to time.Time, who, cause string) turn.Span {
		return turn.Span{Side: s, From: from, To: to, Who: who, Cause: cause}
	}
	return turn.Ribbon{ITName: "IT", YouName: you, Hours: hours(),
		Spans: []turn.Span{
			span(ui.Provider, at(19, 15, 20), at(19, 15, 41), "IT", you+" wrote"),
			span(ui.Customer, at(19, 15, 41), at(20, 10, 5), you, "Amara asked for the dock’s model"),
			span(ui.Provider, at(20, 10, 5), at(20, 13, 20), "IT", you+" answered by mail"),
			span(ui.Customer, at(20, 13, 20), at(24, 8, 24), you, "Amara asked to update and test"),
			span(ui.Provider, at(24, 8, 24), Now, "IT", you+" sent the log"),
		},
		Marks: []turn.Mark{{Side: ui.Provider, At: at(19, 15, 41), Text: "first reply, promised within 1 h, took 21 min"}, {Side: ui.Customer, At: at(23, 13, 20), Text: "friendly reminder sent to " + you}}}
}

func turns(title, you, text string) turn.Panel {
	return turn.Panel{
		Turn: ui.Provider, TurnText: text, Ribbon: ribbon(you),
		IT: turn.Clock{Side: ui.Provider, Title: "IT’s clock", State: turn.Running, Promise: "Reply", Done: "Replied", Due: at(24, 10, 24), Used: 78 * time.Minute, Target: 2 * time.Hour, Soon: true, Kept: 2, Of: 2,
			Why: []turn.Explained{{From: at(24, 8, 24), To: at(24, 9, 42), Counted: true, Reason: "IT’s turn, service hours"}}},
		You: turn.Clock{Side: ui.Customer, Title: title, State: turn.Stopped, Promise: "Answer", Done: "Answered", Used: 17*time.Hour + 4*time.Minute, Target: 22 * time.Hour, Kept: 2, Of: 2,
			Why: []turn.Explained{
				{From: at(20, 13, 20), To: at(20, 18, 0), Counted: true, Reason: you + "’s turn, Leeds working hours"},
				{From: at(20, 18, 0), To: at(23, 7, 0), Reason: "weekend"},
				{From: at(23, 7, 0), To: at(23, 18, 0), Counted: true, Reason: you + "’s turn, Leeds working hours"},
				{From: at(23, 18, 0), To: at(24, 7, 0), Reason: "night"},
				{From: at(24, 7, 0), To: at(24, 8, 24), Counted: true, Reason: you + "’s turn, Leeds working hours"},
			}},
	}
}

var (
	amara = ui.Author{Name: "Amara Okafor", Side: ui.Provider, You: true}
	kofi  = ui.Author{Name: "Kofi Mensah", Side: ui.Provider}
	helen = ui.Author{Name: "Helen Marsh", Side: ui.Customer}
)

func asked() *ui.PublicMessage {
	return &ui.PublicMessage{ID: "3", From: amara, Via: "to Helen, by email", At: at(20, 13, 20), Asked: &ui.Asked{Need: "a test and the log", Due: at(24, 13, 20)},
		Body: ui.Plain("The new dock firmware should stop the drops. Please update it with the button in Company Portal, dock once, and if the VPN still drops press Collect VPN log and send it here.")}
}

func answered() *ui.PublicMessage {
	return &ui.PublicMessage{ID: "4", From: helen, Via: "by email", At: at(24, 8, 24),
		Body:   ui.Plain("I updated it on Monday evening and it still dropped twice this morning, both times a few seconds after docking. Log attached, and a photo of the message. I am presenting to a supplier at 13:00, so I would love to have it working by then."),
		Quoted: ui.Plain("> The new dock firmware should stop the drops.\n> Please update it with the button in Company Portal."),
		Files:  []ui.File{{Name: "vpn-2026-11-24.log", Size: 48_200, Type: "text/plain", URL: Prefix + "mail"}, {Name: "IMG_2210.jpg", Size: 1_104_000, Type: "image/jpeg", URL: Prefix + "mail"}}}
}

func conversation() []staff.Entry {
	mail := answered()
	mail.Original = Prefix + "mail"
	return []staff.Entry{
		{Message: asked()},
		{Event: &ui.PublicEvent{Lead: "Helen’s turn", Text: "Agreed: an answer within 2 working days.", At: at(20, 13, 20)}},
		{Event: &ui.PublicEvent{Icon: ui.IconBell, Text: "Reminder sent to Helen.", At: at(23, 13, 20)}},
		{Message: mail},
		{Event: &ui.PublicEvent{Lead: "IT’s turn", Text: "Promise: reply within 2 h.", At: at(24, 8, 24)}},
		{Note: &staff.InternalNote{NoteID: "1", By: amara, At: at(24, 9, 12), Text: ui.Plain("@Kofi Mensah the log shows the adapter vanishing on dock, same as the Turku cases. Dock firmware is fine; driver 23.40 is not. OK to move her to 23.60 today?")}},
		{Note: &staff.InternalNote{NoteID: "2", By: kofi, At: at(24, 9, 31), Text: ui.Plain("Yes. 23.60 is approved for T14 Gen 4. I linked the problem record."), Files: []ui.File{{Name: "approval.pdf", Size: 82_000, Type: "application/pdf", URL: Prefix + "mail"}}}},
		{Inner: &staff.InternalEvent{Icon: ui.IconUsers, Lead: "Kofi Mensah", Text: "passed it from Network to Desk.", At: at(24, 9, 32)}},
	}
}

func publicTalk() []ui.PublicEntry {
	a := asked()
	a.From.You, a.Via = false, "by email"
	b := answered()
	b.From.You, b.Quoted = true, ui.Prose{}
	return []ui.PublicEntry{
		{Message: a},
		{Event: &ui.PublicEvent{Lead: "Your turn", Text: "Agreed: an answer within 2 working days.", At: at(20, 13, 20)}},
		{Event: &ui.PublicEvent{Icon: ui.IconBell, Text: "We sent you a reminder.", At: at(23, 13, 20)}},
		{Message: b},
		{Event: &ui.PublicEvent{Lead: "Our turn", Text: "Promise: reply within 2 h.", At: at(24, 8, 24)}},
	}
}
