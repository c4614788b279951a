package read_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/read"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

var ctx = context.Background()

// TestPlans: whatever the queue is asked, in every order, at its beginning and in its middle, and by whomever: no statement reads a
// whole table.
func TestPlans(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, 2000)
		r := read.New(d, clock.System{}, nil)
		for name, by := range actors() {
			seen, bad := map[string]bool{}, 0
			check := func(what string, all ...read.Statement) {
				for _, st := range all {
					if seen[st.SQL] || bad > 5 {
						continue
					}
					seen[st.SQL] = true
					p := plan(t, d, st.SQL, st.Args)
					if line := whole(d.Engine(), p); line != "" {
						bad++
						t.Errorf("%s, %s: %q reads everything\n%s\n%s", name, what, line, st.SQL, p)
					}
				}
			}
			for what, conds := range asked() {
				b := filter.Bound{Conds: conds}
				for _, p := range read.Parts {
					for _, o := range filter.Orders() {
						for _, sort := range []filter.Sort{{By: o}, {By: o, Back: true}} {
							if name != "agent" && (sort.Back || o != filter.ByDue && o != filter.ByChanged) {
								continue // the orders are the same for everybody
							}
							for _, tie := range []string{"", "00000000-0000-7000-8000-000000001000"} {
								if sort.Back && tie == "" {
									continue
								}
								check(fmt.Sprintf("%s in %s by %s", what, p, sort), r.Pages(by, b, p, sort, page.Cursor{Key: 1}, tie)...)
							}
						}
					}
				}
				st, err := r.Counting(ctx, by, read.Selection{Bound: b, Parts: read.Shown(b)})
				if err != nil {
					t.Fatal(err)
				}
				check("count of "+what, st)
			}
		}
	})
}

// actors are who asks: of everything, of one site, of a region and a team, and customers.
func actors() map[string]auth.Actor {
	person := func(grants ...auth.Grant) auth.Actor {
		return auth.Actor{Kind: auth.Person, PersonID: "person-3", OrgID: "org-1", SiteID: "site-3", Grants: grants}
	}
	return map[string]auth.Actor{
		"agent":       person(auth.Grant{Role: auth.Agent, Scope: auth.Everywhere}),
		"one site":    person(auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: "site-3"}),
		"region":      person(auth.Grant{Role: auth.Agent, Scope: auth.Region, ScopeID: "north"}, auth.Grant{Role: auth.Resolver, Scope: auth.Team, ScopeID: "team-2"}),
		"contact":     person(auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: "site-3"}),
		"customer":    person(),
		"of the base": {Kind: auth.System},
	}
}

// asked is every column a query can reach, and some together.
func asked() map[string][]filter.Cond {
	one := func(t filter.Test) []filter.Cond { return []filter.Cond{{Either: []filter.Test{t}}} }
	out := map[string][]filter.Cond{
		"all":          nil,
		"open":         one(filter.Test{Of: filter.OfOpen, Yes: true}),
		"ended":        one(filter.Test{Of: filter.OfOpen}),
		"nothing due":  one(filter.Test{Of: filter.OfDue, None: true}),
		"a tag":        one(filter.Test{Of: filter.OfTag, In: []string{"printer"}}),
		"no tag":       one(filter.Test{Of: filter.OfTag, In: []string{""}}),
		"words":        one(filter.Test{Of: filter.OfSubject, Words: "printer"}),
		"somebody":     {{Either: []filter.Test{{Of: filter.OfRequester, In: []string{"person-4"}}, {Of: filter.OfAffected, In: []string{"person-4"}}}}},
		"none of them": {{Not: true, Either: []filter.Test{{Of: filter.OfSiteID, In: []string{"site-3"}}}}},
		"site, team, state": {{Either: []filter.Test{{Of: filter.OfSiteID, In: []string{"site-3"}}}}, {Either: []filter.Test{{Of: filter.OfTeamID, In: []string{"team-2"}}}},
			{Either: []filter.Test{{Of: filter.OfState, In: []string{"closed", "new"}}}}},
	}
	for of, values := range map[filter.Of][]string{
		filter.OfTurn: {"provider"}, filter.OfState: {"closed"}, filter.OfPriority: {"critical"}, filter.OfImpact: {"high"}, filter.OfUrgency: {"low"}, filter.OfKind: {"question"},
		filter.OfSensitivity: {"security"}, filter.OfChannel: {"mail"}, filter.OfOrg: {"org-1"}, filter.OfSiteID: {"site-3"}, filter.OfRegionName: {"north"}, filter.OfTeamID: {"team-2"},
		filter.OfAssignee: {"agent-1", ""}, filter.OfRequester: {"person-4"}, filter.OfAffected: {"person-4"}, filter.OfSubmitter: {"person-4"}, filter.OfWatcher: {"person-4"}, filter.OfMatter: {"price"}, filter.OfServiceID: {"service-1"},
	} {
		for _, v := range values {
			out[fmt.Sprintf("%d is %q", of, v)] = one(filter.Test{Of: of, In: []string{v}})
		}
	}
	for _, of := range []filter.Of{filter.OfNumber, filter.OfDue, filter.OfMade, filter.OfChanged, filter.OfResolved, filter.OfClosed, filter.OfSince} {
		out[fmt.Sprintf("%d in a range", of)] = one(filter.Test{Of: of, Ranged: true, From: 1005, To: 1020})
		out[fmt.Sprintf("%d from", of)] = one(filter.Test{Of: of, Ranged: true, From: 1005, To: math.MaxInt64})
	}
	return out
}

