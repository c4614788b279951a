package desk_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/internal/job"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func (w *world) hold(by auth.Actor, in desk.HoldInput) writing.Held {
	w.t.Helper()
	if in.For == 0 {
		in.For = 10 * time.Second
	}
	return must(w, func() (writing.Held, error) { return w.desk.Hold(ctx, by, in) })
}

func (w *world) heldJobs() {
	w.jobs.Handle(desk.JobHeld, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.SendHeld(ctx, j.Item, f) })
}

func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.clk.Advance(d)
	w.check(w.jobs.RunDue(ctx))
}

// An answer that can be taken back moves nothing until it leaves; then it is said once, at that instant.
func TestAHeldAnswerLeavesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.heldJobs()
		n := w.open("VPN drops").Number
		w.check(w.jobs.RunDue(ctx))
		w.post.sent = nil
		w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "Is 11:30 good?", Writer: "a", Step: 1})
		f := must(w, func() (writing.File, error) {
			return w.desk.Writing.Attach(ctx, w.agent, n, writing.Reply, "how.png", []byte("png"))
		})
		in := desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "Is 11:30 good?", Question: &desk.QuestionInput{Need: "a yes or no"}, Written: desk.Written{Uploads: []string{f.ID}, Draft: true, Once: "k"}}}
		h := w.hold(w.agent, in)
		if again := w.hold(w.agent, in); again.ID != h.ID {
			t.Errorf("held twice: %s and %s", h.ID, again.ID)
		}
		on := must(w, func() (writing.Desk, error) { return w.desk.Writing.On(ctx, w.agent.PersonID, w.get(n).ID) })
		if len(on.Held) != 1 || on.Reply.Version != 0 || len(on.Reply.Files) != 0 {
			t.Errorf("while it is held the page has %+v", on)
		}
		w.pass(9 * time.Second)
		if k := w.get(n); k.TurnSide != agreement.SideProvider || len(w.post.sent) != 0 || len(w.said(n)) != 1 {
			t.Fatalf("before its time: %s's turn, mails %v, said %q", k.TurnSide, w.post.sent, w.said(n))
		}
		w.pass(2 * time.Second)
		w.pass(time.Minute)
		if k := w.get(n); k.TurnSide != agreement.SideCustomer {
			t.Errorf("after it left it is %s's turn", k.TurnSide)
		}
		l, err := w.desk.Messages(ctx, w.agent, n, "", 10)
		w.check(err)
		if len(l.Items) != 2 || l.Items[1].ID != h.ID || len(l.Items[1].Files) != 1 || l.Items[1].Channel != w.agent.Channel || !l.Items[1].MadeAt.Equal(monday.Add(11*time.Second)) {
			t.Errorf("said %+v", l.Items)
		}
		if got := w.post.to("helen@norvik.example"); len(got) != 1 {
			t.Errorf("%d mails", len(got))
		}
		_, err = w.desk.TakeBack(ctx, w.agent, n, h.ID)
		w.kind(err, errs.Conflict)
	})
}

// Taken back it is a draft again, before what was begun since; nothing was said.
func TestAHeldAnswerComesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.heldJobs()
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		f := must(w, func() (writing.File, error) {
			return w.desk.Writing.Attach(ctx, w.agent, n, writing.Reply, "how.png", []byte("png"))
		})
		h := w.hold(w.agent, desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "Wrong ticket.", Written: desk.Written{Uploads: []string{f.ID}}}})
		w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "And", Writer: "a", Step: 1})
		_, err := w.desk.TakeBack(ctx, kofi, n, h.ID)
		w.kind(err, errs.NotFound)
		d := must(w, func() (writing.Draft, error) { return w.desk.TakeBack(ctx, w.agent, n, h.ID) })
		if d.Body != "Wrong ticket.\n\nAnd" || d.Why != "" {
			t.Errorf("the draft is %+v", d)
		}
		if got := must(w, func() (writing.Draft, error) { return w.desk.Writing.Draft(ctx, w.agent, n, writing.Reply) }); len(got.Files) != 1 || got.Body != d.Body {
			t.Errorf("it has the files %v, the words %q", got.Files, got.Body)
		}
		w.pass(time.Minute)
		if got := w.said(n); len(got) != 1 {
			t.Errorf("said %q", got)
		}
	})
}

