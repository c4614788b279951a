package auth

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

var update = flag.Bool("update", false, "rewrite testdata/matrix.golden")

// place is the object of the matrix: a ticket, person, site, … of organisation A. Twin is the same shape elsewhere.
var (
	place = Object{Kind: "ticket", ID: "t", OrgID: "orgA", SiteID: "siteA", Region: "north", TeamID: "teamA", Parties: []string{"other"}}
	inIDs = map[Scope]string{Everywhere: "", Organisation: "orgA", Region: "north", Site: "siteA", Team: "teamA"}
)

// cell is a row of the matrix: an actor and what it stands to the object.
type cell struct {
	name   string
	actor  Actor
	object Object
}

func matrixCells() []cell {
	own := place
	own.Parties = []string{"other", "me"}
	me := place
	me.Kind, me.ID = "person", "me"
	twin := Object{Kind: "ticket", ID: "t2", OrgID: "orgB", SiteID: "siteB", Region: "south", TeamID: "teamB", Parties: []string{"another"}}
	person := Actor{PersonID: "me", OrgID: "orgA", Kind: Person}
	foreign := Actor{PersonID: "me", OrgID: "orgB", Kind: Person}
	stranger := Actor{PersonID: "me", OrgID: "orgA", Kind: Person, Stranger: true}
	mail := Actor{PersonID: "me", OrgID: "orgA", Kind: Mail, Grants: []Grant{{Agent, Everywhere, ""}, {Administrator, Everywhere, ""}}}
	with := func(a Actor, scopes []string, g ...Grant) Actor {
		a.Scopes, a.Grants = scopes, g
		return a
	}
	cells := []cell{
		{"nobody", Actor{}, place},
		{"nobody, forged as a party", Actor{Kind: Person}, own},
		{"system", SystemActor(), place},
		{"person, of the same organisation", person, place},
		{"person, party", person, own},
		{"person, themselves", person, me},
		{"person, of another organisation", foreign, place},
		{"person, of another organisation, party", foreign, own},
		{"stranger, of Unassigned too", stranger, place},
		{"stranger, party", stranger, own},
		{"mail of an agent and administrator", mail, place},
		{"mail of an agent and administrator, party", mail, own},
		{"token without scopes, agent", with(person, []string{}, Grant{Agent, Everywhere, ""}), own},
		{"token read, agent", with(person, []string{"read"}, Grant{Agent, Everywhere, ""}), own},
		{"token write, agent", with(person, []string{"write"}, Grant{Agent, Everywhere, ""}), own},
		{"token ticket.note.*, agent", with(person, []string{"ticket.note.*"}, Grant{Agent, Everywhere, ""}), own},
		{"token admin, administrator", with(person, []string{"admin"}, Grant{Administrator, Everywhere, ""}), own},
		{"token write, administrator", with(person, []string{"write"}, Grant{Administrator, Everywhere, ""}), own},
		{"scope without an id, agent", with(person, nil, Grant{Agent, Site, ""}), Object{Kind: "ticket", ID: "t3"}},
		{"unknown role, everywhere", with(person, nil, Grant{"root", Everywhere, ""}), twin},
	}
	for _, r := range Roles() {
		for _, s := range Scopes() {
			a := with(foreign, nil, Grant{r, s, inIDs[s]})
			if r.OfCustomer() {
				a.OrgID = "orgA"
			}
			cells = append(cells, cell{fmt.Sprintf("%s, %s, in", r, s), a, place}, cell{fmt.Sprintf("%s, %s, twin", r, s), a, twin})
		}
	}
	return cells
}

func answer(err error) string {
	if err == nil {
		return "ok"
	}
	return fmt.Sprint(errs.KindOf(err).HTTP())
}

// TestMatrix holds who may do what: every verb × role, scope and relation. Read the difference when it changes.
func TestMatrix(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-50s", "")
	for _, v := range Verbs() {
		fmt.Fprintf(&b, " %s", v.Verb)
	}
	b.WriteString("\n")
	for _, c := range matrixCells() {
		fmt.Fprintf(&b, "%-50s", c.name)
		for _, v := range Verbs() {
			fmt.Fprintf(&b, " %-*s", len(v.Verb), answer(Can(c.actor, v.Verb, c.object)))
		}
		b.WriteString("\n")
	}
	got := strings.ReplaceAll(b.String(), " \n", "\n")
	path := filepath.Join("testdata", "matrix.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range max(len(g), len(w)) {
			if i >= len(g) || i >= len(w) || g[i] != w[i] {
				t.Fatalf("the matrix has changed from line %d (go test ./internal/auth -update rewrites it):\n got %q\nwant %q", i+1, g[min(i, len(g)-1)], w[min(i, len(w)-1)])
			}
		}
	}
}

