package browser

import (
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// A slip in a filter says where it is and what would be right, the rest counts, and what would be right is one click away.
func TestAFilterWithASlip(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	x.Fill("#f-q", "turn:provider sit:leeds")
	x.Then(func() { x.Click("form.filter button") })
	if got := x.Text(".slips mark"); got != "sit:leeds" {
		t.Errorf("it marks %q", got)
	}
	if got := x.Text(".slips"); !strings.Contains(got, "At character 15: There is no field “sit”. Did you mean site:leeds?") {
		t.Errorf("it says %q", got)
	}
	ours := len(rows(x, "provider"))
	if ours == 0 || len(x.Texts("h2.qsep")) != 1 {
		t.Errorf("the rest does not count: %d rows below %q", ours, x.Texts("h2.qsep"))
	}
	x.Check(t)
	x.Then(func() { x.Click(".slips a") })
	if x.Has(".slips") || len(rows(x, "provider")) == 0 || len(rows(x, "provider")) >= ours {
		t.Errorf("what would be right shows %v", rows(x, "provider"))
	}
	for _, ref := range rows(x, "provider") {
		if k := w.ticket(ref); k.Region == "" {
			t.Errorf("%s is at no site", ref)
		}
	}
}

// A view is kept under a name, stands in the side bar with its number, and is an address for everybody it is for.
func TestAViewIsKeptAndShared(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk?q=site:leeds+sort:priority")
	n := len(x.Texts(".q .id"))
	x.Then(func() { x.ClickOn(".qtools a", "Save view") })
	x.Fill(`[name="name"]`, "Leeds by priority")
	x.Click(`[name="audience"][value="staff"]`)
	x.Then(func() { x.Click("#view button[type=submit]") })
	if got := x.Text("h1"); got != "Leeds by priority" || len(x.Texts(".q .id")) != n {
		t.Errorf("the view is %q with %d rows of %d", got, len(x.Texts(".q .id")), n)
	}
	if got := x.Text(`.side [aria-current]`); !strings.HasPrefix(got, "Leeds by priority") {
		t.Errorf("the side bar marks %q", got)
	}
	other := w.tab(kofi, chromium.Desktop).Go("/desk")
	other.Then(func() { other.ClickOn(".side a", "Leeds by priority") })
	if other.Text("h1") != "Leeds by priority" || other.Has(`.qtools a[href^="/desk/views/"]`) {
		t.Errorf("to somebody else it is %q, with a way to change it: %v", other.Text("h1"), other.Has(`.qtools a[href^="/desk/views/"]`))
	}
}

// Tickets are chosen, the change is looked at, made and taken back; the browser's way back shows the list as it was.
func TestManyAreChangedAndTakenBack(t *testing.T) {
	w := newWorld(t)
	for _, v := range []chromium.View{chromium.Desktop, chromium.Phone} {
		x := w.tab(amara, v).Go("/desk?q=turn:provider")
		refs := rows(x, "provider")[:2]
		before := []desk.Ticket{w.ticket(refs[0]), w.ticket(refs[1])}
		for _, ref := range refs {
			x.MustEval(`ref => document.querySelector('[name="pick"][value="' + ref + '"]').click()`, ref)
		}
		if got := x.Text("[data-picked]"); got != "2 tickets chosen" {
			t.Errorf("the bar says %q", got)
		}
		x.Then(func() { x.Click(".pickbar [type=submit]") })
		x.Click(`[name="do"][value="tag"]`)
		x.Fill("#chg-tag", "Quarter end")
		x.Then(func() { x.Click("#change [type=submit]") })
		if got := x.Text(".chglines"); !strings.Contains(got, "Tag: not there → becomes Quarter end") && !strings.Contains(got, "Quarter end") {
			t.Errorf("the preview says %q", got)
		}
		x.Check(t)
		if tags, _ := w.app.Desk.Tags(ctx, auth.SystemActor(), before[0].Number); len(tags) > 0 {
			t.Fatal("looking changed a ticket")
		}
		x.Then(func() { x.ClickOn(".card button", "Change 2 tickets") })
		if got := x.Text("h1"); got != "2 tickets changed" {
			t.Errorf("it says %q", got)
		}
		x.Check(t)
		if tags, _ := w.app.Desk.Tags(ctx, auth.SystemActor(), before[0].Number); !slices.Contains(tags, "Quarter end") {
			t.Errorf("the tags are %v", tags)
		}
		x.Then(func() { x.ClickOn("button", "Take it back") })
		for _, k := range before {
			if tags, _ := w.app.Desk.Tags(ctx, auth.SystemActor(), k.Number); len(tags) > 0 {
				t.Errorf("%s kept %v", k.Ref(), tags)
			}
		}
		x.Then(func() { x.ClickOn("a", "Back to the queue") })
		if x.Path() != "/desk?q=turn%3Aprovider" {
			t.Errorf("the queue is at %s", x.Path())
		}
	}
}

// The whole of it without a script.
func TestManyAreChangedWithoutScript(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).WithoutScript().Go("/desk?q=turn:provider")
	ref := rows(x, "provider")[0]
	x.Click(`[name="pick"][value="` + ref + `"]`)
	x.Then(func() { x.Click(".pickbar [type=submit]") })
	x.Click(`[name="do"][value="priority"]`)
	x.Choose("#chg-urgency", "high")
	x.Then(func() { x.Click("#change [type=submit]") })
	x.Then(func() { x.ClickOn(".card button", "Change "+ref) })
	if k := w.ticket(ref); k.Urgency != desk.High {
		t.Errorf("%s is %s", ref, k.Urgency)
	}
}

