package admin

import (
	"context"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/people"
)

type siteView struct {
	ID             string `json:"id"`
	OrganisationID string `json:"organisation_id"`
	Name           string `json:"name"`
	Zone           string `json:"zone"`
	Region         string `json:"region"`
	CalendarID     string `json:"calendar_id"`
	Headcount      int64  `json:"headcount"`
	FTETenths      int64  `json:"fte_tenths" doc:"Tenths of a full-time post of its local IT."`
	Version        int64  `json:"version"`
}

func siteOf(s people.Site) siteView {
	return siteView{s.ID, s.OrgID, s.Name, s.Zone, s.Region, s.CalendarID, s.Headcount, s.Tenths, s.Version}
}

type roomView struct {
	ID      string `json:"id"`
	SiteID  string `json:"site_id"`
	Name    string `json:"name"`
	Seats   int64  `json:"seats"`
	Closed  bool   `json:"closed"`
	Version int64  `json:"version"`
}

func roomOf(r people.Room) roomView {
	return roomView{r.ID, r.SiteID, r.Name, r.Seats, !r.ClosedAt.IsZero(), r.Version}
}

type orgView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Version int64  `json:"version"`
}

func (p *part) places() {
	on(p, "GET", "organisations", auth.SiteRead, "List organisations, by name", func(ctx context.Context, by auth.Actor, in *Paged) (*host.ListOut[orgView], error) {
		l, err := p.People.Organisations(ctx, by, in.Cursor, 0)
		if err != nil {
			return nil, err
		}
		var out []orgView
		for _, o := range l.Items {
			out = append(out, orgView{o.ID, o.Name, o.Kind, o.Version})
		}
		return host.ListOf(out, l.Next), nil
	})
	on(p, "POST", "organisations", auth.SiteManage, "Create an organisation", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			Name string `json:"name"`
			Kind string `json:"kind,omitempty" enum:"customer,provider"`
		}
	}) (*one[orgView], error) {
		o, err := p.People.CreateOrganisation(ctx, by, people.OrganisationInput{Name: in.Body.Name, Kind: in.Body.Kind})
		return oneOf(orgView{o.ID, o.Name, o.Kind, o.Version}, err)
	})
	on(p, "PATCH", "organisations/{id}", auth.SiteManage, "Rename an organisation", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Name    string `json:"name"`
			Version int64  `json:"version,omitempty"`
		}
	}) (*one[orgView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		o, err := p.People.RenameOrganisation(ctx, by, in.ID, in.Body.Version, in.Body.Name)
		return oneOf(orgView{o.ID, o.Name, o.Kind, o.Version}, err)
	})
	p.sites()
	p.rooms()
	p.services()
}

func (p *part) sites() {
	on(p, "POST", "sites", auth.SiteManage, "Create a site", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			OrganisationID string `json:"organisation_id"`
			Name           string `json:"name"`
			Zone           string `json:"zone"`
			Region         string `json:"region,omitempty"`
			CalendarID     string `json:"calendar_id,omitempty"`
			Headcount      int64  `json:"headcount,omitempty"`
			FTETenths      int64  `json:"fte_tenths,omitempty"`
		}
	}) (*one[siteView], error) {
		b := in.Body
		s, err := p.People.CreateSite(ctx, by, people.SiteInput{OrgID: b.OrganisationID, Name: b.Name, Zone: b.Zone, Region: b.Region, CalendarID: b.CalendarID, Headcount: b.Headcount, Tenths: b.FTETenths})
		return oneOf(siteOf(s), err)
	})
	on(p, "PATCH", "sites/{id}", auth.SiteManage, "Change a site", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Version    int64   `json:"version,omitempty"`
			Name       *string `json:"name,omitempty"`
			Zone       *string `json:"zone,omitempty"`
			Region     *string `json:"region,omitempty"`
			CalendarID *string `json:"calendar_id,omitempty"`
			Headcount  *int64  `json:"headcount,omitempty"`
			FTETenths  *int64  `json:"fte_tenths,omitempty"`
		}
	}) (*one[siteView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		b := in.Body
		s, err := p.People.UpdateSite(ctx, by, people.SiteChange{ID: in.ID, Version: b.Version, Name: b.Name, Zone: b.Zone, Region: b.Region, CalendarID: b.CalendarID, Headcount: b.Headcount, Tenths: b.FTETenths})
		return oneOf(siteOf(s), err)
	})
}

func (p *part) rooms() {
	on(p, "GET", "sites/{id}/rooms", auth.SiteRead, "List the rooms of a site", func(ctx context.Context, by auth.Actor, in *Ref) (*host.ListOut[roomView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		all, err := p.People.Rooms(ctx, by, in.ID)
		if err != nil {
			return nil, err
		}
		var out []roomView
		for _, r := range all {
			out = append(out, roomOf(r))
		}
		return host.ListOf(out, ""), nil
	})
	on(p, "POST", "sites/{id}/rooms", auth.SiteManage, "Make or change a room of a site", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			RoomID  string `json:"room_id,omitempty" doc:"Left out: a new one."`
			Version int64  `json:"version,omitempty"`
			Name    string `json:"name"`
			Seats   int64  `json:"seats,omitempty"`
			Closed  bool   `json:"closed,omitempty"`
		}
	}) (*one[roomView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		b := in.Body
		r, err := p.People.PutRoom(ctx, by, people.RoomInput{ID: b.RoomID, SiteID: in.ID, Version: b.Version, Name: b.Name, Seats: b.Seats, Closed: b.Closed})
		return oneOf(roomOf(r), err)
	})
}

