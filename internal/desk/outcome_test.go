package desk_test

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/errs"
)

// differences are the promises of any ticket whose kept outcome is not what the ledger says.
func (w *world) differences(fix bool) []outcome.Difference {
	w.t.Helper()
	var all []outcome.Difference
	for after := ""; ; {
		found, last, err := w.desk.Outcomes.Rederive(ctx, after, fix)
		w.check(err)
		if all = append(all, found...); last == "" {
			return all
		}
		after = last
	}
}

func (w *world) same(when string) {
	w.t.Helper()
	if d := w.differences(false); len(d) != 0 {
		w.t.Errorf("%s: kept otherwise than the ledger says: %+v", when, d)
	}
}

func (w *world) mine() outcome.Record {
	w.t.Helper()
	return must(w, func() (outcome.Record, error) { return w.desk.Outcomes.Mine(ctx, w.helen, monday) })
}

func (w *world) answer(number int64, body string) {
	w.t.Helper()
	w.clk.Advance(time.Minute)
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: number, Body: body})
	})
	w.run()
}

// TestOutcomesFollowTheLedger: kept, missed, waived, disputed, taken back by a reopening.
func TestOutcomesFollowTheLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		if got := w.mine(); got.IT.Due() != 0 || got.You.Due() != 0 {
			t.Errorf("nothing has ended, the record has %+v", got)
		}
		w.advance(time.Hour)
		w.ask(n, "Which dock?", "the model of the dock")
		if got := w.mine(); got.IT != (outcome.Count{Kept: 1}) || got.You.Due() != 0 {
			t.Errorf("after a reply in time: %+v", got)
		}
		w.advance(6 * 24 * time.Hour) // the answer is missed and still owed
		w.same("missed")
		if got := w.mine(); got.You != (outcome.Count{Missed: 1}) {
			t.Errorf("a missed answer counts before it comes: %+v", got)
		}
		w.answer(n, "WD19S")
		w.same("answered late")
		if got := w.mine(); got.You != (outcome.Count{Missed: 1}) {
			t.Errorf("a late answer stays missed: %+v", got)
		}
		must(w, func() (desk.Ticket, error) {
			return w.dispute(w.helen, desk.Act{Number: n, Reason: "I was away and said so."}, w.obligation(n, agreement.MetricAnswer).ID)
		})
		if got := w.mine(); got.You != (outcome.Count{Disputed: 1}) {
			t.Errorf("challenged: %+v", got)
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "New driver."})
		})
		w.run()
		w.clk.Advance(time.Hour)
		must(w, func() (desk.Ticket, error) { return w.desk.Confirm(ctx, w.helen, desk.Act{Number: n}) })
		if got := w.mine(); got.IT.Kept != 3 || got.You.Kept != 1 {
			t.Errorf("solved and confirmed: %+v", got)
		}
		w.same("closed")
		w.clk.Advance(time.Hour)
		must(w, func() (desk.Ticket, error) { return w.desk.Reopen(ctx, w.helen, desk.Act{Number: n}) })
		if got := w.mine(); got.Metrics[agreement.MetricResolution].Due() != 0 {
			t.Errorf("reopened, so the solution is owed again: %+v", got.Metrics)
		}
		w.same("reopened")
		must(w, func() (desk.Ticket, error) {
			return w.desk.Waive(ctx, w.helen, desk.Act{Number: n, Reason: "no hurry"}, w.obligation(n, agreement.MetricResolution).ID)
		})
		if got := w.mine(); got.IT.Waived != 1 {
			t.Errorf("let off: %+v", got)
		}
		w.same("waived")
	})
}

// TestOutcomesReturnedQuestion: a question that was answered before counts for nobody's promise and in IT's column.
func TestOutcomesReturnedQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Folder").Number
		w.ask(n, "Which folder?", "the folder's name")
		w.clk.Advance(time.Hour)
		must(w, func() (desk.Ticket, error) {
			return w.desk.ReturnQuestion(ctx, w.helen, desk.Act{Number: n, Body: "In my first message."})
		})
		if got := w.mine(); got.You.Due() != 0 || got.Needless != 1 {
			t.Errorf("returned: %+v", got)
		}
		w.same("returned")
	})
}

// TestOutcomesAfterACorrection: a holiday that was missing is read back into what has ended.
func TestOutcomesAfterACorrection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Slow").Number
		w.advance(24 * time.Hour) // Tuesday: the reply was due on Monday
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look into it."})
		})
		w.run()
		if got := w.mine(); got.Metrics[agreement.MetricFirstResponse] != (outcome.Count{Missed: 1}) {
			t.Fatalf("late reply: %+v", got.Metrics)
		}
		cals := must(w, func() (calendar.Defaults, error) { return w.cal.EnsureDefaults(ctx, "Europe/London") })
		must(w, func() (calendar.Definition, error) {
			return w.cal.AddHoliday(ctx, auth.SystemActor(), cals.Service.ID, "2026-01-12", "Founders' day")
		})
		if d := w.differences(true); len(d) == 0 {
			t.Error("the correction changed nothing")
		}
		if got := w.mine(); got.Metrics[agreement.MetricFirstResponse] != (outcome.Count{Kept: 1}) {
			t.Errorf("after the correction: %+v", got.Metrics)
		}
		w.same("corrected")
	})
}

