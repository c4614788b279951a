package auth

import (
	"slices"
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// ActorKind says how we know who acts.
type ActorKind string

// The kinds. The zero value is nobody and may do nothing.
const (
	Person ActorKind = "person" // signed in, or the bearer of a token
	System ActorKind = "system" // Bothways itself, and the commands of whoever can run its binary on its data
	Mail   ActorKind = "mail"   // the sender a mail names: a claim
)

// Role is what somebody is trusted with (domain.md §1).
type Role string

// The provider's roles.
const (
	Agent                Role = "agent"
	Resolver             Role = "resolver"
	SiteIT               Role = "site_it"
	SiteITLead           Role = "site_it_lead"
	ServiceOwner         Role = "service_owner"
	ChangeManager        Role = "change_manager"
	CABMember            Role = "cab_member"
	ProblemManager       Role = "problem_manager"
	MajorIncidentManager Role = "major_incident_manager"
	ServiceLevelManager  Role = "service_level_manager"
	PolicyOwner          Role = "policy_owner"
	AssetManager         Role = "asset_manager"
	Auditor              Role = "auditor"
	Administrator        Role = "administrator"
)

// The customer's roles. Whatever their scope, they reach no further than the organisation of the person who holds them.
const (
	Signatory         Role = "signatory"
	SiteContact       Role = "site_contact"
	CABCustomerMember Role = "cab_customer_member"
)

// roleNames lists every role once, with its name for people.
var roleNames = []struct {
	role     Role
	name     string
	customer bool
}{
	{Agent, "agent", false},
	{Resolver, "resolver", false},
	{SiteIT, "site IT", false},
	{SiteITLead, "site IT lead", false},
	{ServiceOwner, "service owner", false},
	{ChangeManager, "change manager", false},
	{CABMember, "CAB member", false},
	{ProblemManager, "problem manager", false},
	{MajorIncidentManager, "major incident manager", false},
	{ServiceLevelManager, "service level manager", false},
	{PolicyOwner, "policy owner", false},
	{AssetManager, "asset manager", false},
	{Auditor, "auditor", false},
	{Administrator, "administrator", false},
	{Signatory, "signatory", true},
	{SiteContact, "site contact", true},
	{CABCustomerMember, "CAB customer member", true},
}

// Roles lists every role.
func Roles() []Role {
	out := make([]Role, len(roleNames))
	for i, r := range roleNames {
		out[i] = r.role
	}
	return out
}

// Name is the role as people write it: "site IT lead".
func (r Role) Name() string {
	for _, n := range roleNames {
		if n.role == r {
			return n.name
		}
	}
	return string(r)
}

// OfCustomer says whether the role is one of the customer's side.
func (r Role) OfCustomer() bool {
	return r == Signatory || r == SiteContact || r == CABCustomerMember
}

// known says whether r is a role of ours.
func (r Role) known() bool { return slices.Contains(Roles(), r) }

// ParseRole reads a role as people write it: "Site IT lead", "site-it-lead", "site_it_lead". Errors: Invalid, naming the roles.
func ParseRole(s string) (Role, error) {
	r := Role(strings.NewReplacer(" ", "_", "-", "_").Replace(text.Fold(s)))
	if r.known() {
		return r, nil
	}
	names := make([]string, len(roleNames))
	for i, n := range roleNames {
		names[i] = string(n.role)
	}
	return "", errs.In("auth.ParseRole", "role", "%q is no role. Write one of %s.", text.Cut(text.Line(s), 40), strings.Join(names, ", "))
}

// Scope says how far a grant reaches.
type Scope string

// The scopes. Team means what the team is to do, not its members.
const (
	Everywhere   Scope = "everywhere"
	Organisation Scope = "organisation"
	Region       Scope = "region"
	Site         Scope = "site"
	Team         Scope = "team"
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{Everywhere, Organisation, Region, Site, Team} }

// ParseScope reads a scope. Errors: Invalid, naming the scopes.
func ParseScope(s string) (Scope, error) {
	if sc := Scope(text.Fold(s)); slices.Contains(Scopes(), sc) {
		return sc, nil
	}
	return "", errs.In("auth.ParseScope", "scope", "%q is no scope. Write everywhere, organisation, region, site or team.", text.Cut(text.Line(s), 40))
}

// Grant is one role over one scope, in force now.
type Grant struct {
	Role    Role
	Scope   Scope
	ScopeID string // "" for Everywhere
}

// Actor is whoever acts. The zero value is nobody.
type Actor struct {
	PersonID string
	Name     string
	OrgID    string
	SiteID   string
	Kind     ActorKind
	Stranger bool     // of the Unassigned organisation, whose members share nothing with one another
	Grants   []Grant  // those in force now
	Teams    []string // ids of the teams the person is a member of; membership alone grants nothing
	Scopes   []string // of the API token in use; nil: no token, or one without limits
	Channel  string   // "web", "api", "mail", "cli", …; for events and audit
}

// SystemActor acts for Bothways itself: the command line, jobs, start-up. It may do everything.
func SystemActor() Actor { return Actor{Kind: System, Name: "Bothways", Channel: "system"} }

// ID names the actor in audit rows and events: the person's id, or "system".
func (a Actor) ID() string {
	if a.PersonID == "" && a.Kind == System {
		return string(System)
	}
	return a.PersonID
}

// Holds says whether the actor holds the role over any scope.
func (a Actor) Holds(r Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r })
}

