package gallery

import (
	"time"

	"bothways/internal/web/inbox"
	"bothways/internal/web/portal"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
	"bothways/internal/web/ui/turn"
)

func help() ui.Help {
	return ui.Help{Phone: "+44 113 200 0100", PhoneHref: "tel:+441132000100", Hours: "Monday to Friday 07:00 to 18:00", Email: "desk@bothways.example"}
}

func portalFrame(title string, current int) ui.PortalFrame {
	nav := []ui.Link{{Label: "Home", Href: Prefix + "home", Icon: ui.IconHome}, {Label: "My requests", Href: Prefix + "requests", Icon: ui.IconInbox}, {Label: "New request", Href: Prefix + "new-request", Icon: ui.IconPlus},
		{Label: "Promises", Href: Prefix + "promises", Icon: ui.IconSwap}, {Label: "Service levels", Href: Prefix + "levels", Icon: ui.IconScale}}
	if current >= 0 {
		nav[current].Current = true
	}
	return ui.PortalFrame{Doc: doc(title), Reader: reader(), Org: "Norvik Industries", Home: Prefix + "home", Nav: nav, Help: help(),
		Me: ui.Me{Name: "Helen Marsh", Email: "helen.marsh@norvik.example", Side: ui.Customer, SignOut: Prefix + "sign-in"}}
}

func requestRows() []portal.RequestRow {
	href := Prefix + "request"
	return []portal.RequestRow{
		{Href: href, Number: "BW-20418", Subject: "VPN drops when I dock my laptop", With: "Amara Okafor", Due: ui.Due{Side: ui.Customer, At: at(24, 11, 15), Soon: true}},
		{Href: href, Number: "BW-20377", Subject: "Second monitor", With: "delivered", Due: ui.Due{Side: ui.Customer, At: at(27, 16, 0), Confirm: true}},
		{Href: href, Number: "BW-20431", Subject: "Access to supplier drawings", With: "Desk", Due: ui.Due{Side: ui.Provider, At: at(24, 14, 0), Left: 4 * time.Hour}},
		{Href: href, Number: "BW-20402", Subject: "Activate my new phone", With: "Priya Nair, Leeds local IT", Due: ui.Due{Side: ui.Supplier, Waiting: "With local IT, by Wed"}},
	}
}

func homePage() portal.HomePage {
	return portal.HomePage{Frame: portalFrame("Home", 0), First: "Helen", About: "Leeds · your local IT is Priya Nair · service desk open until 18:00",
		Waiting: []portal.WaitingItem{
			{Href: Prefix + "request", Title: "VPN drops when you dock: is 11:30 good for you?", Need: "Amara needs a yes or no", Due: at(24, 11, 15), Then: "Then it works before your 13:00 meeting.",
				Answers: []ui.OneTap{{Label: "Yes", Action: Prefix + "request/answer", Main: true, Hidden: []ui.Hidden{{Name: "body", Value: "Yes"}}}, {Label: "No", Action: Prefix + "request/answer", Hidden: []ui.Hidden{{Name: "body", Value: "No"}}}, {Label: "Write an answer", Href: Prefix + "request"}}},
			{Href: Prefix + "request-confirm", Title: "Does your new desk monitor work?", Need: "We need your yes or no", Due: at(27, 16, 0), Then: "If we hear nothing we close this, and you can reopen it.",
				Answers: []ui.OneTap{{Label: "Yes, all good", Action: Prefix + "request/confirm"}, {Label: "Not yet", Href: Prefix + "request-confirm"}}},
		},
		Minutes: 3, Search: Prefix + "home", Tiles: tiles(), Levels: secondDoor(),
		Others: portal.RequestGroup{ID: "site", Title: "Asked by people in Leeds", All: ui.Link{Label: "All of them", Href: Prefix + "requests"}, Requests: requestRows()[2:]},
		Ask:    ui.Form{ID: "ask", Action: Prefix + "new-request"}, Upload: true, Door: "You get an answer within 1 hour, Monday to Friday 07:00 to 18:00.",
		Requests: requestRows(), All: ui.Link{Label: "All 14", Href: Prefix + "requests"}}
}

func homeNew() portal.HomePage {
	return portal.HomePage{Frame: portalFrame("Home", 0), First: "Sam", Ask: ui.Form{ID: "ask", Action: Prefix + "new-request"}}
}

