package bulk_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
)

func picks(numbers ...int64) []bulk.Pick {
	out := make([]bulk.Pick, len(numbers))
	for i, n := range numbers {
		out[i].Number = n
	}
	return out
}

func of(t *testing.T, r bulk.Run, n int64) bulk.Result {
	t.Helper()
	for _, x := range r.Results {
		if x.Number == n {
			return x
		}
	}
	t.Fatalf("no result for %d: %+v", n, r.Results)
	return bulk.Result{}
}

// Row 29 of the attacks: what one may not do to one ticket, one may not do to many; the others are done, each with its answer.
func TestAttack29_EachTicketAnswersForItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		leeds, lund, ended := w.open(w.helen, "Leeds"), w.open(w.olle, "Lund"), w.open(w.helen, "Ended")
		must(w, func() (desk.Ticket, error) { return w.desk.Withdraw(ctx, w.helen, desk.Act{Number: ended}) })
		c := bulk.Change{Do: bulk.Assign, Assignee: "priya@it.example"}
		plan := must(w, func() ([]bulk.Item, error) { return w.bulk.Plan(ctx, w.priya, []int64{leeds, lund, ended, 99999}, c) })
		run := must(w, func() (bulk.Run, error) { return w.bulk.Do(ctx, w.priya, picks(leeds, lund, ended, 99999), c) })
		for i, want := range []struct {
			n      int64
			out    bulk.Outcome
			status int
			says   string
		}{{leeds, bulk.Done, 0, ""}, {lund, bulk.Refused, 404, "nothing here"}, {ended, bulk.Refused, 409, "It has ended (withdrawn). Reopen it first."}, {99999, bulk.Refused, 404, "nothing here"}} {
			r := of(t, run, want.n)
			if r.Outcome != want.out || r.Status != want.status || !strings.Contains(r.Say, want.says) {
				t.Errorf("%d: %+v, want %+v", want.n, r, want)
			}
			if (plan[i].Not == "") != (want.out == bulk.Done) || plan[i].Refused != (want.out == bulk.Refused) {
				t.Errorf("the preview of %d said %+v", want.n, plan[i])
			}
		}
		if of(t, run, lund).Say != of(t, run, 99999).Say {
			t.Error("a foreign ticket answers otherwise than one that does not exist")
		}
		if w.get(leeds).AssigneeID != w.priya.PersonID || w.get(lund).AssigneeID != "" {
			t.Error("the wrong tickets changed")
		}
		// who may read and not work is refused each of them, and is told so before
		all := must(w, func() (bulk.Run, error) {
			return w.bulk.Do(ctx, w.reader, picks(leeds, lund), bulk.Change{Do: bulk.Prioritise, Urgency: "high"})
		})
		for _, r := range all.Results {
			if r.Outcome != bulk.Refused || r.Status != 403 {
				t.Errorf("read-only: %+v", r)
			}
		}
		if w.get(leeds).Urgency != desk.Medium {
			t.Error("who may only read changed a ticket")
		}
		// nobody is given work that no role of theirs reaches
		given := must(w, func() (bulk.Run, error) { return w.bulk.Do(ctx, w.agent, picks(leeds, lund), c) })
		if of(t, given, leeds).Outcome != bulk.Unchanged || of(t, given, lund).Status != 409 || !strings.Contains(of(t, given, lund).Say, "no role reaches it") {
			t.Errorf("%+v", given.Results)
		}
	})
}

func TestAPreviewSaysWhatChangesAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.open(w.helen, "A"), w.open(w.olle, "B")
		must(w, func() (desk.Ticket, error) { return w.desk.Assign(ctx, w.agent, desk.Act{Number: b}, "", w.team.ID) })
		va, vb := w.get(a).Version, w.get(b).Version
		plan := must(w, func() ([]bulk.Item, error) {
			return w.bulk.Plan(ctx, w.agent, []int64{a, b, a}, bulk.Change{Do: bulk.Pass, Team: "network"})
		})
		if len(plan) != 2 || len(plan[0].Steps) != 1 || plan[0].Steps[0] != (bulk.Step{What: "Team", From: "Service desk", To: "Network"}) || plan[1].Not != "It is so already." || plan[1].Refused {
			t.Errorf("%+v", plan)
		}
		plan = must(w, func() ([]bulk.Item, error) {
			return w.bulk.Plan(ctx, w.agent, []int64{a}, bulk.Change{Do: bulk.Prioritise, Impact: "high", Urgency: "high"})
		})
		if len(plan[0].Steps) != 3 || plan[0].Steps[2] != (bulk.Step{What: "Priority", From: "medium", To: "critical"}) {
			t.Errorf("%+v", plan[0].Steps)
		}
		if w.get(a).Version != va || w.get(b).Version != vb {
			t.Error("looking changed a ticket")
		}
		for _, c := range []bulk.Change{{}, {Do: "close"}, {Do: bulk.Assign, Assignee: "nobody@it.example"}, {Do: bulk.Pass, Team: "none"}, {Do: bulk.Prioritise}, {Do: bulk.Prioritise, Impact: "huge"}, {Do: bulk.Tag, Tag: "#"}, {Do: bulk.Wait}, {Do: bulk.Wait, Until: w.clk.Now().Add(time.Hour), Agreed: true}} {
			if _, err := w.bulk.Plan(ctx, w.agent, []int64{a}, c); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if _, err := w.bulk.Do(ctx, w.agent, picks(), bulk.Change{Do: bulk.Tag, Tag: "x"}); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
		many := make([]int64, bulk.MostTickets+1)
		for i := range many {
			many[i] = int64(i + 1)
		}
		if _, err := w.bulk.Do(ctx, w.agent, picks(many...), bulk.Change{Do: bulk.Tag, Tag: "x"}); !errs.Is(err, errs.TooLarge) {
			t.Error(err)
		}
	})
}

