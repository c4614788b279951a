package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func (w *world) ask(number int64, body, need string) {
	w.t.Helper()
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: number, Body: body, Question: &desk.QuestionInput{Need: need}})
	})
	w.run()
}

// refused says that a command was turned down with a sentence, and changed nothing.
func (w *world) refused(what string, number int64, err error) {
	w.t.Helper()
	var e *errs.E
	if !errors.As(err, &e) || e.Kind == errs.Internal {
		w.t.Errorf("%s: %v", what, err)
	}
}

// TestAttack42_NoTurnErasesNothing: an agent takes the turn back from no answer, and no missed promise with it.
func TestAttack42_NoTurnErasesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("New phone").Number
		w.ask(n, "What is the serial?", "the serial number")
		w.advance(time.Hour)
		for _, body := range []string{"It is model X, serial 123. Everything you asked for.", "Great, all good now"} {
			w.clk.Advance(time.Minute)
			m := must(w, func() (desk.SpeakResult, error) {
				return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: body})
			}).Message
			w.advance(time.Minute)
			before := w.get(n)
			_, err := w.desk.MarkNoTurn(ctx, w.agent, desk.Act{Number: n}, m.ID)
			if body == "Great, all good now" {
				w.check(err) // words we did not know, on IT's turn: an agent may say so
				continue
			}
			w.refused(body, n, err)
			if after := w.get(n); after != before {
				t.Errorf("%q: the ticket changed", body)
			}
		}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We order it."})
		})
		w.advance(time.Minute)
		m := must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "Any news"})
		}).Message
		w.advance(4 * 24 * time.Hour)
		_, err := w.desk.MarkNoTurn(ctx, w.agent, desk.Act{Number: n}, m.ID)
		w.refused("after the promise was missed", n, err)
	})
}

// TestAttack42_NobodyLetsTheirOwnSideOff and nobody confirms what they solved.
func TestAttack42_NobodyLetsTheirOwnSideOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		lead := w.person("Ingrid Solberg", "ingrid@it.example", must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "") }).Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
		n := w.open("Folder").Number
		_, err := w.desk.Waive(ctx, lead, desk.Act{Number: n, Reason: "we are busy"}, "resolution-1")
		w.refused("IT waives its own promise", n, err)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Waive(ctx, w.helen, desk.Act{Number: n, Reason: "take your time"}, "resolution-1")
		})
		if o := w.obligation(n, agreement.MetricResolution); o.State != agreement.StateWaived {
			t.Fatalf("%+v", o)
		}
		if all := w.messages(n); !strings.Contains(all[len(all)-1].Body, "take your time") {
			t.Errorf("the reason is on no record that both sides read: %q", all[len(all)-1].Body)
		}
		own := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.agent, desk.OpenInput{Subject: "x", Requester: "helen@norvik.example", Affected: "amara@it.example"})
		})
		_, err = w.desk.Resolve(ctx, w.agent, desk.Act{Number: own.Number, Body: "done"})
		w.refused("an agent resolves what is for themselves", own.Number, err)
		_, err = w.desk.Wait(ctx, w.agent, desk.Act{Number: n, Reason: "x"}, desk.WaitInput{Until: w.clk.Now().AddDate(1, 0, 0), Agreed: true})
		w.refused("a wait of a year", n, err)
	})
}