// TestAttack17_AForeignTicketDoesNotExist: whatever the verb, who has nothing to do with an object learns nothing of it.
func TestAttack17_AForeignTicketDoesNotExist(t *testing.T) {
	a := Actor{PersonID: "me", OrgID: "orgB", SiteID: "siteB", Kind: Person, Grants: []Grant{{SiteContact, Site, "siteB"}, {Signatory, Everywhere, ""}}}
	missing := Can(a, TicketRead, Object{})
	for _, v := range Verbs() {
		if v.Verb == CalendarRead || v.Verb == CalendarManage { // calendars are everybody's
			continue
		}
		err := Can(a, v.Verb, place)
		if !errs.Is(err, errs.NotFound) || errs.Sentence(err) != errs.Sentence(missing) {
			t.Errorf("%s: %v, want the same NotFound as for what does not exist", v.Verb, err)
		}
	}
}

// TestAttack18_NotesAreNeverTheCustomers: no relation and no customer's role reads a note, nor learns that there are any.
func TestAttack18_NotesAreNeverTheCustomers(t *testing.T) {
	own := place
	own.Parties = []string{"me"}
	for _, kind := range []ActorKind{Person, Mail} {
		for _, r := range Roles() {
			if !r.OfCustomer() && kind == Person {
				continue
			}
			for _, s := range Scopes() {
				a := Actor{PersonID: "me", OrgID: "orgA", Kind: kind, Grants: []Grant{{r, s, inIDs[s]}}}
				for _, v := range []Verb{TicketNoteRead, TicketNoteWrite} {
					if err := Can(a, v, own); !errs.Is(err, errs.NotFound) {
						t.Errorf("%s %s %s may %s of their own ticket: %v", kind, r, s, v, err)
					}
				}
			}
		}
	}
}

// TestAttack75_AMailHasNoRoles: the sender a mail names has the rights of a party, whatever grants their person holds.
func TestAttack75_AMailHasNoRoles(t *testing.T) {
	var all []Grant
	for _, r := range Roles() {
		all = append(all, Grant{r, Everywhere, ""})
	}
	a := Actor{PersonID: "me", OrgID: "orgA", Kind: Mail, Grants: all}
	own := place
	own.Parties = []string{"me"}
	for _, v := range Verbs() {
		if err := Can(a, v.Verb, place); err == nil {
			t.Errorf("a mail may %s of a stranger's object", v.Verb)
		}
		claim := slices.Contains([]Verb{TicketCreate, TicketRead, TicketSpeak, TicketAnswer, TicketReopen}, v.Verb)
		if err := Can(a, v.Verb, own); (err == nil) != claim {
			t.Errorf("%s of the sender's own ticket: %v", v.Verb, err)
		}
	}
}

// TestAttack27_NobodyGrantsBeyondTheirScope covers every scope against every administrator.
func TestAttack27_NobodyGrantsBeyondTheirScope(t *testing.T) {
	objects := map[Scope]Object{
		Everywhere:   {},
		Organisation: {OrgID: "orgA"},
		Region:       {Region: "north"},
		Site:         {OrgID: "orgA", SiteID: "siteA", Region: "north"},
		Team:         {TeamID: "teamA"},
	}
	may := map[Scope][]Scope{
		Everywhere:   Scopes(),
		Organisation: {Organisation, Site},
		Region:       {Region, Site},
		Site:         {Site},
		Team:         {Team},
	}
	for _, mine := range Scopes() {
		a := Actor{PersonID: "me", OrgID: "orgA", Kind: Person, Grants: []Grant{{Administrator, mine, inIDs[mine]}}}
		for _, s := range Scopes() {
			for _, r := range Roles() {
				err := CanGrant(a, Grant{r, s, inIDs[s]}, objects[s])
				if ok := slices.Contains(may[mine], s); ok != (err == nil) {
					t.Errorf("administrator of %s grants %s of %s: %v", mine, r, s, err)
				}
			}
		}
	}
	// An object that says more than the scope is no way round.
	site := Actor{PersonID: "me", Kind: Person, Grants: []Grant{{Administrator, Site, "siteA"}}}
	for _, g := range []Grant{{Agent, Everywhere, ""}, {Agent, Organisation, "orgA"}, {Agent, Region, "north"}} {
		if err := CanGrant(site, g, place); err == nil {
			t.Errorf("the administrator of a site granted %v", g)
		}
	}
	for _, r := range Roles() {
		if r == Administrator {
			continue
		}
		a := Actor{PersonID: "me", Kind: Person, Grants: []Grant{{r, Everywhere, ""}}}
		if err := CanGrant(a, Grant{Agent, Site, "siteA"}, objects[Site]); err == nil {
			t.Errorf("%s may grant", r)
		}
	}
}

