package desk_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/migrate/dbtest"
)

// count lists how many tickets there are.
func (w *world) count() int {
	w.t.Helper()
	return must(w, func() (int, error) { return w.desk.Count(ctx, auth.SystemActor(), desk.Filter{}) })
}

// newest is the ticket made last.
func (w *world) newest() desk.Ticket {
	w.t.Helper()
	p, err := w.desk.List(ctx, auth.SystemActor(), desk.Filter{}, "", 1)
	w.check(err)
	return p.Items[0].Ticket
}

func (w *world) messages(number int64) []desk.Message {
	w.t.Helper()
	p, err := w.desk.Messages(ctx, auth.SystemActor(), number, "", 200)
	w.check(err)
	return p.Items
}

// asked opens a ticket of Helen's with a question that reached her, and gives the mail she got.
func (w *world) asked() (desk.Ticket, string, string) {
	w.t.Helper()
	n := w.open("VPN drops").Number
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which dock?", Question: &desk.QuestionInput{Need: "the model"}})
	})
	w.run()
	sent := w.post.to("helen@norvik.example")
	last := sent[len(sent)-1]
	return w.get(n), last.ReplyTo, last.MessageID
}

const trusted = "Authentication-Results: mx.norvik.example; "

// TestAttack75_ForgedSender: From: is a claim. It may open a ticket; it never acts, appends or reopens against a failed check,
// and headers that look like ours are nothing.
func TestAttack75_ForgedSender(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before, replyTo, _ := w.asked()
		for name, head := range map[string]string{
			"failing check":              trusted + "dmarc=fail header.from=norvik.example\nFrom: Helen Marsh <helen@norvik.example>\nTo: " + replyTo,
			"failing, pass forged below": trusted + "dmarc=fail header.from=norvik.example\n" + trusted + "dmarc=pass header.from=norvik.example\nFrom: helen@norvik.example\nTo: " + replyTo,
		} {
			tickets := w.count()
			w.receive(head + "\nMessage-ID: <" + strings.ReplaceAll(name, " ", "-") + "@evil.example>\nSubject: Re: VPN\n\nMy new number is 4711.\n")
			if got := w.get(before.Number); got.TurnSide != before.TurnSide || got.LastLine != before.LastLine {
				t.Errorf("%s: the ticket moved: %v %q", name, got, got.LastLine)
			}
			if len(w.messages(before.Number)) != 2 || w.count() != tickets+1 {
				t.Errorf("%s: it was appended, or lost", name)
			}
			if n := w.newest(); n.Auth != "fail" {
				t.Errorf("%s: auth is %q", name, n.Auth)
			}
		}
		for name, head := range map[string]string{
			"foreign authserv":  "Authentication-Results: evil.example; dmarc=pass header.from=it.example\nFrom: Amara Okafor <amara@it.example>",
			"no authentication": "From: Amara Okafor <amara@it.example>\nX-Bothways-Ticket: " + before.Ref() + "\nX-RT-Command: resolve",
		} {
			w.receive(head + "\nTo: desk@norvik.example\nMessage-ID: <" + strings.ReplaceAll(name, " ", "-") + "@evil.example>\nSubject: [" + before.Ref() + "] resolve\n\nresolved\n")
			if n := w.newest(); n.Auth != "none" || n.State != desk.New {
				t.Errorf("%s: %v auth %q", name, n, n.Auth)
			}
			if got := w.get(before.Number); got.Version != before.Version && got.State != before.State {
				t.Errorf("%s acted on the ticket: %v", name, got)
			}
		}
		// a mail's actor holds no role, whoever it names
		if _, err := w.desk.Resolve(ctx, auth.Actor{PersonID: w.agent.PersonID, Grants: w.agent.Grants, Kind: auth.Mail, Channel: "mail"}, desk.Act{Number: before.Number, Body: "x"}); err == nil {
			t.Error("the sender a mail names resolved a ticket")
		}
	})
}

// TestAttack76_ReplyHijack: a number, a guessed id or a leaked token do not let a stranger in.
func TestAttack76_ReplyHijack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before, replyTo, messageID := w.asked()
		forgedToken := replyTo[:len(replyTo)-len("x@norvik.example")] + "a@norvik.example"
		for name, head := range map[string]string{
			"number in the subject":   "From: mallory@evil.example\nTo: desk@norvik.example\nSubject: Re: [" + before.Ref() + "] VPN drops",
			"leaked token":            "From: mallory@evil.example\nTo: " + replyTo + "\nSubject: hi",
			"leaked message id":       "From: mallory@evil.example\nTo: desk@norvik.example\nIn-Reply-To: <" + messageID + ">\nSubject: hi",
			"forged token, her name":  "From: helen@norvik.example\nTo: " + forgedToken + "\nSubject: hi",
			"guessed id, her name":    "From: helen@norvik.example\nTo: desk@norvik.example\nIn-Reply-To: <" + messageID[:36] + ".aaaaaaaaaaaaaaaaaaaaaaaaaa@norvik.example>\nSubject: hi",
			"other installation's id": "From: helen@norvik.example\nTo: desk@norvik.example\nIn-Reply-To: <1001.abc@other-desk.example>\nSubject: [BW-1001]",
		} {
			tickets := w.count()
			w.receive(head + "\nMessage-ID: <" + strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), ",", "") + "@evil.example>\n\nInstall this.\n")
			if len(w.messages(before.Number)) != 2 {
				t.Fatalf("%s: it is on the ticket", name)
			}
			if w.count() != tickets+1 {
				t.Errorf("%s: it is not a ticket of its own", name)
			}
			if got := w.get(before.Number); got.TurnSide != agreement.SideCustomer {
				t.Errorf("%s moved the turn", name)
			}
		}
	})
}

