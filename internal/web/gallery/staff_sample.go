package gallery

import (
	"time"

	"bothways/internal/web/desk"
	"bothways/internal/web/queue"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
	"bothways/internal/web/ui/turn"
)

func frame(title string) staff.Frame {
	return staff.Frame{
		Doc: doc(title), Reader: reader(), Home: Prefix + "queue", Search: Prefix + "queue", New: Prefix + "new-ticket",
		Me: ui.Me{Name: "Amara Okafor", Email: "amara.okafor@bothways.example", Side: ui.Provider, SignOut: Prefix + "sign-in",
			Links: []ui.Link{{Label: "My own requests", Href: Prefix + "home"}}},
		Nav: []staff.NavGroup{
			{Title: "My work", Items: []staff.NavItem{
				{Label: "Our turn", Href: Prefix + "queue", Icon: ui.IconInbox, Count: "7", Hot: true, Current: true},
				{Label: "Their turn", Href: Prefix + "queue?turn=customer", Icon: ui.IconSwap, Count: "9"},
			}},
			{Title: "Service desk", Items: []staff.NavItem{
				{Label: "Unassigned", Href: Prefix + "queue?holder=none", Icon: ui.IconUsers, Count: "4"},
				{Label: "Due within 1 h", Href: Prefix + "queue?due=1h", Icon: ui.IconClock, Count: "3", Hot: true},
				{Label: "All open", Href: Prefix + "queue?state=open", Icon: ui.IconGrid, Count: "58"},
			}},
		},
		Tabs: []staff.NavItem{
			{Label: "Queue", Href: Prefix + "queue", Icon: ui.IconInbox, Current: true},
			{Label: "Their turn", Href: Prefix + "queue?turn=customer", Icon: ui.IconSwap},
			{Label: "New", Href: Prefix + "new-ticket", Icon: ui.IconPlus},
			{Label: "Portal", Href: Prefix + "home", Icon: ui.IconUser},
		},
		Help: ui.Help{Email: "desk@bothways.example"},
	}
}

func filter() staff.Filter {
	q := Prefix + "queue"
	return staff.Filter{
		Action: q, Query: "site:leeds turn:provider", Clear: q, Save: q, SaveLabel: "Save view", Export: q, Sorted: "Time left", List: q,
		Terms:   []staff.FilterTerm{{Text: "site:leeds", Without: q}, {Text: "turn:provider", Without: q}},
		Sorts:   []ui.Link{{Label: "Time left", Href: q, Current: true}, {Label: "Priority", Href: q}, {Label: "Newest", Href: q}},
		Columns: []ui.Link{{Label: "Show a table", Href: q}},
		Words:   []staff.FilterWord{{Example: "due:<2h", Href: q, Says: "when the next promise breaks"}, {Example: "assignee:me", Href: q, Says: "who has it; none for nobody"}},
	}
}

func row(subject, person, where, number, last, holder string, due ui.Due) staff.QueueRow {
	return staff.QueueRow{Href: Prefix + "ticket", Number: number, Subject: subject, Person: person, Where: where, Last: last, Holder: holder, Due: due}
}

func ours(left time.Duration, due time.Time) ui.Due {
	return ui.Due{Side: ui.Provider, At: due, Left: left, Soon: left > 0 && left < time.Hour, Missed: left < 0}
}

func theirs(due time.Time) ui.Due { return ui.Due{Side: ui.Customer, At: due, Left: time.Hour} }

func ourTurn() staff.QueueGroup {
	rows := []staff.QueueRow{
		row("Badge reader at the loading dock does not open", "Owen Clarke", "Leeds", "BW-20409", "Supplier says the part is there.", "Desk", ours(-17*time.Minute, at(24, 9, 25))),
		row("VPN drops when I dock my laptop", "Helen Marsh", "Leeds", "BW-20418", "She sent the log. Reply promised by 10:24.", "Desk · Amara Okafor", ours(42*time.Minute, at(24, 10, 24))),
		row("Enterprise activation: 4 phones", "Priya Nair", "Leeds, site IT", "BW-20402", "3 checked, 1 stopped: custody does not match.", "Mobile", ours(130*time.Minute, at(24, 11, 52))),
		row("Firefox next to Edge in training rooms", "Rita Sousa", "Porto", "BW-20391", "Rui suggests a decline. Needs a second person.", "Desk · Rui Costa", ours(3*time.Hour, at(24, 12, 42))),
		row("Third floor printer prints blank pages", "Jonas Weber", "Tallinn", "BW-20433", "New toner did not help.", "Desk", ours(220*time.Minute, at(24, 13, 22))),
		row("Shared mailbox for the audit team", "Ewa Lis", "Leeds", "BW-20420", "Owner confirmed. Ready to create.", "Accounts · Kofi Mensah", ours(9*time.Hour, at(24, 18, 0))),
		row("Meeting room camera flickers", "Aino Laine", "Turku", "BW-20388", "Seen in two rooms on the same switch.", "Network", ours(14*time.Hour, at(25, 12, 0))),
	}
	rows[1].Unread, rows[2].Unread, rows[4].Unread = true, true, true
	return staff.QueueGroup{ID: "ours", Side: ui.Provider, Title: "Our turn", Count: "7", Hint: "The promise that breaks first stands first", Rows: rows}
}