func requestGroups() []portal.RequestGroup {
	all := requestRows()
	return []portal.RequestGroup{
		{ID: "yours", Title: "Your turn", Requests: all[:2]}, {ID: "ours", Title: "Our turn", Requests: all[2:3]}, {ID: "others", Title: "With others, or waiting as agreed", Requests: all[3:]},
		{ID: "ended", Title: "Ended, newest first", Requests: []portal.RequestRow{{Href: Prefix + "request-closed", Number: "BW-19702", Subject: "Keyboard with a broken key", With: "Desk", Due: ui.Due{Side: ui.Nobody, Waiting: "Closed"}}}},
	}
}

func secondDoor() *portal.SecondDoor {
	return &portal.SecondDoor{Href: Prefix + "levels", Title: "Promises kept in the last 90 days", Manager: "Ingrid Solberg, service level manager.",
		Facts:  []ui.Fact{{Name: "Your site", Value: "Leeds, Standard 2026"}, {Name: "Hours", Value: "Mon to Fri 07:00–18:00"}, {Name: "Speaks for Leeds", Value: "Graham Pell"}},
		Shares: []door.Share{{Side: ui.Provider, Name: "IT", Text: "99%"}, {Side: ui.Customer, Name: "Leeds", Text: "81%"}}}
}

func tiles() []door.Tile {
	href := Prefix + "new-request"
	return []door.Tile{
		{Href: href, Icon: ui.IconAlert, Title: "Something is not working", Text: "Usually about 5 hours (212 like it)"}, {Href: href, Icon: ui.IconPlus, Title: "I need something", Text: "Usually about 3 days (96 like it)"},
		{Href: href, Icon: ui.IconHelp, Title: "I have a question", Text: "Answer within 4 h"}, {Href: href, Icon: ui.IconFlag, Title: "Something should go better", Text: "Answer within 4 h"},
	}
}

func listPage() portal.ListPage {
	return portal.ListPage{Frame: portalFrame("My requests", 1), Crumb: crumb("My requests"), Title: "My requests", Groups: requestGroups(), Pages: ui.Pages{First: Prefix + "requests", Next: Prefix + "requests?after=x", Label: "My requests"}}
}

func crumb(title string) []ui.Link {
	return []ui.Link{{Label: "Home", Href: Prefix + "home"}, {Label: title}}
}

func request(subject string) portal.RequestPage {
	return portal.RequestPage{Frame: portalFrame(subject, 1), Crumb: crumb("BW-20418"), Number: "BW-20418", Subject: subject, Turns: turns("Your clock", "You", "our turn now"), Entries: publicTalk(), Upload: true,
		Facts: []ui.Fact{{Name: "Number", Value: "BW-20418"}, {Name: "Asked", Value: "Thu 19 Nov, 15:20 GMT"}, {Name: "With", Value: "Amara Okafor, service desk"}, {Name: "Agreement", Value: "Leeds, Standard 2026"}}}
}

func requestQuestion() portal.RequestPage {
	p := request("VPN drops when I dock my laptop")
	last := &p.Turns.Ribbon.Spans[len(p.Turns.Ribbon.Spans)-1]
	last.To = at(24, 9, 30)
	p.Turns.Ribbon.Spans = append(p.Turns.Ribbon.Spans, turn.Span{Side: ui.Customer, From: at(24, 9, 30), To: Now, Who: "You", Cause: "Amara asked whether 11:30 is good"})
	p.Turns.Turn, p.Turns.TurnText = ui.Customer, "your turn now"
	p.Turns.IT.State, p.Turns.IT.Used, p.Turns.IT.Met = turn.Kept, 66*time.Minute, at(24, 9, 30)
	p.Turns.You = turn.Clock{Side: ui.Customer, Title: "Your clock", State: turn.Running, Promise: "Answer", Due: at(24, 11, 15), Used: 12 * time.Minute, Target: 105 * time.Minute, Kept: 2, Of: 2,
		Why: []turn.Explained{{From: at(24, 9, 30), To: Now, Counted: true, Reason: "your turn, Leeds working hours"}}}
	p.Entries = append(p.Entries, ui.PublicEntry{Message: &ui.PublicMessage{ID: "5", From: ui.Author{Name: "Amara Okafor", Side: ui.Provider}, Via: "by email", At: at(24, 9, 30), Asked: &ui.Asked{Need: "a yes or no", Due: at(24, 11, 15)},
		Body: ui.Plain("Thank you, Helen, the log told us exactly what we needed. It is the network driver, not your dock.\n\nWe can put the new one on your laptop at 11:30 while it is plugged in; it takes ten minutes and one restart. Is 11:30 good for you?")}})
	p.Question = &portal.Question{Text: p.Entries[len(p.Entries)-1].Message.Body, Need: "Amara needs a yes or no", Due: at(24, 11, 15), Then: "If we hear nothing we remind you, and pause this on Thu 26 Nov, 10:00. Nothing is lost; one word reopens it.",
		Quick:  []ui.OneTap{{Label: "Yes", Action: Prefix + "request/answer", Main: true}, {Label: "No", Action: Prefix + "request/answer"}},
		Answer: ui.Form{ID: "answer", Action: Prefix + "request/answer"}, Return: ui.Form{ID: "return", Action: Prefix + "request/return"}}
	p.Next = []ui.Step{{Side: ui.Customer, Title: "You answer", Text: "By 11:15 today", Current: true}, {Side: ui.Provider, Title: "Amara puts the driver on", Text: "At 11:30, ten minutes"}, {Side: ui.Customer, Title: "You confirm", Text: "One tap when it works"}}
	return p
}

