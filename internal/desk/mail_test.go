package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
)

// TestP13_ReplyShapes: whatever the mail program keeps of ours, the answer lands on the right ticket.
func TestP13_ReplyShapes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			head  string // %[1]s: reply address, %[2]s: Message-ID of our mail, %[3]s: of her first mail
			right bool
		}{
			"token alone (Apple overwrites References)": {"From: helen@norvik.example\nTo: %[1]s\nReferences: <x@apple.example>", true},
			"token upper-cased on the way":              {"From: HELEN@NORVIK.example\nTo: %[1]s", true},
			"In-Reply-To alone":                         {"From: helen@norvik.example\nTo: desk@norvik.example\nIn-Reply-To: <%[2]s>", true},
			"References alone":                          {"From: helen@norvik.example\nTo: desk@norvik.example\nReferences: <a@b.example> <%[2]s>", true},
			"References folded, older ids last":         {"From: helen@norvik.example\nTo: desk@norvik.example\nReferences: <%[2]s>\n <z@b.example>", true},
			"her own first mail":                        {"From: helen@norvik.example\nTo: desk@norvik.example\nIn-Reply-To: <%[3]s>", true},
			"token in Cc":                               {"From: helen@norvik.example\nTo: boss@norvik.example\nCc: Desk <%[1]s>", true},
			"display name and comment":                  {"From: \"Marsh, Helen (IT)\" <helen@norvik.example>\nTo: \"Service desk\" <%[1]s>", true},
			"subject translated":                        {"From: helen@norvik.example\nTo: %[1]s\nSubject: AW: WG: SV: Antw: Odp: x", true},
			"new mail, no trace of ours":                {"From: helen@norvik.example\nTo: desk@norvik.example", false},
		} {
			first := "first-" + fmt.Sprint(w.count()) + "@norvik.example"
			w.receive("From: helen@norvik.example\nTo: desk@norvik.example\nSubject: camera\nMessage-ID: <" + first + ">\n\nIt flickers.\n")
			n := w.newest().Number
			must(w, func() (desk.SpeakResult, error) {
				return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which room?", Question: &desk.QuestionInput{Need: "the room"}})
			})
			w.run()
			sent := w.post.to("helen@norvik.example")
			last := sent[len(sent)-1]
			tickets := w.count()
			head := c.head
			if strings.Contains(head, "%") {
				head = strings.NewReplacer("%[1]s", strings.Replace(last.ReplyTo, "+t", "+T", 1), "%[2]s", last.MessageID, "%[3]s", first).Replace(head)
			}
			if !strings.Contains(head, "Subject:") {
				head += "\nSubject: Re: camera"
			}
			w.receive(head + "\nMessage-ID: <r" + first + ">\n\nRoom 4.\n")
			if got := w.get(n).TurnSide == agreement.SideProvider; got != c.right {
				t.Errorf("%s: on the ticket: %v", name, got)
			}
			if got := w.count() - tickets; (got == 0) != c.right {
				t.Errorf("%s: %d new tickets", name, got)
			}
		}
	})
}

// TestP13_AManagerInCopy answers with the token and becomes a watcher who waits for an agent's word; they see nothing before.
func TestP13_AManagerInCopy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, replyTo, _ := w.asked()
		w.receive("From: Graham Pell <graham@norvik.example>\nTo: " + replyTo + "\nCc: helen@norvik.example\nSubject: Re: VPN\nMessage-ID: <g1@norvik.example>\n\nApproved.\n")
		if got := w.messages(n.Number); len(got) != 3 || got[2].Body != "Approved." {
			t.Fatalf("%d messages", len(got))
		}
		parts := must(w, func() ([]desk.Participant, error) { return w.desk.Participants(ctx, w.agent, n.Number) })
		pending := ""
		for _, p := range parts {
			if p.Role == desk.Pending {
				pending = p.PersonID
			}
		}
		if pending == "" {
			t.Fatalf("%+v", parts)
		}
		if _, err := w.desk.Get(ctx, auth.Actor{PersonID: pending, Kind: auth.Person}, n.Number); err == nil {
			t.Fatal("who is not accepted yet reads the ticket")
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Watch(ctx, w.agent, desk.Act{Number: n.Number}, "graham@norvik.example", true)
		})
		if _, err := w.desk.Get(ctx, auth.Actor{PersonID: pending, Kind: auth.Person}, n.Number); err != nil {
			t.Fatal(err)
		}
	})
}

