package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
	"bothways/test/browser/chromium"
)

// rows are the numbers of the tickets below a heading of the queue.
func rows(x *chromium.Tab, group string) []string {
	return x.Texts(`ul[aria-labelledby="g-` + group + `"] .id`)
}

func TestQueueShowsWhoseTurnItIs(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	for group, side := range map[string]agreement.Side{"provider": agreement.SideProvider, "customer": agreement.SideCustomer, "supplier": agreement.SideSupplier, "nobody": agreement.SideNobody} {
		refs := rows(x, group)
		if len(refs) == 0 {
			t.Errorf("nothing below %s", group)
		}
		var last desk.Ticket
		for i, ref := range refs {
			k := w.ticket(ref)
			if k.TurnSide != side || !k.Open {
				t.Errorf("%s is below %s and is %s's turn", ref, group, k.TurnSide)
			}
			if i > 0 && !k.DueAt.IsZero() && k.DueAt.Before(last.DueAt) {
				t.Errorf("%s is due before %s and stands below it", ref, last.Ref())
			}
			last = k
		}
	}
	if got := x.Text("#g-provider"); got != fmt.Sprintf("Our turn %d", len(rows(x, "provider"))) {
		t.Errorf("the heading says %q", got)
	}
	oldest := "Missed " + w.ticket(rows(x, "provider")[0]).DueAt.Format("Mon 2 Jan")
	if got := x.Text(".q .chip.late"); !strings.Contains(got, oldest) {
		t.Errorf("the promise that was missed reads %q, wanted %q", got, oldest)
	}
	// the whole row leads to the ticket
	first := rows(x, "provider")[0]
	x.Then(func() { x.Click(".q a") })
	if x.Path() != "/desk/tickets/"+first {
		t.Errorf("the first row leads to %s", x.Path())
	}
	if got := x.Text(".queue [aria-current] .id"); got != first {
		t.Errorf("beside the ticket the queue marks %q", got)
	}
	// and is in sight beside it, also from further down
	x.Go("/desk/tickets/" + w.ref(payroll))
	if !x.MustEval(`() => { const q = document.querySelector('.queue').getBoundingClientRect(), r = document.querySelector('.queue [aria-current]').getBoundingClientRect(); return r.top >= q.top && r.bottom <= q.bottom }`).Bool() {
		t.Error("the open ticket is out of sight in the queue beside it")
	}
}

func TestQueueFilter(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	x.Fill("#f-q", "monitor")
	x.Then(func() { x.Click("form.filter button") })
	subjects := x.Texts(".q .qs")
	if len(subjects) < 2 {
		t.Fatalf("of two monitors it finds %q", subjects)
	}
	for _, s := range subjects {
		if !strings.Contains(strings.ToLower(s), "monitor") {
			t.Errorf("it finds %q too", s)
		}
	}
	x.Fill("#f-q", "monitor turn:customer")
	x.Then(func() { x.Click("form.filter button") })
	if got := x.Texts("h2.qsep"); len(got) != 1 || !strings.HasPrefix(got[0], "Their turn") {
		t.Errorf("their turn alone has the headings %q", got)
	}
	if got := x.MustEval(`() => document.querySelector('#f-q').value`).Str(); got != "monitor turn:customer" {
		t.Errorf("the words became %q", got)
	}
	x.Then(func() { x.Click(".term.all") })
	if x.Path() != "/desk" {
		t.Errorf("everything is at %s", x.Path())
	}
	ref := w.ref("Payroll file will not open")
	x.Fill(".cmd input", ref)
	x.Then(func() { x.Click(".cmd input"); x.Keyboard.MustType('\r') })
	if x.Path() != "/desk/tickets/"+ref {
		t.Errorf("a number leads to %s", x.Path())
	}
}

func TestQueuePages(t *testing.T) {
	w := newWorld(t)
	by := auth.SystemActor()
	for i := range 65 {
		if _, err := w.app.Desk.Open(ctx, by, desk.OpenInput{Requester: helen, Subject: fmt.Sprintf("Many of them, %d", i), Description: "One of many."}); err != nil {
			t.Fatal(err)
		}
	}
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	all := rows(x, "provider")
	if len(all) != 30 {
		t.Fatalf("beside the others our turn shows %d rows", len(all))
	}
	x.Then(func() { x.Click(`.pages a[rel=next]`) })
	for len(all) < 500 {
		next := rows(x, "provider")
		for _, ref := range next {
			if slices.Contains(all, ref) {
				t.Fatalf("%s is on two pages", ref)
			}
		}
		all = append(all, next...)
		if !x.Has(`.pages a[rel=next]`) {
			break
		}
		x.Then(func() { x.Click(`.pages a[rel=next]`) })
	}
	count := func(team string) int {
		t.Helper()
		n, err := w.app.Desk.Count(ctx, by, desk.Filter{Open: true, Turn: agreement.SideProvider, Team: team})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	n := count("") - count(people.LevelsTeam) // what came to the second door has a queue of its own
	if len(all) != n {
		t.Errorf("the pages show %d tickets of %d", len(all), n)
	}
	if got := x.Text("#g-provider"); !strings.HasPrefix(got, fmt.Sprintf("Our turn %d", n)) {
		t.Errorf("the heading says %q", got)
	}
	x.Then(func() { x.Click(`.pages a.quiet`) })
	if x.Path() != "/desk?q=door%3Adesk+turn%3Aprovider" || len(rows(x, "provider")) != 50 {
		t.Errorf("the first page is %s with %d rows", x.Path(), len(rows(x, "provider")))
	}
}
