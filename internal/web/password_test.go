package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web"
)

var passwordLink = regexp.MustCompile(`https?://[^/]+(/password/\S+)`)

// lastTo is the newest mail to an address.
func (w *world) lastTo(address string) box.Outbound {
	w.t.Helper()
	var m box.Outbound
	w.check(w.jobs.RunDue(ctx))
	err := w.db.Read().QueryRow(ctx, `SELECT subject, body FROM mail_outbound WHERE recipient = $1 ORDER BY made_at DESC, id DESC LIMIT 1`, address).Scan(&m.Subject, &m.Body)
	if err != nil {
		w.t.Fatalf("no mail to %s: %v", address, err)
	}
	return m
}

// TestForgottenPassword: ask, open the mailed link, choose, sign in; whoever was signed in with the old one is out.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.get(nil, "/sign-in").want(http.StatusOK).Body.String(); !strings.Contains(got, `href="/password"`) {
		t.Errorf("the sign-in page leads nowhere: %s", got)
	}
	if got := w.post(nil, "/password", "email", "helen at home").want(http.StatusUnprocessableEntity).words(); !strings.Contains(got, "Write the whole mail address") {
		t.Errorf("a slip: %s", got)
	}
	w.post(nil, "/password", "email", " Helen@Norvik.example ").want(http.StatusOK)
	m := w.lastTo("helen@norvik.example")
	link := passwordLink.FindStringSubmatch(m.Body)
	if m.Subject != "Choose a new password" || link == nil {
		t.Fatalf("the mail says: %s\n%s", m.Subject, m.Body)
	}
	opened := w.get(nil, link[1]).want(http.StatusOK)
	if got := opened.words(); !strings.Contains(got, "For the account of Helen Marsh, helen@norvik.example.") {
		t.Errorf("whose it is: %s", got)
	}
	const fresh = "blue dock in the rain"
	for want, pair := range map[string][2]string{"The two are not the same": {fresh, "blue dock"}, "it needs at least 10": {"dock", "dock"}, "everybody knows": {"helen@norvik.example", "helen@norvik.example"}} {
		if got := w.post(nil, link[1], "password", pair[0], "again", pair[1]).want(http.StatusUnprocessableEntity); !strings.Contains(got.words(), want) || strings.Contains(got.Body.String(), pair[0]+`"`) {
			t.Errorf("%v: %s", pair, got.words())
		}
	}
	if got := w.post(nil, link[1], "password", fresh, "again", fresh).want(http.StatusSeeOther).Header().Get("Location"); got != "/sign-in?done=password" {
		t.Errorf("it leads to %s", got)
	}
	w.get(&w.helen, "/").want(http.StatusSeeOther) // the session from before is over
	w.get(nil, link[1]).want(http.StatusNotFound)
	w.post(nil, link[1], "password", fresh, "again", fresh).want(http.StatusNotFound)
	w.post(nil, "/sign-in", "email", "helen@norvik.example", "password", fresh).want(http.StatusSeeOther)
}

// TestAttack49_ALinkTellsNobodyWhoIsHere: known, unknown and disabled are one answer; a link dies with the address it was mailed to and
// with the right to sign in; nothing is gained by a forged Host.
func TestAttack49_ALinkTellsNobodyWhoIsHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(address string) string {
		return strings.ReplaceAll(w.post(nil, "/password", "email", address).want(http.StatusOK).Body.String(), address, "ADDRESS")
	}
	known := ask("helen@norvik.example")
	if unknown := ask("nobody@norvik.example"); unknown != known {
		t.Errorf("they differ:\n%s\n%s", known, unknown)
	}
	link := passwordLink.FindStringSubmatch(w.lastTo("helen@norvik.example").Body)
	if link == nil || !strings.HasPrefix(link[0], base) {
		t.Fatalf("the link is not below %s: %v", base, link)
	}
	must(w, func() (people.Address, error) {
		return w.peo.AddAddress(ctx, auth.SystemActor(), w.helen.PersonID, "helen@home.example", true)
	})
	w.check(w.peo.RemoveAddress(ctx, auth.SystemActor(), "helen@norvik.example"))
	w.get(nil, link[1]).want(http.StatusNotFound)
	w.post(nil, link[1], "password", "blue dock in the rain", "again", "blue dock in the rain").want(http.StatusNotFound)
	w.clk.Advance(time.Hour)
	if ask("helen@home.example") != known {
		t.Error("the answer for another address differs")
	}
	link = passwordLink.FindStringSubmatch(w.lastTo("helen@home.example").Body)
	w.check(w.peo.DisablePerson(ctx, auth.SystemActor(), w.helen.PersonID))
	w.post(nil, link[1], "password", "blue dock in the rain", "again", "blue dock in the rain").want(http.StatusNotFound)
	if ask("helen@home.example") != known {
		t.Error("the answer for somebody disabled differs")
	}
}

// TestSomebodyNewChoosesTheirPassword: the administrator mails the link from their page; nobody else can.
func TestSomebodyNewChoosesTheirPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.person("Ada Berg", "ada@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere})
	p := must(w, func() (people.Person, error) {
		return w.peo.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: "Tom Hale", Address: "tom@norvik.example", OrgID: w.org.ID, SiteID: w.site.ID})
	})
	at := "/desk/admin/people/" + p.ID
	w.post(&w.amara, at+"/password-link").want(http.StatusForbidden)
	if got := w.get(&boss, at).want(http.StatusOK).words(); !strings.Contains(got, "Mail a link to choose a password") {
		t.Errorf("the page of somebody new: %s", got)
	}
	w.post(&boss, at+"/password-link").want(http.StatusSeeOther)
	m := w.lastTo("tom@norvik.example")
	link := passwordLink.FindStringSubmatch(m.Body)
	if m.Subject != "Your account with the service desk" || link == nil {
		t.Fatalf("the mail says: %s\n%s", m.Subject, m.Body)
	}
	w.check(w.peo.DisablePerson(ctx, auth.SystemActor(), w.helen.PersonID))
	if got := w.get(&boss, "/desk/admin/people/"+w.helen.PersonID).want(http.StatusOK).Body.String(); strings.Contains(got, "Mail a link") {
		t.Error("somebody disabled is offered a link")
	}
	w.post(&boss, "/desk/admin/people/"+w.helen.PersonID+"/password-link").want(http.StatusConflict)
	w.clk.Advance(2 * 24 * time.Hour)
	w.post(nil, link[1], "password", "blue dock in the rain", "again", "blue dock in the rain").want(http.StatusSeeOther)
}

// TestADeskThatSendsNoMailOffersNoLink: nothing is offered that can't come.
func TestADeskThatSendsNoMailOffersNoLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *web.Deps) { d.Account.Box = box.New(d.DB, d.Clock, nil, nil) })
	if got := w.get(nil, "/sign-in").want(http.StatusOK); strings.Contains(got.Body.String(), "/password") || !strings.Contains(got.words(), "sets one up for you") {
		t.Errorf("the sign-in page: %s", got.words())
	}
	w.get(nil, "/password").want(http.StatusNotFound)
	w.post(nil, "/password", "email", "helen@norvik.example").want(http.StatusNotFound)
}
