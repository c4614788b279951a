package palette

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/search"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// Addresses of the two pages.
const (
	Keys = "/desk/keys"
	Find = "/desk/palette"
)

// Search finds what somebody may read; see package search.
type Search interface {
	Tickets(ctx context.Context, by auth.Actor, in search.Input) (search.Result, error)
	People(ctx context.Context, by auth.Actor, q string, limit int) (found []people.Person, more bool, err error)
	Ticket(ctx context.Context, by auth.Actor, q string) (int64, error)
}

// Palette is the two pages.
type Palette struct {
	Search Search
}

// most is how many of a kind are found at once: the menu is for going on, not for reading.
const most = 7

// mostQuery is the longest query that is looked for.
const mostQuery = 200

// Routes are the two pages'.
func (p *Palette) Routes() []area.Route {
	return []area.Route{
		{Method: "GET", Path: Keys, Door: area.ForStaff, Verb: auth.TicketRead, Do: p.keys},
		{Method: "GET", Path: Find, Door: area.ForStaff, Verb: auth.TicketRead, Do: p.find},
	}
}

func (p *Palette) keys(c *area.Call) error {
	if c.Fragment() {
		c.Face.Render(http.StatusOK, staff.KeysDialog(Shortcuts))
		return nil
	}
	f, err := c.Face.Workspace("Keyboard shortcuts", Keys)
	if err != nil {
		return err
	}
	c.Face.Render(http.StatusOK, keysPage(f))
	return nil
}

func (p *Palette) find(c *area.Call) error {
	q := text.Cut(text.Line(c.Query("q")), mostQuery)
	var groups []staff.FoundGroup
	add := func(g staff.FoundGroup, err error) error {
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
		return err
	}
	if err := add(p.tickets(c, q)); err != nil {
		return err
	}
	if err := add(p.persons(c, q)); err != nil {
		return err
	}
	if c.Fragment() {
		c.Face.Render(http.StatusOK, staff.FoundList(groups))
		return nil
	}
	f, err := c.Face.Workspace("Find", Find)
	if err != nil {
		return err
	}
	_ = add(views(f, q), nil)
	f.Query = q
	c.Face.Render(http.StatusOK, findPage(f, q, groups))
	return nil
}

// tickets are the one with the number, and those in which the words are.
func (p *Palette) tickets(c *area.Call, q string) (staff.FoundGroup, error) {
	g := staff.FoundGroup{Title: "Tickets"}
	if q == "" {
		return g, nil
	}
	number, err := p.Search.Ticket(c.Ctx(), c.By, q)
	if err != nil {
		return g, err
	}
	if number != 0 {
		g.Items = append(g.Items, staff.Found{Icon: ui.IconNote, Number: desk.Ref(number), Label: "The ticket of this number", Href: "/desk/tickets/" + desk.Ref(number)})
	}
	r, err := p.Search.Tickets(c.Ctx(), c.By, search.Input{Q: q, Limit: most})
	if err != nil {
		return g, err
	}
	for i := range r.Items {
		if h := &r.Items[i]; h.Number != number {
			g.Items = append(g.Items, found(&h.Ticket, h.RequesterName))
		} else {
			g.Items[0] = found(&h.Ticket, h.RequesterName)
		}
	}
	if r.Next != "" {
		g.More = "/desk/search?q=" + url.QueryEscape(q)
	}
	return g, nil
}

func found(t *desk.Ticket, who string) staff.Found {
	hint := reading.StateWords[t.State]
	if who != "" {
		hint = who + " · " + hint
	}
	return staff.Found{Icon: ui.IconNote, Number: t.Ref(), Label: t.Subject, Hint: hint, Href: "/desk/tickets/" + t.Ref()}
}

// persons lead to what they asked for.
func (p *Palette) persons(c *area.Call, q string) (staff.FoundGroup, error) {
	g := staff.FoundGroup{Title: "People"}
	if q == "" {
		return g, nil
	}
	all, _, err := p.Search.People(c.Ctx(), c.By, q, most)
	for i := range all {
		x := &all[i]
		g.Items = append(g.Items, staff.Found{Icon: ui.IconUser, Label: x.Name, Hint: strings.TrimPrefix(x.OrgName+" · "+x.Address, " · "), Href: "/desk?" + url.Values{"q": {filter.Written(filter.Person, x.Address)}}.Encode()})
	}
	return g, err
}

// views are the pages whose name has every word of the query.
func views(f staff.Frame, q string) staff.FoundGroup {
	g := staff.FoundGroup{Title: "Go to"}
	words := text.Words(q)
	for _, n := range f.Nav {
		for _, v := range n.Items {
			if has(v.Label+" "+n.Title, words) {
				g.Items = append(g.Items, staff.Found{Icon: v.Icon, Label: v.Label, Hint: n.Title, Href: v.Href})
			}
		}
	}
	return g
}

func has(label string, words []string) bool {
	key := text.Fold(label)
	for _, w := range words {
		if !strings.Contains(key, w) {
			return false
		}
	}
	return true
}