func TestARefusalSaysWhoMay(t *testing.T) {
	own := place
	own.Parties = []string{"me"}
	err := Can(Actor{PersonID: "me", OrgID: "orgA", Kind: Person}, TicketWork, own)
	got := errs.Sentence(err)
	if !errs.Is(err, errs.Denied) || !strings.Contains(got, "work on this ticket") || !strings.Contains(got, "agent") || strings.Contains(got, "auditor") {
		t.Fatalf("%v", err)
	}
	if err := Can(SystemActor(), "ticket.fly", own); !errs.Is(err, errs.Internal) {
		t.Fatalf("an unknown verb is refused to everybody: %v", err)
	}
}

func TestCreateIsForOneselfOrAColleague(t *testing.T) {
	me := Actor{PersonID: "me", OrgID: "orgA", Kind: Person}
	for name, c := range map[string]struct {
		a    Actor
		o    Object
		want string
	}{
		"for oneself":                      {me, Object{OrgID: "orgA", Parties: []string{"me"}}, "ok"},
		"for a colleague":                  {me, Object{OrgID: "orgA", Parties: []string{"me", "colleague"}}, "ok"},
		"between two others":               {me, Object{OrgID: "orgA", Parties: []string{"colleague"}}, "403"},
		"for somebody elsewhere":           {me, Object{OrgID: "orgB", Parties: []string{"me", "them"}}, "404"},
		"by a stranger for another":        {Actor{PersonID: "me", OrgID: "none", Kind: Person, Stranger: true}, Object{OrgID: "none", Parties: []string{"me", "them"}}, "404"},
		"by a stranger":                    {Actor{PersonID: "me", OrgID: "none", Kind: Person, Stranger: true}, Object{OrgID: "none", Parties: []string{"me"}}, "ok"},
		"by a change manager for a guest":  {Actor{PersonID: "me", Kind: Person, Grants: []Grant{{ChangeManager, Everywhere, ""}}}, Object{OrgID: "orgB", Parties: []string{"me", "them"}}, "ok"},
		"by the site IT of another site":   {Actor{PersonID: "me", Kind: Person, Grants: []Grant{{SiteIT, Site, "siteB"}}}, Object{OrgID: "orgA", SiteID: "siteA", Parties: []string{"me", "them"}}, "404"},
		"by mail for a colleague of hers ": {Actor{PersonID: "me", OrgID: "orgA", Kind: Mail}, Object{OrgID: "orgA", Parties: []string{"me", "colleague"}}, "ok"},
	} {
		if got := answer(Can(c.a, TicketCreate, c.o)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestParseRoleAndScope(t *testing.T) {
	for _, s := range []string{"Site IT lead", "site-it-lead", "site_it_lead", "SITE IT LEAD"} {
		if r, err := ParseRole(s); err != nil || r != SiteITLead {
			t.Errorf("ParseRole(%q) = %v, %v", s, r, err)
		}
	}
	for _, r := range Roles() {
		if got, err := ParseRole(r.Name()); err != nil || got != r {
			t.Errorf("ParseRole(%q) = %v, %v", r.Name(), got, err)
		}
	}
	if _, err := ParseRole("root"); !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
	if s, err := ParseScope("Site"); err != nil || s != Site {
		t.Error(s, err)
	}
	if _, err := ParseScope("*"); !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
}

func TestTokenScopes(t *testing.T) {
	for _, c := range []struct {
		want, have []string
		ok         bool
	}{
		{nil, nil, true}, {nil, []string{"admin"}, false}, {[]string{"admin"}, nil, true}, {[]string{"read"}, []string{"write"}, true},
		{[]string{"write"}, []string{"read"}, false}, {[]string{"ticket.*"}, []string{"write"}, true}, {[]string{"ticket.*"}, []string{"read"}, false},
		{[]string{"admin"}, []string{"write"}, false}, {[]string{"ticket.read"}, []string{"ticket.*"}, true}, {[]string{"read"}, []string{"ticket.*"}, false},
	} {
		if got := within(c.want, c.have); got != c.ok {
			t.Errorf("within(%v, %v) = %v", c.want, c.have, got)
		}
	}
	for _, s := range []string{"", " ", "*", ".*", "t*", "ticket", "ticket.fly", "root", "ticket.*.read", "admin write"} {
		if got, err := ParseScopes([]string{s}); !errs.Is(err, errs.Invalid) {
			t.Errorf("ParseScopes(%q) = %v, %v", s, got, err)
		}
	}
	if got, err := ParseScopes([]string{" Read ", "read", "ticket.*"}); err != nil || !slices.Equal(got, []string{"read", "ticket.*"}) {
		t.Errorf("%v %v", got, err)
	}
}

// filterColumns are desk's, as desk will give them.
var filterColumns = Columns{Org: "t.org_id", Site: "t.site_id", Region: "t.region", Team: "t.team_id", Requester: "t.requester_id", Affected: "t.affected_id",
	Submitter: "t.submitter_id", Participants: "t.id IN (SELECT p.ticket_id FROM desk_participant p WHERE p.person_id = ? AND p.role <> 'pending')"}

// TestFilterIsCan: over random tickets and actors, the rows the filter gives are the tickets Can allows, on both engines.
func TestFilterIsCan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		tickets := map[string]Object{}
		pick := func(i, n int, s string) string { // "" now and then: fields a ticket has not
			if k := i % (n + 1); k > 0 {
				return fmt.Sprint(s, k)
			}
			return ""
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 400 {
				o := Object{Kind: "ticket", ID: fmt.Sprintf("%04d", i), OrgID: pick(i, 2, "org"), Region: pick(i/2, 2, "region"), SiteID: pick(i/3, 3, "site"), TeamID: pick(i/5, 3, "team")}
				requester, affected, submitter, watcher := pick(i, 6, "p"), pick(i/7, 6, "p"), pick(i/11, 6, "p"), pick(i/13, 4, "p")
				o.Parties = []string{requester, affected, submitter}
				if _, err := tx.Exec(ctx, `INSERT INTO desk_ticket (id, number, kind, subject, subject_key, channel, org_id, site_id, region, team_id, assignee_id, submitter_id, requester_id, affected_id,
impact, urgency, priority, sensitivity, state, open, auth, turn_side, turn_party, turn_since, due_at, due_metric, due_started, last_line, made_at, changed_at, resolved_at, closed_at, version)
VALUES ($1, $2, 'incident', '', '', '', $3, $4, $5, $6, '', $7, $8, $9, 'low', 'low', 'low', '', 'new', true, '', 'provider', '', 0, 0, '', 0, '', 0, 0, 0, 0, 1)`,
					o.ID, int64(i), o.OrgID, o.SiteID, o.Region, o.TeamID, submitter, requester, affected); err != nil {
					return err
				}
				if watcher != "" {
					role := []string{"watcher", "pending"}[i%2]
					if _, err := tx.Exec(ctx, `INSERT INTO desk_participant (ticket_id, person_id, role, because) VALUES ($1, $2, $3, '')`, o.ID, watcher, role); err != nil {
						return err
					}
					if role == "watcher" {
						o.Parties = append(o.Parties, watcher)
					}
				}
				tickets[o.ID] = o
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		rapid.Check(t, func(r *rapid.T) {
			a := randomActor(r)
			w := db.NewWhere()
			Filter(a, w, filterColumns)
			rows, err := d.Read().Query(ctx, "SELECT t.id FROM desk_ticket t"+w.SQL()+" ORDER BY t.id", w.Args()...)
			got, err := db.Collect(rows, err, db.One[string])
			if err != nil {
				r.Fatal(err)
			}
			var want []string
			for id, o := range tickets {
				if Can(a, TicketRead, o) == nil {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				r.Fatalf("%+v: the filter gives %d tickets, Can allows %d", a, len(got), len(want))
			}
			seen += len(got)
		})
		if seen == 0 {
			t.Fatal("no actor saw anything: the test proves nothing")
		}
	})
}

func randomActor(r *rapid.T) Actor {
	from := func(label string, s ...string) string { return rapid.SampledFrom(s).Draw(r, label) }
	a := Actor{
		PersonID: from("person", "p1", "p2", "p3", "p9", ""), OrgID: from("org", "org1", "org2", ""), Stranger: rapid.IntRange(0, 4).Draw(r, "stranger") == 0,
		Kind: ActorKind(from("kind", "person", "person", "person", "mail", "system", "")),
	}
	for range rapid.IntRange(0, 4).Draw(r, "grants") {
		s := Scope(from("scope", "everywhere", "organisation", "region", "site", "team", "galaxy"))
		a.Grants = append(a.Grants, Grant{Role(from("role", "agent", "signatory", "site_contact", "auditor", "change_manager", "root")), s,
			from("id", "", "org1", "org2", "region1", "region2", "site1", "site3", "team1", "team2")})
	}
	if rapid.IntRange(0, 3).Draw(r, "token") == 0 {
		a.Scopes = []string{from("token scope", "read", "write", "ticket.work", "ticket.*", "person.read")}
	}
	return a
}
