package admin

import (
	"context"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/intake"
	"bothways/internal/people"
)

// personView is a person as their record is read.
type personView struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Address        string     `json:"address"`
	OrganisationID string     `json:"organisation_id"`
	SiteID         string     `json:"site_id"`
	Zone           string     `json:"zone" doc:"Their own, else the site's."`
	Mailed         bool       `json:"mailed"`
	DisabledAt     *time.Time `json:"disabled_at"`
	Version        int64      `json:"version"`
}

func viewOf(p people.Person) personView {
	return personView{p.ID, p.Name, p.Address, p.OrgID, p.SiteID, p.Zone, p.Mailed, host.Instant(p.DisabledAt), p.Version}
}

type grantView struct {
	ID       string     `json:"id"`
	PersonID string     `json:"person_id"`
	Role     auth.Role  `json:"role"`
	Scope    auth.Scope `json:"scope"`
	ScopeID  string     `json:"scope_id"`
	From     *time.Time `json:"from"`
	Until    *time.Time `json:"until"`
}

func grantOf(g people.Grant) grantView {
	return grantView{g.ID, g.PersonID, g.Role, g.Scope, g.ScopeID, host.Instant(g.From), host.Instant(g.Until)}
}

func (p *part) persons() {
	on(p, "GET", "people/{id}", auth.PersonRead, "Read a person", func(ctx context.Context, by auth.Actor, in *Ref) (*one[personView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		x, err := p.People.Person(ctx, by, in.ID)
		return oneOf(viewOf(x), err)
	})
	on(p, "POST", "people", auth.PersonManage, "Create a person", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			Name           string `json:"name"`
			Address        string `json:"address,omitempty"`
			OrganisationID string `json:"organisation_id,omitempty"`
			SiteID         string `json:"site_id,omitempty"`
			Zone           string `json:"zone,omitempty"`
			NotMailed      bool   `json:"not_mailed,omitempty"`
		}
	}) (*one[personView], error) {
		b := in.Body
		x, err := p.People.CreatePerson(ctx, by, people.PersonInput{Name: b.Name, Address: b.Address, Verified: true, OrgID: b.OrganisationID, SiteID: b.SiteID, Zone: b.Zone, NotMailed: b.NotMailed})
		return oneOf(viewOf(x), err)
	})
	on(p, "PATCH", "people/{id}", auth.PersonManage, "Change a person", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Version        int64   `json:"version,omitempty"`
			Name           *string `json:"name,omitempty"`
			OrganisationID *string `json:"organisation_id,omitempty"`
			SiteID         *string `json:"site_id,omitempty"`
			Zone           *string `json:"zone,omitempty"`
			Mailed         *bool   `json:"mailed,omitempty"`
		}
	}) (*one[personView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		b := in.Body
		x, err := p.People.UpdatePerson(ctx, by, people.PersonChange{ID: in.ID, Version: b.Version, Name: b.Name, OrgID: b.OrganisationID, SiteID: b.SiteID, Zone: b.Zone, Mailed: b.Mailed})
		return oneOf(viewOf(x), err)
	})
	for name, do := range map[string]func(context.Context, auth.Actor, string) error{"disable": p.People.DisablePerson, "enable": p.People.EnablePerson} {
		on(p, "POST", "people/{id}/"+name, auth.PersonManage, "Say that a person may act: "+name, func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			return did(do(ctx, by, in.ID))
		})
	}
	on(p, "POST", "people/{id}/password-link", auth.PersonManage, "Mail a person a link to choose a password; it works once, for three days", func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return did(p.Account.MailPassword(ctx, by, in.ID))
	})
	p.addresses()
	p.grants()
}

func (p *part) addresses() {
	on(p, "POST", "people/{id}/addresses", auth.PersonManage, "Add an address", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Address  string `json:"address"`
			Verified bool   `json:"verified,omitempty"`
		}
	}) (*done, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		_, err := p.People.AddAddress(ctx, by, in.ID, in.Body.Address, in.Body.Verified)
		return did(err)
	})
	on(p, "POST", "addresses/remove", auth.PersonManage, "Take an address from its person", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			Address string `json:"address"`
		}
	}) (*done, error) {
		return did(p.People.RemoveAddress(ctx, by, in.Body.Address))
	})
}