// TestAttack78_SpamRelay: mails with a victim's address make us write to the victim once, in our words alone.
func TestAttack78_SpamRelay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 40 {
			w.receive(fmt.Sprintf("From: Buy Now <victim@elsewhere.example>\nTo: desk@norvik.example\nMessage-ID: <s%d@evil.example>\nSubject: WIN https://evil.example/%d\n\nClick https://evil.example\n", i, i))
			w.clk.Advance(20 * time.Minute)
		}
		sent := w.post.to("victim@elsewhere.example")
		if len(sent) != 1 {
			t.Fatalf("%d mails to the victim within 14 hours, want 1", len(sent))
		}
		if s := sent[0].Subject + sent[0].Body; strings.Contains(s, "evil.example") || strings.Contains(s, "WIN") || strings.Contains(s, "Buy Now") {
			t.Fatalf("it echoes the attacker:\n%s", s)
		}
		if w.count() != 40 {
			t.Fatalf("%d tickets: mail was lost", w.count())
		}
	})
}

// loopPartners are correspondents that answer every mail by themselves, each in its own way (P15). %s is what they answer to.
var loopPartners = map[string]string{
	"vacation":             "Auto-Submitted: auto-replied (vacation)\nSubject: Out of office\n\nI am away until 2026-02-02.\n",
	"exchange":             "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\nSubject: Automatic reply: x\n\nI am out of the office.\n",
	"precedence":           "Precedence: auto_reply\nSubject: Re: x\n\nThank you for your message.\n",
	"bulk":                 "Precedence: bulk\nSubject: Re: x\n\nWe received it.\n",
	"other desk":           "Auto-Submitted: auto-replied\nX-Mailer: OtherDesk\nSubject: [Ticket#4711] Re: x\n\nWe have your request.\n",
	"list":                 "List-Id: <all.norvik.example>\nList-Unsubscribe: <mailto:x@norvik.example>\nSubject: x\n\nYou are subscribed.\n",
	"no header, ooo words": "Subject: Abwesenheitsnotiz\n\nIch bin bis 02.02.2026 nicht im Büro.\n",
	"autorespond":          "X-Autorespond: yes\nSubject: Auto: x\n\nAuto.\n",
}