func TestAChangeIsTakenBackWhereNobodySetTheSameSince(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b, c := w.open(w.helen, "A"), w.open(w.helen, "B"), w.open(w.helen, "C")
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: b}, w.priya.PersonID, "")
		})
		desks := w.get(a).TeamID
		for _, change := range []bulk.Change{
			{Do: bulk.Assign, Assignee: "amara@it.example"}, {Do: bulk.Assign}, {Do: bulk.Pass, Team: w.team.ID}, {Do: bulk.Prioritise, Impact: "high"},
			{Do: bulk.Tag, Tag: "VPN"}, {Do: bulk.Wait, Until: w.clk.Now().Add(48 * time.Hour), Agreed: true, Reason: "They said Thursday is soon enough."},
		} {
			before := map[int64]map[string]string{a: desk.Fields(w.get(a)), b: desk.Fields(w.get(b))}
			run := must(w, func() (bulk.Run, error) { return w.bulk.Do(ctx, w.agent, picks(a, b), change) })
			if run.Count(bulk.Refused) > 0 || run.Count(bulk.Done) == 0 || !run.CanUndo(w.clk.Now()) {
				t.Fatalf("%s: %+v", change.Do, run.Results)
			}
			w.clk.Advance(time.Minute)
			if _, err := w.bulk.Undo(ctx, w.priya, run.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("somebody else takes it back: %v", err)
			}
			back := must(w, func() (bulk.Run, error) { return w.bulk.Undo(ctx, w.agent, run.ID) })
			for _, r := range back.Results {
				if r.Outcome == bulk.Done && r.Undone != bulk.Done {
					t.Errorf("%s of %d: %+v", change.Do, r.Number, r)
				}
			}
			for n, was := range before {
				for name, v := range desk.Fields(w.get(n)) {
					if v != was[name] {
						t.Errorf("%s: %s of %d is %q, was %q", change.Do, name, n, v, was[name])
					}
				}
				if s := w.get(n).State; s == desk.Scheduled {
					t.Errorf("%d still waits", n)
				}
			}
			if tags, _ := w.desk.Tags(ctx, w.agent, a); len(tags) > 0 {
				t.Errorf("tags %v", tags)
			}
			if _, err := w.bulk.Undo(ctx, w.agent, run.ID); !errs.Is(err, errs.Conflict) {
				t.Errorf("twice: %v", err)
			}
		}
		run := must(w, func() (bulk.Run, error) {
			return w.bulk.Do(ctx, w.agent, picks(a, c), bulk.Change{Do: bulk.Pass, Team: "Network"})
		})
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: c}, w.agent.PersonID, "")
		})
		back := must(w, func() (bulk.Run, error) { return w.bulk.Undo(ctx, w.agent, run.ID) })
		if of(t, back, a).Undone != bulk.Done || of(t, back, c).Undone != bulk.Refused || !strings.Contains(of(t, back, c).UndoSay, "Somebody else changed it meanwhile") {
			t.Errorf("%+v", back.Results)
		}
		if w.get(a).TeamID != desks || w.get(c).TeamID != w.team.ID || w.get(c).AssigneeID != w.agent.PersonID {
			t.Error("taking back went over what somebody else did")
		}
		stored := must(w, func() (bulk.Run, error) { return w.bulk.Get(ctx, w.agent, run.ID) })
		if len(stored.Results) != 2 || of(t, stored, c).UndoSay == "" || stored.UndoneAt.IsZero() || stored.CanUndo(w.clk.Now()) {
			t.Errorf("kept: %+v", stored)
		}
		late := must(w, func() (bulk.Run, error) {
			return w.bulk.Do(ctx, w.agent, picks(a), bulk.Change{Do: bulk.Prioritise, Urgency: "low"})
		})
		w.clk.Advance(bulk.UndoFor)
		if _, err := w.bulk.Undo(ctx, w.agent, late.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("too late: %v", err)
		}
	})
}

func TestWhatWasLookedAtCounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.open(w.helen, "A"), w.open(w.helen, "B")
		seen := []bulk.Pick{{a, w.get(a).Version}, {b, w.get(b).Version}}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.priya, desk.Act{Number: b}, w.priya.PersonID, "")
		})
		run := must(w, func() (bulk.Run, error) {
			return w.bulk.Do(ctx, w.agent, seen, bulk.Change{Do: bulk.Assign, Assignee: "amara@it.example"})
		})
		if of(t, run, a).Outcome != bulk.Done || of(t, run, b).Status != 412 {
			t.Errorf("%+v", run.Results)
		}
		if w.get(b).AssigneeID != w.priya.PersonID {
			t.Error("it was taken from who had just taken it")
		}
	})
}

// Nothing ends tickets in bulk but setting aside what was none, and a known customer's request is never that.
func TestAKnownCustomersRequestIsNotSetAside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.open(w.helen, "Real")
		run := must(w, func() (bulk.Run, error) { return w.bulk.Do(ctx, w.agent, picks(a), bulk.Change{Do: bulk.NotATicket}) })
		if r := of(t, run, a); r.Status != 409 || !strings.Contains(r.Say, "needs an answer") || !w.get(a).Open {
			t.Errorf("%+v", r)
		}
		if _, err := w.bulk.Get(ctx, auth.Actor{}, run.ID); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}
