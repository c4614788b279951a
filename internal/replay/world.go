package replay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// world makes who and what a log names, each when it is first named: pseudonyms stay pseudonyms, and get addresses nobody has.
type world struct {
	Deps
	ctx      context.Context
	by       auth.Actor
	zone     string
	base     people.Base
	org      people.Organisation
	sites    map[string]people.Site
	askers   map[string]people.Person
	staff    map[string]people.Person
	teams    map[string]people.Team
	members  map[[2]string]bool
	papers   map[string]agreement.Paper
	versions map[string]agreement.Version
	taken    map[string]bool // addresses
	called   map[string]bool // names of teams
}

func (d Deps) world(ctx context.Context, by auth.Actor, m *Map) (*world, error) {
	w := &world{Deps: d, ctx: ctx, by: by, zone: m.zone.String(), sites: map[string]people.Site{}, askers: map[string]people.Person{}, staff: map[string]people.Person{},
		teams: map[string]people.Team{}, members: map[[2]string]bool{}, papers: map[string]agreement.Paper{}, versions: map[string]agreement.Version{}, taken: map[string]bool{}, called: map[string]bool{}}
	var err error
	if w.base, err = d.People.EnsureBase(ctx, ""); err != nil {
		return nil, err
	}
	for cursor := ""; ; {
		l, err := d.People.Teams(ctx, by, cursor, 200)
		if err != nil {
			return nil, err
		}
		for _, t := range l.Items {
			w.called[text.Fold(t.Name)] = true
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	name := m.Name
	if name == "" {
		name = "Replayed log"
	}
	if w.org, err = d.People.CreateOrganisation(ctx, by, people.OrganisationInput{Name: name}); err != nil {
		return nil, err
	}
	return w, w.agree(m)
}

// agree writes what the map says that both sides promised, as an agreement with the organisation that was made elsewhere.
func (w *world) agree(m *Map) error {
	if m.Accord == nil {
		return nil
	}
	holds, err := w.Book.InForce(w.ctx, w.DB.Read(), "", "", w.Clock.Now())
	if err != nil {
		return err
	}
	p := agreement.Paper{Name: m.Accord.Name, OrgID: w.org.ID, ServiceCalendar: holds.ServiceCalendar, CustomerCalendar: holds.CustomerCalendar, Terms: holds.Terms}
	if p.Name == "" {
		p.Name = "Agreement of the log"
	}
	if m.terms != nil {
		p.Terms = *m.terms
	}
	for _, x := range []struct {
		spec *calendar.Spec
		name string
		id   *string
	}{{m.Accord.Service, "Service hours of the log", &p.ServiceCalendar}, {m.Accord.Customer, "Customer's hours of the log", &p.CustomerCalendar}} {
		if x.spec == nil {
			continue
		}
		d, err := w.Calendars.Create(w.ctx, w.by, x.name, *x.spec)
		if err != nil {
			return err
		}
		*x.id = d.ID
	}
	return w.Book.Adopt(w.ctx, p)
}

// address is one that nobody has, made of the log's word for somebody.
func (w *world) address(word, domain string) string {
	local := text.Cut(strings.Join(text.Words(word), "-"), 48)
	if local == "" {
		local = "somebody"
	}
	for n := 1; ; n++ {
		a := local + "@" + domain
		if n > 1 {
			a = fmt.Sprintf("%s-%d@%s", local, n, domain)
		}
		if people.ValidAddress(a) && !w.taken[a] {
			w.taken[a] = true
			return a
		}
		if n > 1_000_000 || !people.ValidAddress(a) {
			local = "somebody"
		}
	}
}

func (w *world) site(word string) (people.Site, error) {
	if word == "" {
		return people.Site{}, nil
	}
	key := text.Fold(word)
	s, ok := w.sites[key]
	if ok {
		return s, nil
	}
	s, err := w.People.CreateSite(w.ctx, w.by, people.SiteInput{OrgID: w.org.ID, Name: word, Zone: w.zone})
	w.sites[key] = s
	return s, err
}

// asker is who asks; they are where they first asked from.
func (w *world) asker(word string, site people.Site) (people.Person, error) {
	if word == "" {
		word = "Unnamed requester"
	}
	key := text.Fold(word)
	p, ok := w.askers[key]
	if ok {
		return p, nil
	}
	p, err := w.People.CreatePerson(w.ctx, w.by, people.PersonInput{Name: word, Address: w.address(word, "customer.example"), Verified: true, OrgID: w.org.ID, SiteID: site.ID, NotMailed: true})
	w.askers[key] = p
	return p, err
}

// worker is somebody of IT.
func (w *world) worker(word string) (people.Person, error) {
	if word == "" {
		return people.Person{}, nil
	}
	key := text.Fold(word)
	p, ok := w.staff[key]
	if ok {
		return p, nil
	}
	p, err := w.People.CreatePerson(w.ctx, w.by, people.PersonInput{Name: word, Address: w.address(word, "it.example"), Verified: true, OrgID: w.base.Provider.ID, Zone: w.zone, NotMailed: true})
	w.staff[key] = p
	return p, err
}

// team is one of IT's, or a supplier. One that the log leaves unnamed is the desk.
func (w *world) team(word, kind string) (people.Team, error) {
	if word == "" {
		return w.base.Desk, nil
	}
	if kind == people.SupplierTeam && word == unnamed {
		word = "Supplier not named"
	}
	key := kind + " " + text.Fold(word)
	t, ok := w.teams[key]
	if ok {
		return t, nil
	}
	for w.called[text.Fold(word)] { // a supplier may be called as one of IT's teams is
		word += " (" + kind + ")"
	}
	w.called[text.Fold(word)] = true
	t, err := w.People.CreateTeam(w.ctx, w.by, people.TeamInput{Name: word, Kind: kind})
	w.teams[key] = t
	return t, err
}

// joins puts somebody of IT into the team they worked in.
func (w *world) joins(personID, teamID string) error {
	k := [2]string{personID, teamID}
	if personID == "" || teamID == "" || w.members[k] {
		return nil
	}
	w.members[k] = true
	return w.People.AddMember(w.ctx, w.by, teamID, personID)
}

// version is what held for a ticket when it was opened, ready for the clock.
func (w *world) version(q db.Querier, t ticket.Ticket, at time.Time) (agreement.Paper, agreement.Version, error) {
	if v, ok := w.versions[t.SiteID]; ok { // nothing that holds for a site changes while a log is written
		return w.papers[t.SiteID], v, nil
	}
	p, err := w.Book.InForce(w.ctx, q, t.OrgID, t.SiteID, at)
	if err != nil {
		return p, agreement.Version{}, err
	}
	v, err := w.Book.Version(w.ctx, q, p, "")
	w.papers[t.SiteID], w.versions[t.SiteID] = p, v
	return p, v, err
}
