package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web"
)

var ownPages = []string{"/", "/requests", "/requests/new", "/promises", "/promises?side=provider&state=met", "/promises?days=365", "/levels", "/profile", "/nothing/here"}

// TestHomeSaysWhatWaits: what waits, about how long it takes, the kinds of requests, and the second door with a name.
func TestHomeSaysWhatWaits(t *testing.T) {
	w := newWorld(t)
	ingrid := w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	n := w.ask(&w.helen, "VPN drops")
	w.post(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", "On the cable too?", "after", "customer", "need", "a yes or no").want(http.StatusSeeOther)
	home := w.get(&w.helen, "/").want(http.StatusOK)
	doc := home.doc()
	if got := strings.Join(strings.Fields(doc.Find(".yours header").Text()), " "); got != "Waiting on you1 thing, about 2 minutes" {
		t.Errorf("it says %q", got)
	}
	if n := doc.Find(".tile").Length(); n != 4 {
		t.Errorf("%d tiles", n)
	}
	if got := doc.Find(".tile").First().AttrOr("href", ""); got != "/requests/new?kind=incident" {
		t.Errorf("the first tile leads to %q", got)
	}
	if got := doc.Find(".tile small").First().Text(); got != "Answer within 4 h" {
		t.Errorf("without a history it says %q", got)
	}
	if words := home.words(); !strings.Contains(words, "Ingrid Solberg, service level manager") || !strings.Contains(words, "service desk open until") {
		t.Errorf("the page says %s", words)
	}
	_ = ingrid
}

// TestTilesTellTheUsualTime: the median of at least twenty like requests of the site; fewer say nothing.
func TestTilesTellTheUsualTime(t *testing.T) {
	w := newWorld(t)
	one := func() {
		n := w.ask(&w.helen, "A small thing")
		w.clk.Advance(3 * time.Hour)
		for _, do := range []func() (desk.Ticket, error){
			func() (desk.Ticket, error) {
				return w.desk.Resolve(ctx, w.amara.Actor, desk.Act{Number: n, Body: "Done."})
			},
			func() (desk.Ticket, error) {
				w.check(w.jobs.RunDue(ctx))
				return w.desk.Confirm(ctx, w.helen.Actor, desk.Act{Number: n})
			},
		} {
			must(w, do)
		}
	}
	for range 19 {
		one()
	}
	tile := func() string { return w.get(&w.helen, "/").doc().Find(".tile small").First().Text() }
	if got := tile(); got != "Answer within 4 h" {
		t.Errorf("nineteen say %q", got)
	}
	one()
	if got := tile(); got != "Usually about 3 hours (20 like it)" {
		t.Errorf("twenty say %q", got)
	}
}

// TestRequestsByTurn: the reader's turn first, then ours; the site's for who speaks for it, and for nobody else.
func TestRequestsByTurn(t *testing.T) {
	w := newWorld(t)
	graham := w.person("Graham Pell", "graham@norvik.example", w.org.ID, w.site.ID, auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.site.ID})
	w.ask(&w.helen, "Ours first asked")
	n := w.ask(&w.helen, "Asked back")
	w.post(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", "Which?", "after", "customer", "need", "the name").want(http.StatusSeeOther)
	doc := w.get(&w.helen, "/requests").want(http.StatusOK).doc()
	var heads []string
	doc.Find(".card h2").Each(func(_ int, h *selection) { heads = append(heads, strings.TrimSpace(h.Text())) })
	if strings.Join(heads, "|") != "Your turn|Our turn" {
		t.Errorf("headings %q", heads)
	}
	if got := w.get(&graham, "/").doc().Find("[aria-labelledby=site]").Text(); !strings.Contains(got, "Asked back") || !strings.Contains(got, "Helen’s turn") {
		t.Errorf("Graham reads %q", got)
	}
	w.get(&graham, "/requests?of=site").want(http.StatusOK)
	w.get(&w.helen, "/requests?of=site").want(http.StatusNotFound)
}

// TestLateSaysWhy: a late request says why and what happens now, in one place at the top.
func TestLateSaysWhy(t *testing.T) {
	w := newWorld(t)
	n := w.ask(&w.helen, "Printer")
	w.advance(26 * time.Hour)
	w.again(&w.helen, &w.amara)
	at := fmt.Sprintf("/requests/BW-%d", n)
	late := w.get(&w.helen, at).want(http.StatusOK).doc().Find(".callout.late")
	words := strings.Join(strings.Fields(late.Text()), " ")
	for _, want := range []string{"Why it is late", "We promised a reply by Mon 12 Jan, 13:00 GMT, within 4 h of our hours.", "Nothing on your side held it up", "What happens now", "It is with the service desk; nobody in particular has it yet."} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in: %s", want, words)
		}
	}
	if got := w.get(&w.helen, "/").doc().Find(".reqrow .chip").First().Text(); !strings.Contains(got, "Our turn, was due Mon 13:00") {
		t.Errorf("the first page says %q", got)
	}
	w.post(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", "We look.", "after", "ours").want(http.StatusSeeOther)
	page := w.get(&w.helen, at)
	if page.doc().Find(".callout.late").Length() != 0 {
		t.Error("answered, and it is still late")
	}
	back := w.submit(&w.helen, page, "dispute", "reason", "I had told you on the phone at ten.").want(http.StatusSeeOther)
	if got := w.follow(&w.helen, back).words(); !strings.Contains(got, "challenged how a reply was counted") {
		t.Errorf("the page says %s", got)
	}
}