func theirTurn() staff.QueueGroup {
	return staff.QueueGroup{ID: "theirs", Side: ui.Customer, Title: "Their turn", Count: "9", Hint: "We remind them for you",
		Rows: []staff.QueueRow{
			row("Payroll file will not open", "Owen Clarke", "Leeds", "BW-20397", "We asked for the file name. Reminder sent.", "Desk", theirs(at(24, 17, 0))),
			row("Please activate my new phone", "Helen Marsh", "Leeds", "BW-20401", "Handed to Leeds local IT with her details.", "Leeds local IT", theirs(at(25, 12, 0))),
			row("New starter 1 December", "Marek Nowak", "Leeds", "BW-20399", "Waiting for his list of software.", "Accounts", theirs(at(26, 10, 0))),
			row("Second monitor arrived?", "Liis Tamm", "Tallinn", "BW-20377", "Closes by itself on Friday if all is well.", "Desk", ui.Due{Side: ui.Customer, At: at(27, 16, 0), Confirm: true}),
		},
		Pages: ui.Pages{Next: Prefix + "queue?after=BW-20377", Label: "Their turn"}}
}

func elseTurn() staff.QueueGroup {
	return staff.QueueGroup{ID: "else", Side: ui.Supplier, Title: "Supplier or nobody", Count: "2", Rows: []staff.QueueRow{
		row("Lift controller spare part", "Olga Ilves", "Tallinn", "BW-20322", "Ordered; the supplier named Friday.", "Facilities IT", ui.Due{Side: ui.Supplier, Waiting: "With the supplier"}),
		row("Move of the Porto training room", "Rita Sousa", "Porto", "BW-20361", "Agreed: we come on 1 December.", "Desk", ui.Due{Side: ui.Nobody, Waiting: "Agreed: Tue 1 Dec"}),
	}}
}

func queuePage() queue.Page {
	p := queue.Page{Frame: frame("Our turn"), Title: "Queue", Count: "18 open", Filter: filter(), Groups: []staff.QueueGroup{ourTurn(), theirTurn(), elseTurn()}}
	for _, g := range p.Groups {
		for i := range g.Rows {
			g.Rows[i].Pick = true
		}
	}
	return p
}

func queueEmpty() queue.Page {
	f := filter()
	f.Query, f.Clear = "toaster", Prefix+"queue"
	f.Terms = []staff.FilterTerm{{Text: "toaster", Without: Prefix + "queue"}}
	return queue.Page{Frame: frame("Our turn"), Title: "Queue", Filter: f}
}

// queueSlip is a filter of which a piece can't be read, and a name that several have.
func queueSlip() queue.Page {
	p := queuePage()
	p.Filter.Query = "turn:provider sit:leeds requester:helen"
	p.Filter.Slips = []staff.FilterSlip{{At: 15, Before: "turn:provider ", Word: "sit:leeds", After: " requester:helen", Text: "There is no field “sit”.", Try: "site:leeds", TryHref: Prefix + "queue"}}
	p.Filter.Notes = []string{"“helen” could be 2: Helen Marsh, Helen Ito. All of them are shown."}
	return p
}

