package reading

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Directory is IT as forms and panels name it: the teams, and who is in them.
type Directory struct {
	Teams   []people.Team
	Members []people.Person            // of any team, by name
	LocalIT map[string][]people.Person // by site: members with the role of its IT
}

// Name is a team's name, "" when there is none.
func (d Directory) Name(teamID string) string {
	for i := range d.Teams {
		if d.Teams[i].ID == teamID {
			return d.Teams[i].Name
		}
	}
	return ""
}

// Directory reads the teams and their members. What is shown of it to whom is the caller's to decide.
func (s *Source) Directory(ctx context.Context) (Directory, error) {
	return s.directory.get(s.Clock.Now(), func() (Directory, error) { return s.loadDirectory(ctx) })
}

func (s *Source) loadDirectory(ctx context.Context) (Directory, error) {
	d := Directory{LocalIT: map[string][]people.Person{}}
	teams, err := s.People.Teams(ctx, auth.SystemActor(), "", 200)
	if err != nil {
		return d, err
	}
	d.Teams = teams.Items
	for _, t := range d.Teams {
		members, err := people.StaffOfTeam(ctx, s.DB.Read(), t.ID)
		if err != nil {
			return d, err
		}
		for _, p := range members {
			if slices.ContainsFunc(d.Members, func(o people.Person) bool { return o.ID == p.ID }) {
				continue
			}
			d.Members = append(d.Members, p)
			if err := s.noteRoles(ctx, &d, p); err != nil {
				return d, err
			}
		}
	}
	slices.SortFunc(d.Members, func(a, b people.Person) int { return strings.Compare(text.Fold(a.Name), text.Fold(b.Name)) })
	return d, nil
}

// noteRoles notes whose sites a person is the IT of.
func (s *Source) noteRoles(ctx context.Context, d *Directory, p people.Person) error {
	a, err := s.People.ActorOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, g := range a.Grants {
		if g.Scope == auth.Site && (g.Role == auth.SiteIT || g.Role == auth.SiteITLead) {
			d.LocalIT[g.ScopeID] = append(d.LocalIT[g.ScopeID], p)
		}
	}
	return nil
}

// Place is what a panel says of a site.
type Place struct {
	Site     people.Site
	Contacts []people.Person
}

// Place reads a site and who is told when it is late. Errors: NotFound.
func (s *Source) Place(ctx context.Context, siteID string) (Place, error) {
	return s.places.get(siteID, s.Clock.Now(), func() (p Place, err error) {
		if p.Site, err = people.SiteByID(ctx, s.DB.Read(), siteID); err != nil {
			return p, err
		}
		p.Contacts, err = s.People.Contacts(ctx, s.DB.Read(), siteID)
		return p, err
	})
}

// mostSuggested is how many tags a form suggests.
const mostSuggested = 12

// KnownTags are the first of the tags in use, for staff. Errors: NotFound.
func (s *Source) KnownTags(ctx context.Context, by auth.Actor) ([]string, error) {
	if !by.Staff() {
		return nil, ticket.NotHere("reading.tags")
	}
	return s.tags.get(s.Clock.Now(), func() ([]string, error) {
		known, err := s.Desk.KnownTags(ctx, by, "")
		out := make([]string, 0, mostSuggested)
		for _, u := range known[:min(len(known), mostSuggested)] {
			out = append(out, u.Label)
		}
		return out, err
	})
}

// recordFor is how far back a site's record is shown.
const recordFor = 90 * 24 * time.Hour

// Record is how both sides kept their promises at a site over the last 90 days. It is the site's, never a person's. Errors: as
// auth.Can.
func (s *Source) Record(ctx context.Context, by auth.Actor, site people.Site) (outcome.Record, error) {
	if err := auth.Can(by, auth.SiteRead, site.Object()); err != nil {
		return outcome.Record{}, err
	}
	now := s.Clock.Now()
	return s.records.get(site.ID, now, func() (outcome.Record, error) { return s.Desk.Outcomes.Site(ctx, by, site, now.Add(-recordFor)) })
}
