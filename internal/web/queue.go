package web

import (
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/read"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/queue"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// excerptParts are the parts of the queue that stand beside a ticket, with how many rows.
var excerptParts = []struct {
	is    read.Part
	title string
	rows  int
}{{read.OurTurn, "Our turn", 10}, {read.TheirTurn, "Their turn", 5}}

// excerpt is the part of the queue beside a ticket.
func (s *site) excerpt(v *visit, k *desk.Ticket) (*deskpage.QueueExcerpt, error) {
	out := &deskpage.QueueExcerpt{Title: "Queue", Href: "/desk"}
	door, is := filter.Desk(), "desk"
	if desk.DoorOf(*k) == desk.DoorLevels {
		door.Not, is = false, "levels"
		out.Title, out.Href = "Second door", queue.Address("door:levels")
	}
	var all []desk.Ticket
	for _, p := range excerptParts {
		l, err := s.Desk.Select(v.ctx(), v.by, read.Selection{Bound: filter.Bound{Conds: []filter.Cond{door}}, Parts: []read.Part{p.is}}, "", p.rows)
		if err != nil {
			return nil, err
		}
		g := staff.QueueGroup{ID: string(p.is), Side: ui.Side(p.is), Title: p.title, Rows: make([]staff.QueueRow, len(l.Items))}
		if l.Next != "" {
			g.Pages = ui.Pages{Next: queue.Address(filter.Written(filter.AtDoor, is) + " " + filter.Written(filter.Turn, string(p.is))), Label: p.title}
		}
		out.Groups, all = append(out.Groups, g), append(all, l.Items...)
	}
	names, err := s.names.Of(v.ctx(), all)
	if err != nil {
		return nil, err
	}
	places, err := s.names.Places(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, g := range out.Groups {
		for i := range g.Rows {
			t := &all[i]
			g.Rows[i] = reading.QueueRow(v.reader, t, names[t.RequesterID], places.Site(t.SiteID), places.Team(t.TeamID), names[t.AssigneeID])
			g.Rows[i].Current = t.Number == k.Number
		}
		all = all[len(g.Rows):]
	}
	return out, nil
}
