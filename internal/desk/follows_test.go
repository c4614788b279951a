package desk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
)

// TestWhatWasAgreedFollows: back in the queue, a charge and a credit, each as the version in force states it, told by mail and on record.
func TestWhatWasAgreedFollows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		paper := w.signed(w.site, w.clk.Now(), func(t *agreement.Terms) {
			t.Ladder = []agreement.Step{
				{Metric: agreement.MetricAnswer, Action: agreement.ActionRequeue, Percent: 100},
				{Metric: agreement.MetricAnswer, Action: agreement.ActionCharge, Percent: 100, Price: agreement.Price{What: "Asked twice", Minor: 2500, Currency: "GBP"}},
				{Metric: agreement.MetricResolution, Action: agreement.ActionTellCustomer, Percent: 100},
				{Metric: agreement.MetricResolution, Action: agreement.ActionCredit, Percent: 100, Price: agreement.Price{What: "A day late", Minor: 1000, Currency: "GBP"}},
			}
		})
		n := w.open("Printer").Number
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, "amara@it.example", "")
		})
		w.ask(n, "Which?", "the model")
		w.post.sent = nil
		w.advance(7 * 24 * time.Hour)
		if got := w.get(n); got.AssigneeID != "" {
			t.Error("somebody holds it still")
		}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "The blue one."})
		})
		w.advance(7 * 24 * time.Hour)
		told := map[string]string{}
		for _, m := range w.post.to("helen@norvik.example") {
			told[m.Kind] += m.Body
		}
		if !strings.Contains(told["charge"], "25.00 GBP, Asked twice") || !strings.Contains(told["credit"], "10.00 GBP, A day late") {
			t.Errorf("mailed %v", told)
		}
		lines := map[string]string{}
		for _, e := range must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.helen, n) }) {
			var d struct {
				Action, Currency string
				Minor            int64
				Version          string `json:"version_id"`
			}
			w.check(json.Unmarshal([]byte(e.Data), &d))
			if d.Minor > 0 {
				lines[d.Action] = agreement.Price{Minor: d.Minor, Currency: d.Currency}.String()
				if d.Version != paper.ID {
					t.Errorf("%s is stated by %s", d.Action, d.Version)
				}
			}
		}
		if len(lines) != 2 || lines["charge"] != "25.00 GBP" || lines["credit"] != "10.00 GBP" {
			t.Errorf("on record: %v", lines)
		}
		w.same("charged")
	})
}

// TestAttack40_NobodyJudgesTheirOwn: a service level manager who has acted on a ticket, or is a party to it, does not propose how a dispute
// about it stands.
func TestAttack40_NobodyJudgesTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.sides()
		for name, act := range map[string]func(n int64) error{
			"who wrote a note": func(n int64) error {
				_, err := w.desk.AddNote(ctx, s.ingrid, desk.NoteInput{Number: n, Body: "I rang her."})
				return err
			},
			"who has it": func(n int64) error {
				_, err := w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, "ingrid@it.example", "")
				return err
			},
			"who had it": func(n int64) error {
				if _, err := w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, "ingrid@it.example", ""); err != nil {
					return err
				}
				_, err := w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, "amara@it.example", "")
				return err
			},
		} {
			n, span := w.askedAndAnswered()
			w.check(act(n))
			d, _, err := w.disp.Raise(ctx, w.helen, desk.Act{Number: n, Reason: "x"}, span)
			w.check(err)
			if _, err := w.disp.Propose(ctx, s.ingrid, d.ID, "provider", "x"); reasonOf(err) != "separation-of-duties" {
				t.Errorf("%s: %v", name, err)
			}
			must(w, func() (dispute.Dispute, error) { return w.disp.Propose(ctx, s.ines, d.ID, "provider", "x") })
		}
	})
}

