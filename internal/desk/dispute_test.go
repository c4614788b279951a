package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

// dispute challenges a promise.
func (w *world) dispute(by auth.Actor, c desk.Act, obligationID string) (desk.Ticket, error) {
	_, t, err := w.disp.Raise(ctx, by, c, dispute.Subject{Obligation: obligationID})
	return t, err
}

// sides are who speaks for each: two service level managers, and Graham for Leeds.
type sides struct{ ingrid, ines, graham auth.Actor }

func (w *world) sides() sides {
	provider := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "") }).Provider.ID
	return sides{
		ingrid: w.person("Ingrid Solberg", "ingrid@it.example", provider, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere}),
		ines:   w.person("Ines Duarte", "ines@it.example", provider, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere}),
		graham: w.person("Graham Pell", "graham@norvik.example", w.site.OrgID, w.site.ID, auth.Grant{Role: auth.Signatory, Scope: auth.Site, ScopeID: w.site.ID}),
	}
}

func reasonOf(err error) string {
	var e *errs.E
	if errors.As(err, &e) {
		return e.Type
	}
	return ""
}

// asked is a ticket on which a question was asked and answered two hours later: the span between was counted as the customer's.
func (w *world) askedAndAnswered() (n int64, span dispute.Subject) {
	n = w.open("Printer").Number
	w.advance(time.Hour)
	w.ask(n, "Which?", "the model")
	w.advance(2 * time.Hour)
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "I said so on the phone."})
	})
	w.advance(time.Minute)
	for _, u := range w.ledger(n).Turns {
		if u.Side == agreement.SideCustomer {
			span = dispute.Subject{From: time.Unix(u.Since, 0).UTC(), Until: time.Unix(u.Until, 0).UTC()}
		}
	}
	return n, span
}

func (w *world) ledger(n int64) agreement.Result {
	return must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.agent, n) }).Result
}

func (w *world) vote(by auth.Actor, d dispute.Dispute, consent bool) error {
	askID := d.Proposals[len(d.Proposals)-1].AskID
	a := must(w, func() (approval.Ask, error) { return w.asks.Get(ctx, by, askID) })
	b := approval.Ballot{Consent: consent, Digest: a.Digest}
	if !consent {
		b.Reason = "We see it otherwise."
	}
	_, err := w.asks.Vote(ctx, by, askID, b)
	return err
}

