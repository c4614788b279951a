// Package naming knows the names that lists of tickets show and queries ask for. What hardly changes (sites, teams, organisations,
// who is in IT) is kept in memory for some seconds, and the people of a page are read at once, so that a list asks the database
// for tickets alone. Rights are not kept: each look-up is asked with the reader's.
package naming

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

const (
	keepFor    = 5 * time.Second
	mostPeople = 5000 // names kept
	mostFound  = 50   // of whom one name may mean
)

// Directory knows names. It is safe for concurrent use.
type Directory struct {
	db     *db.DB
	people *people.Service
	clk    clock.Clock

	mu     sync.Mutex
	at     time.Time
	places *Places

	peopleMu sync.Mutex
	names    map[string]kept
}

type kept struct {
	name string
	at   time.Time
}

// New makes a directory.
func New(d *db.DB, p *people.Service, clk clock.Clock) *Directory {
	return &Directory{db: d, people: p, clk: clk, names: map[string]kept{}}
}

// Places are the sites, teams and organisations, by name, with the people of IT.
type Places struct {
	Sites    []people.Site
	Teams    []people.Team
	Orgs     []people.Organisation
	Staff    []people.Person // members of any team, by name
	Services []catalog.Service
	sites    map[string]string
	teams    map[string]string
	orgs     map[string]string
	services map[string]string
}

// Site, Team and Org name one by its id; "" when there is none.
func (p *Places) Site(id string) string { return p.sites[id] }

// Team is a team's name.
func (p *Places) Team(id string) string { return p.teams[id] }

// Org is an organisation's name.
func (p *Places) Org(id string) string { return p.orgs[id] }

// Service is a service's name.
func (p *Places) Service(id string) string { return p.services[id] }

// Places gives what is kept, read again when it is older than some seconds. It is the caller's to show it to whom it may.
func (d *Directory) Places(ctx context.Context) (*Places, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clk.Now()
	if age := now.Sub(d.at); d.places != nil && age >= 0 && age < keepFor {
		return d.places, nil
	}
	p, err := d.load(ctx)
	if err == nil {
		d.places, d.at = p, now
	}
	return p, err
}

func (d *Directory) load(ctx context.Context) (*Places, error) {
	p := &Places{sites: map[string]string{}, teams: map[string]string{}, orgs: map[string]string{}, services: map[string]string{}}
	sys := auth.SystemActor()
	var err error
	if p.Sites, err = every(func(c string) (page.List[people.Site], error) { return d.people.Sites(ctx, sys, "", c, page.MaxLimit) }); err != nil {
		return nil, err
	}
	if p.Teams, err = every(func(c string) (page.List[people.Team], error) { return d.people.Teams(ctx, sys, c, page.MaxLimit) }); err != nil {
		return nil, err
	}
	if p.Orgs, err = every(func(c string) (page.List[people.Organisation], error) {
		return d.people.Organisations(ctx, sys, c, page.MaxLimit)
	}); err != nil {
		return nil, err
	}
	if p.Services, err = catalog.All(ctx, d.db.Read()); err != nil {
		return nil, err
	}
	for _, s := range p.Services {
		p.services[s.ID] = s.Name
	}
	for _, s := range p.Sites {
		p.sites[s.ID] = s.Name
	}
	for _, o := range p.Orgs {
		p.orgs[o.ID] = o.Name
	}
	for _, t := range p.Teams {
		p.teams[t.ID] = t.Name
		members, err := people.StaffOfTeam(ctx, d.db.Read(), t.ID)
		if err != nil {
			return nil, err
		}
		p.Staff = append(p.Staff, members...)
	}
	slices.SortFunc(p.Staff, func(a, b people.Person) int { return strings.Compare(text.Fold(a.Name)+a.ID, text.Fold(b.Name)+b.ID) })
	p.Staff = slices.CompactFunc(p.Staff, func(a, b people.Person) bool { return a.ID == b.ID })
	return p, nil
}

// every reads all pages of a list.
func every[T any](next func(cursor string) (page.List[T], error)) ([]T, error) {
	var all []T
	for cursor := ""; ; {
		l, err := next(cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, l.Items...)
		if cursor = l.Next; cursor == "" {
			return all, nil
		}
	}
}

// People names persons by their ids, in one statement at the most; ids of nobody are left out.
func (d *Directory) People(ctx context.Context, ids ...string) (map[string]string, error) {
	now := d.clk.Now()
	out := make(map[string]string, len(ids))
	var ask []string
	d.peopleMu.Lock()
	for _, v := range ids {
		if _, seen := out[v]; seen || v == "" {
			continue
		}
		k, ok := d.names[v]
		if age := now.Sub(k.at); ok && age >= 0 && age < keepFor {
			out[v] = k.name
		} else if id.Valid(v) {
			out[v] = ""
			ask = append(ask, v)
		}
	}
	d.peopleMu.Unlock()
	found, err := people.PersonsByID(ctx, d.db.Read(), ask...)
	if err != nil {
		return nil, err
	}
	d.peopleMu.Lock()
	defer d.peopleMu.Unlock()
	if len(d.names)+len(found) > mostPeople {
		clear(d.names)
	}
	for _, p := range found {
		out[p.ID] = p.Name
		d.names[p.ID] = kept{p.Name, now}
	}
	return out, nil
}

