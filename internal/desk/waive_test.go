package desk_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
)

// TestWaivers: what the customer owes, who manages service levels lets off, whole or one step; what IT owes, the customer does, also after
// it was missed; nobody what their own side owes.
func TestWaivers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.sides()
		n := w.open("Printer").Number
		w.advance(26 * time.Hour)
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which?", Question: &desk.QuestionInput{Need: "the model"}})
		})
		w.run()
		late, owed := w.obligation(n, agreement.MetricFirstResponse), w.obligation(n, agreement.MetricAnswer)
		c := desk.Act{Number: n, Reason: "flood at the site"}
		if late.State != agreement.StateBreached {
			t.Fatalf("%+v", late)
		}
		for who, by := range map[string]auth.Actor{"the manager of service levels": s.ingrid, "an agent": w.agent} {
			if _, err := w.desk.Waive(ctx, by, c, late.ID); !errs.Is(err, errs.Denied) {
				t.Errorf("%s lets IT off: %v", who, err)
			}
		}
		for who, by := range map[string]auth.Actor{"who owes it": w.helen, "an agent": w.agent, "who signs for the site": s.graham} {
			if _, err := w.desk.Waive(ctx, by, c, owed.ID); !errs.Is(err, errs.Denied) {
				t.Errorf("%s lets the customer off: %v", who, err)
			}
		}
		must(w, func() (desk.Ticket, error) { return w.desk.Waive(ctx, s.graham, c, late.ID) })
		if o := w.obligation(n, agreement.MetricFirstResponse); o.State != agreement.StateWaived {
			t.Errorf("a missed promise was let off: %+v", o)
		}
		var pause agreement.Timer
		l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.agent, n) })
		for _, st := range l.Ahead() {
			if st.Action == agreement.ActionPause {
				pause = st
			}
		}
		if _, err := w.desk.WaiveStep(ctx, s.ingrid, c, owed.ID, 60); !errs.Is(err, errs.Invalid) {
			t.Errorf("a step that does not lie ahead: %v", err)
		}
		must(w, func() (desk.Ticket, error) { return w.desk.WaiveStep(ctx, s.ingrid, c, owed.ID, pause.Step) })
		w.post.sent = nil
		w.advance(30 * 24 * time.Hour)
		kinds := map[string]int{}
		for _, m := range w.post.sent {
			kinds[m.Kind]++
		}
		if kinds["pause"] != 0 || kinds["remind"] == 0 || kinds["lapse"] == 0 {
			t.Errorf("mailed %v", kinds)
		}
		said := false
		for _, m := range must(w, func() (desk.Story, error) { return w.desk.Story(ctx, w.agent, n, true) }).Messages {
			said = said || strings.Contains(m.Body, "Waived by Ingrid Solberg") && strings.Contains(m.Body, "because: flood at the site")
		}
		if !said {
			t.Error("nobody reads who waived the step, and why")
		}
		w.same("waived")
	})
}