func (p *part) grants() {
	on(p, "GET", "people/{id}/grants", auth.PersonRead, "List the roles a person holds, held and will hold", func(ctx context.Context, by auth.Actor, in *Ref) (*host.ListOut[grantView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		all, err := p.People.HoldingsOf(ctx, by, in.ID)
		var out []grantView
		for _, g := range all {
			out = append(out, grantOf(g.Grant))
		}
		if err != nil {
			return nil, err
		}
		return host.ListOf(out, ""), nil
	})
	on(p, "POST", "people/{id}/grants", auth.GrantManage, "Give a role", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Role    string     `json:"role"`
			Scope   string     `json:"scope"`
			ScopeID string     `json:"scope_id,omitempty"`
			From    *time.Time `json:"from,omitempty"`
			Until   *time.Time `json:"until,omitempty"`
			Reason  string     `json:"reason,omitempty"`
		}
	}) (*one[grantView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		b := in.Body
		g, err := p.People.Grant(ctx, by, people.GrantInput{PersonID: in.ID, Role: auth.Role(b.Role), Scope: auth.Scope(b.Scope), ScopeID: b.ScopeID, From: at(b.From), Until: at(b.Until), Reason: b.Reason})
		return oneOf(grantOf(g), err)
	})
	on(p, "POST", "grants/{id}/revoke", auth.GrantManage, "End a role", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Reason string `json:"reason,omitempty"`
		}
	}) (*done, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return did(p.People.Revoke(ctx, by, in.ID, in.Body.Reason))
	})
}

// runView is a list of people and how far it is.
type runView struct {
	ID       string                 `json:"id"`
	FileName string                 `json:"file_name"`
	State    intake.State           `json:"state"`
	Rows     int64                  `json:"rows"`
	Counts   map[intake.Outcome]int `json:"counts" doc:"What it would do while it is shown, else what it did."`
	MadeAt   time.Time              `json:"made_at"`
	DoneAt   *time.Time             `json:"done_at"`
	Answer   string                 `json:"answer" doc:"Why it stopped."`
}

// rowView is a row of a list. What the list says is not in it.
type rowView struct {
	Row      int64          `json:"row"`
	Outcome  intake.Outcome `json:"outcome"`
	PersonID string         `json:"person_id"`
	Reason   string         `json:"reason"`
}

func (p *part) run(ctx context.Context, by auth.Actor, runID string) (*one[runView], error) {
	r, err := p.Intake.Get(ctx, by, runID)
	if err != nil {
		return nil, err
	}
	v := runView{ID: r.ID, FileName: r.FileName, State: r.State, Rows: r.RowCount, MadeAt: r.MadeAt.UTC(), DoneAt: host.Instant(r.DoneAt), Answer: r.Answer}
	if r.State == intake.Shown {
		pre, err := p.Intake.Preview(ctx, by, runID)
		v.Counts = pre.Counts
		return oneOf(v, err)
	}
	v.Counts, err = p.Intake.Counts(ctx, by, runID)
	return oneOf(v, err)
}

func (p *part) lists() {
	on(p, "POST", "imports", auth.PersonManage, "Upload a list of people: shown, not taken in", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			FileName       string `json:"file_name"`
			Content        []byte `json:"content" doc:"The CSV file, base64."`
			OrganisationID string `json:"organisation_id,omitempty" doc:"Of rows that name none."`
		}
	}) (*one[runView], error) {
		r, err := p.Intake.Upload(ctx, by, in.Body.FileName, in.Body.OrganisationID, in.Body.Content)
		if err != nil {
			return nil, err
		}
		return p.run(ctx, by, r.ID)
	})
	on(p, "GET", "imports/{id}", auth.PersonManage, "What a list would do, or how far it is", func(ctx context.Context, by auth.Actor, in *Ref) (*one[runView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return p.run(ctx, by, in.ID)
	})
	p.rows()
	for name, do := range map[string]func(context.Context, auth.Actor, string) error{"start": p.Intake.Start, "stop": p.Intake.Stop} {
		on(p, "POST", "imports/{id}/"+name, auth.PersonManage, "Take a list in, in the background: "+name, func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			return did(do(ctx, by, in.ID))
		})
	}
}

func (p *part) rows() {
	on(p, "GET", "imports/{id}/rows", auth.PersonManage, "List what becomes of each row", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Paged
	}) (*host.ListOut[rowView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		c, err := in.at()
		if err != nil {
			return nil, err
		}
		r, err := p.Intake.Get(ctx, by, in.ID)
		if err != nil {
			return nil, err
		}
		var out []rowView
		if r.State == intake.Shown {
			pre, err := p.Intake.Preview(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			for _, x := range pre.Rows {
				out = append(out, rowView{int64(x.N), x.Outcome, x.Person.ID, x.Reason()})
			}
			return host.ListOf(out, ""), nil
		}
		l, err := p.Intake.Settled(ctx, by, in.ID, "", c, 200)
		if err != nil {
			return nil, err
		}
		for _, x := range l.Items {
			out = append(out, rowView{x.N, x.Outcome, x.PersonID, x.Reason})
		}
		return host.ListOf(out, l.Next), nil
	})
}
