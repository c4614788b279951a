package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/people"
	"bothways/internal/web"
)

// scene is a ticket of Helen's with everything on it that addresses can name, beside a twin organisation.
type scene struct {
	*world
	n        int64
	file     string // of a public message
	noteFile string // of a note
	mail     string // as it arrived
	twin     person // customer of the other organisation
	theirs   int64  // ticket of the twin's
}

const canary = "xq7canary"

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{world: newWorld(t)}
	raw := "From: Helen Marsh <helen@norvik.example>\r\nTo: desk@norvik.example\r\nSubject: VPN drops\r\nMessage-ID: <one@norvik.example>\r\n\r\nSince Monday.\r\n"
	must(s.world, func() (string, error) {
		return s.box.Receive(ctx, "helen@norvik.example", "desk@norvik.example", []byte(raw))
	})
	s.check(s.jobs.RunDue(ctx))
	list := must(s.world, func() (any, error) { return s.desk.List(ctx, auth.SystemActor(), desk.Filter{}, "", 1) })
	_ = list
	s.n = 1001
	at := fmt.Sprintf("/desk/tickets/BW-%d", s.n)
	s.upload(&s.amara, at+"/reply", "plan.txt", "our plan", "body", "Here is the plan.", "after", "ours").want(http.StatusSeeOther)
	s.upload(&s.amara, at+"/note", canary+"-name.txt", canary+" in the file", "body", canary+" in the note").want(http.StatusSeeOther)
	s.post(&s.amara, at+"/reply", "body", "Does it drop on the cable too?", "after", "customer", "need", "a yes or no").want(http.StatusSeeOther)
	said := must(s.world, func() (files []desk.File, err error) {
		p, err := s.desk.Messages(ctx, auth.SystemActor(), s.n, "", 0)
		for _, m := range p.Items {
			files = append(files, m.Files...)
			if m.MailID != "" {
				s.mail = m.MailID
			}
		}
		return files, err
	})
	noted := must(s.world, func() (files []desk.File, err error) {
		p, err := s.desk.Notes(ctx, auth.SystemActor(), s.n, "", 0)
		for _, m := range p.Items {
			files = append(files, m.Files...)
		}
		return files, err
	})
	if len(said) != 1 || len(noted) != 1 || s.mail == "" {
		t.Fatalf("the scene lacks something: %v %v %q", said, noted, s.mail)
	}
	s.file, s.noteFile = said[0].ID, noted[0].ID
	org := must(s.world, func() (people.Organisation, error) {
		return s.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Twin Industries", Kind: people.Customer})
	})
	site := must(s.world, func() (people.Site, error) {
		return s.peo.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: org.ID, Name: "Leeds", Zone: "Europe/London", Region: "south"})
	})
	s.twin = s.person("Helen Marsh", "helen@twin.example", org.ID, site.ID, auth.Grant{Role: auth.Signatory, Scope: auth.Everywhere})
	s.theirs = s.ask(&s.twin, "Twin printer")
	return s
}

// path fills the names of an address.
func (s *scene) path(r web.Route, n int64, file string) string {
	p := strings.NewReplacer("{$}", "", "{ref}", desk.Ref(n), "{name}", "queue").Replace(r.Path)
	if strings.Contains(p, "/mails/") {
		file = s.mail
	}
	if strings.HasPrefix(p, "/inbox/") {
		file = must(s.world, func() (id string, err error) {
			l, err := s.box.Outbounds(ctx, "", "", pageStart, 1)
			if len(l.Items) > 0 {
				id = l.Items[0].ID
			}
			return id, err
		})
	}
	return strings.ReplaceAll(p, "{id}", file)
}

// form is a form that every POST takes as far as it gets.
var form = url.Values{"body": {"words"}, "subject": {"words"}, "after": {"ours"}, "reason": {"because"}, "until": {"2026-01-20T10:00"}, "kind": {"plan"}, "impact": {"low"}, "urgency": {"low"}, "other": {"BW-1001"}, "person": {"helen@norvik.example"}}