// A solution can be taken back, too: until it leaves nothing is resolved, and it comes back as one, with its minutes.
func TestAHeldSolution(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.heldJobs()
		n := w.open("VPN drops").Number
		in := desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "New driver.", Solved: true, Work: desk.Work{Minutes: 12}}}
		h := w.hold(w.agent, in)
		d := must(w, func() (writing.Draft, error) { return w.desk.TakeBack(ctx, w.agent, n, h.ID) })
		if d.After != "confirm" || d.Need != "" || d.Minutes != 12 || w.get(n).State == desk.Resolved {
			t.Errorf("the draft is %+v", d)
		}
		w.hold(w.agent, in)
		w.pass(time.Minute)
		if got := w.get(n); got.State != desk.Resolved || got.TurnSide != agreement.SideCustomer {
			t.Errorf("after it left it is %s, %s's turn", got.State, got.TurnSide)
		}
		_, err := w.desk.Hold(ctx, w.agent, desk.HoldInput{SpeakInput: in.SpeakInput, For: 10 * time.Second})
		w.kind(err, errs.Conflict)
	})
}

// What can't be said any more returns with the reason.
func TestAHeldAnswerThatCannotLeave(t *testing.T) {
	cases := []struct {
		name string
		do   func(w *world, n int64)
		why  string
	}{
		{"the ticket ended", func(w *world, n int64) {
			must(w, func() (desk.Ticket, error) { return w.desk.Withdraw(ctx, w.helen, desk.Act{Number: n}) })
		}, "has ended"},
		{"the rights ended", func(w *world, _ int64) {
			grants := must(w, func() ([]people.Grant, error) { return people.GrantsOf(ctx, w.db.Read(), w.agent.PersonID) })
			for _, g := range grants {
				w.check(w.peo.Revoke(ctx, auth.SystemActor(), g.ID, "left"))
			}
		}, "nothing here that you can see"},
		{"a colleague answered", func(w *world, n int64) {
			kofi := w.colleague("Kofi Mensah", "kofi@it.example")
			must(w, func() (desk.SpeakResult, error) {
				return w.desk.Speak(ctx, kofi, desk.SpeakInput{Number: n, Body: "The driver is ready."})
			})
		}, "A colleague answered"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.heldJobs()
				n := w.open("VPN drops").Number
				w.hold(w.agent, desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "canary-answer"}, Seen: 1})
				c.do(w, n)
				w.pass(11 * time.Second)
				on := must(w, func() (writing.Desk, error) { return w.desk.Writing.On(ctx, w.agent.PersonID, w.get(n).ID) })
				if on.Reply.Body != "canary-answer" || !strings.Contains(on.Reply.Why, c.why) || len(on.Held) != 0 {
					t.Errorf("the draft is %+v, held %v", on.Reply, on.Held)
				}
				for _, s := range w.said(n) {
					if s == "canary-answer" {
						t.Error("it was said")
					}
				}
				if h := must(w, func() (job.Health, error) { return w.jobs.Health(ctx) }); h.Waiting != 0 || h.Dead != 0 {
					t.Errorf("jobs are left: %+v", h)
				}
			})
		})
	}
}

// The second of two who answer at once learns of the first before theirs can leave.
func TestTheSecondSeesTheFirstHeldAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.heldJobs()
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		seen := int64(1)
		first := w.hold(w.agent, desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "From Amara."}, Seen: seen})
		in := desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "From Kofi."}, Seen: seen, For: 10 * time.Second}
		_, err := w.desk.Hold(ctx, kofi, in)
		w.kind(err, errs.Stale)
		in.Known = []string{first.ID}
		w.clk.Advance(time.Second)
		w.hold(kofi, in)
		w.pass(time.Minute)
		if got := w.said(n); len(got) != 3 || got[1] != "From Amara." || got[2] != "From Kofi." {
			t.Errorf("said %q", got)
		}
	})
}

// A restart in between loses nothing and sends once: the answer and its time are rows.
func TestAHeldAnswerSurvivesARestart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		w.hold(w.agent, desk.HoldInput{SpeakInput: desk.SpeakInput{Number: n, Body: "After the restart."}})
		w.clk.Advance(time.Minute) // nobody works: the node is down
		for range 2 {              // two nodes come up
			q := job.New(w.db, w.clk, slog.New(slog.DiscardHandler))
			q.Handle(desk.JobHeld, func(ctx context.Context, j job.Job, f job.Finish) error { return w.desk.SendHeld(ctx, j.Item, f) })
			w.check(q.RunDue(ctx))
		}
		if got := w.said(n); len(got) != 2 || got[1] != "After the restart." {
			t.Errorf("said %q", got)
		}
	})
}
