package replay_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/read"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/replay"
)

var (
	ctx = context.Background()
	sys = auth.SystemActor()
)

// desk is an installation with nobody in it.
type desk struct {
	*testing.T
	replay.Deps
	read     *read.Reader
	outcomes *outcome.Book
}

func newDesk(t *testing.T, d *db.DB) *desk {
	clk := clock.NewFake(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	cals := calendar.New(d, clk)
	w := &desk{T: t, Deps: replay.Deps{DB: d, Clock: clk, People: people.New(d, clk), Calendars: cals, Book: agreement.NewBook(d, clk, cals)}}
	_, err := w.People.EnsureBase(ctx, "")
	w.must(err)
	def, err := cals.EnsureDefaults(ctx, "UTC")
	w.must(err)
	w.must(w.Book.EnsureDefault(ctx, def.Service.ID, def.Office.ID))
	w.read = read.New(d, clk, w.Book)
	w.outcomes = outcome.NewBook(d, clk, w.read)
	return w
}

func (w *desk) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func file(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
		body = b.String()
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *desk) replay(format, mapJSON string, files ...string) (replay.Report, []string, error) {
	w.Helper()
	var raw []byte
	if mapJSON != "" {
		raw = []byte(mapJSON)
	}
	m, err := replay.MapFor(format, raw)
	w.must(err)
	var told []string
	r, err := replay.Run(ctx, w.Deps, sys, replay.Input{Format: format, Files: files, Map: m, Temp: w.TempDir(), Problem: func(p replay.Problem) error {
		told = append(told, fmt.Sprintf("%d %s", p.Row, p.Why))
		return nil
	}})
	slices.Sort(told)
	return r, told, err
}

// tickets are those there are, by their case.
func (w *desk) tickets() map[string]ticket.Ticket {
	w.Helper()
	out := map[string]ticket.Ticket{}
	ids, err := store.After(ctx, w.DB.Read(), "")
	w.must(err)
	for _, id := range ids {
		t, err := store.ByID(ctx, w.DB.Read(), id)
		w.must(err)
		name, _, _ := strings.Cut(strings.TrimPrefix(t.Subject, "Case "), ": ")
		out[name] = t
	}
	return out
}

// turns are "side from-until" of a ticket, in minutes from its beginning.
func (w *desk) turns(t ticket.Ticket) string {
	w.Helper()
	l, err := w.read.Ledger(ctx, sys, t.Number)
	w.must(err)
	var out []string
	for _, x := range l.Result.Turns {
		from := (x.Since - t.MadeAt.Unix()) / 60
		out = append(out, fmt.Sprintf("%s %d+%d", x.Side, from, (l.Result.Until(x)-x.Since)/60))
	}
	return strings.Join(out, ", ")
}

// whole: chains are whole, and what is cached and kept is what the ledger says.
func (w *desk) whole() {
	w.Helper()
	n, breaks, err := event.Verify(ctx, w.DB.Read())
	w.must(err)
	if len(breaks) > 0 || n != len(w.tickets()) {
		w.Fatalf("%d chains of %d tickets: %v", n, len(w.tickets()), breaks)
	}
	found, _, err := w.outcomes.Rederive(ctx, "", false)
	w.must(err)
	if len(found) > 0 {
		w.Fatalf("kept otherwise than the ledger says: %+v", found)
	}
	for _, t := range w.tickets() {
		l, err := w.read.Ledger(ctx, sys, t.Number)
		w.must(err)
		if l.Result.Current().Side != t.TurnSide {
			w.Errorf("%s shows %s, the ledger says %s", t.Ref(), t.TurnSide, l.Result.Current().Side)
		}
	}
}

const uciHead = "number,incident_state,sys_mod_count,caller_id,opened_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,priority,assignment_group,assigned_to,vendor\n"

func uci(number, state string, mod int, opened, at string) string {
	return fmt.Sprintf("%s,%s,%d,Caller 1,%s,Updated by 3,%s,Phone,Location 9,Category 2,Subcategory 5,?,3 - Moderate,Group 7,Resolver 4,?\n", number, state, mod, opened, at)
}

func TestUCI(t *testing.T) {
	const o = "2016-03-01T09:00"
	log := uciHead +
		uci("INC2", "New", 0, o, "2016-03-01T09:10") + uci("INC2", "Active", 1, o, "2016-03-01T09:20") + uci("INC2", "Active", 2, o, "2016-03-01T09:25") +
		uci("INC2", "Awaiting User Info", 3, o, "2016-03-01T10:00") + uci("INC2", "Awaiting Vendor", 4, o, "2016-03-01T11:00") +
		uci("INC2", "-100", 5, o, "2016-03-01T11:30") + uci("INC2", "Awaiting Problem", 6, o, "2016-03-01T12:00") + uci("INC2", "Resolved", 7, o, "2016-03-01T13:00") +
		uci("INC2", "Closed", 8, o, "2016-03-02T09:00") + uci("INC2", "Closed", 9, o, "2016-03-02T09:30") +
		uci("INC1", "New", 0, "2016-02-29T08:00", "2016-02-29T08:00") + uci("INC1", "Closed", 2, "2016-02-29T08:00", "2016-02-29T10:00") +
		uci("INC1", "Active", 1, "2016-02-29T08:00", "2016-02-29T09:00") + uci("INC1", "Active", 1, "2016-02-29T08:00", "2016-02-29T07:00") +
		uci("INC1", "Active", 1, "2016-02-29T08:00", "2016-02-30T07:00") + uci("INC1", "Active", 1, "2016-02-29T08:00", "2216-01-01T07:00") +
		"INC3,New\n" + uci("", "New", 0, o, "2016-03-01T09:10") +
		uci("INC4", "Resolved", 0, o, "2016-03-01T10:00") + uci("INC4", "Closed", 1, o, "2016-03-02T10:00") + uci("INC4", "Active", 2, o, "2016-03-02T11:00")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newDesk(t, d)
		r, told, err := w.replay(replay.FormatUCI, "", file(t, "log.csv.gz", log))
		w.must(err)
		if r.Rows != 21 || r.Cases != 3 || r.Tickets != 3 || r.Open != 1 {
			t.Errorf("%+v", r)
		}
		want := []string{"14 it stood after a later row of its case and is taken in the order of time", "15 its time is before its case was opened", "16 its time is missing or cannot be read",
			"17 its time is in the future", "18 it has more or fewer cells than the head", "19 it names no case", "7 its word has no meaning in the map"}
		if !slices.Equal(told, want) {
			t.Errorf("the report has\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
		all := w.tickets()
		if all["INC1"].Number != 1001 || all["INC2"].Number != 1002 || all["INC1"].State != ticket.Closed || all["INC4"].State != ticket.InProgress {
			t.Errorf("%+v", all)
		}
		for name, turns := range map[string]string{
			"INC2": "provider 0+60, customer 60+60, provider 120+0, supplier 120+60, provider 180+60, customer 240+1200, nobody 1440+0",
			"INC1": "provider 0+120, customer 120+0, nobody 120+0",
		} {
			if got := w.turns(all[name]); got != turns {
				t.Errorf("%s: %s, want %s", name, got, turns)
			}
		}
		if x := all["INC2"]; x.Channel != "phone" || x.Subject != "Case INC2: Category 2 · Subcategory 5" || !x.ResolvedAt.Equal(time.Date(2016, 3, 1, 13, 0, 0, 0, time.UTC)) || x.SiteID == "" || x.AssigneeID == "" {
			t.Errorf("%+v", x)
		}
		w.whole()
		if _, _, err := w.replay(replay.FormatUCI, "", file(t, "log.csv", log)); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second log into the same place: %v", err)
		}
	})
}

