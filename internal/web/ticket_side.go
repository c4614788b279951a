package web

import (
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// personPanel is who asks, where they are, and who else is concerned.
func (s *site) personPanel(v *visit, t *shown) (staff.PersonPanel, error) {
	r := t.Person(t.Ticket.RequesterID)
	p := staff.PersonPanel{Name: r.Name, Line: r.OrgName, Side: ui.Customer}
	known := auth.Can(v.by, auth.PersonRead, r.Object()) == nil
	if r.Stranger() {
		p.Line = "Nobody has said yet who this is"
	}
	if t.Ticket.SiteID != "" {
		pl, err := s.source.Place(v.ctx(), t.Ticket.SiteID)
		if err != nil {
			return p, err
		}
		there := ui.Reader{Now: v.reader.Now, Zone: reading.ZoneOf(pl.Site.Zone)}
		p.Facts = append(p.Facts, ui.Fact{Name: "Site", Value: pl.Site.Name + " · " + there.Hour(v.reader.Now) + " there", Href: "/desk?site=" + pl.Site.ID})
		p.Facts = appendNames(p.Facts, "Local IT", t.Teams().LocalIT[pl.Site.ID])
		p.Facts = appendNames(p.Facts, "Contact", pl.Contacts)
		if p.Record, err = s.siteRecord(v, pl.Site); err != nil {
			return p, err
		}
	}
	if known && r.Address != "" {
		p.Facts = append(p.Facts, ui.Fact{Name: "Reach", Value: r.Address, Href: "mailto:" + r.Address})
	}
	if !r.Mailed {
		p.Facts = append(p.Facts, ui.Fact{Name: "Mail", Value: "None; reads here"})
	}
	for _, l := range t.Links {
		p.Facts = append(p.Facts, ui.Fact{Name: "Linked", Value: desk.Ref(l.Other) + ", " + strings.ReplaceAll(l.Kind, "_", " "), Href: "/desk/tickets/" + desk.Ref(l.Other)})
	}
	p.Parties = t.parties()
	earlier, err := s.Desk.Earlier(v.ctx(), v.by, t.Ticket.RequesterID, mostEarlier+2)
	if err != nil {
		return p, err
	}
	for i := range earlier {
		if e := &earlier[i]; e.Number != t.Ticket.Number && len(p.Earlier) < mostEarlier {
			p.Earlier = append(p.Earlier, staff.EarlierTicket{Subject: e.Subject, Href: "/desk/tickets/" + desk.Ref(e.Number), When: v.reader.Day(e.MadeAt)})
		}
	}
	if len(earlier) > mostEarlier+1 {
		p.EarlierMore = "/desk?requester=" + t.Ticket.RequesterID
	}
	return p, nil
}

const mostEarlier = 4

func appendNames(facts []ui.Fact, name string, all []people.Person) []ui.Fact {
	if len(all) == 0 {
		return facts
	}
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return append(facts, ui.Fact{Name: name, Value: reading.List(names)})
}

// parties are the people of the ticket, each with their part in it: who typed it, who asks, who it is for, who follows.
func (t *shown) parties() []staff.Party {
	k := &t.Ticket
	var out []staff.Party
	add := func(personID, because string) *staff.Party {
		x := t.Person(personID)
		if x.ID == "" {
			return nil
		}
		out = append(out, staff.Party{Name: x.Name, Because: because, Side: partySide(x)})
		return &out[len(out)-1]
	}
	add(k.RequesterID, "asks")
	if k.AffectedID != k.RequesterID {
		add(k.AffectedID, "it is for them")
	}
	if k.SubmitterID != k.RequesterID && k.SubmitterID != k.AffectedID {
		add(k.SubmitterID, "typed it")
	}
	for _, q := range t.Parties {
		words := "follows it: " + q.Because
		switch q.Role {
		case desk.Requester, desk.Affected:
			continue
		case desk.Pending:
			words = "not let in yet: " + q.Because
		}
		if row := add(q.PersonID, words); row != nil && k.Open && t.Can(auth.TicketWork) {
			row.Drop = ui.Form{ID: "drop-" + q.PersonID[:8], Action: "/desk/tickets/" + k.Ref() + "/unwatch", Hidden: []ui.Hidden{{Name: "person", Value: t.Person(q.PersonID).Address}}}
		}
	}
	return out
}

// siteRecord is how both sides kept their promises at the site; nil for who may not see it.
func (s *site) siteRecord(v *visit, at people.Site) (*staff.BothWays, error) {
	r, err := s.source.Record(v.ctx(), v.by, at)
	if k := errs.KindOf(err); err != nil && (k == errs.Denied || k == errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &staff.BothWays{
		Title: "Both ways at " + at.Name + ", last 90 days", ITKept: r.IT.Kept, ITOf: r.IT.Kept + r.IT.Missed, TheirKept: r.You.Kept, TheirOf: r.You.Kept + r.You.Missed,
	}, nil
}

func partySide(p people.Person) ui.Side {
	if p.OrgKind == people.Provider {
		return ui.Provider
	}
	return ui.Customer
}
