package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
)

func at(q string) string { return "/desk?" + url.Values{"q": {q}}.Encode() }

// refs are the numbers of the rows of a queue, in order.
func refs(a answer) string {
	var out []string
	for _, n := range a.doc().Find("[data-row]").EachIter() {
		out = append(out, n.AttrOr("data-row", ""))
	}
	return strings.Join(out, " ")
}

func TestAddressesOfBeforeLeadToTheSameLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "Printer jams")
	team := w.ticket(n).TeamID
	for old, want := range map[string]string{
		"/desk?turn=provider":                         at("turn:provider"),
		"/desk?turn=ended":                            at("turn:ended"),
		"/desk?state=closed":                          at("state:closed"),
		"/desk?team=" + team:                          at(`team:"Service desk"`),
		"/desk?assignee=" + w.amara.PersonID:          at("assignee:me"),
		"/desk?site=" + w.site.ID:                     at("site:" + w.site.Name),
		"/desk?requester=" + w.helen.PersonID:         at(`person:"Helen Marsh"`),
		"/desk?q=printer&turn=provider&state=new":     at("printer turn:provider state:new"),
		"/desk?state=nonsense&site=' OR 1=1":          at("state:nonsense site:\"' OR 1=1\""),
		"/desk?team=00000000-0000-7000-8000-00000000": at("team:00000000-0000-7000-8000-00000000"),
	} {
		got := w.get(&w.amara, strings.ReplaceAll(old, " ", "%20")).want(http.StatusSeeOther).Header().Get("Location")
		if got != want {
			t.Errorf("%s leads to %s, want %s", old, got, want)
		}
		w.get(&w.amara, got).want(http.StatusOK)
	}
	if got := w.get(&w.amara, fmt.Sprintf("/desk?q=BW-%d", n)).want(http.StatusSeeOther).Header().Get("Location"); got != fmt.Sprintf("/desk/tickets/BW-%d", n) {
		t.Error(got)
	}
}

func TestAFilterWithASlipShowsTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "Printer jams")
	w.ask(&w.helen, "Screen dark")
	page := w.get(&w.amara, at("printer sit:leeds")).want(http.StatusOK)
	if refs(page) != fmt.Sprintf("BW-%d", n) {
		t.Errorf("rows %s", refs(page))
	}
	d := page.doc()
	if d.Find(".slips mark").Text() != "sit:leeds" || !strings.Contains(page.words(), "At character 9: There is no field “sit”. Did you mean site:leeds?") {
		t.Error(page.words())
	}
	if got := refs(w.get(&w.amara, d.Find(".slips a").AttrOr("href", "")).want(http.StatusOK)); got != fmt.Sprintf("BW-%d", n) {
		t.Errorf("what would be right finds %s", got)
	}
	if d.Find(`a[href^="/desk/export.csv"]`).Length() != 0 {
		t.Error("a file of a filter with a slip would hold more than was meant")
	}
	if a := w.get(&w.amara, "/desk/export.csv?q=sit:leeds"); a.Code != http.StatusBadRequest {
		t.Errorf("the file of it: %d", a.Code)
	}
}

func TestEitherIsWrittenWithAComma(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "Printer jams")
	page := w.get(&w.amara, at("site:leeds OR site:porto printer")).want(http.StatusOK)
	if refs(page) != fmt.Sprintf("BW-%d", n) || !strings.Contains(page.words(), "written with a comma, not with OR. Did you mean site:leeds,porto?") {
		t.Error(page.words())
	}
	if got := page.doc().Find(".slips a").AttrOr("href", ""); got != at("site:leeds,porto printer") {
		t.Errorf("it leads to %s", got)
	}
}