const activities = `{"rows": "activities", "zone": "Europe/Rome", "unknown": "nothing", "columns": {"case": "case:concept:name", "time": "time:timestamp", "what": "concept:name", "actor": "org:resource", "supplier": "vendor"},
"means": {"in": "opened", "work": "it", "ask": "question", "said": "customer_said", "tell": "it_said", "maker": "supplier", "maker back": "supplier_answered", "later": "wait", "done": "solved", "end": "closed", "yes": "confirmed", "again": "reopened"},
"agreement": {"name": "Of the log", "terms": {"grace_days": 5, "targets": [{"metric": "resolution", "seconds": 7200}, {"metric": "answer", "seconds": 3600}]}}}`

// acts is a log of activities: "case activity minute" each.
func acts(lines ...string) (asCSV, asXES string) {
	var c, x strings.Builder
	c.WriteString("vendor;case concept name;concept name;time timestamp;org resource\n")
	x.WriteString(`<?xml version="1.0"?><log xes.version="1.0"><extension name="Concept" prefix="concept" uri="x"/><global scope="event"><string key="concept:name" value="none"/></global>`)
	last := ""
	for _, l := range lines {
		var name string
		var minute int
		_, rest, _ := strings.Cut(l, " ")
		name = strings.TrimSuffix(l, " "+rest)
		i := strings.LastIndex(rest, " ")
		_, _ = fmt.Sscan(rest[i+1:], &minute)
		what, at := rest[:i], time.Date(2012, 10, 8, 7, 0, 0, 0, time.UTC).Add(time.Duration(minute)*time.Minute)
		fmt.Fprintf(&c, "Maker;%s;%s;%s;Value 1\n", name, what, at.Format(time.RFC3339))
		if name != last {
			if last != "" {
				x.WriteString("</trace>")
			}
			fmt.Fprintf(&x, `<trace><string key="concept:name" value="%s"/>`, name)
			last = name
		}
		fmt.Fprintf(&x, `<event><string key="concept:name" value="%s"><string key="nested" value="no"/></string><date key="time:timestamp" value="%s"/><string key="org:resource" value="Value 1"/><string key="vendor" value="Maker"/></event>`, what, at.Format("2006-01-02T15:04:05.000-07:00"))
	}
	x.WriteString("</trace></log>")
	return c.String(), x.String()
}