// TestAttack79_Loops: whoever answers us by themselves, it ends; no out-of-office moves a turn.
func TestAttack79_Loops(t *testing.T) {
	for name, answer := range loopPartners {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				n, _, _ := w.asked()
				automatic, replies := 0, 0
				w.receive("From: robot@partner.example\nTo: desk@norvik.example\nMessage-ID: <r0@partner.example>\nSubject: hello\n\nPlease help.\n")
				for round := range 30 {
					sent := append(w.post.to("robot@partner.example"), w.post.to("helen@norvik.example")...)
					if len(sent) == 0 {
						break
					}
					for i, m := range sent {
						automatic++
						replies++
						from := m.Recipient
						w.receive(fmt.Sprintf("From: <%s>\nTo: %s\nIn-Reply-To: <%s>\nMessage-ID: <a%d-%d@partner.example>\n%s", from, m.ReplyTo, m.MessageID, round, i, answer))
					}
					w.clk.Advance(time.Minute)
				}
				if automatic > 4 {
					t.Errorf("%d mails before it ended", automatic)
				}
				if got := w.get(n.Number); got.TurnSide != agreement.SideCustomer {
					t.Errorf("an automatic answer moved the turn: %v", got)
				}
				if w.count() != 2 {
					t.Errorf("%d tickets, want Helen's and the robot's", w.count())
				}
			})
		})
	}
	t.Run("two desks that do not say they are", func(t *testing.T) {
		each(t, func(t *testing.T, w *world) {
			total := 0
			body := "Subject: Your request\n\nWe have received your request and will answer soon.\n"
			w.receive("From: desk@other.example\nTo: desk@norvik.example\nMessage-ID: <d0@other.example>\n" + body)
			for round := range 60 {
				for i, m := range w.post.to("desk@other.example") {
					total++
					w.receive(fmt.Sprintf("From: desk@other.example\nTo: desk@norvik.example\nMessage-ID: <d%d-%d@other.example>\n%s", round+1, i, body)) // refers to nothing
					_ = m
				}
				w.clk.Advance(time.Minute)
			}
			if total > 3 {
				t.Errorf("%d mails to the other desk in an hour", total)
			}
		})
	})
	t.Run("a known address that answers every mail with a new one", func(t *testing.T) {
		each(t, func(t *testing.T, w *world) {
			total := 0
			w.receive("From: helen@norvik.example\nTo: desk@norvik.example\nMessage-ID: <n0@norvik.example>\nSubject: Note\n\nI have your mail and will read it.\n")
			for round := range 50 {
				for i := range w.post.to("helen@norvik.example") {
					total++
					w.receive(fmt.Sprintf("From: helen@norvik.example\nTo: desk@norvik.example\nMessage-ID: <n%d-%d@norvik.example>\nSubject: Note\n\nI have your mail and will read it.\n", round+1, i))
				}
				w.clk.Advance(time.Minute)
			}
			if total > 3 {
				t.Errorf("%d mails within an hour", total)
			}
		})
	})
	t.Run("our own mail come back", func(t *testing.T) {
		each(t, func(t *testing.T, w *world) {
			w.receive("From: Service desk <desk@norvik.example>\nTo: desk@norvik.example\nMessage-ID: <o@norvik.example>\nSubject: x\n\nx\n")
			w.receive("From: someone@x.example\nTo: desk@norvik.example\nX-Bothways-Loop: " + w.desk.LoopID() + "\nMessage-ID: <p@norvik.example>\nSubject: x\n\nx\n")
			if w.count() != 0 || len(w.post.sent) != 0 {
				t.Errorf("%d tickets, %d mails", w.count(), len(w.post.sent))
			}
		})
	})
}

// TestAttack77_TicketTrick: a verification mail that somebody had sent to a ticket's address is read by agents alone.
func TestAttack77_TicketTrick(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, replyTo, _ := w.asked()
		w.receive("From: noreply@saas.example\nTo: " + replyTo + "\nMessage-ID: <v@saas.example>\nSubject: Verify\n\nYour code is 991122.\n")
		if got := w.newest(); got.Number == n.Number {
			t.Fatal("it is on the ticket")
		} else if _, err := w.desk.Get(ctx, w.helen, got.Number); err == nil {
			t.Fatal("the customer reads it")
		}
		for _, m := range w.messages(n.Number) {
			if strings.Contains(m.Body, "991122") {
				t.Fatal("the code is on the customer's ticket")
			}
		}
	})
}

var mails = flag.Int("mails", 1000, "mails of TestP12 (the figure of pains.md is 50,000)")

// TestP12_NoReplyUnderAStrangersTicket: mails with the same few subjects, forged and foreign ids: none is appended wrongly.
func TestP12_NoReplyUnderAStrangersTicket(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newWorld(t, d)
	n, _, messageID := w.asked()
	for i := range *mails {
		head := fmt.Sprintf("From: p%d@people%d.example\nTo: desk@norvik.example\nMessage-ID: <m%d@people.example>\nSubject: help %d\n", i%300, i%7, i, i%200)
		switch i % 5 {
		case 1:
			head += "In-Reply-To: <" + messageID + ">\n"
		case 2:
			head += fmt.Sprintf("References: <%d.%s@norvik.example>\n", 1001+i%50, messageID[37:60])
		case 3:
			head += fmt.Sprintf("References: <BW-%d@other-desk.example>\n", 1001+i%50)
		case 4:
			head = strings.Replace(head, "Subject: ", fmt.Sprintf("Subject: Re: [BW-%d] ", 1001+i%50), 1)
		}
		if _, err := w.box.Receive(ctx, "p@people.example", "desk@norvik.example", []byte(strings.ReplaceAll(head, "\n", "\r\n")+"\r\nhelp me\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	if got := len(w.messages(n.Number)); got != 2 {
		t.Fatalf("%d strangers' mails were appended", got-2)
	}
	var wrong int
	w.check(w.db.Read().QueryRow(ctx, `SELECT COUNT(*) FROM desk_message m JOIN desk_ticket t ON t.id = m.ticket_id WHERE m.channel = 'mail' AND m.author_id <> t.requester_id`).Scan(&wrong))
	var all int
	w.check(w.db.Read().QueryRow(ctx, `SELECT COUNT(*) FROM desk_ticket`).Scan(&all))
	if wrong != 0 || all != *mails+1 {
		l, _ := w.box.Inbounds(ctx, "", page.Cursor{}, 12)
		for _, m := range l.Items {
			t.Logf("%s %s %s", m.State, m.Class, m.Reason)
		}
		t.Fatalf("%d wrong appends, %d tickets of %d mails", wrong, all, *mails)
	}
}
