package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/test/browser/chromium"
)

// tomas administers everything.
const tomas = "tomas.vieira@norvik-it.example"

// choose puts a file with some content into a field for files.
func choose(t testing.TB, x *chromium.Tab, selector, name, content string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	x.MustElement(selector).MustSetFiles(path)
}

// people is a list as a personnel office writes it: semicolons, an umlaut, one row to mend.
const peopleList = "Vorname;Nachname;E-Mail;Standort;Personalnummer\nJörg;Häusler;joerg.haeusler@norvik.example;Leeds;1001\nHelen;Marsh-Lowe;helen.marsh@norvik.example;Leeds;1002\n<b>Nobody</b>;;;Leeds;1003\n"

func uploadList(w *world, x *chromium.Tab) {
	choose(w.t, x, "#upload-files", "people.csv", peopleList)
	x.Then(func() { x.Click("#upload button") })
}

// adminStates are the states of the pages of administration.
var adminStates = []state{
	{"admin", tomas, "/desk/admin", nil},
	{"admin-people", tomas, "/desk/admin/people", nil},
	{"admin-people-none", tomas, "/desk/admin/people?q=zebra", nil},
	{"admin-person", tomas, "/desk/admin/people?q=amara", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("tbody th a") }) }},
	{"admin-person-grant", tomas, "/desk/admin/people?q=priya", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.Click("tbody th a") })
		x.MustEval(`() => { document.querySelector('#grant').closest('details').open = true }`)
	}},
	{"admin-person-error", tomas, "/desk/admin/people?q=helen", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.Click("tbody th a") })
		x.Fill("#edit-name", " ")
		x.Then(func() { x.Click("#edit button") })
	}},
	{"admin-person-agent", amara, "/desk/admin/people?q=helen", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("tbody th a") }) }},
	{"admin-person-new", tomas, "/desk/admin/people/new", nil},
	{"admin-imports", tomas, "/desk/admin/imports", nil},
	{"admin-imports-error", tomas, "/desk/admin/imports", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("#upload button") }) }},
	{"admin-import", tomas, "/desk/admin/imports", uploadList},
	{"admin-import-running", tomas, "/desk/admin/imports", func(w *world, x *chromium.Tab) {
		uploadList(w, x)
		x.Then(func() { x.Click("#start button") })
	}},
	{"admin-organisations", tomas, "/desk/admin/organisations", nil},
	{"admin-organisations-rename", tomas, "/desk/admin/organisations", func(_ *world, x *chromium.Tab) { x.Click("td summary") }},
	{"admin-sites", tomas, "/desk/admin/sites", nil},
	{"admin-site", tomas, "/desk/admin/sites", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.ClickOn("th a", "Leeds") })
		x.Fill("#room-name", "Classroom 12")
		x.Fill("#room-seats", "30")
		x.Then(func() { x.Click("#room button") })
	}},
	{"admin-site-error", tomas, "/desk/admin/sites", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.ClickOn("th a", "Leeds") })
		x.Fill("#site-zone", "Europe/Leeds")
		x.Then(func() { x.Click("#site button") })
	}},
	{"admin-site-new", tomas, "/desk/admin/sites/new", nil},
	{"admin-teams", tomas, "/desk/admin/teams", nil},
	{"admin-team", tomas, "/desk/admin/teams", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.ClickOn("th a", "Service desk") })
		x.MustEval(`() => { const s = document.querySelector('#shift-person'); s.value = s.options[1].value }`)
		x.Then(func() { x.Click("#shift button") })
	}},
	{"admin-team-error", tomas, "/desk/admin/teams", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.ClickOn("th a", "Service desk") })
		x.Fill("#shift-from", "8")
		x.Then(func() { x.Click("#shift button") })
	}},
	{"admin-services", tomas, "/desk/admin/services", nil},
	{"admin-service", tomas, "/desk/admin/services/new", func(_ *world, x *chromium.Tab) {
		x.Fill("#service-name", "Mail")
		x.Fill("#service-owner", tomas)
		x.Then(func() { x.Click("#service button") })
	}},
	{"admin-service-error", tomas, "/desk/admin/services/new", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("#service button") }) }},
	{"admin-roles", tomas, "/desk/admin/roles", nil},
	{"admin-roles-verbs", tomas, "/desk/admin/roles?show=verbs", nil},
}

func init() { states = append(states, adminStates...) }

// TestAListIsTakenIn: somebody who has a sheet and nothing else takes it in: sees what it would do, mends nothing, starts it and
// reads what became of each row.
func TestAListIsTakenIn(t *testing.T) {
	w := newWorld(t)
	x := w.tab(tomas, chromium.Desktop).Go("/desk/admin/people")
	x.Then(func() { x.ClickOn("a", "Take in a list") })
	uploadList(w, x)
	if got := strings.Join(x.Texts(".figures li"), " | "); got != "1 new | 1 to change | 0 as they are | 1 to mend" {
		t.Fatalf("the list would do: %s", got)
	}
	if page := x.Text("main"); !strings.Contains(page, "Row 4") || strings.Contains(page, "Nobody") || !strings.Contains(page, "Column 5 is not used") {
		t.Fatalf("%s", page)
	}
	x.Then(func() { x.ClickOn("#start button", "Take in 2 people") })
	if err := w.app.Jobs.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	x.MustWait(`() => document.querySelector('.figures').textContent.replace(/\s+/g, ' ').includes('1 created')`) // the page reads itself anew
	if got := strings.Join(x.Texts(".figures li"), " | "); got != "1 created | 1 changed | 0 as they were | 1 not taken in" {
		t.Fatalf("the list did: %s", got)
	}
	x.Then(func() { x.ClickOn(".figures a", "created") })
	x.Then(func() { x.ClickOn("td a", "Jörg Häusler") })
	if got := x.Text("h1"); got != "Jörg Häusler" {
		t.Fatalf("who was created is called %q", got)
	}
	x.Innocent(t)
}
