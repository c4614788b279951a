package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/job"
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

// holidayFile is what a state publishes: a day by a rule, one of two days, and an entry that is no whole day.
const holidayFile = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20201225\r\nDTEND;VALUE=DATE:20201227\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261125\r\nSUMMARY:A day <b>off</b>\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20261126T090000Z\r\nSUMMARY:A meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func openCalendar(_ *world, x *chromium.Tab) { x.Then(func() { x.ClickOn("th a", "^Service hours$") }) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
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
	{"admin-calendars", tomas, "/desk/admin/calendars", nil},
	{"admin-calendar", tomas, "/desk/admin/calendars", openCalendar},
	{"admin-calendar-error", tomas, "/desk/admin/calendars", func(w *world, x *chromium.Tab) {
		openCalendar(w, x)
		x.Fill("#week-mon", "9 to 5")
		x.Then(func() { x.Click("#week button") })
	}},
	{"admin-calendar-feed", tomas, "/desk/admin/calendars", func(w *world, x *chromium.Tab) {
		openCalendar(w, x)
		choose(w.t, x, "#feed-files", "holidays.ics", holidayFile)
		x.Then(func() { x.Click("#feed button") })
	}},
	{"admin-calendar-feed-error", tomas, "/desk/admin/calendars", func(w *world, x *chromium.Tab) {
		openCalendar(w, x)
		x.Then(func() { x.Click("#feed button") })
	}},
	{"admin-agreements", tomas, "/desk/admin/agreements", nil},
	{"admin-absences", tomas, "/desk/admin/absences", nil},
	{"admin-absences-mine", kofi, "/desk/admin/absences", func(_ *world, x *chromium.Tab) {
		x.Fill("#away-substitute", amara)
		x.Then(func() { x.Click("#away button") })
		x.Click("td summary")
	}},
	{"admin-absences-error", kofi, "/desk/admin/absences", func(_ *world, x *chromium.Tab) {
		x.Fill("#away-substitute", "nobody@norvik.example")
		x.Then(func() { x.Click("#away button") })
	}},
	{"admin-mail", tomas, "/desk/admin/mail", nil},
	{"admin-mail-out", tomas, "/desk/admin/mail/out", nil},
	{"admin-mail-failed", tomas, "/desk/admin/mail/out?state=failed", nil},
	{"admin-health", tomas, "/desk/admin/health", nil},
	{"admin-health-bad", tomas, "/desk/admin/health", func(w *world, x *chromium.Tab) {
		w.must(w.app.DB.Write(ctx, func(tx *db.Tx) error {
			if err := job.Good(ctx, tx, "relay", tuesday.Add(-time.Hour), tuesday.Add(-45*time.Minute)); err != nil {
				return err
			}
			return job.Bad(ctx, tx, "relay", tuesday.Add(-2*time.Minute), "dial tcp 192.0.2.1:25: connection refused")
		}))
		w.clk.Advance(time.Minute)
		x.Go("/desk/admin/health")
	}},
	{"admin-audit", tomas, "/desk/admin/audit", nil},
	{"admin-audit-none", tomas, "/desk/admin/audit?who=nobody@norvik.example", nil},
	{"admin-tokens", tomas, "/desk/admin/tokens", nil},
	{"admin-token-made", tomas, "/desk/admin/tokens", func(_ *world, x *chromium.Tab) {
		x.Fill("#token-name", "Backups")
		x.Then(func() { x.Click("#token button") })
	}},
	{"admin-token-error", tomas, "/desk/admin/tokens", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("#token button") }) }},
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

// TestAFileOfHolidaysIsSeenBeforeItCounts: whoever has a file of holidays sees what it adds and that tickets move; nothing is changed
// until they say so, and then the year shows the days.
func TestAFileOfHolidaysIsSeenBeforeItCounts(t *testing.T) {
	w := newWorld(t)
	x := w.tab(tomas, chromium.Desktop).Go("/desk/admin/calendars")
	openCalendar(w, x)
	choose(t, x, "#feed-files", "holidays.ics", holidayFile)
	x.Then(func() { x.Click("#feed button") })
	page := x.Text("main")
	if !strings.Contains(page, "1 day is added and 4 days get a name") || !strings.Contains(page, "A day <b>off</b>") || !strings.Contains(page, "left out: 1") || !strings.Contains(page, "ticket") {
		t.Fatalf("%s", page)
	}
	if strings.Contains(page, "No open ticket moves") {
		t.Fatal("a holiday tomorrow moves no ticket")
	}
	x.Then(func() { x.ClickOn("a", "Change nothing") })
	if strings.Contains(x.Text("#holidays-h + .body"), "Christmas") {
		t.Fatal("looking at a file changed the calendar")
	}
	choose(t, x, "#feed-files", "holidays.ics", holidayFile)
	x.Then(func() { x.Click("#feed button") })
	x.Then(func() { x.ClickOn("#take button", "Take these days in") })
	if got := strings.Join(x.Texts(".month .holiday"), "; "); !strings.Contains(got, "25 November") {
		t.Fatalf("the holidays of the year: %s", got)
	}
	x.Innocent(t)
}

// TestNothingWaitsOnWhoIsAway: somebody says that they are away and who stands in; what is assigned to them is then in the other's list,
// and the ticket says so.
func TestNothingWaitsOnWhoIsAway(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk/admin/absences")
	x.Fill("#away-substitute", kofi)
	x.Then(func() { x.Click("#away button") })
	if row := x.Text("tbody tr"); !strings.Contains(row, "Amara Okafor") || !strings.Contains(row, "Kofi Mensah") || !strings.Contains(row, "not known") {
		t.Fatalf("%s", row)
	}
	y := w.tab(kofi, chromium.Desktop).Go("/desk/admin/absences")
	if !strings.Contains(y.Text("main"), "You stand in for Amara Okafor") {
		t.Fatalf("%s", y.Text("main"))
	}
	x.Then(func() { x.ClickOn("td button", "Is back") })
	if !strings.Contains(x.Text("main"), "Nobody is away") {
		t.Fatalf("%s", x.Text("main"))
	}
}
