package live_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/web/area"
)

// most is how long after a right ended a stream may still be open.
const most = 5 * time.Second

// TestAttack24_AStreamTellsNothing: an event is a number and a version, of tickets the reader may read at that instant.
func TestAttack24_AStreamTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		w := newCompany(t, e)
		secret := w.ask(w.helen, "Dismissal of somebody")
		s := w.open(w.owen.secret)
		if e == db.PostgreSQL {
			s.want("again {}")
		}
		// asking for another's ticket subscribes to nothing: a stream takes no wish at all
		asked := w.open(w.bruno.secret)
		w.say(w.amara, secret)
		follow := func(on bool) desk.Ticket {
			t.Helper()
			now, err := w.Desk.Watch(ctx, w.amara.Actor, desk.Act{Number: secret.Number}, w.owen.address, on)
			w.check(err)
			return now
		}
		// What was said just before he followed may reach him too: he may read it when it is told.
		hears := func(last desk.Ticket) {
			t.Helper()
			for got := ""; got != told(last); {
				if got = s.next(); got != again && !onlyAnID.MatchString(got) {
					t.Fatalf("an event says more than a number and a version: %q", got)
				}
			}
		}
		hears(follow(true))
		hears(w.say(w.amara, secret))
		follow(false)
		w.say(w.amara, secret)
		his := w.ask(w.owen, "Payroll file")
		s.want(told(his)) // nothing since he follows no more
		for got := asked.next(); got != told(his); got = asked.next() {
			if got != again {
				t.Errorf("an agent of another organisation is told %q", got)
			}
		}
	})
}

// TestAttack24_AStreamIsCutWithTheRight: whoever loses a right while their stream is open is told of nothing more, and the stream
// ends within five seconds.
func TestAttack24_AStreamIsCutWithTheRight(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		w := newCompany(t, e)
		base, err := w.People.EnsureBase(ctx, "")
		w.check(err)
		team := w.person("Tove", base.Provider.ID)
		g, err := w.People.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: team.PersonID, Role: auth.Agent, Scope: auth.Everywhere})
		w.check(err)
		s := w.open(team.secret)
		if e == db.PostgreSQL {
			s.want("again {}")
		}
		k := w.ask(w.helen, "VPN drops")
		s.want(told(k))
		w.check(w.People.Revoke(ctx, auth.SystemActor(), g.ID, "moved to another job"))
		w.say(w.helen, k)
		w.clk.Advance(most)
		s.want("again {}")
		s.ended()
	})
}

// TestAttack28_AStreamEndsWithThePerson: signed out, signed out elsewhere, disabled, each on the node that has the stream and on another.
func TestAttack28_AStreamEndsWithThePerson(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		url := dbtest.URL(t, e)
		w := peopled(newNode(t, url, nil))
		nodes := map[string]*node{"this node": w.node}
		if e == db.PostgreSQL {
			nodes["another node"] = newNode(t, url, nil)
		}
		base, err := w.People.EnsureBase(ctx, "")
		w.check(err)
		who := 0
		for where, n := range nodes {
			for name, end := range map[string]func(p person) error{
				"signed out":   func(p person) error { return w.Auth.SignOut(ctx, p.secret) },
				"ended by all": func(p person) error { return w.Auth.EndAll(ctx, auth.SystemActor(), p.PersonID) },
				"disabled":     func(p person) error { return w.People.DisablePerson(ctx, auth.SystemActor(), p.PersonID) },
				"new password": func(p person) error { return w.Auth.SetPassword(ctx, auth.SystemActor(), p.PersonID, password+"!") },
			} {
				t.Run(where+", "+name, func(t *testing.T) {
					who++
					p := w.person(fmt.Sprintf("Person%d", who), base.Provider.ID, auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
					s := n.open(p.secret)
					w.check(end(p))
					n.clk.Advance(most)
					got := s.next()
					for got == "again {}" { // PostgreSQL: it began to hear the other nodes
						got = s.next()
					}
					if got != "ended {}" {
						t.Errorf("the stream says %q", got)
					}
					s.ended()
				})
			}
		}
	})
}

// TestAttack48_AnOpenPageKeepsNobodySignedIn: a tab with its stream, that reads every part again on every event, is signed out
// after the idle time as if it were not there.
func TestAttack48_AnOpenPageKeepsNobodySignedIn(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		w := newCompany(t, e)
		k := w.ask(w.helen, "VPN drops")
		s := w.open(w.amara.secret)
		if e == db.PostgreSQL {
			s.want("again {}")
		}
		page := "/desk/tickets/" + k.Ref()
		ask := func() int {
			t.Helper()
			res := w.get(ctx, "GET", page, w.amara.secret, area.Background, "1", "HX-Request", "true")
			_ = res.Body.Close()
			return res.StatusCode
		}
		const idle = 12 * time.Hour
		for range 12 * 2 { // every half hour something happens
			k = w.say(w.helen, k)
			s.want(told(k))
			if code := ask(); code != http.StatusOK {
				t.Fatalf("the page's own reading is answered %d", code)
			}
			w.check(w.Auth.Flush(ctx))
			w.clk.Advance(idle / 24)
		}
		w.clk.Advance(time.Minute)
		s.want("ended {}")
		s.ended()
		if code := ask(); code != http.StatusSeeOther {
			t.Errorf("after the idle time the page's own reading is answered %d", code)
		}
		res := w.get(ctx, "GET", page, w.amara.secret)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusSeeOther {
			t.Errorf("after the idle time the page is answered %d", res.StatusCode)
		}
	})
}
