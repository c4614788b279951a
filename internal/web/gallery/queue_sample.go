package gallery

import (
	"bothways/internal/web/queue"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

var toQueue = []ui.Link{{Label: "Queue", Href: Prefix + "queue"}}

func viewsPage() queue.ViewsPage {
	q := Prefix + "queue"
	return queue.ViewsPage{Frame: frame("Views"), Crumb: append(toQueue[:1:1], ui.Link{Label: "Views"}),
		Own: []queue.ViewRow{
			{Name: "Leeds, phones", Href: q, Query: "site:leeds tag:phone", Audience: "Only you", By: "Amara Okafor", Edit: Prefix + "view", Down: q},
			{Name: "VPN since Friday", Href: q, Query: `"vpn" made:<5d`, Audience: "Service desk", By: "Amara Okafor", Edit: Prefix + "view", Up: q},
		},
		Shared: []queue.ViewRow{{Name: "Missed", Href: q, Query: "due:missed", Audience: "Everybody in IT", By: "Kofi Mensah"}}}
}

func viewPage(errs ...ui.FieldError) queue.ViewPage {
	return queue.ViewPage{Frame: frame("Save this view"), Crumb: append(toQueue[:1:1], ui.Link{Label: "Save this view"}), Title: "Save this view",
		Form:      ui.Form{ID: "view", Action: Prefix + "view", Values: map[string]string{"query": "site:leeds tag:phone", "audience": "own"}, Errors: errs},
		Audiences: []ui.Option{{Value: "own", Label: "Only me"}, {Value: "team", Label: "A team"}, {Value: "staff", Label: "Everybody in IT"}},
		Teams:     []ui.Option{{Value: "desk", Label: "Service desk"}}, Delete: Prefix + "view"}
}

func changePage() queue.ChangePage {
	return queue.ChangePage{Frame: frame("Change 3 tickets"), Crumb: append(toQueue[:1:1], ui.Link{Label: "Change 3 tickets"}), Title: "Change 3 tickets",
		Form:  ui.Form{ID: "change", Action: Prefix + "change", Values: map[string]string{"do": "assign", "assignee": "kofi"}, Hidden: []ui.Hidden{{Name: "pick", Value: "BW-20418"}}},
		Staff: []ui.Option{{Value: "", Label: "Nobody"}, {Value: "kofi", Label: "Kofi Mensah"}}, Teams: []ui.Option{{Value: "desk", Label: "Service desk"}},
		Levels: []ui.Option{{Value: "", Label: "As it is"}, {Value: "high", Label: "High"}}}
}

func changePlan() queue.ChangePage {
	p := changePage()
	t := Prefix + "ticket"
	p.Plan = &queue.ChangePlan{Submit: "Change 2 tickets", Will: []staff.ChangeLine{
		{Number: "BW-20418", Href: t, Subject: "VPN drops when I dock my laptop", Steps: []staff.ChangeStep{{What: "Assignee", From: "Amara Okafor", To: "Kofi Mensah"}}},
		{Number: "BW-20433", Href: t, Subject: "Third floor printer prints blank pages", Steps: []staff.ChangeStep{{What: "Team", From: "Service desk", To: "Network"}, {What: "Assignee", From: "Amara Okafor", To: "nobody"}}},
	}, Not: []staff.ChangeLine{{Number: "BW-20377", Href: t, Subject: "Second monitor arrived?", Say: "It has ended (closed). Reopen it first.", Refused: true}}}
	return p
}

func changeMade() queue.RunPage {
	t := Prefix + "ticket"
	return queue.RunPage{Frame: frame("2 tickets changed"), Crumb: append(toQueue[:1:1], ui.Link{Label: "2 tickets changed"}), Title: "2 tickets changed", Lead: "1 stayed as they were; each says why.",
		Queue: Prefix + "queue", Undo: Prefix + "change", Until: "09:57",
		Refused: []staff.ChangeLine{{Number: "BW-20377", Href: t, Say: "Somebody else changed it meanwhile. Look at it again.", Refused: true}},
		Done:    []staff.ChangeLine{{Number: "BW-20418", Href: t, Say: "Changed"}, {Number: "BW-20433", Href: t, Say: "Changed"}}}
}