func (s *scene) send(as *person, method, path string) answer {
	s.t.Helper()
	if path == "/sign-out" {
		as = nil // the others are still to be tried
	}
	if method == "POST" {
		return s.do(as, method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	}
	return s.do(as, method, path, "", nil)
}

// TestAttack17_AForeignTicketDoesNotExist: on every route that names a ticket, another organisation's ticket answers a customer
// with the same bytes as one that does not exist, and nothing changes.
func TestAttack17_AForeignTicketDoesNotExist(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	colleague := s.person("Owen Clarke", "owen@norvik.example", s.org.ID, s.site.ID) // of the same organisation, no part of it
	resolver := s.person("Rui Costa", "rui@it.example", s.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Region, ScopeID: "south"})
	before := s.events()
	tried := 0
	for _, r := range web.Routes() {
		if !strings.Contains(r.Path, "{ref}") {
			continue
		}
		for _, method := range []string{r.Method, http.MethodHead} {
			if r.Method == "POST" && method == http.MethodHead {
				continue
			}
			for name, who := range map[string]*person{"twin": &s.twin, "colleague": &colleague, "resolver of another region": &resolver} {
				tried++
				theirs, none := s.send(who, method, s.path(r, s.n, s.file)), s.send(who, method, s.path(r, 999_999, s.file))
				if theirs.Code != http.StatusNotFound || none.Code != http.StatusNotFound || !bytes.Equal(theirs.Body.Bytes(), none.Body.Bytes()) || fmt.Sprint(theirs.Header()) != fmt.Sprint(none.Header()) {
					t.Errorf("%s %s as %s: %d, and %d for one that does not exist", method, r.Path, name, theirs.Code, none.Code)
				}
			}
		}
	}
	if after := s.events(); after != before || tried < 60 {
		t.Errorf("%d requests wrote %d events", tried, after-before)
	}
	if w := s.get(&s.twin, "/").want(http.StatusOK).words(); strings.Contains(w, "VPN drops") || !strings.Contains(w, "Twin printer") {
		t.Errorf("the twin's home: %s", w)
	}
	if w := s.get(&resolver, "/desk?q=VPN").want(http.StatusOK).words(); strings.Contains(w, "BW-1001") {
		t.Errorf("the queue of another region: %s", w)
	}
	s.get(&resolver, "/desk?q=BW-1001").want(http.StatusOK)
}

// TestAttack18_NoWordOfANoteReachesACustomer reads every page and file a customer can reach, also as somebody who may read notes
// elsewhere: the canary words of notes, their files and the names of these are in none.
func TestAttack18_NoWordOfANoteReachesACustomer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	staffPage := s.get(&s.amara, fmt.Sprintf("/desk/tickets/BW-%d", s.n)).want(http.StatusOK)
	if strings.Count(staffPage.Body.String(), canary) < 2 {
		t.Fatal("the canary is not on the page of IT: this test would show nothing")
	}
	s.get(&s.amara, fmt.Sprintf("/desk/tickets/BW-%d/files/%s", s.n, s.noteFile)).want(http.StatusOK)
	priya := s.person("Priya Nair", "priya@norvik.example", s.org.ID, s.site.ID, auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: s.site.ID})
	s.check2(s.desk.Open(ctx, priya.Actor, desk.OpenInput{Subject: "My own", Description: "x"}))
	own := int64(1003)
	s.upload(&s.amara, fmt.Sprintf("/desk/tickets/BW-%d/note", own), canary+".txt", canary, "body", canary).want(http.StatusSeeOther)
	ownNote := must(s.world, func() (string, error) {
		p, err := s.desk.Notes(ctx, auth.SystemActor(), own, "", 0)
		return p.Items[0].Files[0].ID, err
	})
	clean := func(who string, a answer, path string) {
		t.Helper()
		if strings.Contains(a.Body.String(), canary) || strings.Contains(fmt.Sprint(a.Header()), canary) {
			t.Errorf("%s read a note at %s", who, path)
		}
	}
	for _, r := range web.Routes() {
		for _, file := range []string{s.file, s.noteFile} {
			clean("Helen", s.send(&s.helen, r.Method, s.path(r, s.n, file)), r.Path)
			if !strings.HasPrefix(r.Path, "/desk") {
				clean("site IT who asked herself", s.send(&priya, "GET", s.path(r, own, ownNote)), r.Path)
			}
		}
	}
	for _, path := range []string{"/requests/BW-%d/files/", "/desk/tickets/BW-%d/files/"} {
		s.get(&s.helen, fmt.Sprintf(path, s.n)+s.noteFile).want(http.StatusNotFound)
	}
	s.get(&priya, fmt.Sprintf("/requests/BW-%d/files/%s", own, ownNote)).want(http.StatusNotFound)
	if w := s.get(&s.helen, fmt.Sprintf("/requests/BW-%d?all", s.n)).words(); strings.Contains(strings.ToLower(w), "note") {
		t.Errorf("the customer's page tells of notes: %s", w)
	}
}