// TestOutcomesAreTheirOwners: one's own record is one's own; a site's is for its people and IT.
func TestOutcomesAreTheirOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Mine").Number
		w.ask(n, "Really?", "a yes or no")
		w.answer(n, "yes it is")
		other := w.person("Tom Hale", "tom@norvik.example", w.site.OrgID, w.site.ID)
		r := must(w, func() (outcome.Record, error) { return w.desk.Outcomes.Mine(ctx, other, monday) })
		if r.IT.Due()+r.You.Due() != 0 {
			t.Errorf("Tom reads Helen's record: %+v", r)
		}
		l, err := w.desk.Outcomes.List(ctx, other, outcome.Filter{From: monday}, "", 50)
		w.check(err)
		if len(l.Items) != 0 {
			t.Errorf("Tom reads Helen's promises: %+v", l.Items)
		}
		for i, by := range []auth.Actor{other, w.agent} {
			r, err := w.desk.Outcomes.Site(ctx, by, w.site, monday)
			w.check(err)
			if r.You.Kept != 1 || r.IT.Kept != 1 {
				t.Errorf("%d: the site's record is %+v", i, r)
			}
		}
		stranger := auth.Actor{Kind: auth.Person, PersonID: "018f0000-0000-7000-8000-000000000000", OrgID: "018f0000-0000-7000-8000-000000000001"}
		if _, err := w.desk.Outcomes.Site(ctx, stranger, w.site, monday); !errs.Is(err, errs.NotFound) {
			t.Errorf("another organisation reads the site's record: %v", err)
		}
	})
}

// TestOutcomesListPages: every row once, in order, whatever falls on one second.
func TestOutcomesListPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 7 {
			n := w.open(fmt.Sprint("Request ", i)).Number
			w.ask(n, "Sure?", "a yes or no")
		}
		seen, cursor := map[string]bool{}, ""
		for {
			l, err := w.desk.Outcomes.List(ctx, w.helen, outcome.Filter{From: monday, Side: agreement.SideProvider, State: agreement.StateMet}, cursor, 2)
			w.check(err)
			for _, i := range l.Items {
				key := fmt.Sprint(i.Number, i.Obligation)
				if seen[key] {
					t.Errorf("%s twice", key)
				}
				seen[key] = true
			}
			if cursor = l.Next; cursor == "" {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("%d of 7 replies listed", len(seen))
		}
	})
}

// TestOutcomesAtRandom: whatever is done in whatever order, what is kept is what the ledger says.
func TestOutcomesAtRandom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for seed := range int64(12) {
			r := rand.New(rand.NewSource(seed)) //nolint:gosec // a test's own chance
			n := w.open(fmt.Sprint("Random ", seed)).Number
			for range 14 {
				w.chance(r, n)
				w.run()
				w.advance(time.Duration(r.Int63n(int64(30 * time.Hour))))
			}
			w.same(fmt.Sprint("seed ", seed))
		}
	})
}

// chance does one thing that somebody may do, or is refused it.
func (w *world) chance(r *rand.Rand, n int64) {
	a, h, high := desk.Act{Number: n, Body: "It is so.", Reason: "so"}, w.helen, "high"
	var err error
	switch r.Intn(10) {
	case 0:
		_, err = w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look."})
	case 1:
		_, err = w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "What?", Question: &desk.QuestionInput{Need: "it"}})
	case 2:
		_, err = w.desk.Speak(ctx, h, desk.SpeakInput{Number: n, Body: "It still drops."})
	case 3:
		_, err = w.desk.ReturnQuestion(ctx, h, a)
	case 4:
		_, err = w.desk.Resolve(ctx, w.agent, a)
	case 5:
		_, err = w.desk.Confirm(ctx, h, desk.Act{Number: n})
	case 6:
		_, err = w.desk.Reject(ctx, h, a)
	case 7:
		_, err = w.desk.Reopen(ctx, h, desk.Act{Number: n})
	case 8:
		l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, h, n) })
		_, err = w.dispute(h, a, l.Result.Obligations[r.Intn(len(l.Result.Obligations))].ID)
	case 9:
		_, err = w.desk.Change(ctx, w.agent, a, desk.Change{Impact: &high, Urgency: &high})
	}
	if err != nil && errs.Is(err, errs.Internal) {
		w.t.Errorf("%v", err)
	}
}