// queueTable is the queue with columns of somebody's choice.
func queueTable() queue.Page {
	p := queuePage()
	q := Prefix + "queue"
	p.Filter.Table, p.Filter.Columns = true, []ui.Link{{Label: "Due", Href: q, Current: true}, {Label: "Site", Href: q, Current: true}, {Label: "Assignee", Href: q}}
	for i := range p.Groups {
		g := &p.Groups[i]
		g.Columns = []string{"Due", "Requester", "Site", "Last words"}
		for j := range g.Rows {
			r := &g.Rows[j]
			r.Cells = []staff.Cell{{Due: true}, {Text: r.Person}, {Text: r.Where}, {Text: r.Last, Title: r.Last}}
		}
	}
	return p
}

func excerpt() *desk.QueueExcerpt {
	a, b := ourTurn(), theirTurn()
	a.Rows = a.Rows[1:]
	a.Rows[0].Current, a.Hint, b.Pages = true, "", ui.Pages{}
	return &desk.QueueExcerpt{Title: "Queue", Href: Prefix + "queue", Groups: []staff.QueueGroup{a, b}}
}

func forms() (staff.Composer, staff.AssignForm, staff.PriorityForm, staff.WaitForm, staff.ResolveForm) {
	levels := []ui.Option{{Value: "low", Label: "Low"}, {Value: "medium", Label: "Medium"}, {Value: "high", Label: "High"}}
	version := []ui.Hidden{{Name: "version", Value: "17"}}
	c := staff.Composer{Name: "Helen", To: "By email to helen.marsh@norvik.example, copy to Priya Nair",
		Told:   []staff.Told{{Name: "Helen Marsh", Because: "they ask"}, {Name: "Priya Nair", Because: "they follow it"}},
		Untold: []staff.Told{{Name: "Owen Clarke", Because: "they read it on the page"}},
		Desk:   staff.ComposerDesk{Ref: "BW-20418", Me: "amara", Address: Prefix + "ticket", Complete: Prefix + "complete"},
		Reply: staff.ReplyForm{Upload: true, Undo: 10 * time.Second,
			Draft: staff.Draft{Version: 3, Saved: at(24, 9, 41), Files: []staff.DraftFile{{ID: "0198f0aa-0000-7000-8000-000000000001", Name: "dock-driver-23.60.png", Size: 182_400}}},
			Form:  ui.Form{ID: "reply", Action: Prefix + "ticket/reply", Hidden: version, Values: map[string]string{"body": "Thank you, Helen, the log told us exactly what we needed. It is the network driver, not your dock. We can put the new one on your laptop at 11:30 while it is plugged in; it takes ten minutes and one restart. Is 11:30 good for you?", "need": "yes-no"}},
			Needs: []ui.Option{{Value: "yes-no", Label: "a yes or no"}, {Value: "fact", Label: "a file or fact"}, {Value: "test", Label: "a test"}},
			Dues:  []ui.Option{{Value: "2026-11-24T11:15:00Z", Label: "11:15"}, {Value: "2026-11-26T10:00:00Z", Label: "Thu 26 Nov, 10:00"}}},
		Note: staff.NoteForm{Upload: true, Form: ui.Form{ID: "note", Action: Prefix + "ticket/note", Hidden: version}}}
	return c,
		staff.AssignForm{Form: ui.Form{ID: "assign", Action: Prefix + "ticket/assign", Hidden: version, Values: map[string]string{"team": "desk"}},
			Teams: []ui.Option{{Value: "desk", Label: "Desk"}, {Value: "network", Label: "Network"}}, People: []ui.Option{{Value: "", Label: "Nobody yet"}, {Value: "amara", Label: "Amara Okafor"}}},
		staff.PriorityForm{Form: ui.Form{ID: "priority", Action: Prefix + "ticket/priority", Hidden: version, Values: map[string]string{"impact": "medium", "urgency": "medium"}}, Impacts: levels, Urgencies: levels},
		staff.WaitForm{Form: ui.Form{ID: "wait", Action: Prefix + "ticket/wait", Hidden: version}, Kinds: []ui.Option{{Value: "date", Label: "A date we agreed"}, {Value: "supplier", Label: "A supplier"}}},
		staff.ResolveForm{Form: ui.Form{ID: "resolve", Action: Prefix + "ticket/resolve", Hidden: version}}
}