func requestOurs() portal.RequestPage {
	p := request("VPN drops when I dock my laptop")
	p.Now, p.NowText = "Our turn: we reply by 10:24", "There is nothing for you to do. Amara has your log."
	p.Write = ui.Form{ID: "message", Action: Prefix + "request/message"}
	return p
}

func requestConfirm() portal.RequestPage {
	p := requestQuestion()
	p.Question, p.Next = nil, nil
	p.Turns.You.Promise, p.Turns.You.Due = "Confirm", at(27, 16, 0)
	p.Confirm = &portal.Confirm{What: "Your laptop has driver 23.60 since 11:42. The VPN stayed up through three dockings.", Due: at(27, 16, 0), Then: "If we hear nothing we close this, and you can reopen it.",
		Yes: ui.Form{ID: "confirm", Action: Prefix + "request/confirm"}, No: ui.Form{ID: "reject", Action: Prefix + "request/reject"}}
	return p
}

func requestClosed() portal.RequestPage {
	p := request("VPN drops when I dock my laptop")
	p.Turns.Ribbon.Ended, p.Turns.Turn, p.Turns.TurnText = true, ui.Nobody, ""
	p.Turns.IT.State, p.Turns.IT.Met = turn.Kept, Now
	p.Turns.You.State = turn.Kept
	p.Reopen = &portal.Reopen{Until: at(30, 18, 0), Why: "You confirmed that it works.", Form: ui.Form{ID: "reopen", Action: Prefix + "request/reopen"}}
	return p
}

func requestError() portal.RequestPage {
	p := requestQuestion()
	p.Question.Answer.Values = map[string]string{"body": "\nYes <b>please</b> & thank you"}
	p.Question.Answer.Errors = []ui.FieldError{{Field: "", Text: "Somebody answered before you. Read the last message, then send yours again."}, {Field: "body", Text: "Your answer is longer than 50,000 letters. Put the long part into a file."}}
	p.Question.Missed = true
	p.Turns.You.State, p.Turns.You.Used = turn.Missed, 125*time.Minute
	return p
}

func newRequest() portal.NewRequestPage {
	return portal.NewRequestPage{Frame: portalFrame("New request", 2), Crumb: crumb("New request"), Upload: true, Promise: "You get an answer within 1 hour.",
		Form: ui.Form{ID: "ask", Action: Prefix + "new-request", Values: map[string]string{"body": "It began after lunch."}, Errors: []ui.FieldError{{Field: "subject", Text: "Say in one line what you need."}}},
		Next: []ui.Step{{Side: ui.Customer, Title: "You ask", Text: "Now, one minute", Current: true}, {Side: ui.Provider, Title: "We answer", Text: "Within 1 hour of service time"}, {Side: ui.Customer, Title: "You confirm", Text: "One tap when it works"}}}
}

func signIn() sign.SignInPage {
	return sign.SignInPage{Home: Prefix + "sign-in", Help: help(), Notice: "You are signed out.", Form: ui.Form{ID: "in", Action: Prefix + "sign-in", Hidden: []ui.Hidden{{Name: "next", Value: "/desk"}}},
		As: ui.Form{ID: "as", Action: Prefix + "sign-in"}, Try: []sign.Cast{
			{Title: "Customers", People: []sign.Role{{Name: "Helen Marsh", What: "customer in Leeds", Address: "helen.marsh@norvik.example", Side: ui.Customer}}},
			{Title: "Service desk", People: []sign.Role{{Name: "Amara Okafor", What: "agent on the desk", Address: "amara.okafor@bothways.example", Side: ui.Provider}}},
		}}
}