// Row 66 of the attacks, by the page: whatever is asked is a page, never a fault.
func TestAttack66_WhateverIsAskedIsAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(&w.helen, "Printer jams")
	for _, q := range []string{
		`'; DROP TABLE desk_ticket--`, `site:"' OR '1'='1"`, `%' OR subject LIKE '%`, `sort:"number; DROP TABLE x"`, `sort:-due,made`, `columns:"*,password"`, `number:1 OR 1=1`, `"NEAR(a b)" col:x`,
		`$1 ? $2`, `due:<99999999h`, `made:0000-00-00..9999-99-99`, `team:"a" UNION SELECT 1`, "a\x00b", "\xff\xfe", strings.Repeat("priority:low ", 100), `assignee:` + strings.Repeat("x", 5000), `tag:a,none,"b c" -tag:none`,
		`watcher:me,helen -watcher:none`, `-(`, `state:open,closed,nonsense`, `-state:open`, `-turn:ended,provider`, `turn:provider -turn:provider`,
	} {
		for _, path := range []string{at(q), at(q) + "&cursor=" + url.QueryEscape(`["1",2]`), "/desk/export.csv?" + url.Values{"q": {q}}.Encode(), "/desk/views/new?" + url.Values{"q": {q}}.Encode(), "/desk/change?" + url.Values{"pick": {"1"}, "do": {q}, "tag": {q}}.Encode()} {
			if a := w.get(&w.amara, path); a.Code >= 500 {
				t.Errorf("%s answers %d", path, a.Code)
			}
		}
	}
}

// Row 22 of the attacks: what one may not read shows in no list, count, suggestion or file: all is the same with it and without.
func TestAttack22_WhatOneMayNotReadCountsNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rui := w.person("Rui Costa", "rui@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Site, ScopeID: w.site.ID})
	w.ask(&w.helen, "Printer jams")
	look := func() string {
		var out strings.Builder
		for _, q := range []string{"", "canaryword", "turn:provider", "site:canarytown", "requester:canaryperson", "requester:canary@twin.example", "org:canaryorg", "region:canaryregion", "sort:-made", "sort:priority", "number:1..9999", "assignee:none", "-site:leeds", "tag:none", "canarytow"} {
			a := w.get(&rui, at(q))
			if !strings.Contains(q, "canarytown") && strings.Contains(strings.ToLower(a.Body.String()), "canarytown") {
				t.Errorf("%q names the place", q)
			}
			fmt.Fprintln(&out, q, a.Code, refs(a), a.doc().Find(".qsep .num").Text(), a.doc().Find(".side .n").Text(), a.doc().Find(".slips").Text())
			fmt.Fprintln(&out, w.get(&rui, "/desk/export.csv?"+url.Values{"q": {q}}.Encode()).Body.String())
		}
		return out.String()
	}
	org := must(w, func() (people.Organisation, error) {
		return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Canaryorg", Kind: people.Customer})
	})
	before := look()
	site := must(w, func() (people.Site, error) {
		return w.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: org.ID, Name: "Canarytown", Zone: "Europe/London", Region: "canaryregion"})
	})
	them := w.person("Canaryperson", "canary@twin.example", org.ID, site.ID)
	w.ask(&them, "canaryword printer")
	w.advance(10 * time.Second) // past what is kept in memory
	if after := look(); after != before {
		t.Errorf("with and without the canary:\n%s\n---\n%s", before, after)
	}
}

func TestViewsAreKeptSharedAndCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kofi := w.person("Kofi Mensah", "kofi@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Everywhere})
	w.ask(&w.helen, "Printer jams")
	w.ask(&w.helen, "Printer dark")
	w.ask(&w.helen, "Screen dark")
	page := w.get(&w.amara, at("printer")).want(http.StatusOK)
	form := w.get(&w.amara, page.doc().Find(`.qtools a[href^="/desk/views/new"]`).AttrOr("href", "")).want(http.StatusOK)
	bad := w.submit(&w.amara, form, "view", "name", " ", "query", form.doc().Find(`[name="query"]`).AttrOr("value", ""), "audience", "staff")
	if bad.Code != http.StatusUnprocessableEntity || !strings.Contains(bad.words(), "It has no name.") || bad.doc().Find(`[name="query"]`).AttrOr("value", "") != "printer" {
		t.Errorf("%d %s", bad.Code, bad.words())
	}
	shown := w.follow(&w.amara, w.submit(&w.amara, form, "view", "name", "Printers", "query", form.doc().Find(`[name="query"]`).AttrOr("value", ""), "audience", "staff"))
	if shown.doc().Find("h1").Text() == "" || !strings.HasPrefix(strings.TrimSpace(shown.doc().Find("h1").Text()), "Printers") {
		t.Error(shown.doc().Find("h1").Text())
	}
	for who, p := range map[string]*person{"My views": &w.amara, "Shared views": &kofi} {
		nav := w.get(p, "/desk").want(http.StatusOK).doc().Find(".side")
		link := nav.Find(`a[href="` + at("printer") + `"]`)
		if !strings.Contains(nav.Text(), who) || strings.Join(strings.Fields(link.Text()), " ") != "Printers 2" {
			t.Errorf("%s: %s", who, strings.Join(strings.Fields(nav.Text()), " "))
		}
	}
	id := strings.TrimPrefix(shown.doc().Find(`.qtools a[href^="/desk/views/"]`).AttrOr("href", ""), "/desk/views/")
	if w.get(&kofi, "/desk/views/"+id).Code != http.StatusForbidden || w.post(&kofi, "/desk/views/"+id+"/delete").Code != http.StatusForbidden {
		t.Error("somebody else changes a shared view")
	}
	if a := w.get(&w.helen, "/desk/views"); a.Code != http.StatusNotFound {
		t.Errorf("a customer's views: %d", a.Code)
	}
	w.post(&w.amara, "/desk/views/"+id+"/delete").want(http.StatusSeeOther)
	if strings.Contains(w.get(&kofi, "/desk").words(), "Printers") {
		t.Error("a view that was deleted is shown")
	}
}

func TestManyAreChangedAfterALookAndTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.ask(&w.helen, "Printer jams"), w.ask(&w.helen, "Printer dark")
	gone := w.ask(&w.helen, "Never mind")
	must(w, func() (desk.Ticket, error) { return w.desk.Withdraw(ctx, w.helen.Actor, desk.Act{Number: gone}) })
	pick := url.Values{"pick": {desk.Ref(a), desk.Ref(b), desk.Ref(gone)}, "q": {"printer"}}
	page := w.get(&w.amara, "/desk/change?"+pick.Encode()).want(http.StatusOK)
	if page.doc().Find(`form#change[method="get"] [name="do"]`).Length() != 7 {
		t.Fatal(page.words())
	}
	pick.Set("do", "team")
	pick.Set("team", "none")
	if bad := w.get(&w.amara, "/desk/change?"+pick.Encode()); bad.Code != http.StatusUnprocessableEntity || !strings.Contains(bad.words(), "There is no team “none”.") {
		t.Errorf("%d %s", bad.Code, bad.words())
	}
	pick.Set("do", "assign")
	pick.Set("assignee", w.amara.PersonID)
	plan := w.get(&w.amara, "/desk/change?"+pick.Encode()).want(http.StatusOK)
	for _, want := range []string{"This changes", "Printer jams Assignee: nobody →becomes Amara Okafor", "This stays as it is", "It has ended (withdrawn). Reopen it first.", "Change 2 tickets"} {
		if !strings.Contains(plan.words(), want) {
			t.Errorf("the preview does not say %q: %s", want, plan.words())
		}
	}
	if w.ticket(a).AssigneeID != "" {
		t.Fatal("looking changed a ticket")
	}
	var fields []string
	for _, in := range plan.doc().Find(`form[action="/desk/change"][method="post"] input`).EachIter() {
		fields = append(fields, in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	made := w.post(&w.amara, "/desk/change", fields...).want(http.StatusSeeOther)
	done := w.follow(&w.amara, made)
	if w.ticket(a).AssigneeID != w.amara.PersonID || w.ticket(b).AssigneeID != w.amara.PersonID || !strings.Contains(done.words(), "2 tickets changed") || !strings.Contains(done.words(), "You can take this back until") {
		t.Fatal(done.words())
	}
	if x := w.get(&w.helen, made.Header().Get("Location")); x.Code != http.StatusNotFound {
		t.Errorf("a customer reads what was done: %d", x.Code)
	}
	back := w.follow(&w.amara, w.post(&w.amara, done.doc().Find(`form[action$="/undo?q=printer"]`).AttrOr("action", "none")))
	if w.ticket(a).AssigneeID != "" || w.ticket(b).AssigneeID != "" || !strings.Contains(back.words(), "All 2 are as they were.") || !strings.Contains(back.words(), "Back to the queue") {
		t.Error(back.words())
	}
	if again := w.post(&w.amara, done.doc().Find(`form[action$="/undo?q=printer"]`).AttrOr("action", "none")); again.Code != http.StatusConflict {
		t.Errorf("twice: %d", again.Code)
	}
}

// TestAValueChoosesItsChange: what is filled in counts as chosen; nothing, or two things, are said to be no choice.
func TestAValueChoosesItsChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.ask(&w.helen, "Printer jams")
	ask := func(set ...string) answer {
		v := url.Values{"pick": {desk.Ref(a)}, "q": {""}}
		for _, name := range []string{"assignee", "team", "impact", "urgency", "tag", "untag", "until", "reason"} {
			v.Set(name, "")
		}
		for i := 0; i < len(set); i += 2 {
			v.Set(set[i], set[i+1])
		}
		return w.get(&w.amara, "/desk/change?"+v.Encode())
	}
	for _, set := range [][]string{{"assignee", w.amara.PersonID}, {"team", w.base.Desk.ID}, {"urgency", "high"}, {"tag", "vpn"}, {"until", "2026-01-20T10:00"}, {"do", "assign", "assignee", w.amara.PersonID, "tag", "vpn"}} {
		page := ask(set...).want(http.StatusOK)
		if n := page.doc().Find("#will, #not").Length(); n != 1 || page.doc().Find("[name=do][checked]").Length() != 1 {
			t.Errorf("%v: %s", set, page.words())
		}
	}
	for says, set := range map[string][]string{"Nothing is chosen yet.": nil, "More than one change is filled in": {"tag", "vpn", "urgency", "high"}, "Choose a team.": {"do", "team"}} {
		if page := ask(set...).want(http.StatusUnprocessableEntity); !strings.Contains(page.words(), says) || len(set) == 4 && page.doc().Find("#chg-tag").AttrOr("value", "") != "vpn" {
			t.Errorf("%v: %s", set, page.words())
		}
	}
	if page := w.get(&w.amara, "/desk/change?pick="+desk.Ref(a)+"&q=").want(http.StatusOK); strings.Contains(page.words(), "Nothing is chosen") {
		t.Error("the page begins with an error")
	}
}

func TestAFileOfTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(&w.helen, "=1+1")
	w.ask(&w.helen, "Screen dark")
	a := w.get(&w.amara, "/desk/export.csv?q=turn:provider").want(http.StatusOK)
	body := a.Body.String()
	if !strings.HasPrefix(body, "\uFEFFnumber,kind,subject") || !strings.Contains(body, ",'=1+1,") || strings.Count(body, "\r\n") != 3 {
		t.Error(body)
	}
	if a.Header().Get("Content-Type") != "text/csv; charset=utf-8; header=present" || a.Header().Get("Content-Disposition") != `attachment; filename="tickets.csv"` || a.Header().Get("Cache-Control") != "no-store" {
		t.Error(a.Header())
	}
	if b := w.get(&w.amara, "/desk/export.csv?q=screen&bom=0").want(http.StatusOK).Body.String(); !strings.HasPrefix(b, "number,") || strings.Count(b, "\r\n") != 2 {
		t.Error(b)
	}
	for range 30 {
		if a = w.get(&w.amara, "/desk/export.csv"); a.Code != http.StatusOK {
			break
		}
	}
	if a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") == "" || !strings.Contains(a.words(), "Wait a moment") {
		t.Errorf("%d %v", a.Code, a.Header())
	}
}
