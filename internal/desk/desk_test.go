package desk_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
)

// TestTheMainJob is a mail's way to a confirmed solution (issue 3): every second of the ticket's life is somebody's.
func TestTheMainJob(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.receive(`From: Helen Marsh <helen@norvik.example>
To: desk@norvik.example
Subject: VPN drops when I dock my laptop
Message-ID: <one@norvik.example>

Since Monday it drops twice a day.
`)
		list := must(w, func() (l []desk.Row, err error) {
			p, err := w.desk.List(ctx, w.agent, desk.Filter{Open: true}, "", 0)
			return p.Items, err
		})
		if len(list) != 1 || list[0].Subject != "VPN drops when I dock my laptop" || list[0].RequesterName != "Helen Marsh" || list[0].State != desk.New || list[0].Auth != "none" {
			t.Fatalf("%+v", list)
		}
		n := list[0].Number
		ack := w.post.to("helen@norvik.example")
		if len(ack) != 1 || !strings.Contains(ack[0].Body, "It is our turn: you hear from one of us by Mon 12 Jan 2026, 13:00 GMT") || strings.Contains(ack[0].Subject+ack[0].Body, "VPN") {
			t.Fatalf("the acknowledgement: %+v", ack)
		}

		w.advance(time.Hour)
		res := must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which dock is it?", Question: &desk.QuestionInput{Need: "the model of your dock"}})
		})
		if got := w.get(n); got.TurnSide != agreement.SideProvider {
			t.Fatalf("the question has not left yet, and it is %s's turn", got.TurnSide)
		}
		w.run()
		q := w.post.to("helen@norvik.example")
		if len(q) != 1 || q[0].ItemID != res.Message.ID {
			t.Fatalf("%+v", q)
		}
		for _, want := range []string{"It is your turn. We need the model of your dock by Tue 13 Jan 2026, 10:00 GMT", "If we hear nothing: we remind you on"} {
			if !strings.Contains(q[0].Body, want) {
				t.Errorf("the question's mail lacks %q:\n%s", want, q[0].Body)
			}
		}
		if got := w.get(n); got.TurnSide != agreement.SideCustomer || got.State != desk.WaitingForCustomer || !got.DueAt.Equal(time.Date(2026, 1, 13, 10, 0, 0, 0, time.UTC)) {
			t.Fatalf("%v due %v", got, got.DueAt)
		}

		w.advance(2 * time.Hour)
		w.receive("From: Helen Marsh <helen@norvik.example>\nTo: " + q[0].ReplyTo + "\nSubject: Re: whatever\nMessage-ID: <two@norvik.example>\n\nA WD19.\n\nOn Mon, 12 Jan 2026 at 10:00, Service desk <desk@norvik.example> wrote:\n> Which dock is it?\n")
		if got := w.get(n); got.TurnSide != agreement.SideProvider || got.LastLine != "A WD19." {
			t.Fatalf("%v %q", got, got.LastLine)
		}
		if o := w.obligation(n, agreement.MetricAnswer); o.State != agreement.StateMet || o.Used != 2*3600 {
			t.Fatalf("%+v", o)
		}

		w.advance(30 * time.Minute)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "New driver is on."})
		})
		w.run()
		s := w.post.to("helen@norvik.example")
		if len(s) != 1 || !strings.Contains(s[0].Body, `Does it work? Answer "yes"`) || s[0].InReplyTo != "two@norvik.example" {
			t.Fatalf("%+v", s)
		}
		if got := w.get(n); got.State != desk.Resolved || got.TurnSide != agreement.SideCustomer {
			t.Fatalf("%v", got)
		}
		w.advance(time.Hour)
		w.receive("From: helen@norvik.example\nTo: desk@norvik.example\nIn-Reply-To: <" + s[0].MessageID + ">\nMessage-ID: <three@norvik.example>\nSubject: Re: x\n\nYes, it works.\n\nHelen\n")
		if got := w.get(n); got.State != desk.Closed || got.Open {
			t.Fatalf("%v", got)
		}
		if got := w.turns(n); got != "provider customer provider customer nobody" {
			t.Fatalf("turns: %s", got)
		}
	})
}