// TestAttack76_WhoMayMoveATurn: who only follows, and who holds a copy of a mail, move nothing that is the customer's.
func TestAttack76_WhoMayMoveATurn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.person("Kofi Mensah", "kofi@it.example", must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "") }).Provider.ID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		graham := w.person("Graham Pell", "graham@norvik.example", w.site.OrgID, w.site.ID)
		n := w.open("Camera").Number
		for _, who := range []string{"kofi@it.example", "graham@norvik.example"} {
			must(w, func() (desk.Ticket, error) { return w.desk.Watch(ctx, w.agent, desk.Act{Number: n}, who, true) })
		}
		w.ask(n, "Which room?", "the room")
		copies := w.post.to("kofi@it.example")
		if len(copies) != 1 || strings.Contains(copies[0].Body, "It is your turn") || strings.Contains(copies[0].Body, "we remind you") {
			t.Fatalf("a follower is told that it is their turn: %+v", copies)
		}
		// somebody of IT who answers their copy by mail wrote a note
		w.receive("From: kofi@it.example\nTo: " + copies[0].ReplyTo + "\nMessage-ID: <k1@it.example>\nSubject: Re: x\n\ninternal: this customer is a pain\n")
		if got := w.get(n); got.TurnSide != agreement.SideCustomer {
			t.Errorf("an agent's mail took the customer's turn: %v", got)
		}
		for _, m := range w.messages(n) {
			if strings.Contains(m.Body, "pain") {
				t.Error("an agent's mail is public")
			}
		}
		_, err := w.desk.ReturnQuestion(ctx, graham, desk.Act{Number: n, Body: "you had it"})
		w.refused("a follower returns the question", n, err)
		// a stranger with a copy of the mail and the customer in Cc is kept aside
		w.receive("From: eve@evil.example\nTo: desk@norvik.example\nCc: helen@norvik.example\nIn-Reply-To: <" + copies[0].MessageID + ">\nMessage-ID: <e1@evil.example>\nSubject: Re\n\nRoom 9, and send me the key.\n")
		if got := w.get(n); got.TurnSide != agreement.SideCustomer {
			t.Errorf("a stranger's mail took the customer's turn: %v", got)
		}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "Room 4"})
		})
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "New cable."})
		})
		w.run()
		for i, mail := range []string{
			"From: eve@evil.example\nTo: desk@norvik.example\nReferences: <" + copies[0].MessageID + ">\nSubject: Re\n\nNo, it is broken.\n",
			"From: graham@norvik.example\nTo: " + copies[0].ReplyTo + "\nSubject: Re\n\nYes\n",
		} {
			w.receive(fmt.Sprintf("Message-ID: <late%d@x.example>\n", i) + mail)
		}
		if got := w.get(n); got.State != desk.Resolved {
			t.Errorf("somebody else answered for the customer: %v", got)
		}
		must(w, func() (desk.Ticket, error) { return w.desk.Confirm(ctx, w.helen, desk.Act{Number: n}) })
		w.receive("From: eve@evil.example\nTo: desk@norvik.example\nReferences: <" + copies[0].MessageID + ">\nMessage-ID: <e9@evil.example>\nSubject: Re\n\nOpen it again.\n")
		if got := w.get(n); got.State != desk.Closed {
			t.Errorf("a stranger reopened it: %v", got)
		}
		_ = kofi
	})
}

// TestAttack75_AReportTakesNoAnswerBack: anybody who holds a mail of ours can write a delivery report about it.
func TestAttack75_AReportTakesNoAnswerBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, replyTo, messageID := w.asked()
		w.advance(time.Hour)
		report := func(id, recipient string) {
			w.receive("From: MAILER-DAEMON@evil.example\nTo: desk@norvik.example\nMessage-ID: <" + id + "@evil.example>\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; " + recipient + "\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + messageID + ">\n\n--b--\n")
		}
		report("r1", "nobody@else.example")
		if got := w.turns(n.Number); got != "provider customer" {
			t.Fatalf("a report about another recipient: %s", got)
		}
		w.receive("From: helen@norvik.example\nTo: " + replyTo + "\nMessage-ID: <h1@norvik.example>\nSubject: Re\n\nA WD19.\n")
		w.advance(time.Minute)
		report("r2", "helen@norvik.example")
		if got := w.turns(n.Number); got != "provider customer provider" {
			t.Fatalf("a report after the answer: %s", got)
		}
		if o := w.obligation(n.Number, agreement.MetricAnswer); o.State != agreement.StateMet {
			t.Fatalf("%+v", o)
		}
	})
}

// TestAttachmentsLeaveWithTheMessage: what an agent attaches is in the mail, and named in it.
func TestAttachmentsLeaveWithTheMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Guide").Number
		w.post.to("helen@norvik.example")
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Here it is.", Files: []desk.Upload{{Name: "guide.pdf", Body: []byte("%PDF-1.7 x")}}})
		})
		w.run()
		sent := w.post.to("helen@norvik.example")
		if len(sent) != 1 || !strings.Contains(sent[0].Body, "guide.pdf") {
			t.Fatalf("%+v", sent)
		}
		files := must(w, func() ([]desk.Upload, error) { return w.desk.MailedFiles(ctx, sent[0]) })
		if len(files) != 1 || files[0].Name != "guide.pdf" || string(files[0].Body) != "%PDF-1.7 x" {
			t.Fatalf("%+v", files)
		}
	})
}

// TestManyAtOnceOnOneTicket: on PostgreSQL too, everybody's words are kept and nobody is told that they exist already.
func TestManyAtOnceOnOneTicket(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Everybody").Number
		done := make(chan error, 12)
		for i := range 12 {
			go func() {
				_, err := w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: fmt.Sprint("note ", i)})
				done <- err
			}()
		}
		for range 12 {
			w.check(<-done)
		}
	})
}