// fill writes tickets as the desk's store does: three of four have ended.
func fill(t *testing.T, d *db.DB, n int) {
	t.Helper()
	at := time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC)
	err := d.Write(ctx, func(tx *db.Tx) error {
		for i := range n {
			person := fmt.Sprintf("person-%d", i%97)
			v := ticket.Ticket{
				ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", i), Number: int64(1000 + i), Kind: ticket.Incident, Subject: fmt.Sprintf("The printer at place %d", i), Channel: "portal",
				OrgID: fmt.Sprint("org-", i%3), SiteID: fmt.Sprint("site-", i%11), Region: []string{"north", "south"}[i%2], TeamID: fmt.Sprint("team-", i%7), AssigneeID: fmt.Sprint("agent-", i%5),
				SubmitterID: person, RequesterID: person, AffectedID: person, Impact: ticket.Medium, Urgency: ticket.Medium, Priority: "medium",
				State: ticket.Closed, TurnSide: agreement.SideNobody, MadeAt: at.Add(time.Duration(i) * time.Minute), ChangedAt: at.Add(time.Duration(i*7%n) * time.Minute), Version: 1,
			}
			v.TurnSince, v.ClosedAt = v.ChangedAt, v.ChangedAt
			if i%4 == 0 {
				v.State, v.Open, v.ClosedAt, v.DueAt = ticket.InProgress, true, time.Time{}, v.ChangedAt.Add(48*time.Hour)
				v.TurnSide = []agreement.Side{agreement.SideProvider, agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody}[i/4%5]
			}
			if err := store.Insert(ctx, tx, v); err != nil {
				return err
			}
			if err := store.SetParticipant(ctx, tx, v.ID, person, ticket.Requester, "asked"); err != nil {
				return err
			}
		}
		if tx.Engine() == db.PostgreSQL {
			_, err := tx.Exec(ctx, "ANALYZE")
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func plan(t *testing.T, d *db.DB, query string, args []any) string {
	t.Helper()
	var out []string
	err := d.Write(ctx, func(tx *db.Tx) error {
		out = nil
		explain := "EXPLAIN QUERY PLAN "
		if d.Engine() == db.PostgreSQL {
			explain = "EXPLAIN "
			if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil { // the table is small: what can't be indexed shows
				return err
			}
		}
		rows, err := tx.Query(ctx, explain+query, args...)
		out, err = db.Collect(rows, err, func(s db.Scanner) (line string, err error) {
			if d.Engine() == db.PostgreSQL {
				return line, s.Scan(&line)
			}
			var a, b, c any
			err = s.Scan(&a, &b, &c, &line)
			return line, err
		})
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(out, "\n")
}

// whole names a line of a plan that reads a whole table or a whole index, "" when none does.
func whole(e db.Engine, plan string) string {
	for line := range strings.SplitSeq(plan, "\n") {
		if strings.Contains(line, "Seq Scan on") || e == db.SQLite && (strings.HasPrefix(line, "SCAN t") || strings.HasPrefix(line, "SCAN p") || strings.HasPrefix(line, "SCAN s") || strings.HasPrefix(line, "SCAN g")) &&
			!strings.Contains(line, "VIRTUAL TABLE") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}