type serviceView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	About     string   `json:"about"`
	OwnerID   string   `json:"owner_id"`
	Customers []string `json:"customers" doc:"Ids of organisations."`
	Needs     []string `json:"needs" doc:"Ids of services it depends on."`
	Ended     bool     `json:"ended"`
	Version   int64    `json:"version"`
}

func serviceOf(s catalog.Service) serviceView {
	v := serviceView{s.ID, s.Name, s.About, s.OwnerID, s.Orgs, s.Needs, s.Ended(), s.Version}
	if v.Customers == nil {
		v.Customers = []string{}
	}
	if v.Needs == nil {
		v.Needs = []string{}
	}
	return v
}

// serviceBody is a service as it is written: all of it.
type serviceBody struct {
	Version   int64    `json:"version,omitempty"`
	Name      string   `json:"name"`
	About     string   `json:"about,omitempty"`
	OwnerID   string   `json:"owner_id"`
	Customers []string `json:"customers,omitempty"`
	Needs     []string `json:"needs,omitempty"`
	Ended     bool     `json:"ended,omitempty"`
}

func (b serviceBody) input(id string) catalog.Input {
	return catalog.Input{ID: id, Version: b.Version, Name: b.Name, About: b.About, OwnerID: b.OwnerID, Orgs: b.Customers, Needs: b.Needs, Ended: b.Ended}
}

func (p *part) services() {
	on(p, "GET", "services", auth.ServiceRead, "List services, by name, ended ones too", func(ctx context.Context, by auth.Actor, in *Paged) (*host.ListOut[serviceView], error) {
		l, err := p.Catalog.List(ctx, by, true, in.Cursor, 0)
		if err != nil {
			return nil, err
		}
		var out []serviceView
		for _, s := range l.Items {
			out = append(out, serviceOf(s))
		}
		return host.ListOf(out, l.Next), nil
	})
	on(p, "POST", "services", auth.ServiceManage, "Create a service", func(ctx context.Context, by auth.Actor, in *struct{ Body serviceBody }) (*one[serviceView], error) {
		s, err := p.Catalog.Put(ctx, by, in.Body.input(""))
		return oneOf(serviceOf(s), err)
	})
	on(p, "POST", "services/{id}", auth.ServiceManage, "Write a service anew", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body serviceBody
	}) (*one[serviceView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		s, err := p.Catalog.Put(ctx, by, in.Body.input(in.ID))
		return oneOf(serviceOf(s), err)
	})
}

type teamView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Version int64  `json:"version"`
}

type rosterView struct {
	Zone    string                    `json:"zone"`
	Week    map[string][]people.Shift `json:"week"`
	Dates   map[string][]people.Shift `json:"dates"`
	Version int64                     `json:"version" doc:"0 while the team has none."`
}

func rosterOf(r people.Roster) rosterView {
	v := rosterView{r.Zone, r.Plan.Week, r.Plan.Dates, r.Version}
	if v.Week == nil {
		v.Week = map[string][]people.Shift{}
	}
	if v.Dates == nil {
		v.Dates = map[string][]people.Shift{}
	}
	return v
}

func (p *part) teams() {
	on(p, "POST", "teams", auth.TeamManage, "Create a team", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			Name string `json:"name"`
			Kind string `json:"kind"`
		}
	}) (*one[teamView], error) {
		t, err := p.People.CreateTeam(ctx, by, people.TeamInput{Name: in.Body.Name, Kind: in.Body.Kind})
		return oneOf(teamView{t.ID, t.Name, t.Kind, t.Version}, err)
	})
	on(p, "PATCH", "teams/{id}", auth.TeamManage, "Rename a team", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Name    string `json:"name"`
			Version int64  `json:"version,omitempty"`
		}
	}) (*one[teamView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		t, err := p.People.RenameTeam(ctx, by, in.ID, in.Body.Version, in.Body.Name)
		return oneOf(teamView{t.ID, t.Name, t.Kind, t.Version}, err)
	})
	for name, do := range map[string]func(ctx context.Context, by auth.Actor, teamID, personID string) error{"add": p.People.AddMember, "remove": p.People.RemoveMember} {
		on(p, "POST", "teams/{id}/members/"+name, auth.TeamManage, "Who is in a team: "+name, func(ctx context.Context, by auth.Actor, in *struct {
			Ref
			Body struct {
				PersonID string `json:"person_id" format:"uuid"`
			}
		}) (*done, error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			return did(do(ctx, by, in.ID, in.Body.PersonID))
		})
	}
	on(p, "GET", "teams/{id}/roster", auth.SiteRead, "Read a team's duty roster", func(ctx context.Context, by auth.Actor, in *Ref) (*one[rosterView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		r, err := p.People.Roster(ctx, by, in.ID)
		return oneOf(rosterOf(r), err)
	})
	on(p, "POST", "teams/{id}/roster", auth.TeamManage, "Write a team's duty roster anew", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Zone    string                    `json:"zone"`
			Week    map[string][]people.Shift `json:"week,omitempty"`
			Dates   map[string][]people.Shift `json:"dates,omitempty"`
			Version int64                     `json:"version,omitempty"`
		}
	}) (*one[rosterView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		b := in.Body
		r, err := p.People.SetRoster(ctx, by, people.Roster{TeamID: in.ID, Zone: b.Zone, Plan: people.Plan{Week: b.Week, Dates: b.Dates}, Version: b.Version})
		return oneOf(rosterOf(r), err)
	})
}
