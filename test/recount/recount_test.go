package recount_test

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/replay"
	"bothways/test/recount"
)

// material is the folder of the logs; without it the test is skipped.
func material(t *testing.T, names ...string) []string {
	t.Helper()
	dir := os.Getenv("BOTHWAYS_MATERIAL")
	if dir == "" {
		dir = "../../../shared/material"
	}
	var out []string
	for _, n := range names {
		path := filepath.Join(dir, "itsm", n)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("the log %s is not there: set BOTHWAYS_MATERIAL", path)
		}
		out = append(out, path)
	}
	return out
}

// TestSharesNoCode: the recount stands on the standard library alone.
func TestSharesNoCode(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if first, _, _ := strings.Cut(strings.Trim(i.Path.Value, `"`), "/"); first == "bothways" || strings.Contains(first, ".") {
				t.Errorf("%s imports %s: a recount that shares code with what it counts proves nothing", name, i.Path.Value)
			}
		}
	}
}

func hours(t *testing.T, zone string, from, to int, closed ...string) *recount.Hours {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return recount.Week{Zone: z, Start: from, End: to, Closed: closed}.Step(2009, time.Now().Year())
}

// usual are the terms an installation starts with, written a second time.
func usual(t *testing.T) recount.Terms {
	const h = 3600
	return recount.Terms{Service: hours(t, "UTC", 8*60, 18*60), Customer: hours(t, "UTC", 9*60, 17*60), Targets: map[string]map[string]int64{
		"first_response": {"critical": 1 * h, "high": 2 * h, "medium": 4 * h, "low": 8 * h},
		"next_response":  {"critical": 2 * h, "high": 4 * h, "medium": 8 * h, "low": 16 * h},
		"resolution":     {"critical": 4 * h, "high": 8 * h, "medium": 24 * h, "low": 40 * h},
		"answer":         {"critical": 2 * h, "high": 4 * h, "medium": 8 * h, "low": 16 * h},
		"confirm":        {"": 24 * h},
	}}
}

func TestUCI(t *testing.T) {
	files := material(t, "uci-servicenow-incident-events.csv.gz")
	log, err := recount.UCI(files[0])
	must(t, err)
	compare(t, replayed(t, replay.FormatUCI, "", files...), log, usual(t))
}

func TestRabobank(t *testing.T) {
	files := material(t, "bpic2014-rabobank-activities.csv.gz", "bpic2014-rabobank-incidents.csv.gz")
	log, err := recount.Rabobank(files[0], files[1])
	must(t, err)
	compare(t, replayed(t, replay.FormatBPI, "bpi2014.json", files...), log, usual(t))
}

