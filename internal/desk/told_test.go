package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
)

// TestP43_NobodyIsMailedTheirOwn: whatever somebody does on a ticket, as customer, follower, assignee or colleague, no mail of it
// goes to any address of theirs; what has to be told goes to the others, once each (pains.md 43).
func TestP43_NobodyIsMailedTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), w.helen.PersonID) })
		owen := w.person("Owen Clarke", owen, p.OrgID, w.site.ID)
		kofi := w.person("Kofi Mensah", "kofi@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		must(w, func() (people.Address, error) {
			return w.peo.AddAddress(ctx, auth.SystemActor(), w.helen.PersonID, "h.marsh@home.example", true)
		})
		address := map[string]string{w.helen.PersonID: helen, owen.PersonID: "owen@norvik.example", w.agent.PersonID: "amara@it.example", kofi.PersonID: "kofi@it.example"}
		n := w.open("VPN drops").Number
		w.run()
		for _, who := range []string{"owen@norvik.example", "kofi@it.example"} {
			must(w, func() (desk.Ticket, error) { return w.desk.Watch(ctx, w.agent, desk.Act{Number: n}, who, true) })
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, w.agent.PersonID, "")
		})
		w.run()
		act := func(fn func(desk.Act) (desk.Ticket, error)) func() error {
			return func() error { _, err := fn(desk.Act{Number: n, Body: "Words.", Reason: "A reason."}); return err }
		}
		speak := func(by auth.Actor, q *desk.QuestionInput) func() error {
			return func() error {
				_, err := w.desk.Speak(ctx, by, desk.SpeakInput{Number: n, Body: "Words.", Question: q})
				return err
			}
		}
		var tried []string
		for i, c := range []struct {
			what string
			by   auth.Actor
			do   func() error
			tell []string
		}{
			{"a customer's message", w.helen, speak(w.helen, nil), nil},
			{"a follower's message", owen, speak(owen, nil), nil},
			{"an answer", w.agent, speak(w.agent, nil), []string{helen, "owen@norvik.example", "kofi@it.example"}},
			{"an answer of a colleague who follows", kofi, speak(kofi, nil), []string{helen, "owen@norvik.example"}},
			{"a question", w.agent, speak(w.agent, &desk.QuestionInput{Need: "the model"}), []string{helen, "owen@norvik.example", "kofi@it.example"}},
			{"its answer", w.helen, speak(w.helen, nil), nil},
			{"a note", w.agent, func() error {
				_, err := w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "Inner words."})
				return err
			}, nil},
			{"taken by a colleague", kofi, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.Assign(ctx, kofi, a, kofi.PersonID, "") }), nil},
			{"handed back", kofi, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.HandOver(ctx, kofi, a, w.agent.PersonID, "") }), nil},
			{"a solution", w.agent, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.Resolve(ctx, w.agent, a) }), []string{helen, "owen@norvik.example", "kofi@it.example"}},
			{"a yes", w.helen, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.Confirm(ctx, w.helen, a) }), nil},
			{"opened again", w.helen, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.Reopen(ctx, w.helen, a) }), nil},
			{"withdrawn", w.helen, act(func(a desk.Act) (desk.Ticket, error) { return w.desk.Withdraw(ctx, w.helen, a) }), nil},
		} {
			w.advance(time.Minute)
			w.post.sent = nil
			if err := c.do(); err != nil {
				t.Fatalf("%d %s: %v", i, c.what, err)
			}
			w.run()
			var got []string
			for _, m := range w.post.sent {
				if m.Recipient == address[c.by.PersonID] || m.PersonID == c.by.PersonID {
					t.Errorf("%s: %s is mailed what they did themselves", c.what, m.Recipient)
				}
				if slices.Contains(got, m.Recipient) {
					t.Errorf("%s: %s is mailed twice", c.what, m.Recipient)
				}
				if m.Recipient == "h.marsh@home.example" {
					t.Errorf("%s: two addresses of one person are mailed", c.what)
				}
				got = append(got, m.Recipient)
			}
			for _, want := range c.tell {
				if !slices.Contains(got, want) {
					t.Errorf("%s: %s is not told; told are %v", c.what, want, got)
				}
			}
			tried = append(tried, fmt.Sprint(c.what, got))
		}
		if got := w.get(n); got.Open || got.TurnSide != agreement.SideNobody {
			t.Errorf("the story did not end: %v, %v", got, tried)
		}
	})
}