// TestPromisesPage: each figure leads to as many rows as it says, and nobody else reads them.
func TestPromisesPage(t *testing.T) {
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	w.post(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", "Which?", "after", "customer", "need", "the name").want(http.StatusSeeOther)
	w.advance(8 * 24 * time.Hour)
	w.again(&w.helen, &w.amara)
	doc := w.get(&w.helen, "/promises").want(http.StatusOK).doc()
	figures := 0
	doc.Find(".figs li a").Each(func(_ int, a *selection) {
		href := strings.TrimSuffix(a.AttrOr("href", ""), "#list")
		if strings.HasPrefix(href, "#") {
			return
		}
		figures++
		rows := w.get(&w.helen, href).want(http.StatusOK).doc().Find("[aria-labelledby=list] .reqrow").Length()
		if got := a.Find("b").Text(); got != fmt.Sprint(rows) {
			t.Errorf("%s says %s and lists %d", href, got, rows)
		}
	})
	if figures != 8 {
		t.Errorf("%d figures lead to lists", figures)
	}
	if got := strings.Join(strings.Fields(doc.Find(".figs.you").Text()), " "); !strings.Contains(got, "0 of 1 kept in time.") || !strings.Contains(got, "1 missed") {
		t.Errorf("Helen's column: %q", got)
	}
	tom := w.person("Tom Hale", "tom@norvik.example", w.org.ID, w.site.ID)
	if got := w.get(&tom, "/promises").words(); strings.Contains(got, "VPN") || !strings.Contains(got, "Nothing has ended") {
		t.Errorf("Tom reads %s", got)
	}
	if got := w.get(&w.amara, "/promises?as=it").words(); !strings.Contains(got, "What you promised as IT") {
		t.Errorf("Amara reads %s", got)
	}
}

// TestLevels: both sides' promises in words, and a message that is answered by who is named.
func TestLevels(t *testing.T) {
	w := newWorld(t)
	ingrid := w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	page := w.get(&w.helen, "/levels").want(http.StatusOK)
	for _, want := range []string{"Service levels: Leeds", "A first reply within 4 h", "An answer to our question within 8 h", "A yes or no whether it works within 24 h", "Mon to Fri", "Ingrid answers within 8 h of IT’s hours", "At the second door: levels and price", "No price is stated", "Every service that IT offers", "How a promise was kept", "Version 1, in force", "We tell you that we are late"} {
		if !strings.Contains(page.words(), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	w.submit(&w.helen, page, "write", "subject", "").want(http.StatusUnprocessableEntity)
	sent := w.follow(&w.helen, w.submit(&w.helen, page, "write", "matter", "complaint", "subject", "Replies were late in May", "body", "Three of them."))
	if got := sent.words(); !strings.Contains(got, "Sent to service level management") || !strings.Contains(got, "we reply by") || !strings.Contains(got, "WithService level management") {
		t.Errorf("after it the page says %s", got)
	}
	k := w.ticket(1001)
	if k.Kind != desk.Complaint || desk.DoorOf(k) != desk.DoorLevels || k.Matter != "complaint" {
		t.Errorf("%+v", k)
	}
	w.post(&ingrid, "/desk/tickets/BW-1001/reply", "body", "I look into it.", "after", "ours").want(http.StatusSeeOther)
	if team := must(w, func() (people.Team, error) { return people.Levels(ctx, w.db.Read()) }); team.ID != k.TeamID {
		t.Errorf("it is with %s", k.TeamID)
	}
}

// again signs people in whose sessions have ended meanwhile.
func (w *world) again(all ...*person) {
	w.t.Helper()
	for _, p := range all {
		p.secret += "-again"
		w.session(*p)
	}
}

var mailedLink = regexp.MustCompile(`/profile/addresses/(address_\S+)`)

// TestProfile: addresses by the mailed link, quiet hours, the password that ends other sessions, sessions that are ended.
func TestProfile(t *testing.T) {
	w := newWorld(t)
	w.password(w.helen)
	page := w.get(&w.helen, "/profile").want(http.StatusOK)
	page = w.follow(&w.helen, w.submit(&w.helen, page, "add", "address", "h.marsh@home.example"))
	if !strings.Contains(page.words(), "We mailed a link to it") {
		t.Errorf("the page says %s", page.words())
	}
	w.check(w.jobs.RunDue(ctx))
	l := must(w, func() (mails, error) { return w.box.Outbounds(ctx, "", "h.marsh@home.example", page0, 1) })
	if len(l.Items) != 1 {
		t.Fatal("no mail")
	}
	link := mailedLink.FindString(l.Items[0].Body)
	for range 2 { // a scanner opens it, twice
		w.get(&w.helen, link).want(http.StatusOK)
	}
	if got := w.get(&w.helen, "/profile").doc().Find(".entries").First().Text(); strings.Contains(got, "h.marsh") {
		t.Error("opening the link alone added the address")
	}
	w.get(nil, link).want(http.StatusSeeOther)
	w.get(&w.amara, link).want(http.StatusNotFound)
	w.post(&w.amara, link).want(http.StatusNotFound)
	page = w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, link), "confirm"))
	if got := page.doc().Find(".entries").First().Text(); !strings.Contains(got, "h.marsh@home.example") {
		t.Errorf("confirmed, and not there: %s", got)
	}
	w.post(&w.helen, link).want(http.StatusNotFound)
	page = w.follow(&w.helen, w.submit(&w.helen, page, "address-first-1"))
	page = w.follow(&w.helen, w.submit(&w.helen, page, "address-remove-1"))
	if got := page.doc().Find(".entries").First().Text(); strings.Contains(got, w.helen.address) || !strings.Contains(got, "h.marsh@home.example") {
		t.Errorf("addresses: %s", got)
	}

	page = w.follow(&w.helen, w.submit(&w.helen, page, "want", "quiet_from", "20:00", "quiet_until", "07:00", "zone", "Europe/Lisbon"))
	if got := page.doc().Find("#want-quiet_until").AttrOr("value", ""); got != "07:00" {
		t.Errorf("quiet until %q", got)
	}
	bad := w.submit(&w.helen, page, "want", "quiet_from", "01:00", "quiet_until", "23:00").want(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.words(), "longer than 16 hours") {
		t.Errorf("22 quiet hours: %s", bad.words())
	}

	other := w.helen
	other.secret = "another-session-of-helens-that-is-open"
	w.session(other)
	w.get(&other, "/profile").want(http.StatusOK)
	w.submit(&w.helen, page, "password", "old", "not this one", "new", "a horse that is fine", "again", "a horse that is fine").want(http.StatusUnprocessableEntity)
	w.submit(&w.helen, page, "password", "old", password, "new", "a horse that is fine", "again", "a mare that is fine").want(http.StatusUnprocessableEntity)
	changed := w.submit(&w.helen, page, "password", "old", password, "new", "a horse that is fine", "again", "a horse that is fine").want(http.StatusSeeOther)
	for _, c := range changed.Result().Cookies() {
		if c.Name == web.SessionCookie(base, "").Name {
			w.helen.secret = c.Value
		}
	}
	w.get(&other, "/profile").want(http.StatusSeeOther) // signed out
	third := w.helen
	third.secret = "a-third-session-of-helens-that-is-open"
	w.session(third)
	page = w.get(&w.helen, "/profile").want(http.StatusOK)
	w.submit(&w.helen, page, "end-others").want(http.StatusSeeOther)
	w.get(&third, "/profile").want(http.StatusSeeOther)
	w.get(&w.helen, "/profile").want(http.StatusOK)
}

