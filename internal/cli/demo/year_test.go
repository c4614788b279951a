package demo

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// all are the tickets of every page.
func (w *world) all() []desk.Row {
	w.t.Helper()
	var out []desk.Row
	for cursor := ""; ; {
		l, err := w.app.Desk.List(w.ctx, w.by, desk.Filter{}, cursor, page.MaxLimit)
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, l.Items...)
		if cursor = l.Next; cursor == "" {
			return out
		}
	}
}

// share is how many of a side's promises of some metrics were kept, of those that were kept or broken.
type share struct{ kept, broken int }

func (s share) of() float64 { return 100 * float64(s.kept) / float64(max(1, s.kept+s.broken)) }

// TestYear makes the whole year once and looks at what it is made of.
func TestYear(t *testing.T) {
	w := made(t, Plan{Now: instant(t, "2026-11-24T09:42:00Z"), Seed: 1}, shut)
	rows := w.all()
	if len(rows) < 1500 {
		t.Errorf("%d tickets", len(rows))
	}
	states, channels, late := map[desk.State]int{}, map[string]int{}, map[agreement.Side]int{}
	days, months := map[time.Weekday]int{}, map[time.Month]int{}
	said := map[string]int{}
	it, customers := share{}, share{}
	var waived, disputed, returned, reopened int
	for _, r := range rows {
		states[r.State]++
		channels[r.Channel]++
		days[r.MadeAt.Weekday()]++
		months[r.MadeAt.Month()]++
		said[r.Subject]++
		if strings.ContainsAny(r.Subject+r.LastLine, "{}[]|") {
			t.Errorf("%s is not filled in: %s, %s", r.Ref(), r.Subject, r.LastLine)
		}
		l := w.whole(r, late)
		for _, o := range l.Result.Obligations {
			count := &it
			switch {
			case o.Metric == agreement.MetricConfirm:
				continue // silence is neither kept nor broken
			case o.Side == agreement.SideCustomer:
				count = &customers
			}
			switch o.State {
			case agreement.StateMet:
				count.kept++
			case agreement.StateBreached:
				count.broken++
			case agreement.StateWaived:
				waived++
			case agreement.StateDisputed:
				disputed++
			}
		}
		events, err := w.app.Desk.Events(w.ctx, w.by, r.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			switch agreement.Kind(e.Kind) {
			case agreement.QuestionReturned:
				returned++
			case agreement.Reopened:
				reopened++
			}
		}
	}
	t.Logf("%d tickets, %v, %v; IT kept %.1f %% of %d, customers %.1f %% of %d; %d waived, %d disputed, %d returned, %d reopened", len(rows), states, channels,
		it.of(), it.kept+it.broken, customers.of(), customers.kept+customers.broken, waived, disputed, returned, reopened)
	for _, s := range desk.States() {
		if states[s] == 0 && s != desk.Declined {
			t.Errorf("no ticket is %s", s)
		}
	}
	for _, s := range []desk.State{desk.New, desk.InProgress, desk.WaitingForCustomer, desk.WaitingForSupplier, desk.Resolved, desk.Scheduled} {
		if states[s] < 2 {
			t.Errorf("%d tickets are %s now", states[s], s)
		}
	}
	for _, c := range []string{"mail", "portal", "phone", "api"} {
		if channels[c] == 0 {
			t.Errorf("nothing came by %s", c)
		}
	}
	if k := it.of(); k < 95 || k > 98.5 {
		t.Errorf("IT kept %.1f %% of its promises", k)
	}
	if k := customers.of(); k < 74 || k > 86 {
		t.Errorf("customers kept %.1f %% of theirs", k)
	}
	if waived == 0 || disputed == 0 || returned < 5 || reopened < 20 {
		t.Errorf("%d waived, %d disputed, %d returned, %d reopened", waived, disputed, returned, reopened)
	}
	if days[time.Monday] < days[time.Wednesday]*6/5 || days[time.Saturday]+days[time.Sunday] > days[time.Friday]/2 || months[time.July] > months[time.September]*2/3 {
		t.Errorf("no rhythm: %v %v", days, months)
	}
	if most := most(said); most > len(rows)/40 {
		t.Errorf("one subject %d times", most)
	}
	if moved, err := w.app.Desk.Rederive(w.ctx, false); err != nil || len(moved) > 0 {
		t.Errorf("the cache differs from the ledger: %v %v", moved, err)
	}
	if n := w.known(); n != headcount {
		t.Errorf("%d people", n)
	}
}

func most(of map[string]int) (n int) {
	for _, k := range of {
		n = max(n, k)
	}
	return n
}

// known counts who is of the company or its IT.
func (w *world) known() (n int) {
	w.t.Helper()
	for cursor := ""; ; {
		l, err := w.app.People.Persons(w.ctx, auth.SystemActor(), people.PersonFilter{}, cursor, page.MaxLimit)
		if err != nil {
			w.t.Fatal(err)
		}
		for i := range l.Items {
			if !l.Items[i].Stranger() {
				n++
			}
		}
		if cursor = l.Next; cursor == "" {
			return n
		}
	}
}