// TestAttack42_NoManoeuvreHelps: what an agent can do to a late ticket leaves what IT used and the miss as they are: a plan that is called a
// wait and ended, a lower priority, another team and back, a solution that is none, a calendar edited afterwards.
func TestAttack42_NoManoeuvreHelps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		low := "low"
		for name, gamed := range map[string]func(n int64) error{
			"a wait and its end, again and again": func(n int64) error {
				for range 3 {
					if _, err := w.desk.Wait(ctx, w.agent, desk.Act{Number: n, Reason: "later"}, desk.WaitInput{Until: w.clk.Now().AddDate(0, 0, 3)}); err != nil {
						return err
					}
					w.advance(2 * time.Hour)
					if _, err := w.desk.EndWait(ctx, w.agent, desk.Act{Number: n}); err != nil && !errs.Is(err, errs.Conflict) {
						return err
					}
				}
				return nil
			},
			"a lower priority after the miss": func(n int64) error {
				_, err := w.desk.Change(ctx, w.agent, desk.Act{Number: n}, desk.Change{Impact: (*string)(&low), Urgency: (*string)(&low)})
				return err
			},
			"a solution that is none": func(n int64) error {
				if _, err := w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "Done."}); err != nil {
					return err
				}
				w.run()
				_, err := w.desk.Reject(ctx, w.helen, desk.Act{Number: n, Body: "It is not."})
				return err
			},
			"nobody holds it": func(n int64) error {
				_, err := w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, "", "")
				return err
			},
		} {
			n := w.open("Late").Number
			w.advance(8 * 24 * time.Hour)
			was := w.obligation(n, agreement.MetricResolution)
			if was.State != agreement.StateBreached {
				t.Fatalf("%+v", was)
			}
			w.check(gamed(n))
			w.advance(time.Minute)
			now := w.obligation(n, agreement.MetricResolution)
			if now.State != agreement.StateBreached || now.Used < was.Used || now.Due != was.Due {
				t.Errorf("%s: it was %+v, and is %+v", name, was, now)
			}
			w.same(name)
		}
	})
}

// TestFault33_TheClockOfTheMachineJumps: backwards, events stay in the order in which they were written and no instant goes back; forwards by
// a year, everybody is told once, and nothing follows that nobody announced.
func TestFault33_TheClockOfTheMachineJumps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Clock").Number
		w.ask(n, "Which?", "the model")
		for _, back := range []time.Duration{time.Hour, 365 * 24 * time.Hour} {
			w.clk.Set(w.clk.Now().Add(-back))
			must(w, func() (desk.Note, error) { return w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "x"}) })
			all := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, n) })
			for i := 1; i < len(all); i++ {
				if all[i].Seq <= all[i-1].Seq || all[i].At.Before(all[i-1].At) {
					t.Fatalf("after %s back: %+v comes after %+v", back, all[i], all[i-1])
				}
			}
			w.clk.Set(w.clk.Now().Add(back))
		}
		w.post.sent = nil
		w.clk.Set(w.clk.Now().AddDate(1, 0, 0))
		w.run()
		told := map[string]int{}
		for _, m := range w.post.sent {
			told[m.Recipient]++
			if m.Kind == "lapse" || m.Kind == "pause" || m.Kind == "close" {
				t.Errorf("%s follows on the day of the jump, and nobody announced it", m.Kind)
			}
		}
		for who, n := range told {
			if n > 1 {
				t.Errorf("%s is told %d times at once", who, n)
			}
		}
		if got := w.get(n); !got.Open {
			t.Errorf("the jump closed it: %s", got.State)
		}
	})
}

// TestFault35_ACalendarIsEditedLater: the events of the past are as they were and their chain holds; what follows from them is read again and
// shown as a correction, with the instant before and after; what is still to come is counted with the new hours.
func TestFault35_ACalendarIsEditedLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Slow").Number
		w.advance(24 * time.Hour)
		was := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, n) })
		before := w.obligation(n, agreement.MetricResolution)
		cals := must(w, func() (calendar.Defaults, error) { return w.cal.EnsureDefaults(ctx, "Europe/London") })
		for _, day := range []string{"2026-01-12", "2026-01-14"} { // one that has passed, one to come
			must(w, func() (calendar.Definition, error) {
				return w.cal.AddHoliday(ctx, auth.SystemActor(), cals.Service.ID, day, "Founders' day")
			})
		}
		moved := must(w, func() ([]desk.Moved, error) { return w.desk.Rederive(ctx, true) })
		after := w.obligation(n, agreement.MetricResolution)
		if after.Due <= before.Due || after.Used >= before.Used {
			t.Errorf("the promise was %+v, and is %+v", before, after)
		}
		now := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, n) })
		for i := range was {
			if now[i] != was[i] {
				t.Errorf("event %d was changed: %+v, was %+v", i, now[i], was[i])
			}
		}
		last := now[len(now)-1]
		if len(moved) != 1 || last.Kind != "calendar_corrected" || !strings.Contains(last.Data, `"correction":true`) || !strings.Contains(last.Data, `"until"`) {
			t.Errorf("it is not shown as a correction: %+v, %+v", moved, last)
		}
		if _, breaks, err := event.Verify(ctx, w.db.Read()); err != nil || len(breaks) != 0 {
			t.Errorf("the chain: %v, %v", breaks, err)
		}
		w.same("corrected")
	})
}