// TestSilence: the agreed ladder reminds, pauses, closes with one-click reopen, and the ledger goes on.
func TestSilence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Payroll file will not open").Number
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which file?", Question: &desk.QuestionInput{Need: "the name of the file"}})
		})
		w.run()
		w.post.to("helen@norvik.example")
		w.advance(21 * 24 * time.Hour)
		var kinds []string
		days := map[string]bool{}
		for _, m := range w.post.to("helen@norvik.example") {
			kinds = append(kinds, m.Kind)
			london := m.MadeAt
			if london.Weekday() == time.Saturday || london.Weekday() == time.Sunday || london.Hour() < 9 || london.Hour() >= 17 && !(london.Hour() == 17 && london.Minute() == 0) {
				t.Errorf("%s came at %v, outside her hours", m.Kind, london)
			}
			if day := london.Format("2006-01-02"); days[day] {
				t.Errorf("two mails on %s", day)
			} else {
				days[day] = true
			}
		}
		if got := strings.Join(kinds, " "); got != "remind remind pause remind lapse" {
			t.Fatalf("the ladder: %s", got)
		}
		if got := w.get(n); got.State != desk.Lapsed {
			t.Fatalf("%v", got)
		}
		if o := w.obligation(n, agreement.MetricAnswer); o.State != agreement.StateBreached {
			t.Fatalf("%+v", o)
		}
		must(w, func() (desk.Ticket, error) { return w.desk.Reopen(ctx, w.helen, desk.Act{Number: n, Body: "pay.xls"}) })
		if got := w.turns(n); got != "provider customer nobody provider" {
			t.Fatalf("turns: %s", got)
		}
	})
}

// TestAnOutageOfNineDays: each step still fires once, in hours, never two in one day.
func TestAnOutageOfNineDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Second monitor").Number
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which desk?", Question: &desk.QuestionInput{Need: "your desk's number"}})
		})
		w.run()
		w.post.to("helen@norvik.example")
		w.clk.Advance(9*24*time.Hour + 17*time.Hour) // the server was off; it comes back at two in the night
		w.run()
		if got := w.post.to("helen@norvik.example"); len(got) != 0 {
			t.Fatalf("woken at night: %+v", got)
		}
		w.advance(36 * time.Hour)
		got := w.post.to("helen@norvik.example")
		if len(got) != 2 || got[0].Kind != "remind" || got[1].Kind != "remind" || got[0].MadeAt.Day() == got[1].MadeAt.Day() {
			for _, m := range got {
				t.Log(m.Kind, m.MadeAt)
			}
			t.Fatalf("%d mails in the first two days back", len(got))
		}
	})
}

// TestUndeliverable: what proves undeliverable never opened a turn.
func TestUndeliverable(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Camera").Number
		w.post.fail = &box.Failure{Final: true, Answer: "550 no such person"}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which room?", Question: &desk.QuestionInput{Need: "the room"}})
		})
		w.run()
		if got := w.get(n); got.TurnSide != agreement.SideProvider || !strings.Contains(got.LastLine, "could not be delivered") {
			t.Fatalf("%v %q", got, got.LastLine)
		}
		w.post.fail = nil
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which room, please?", Question: &desk.QuestionInput{Need: "the room"}})
		})
		w.run()
		q := w.post.to("helen@norvik.example")
		last := q[len(q)-1]
		w.advance(3 * time.Hour)
		if got := w.turns(n); got != "provider customer" {
			t.Fatalf("turns: %s", got)
		}
		w.receive("From: MAILER-DAEMON@mx.example\nTo: desk@norvik.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe mail could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; helen@norvik.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + last.MessageID + ">\nTo: helen@norvik.example\n\n--b--\n")
		if got := w.turns(n); got != "provider" {
			t.Fatalf("after the bounce the span was IT's all along, not: %s", got)
		}
		if l := must(w, func() (n int, err error) {
			p, err := w.desk.List(ctx, w.agent, desk.Filter{}, "", 0)
			return len(p.Items), err
		}); l != 1 {
			t.Fatalf("a bounce opened a ticket: %d", l)
		}
	})
}

func TestWrongStateSaysTheWayOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Keyboard").Number
		for name, c := range map[string]struct {
			fn   func() error
			kind errs.Kind
		}{
			"confirm nothing":       {func() error { _, err := w.desk.Confirm(ctx, w.helen, desk.Act{Number: n}); return err }, errs.Conflict},
			"agent confirms":        {func() error { _, err := w.desk.Confirm(ctx, w.agent, desk.Act{Number: n}); return err }, errs.Denied},
			"customer resolves":     {func() error { _, err := w.desk.Resolve(ctx, w.helen, desk.Act{Number: n, Body: "x"}); return err }, errs.Denied},
			"reopen an open one":    {func() error { _, err := w.desk.Reopen(ctx, w.agent, desk.Act{Number: n}); return err }, errs.Conflict},
			"resolve without words": {func() error { _, err := w.desk.Resolve(ctx, w.agent, desk.Act{Number: n}); return err }, errs.Invalid},
			"stale":                 {func() error { _, err := w.desk.Withdraw(ctx, w.helen, desk.Act{Number: n, Version: 99}); return err }, errs.Stale},
			"unknown":               {func() error { _, err := w.desk.Resolve(ctx, w.agent, desk.Act{Number: n + 70, Body: "x"}); return err }, errs.NotFound},
			"return without question": {func() error {
				_, err := w.desk.ReturnQuestion(ctx, w.helen, desk.Act{Number: n, Body: "x"})
				return err
			}, errs.Conflict},
			"known customer is no spam": {func() error {
				_, err := w.desk.DiscardAsNoTicket(ctx, w.agent, desk.Act{Number: n, Reason: "spam"})
				return err
			}, errs.Conflict},
			"customer asks a question": {func() error {
				_, err := w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "x", Question: &desk.QuestionInput{Need: "y"}})
				return err
			}, errs.Invalid},
		} {
			before := w.get(n)
			if err := c.fn(); !errs.Is(err, c.kind) || len(errs.Sentence(err)) < 15 {
				t.Errorf("%s: %v", name, err)
			}
			if after := w.get(n); after != before {
				t.Errorf("%s changed the ticket", name)
			}
		}
	})
}

func TestAReturnedQuestionWasITsTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Phone").Number
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "What is the serial?", Question: &desk.QuestionInput{Need: "the serial number", Metric: "supply_facts"}})
		})
		w.advance(5 * time.Hour)
		must(w, func() (desk.Ticket, error) {
			return w.desk.ReturnQuestion(ctx, w.helen, desk.Act{Number: n, Body: "In my first mail."})
		})
		if got := w.turns(n); got != "provider" {
			t.Fatalf("turns: %s", got)
		}
		l := must(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, w.helen, n) })
		if l.Result.Needless != 1 {
			t.Fatalf("needless questions: %d", l.Result.Needless)
		}
	})
}

func TestAnHolidayAddedLaterSaysWhichTicketsMoved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Printer").Number
		before := w.obligation(n, agreement.MetricResolution).Due
		cal := must(w, func() (d string, err error) { c, err := w.cal.Find(ctx, "Service hours"); return c.ID, err })
		must(w, func() (any, error) {
			return w.cal.AddHoliday(ctx, auth.SystemActor(), cal, "2026-01-13", "Founders' Day")
		})
		moved := must(w, func() ([]desk.Moved, error) { return w.desk.Rederive(ctx, true) })
		_ = moved
		after := w.obligation(n, agreement.MetricResolution).Due
		if after-before != 24*3600 {
			t.Fatalf("the resolution moved by %d s", after-before)
		}
		if again := must(w, func() ([]desk.Moved, error) { return w.desk.Rederive(ctx, false) }); len(again) != 0 {
			t.Fatalf("the cache differs still: %+v", again)
		}
	})
}
