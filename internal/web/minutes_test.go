package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/internal/effort"
	"bothways/internal/web"
)

// TestMinutesGoWithTheWords: a reply, a note and a solution each take the working time along, and only IT sees it.
func TestMinutesGoWithTheWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	for i, f := range []struct{ form, minutes string }{{"note", "5"}, {"reply", "12"}, {"resolve", "20"}} {
		w.follow(&w.amara, w.submit(&w.amara, w.get(&w.amara, at), f.form, "body", "Word "+f.form+".", "minutes", f.minutes))
		all := must(w, func() ([]effort.Entry, error) { return w.efforts().Of(ctx, w.amara.Actor, n) })
		if len(all) != i+1 || fmt.Sprint(all[i].Minutes) != f.minutes || all[i].PersonID != w.amara.PersonID {
			t.Errorf("after the %s: %+v", f.form, all)
		}
	}
	if got := w.get(&w.amara, at).words(); !strings.Contains(got, "37 min") {
		t.Errorf("the page says nothing of 37 minutes: %s", got)
	}
	for _, bad := range []string{"0", "-5", "1441", "soon"} {
		page := w.submit(&w.amara, w.get(&w.amara, at), "note", "body", "Kept.", "minutes", bad).want(http.StatusUnprocessableEntity)
		if got := page.words(); !strings.Contains(got, "is no number of minutes from 1 to 1440") || page.doc().Find("#note-body").Text() != "Kept." {
			t.Errorf("%q minutes: %s", bad, got)
		}
	}
	w.follow(&w.amara, w.submit(&w.amara, w.get(&w.amara, at), "note", "body", "None.", "minutes", ""))
	if all := must(w, func() ([]effort.Entry, error) { return w.efforts().Of(ctx, w.amara.Actor, n) }); len(all) != 3 {
		t.Errorf("%d entries", len(all))
	}
	if got := w.get(&w.helen, fmt.Sprintf("/requests/BW-%d", n)).words(); strings.Contains(got, "37 min") {
		t.Errorf("the customer reads the minutes: %s", got)
	}
}

// TestAReplyAsksToConfirm: “ask Helen to confirm it is done” is the solution, as the form Resolve sends it.
func TestAReplyAsksToConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	page := w.get(&w.amara, at)
	if got := page.doc().Find("#reply-after option").Text(); !strings.Contains(got, "ask Helen to confirm it is done") {
		t.Fatalf("after sending: %s", got)
	}
	w.follow(&w.amara, w.submit(&w.amara, page, "reply", "body", "New driver is in.", "after", "confirm", "need", "", "due", ""))
	if got := w.ticket(n); got.State != desk.Resolved || got.LastLine != "New driver is in." {
		t.Errorf("it is %s, %q", got.State, got.LastLine)
	}
	if got := w.get(&w.amara, at).doc().Find("#reply-after option").Text(); strings.Contains(got, "confirm") {
		t.Errorf("asked already, it is offered again: %s", got)
	}
	own := fmt.Sprintf("/requests/BW-%d", n)
	w.follow(&w.helen, w.submit(&w.helen, w.get(&w.helen, own), "confirm"))
	if got := w.ticket(n); got.State != desk.Closed {
		t.Errorf("confirmed, it is %s", got.State)
	}
}

// TestResolvingCanBeTakenBack: the form Resolve is held as a reply is. Until it leaves nobody is told, and what was typed for a reply stays.
func TestResolvingCanBeTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *web.Deps) { d.UndoSend = 10 * time.Second })
	n := w.ask(&w.helen, "VPN drops")
	at := fmt.Sprintf("/desk/tickets/BW-%d", n)
	draft := func() string {
		d := must(w, func() (writing.Draft, error) { return w.desk.Writing.Draft(ctx, w.amara.Actor, n, writing.Reply) })
		return d.Body
	}
	must(w, func() (writing.Draft, error) {
		return w.desk.Writing.Save(ctx, w.amara.Actor, n, writing.Draft{Mode: writing.Reply, Body: "One more thing", Writer: "a", Step: 1})
	})
	sent := func() answer {
		return w.follow(&w.amara, w.submit(&w.amara, w.get(&w.amara, at), "resolve", "body", "New driver is in.", "minutes", "7"))
	}
	page := sent()
	if got := w.ticket(n); got.State == desk.Resolved {
		t.Fatal("resolved at once")
	}
	undo := page.doc().Find(".toast form")
	if undo.Length() != 1 || undo.AttrOr("action", "") != at+"/undo" {
		t.Fatalf("nothing takes it back: %s", page.words())
	}
	if got := draft(); got != "One more thing" {
		t.Errorf("the unsent reply is %q", got)
	}
	page = w.follow(&w.amara, w.post(&w.amara, at+"/undo", "held", undo.Find("[name=held]").AttrOr("value", "")))
	if got := draft(); got != "New driver is in.\n\nOne more thing" || page.doc().Find("#reply-after option[selected]").AttrOr("value", "") != "confirm" {
		t.Errorf("taken back, the reply is %q", got)
	}
	w.advance(time.Minute)
	if got := w.ticket(n); got.State == desk.Resolved {
		t.Error("taken back, it was sent")
	}
	sent()
	w.advance(time.Minute)
	if got := w.ticket(n); got.State != desk.Resolved || got.LastLine != "New driver is in." {
		t.Errorf("it is %s, %q", got.State, got.LastLine)
	}
	if all := must(w, func() ([]effort.Entry, error) { return w.efforts().Of(ctx, w.amara.Actor, n) }); len(all) != 1 || all[0].Minutes != 7 {
		t.Errorf("noted %+v", all)
	}
}

func (w *world) efforts() *effort.Service { return effort.New(w.db, w.clk, w.desk) }