// moves are acts with every kind of field.
func moves() []staff.Act {
	form := func(name string) ui.Form { return ui.Form{ID: name, Action: Prefix + "ticket/" + name} }
	merge := form("merge")
	merge.Values = map[string]string{"into": "BW-20391"}
	merge.Errors = []ui.FieldError{{Text: "After this Owen Clarke can read the public messages of both. Say that they may, or link the two as duplicates."}}
	return []staff.Act{
		{Form: form("hand-over"), Title: "Hand it over", Text: "It stays our turn. Helen reads to whom it was passed, without your note.", Button: "Hand it over", Fields: []staff.ActField{
			{Field: ui.Field{Name: "team", Label: "Team"}, Options: []ui.Option{{Value: "desk", Label: "Desk"}, {Value: "network", Label: "Network"}}},
			{Field: ui.Field{Name: "body", Label: "What they need to know", Hint: "A note; only IT sees it.", Rows: 4}}}},
		{Form: merge, Title: "Merge it into another", Text: "Both go on as one, in the other. No promise is cleared, and it can be taken back.", Button: "Merge them", Fields: []staff.ActField{
			{Field: ui.Field{Name: "into", Label: "Into", Hint: "The number, such as BW-1001"}}, {Field: ui.Field{Name: "shared", Label: "Their people may read both"}, Check: true}}},
		{Form: form("split"), Title: "Begin a new ticket with some of this", Button: "Begin it", Fields: []staff.ActField{
			{Field: ui.Field{Name: "subject", Label: "What it is about"}},
			{Field: ui.Field{Name: "messages", Label: "With which messages"}, Many: true, Options: []ui.Option{{Value: "1", Label: "Helen, 09:31: ", Hint: "It dropped twice this morning."}, {Value: "2", Label: "Amara, 09:40: ", Hint: "We can put the new driver on."}}}}},
	}
}

func ticketPage() desk.TicketPage {
	c, assign, prio, wait, resolve := forms()
	return desk.TicketPage{Frame: frame("VPN drops when I dock my laptop, BW-20418"), Queue: excerpt(), Back: Prefix + "queue",
		Number: "BW-20418", Subject: "VPN drops when I dock my laptop", State: "In progress", Kind: "Incident", Holder: "Desk · Amara Okafor", Priority: "Medium",
		Here:  []string{"Kofi is here"},
		Turns: turns("Helen’s clock", "Helen", "our turn now"), Entries: conversation(), Earlier: ui.Link{Label: "5 earlier entries, Thursday 19 to Friday 20 November", Href: Prefix + "ticket?all"},
		Composer: c, Take: ui.Form{ID: "take", Action: Prefix + "ticket/take"}, Assign: assign, Prio: prio, Wait: wait, Resolve: resolve,
		More: moves(), Moves: staff.Moves{GoesOn: ui.Link{Label: "BW-20391", Href: Prefix + "ticket"}}, Follow: ui.Form{ID: "follow-me", Action: Prefix + "ticket/watch"},
		Person: staff.PersonPanel{Name: "Helen Marsh", Line: "Supervisor, Interior Design", Side: ui.Customer,
			Facts:       []ui.Fact{{Name: "Site", Value: "Leeds · 09:42 there"}, {Name: "Reach", Value: "Email", Href: "mailto:helen.marsh@norvik.example"}, {Name: "Local IT", Value: "Priya Nair"}},
			Record:      &staff.BothWays{Title: "Both ways at Leeds, last 90 days", ITKept: 211, ITOf: 214, TheirKept: 168, TheirOf: 207},
			Follow:      ui.Form{ID: "follow", Action: Prefix + "ticket/watch"},
			Ask:         ui.Form{ID: "parties", Action: Prefix + "ticket/parties", Values: map[string]string{"requester": "helen.marsh@norvik.example", "affected": "owen.clarke@norvik.example"}},
			Parties:     []staff.Party{{Name: "Helen Marsh", Because: "asks", Side: ui.Customer}, {Name: "Owen Clarke", Because: "affected: uses the same dock", Side: ui.Customer}, {Name: "Priya Nair", Because: "follows it: Leeds local IT", Side: ui.Provider, Drop: ui.Form{ID: "drop-1", Action: Prefix + "ticket/unwatch"}}},
			Earlier:     []staff.EarlierTicket{{Subject: "Dock not charging", Href: Prefix + "ticket", When: "Oct, 4 h"}, {Subject: "VPN slow from home", Href: Prefix + "ticket", When: "Sep, 9 h"}},
			EarlierMore: Prefix + "queue?person=helen"}}
}