func signInError() sign.SignInPage {
	p := signIn()
	p.Notice, p.Try = "", nil
	p.Form.Values = map[string]string{"email": "helen.marsh@norvik.example"}
	p.Form.Errors = []ui.FieldError{{Field: "password", Text: "Address and password do not go together. Check both."}}
	return p
}

func errorBase() sign.ErrorPage {
	return sign.ErrorPage{Home: Prefix + "home", Help: help(), Ways: []ui.Link{{Label: "Home", Href: Prefix + "home", Icon: ui.IconHome}, {Label: "My requests", Href: Prefix + "requests", Icon: ui.IconInbox}}}
}

func notice() sign.NoticePage {
	return sign.NoticePage{Home: Prefix + "home", Help: help(), Tone: ui.ToneGood, Icon: ui.IconCheck, Title: "Reopen this request?", Text: []string{"“VPN drops when I dock my laptop” is closed. One tap and it is our turn again."},
		Act: ui.Form{ID: "reopen", Action: Prefix + "request/reopen"}, Button: "Reopen it", Ways: []ui.Link{{Label: "Read it first", Href: Prefix + "request-closed"}}}
}

func inboxPeople() inbox.People {
	helen := inbox.Owner{Href: Prefix + "inbox", Name: "Helen Marsh", Address: "helen.marsh@norvik.example", Site: "Leeds", Mails: 31, Waiting: 2}
	return inbox.People{Frame: inboxFrame("Mail"), Waiting: []inbox.Owner{helen}, All: []inbox.Owner{
		{Href: Prefix + "inbox", Name: "Aino Laine", Address: "aino.laine@norvik.example", Site: "Turku", Mails: 1}, helen,
	}, Pages: ui.Pages{Next: Prefix + "inbox-people", Label: "Mailboxes"}}
}

func inboxList() inbox.Mailbox {
	yours := inbox.Row{Href: Prefix + "mail", From: "Service desk", To: "helen.marsh@norvik.example", Subject: "Your turn: VPN drops when I dock my laptop [BW-20418]", At: at(24, 9, 30)}
	return inbox.Mailbox{Frame: inboxFrame("Helen Marsh's mail"), Owner: inboxPeople().Waiting[0], Waiting: []inbox.Row{yours}, Mails: []inbox.Row{
		yours, {Href: Prefix + "mail", From: "Service desk", To: "helen.marsh@norvik.example", Subject: "We have it: Second monitor [BW-20397]", At: at(23, 13, 20), State: "Not delivered"},
	}, Pages: ui.Pages{Next: Prefix + "inbox?after=2", Label: "Mail"}}
}

func inboxFrame(title string) ui.PortalFrame {
	f := portalFrame(title, -1)
	f.Me = ui.Me{}
	return f
}

func inboxEmpty() inbox.People { return inbox.People{Frame: inboxFrame("Mail")} }

func inboxMail() inbox.MailPage {
	return inbox.MailPage{Frame: inboxFrame("Your turn"), Crumb: []ui.Link{{Label: "Mail", Href: Prefix + "inbox"}, {Label: "One mail"}}, From: "Service desk <desk@bothways.example>", To: "helen.marsh@norvik.example", Subject: "Your turn: VPN drops when I dock my laptop [BW-20418]", At: at(24, 9, 30),
		Text:  "It is your turn, Helen.\nAmara needs a yes or no by Tue 24 Nov, 11:15 GMT.\n\nIs 11:30 good for you?\n\n--\nNothing is lost if you are away: we remind you, and one word reopens it.\nhttps://desk.bothways.example/requests/BW-20418",
		Reply: ui.Form{ID: "reply", Action: Prefix + "mail"}, Away: ui.Form{ID: "away", Action: Prefix + "mail"}, Raw: Prefix + "mail", Before: []inbox.Said{
			{Who: "helen.marsh@norvik.example", At: at(24, 9, 2), Text: "Since Monday my VPN drops when I dock.", Own: true},
			{Who: "Service desk", Subject: "We have it: VPN drops when I dock my laptop [BW-20418]", At: at(24, 8, 50), Text: "Thank you, Helen. It is our turn.", Href: Prefix + "mail"}}}
}
