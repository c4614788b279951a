package palette

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/people"
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

// Tickets are found by words and by number, each only for who may read it.
type Tickets interface {
	List(ctx context.Context, by auth.Actor, f desk.Filter, cursor string, limit int) (page.List[desk.Row], error)
	Get(ctx context.Context, by auth.Actor, number int64) (desk.Ticket, error)
}

// Persons are found by name and address, each only for who may read them.
type Persons interface {
	Persons(ctx context.Context, by auth.Actor, f people.PersonFilter, cursor string, limit int) (page.List[people.Person], error)
}

// Palette is the two pages.
type Palette struct {
	Tickets Tickets
	Persons Persons
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

// tickets are those with the number or with the words in them.
func (p *Palette) tickets(c *area.Call, q string) (staff.FoundGroup, error) {
	g := staff.FoundGroup{Title: "Tickets"}
	if q == "" {
		return g, nil
	}
	if n, err := desk.ParseRef(q); err == nil {
		if t, err := p.Tickets.Get(c.Ctx(), c.By, n); err == nil {
			g.Items = append(g.Items, found(&t, ""))
		}
	}
	if len(text.Words(q)) == 0 {
		return g, nil
	}
	l, err := p.Tickets.List(c.Ctx(), c.By, desk.Filter{Words: q}, "", most)
	for i := range l.Items {
		g.Items = append(g.Items, found(&l.Items[i].Ticket, l.Items[i].RequesterName))
	}
	if l.Next != "" {
		g.More = "/desk?q=" + url.QueryEscape(q)
	}
	return g, err
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
	l, err := p.Persons.Persons(c.Ctx(), c.By, people.PersonFilter{Q: q}, "", most)
	for i := range l.Items {
		x := &l.Items[i]
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