func heldReplies() []staff.HeldReply {
	return []staff.HeldReply{
		{ID: "h1", By: ui.Author{Name: "Kofi Mensah", Side: ui.Provider}, Text: ui.Plain("The driver is ready."), Leaves: at(24, 9, 42)},
		{ID: "h2", By: ui.Author{Name: "Amara Okafor", Side: ui.Provider, You: true}, Text: ui.Plain("Is 11:30 good for you?"), Leaves: at(24, 9, 42),
			Back: ui.Form{ID: "back-h2", Action: Prefix + "ticket/undo", Hidden: []ui.Hidden{{Name: "held", Value: "h2"}}}},
	}
}

// ticketHeld is a ticket with answers about to leave, one that came back, and a draft for a reply that can't be sent now.
func ticketHeld() desk.TicketPage {
	p := ticketPage()
	p.Held, p.Here = heldReplies(), []string{"Kofi is writing", "Rui is here"}
	p.Composer.Reply.Why = "A colleague answered BW-20418 while yours waited to leave. Read theirs, and send yours if it still fits."
	p.Unsent = []staff.Told{{Name: "You have an unsent reply, kept since today 09:20", Because: "Thank you, Helen.\n\nThe log told us"}}
	p.Frame.Toast = &ui.Toast{Text: "Leaves at 09:42:10.", Undo: Prefix + "ticket/undo"}
	return p
}

func ticketNote() desk.TicketPage {
	p := ticketPage()
	p.Composer.Open = "note"
	return p
}

func ticketError() desk.TicketPage {
	p := ticketPage()
	p.Composer.Reply.Values["body"] = ""
	p.Composer.Reply.Errors = []ui.FieldError{{Field: "body", Text: "Write what Helen should read."}, {Field: "due", Text: "11:15 is over. Choose a later time."}}
	p.Disputes = ui.Link{Label: "Read what is challenged, and what came of it", Href: Prefix + "ticket"}
	p.Disputed = "Helen says that she sent the log on Friday 20 November. Both versions stay on record until it is settled."
	p.Outgoing = []desk.Outgoing{{To: "helen.marsh@norvik.example", State: "Could not be delivered: mailbox full. It is our turn again since 09:40."}}
	p.Frame.Toast = &ui.Toast{Text: "The version you answered was not the newest.", Undo: ""}
	return p
}

func ticketBare() desk.TicketPage {
	f := frame("BW-1")
	f.Toast = &ui.Toast{Text: "Taken. It is yours now.", Undo: Prefix + "ticket/untake"}
	return desk.TicketPage{Frame: f, Back: Prefix + "queue", Number: "BW-1", Subject: "A subject as long as people write them when they put the whole story of the broken coffee machine into the subject line of one mail",
		State: "New", Turns: turn.Panel{IT: turn.Clock{Side: ui.Provider, Title: "IT’s clock", State: turn.None}, You: turn.Clock{Side: ui.Customer, Title: "Unknown’s clock", State: turn.None}, Turn: ui.Provider, TurnText: "our turn now"},
		Entries: []staff.Entry{{Message: &ui.PublicMessage{From: ui.Author{Name: "someone@else.example", Side: ui.Customer}, Via: "by email", At: at(24, 9, 41), Body: ui.Plain("Help"), Claim: "The sender’s address was not confirmed.", Original: Prefix + "mail"}}},
	}
}

func newTicket() desk.NewTicketPage {
	levels := []ui.Option{{Value: "low", Label: "Low"}, {Value: "medium", Label: "Medium"}, {Value: "high", Label: "High"}}
	return desk.NewTicketPage{Frame: frame("New ticket"), Crumb: []ui.Link{{Label: "Queue", Href: Prefix + "queue"}, {Label: "New ticket"}}, Upload: true,
		Form: ui.Form{ID: "new", Action: Prefix + "new-ticket", Values: map[string]string{"requester": "helen.marsh@norvik", "impact": "medium", "urgency": "medium"},
			Errors: []ui.FieldError{{Field: "requester", Text: "Enter a whole mail address, like name@example.org."}, {Field: "subject", Text: "Say in one line what it is about."}}},
		Kinds:   []ui.Option{{Value: "incident", Label: "Something is broken"}, {Value: "request", Label: "Something is wanted"}, {Value: "question", Label: "A question"}},
		Impacts: levels, Urgencies: levels, Teams: []ui.Option{{Value: "desk", Label: "Desk"}, {Value: "network", Label: "Network"}},
		Silence: []ui.Option{{Value: "", Label: "As the agreement says"}, {Value: "security", Label: "Never: security"}}}
}
