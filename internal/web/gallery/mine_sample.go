package gallery

import (
	"bothways/internal/web/portal"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

func levelsPage() portal.LevelsPage {
	cell := func(text, other string, percent int, note string) door.PromiseCell {
		return door.PromiseCell{Text: text, Other: other, Percent: percent, Note: note}
	}
	return portal.LevelsPage{
		Frame: portalFrame("Service levels", 4), Whose: "Leeds", Agreement: "Standard 2026", Since: "Version 2, in force since Thu 1 Jan", Period: "The last 90 days",
		Pairs: []door.PromisePair{
			{About: "Answering", IT: cell("A first reply within 1 h", "30 min when critical, 1 h when high, 4 h when low", 99, "99% of 412 kept"), You: cell("An answer to our question within 16 h", "", 80, "80% of 148 kept")},
			{About: "Keeping on", IT: cell("A reply to every message after that within 8 h", "2 h when critical, 4 h when high, 16 h when low", 98, "98% of 690 kept"), You: cell("The facts we ask for within 16 h", "", -1, "7 of 9 kept; too few for a share")},
			{About: "Finishing", IT: cell("A solution within 16 h", "4 h when critical, 8 h when high, 40 h when low", 100, "100% of 388 kept"), You: door.PromiseCell{Percent: -1}},
		},
		Hours:         []ui.Fact{{Name: "IT", Value: "Mon to Fri 07:00–18:00 (London time)"}, {Name: "Leeds", Value: "Mon to Thu 08:30–17:00, Fri 08:30–15:00 (London time)"}},
		Speaks:        []ui.Fact{{Name: "IT", Value: "Ingrid Solberg"}, {Name: "Leeds", Value: "Graham Pell"}},
		Note:          "A closed request can be reopened for 14 days with one word. While a supplier has it, IT’s promise to you runs on.",
		ITLadder:      []door.Rung{{When: "At three quarters of the time", What: "Whoever has it, and the team, are warned"}, {When: "When the time is used up", What: "We tell you that we are late"}},
		YouLadder:     []door.Rung{{When: "At half time", What: "We remind whoever is asked"}, {When: "When the time is used up", What: "We tell the contact of the site"}, {When: "The working day after", What: "We pause the request: no more reminders"}},
		ConfirmLadder: []door.Rung{{When: "At half time", What: "We remind whoever is asked"}, {When: "When the time is used up", What: "We close it, taking it that it works; one word reopens it"}},
		Manager:       "Ingrid Solberg", Role: "Service level manager", Answers: "Ingrid answers within 1 h of IT’s hours.",
		Write: ui.Form{ID: "write", Action: Prefix + "levels"}, Kinds: []ui.Option{{Value: "level", Label: "Another level", Hint: "Other hours, faster answers, another promise on either side"}, {Value: "price", Label: "The price", Hint: "What something costs, or would cost"}},
		Own:    []portal.OwnPromises{{Title: "At the second door: levels and price", Pairs: []door.PromisePair{{About: "Answering", IT: cell("A first reply within 8 h", "", -1, ""), You: door.PromiseCell{Percent: -1}}}}},
		Prices: []ui.Fact{{Name: "One person, per month", Value: "41.20 GBP"}}, Covered: []string{"E-mail", "Laptops"}, Bounds: []string{"Personal devices are not covered; we point to help."},
		Review: "Mon 14 Dec, 10:00", Propose: ui.Link{Label: "Propose a version", Href: "#"},
	}
}

func levelsError() portal.LevelsPage {
	p := levelsPage()
	p.Write.Values = map[string]string{"body": "Could Leeds have the desk until 20:00 in the last week of each month?"}
	p.Write.Errors = []ui.FieldError{{Field: "subject", Text: "It is empty. Say in a few words what it is about."}}
	return p
}

func promisesPage() portal.PromisesPage {
	href := Prefix + "promises"
	figures := func(running, kept, missed, off, challenged int64) []door.Figure {
		return []door.Figure{{Label: "running", N: running, Href: "#running"}, {Label: "kept", N: kept, Href: href}, {Label: "missed", N: missed, Href: href, Current: missed == 2}, {Label: "let off", N: off, Href: href}, {Label: "challenged", N: challenged, Href: href}}
	}
	row := func(number, subject, text string, side ui.Side, chip ui.Chip) portal.PromiseRow {
		return portal.PromiseRow{Href: Prefix + "request", Number: number, Subject: subject, Text: text, Side: side, Chip: chip}
	}
	return portal.PromisesPage{
		Frame: portalFrame("Promises", 3), Title: "Promises both ways", Lead: "What IT promised you and what you promised IT, counted the same way. Nobody but you sees this page.",
		Spans:  []ui.Link{{Label: "90 days", Href: href, Current: true}, {Label: "A year", Href: href}},
		Views:  []ui.Link{{Label: "On my requests", Href: href, Current: true}, {Label: "As IT", Href: href}},
		IT:     portal.Column{Side: ui.Provider, Title: "IT to you", Sub: "41 of 42 kept in time.", Figures: figures(3, 41, 1, 0, 1)},
		You:    &portal.Column{Side: ui.Customer, Title: "You to IT", Sub: "12 of 14 kept in time.", Figures: figures(1, 12, 2, 1, 0)},
		Needle: "You gave back 1 question that you had answered already. They count in no column of yours.",
		Running: []portal.PromiseRow{
			row("BW-20418", "VPN drops when I dock my laptop", "IT: reply, 1 h 18 of 2 h used", ui.Provider, ui.Chip{Kind: ui.ChipSoon, Icon: ui.IconClock, Text: "By 10:24"}),
			row("BW-20377", "Second monitor", "You: confirm, 8 h of 24 h used", ui.Customer, ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "By Fri 16:00"}),
			row("BW-20418", "VPN drops when I dock my laptop", "IT: solve, 9 h of 24 h used", ui.Provider, ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconPause, Text: "Stands still"}),
		},
		ListTitle: "Yours: missed", Clear: ui.Link{Label: "Close the list", Href: href}, Pages: ui.Pages{Next: href, Label: "Yours: missed"},
		List: []portal.PromiseRow{
			row("BW-20211", "Payroll file will not open", "An answer within 8 h: 9 h 05 used", ui.Customer, ui.Chip{Kind: ui.ChipLate, Icon: ui.IconClock, Text: "Missed Thu 19 Nov, 14:20"}),
			row("BW-20102", "New badge", "An answer within 8 h: still owed", ui.Customer, ui.Chip{Kind: ui.ChipLate, Icon: ui.IconClock, Text: "Missed Mon 16 Nov, 09:10"}),
		},
	}
}