// Staff says whether the actor holds any role of the provider's side. The sender a mail names never does.
func (a Actor) Staff() bool {
	return a.Kind == System || a.Kind == Person && slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role.known() && !g.Role.OfCustomer() })
}

// Object is what is acted upon, as far as rights depend on it. A ticket, a person, a site or a list: fields it has not are "".
type Object struct {
	Kind    string // "ticket", "person", "site", …
	ID      string
	OrgID   string
	SiteID  string
	Region  string
	TeamID  string
	Parties []string // of a ticket: requester, affected, submitter, watchers
}

// HoldsOver says whether the actor holds a role over an object. For what a role itself gives, such as speaking for a side; what may be
// done is Can's to say.
func (a Actor) HoldsOver(r Role, o Object) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r && g.reaches(a, o) })
}

// reaches says whether a grant that a holds covers the object.
func (g Grant) reaches(a Actor, o Object) bool {
	if g.Role.OfCustomer() && !colleague(a, o) {
		return false
	}
	return g.Scope == Everywhere || g.ScopeID != "" && g.ScopeID == o.at(g.Scope)
}

// at is the object's id of a scope.
func (o Object) at(s Scope) string {
	switch s {
	case Organisation:
		return o.OrgID
	case Region:
		return o.Region
	case Site:
		return o.SiteID
	case Team:
		return o.TeamID
	}
	return ""
}

// isScopeOf says whether the object is what g is about and nothing narrower: a site comes with its organisation and region, all
// else alone. An object that said more would let the administrator of a site grant beyond it.
func (o Object) isScopeOf(g Grant) bool {
	if g.Scope == Everywhere {
		return o.OrgID+o.Region+o.SiteID+o.TeamID == ""
	}
	if g.ScopeID == "" || o.at(g.Scope) != g.ScopeID {
		return false
	}
	for _, s := range Scopes() {
		if s != g.Scope && g.Scope != Site && o.at(s) != "" {
			return false
		}
	}
	return o.TeamID == "" || g.Scope == Team
}

// Clone is the actor with lists of its own, so that nobody who narrows one changes another's.
func (a Actor) Clone() Actor {
	a.Grants, a.Teams, a.Scopes = slices.Clone(a.Grants), slices.Clone(a.Teams), slices.Clone(a.Scopes)
	return a
}
