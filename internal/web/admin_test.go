package web_test

import (
	"os"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// adminRoutes are the reviewed routes of administration: method, path, verb.
func adminRoutes(t *testing.T) [][3]string {
	t.Helper()
	b, err := os.ReadFile("testdata/routes.golden")
	if err != nil {
		t.Fatal(err)
	}
	var out [][3]string
	for line := range strings.SplitSeq(string(b), "\n") {
		if f := strings.Split(line, " | "); len(f) == 4 && strings.HasPrefix(f[1], "/desk/admin") {
			out = append(out, [3]string{f[0], f[1], f[3]})
		}
	}
	if len(out) < 60 {
		t.Fatalf("%d routes of administration", len(out))
	}
	return out
}

// TestAttack27_AdministrationIsNobodysWithoutItsVerb asks every route of administration as a customer, as an agent, as the administrator
// of another site and as one of everything: customers find nothing, nobody changes what they may not, and nothing breaks.
func TestAttack27_AdministrationIsNobodysWithoutItsVerb(t *testing.T) {
	w := newWorld(t)
	admin := w.person("Ada Min", "ada@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere})
	far := must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: w.org.ID, Name: "Lund", Zone: "Europe/Stockholm"})
	})
	local := w.person("Leo Cal", "leo@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Administrator, Scope: auth.Site, ScopeID: far.ID})
	before := must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), w.helen.PersonID) })
	for _, r := range adminRoutes(t) {
		// the person of most of these is at a site that neither the agent nor the other site's administrator administers
		path := strings.ReplaceAll(r[1], "{id}", w.helen.PersonID)
		for who, as := range map[string]*person{"customer": &w.helen, "agent": &w.amara, "another site's": &local} {
			a := w.do(as, r[0], path, "application/x-www-form-urlencoded", strings.NewReader("name=Taken&address=x%40y.example&role=administrator&scope=everywhere:"))
			switch {
			case who == "customer" && a.Code != 404:
				t.Errorf("%s %s as a customer: %d", r[0], path, a.Code)
			case a.Code >= 500:
				t.Errorf("%s %s as %s: %d", r[0], path, who, a.Code)
			case r[0] == "POST" && a.Code < 400 && !strings.Contains(r[1], "/tokens") && !strings.Contains(r[1], "/absences"):
				t.Errorf("%s %s as %s: %d, which may not", r[0], path, who, a.Code)
			}
		}
		if a := w.do(&admin, r[0], strings.ReplaceAll(r[1], "{id}", id.New()), "application/x-www-form-urlencoded", strings.NewReader("")); a.Code >= 500 {
			t.Errorf("%s %s as the administrator: %d", r[0], r[1], a.Code)
		}
		if a := w.do(&admin, r[0], strings.ReplaceAll(r[1], "{id}", "no-id'%00"), "application/x-www-form-urlencoded", strings.NewReader("")); a.Code >= 500 {
			t.Errorf("%s %s about what is no id: %d", r[0], r[1], a.Code)
		}
		if r[0] == "GET" && !strings.Contains(r[1], "{") {
			w.get(&admin, r[1]).want(200)
		}
	}
	if after := must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), w.helen.PersonID) }); after != before {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if grants := must(w, func() ([]people.Grant, error) { return people.GrantsOf(ctx, w.db.Read(), w.helen.PersonID) }); len(grants) != 0 {
		t.Errorf("%+v", grants)
	}
	// the last administrator of everything can't vanish
	w.post(&admin, "/desk/admin/people/"+admin.PersonID+"/disable").want(409)
}

// TestAttack13_WhatAListSaysIsNotInThePage uploads a list whose bad row holds markup: the page says the row and what to mend.
func TestAttack13_WhatAListSaysIsNotInThePage(t *testing.T) {
	w := newWorld(t)
	admin := w.person("Ada Min", "ada@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere})
	const poison = "<script>alert(1)</script>"
	a := w.upload(&admin, "/desk/admin/imports", poison+".csv", "name,email,site\n"+poison+",no address,"+poison+"\n"+poison+",ok@norvik.example,Leeds\n").want(303)
	page := w.get(&admin, a.Header().Get("Location")).want(200)
	if body := page.Body.String(); strings.Contains(body, poison) || !strings.Contains(page.words(), "Row 2") {
		t.Fatalf("%s", page.words())
	}
	if !strings.Contains(w.get(&admin, a.Header().Get("Location")+"?show=created").Body.String(), "&lt;script&gt;") {
		t.Fatal("what would be created is shown as it is written")
	}
}

// TestWarningsGoToWhoStandsIn: an assignee is away; what is about to be late is told to their substitute.
func TestWarningsGoToWhoStandsIn(t *testing.T) {
	w := newWorld(t)
	kofi := w.person("Kofi Mensah", "kofi@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	made := w.post(&w.amara, "/desk/tickets", "requester", "helen@norvik.example", "subject", "Printer", "body", "It is out.", "kind", "incident", "impact", "high", "urgency", "high").want(303)
	ref, _, _ := strings.Cut(strings.TrimPrefix(made.Header().Get("Location"), "/desk/tickets/"), "?")
	w.post(&w.amara, "/desk/tickets/"+ref+"/take").want(303)
	w.post(&w.amara, "/desk/admin/absences", "substitute", "kofi@it.example").want(303)
	if words := w.get(&kofi, "/desk?q=assignee:me").want(200).words(); !strings.Contains(words, "Printer") {
		t.Errorf("it is not in the substitute's list: %s", words)
	}
	if words := w.get(&kofi, "/desk/tickets/"+ref).want(200).words(); !strings.Contains(words, "away: Kofi Mensah acts") {
		t.Errorf("the ticket does not say who acts: %s", words)
	}
	w.advance(10 * 24 * 3600e9)
	var to []string
	rows, err := w.db.Read().Query(ctx, "SELECT recipient FROM mail_outbound WHERE kind = 'warn'")
	w.check(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r string
		w.check(rows.Scan(&r))
		to = append(to, r)
	}
	w.check(rows.Err())
	if len(to) == 0 || strings.Contains(strings.Join(to, " "), "amara") || !strings.Contains(strings.Join(to, " "), "kofi") {
		t.Errorf("warnings went to %v", to)
	}
}
