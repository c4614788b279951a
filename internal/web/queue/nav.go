package queue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/read"
	"bothways/internal/desk/view"
	"bothways/internal/people"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// keepNav is how long the counts of somebody's views are kept between pages. The key holds what they may do, so that a right
// that was taken away counts nothing more.
const (
	keepNav = 5 * time.Second
	mostNav = 500
)

// shown is a view of the side navigation.
type shown struct {
	group, label, query string
	icon                ui.Icon
	href                string // of what is no view; with it there is no number
	hot, plain          bool   // hot: in the colour of urgency when there are any; plain: without a number
	count               string
	some                bool
}

// navCache keeps the views and counts of who looked a moment ago.
type navCache struct {
	mu sync.Mutex
	m  map[string]navEntry
}

type navEntry struct {
	at    time.Time
	items []shown
	views []view.View
}

func (c *navCache) get(key string, now time.Time) (navEntry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[key]
	age := now.Sub(e.at)
	return e, ok && age >= 0 && age < keepNav
}

func (c *navCache) put(key string, e navEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil || len(c.m) > mostNav {
		c.m = map[string]navEntry{}
	}
	c.m[key] = e
}

// drop forgets everybody's: a view was kept, changed or deleted.
func (c *navCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.m)
}

// goKeys lead to views after G.
var goKeys = map[string]string{"": "i", theirTurn: "t"}

// The views of the two doors.
const (
	theirTurn  = "turn:customer door:desk"
	secondDoor = "door:levels"
)

// Nav is the views of the side navigation with what each holds now; current is the address of the page's own.
func (p *Pages) Nav(ctx context.Context, by auth.Actor, r ui.Reader, current string) ([]staff.NavGroup, error) {
	e, err := p.entry(ctx, by, r)
	if err != nil {
		return nil, err
	}
	var out []staff.NavGroup
	for _, s := range e.items {
		if len(out) == 0 || out[len(out)-1].Title != s.group {
			out = append(out, staff.NavGroup{Title: s.group})
		}
		g, href := &out[len(out)-1], cmp.Or(s.href, Address(s.query))
		g.Items = append(g.Items, staff.NavItem{Label: s.label, Href: href, Icon: s.icon, Current: href == current, Count: s.count, Hot: s.hot && s.some, Go: goKeys[s.query]})
	}
	return out, nil
}

// entry reads what somebody's navigation holds: one statement for their views, one for all counts.
func (p *Pages) entry(ctx context.Context, by auth.Actor, r ui.Reader) (navEntry, error) {
	key := fmt.Sprintf("%s %v %v %v", by.PersonID, by.Grants, by.Teams, by.Stranger)
	if e, ok := p.nav.get(key, r.Now); ok {
		return e, nil
	}
	e := navEntry{at: r.Now}
	var err error
	if e.items, e.views, err = p.viewsOf(ctx, by); err != nil {
		return e, err
	}
	others, err := p.Desk.StandsFor(ctx, by)
	if err != nil {
		return e, err
	}
	var counted []*shown
	var sels []read.Selection
	for i := range e.items {
		s := &e.items[i]
		if s.plain {
			continue
		}
		b, err := filter.Parse(s.query).Bind(ctx, filter.Reader{PersonID: by.PersonID, For: others, Teams: by.Teams, Now: r.In(r.Now), Names: p.Names.For(by)})
		if err != nil {
			return e, err
		}
		sel := read.Selection{Bound: b, Parts: read.Shown(b)}
		switch s.query {
		case "":
			sel.Conds = append(sel.Conds, filter.Desk())
			fallthrough
		case secondDoor:
			sel.Parts = []read.Part{read.OurTurn}
		}
		counted, sels = append(counted, s), append(sels, sel)
	}
	numbers, err := p.Desk.Counts(ctx, by, sels...)
	if err != nil {
		return e, err
	}
	for i, n := range numbers {
		counted[i].count, counted[i].some = reading.Count(n), n > 0
	}
	p.nav.put(key, e)
	return e, nil
}

// viewsOf are the views everybody has, those of one's teams, one's own and the shared ones.
func (p *Pages) viewsOf(ctx context.Context, by auth.Actor) ([]shown, []view.View, error) {
	out := []shown{
		{group: "Tickets", label: "Queue", icon: ui.IconInbox},
		{group: "Tickets", label: "Their turn", query: theirTurn, icon: ui.IconSwap},
		{group: "Tickets", label: "Mine", query: "assignee:me", icon: ui.IconUser},
		{group: "Tickets", label: "Unassigned", query: "turn:provider assignee:none door:desk", icon: ui.IconUsers},
		{group: "Tickets", label: "Due within 1 h", query: "turn:provider due:<1h door:desk", icon: ui.IconClock, hot: true},
		{group: "Tickets", label: "Closed", query: "state:closed", icon: ui.IconCheck, plain: true},
	}
	out = append(out, atSecondDoor(by)...)
	places, err := p.Names.Places(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range places.Teams {
		for _, mine := range by.Teams {
			if t.ID == mine && !people.IsLevels(t.ID) {
				out = append(out, shown{group: "Teams", label: t.Name, query: filter.Written(filter.Team, t.Name), icon: ui.IconUsers})
			}
		}
	}
	views, err := p.Views.List(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range views {
		group := "Shared views"
		if v.OwnerID == by.PersonID {
			group = "My views"
		}
		out = append(out, shown{group: group, label: v.Name, query: v.Query, icon: ui.IconStar})
	}
	return out, views, nil
}

// atSecondDoor are the views of what is about levels and price: a queue of their own for its people, one line for everybody else, so
// that nothing waits there unseen.
func atSecondDoor(by auth.Actor) []shown {
	answers := slices.ContainsFunc(by.Grants, func(g auth.Grant) bool { return g.Role == auth.ServiceLevelManager })
	if !answers && !slices.Contains(by.Teams, people.LevelsTeam) {
		return []shown{{group: "Tickets", label: "Second door", query: secondDoor, icon: ui.IconScale}}
	}
	const group = "Service levels"
	return []shown{
		{group: group, label: "Second door", query: secondDoor, icon: ui.IconScale},
		{group: group, label: "Their turn there", query: secondDoor + " turn:customer", icon: ui.IconSwap},
		{group: group, label: "Due within a day", query: secondDoor + " turn:provider due:<1d", icon: ui.IconClock, hot: true},
		{group: group, label: "Passed on", href: DoorsPath, icon: ui.IconOut, plain: true},
	}
}

// DoorsPath is the page that counts what went from one door to the other.
const DoorsPath = "/desk/doors"

// titleOf is what a filter is called: the name of the view or of the part that it is.
func titleOf(e navEntry, a asked) string {
	for _, s := range e.items {
		if s.query == a.q.Text {
			return s.label
		}
	}
	if len(a.q.Terms) == 1 && len(a.parts) == 1 && a.q.Terms[0].Field == filter.Turn {
		return turnWords[a.parts[0]]
	}
	return "Queue"
}

// viewOf is the view that a filter is, if it is one.
func viewOf(e navEntry, query string) (view.View, bool) {
	for _, v := range e.views {
		if v.Query == query && query != "" {
			return v, true
		}
	}
	return view.View{}, false
}