// TestASpanIsSettledByBothSides: challenged by the customer, proposed by a service level manager with no part in it, settled when who
// signs for the site agrees. Then both clocks read the span as agreed, and the events are as they were.
func TestASpanIsSettledByBothSides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.sides()
		n, span := w.askedAndAnswered()
		before := w.ledger(n)
		if got := before.Seconds(agreement.SideCustomer); got != 2*3600 {
			t.Fatalf("the customer had the turn for %d s", got)
		}
		w.post.to("ingrid@it.example")
		raise := func(by auth.Actor, sub dispute.Subject) (dispute.Dispute, error) {
			d, _, err := w.disp.Raise(ctx, by, desk.Act{Number: n, Reason: "I had told you on the phone."}, sub)
			return d, err
		}
		d := must(w, func() (dispute.Dispute, error) { return raise(w.helen, span) })
		if d.Side != agreement.SideCustomer || d.Counted != string(agreement.SideCustomer) || d.State != dispute.Open {
			t.Fatalf("%+v", d)
		}
		if _, err := raise(s.graham, span); reasonOf(err) != "disputed-already" {
			t.Errorf("challenged twice: %v", err)
		}
		w.run()
		if got := w.post.to("ingrid@it.example"); len(got) != 1 || !strings.Contains(got[0].Body, "The customer’s side challenges") {
			t.Errorf("service levels are told %+v", got)
		}
		if o := w.obligation(n, agreement.MetricAnswer); o.State != agreement.StateDisputed || o.Stands != agreement.StateMet {
			t.Errorf("meanwhile: %+v", o)
		}
		// who may propose
		if _, err := w.disp.Propose(ctx, w.agent, d.ID, "provider", "x"); !errs.Is(err, errs.Denied) {
			t.Errorf("an agent proposes: %v", err)
		}
		if _, err := w.disp.Propose(ctx, s.graham, d.ID, "provider", "x"); !errs.Is(err, errs.Denied) {
			t.Errorf("the customer proposes: %v", err)
		}
		must(w, func() (desk.Note, error) {
			return w.desk.AddNote(ctx, s.ines, desk.NoteInput{Number: n, Body: "I rang her."})
		})
		if _, err := w.disp.Propose(ctx, s.ines, d.ID, "provider", "x"); reasonOf(err) != "separation-of-duties" {
			t.Errorf("who has acted on it proposes: %v", err)
		}
		if _, err := w.disp.Propose(ctx, s.ingrid, d.ID, "kept", "x"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a span is proposed as kept: %v", err)
		}
		if _, err := w.disp.Propose(ctx, s.ingrid, d.ID, "provider", " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		d = must(w, func() (dispute.Dispute, error) {
			return w.disp.Propose(ctx, s.ingrid, d.ID, "nobody", "Neither of you had the model.")
		})
		w.check(w.vote(s.graham, d, false))
		d = must(w, func() (dispute.Dispute, error) { return w.disp.Get(ctx, w.helen, d.ID) })
		if d.State != dispute.Open || d.Proposals[0].State != dispute.Refused || w.obligation(n, agreement.MetricAnswer).State != agreement.StateDisputed {
			t.Fatalf("not agreed on: %+v", d)
		}
		d = must(w, func() (dispute.Dispute, error) {
			return w.disp.Propose(ctx, s.ingrid, d.ID, "provider", "The log of calls says so.")
		})
		if err := w.vote(s.ingrid, d, true); err == nil {
			t.Error("the proposer signs for the customer too")
		}
		w.check(w.vote(s.graham, d, true))
		d = must(w, func() (dispute.Dispute, error) { return w.disp.Get(ctx, w.helen, d.ID) })
		if d.State != dispute.Settled || d.SettledAs != "provider" || d.Counted != "customer" || len(d.Proposals) != 2 {
			t.Fatalf("settled: %+v", d)
		}
		after := w.ledger(n)
		if after.Seconds(agreement.SideCustomer) != 0 || after.Lifetime < before.Lifetime {
			t.Errorf("the clocks read %d s as the customer’s", after.Seconds(agreement.SideCustomer))
		}
		if o := w.obligation(n, agreement.MetricResolution); o.Used < 3*3600 {
			t.Errorf("IT used %d s of its promise", o.Used)
		}
		if o := w.obligation(n, agreement.MetricAnswer); o.Used != 0 || o.State != agreement.StateMet {
			t.Errorf("the customer’s promise: %+v", o)
		}
		w.same("settled")
		if _, err := w.disp.Withdraw(ctx, w.helen, d.ID); reasonOf(err) != "dispute-ended" {
			t.Errorf("taken back after it was settled: %v", err)
		}
	})
}

// TestAPromiseIsSettled: IT's side challenges a missed promise; it counts as disputed in the figures until both agree that it was kept.
func TestAPromiseIsSettled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Printer").Number
		w.advance(26 * time.Hour)
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look."})
		})
		w.run()
		o := w.obligation(n, agreement.MetricFirstResponse)
		if o.State != agreement.StateBreached {
			t.Fatalf("%+v", o)
		}
		d, _, err := w.disp.Raise(ctx, w.agent, desk.Act{Number: n, Reason: "Answered on the phone at once."}, dispute.Subject{Obligation: o.ID})
		w.check(err)
		if got := w.mine(); got.IT.Disputed != 1 || got.IT.Missed != 0 {
			t.Errorf("figures: %+v", got.IT)
		}
		s := w.sides()
		owen := w.person("Owen Clarke", "owen@norvik.example", w.site.OrgID, w.site.ID)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Watch(ctx, w.agent, desk.Act{Number: n}, "owen@norvik.example", true)
		})
		if _, err := w.dispute(owen, desk.Act{Number: n, Reason: "x"}, w.obligation(n, agreement.MetricResolution).ID); !errs.Is(err, errs.Denied) {
			t.Errorf("a follower challenges: %v", err)
		}
		if _, err := w.disp.Withdraw(ctx, w.helen, d.ID); !errs.Is(err, errs.Denied) {
			t.Errorf("the other side takes it back: %v", err)
		}
		d = must(w, func() (dispute.Dispute, error) {
			return w.disp.Propose(ctx, s.ingrid, d.ID, agreement.RulingKept, "The log of calls says so.")
		})
		w.check(w.vote(s.graham, d, true))
		if got := w.mine(); got.IT != (outcome.Count{Kept: 1}) {
			t.Errorf("figures: %+v", got.IT)
		}
		w.same("settled")
	})
}