// Of names everybody on a page of tickets: who asks, who gets it and who has it.
func (d *Directory) Of(ctx context.Context, all []ticket.Ticket) (map[string]string, error) {
	ids := make([]string, 0, 3*len(all))
	for i := range all {
		t := &all[i]
		ids = append(ids, t.RequesterID, t.AssigneeID, t.AffectedID)
	}
	return d.People(ctx, ids...)
}

// For is the directory as somebody may ask it: what filter.Query.Bind needs.
func (d *Directory) For(by auth.Actor) filter.Names { return asked{d, by} }

type asked struct {
	d  *Directory
	by auth.Actor
}

// Find implements filter.Names. What the reader may not know is not found, and is not named as like anything.
func (a asked) Find(ctx context.Context, what filter.What, name string) (found []filter.Named, near []string, err error) {
	p, err := a.d.Places(ctx)
	if err != nil {
		return nil, nil, err
	}
	var all []filter.Named
	switch what {
	case filter.OfSite:
		for _, s := range p.Sites {
			if auth.Can(a.by, auth.SiteRead, s.Object()) == nil {
				all = append(all, filter.Named{ID: s.ID, Name: s.Name})
			}
		}
	case filter.OfRegion:
		for _, s := range p.Sites {
			one := filter.Named{ID: s.Region, Name: s.Region}
			if s.Region != "" && !slices.Contains(all, one) && auth.Can(a.by, auth.SiteRead, s.Object()) == nil {
				all = append(all, one)
			}
		}
	case filter.OfOrganisation:
		for _, o := range p.Orgs {
			if auth.Can(a.by, auth.SiteRead, auth.Object{Kind: "organisation", ID: o.ID, OrgID: o.ID}) == nil {
				all = append(all, filter.Named{ID: o.ID, Name: o.Name})
			}
		}
	case filter.OfTeam:
		if a.by.Staff() {
			for _, t := range p.Teams {
				all = append(all, filter.Named{ID: t.ID, Name: t.Name})
			}
		}
	case filter.OfService:
		if a.by.Staff() {
			for _, s := range p.Services {
				all = append(all, filter.Named{ID: s.ID, Name: s.Name})
			}
		}
	default:
		return a.person(ctx, what, name, p)
	}
	found, near = match(all, name)
	return found, near, nil
}

// match finds by id, by the whole name, else by the beginning of any word of it.
func match(all []filter.Named, name string) (found []filter.Named, near []string) {
	key := text.Fold(name)
	for _, how := range []func(filter.Named) bool{
		func(n filter.Named) bool { return n.ID == name || text.Fold(n.Name) == key },
		func(n filter.Named) bool { return strings.Contains(" "+text.Fold(n.Name), " "+key) },
	} {
		for _, n := range all {
			if how(n) {
				found = append(found, n)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	for _, n := range all {
		near = append(near, n.Name)
	}
	return nil, near
}

// person finds a person by id, address or name. People of IT are known by heart; others are looked for.
func (a asked) person(ctx context.Context, what filter.What, name string, p *Places) ([]filter.Named, []string, error) {
	if id.Valid(name) {
		one, err := a.d.people.Person(ctx, a.by, name)
		if err != nil {
			return nil, nil, nil //nolint:nilerr // who may not be seen is not there
		}
		return []filter.Named{{ID: one.ID, Name: one.Name}}, nil, nil
	}
	var near []string
	if what == filter.OfStaff && !strings.Contains(name, "@") {
		var staff []filter.Named
		for _, s := range p.Staff {
			if s.ID == a.by.PersonID || auth.Can(a.by, auth.PersonRead, s.Object()) == nil {
				staff = append(staff, filter.Named{ID: s.ID, Name: s.Name})
			}
		}
		found, like := match(staff, name)
		if len(found) > 0 {
			return found, nil, nil
		}
		near = like
	}
	for _, f := range []people.PersonFilter{{Q: name, Disabled: true}, {Q: name, Disabled: true, AnyWord: true}} {
		l, err := a.d.people.Persons(ctx, a.by, f, "", mostFound)
		if err != nil {
			return nil, nil, err
		}
		if found := exactFirst(l.Items, name); len(found) > 0 {
			return found, nil, nil
		}
	}
	if len(near) == 0 {
		l, err := a.d.people.Persons(ctx, a.by, people.PersonFilter{Q: text.Cut(firstOf(name), 20)}, "", mostFound)
		if err != nil {
			return nil, nil, err
		}
		for _, one := range l.Items {
			near = append(near, one.Name, one.Address)
		}
	}
	return nil, near, nil
}

// firstOf is the first letter of a name: those that are like it mostly share it.
func firstOf(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// exactFirst are those whose whole name or address it is, else all of them. Two of one name are told apart by their address.
func exactFirst(all []people.Person, name string) []filter.Named {
	exact := slices.DeleteFunc(slices.Clone(all), func(p people.Person) bool {
		return text.Fold(p.Name) != text.Fold(name) && p.Address != text.Address(name)
	})
	if len(exact) > 0 {
		all = exact
	}
	out := make([]filter.Named, len(all))
	for i, p := range all {
		out[i] = filter.Named{ID: p.ID, Name: p.Name}
		if len(exact) > 1 && p.Address != "" {
			out[i].Name += " <" + p.Address + ">"
		}
	}
	return out
}