// TestP14_NoAnswerIsLost: the relay is away for 26 hours, hangs up before its answer, refuses one recipient.
func TestP14_NoAnswerIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("Folder").Number
		w.post.to("helen@norvik.example")
		w.post.fail = &box.Failure{Answer: "connection refused"}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which folder?", Question: &desk.QuestionInput{Need: "the folder"}})
		})
		w.advance(26 * time.Hour)
		if got := w.get(n); got.TurnSide != agreement.SideProvider {
			t.Fatalf("the relay was away, and it is %s's turn", got.TurnSide)
		}
		w.post.fail = nil
		w.advance(2 * time.Hour)
		questions := 0
		for _, m := range w.post.to("helen@norvik.example") {
			if m.Kind == "question" {
				questions++
			}
		}
		if got := w.get(n); questions != 1 || got.TurnSide != agreement.SideCustomer {
			t.Fatalf("%d copies, %v", questions, got)
		}
		// the connection ends after the mail and before its answer: shown as maybe, sent again under the same Message-ID
		w.post.fail = &box.Failure{Unknown: true, Answer: "EOF"}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "It was the one called Plans, was it not?"})
		})
		w.run()
		list, err := w.box.Of(ctx, w.db.Read(), n2id(w, n))
		w.check(err)
		maybe := list[len(list)-1]
		if maybe.State != box.Maybe {
			t.Fatalf("%+v", maybe)
		}
		w.post.fail = nil
		w.advance(10 * time.Minute)
		sent := w.post.to("helen@norvik.example")
		if len(sent) != 1 || sent[0].MessageID != maybe.MessageID {
			t.Fatalf("%+v", sent)
		}
		// two days without a relay end in a mail that failed, which the desk sees
		w.post.fail = &box.Failure{Answer: "connection refused"}
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Still there?", Question: &desk.QuestionInput{Need: "a word"}})
		})
		w.advance(50 * time.Hour)
		if got := w.get(n); !strings.Contains(got.LastLine, "could not be delivered") {
			t.Fatalf("%q", got.LastLine)
		}
	})
}

func n2id(w *world, number int64) string { return w.get(number).ID }

// TestP16_NoMailBlocksOrDisappears feeds every mail of the corpora in: each is a ticket, a report, or kept with its reason.
func TestP16_NoMailBlocksOrDisappears(t *testing.T) {
	dir := os.Getenv("BOTHWAYS_MATERIAL")
	if dir == "" {
		dir = "../../../shared/material"
	}
	var files []string
	_ = filepath.WalkDir(filepath.Join(dir, "mail"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasSuffix(path, ".json") && !strings.Contains(path, "trimmed") && !strings.Contains(path, "elided") {
			files = append(files, path)
		}
		return nil
	})
	if len(files) == 0 {
		t.Skipf("no corpora in %s (set BOTHWAYS_MATERIAL)", dir)
	}
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.Open(t, e))
			for _, f := range files {
				raw, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.box.Receive(ctx, "someone@x.example", "desk@norvik.example", raw); err != nil {
					t.Fatalf("%s: %v", f, err)
				}
			}
			w.run()
			states := map[string]int{}
			rows, err := w.db.Read().Query(ctx, `SELECT state, COUNT(*) FROM mail_inbound GROUP BY state`)
			w.check(err)
			defer func() { _ = rows.Close() }()
			all := 0
			for rows.Next() {
				var s string
				var n int
				w.check(rows.Scan(&s, &n))
				states[s], all = n, all+n
			}
			t.Log(states)
			if all != len(files) || states[string(box.Stored)] != 0 {
				t.Fatalf("%d of %d mails are settled: %v", all-states["stored"], len(files), states)
			}
			h, err := w.jobs.Health(ctx)
			w.check(err)
			if h.Waiting != 0 || h.Dead != 0 {
				t.Fatalf("%+v", h)
			}
			if n := w.count(); n != states[string(box.MadeTicket)] {
				t.Fatalf("%d tickets of %d mails that made one", n, states["ticket"])
			}
		})
	}
}