func promisesNew() portal.PromisesPage {
	p := promisesPage()
	p.Views, p.Needle, p.Running, p.ListTitle, p.You = nil, "", nil, "", nil
	p.IT = portal.Column{Side: ui.Provider, Title: "You, as IT", Sub: "Nothing has ended in these days.", Figures: []door.Figure{{Label: "running", Href: "#running"}}}
	return p
}

func profilePage() portal.ProfilePage {
	act := func(id string) ui.Form { return ui.Form{ID: id, Action: Prefix + "profile"} }
	return portal.ProfilePage{
		Frame: portalFrame("Profile", -1), About: []ui.Fact{{Name: "Name", Value: "Helen Marsh"}, {Name: "Organisation", Value: "Norvik Industries"}, {Name: "Site", Value: "Leeds"}},
		Addresses: []portal.AddressRow{
			{Address: "helen.marsh@norvik.example", First: true, Verified: true, Remove: act("remove-0")}, {Address: "h.marsh@home.example", Verified: true, Make: act("first-1"), Remove: act("remove-1")}, {Address: "marsh@old.example", Remove: act("remove-2")},
		},
		Add:   act("add"),
		Want:  ui.Form{ID: "want", Action: Prefix + "profile", Values: map[string]string{"zone": "Europe/London", "copies": "yes", "quiet_from": "20:00", "quiet_until": "07:00"}},
		Zones: []ui.Option{{Value: "", Label: "As my site"}, {Value: "Europe/London", Label: "London, Europe"}}, Languages: []ui.Option{{Value: "", Label: "As the desk speaks"}, {Value: "en", Label: "English"}},
		Mailed: []ui.Fact{{Name: "Answers, questions, solutions", Value: "Always, at once: they are people’s words to you."}, {Name: "Copies of what you follow", Value: "Yes. You can switch them off above."}},
		Mails: []portal.MailRow{
			{Href: Prefix + "request", Subject: "[BW-20418] VPN drops when I dock my laptop", Text: "A question, to helen.marsh@norvik.example, because you asked for this", At: at(24, 9, 30)},
			{Subject: "Is this your address?", Text: "Is this your address?, to marsh@old.example, because this address was added to your account", At: at(23, 21, 10), State: "Waits until 07:00"},
		},
		Password:  act("password"),
		Sessions:  []portal.SessionRow{{Browser: "Firefox on Windows", Text: "Since Tue 24 Nov, 08:02 GMT, last used today 09:42", This: true}, {Browser: "Safari on iPhone", Text: "Since Fri 20 Nov, 18:30 GMT, last used Mon 19:12", End: act("end-1")}},
		EndOthers: act("end-others"),
	}
}

func profileError() portal.ProfilePage {
	p := profilePage()
	p.Add.Values, p.Add.Errors = map[string]string{"address": "helen at home"}, []ui.FieldError{{Field: "address", Text: "This is not a mail address. Write one such as anna@example.org, without a name or brackets."}}
	p.Password.Errors = []ui.FieldError{{Field: "old", Text: "This is not the one you have. Type it as you did when you signed in."}}
	return p
}

func confirmPage() portal.ConfirmPage {
	return portal.ConfirmPage{Frame: portalFrame("Confirm an address", -1), Address: "h.marsh@home.example", Form: ui.Form{ID: "confirm", Action: Prefix + "profile"}, Back: ui.Link{Label: "To my profile", Href: Prefix + "profile"}}
}

func confirmGone() portal.ConfirmPage {
	p := confirmPage()
	p.Gone = "This link was used, or it is older than a day, or it is for another account. Add the address again to get a new one."
	return p
}

func requestLate() portal.RequestPage {
	p := requestOurs()
	p.Late = &portal.Late{Title: "Why it is late",
		Why: []string{"We promised a reply by Mon 23 Nov, 16:00 GMT, within 4 h of our hours. Of those we have used 6 h 42, and it is not done.", "Nothing on your side held it up: it was our turn all the time that counts."},
		Now: []string{"Amara Okafor has it.", "The miss stands in IT’s column, whatever comes now. You need not do anything; a message from you reaches whoever has it."}}
	p.Challenge = portal.Challenge{Form: ui.Form{ID: "dispute", Action: Prefix + "request/dispute"}, Promises: []ui.Option{{Value: "answer-4", Label: "You: an answer, from Mon 09:40, missed"}}}
	return p
}
