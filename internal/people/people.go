package people

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// The kinds of an organisation.
const (
	Provider   = "provider"
	Customer   = "customer"
	Unassigned = "unassigned" // of senders nobody knows; there is one
)

// The kinds of a team.
const (
	DeskTeam       = "desk"
	LocalITTeam    = "local IT"
	RegionalTeam   = "regional"
	EnterpriseTeam = "enterprise"
	SupplierTeam   = "supplier"
)

var teamKinds = []string{DeskTeam, LocalITTeam, RegionalTeam, EnterpriseTeam, SupplierTeam}

// Organisation is a provider (IT), a customer, or the one of unknown senders.
type Organisation struct {
	ID      string
	Name    string
	Kind    string
	MadeAt  time.Time
	Version int64
}

// Site is a place with its own time zone.
type Site struct {
	ID         string
	OrgID      string
	OrgName    string
	Name       string
	Zone       string // IANA
	Region     string // "" for none
	CalendarID string // "" for what the agreement says
	Headcount  int64  // people who work there, 0 when nobody said
	Tenths     int64  // tenths of a full-time post of its local IT
	MadeAt     time.Time
	Version    int64
}

// Object is the site as the authoriser sees it.
func (s Site) Object() auth.Object {
	return auth.Object{Kind: "site", ID: s.ID, OrgID: s.OrgID, SiteID: s.ID, Region: s.Region}
}

// Person is anyone.
type Person struct {
	ID         string
	Name       string
	OrgID      string
	OrgName    string
	OrgKind    string
	SiteID     string // "" for none
	SiteName   string
	Region     string // the site's
	Zone       string // their own, else the site's, else "UTC"
	OwnZone    string // "" when the site's holds
	Address    string // the first of their addresses; "" for none
	Mailed     bool   // mails are sent to them; else the portal shows
	MadeAt     time.Time
	DisabledAt time.Time // zero while enabled
	Version    int64
}

// Disabled says whether the person may do nothing any more.
func (p Person) Disabled() bool { return !p.DisabledAt.IsZero() }

// Location is the zone in which a person is told of instants: their own, UTC when it is none that is known here.
func (p Person) Location() *time.Location {
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// Stranger says whether the person is of the organisation of unknown senders.
func (p Person) Stranger() bool { return p.OrgKind == Unassigned }

// Object is the person as the authoriser sees it.
func (p Person) Object() auth.Object {
	return auth.Object{Kind: "person", ID: p.ID, OrgID: p.OrgID, SiteID: p.SiteID, Region: p.Region}
}

// Address is one of a person's mail addresses.
type Address struct {
	Address  string
	Verified bool // proven to be theirs, or entered by who may
	Rank     int64
}

// Team is a support group.
type Team struct {
	ID      string
	Name    string
	Kind    string
	MadeAt  time.Time
	Version int64
}

// Grant is a role somebody holds, held or will hold.
type Grant struct {
	auth.Grant
	ID       string
	PersonID string
	From     time.Time
	Until    time.Time // zero: without end
	MadeBy   string
}

// InForce says whether the grant holds at an instant: from From on, before Until.
func (g Grant) InForce(at time.Time) bool {
	return !g.From.After(at) && (g.Until.IsZero() || at.Before(g.Until))
}

// maxName is how many characters a name may have.
const maxName = 200

// checker collects what is wrong with an input, so that one answer names everything.
type checker struct {
	op     string
	fields []errs.Field
}

func (c *checker) bad(path, msg string) {
	c.fields = append(c.fields, errs.Field{Path: path, Msg: msg})
}

func (c *checker) err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &errs.E{Kind: errs.Invalid, Op: c.op, Msg: "Something in what you sent needs changing.", Fields: c.fields}
}

// name cleans a name to one line.
func (c *checker) name(path, s string) string {
	s = text.Line(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		c.bad(path, "It is empty. Give a name.")
	case n > maxName:
		c.bad(path, "It has more than 200 characters. Shorten it.")
	}
	return s
}

// zone checks an IANA time zone; optional allows none.
func (c *checker) zone(path, s string, optional bool) string {
	s = strings.TrimSpace(s)
	if s == "" && optional {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		c.bad(path, "There is no time zone of that name. Name one of the IANA database, such as Europe/Berlin or UTC.")
	}
	return s
}

// address checks a mail address and gives its key.
func (c *checker) address(path, s string) string {
	key := text.Address(s)
	if !validAddress(key) {
		c.bad(path, "This is not a mail address. Write one such as anna@example.org, without a name or brackets.")
	}
	return key
}

// validAddress says whether s is a bare address (RFC 5322 addr-spec, as far as mail servers deliver): neither a name nor
// quotes nor brackets, nothing that could break a header.
func validAddress(s string) bool {
	if len(s) < 3 || len(s) > 254 || strings.ContainsAny(s, "\"<>()[],;:\\ \t\r\n") || text.Line(s) != s {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Count(s, "@") == 1
}

// ValidAddress says whether a mail address, as text.Address gives it, can be a person's.
func ValidAddress(address string) bool { return validAddress(address) }

// ValidZone says whether there is a time zone of that name.
func ValidZone(name string) bool {
	c := checker{}
	c.zone("zone", name, false)
	return c.err() == nil
}

func (c *checker) oneOf(path, s string, all ...string) string {
	if !slices.Contains(all, s) {
		c.bad(path, "Write one of: "+strings.Join(all, ", ")+".")
	}
	return s
}

// zoneOf is where a person's working day is.
func zoneOf(own, site string) string {
	switch {
	case own != "":
		return own
	case site != "":
		return site
	}
	return "UTC"
}