// TestAttack18_OwnPagesHoldNoNotes: no word of a note, and nothing of another organisation, on any page of one's own.
func TestAttack18_OwnPagesHoldNoNotes(t *testing.T) {
	s := newScene(t)
	graham := s.person("Graham Pell", "graham@norvik.example", s.org.ID, s.site.ID, auth.Grant{Role: auth.Signatory, Scope: auth.Site, ScopeID: s.site.ID})
	for _, who := range []*person{&s.helen, &graham, &s.twin, &s.amara} {
		for _, path := range append(ownPages, "/requests?of=site", "/promises?as=it", fmt.Sprintf("/requests/BW-%d", s.n)) {
			a := s.get(who, path)
			if a.Code == http.StatusSeeOther {
				continue
			}
			if strings.Contains(a.Body.String(), canary) {
				t.Errorf("%s reads a note's words at %s", who.Name, path)
			}
			if who == &s.twin && (strings.Contains(a.Body.String(), "VPN") || strings.Contains(a.Body.String(), "Norvik Industries")) {
				t.Errorf("the twin reads of the other organisation at %s", path)
			}
			if who != &s.twin && who != &s.amara && strings.Contains(a.Body.String(), "Twin printer") {
				t.Errorf("%s reads of the twin at %s", who.Name, path)
			}
		}
	}
	if got := s.get(&s.twin, fmt.Sprintf("/requests/BW-%d", s.n)); got.Code != http.StatusNotFound {
		t.Errorf("the twin's signatory opens Helen's request: %d", got.Code)
	}
}

