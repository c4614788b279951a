package web

import (
	"bothways/internal/auth"
	"bothways/internal/web/accord"
	"bothways/internal/web/admin"
	"bothways/internal/web/asset"
	"bothways/internal/web/dispute"
	"bothways/internal/web/find"
	"bothways/internal/web/palette"
	"bothways/internal/web/queue"
	"bothways/internal/web/scorecard"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
	"bothways/internal/web/vote"
	"bothways/internal/web/worklog"
)

// workspace is the frame of a staff page; current is the address of the view it belongs to.
func (v *visit) workspace(title, current string) staff.Frame {
	item := func(label, href string, icon ui.Icon) staff.NavItem {
		return staff.NavItem{Label: label, Href: href, Icon: icon, Current: href == current}
	}
	f := staff.Frame{
		Doc: v.doc(title), Reader: v.reader, Home: "/desk", Search: find.Desk, New: "/desk/tickets/new", Log: worklog.LogPath, Toast: v.toast(),
		Me: ui.Me{Name: v.me.Name, Email: v.me.Address, Side: ui.Provider, SignOut: "/sign-out", Links: []ui.Link{{Label: "My time", Href: worklog.TimePath}, {Label: "My own requests", Href: "/requests"}, {Label: "My promises", Href: "/promises?as=it"}, {Label: "Profile and mail", Href: "/profile"}, {Label: "My absences", Href: admin.Base + "/absences?person=" + v.me.ID}, {Label: "My tokens", Href: admin.Base + "/tokens"}}},
	}
	f.Doc.Scripts = append(f.Doc.Scripts, asset.Morph, asset.Live, asset.Composer, asset.Keys, asset.Palette)
	f.Doc.At = v.at
	f.Find, f.Keys = palette.Find, palette.Keys
	nav, err := v.queue.Nav(v.ctx(), v.by, v.reader, current)
	if err != nil {
		v.Log.Error("the views can't be counted", "error", err) // the page is more than its side bar
	}
	cards := item("Scorecards", scorecard.Base, ui.IconChart)
	cards.Go = "s"
	accords := staff.NavGroup{Title: "Agreements", Items: []staff.NavItem{item("What is agreed", accord.Base, ui.IconScale), cards}}
	if auth.Somewhere(v.by, auth.TicketDispute) == nil || auth.Somewhere(v.by, auth.DisputePropose) == nil {
		accords.Items = append(accords.Items, item("Challenged", dispute.Base, ui.IconSwap))
	}
	f.Nav = append(nav, accords, staff.NavGroup{Title: "Writing", Items: []staff.NavItem{
		{Label: "Drafts", Href: "/desk/drafts", Icon: ui.IconNote, Current: current == "/desk/drafts"},
		{Label: "Saved answers", Href: "/desk/answers", Icon: ui.IconBook, Current: current == "/desk/answers"},
	}})
	if all := admin.Sections(v.by); len(all) > 2 { // more than what everybody has
		g := staff.NavGroup{Title: "Administration"}
		for _, x := range all {
			g.Items = append(g.Items, item(x.Label, x.Href, x.Icon))
		}
		f.Nav = append(f.Nav, g)
		f.Me.Links = append(f.Me.Links, ui.Link{Label: "Administration", Href: admin.Base})
	}
	if v.Demo {
		f.Nav = append(f.Nav, staff.NavGroup{Title: "Demo", Items: []staff.NavItem{item("Mail sent", "/inbox", ui.IconMail), item("Gallery", "/gallery", ui.IconGrid)}})
	}
	f.Alarm = v.alarm()
	f.Tabs = []staff.NavItem{item("Queue", "/desk", ui.IconInbox), item("Mine", queue.Address("assignee:me"), ui.IconUser), item("Views", "/desk/views", ui.IconStar), item("Log", worklog.LogPath, ui.IconHand), item("New", "/desk/tickets/new", ui.IconPlus)}
	return f
}

// portal is the frame of a customer's page.
func (v *visit) portal(title, current string) ui.PortalFrame {
	nav := []ui.Link{{Label: "Home", Href: "/", Icon: ui.IconHome}, {Label: "My requests", Href: "/requests", Icon: ui.IconInbox}, {Label: "New request", Href: "/requests/new", Icon: ui.IconPlus},
		{Label: "Search", Href: find.Portal, Icon: ui.IconSearch},
		{Label: "Promises", Href: "/promises", Icon: ui.IconSwap}, {Label: "Service levels", Href: "/levels", Icon: ui.IconScale}}
	if !v.by.Stranger {
		nav = append(nav, ui.Link{Label: "Scorecard", Href: scorecard.Base, Icon: ui.IconChart})
	}
	me := ui.Me{Name: v.me.Name, Email: v.me.Address, Side: ui.Customer, SignOut: "/sign-out", Links: []ui.Link{{Label: "Profile and mail", Href: "/profile"}, {Label: "Approvals", Href: vote.Base}}}
	if v.by.Staff() {
		nav = nav[1:]
		me.Links = append(me.Links, ui.Link{Label: "Workspace", Href: "/desk"})
	}
	for i := range nav {
		nav[i].Current = nav[i].Href == current
	}
	f := ui.PortalFrame{Doc: v.doc(title), Reader: v.reader, Org: v.me.OrgName, Home: "/", Nav: nav, Me: me, Toast: v.toast()}
	f.Help = v.help()
	if v.Demo {
		f.Help.More = ui.Link{Label: "Mail the desk sent in this demo", Href: "/inbox"}
	}
	return f
}

func crumb(home ui.Link, title string) []ui.Link { return []ui.Link{home, {Label: title}} }

// help is the line at the foot of the pages customers see.
func (s *site) help() ui.Help { return ui.Help{Email: s.DeskMail} }