func TestActivitiesFromCSVAndXES(t *testing.T) {
	asCSV, asXES := acts("A in 0", "A work 10", "A ask 20", "A ask 40", "A said 60", "A maker 80", "A maker back 100", "A later 120", "A work 150", "A done 160", "A yes 200", "A note 210", "A done 220",
		"B work 5", "B later 30", "B note 40", "C in 0", "C done 30", "C end 60", "C again 90", "C done 100", "C end 130", "D in 7", "D ask 17", "D end 27")
	want := map[string]string{
		"A": "provider 0+20, customer 20+40, provider 60+20, supplier 80+20, provider 100+20, nobody 120+30, provider 150+10, customer 160+40, nobody 200+0",
		"C": "provider 0+30, customer 30+30, nobody 60+30, provider 90+10, customer 100+30, nobody 130+0",
		"D": "provider 0+10, customer 10+10, nobody 20+0",
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for format, path := range map[string]string{replay.FormatXES: file(t, "log.xes.gz", asXES)} {
			w := newDesk(t, d)
			r, told, err := w.replay(format, activities, path)
			w.must(err)
			if !slices.Equal(told, []string{"13 its case had ended", "16 it waits for what never comes, so nobody agreed on an end"}) {
				t.Errorf("%s: %q", format, told)
			}
			all := w.tickets()
			for name, turns := range want {
				if got := w.turns(all[name]); got != turns {
					t.Errorf("%s %s: %s, want %s", format, name, got, turns)
				}
			}
			if r.Open != 1 || !all["B"].Open || all["A"].State != ticket.Closed {
				t.Errorf("%s: %+v", format, r)
			}
			p, err := w.Book.InForce(ctx, d.Read(), all["A"].OrgID, "", all["A"].MadeAt)
			w.must(err)
			if p.Name != "Of the log" || p.Terms.GraceDays != 5 || len(p.Terms.Targets) != 2 || p.AskID != "" {
				t.Errorf("%+v", p)
			}
			w.whole()
		}
	})
	columns := strings.NewReplacer("case:concept:name", "case concept name", "time:timestamp", "time timestamp", "org:resource", "org resource", `"concept:name"`, `"concept name"`).Replace(activities)
	w := newDesk(t, dbtest.Open(t, db.SQLite))
	_, _, err := w.replay(replay.FormatCSV, columns, file(t, "log.csv", asCSV))
	w.must(err)
	for name, turns := range want {
		if got := w.turns(w.tickets()[name]); got != turns {
			t.Errorf("as CSV %s: %s, want %s", name, got, turns)
		}
	}
}