func TestItalian(t *testing.T) {
	files := material(t, "helpdesk-italian.csv.gz")
	log, err := recount.Italian(files[0])
	must(t, err)
	holidays := []string{"01-01", "12-25"}
	terms := recount.Terms{Service: hours(t, "Europe/Rome", 8*60+30, 17*60+30, holidays...), Customer: hours(t, "Europe/Rome", 9*60, 18*60, holidays...),
		Targets: map[string]map[string]int64{
			"first_response": {"": 14400}, "next_response": {"": 28800}, "resolution": {"high": 144000, "": 288000}, "answer": {"": 86400}, "confirm": {"": 432000},
		}}
	compare(t, replayed(t, replay.FormatCSV, "helpdesk-italian.json", files...), log, terms)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// replayed is an app with a log in it.
func replayed(t *testing.T, format, mapName string, files ...string) *app.App {
	t.Helper()
	ctx := context.Background()
	var raw []byte
	if mapName != "" {
		var err error
		raw, err = os.ReadFile(filepath.Join("../../internal/replay/testdata/maps", mapName))
		must(t, err)
	}
	m, err := replay.MapFor(format, raw)
	must(t, err)
	conf := config.Config{DeskName: "Service desk", MailFrom: "desk@example.org"}
	conf.Data = t.TempDir()
	conf.Database, conf.Zone = "sqlite:"+filepath.Join(conf.Data, "bothways.db"), m.Location().String()
	a, err := app.New(ctx, conf, app.Options{Fill: true})
	must(t, err)
	t.Cleanup(func() { _ = a.Stop() })
	r, err := replay.Run(ctx, replay.Deps{DB: a.DB, Clock: a.Clock, People: a.People, Calendars: a.Calendars, Book: a.Book}, auth.SystemActor(), replay.Input{Format: format, Files: files, Map: m, Temp: t.TempDir()})
	must(t, err)
	must(t, a.Filled())
	for _, x := range r.Reasons {
		t.Logf("%d rows: %s (%+v)", x.Count, x.Why, x.First[0])
	}
	t.Logf("%d rows, %d tickets, %d events", r.Rows, r.Tickets, r.Events)
	return a
}

// compare holds every ticket's ledger against the recount of its case.
func compare(t *testing.T, a *app.App, log recount.Log, terms recount.Terms) {
	t.Helper()
	ctx, by := context.Background(), auth.SystemActor()
	seen, promises, wrong := 0, 0, 0
	shares := map[string]int64{}
	for cursor := ""; ; {
		l, err := a.Desk.List(ctx, by, desk.Filter{}, cursor, page.MaxLimit)
		must(t, err)
		for _, row := range l.Items {
			name, _, _ := strings.Cut(strings.TrimPrefix(row.Subject, "Case "), ": ")
			acts, ok := log.Cases[name]
			if !ok {
				t.Fatalf("%s is of case %q, which the recount does not know", row.Ref(), name)
			}
			led, err := a.Desk.Ledger(ctx, by, row.Number)
			must(t, err)
			want := recount.Of(name, acts, terms, led.At.Unix())
			seen++
			promises += len(want.Promises)
			for s, n := range want.Seconds {
				shares[s] += n
			}
			if got, want := figures(led), expected(want); got != want && wrong < 5 {
				wrong++
				t.Errorf("%s, case %s:\nledger\n%s\nrecount\n%s", row.Ref(), name, got, want)
			}
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if seen != len(log.Cases) || seen == 0 {
		t.Errorf("%d tickets, the log has %d cases", seen, len(log.Cases))
	}
	for after := ""; ; { // what is kept for scorecards is what the ledger says
		found, last, err := a.Desk.Outcomes.Rederive(ctx, after, false)
		must(t, err)
		if len(found) > 0 {
			t.Fatalf("kept otherwise than the ledger says: %+v", found[0])
		}
		if after = last; last == "" {
			break
		}
	}
	t.Logf("%d tickets, %d promises, seconds by side %v", seen, promises, shares)
}

func figures(l desk.Ledger) string {
	var b strings.Builder
	r := l.Result
	fmt.Fprintf(&b, "life %d: provider %d, customer %d, supplier %d, nobody %d\n", r.Lifetime, r.Seconds("provider"), r.Seconds("customer"), r.Seconds("supplier"), r.Seconds("nobody"))
	var lines []string
	for i := range r.Obligations {
		o := &r.Obligations[i]
		due := int64(0)
		if o.State == "breached" {
			due = o.Due
		}
		lines = append(lines, fmt.Sprintf("%d %s %s until %d: %d of %d, due %d", o.Started, o.Metric, o.State, o.Ended, o.Used, o.Target, due))
	}
	sort.Strings(lines)
	return b.String() + strings.Join(lines, "\n")
}

func expected(c *recount.Count) string {
	var lines []string
	for _, p := range c.Promises {
		due := int64(0)
		if p.State == "breached" {
			due = p.Due
		}
		lines = append(lines, fmt.Sprintf("%d %s %s until %d: %d of %d, due %d", p.Started, p.Metric, p.State, p.Ended, p.Used, p.Target, due))
	}
	sort.Strings(lines)
	s := c.Seconds
	return fmt.Sprintf("life %d: provider %d, customer %d, supplier %d, nobody %d\n", c.Lifetime, s["provider"], s["customer"], s["supplier"], s["nobody"]) + strings.Join(lines, "\n")
}