func (w *world) check2(_ any, err error) {
	w.t.Helper()
	w.check(err)
}

// TestAttack19_AnAttachmentIsReadWithItsTicket: an id opens a file on its own ticket alone, for who may read it, now.
func TestAttack19_AnAttachmentIsReadWithItsTicket(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := fmt.Sprintf("/requests/BW-%d/files/%s", s.n, s.file)
	a := s.get(&s.helen, at).want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Disposition": "attachment; filename=plan.txt", "Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Cache-Control": "no-store", "Content-Length": "8",
	} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if a.Body.String() != "our plan" {
		t.Errorf("the file holds %q", a.Body)
	}
	if h := s.do(&s.helen, "HEAD", at, "", nil).want(http.StatusOK); h.Body.Len() != 0 || h.Header().Get("Content-Length") != "8" {
		t.Errorf("HEAD: %d bytes, %v", h.Body.Len(), h.Header())
	}
	s.get(&s.twin, at).want(http.StatusNotFound)
	s.get(&s.twin, fmt.Sprintf("/requests/BW-%d/files/%s", s.theirs, s.file)).want(http.StatusNotFound)
	s.get(&s.helen, fmt.Sprintf("/requests/BW-%d/files/%s", s.n, "..%2f..%2fdesk")).want(http.StatusNotFound)
	s.get(nil, at).want(http.StatusSeeOther)
	if m := s.get(&s.amara, fmt.Sprintf("/desk/tickets/BW-%d/mails/%s", s.n, s.mail)).want(http.StatusOK); !strings.HasPrefix(m.Body.String(), "From: Helen Marsh") || m.Header().Get("Content-Type") != "message/rfc822" {
		t.Errorf("the original: %q", m.Body)
	}
	s.get(&s.amara, fmt.Sprintf("/desk/tickets/BW-%d/mails/%s", s.theirs, s.mail)).want(http.StatusNotFound)
	resolver := s.person("Rui Costa", "rui@it.example", s.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Everywhere})
	s.get(&resolver, fmt.Sprintf("/desk/tickets/BW-%d/mails/%s", s.n, s.mail)).want(http.StatusForbidden)
	s.check(s.peo.DisablePerson(ctx, auth.SystemActor(), s.helen.PersonID))
	s.clk.Advance(5 * time.Second)
	s.get(&s.helen, at).want(http.StatusSeeOther)
}

// TestAttack46_TheSessionIsNeverInAPage: nothing that is answered repeats the secret.
func TestAttack46_TheSessionIsNeverInAPage(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, r := range web.Routes() {
		a := s.send(&s.amara, r.Method, s.path(r, s.n, s.file))
		if strings.Contains(a.Body.String(), s.amara.secret) || strings.Contains(a.Header().Get("Location"), s.amara.secret) {
			t.Errorf("%s %s repeats the session", r.Method, r.Path)
		}
	}
}

// TestGetChangesNothing: no GET or HEAD of any route writes an event, a mail or a ticket.
func TestGetChangesNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	count := func() (n int) {
		s.check(s.db.Read().QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM event_entry) + (SELECT COUNT(*) FROM mail_outbound) + (SELECT COUNT(*) FROM mail_inbound) + (SELECT SUM(version) FROM desk_ticket) + (SELECT COUNT(*) FROM audit_entry)`).Scan(&n))
		return n
	}
	before := count()
	for _, r := range web.Routes() {
		for _, method := range []string{"GET", "HEAD"} {
			for _, who := range []*person{&s.amara, &s.helen, nil} {
				path := s.path(r, s.n, s.file)
				s.send(who, method, path+"?"+form.Encode())
				s.send(who, method, path)
			}
		}
	}
	if after := count(); after != before {
		t.Errorf("reading wrote: %d before, %d after", before, after)
	}
}

var pageStart page.Cursor
