package intake

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Outcome is what a row does, or did.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Failed    Outcome = "failed"
)

// Outcomes lists them in the order pages show.
func Outcomes() []Outcome { return []Outcome{Created, Changed, Unchanged, Failed} }

// Row is one row of a list and what it would do.
type Row struct {
	N       int
	Outcome Outcome
	Person  people.Person // as it is; zero for one to be created
	Name    string        // as it would be
	Address string
	Place   string   // organisation or site
	Changes []string // of one to be changed: which fields
	Reasons []string // of one that fails: the column and what to do; never what the row says
	input   people.PersonInput
	change  people.PersonChange
}

// Reason is what stands against a row, in one sentence or several.
func (r Row) Reason() string { return strings.Join(r.Reasons, " ") }

func (r *Row) bad(column, what string) {
	r.Reasons = append(r.Reasons, strings.ToUpper(column[:1])+column[1:]+": "+what)
	r.Outcome = Failed
}

// places are the organisations and sites a list may name, by folded name.
type places struct {
	orgs  map[string]people.Organisation
	sites map[string][]people.Site
	org   string // id of the organisation for rows that name none
}

func (s *Service) places(ctx context.Context, by auth.Actor, orgID string) (places, error) {
	p := places{orgs: map[string]people.Organisation{}, sites: map[string][]people.Site{}, org: orgID}
	for cursor := ""; ; {
		l, err := s.people.Organisations(ctx, by, cursor, 200)
		if err != nil {
			return p, err
		}
		for _, o := range l.Items {
			if o.Kind == people.Unassigned {
				continue
			}
			p.orgs[text.Fold(o.Name)] = o
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	for cursor := ""; ; {
		l, err := s.people.Sites(ctx, by, "", cursor, 200)
		if err != nil {
			return p, err
		}
		for _, v := range l.Items {
			p.sites[text.Fold(v.Name)] = append(p.sites[text.Fold(v.Name)], v)
		}
		if cursor = l.Next; cursor == "" {
			return p, nil
		}
	}
}

// find gives the place a row names.
func (p places) find(r *Row, orgName, siteName string, own *people.Person) (orgID, siteID string) {
	orgID = p.org
	if orgName != "" {
		o, ok := p.orgs[text.Fold(orgName)]
		if !ok {
			r.bad(Organisation, "there is none of this name. Create it first, or mend the name.")
			return "", ""
		}
		orgID = o.ID
	}
	if siteName == "" {
		switch {
		case orgName == "" && own != nil: // stays where they are
			return own.OrgID, own.SiteID
		case orgID == "":
			r.bad(Organisation, "neither organisation nor site is given. Name one, or choose an organisation for the whole list.")
		}
		return orgID, ""
	}
	var found []people.Site
	for _, v := range p.sites[text.Fold(siteName)] {
		if orgID == "" || v.OrgID == orgID {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 0:
		r.bad(SiteName, "there is no site of this name in the organisation. Create it first, or mend the name.")
		return "", ""
	case 1:
		return found[0].OrgID, found[0].ID
	}
	r.bad(SiteName, "several organisations have a site of this name. Name the organisation too.")
	return "", ""
}

// asked is what a row says, cleaned.
type asked struct {
	name, address, org, site, zone string
	mailed                         *bool // nil: not said
}

// read turns a line into what it asks for, with everything that is wrong with it.
func (s Sheet) read(l line) (Row, asked) {
	r := Row{N: l.N}
	if l.broken {
		r.bad("row", "its quotes do not close as they should. Save the sheet again as CSV.")
		return r, asked{}
	}
	for _, c := range l.cells {
		if utf8.RuneCountInString(c) > maxCell {
			r.bad("row", "one of its cells has more than 2,000 characters.")
			return r, asked{}
		}
	}
	in := asked{name: s.cell(l, Name), address: text.Address(s.cell(l, Address)), org: s.cell(l, Organisation), site: s.cell(l, SiteName), zone: s.cell(l, Zone)}
	if in.name == "" {
		in.name = text.Line(s.cell(l, given) + " " + s.cell(l, family))
	}
	if in.address == "" {
		r.bad(Address, "it is empty. People are known by their mail address.")
	} else if !people.ValidAddress(in.address) {
		r.bad(Address, "this is no mail address. Write one such as anna@example.org.")
	}
	if utf8.RuneCountInString(in.name) > 200 {
		r.bad(Name, "it has more than 200 characters. Shorten it.")
	}
	if in.zone != "" && !people.ValidZone(in.zone) {
		r.bad(Zone, "there is no time zone of that name. Write one such as Europe/Berlin.")
	}
	word := strings.ToLower(s.cell(l, Mailed))
	switch yes := slices.Contains([]string{"yes", "y", "true", "1", "ja"}, word); {
	case yes, slices.Contains([]string{"no", "n", "false", "0", "nein"}, word):
		in.mailed = &yes
	case word != "":
		r.bad(Mailed, "write yes or no.")
	}
	return r, in
}

// plan says what each line would do, in order. Lines are read with the persons their addresses belong to.
func (s *Service) plan(ctx context.Context, q db.Querier, by auth.Actor, sh Sheet, p places, lines []line, seen map[string]int) ([]Row, error) {
	var addresses []string
	for _, l := range lines {
		if a := text.Address(sh.cell(l, Address)); a != "" && !l.broken {
			addresses = append(addresses, a)
		}
	}
	known, err := people.PersonsByAddress(ctx, q, addresses...)
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(lines))
	for _, l := range lines {
		r, in := sh.read(l)
		if _, twice := seen[in.address]; twice && in.address != "" {
			r.bad(Address, "another row of this list has the same. It counts once, where it stands first.")
		} else if in.address != "" {
			seen[in.address] = r.N
		}
		if r.Outcome == Failed {
			out = append(out, r)
			continue
		}
		if old, ok := known[in.address]; ok {
			err = s.planChange(ctx, q, by, &r, old, p, in)
		} else {
			planNew(by, &r, p, in)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func planNew(by auth.Actor, r *Row, p places, in asked) {
	if in.name == "" {
		r.bad(Name, "it is empty. Somebody new needs one.")
	}
	orgID, siteID := p.find(r, in.org, in.site, nil)
	r.Name, r.Address, r.Place = in.name, in.address, placeName(in)
	if r.Outcome == Failed {
		return
	}
	o := auth.Object{Kind: "person", OrgID: orgID, SiteID: siteID, Region: p.region(siteID)}
	if err := auth.Can(by, auth.PersonManage, o); err != nil {
		r.bad("row", "this place is out of your reach. Ask an administrator of it.")
		return
	}
	r.Outcome = Created
	r.input = people.PersonInput{Name: in.name, Address: in.address, Verified: true, OrgID: orgID, SiteID: siteID, Zone: in.zone, NotMailed: in.mailed != nil && !*in.mailed}
}

func (p places) region(siteID string) string {
	for _, all := range p.sites {
		for _, v := range all {
			if v.ID == siteID {
				return v.Region
			}
		}
	}
	return ""
}

func placeName(in asked) string {
	if in.site != "" {
		return in.site
	}
	return in.org
}

func (s *Service) planChange(ctx context.Context, q db.Querier, by auth.Actor, r *Row, old people.Person, p places, in asked) error {
	if err := s.people.Manageable(ctx, q, by, old.ID); err != nil {
		switch errs.KindOf(err) {
		case errs.Denied, errs.NotFound:
			r.bad("row", "this person is out of your reach. Ask an administrator of their place.")
			return nil
		}
		return err
	}
	r.Person, r.Name, r.Address, r.Place = old, old.Name, in.address, placeName(asked{org: old.OrgName, site: old.SiteName})
	own := &old
	if old.Stranger() {
		own = nil
	}
	orgID, siteID := p.find(r, in.org, in.site, own)
	if r.Outcome == Failed {
		return nil
	}
	c := people.PersonChange{ID: old.ID, Version: old.Version}
	if in.name != "" && in.name != old.Name {
		c.Name, r.Name = &in.name, in.name
		r.Changes = append(r.Changes, Name)
	}
	if orgID != old.OrgID || in.site != "" && siteID != old.SiteID {
		if err := auth.Can(by, auth.PersonManage, auth.Object{Kind: "person", ID: old.ID, OrgID: orgID, SiteID: siteID, Region: p.region(siteID)}); err != nil {
			r.bad("row", "this place is out of your reach. Ask an administrator of it.")
			return nil
		}
		c.OrgID, c.SiteID, r.Place = &orgID, &siteID, placeName(in)
		r.Changes = append(r.Changes, "place")
	}
	if in.zone != "" && in.zone != old.OwnZone {
		c.Zone = &in.zone
		r.Changes = append(r.Changes, Zone)
	}
	if in.mailed != nil && *in.mailed != old.Mailed {
		c.Mailed = in.mailed
		r.Changes = append(r.Changes, Mailed)
	}
	r.Outcome, r.change = Changed, c
	if len(r.Changes) == 0 {
		r.Outcome = Unchanged
	}
	return nil
}