const cases = `{"rows": "activities", "missing": ["NA"], "columns": {"case": "Incident ID", "time": "DateStamp", "what": "Type", "order": "No"},
"means": {"Open": "opened", "Closed": "closed"}, "values": {"priority": {"2": "high"}},
"cases": {"case": "Incident ID", "columns": {"priority": "Priority", "subject": "CI"}, "times": [{"column": "Open Time", "means": "opened"}, {"column": "Close Time", "means": "closed"}]}}`

func TestTwoFiles(t *testing.T) {
	w := newDesk(t, dbtest.Open(t, db.SQLite))
	_, told, err := w.replay(replay.FormatBPI, cases,
		file(t, "incidents.csv", "Incident ID;Priority;CI;Open Time;Close Time\nIM1;2;WBA1;05/02/2013 13:00:00;05/02/2013 14:00:00\nIM2;2;WBA2;06-02-2013 13:00:00;NA\nIM3;2;WBA2;tomorrow;NA\n"),
		file(t, "activities.csv", "Incident ID;DateStamp;Type;No\nIM1;05-02-2013 12:30:00;Closed;10\nIM1;05-02-2013 12:00:00;Open;9\n"))
	w.must(err)
	all := w.tickets()
	if len(all) != 2 || all["IM1"].Priority != agreement.PriorityHigh || all["IM1"].Open || all["IM1"].MadeAt.Hour() != 12 || !all["IM2"].Open || all["IM2"].MadeAt.Hour() != 13 {
		t.Errorf("%+v", all)
	}
	if !slices.Equal(told, []string{"3 it stood after a later row of its case and is taken in the order of time", "4 of its case no row has a possible time", "4 one of its instants cannot be read"}) {
		t.Errorf("%q", told)
	}
}

// Nothing is kept of a log that is broken: the database is as it was before, and the next try begins anew.
func TestAllOrNothing(t *testing.T) {
	_, asXES := acts("A in 0", "A end 10")
	d := dbtest.Open(t, db.SQLite)
	for name, c := range map[string]struct{ format, body string }{
		"cut off":       {replay.FormatXES, asXES[:len(asXES)-12]},
		"crossed":       {replay.FormatXES, strings.Replace(asXES, "</event>", "</trace>", 1)},
		"no columns":    {replay.FormatCSV, "case;activity\nA;in\n"},
		"empty":         {replay.FormatCSV, ""},
		"no gzip":       {replay.FormatCSV, "\x1f\x8b\x00\x00"},
		"gzip that end": {replay.FormatXES, gz(asXES)[:60]},
	} {
		done, err := d.Fill(ctx)
		if err != nil {
			t.Fatal(err)
		}
		w := newDesk(t, d)
		_, _, err = w.replay(c.format, activities, file(t, "log", c.body))
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err := done(); err == nil {
			t.Errorf("%s: the filling ended as if all were well", name)
		}
	}
	if err := replay.Fresh(ctx, d, clock.System{}); err != nil {
		t.Fatal(err)
	}
	done, err := d.Fill(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w := newDesk(t, d)
	_, _, err = w.replay(replay.FormatXES, activities, file(t, "log.xes", asXES))
	w.must(err)
	w.must(done())
	if len(w.tickets()) != 1 {
		t.Error("the log was not replayed")
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	m, err := replay.MapFor(replay.FormatXES, []byte(activities))
	w.must(err)
	fresh := newDesk(t, dbtest.Open(t, db.SQLite))
	if _, err := replay.Run(cancelled, fresh.Deps, sys, replay.Input{Format: replay.FormatXES, Map: m, Files: []string{file(t, "log.xes", asXES)}, Temp: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func gz(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}