// TestAttack33_AddingAnAddressTellsNobody: whether an address is in use, is known, or is new, the answer is the same.
func TestAttack33_AddingAnAddressTellsNobody(t *testing.T) {
	w := newWorld(t)
	var answers []string
	for _, address := range []string{"amara@it.example", "nobody@nowhere.example"} {
		a := w.post(&w.helen, "/profile/addresses", "address", address)
		answers = append(answers, fmt.Sprint(a.Code, a.Header().Get("Location"), a.Body.String()))
	}
	if answers[0] != answers[1] {
		t.Errorf("the answers differ: %q", answers)
	}
}

// TestAttack50_MailedLinksAreOfTheBase: whatever host a request names, the mailed link is of the configured address.
func TestAttack50_MailedLinksAreOfTheBase(t *testing.T) {
	w := newWorld(t)
	w.do(&w.helen, "POST", "/profile/addresses", "application/x-www-form-urlencoded", strings.NewReader("address=h%40home.example"), func(r *http.Request) {
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
	})
	w.check(w.jobs.RunDue(ctx))
	l := must(w, func() (mails, error) { return w.box.Outbounds(ctx, "", "h@home.example", page0, 1) })
	for _, m := range l.Items {
		if strings.Contains(m.Body, "evil") || !strings.Contains(m.Body, base+"/profile/addresses/") {
			t.Errorf("the mail says %s", m.Body)
		}
	}
	if len(l.Items) != 1 {
		t.Errorf("%d mails", len(l.Items))
	}
}

// TestLostFindsTheDoors: an address that leads nowhere offers search and both doors; nobody who is signed out learns more.
func TestLostFindsTheDoors(t *testing.T) {
	w := newWorld(t)
	doc := w.get(&w.helen, "/nothing/here").want(http.StatusNotFound).doc()
	if doc.Find(`form[role=search][action="/search"]`).Length() != 1 || doc.Find(`a[href="/requests/new"]`).Length() == 0 || doc.Find(`a[href="/levels"]`).Length() == 0 {
		t.Errorf("it offers %s", doc.Find("main").Text())
	}
	if got := w.get(nil, "/nothing/here").want(http.StatusNotFound).doc(); got.Find("form[role=search]").Length() != 0 {
		t.Error("who is not signed in is offered a search")
	}
}

// TestExpiredSessionNamesTheFiles: words wait for the sign-in, files are named as what does not.
func TestExpiredSessionNamesTheFiles(t *testing.T) {
	w := newWorld(t)
	a := w.upload(nil, "/requests", "photo.png", "x", "subject", "Printer", "body", "It jams.").want(http.StatusUnauthorized)
	if got := a.words(); !strings.Contains(got, "what you wrote is kept. Files do not wait: attach them again afterwards.") {
		t.Errorf("it says %s", got)
	}
	b := w.post(nil, "/levels", "subject", "Longer hours", "body", "Until 20:00", "about", "change").want(http.StatusUnauthorized)
	if b.doc().Find(`form#in input[name="kept.subject"][value="Longer hours"]`).Length() != 1 || strings.Contains(b.words(), "Files do not wait") {
		t.Errorf("it says %s", b.words())
	}
}

var page0 page.Cursor

type (
	selection = goquery.Selection
	mails     = page.List[box.Outbound]
)