// Back restores the list as it was: filter, place and what was chosen.
func TestBackRestoresTheList(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk?q=-site:porto")
	x.MustEval(`() => { document.querySelectorAll('[data-pick]')[2].click(); document.querySelector('.queue').scrollTop = 200 }`)
	shown := x.Texts(".q .id")
	at := x.MustEval(`() => document.querySelector('.queue').scrollTop`).Int()
	x.Then(func() { x.MustEval(`() => document.querySelectorAll('.q a')[3].click()`) })
	x.Then(func() { x.MustEval(`() => history.back()`) })
	if got := x.Texts(".q .id"); x.Path() != "/desk?q=-site:porto" || !slices.Equal(got, shown) {
		t.Errorf("back is %s with %v", x.Path(), got)
	}
	if got := x.MustEval(`() => document.querySelector('.queue').scrollTop`).Int(); at == 0 || got != at {
		t.Errorf("the list was at %d and is at %d", at, got)
	}
	if !x.MustEval(`() => document.querySelectorAll('[data-pick]')[2].checked && document.querySelectorAll('[data-pick]:checked').length === 1`).Bool() {
		t.Error("what was chosen is no longer")
	}
}

// A table with columns of one's choice, by the menus alone.
func TestColumnsAndOrderAreChosen(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	x.ClickOn(".qtools summary", "Columns")
	x.Then(func() { x.ClickOn(".qtools a", "Show a table") })
	if !slices.Contains(x.Texts(".qtable thead th"), "Assignee") {
		t.Errorf("the columns are %q", x.Texts(".qtable thead th"))
	}
	x.ClickOn(".qtools summary", "Columns")
	x.Then(func() { x.ClickOn(".qtools a", "Team") })
	if !slices.Contains(x.Texts(".qtable thead th"), "Team") {
		t.Errorf("the columns are %q", x.Texts(".qtable thead th"))
	}
	x.ClickOn(".qtools summary", "Time left")
	x.Then(func() { x.ClickOn(".qtools a", "Newest") })
	if !strings.Contains(x.Path(), "sort%3Amade") || !strings.Contains(x.Path(), "columns%3A") {
		t.Errorf("the address is %s", x.Path())
	}
}

// X chooses a row, Shift J and K carry the choice on; what was chosen by keys goes through the same form.
func TestRowsAreChosenByKeys(t *testing.T) {
	w := newWorld(t)
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	chosen := func() string {
		return x.MustEval(`() => [...document.querySelectorAll('[data-pick]')].map(b => b.checked ? 'x' : '.').join('').replace(/\.+$/, '')`).Str()
	}
	for i, step := range []struct{ keys, want, says string }{
		{"jx", "x", "1 ticket chosen"}, {"x", "", "0 tickets chosen"},
		{"jx", ".x", "1 ticket chosen"}, {"J", ".xx", "2 tickets chosen"}, {"J", ".xxx", "3 tickets chosen"},
		{"kk", ".xxx", "3 tickets chosen"}, {"K", "xxxx", "4 tickets chosen"}, {"x", ".xxx", "3 tickets chosen"},
	} {
		types(x, step.keys)
		if got := chosen(); got != step.want || x.Text("[data-picked]") != step.says {
			t.Fatalf("step %d: after %q the rows are %q, and it says %q", i, step.keys, got, x.Text("[data-picked]"))
		}
	}
	refs := rows(x, "provider")[1:4]
	x.Then(func() { x.Click(".pickbar button[type=submit]") })
	for _, ref := range refs {
		if !x.MustEval(`ref => document.querySelector('main').innerHTML.includes(ref)`, ref).Bool() {
			t.Errorf("the change of many has no %s", ref)
		}
	}
}