// TestNobodySigns: without somebody who signs for the customer nothing is settled, and it is said.
func TestNobodySigns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, span := w.askedAndAnswered()
		d, _, err := w.disp.Raise(ctx, w.helen, desk.Act{Number: n, Reason: "x"}, span)
		w.check(err)
		provider := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "") }).Provider.ID
		ingrid := w.person("Ingrid Solberg", "ingrid@it.example", provider, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
		if _, err := w.disp.Propose(ctx, ingrid, d.ID, "provider", "x"); reasonOf(err) != "nobody-signs" {
			t.Errorf("%v", err)
		}
		d = must(w, func() (dispute.Dispute, error) { return w.disp.Withdraw(ctx, w.helen, d.ID) })
		if o := w.obligation(n, agreement.MetricAnswer); d.State != dispute.Withdrawn || o.State != agreement.StateMet || o.Used == 0 {
			t.Errorf("taken back: %+v, %+v", d, o)
		}
	})
}

// TestTermOfADispute: within the days the agreement gives after the end; what is not settled in its time goes where the agreement says.
func TestTermOfADispute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signed(w.site, w.clk.Now(), func(t *agreement.Terms) {
			t.DisputeDays, t.Escalation = 10, "The head of IT and the site director decide."
		})
		s := w.sides()
		n, span := w.askedAndAnswered()
		d, _, err := w.disp.Raise(ctx, w.helen, desk.Act{Number: n, Reason: "x"}, span)
		w.check(err)
		w.post.sent = nil
		w.advance(9 * 24 * time.Hour)
		if d = must(w, func() (dispute.Dispute, error) { return w.disp.Get(ctx, w.helen, d.ID) }); !d.FurtherAt.IsZero() {
			t.Fatal("it went further before its time")
		}
		w.advance(48 * time.Hour)
		d = must(w, func() (dispute.Dispute, error) { return w.disp.Get(ctx, w.helen, d.ID) })
		if d.FurtherAt.IsZero() || d.State != dispute.Open {
			t.Fatalf("%+v", d)
		}
		for _, who := range []string{"helen@norvik.example", "ingrid@it.example", "graham@norvik.example"} {
			told := 0
			for _, m := range w.post.to(who) {
				if strings.Contains(m.Body, "The head of IT and the site director decide.") {
					told++
				}
			}
			if told != 1 {
				t.Errorf("%s is told %d times where it goes", who, told)
			}
		}
		if o := w.obligation(n, agreement.MetricAnswer); o.State != agreement.StateDisputed {
			t.Errorf("it does not stay disputed: %v", o.State)
		}
		d = must(w, func() (dispute.Dispute, error) { return w.disp.Propose(ctx, s.ingrid, d.ID, "provider", "It was so.") })
		w.check(w.vote(s.graham, d, true))
		late := dispute.Subject{From: span.From.Add(-30 * time.Minute), Until: span.From}
		if _, _, err := w.disp.Raise(ctx, w.helen, desk.Act{Number: n, Reason: "x"}, late); reasonOf(err) != "dispute-term-over" {
			t.Errorf("challenged after its time: %v", err)
		}
	})
}

// TestWhatCanBeChallenged: the field that is wrong is named.
func TestWhatCanBeChallenged(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	n, span := w.askedAndAnswered()
	for name, c := range map[string]struct {
		sub    dispute.Subject
		reason string
		field  string
	}{
		"no reason":          {span, "", "reason"},
		"nothing":            {dispute.Subject{}, "x", "obligation"},
		"it ends before":     {dispute.Subject{From: span.Until, Until: span.From}, "x", "until"},
		"the future":         {dispute.Subject{From: span.From, Until: w.clk.Now().Add(time.Hour)}, "x", "until"},
		"two turns":          {dispute.Subject{From: span.From.Add(-time.Minute), Until: span.Until}, "x", "from"},
		"before the opening": {dispute.Subject{From: span.From.AddDate(0, 0, -2), Until: span.From.AddDate(0, 0, -1)}, "x", "from"},
	} {
		_, _, err := w.disp.Raise(ctx, w.helen, desk.Act{Number: n, Reason: c.reason}, c.sub)
		var e *errs.E
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Path != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range []dispute.Subject{span, {Obligation: "answer-4"}} {
		if got := dispute.ParseSubject(s.Key()); got != s {
			t.Errorf("%q reads as %+v", s.Key(), got)
		}
	}
}

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
