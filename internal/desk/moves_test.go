package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func TestHandOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		team := must(w, func() (people.Team, error) {
			return w.peo.CreateTeam(ctx, auth.SystemActor(), people.TeamInput{Name: "Network", Kind: people.RegionalTeam})
		})
		bram := w.person("Bram", "bram@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Team, ScopeID: team.ID})
		_, err := w.desk.HandOver(ctx, w.agent, desk.Act{Number: n}, "", "Network")
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "") {
			t.Fatalf("without a note: %v", err)
		}
		_, err = w.desk.HandOver(ctx, w.agent, desk.Act{Number: n, Body: "x"}, "helen@norvik.example", "")
		w.refused("to a customer", n, err)
		got := must(w, func() (desk.Ticket, error) {
			return w.desk.HandOver(ctx, w.agent, desk.Act{Number: n, Body: "CANARY: port 4 flaps"}, "bram@it.example", "Network")
		})
		if got.TeamID != team.ID || got.AssigneeID != bram.PersonID || got.TurnSide != agreement.SideProvider || got.TurnParty != team.ID {
			t.Fatalf("%+v", got)
		}
		if got.State != desk.New {
			t.Errorf("it is new to who has it now: %s", got.State)
		}
		w.say(w.helen, n, "Any news?")
		if got := w.get(n); got.State != desk.New {
			t.Errorf("until they do something: %s", got.State)
		}
		must(w, func() (desk.Note, error) { return w.desk.AddNote(ctx, bram, desk.NoteInput{Number: n, Body: "On it."}) })
		if got := w.get(n); got.State != desk.InProgress {
			t.Errorf("then it is in progress: %s", got.State)
		}
		notes := must(w, func() ([]desk.Note, error) {
			l, err := w.desk.Notes(ctx, bram, n, "", 10)
			return l.Items, err
		})
		if len(notes) != 2 || notes[0].Body != "CANARY: port 4 flaps" {
			t.Fatalf("what they need to know: %v", notes)
		}
		for _, e := range must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.helen, n) }) {
			if strings.Contains(e.Data, notes[0].ID) {
				t.Errorf("the customer is told of a note: %s", e.Data)
			}
		}
		for _, m := range w.post.sent {
			if strings.Contains(m.Body, "CANARY") {
				t.Errorf("mailed: %s", m.Body)
			}
		}
		_, err = w.desk.HandOver(ctx, bram, desk.Act{Number: n, Body: "again"}, "bram@it.example", "Network")
		w.refused("to who has it", n, err)
	})
}

func TestTags(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.open("One").Number, w.open("Two").Number
		tag := func(n int64, add, remove []string) error {
			_, err := w.desk.Tag(ctx, w.agent, desk.Act{Number: n}, add, remove)
			return err
		}
		of := func(n int64) string {
			return strings.Join(must(w, func() ([]string, error) { return w.desk.Tags(ctx, w.agent, n) }), ",")
		}
		w.check(tag(a, []string{"#Dock Firmware", "vpn", "VPN"}, nil))
		w.check(tag(b, []string{"dock   firmware", "vpns"}, nil))
		if of(a) != "Dock Firmware,vpn" || of(b) != "Dock Firmware,vpns" {
			t.Fatalf("one tag however it is written: %q %q", of(a), of(b))
		}
		if err := tag(a, []string{"…", strings.Repeat("x", 50)}, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("no word: %v", err)
		}
		used := must(w, func() ([]string, error) {
			all, err := w.desk.KnownTags(ctx, w.agent, "DOC")
			var out []string
			for _, u := range all {
				out = append(out, u.Label)
			}
			return out, err
		})
		if !slices.Equal(used, []string{"Dock Firmware"}) {
			t.Errorf("suggested: %v", used)
		}
		if _, err := w.desk.RenameTag(ctx, w.agent, "vpns", "vpn"); !errs.Is(err, errs.Denied) {
			t.Errorf("an agent renames: %v", err)
		}
		if n := must(w, func() (int64, error) { return w.desk.RenameTag(ctx, auth.SystemActor(), "vpns", "VPN") }); n != 1 || of(a) != "Dock Firmware,VPN" || of(b) != "Dock Firmware,VPN" {
			t.Errorf("renamed on %d: %q %q", n, of(a), of(b))
		}
		if n := must(w, func() (int64, error) { return w.desk.RenameTag(ctx, auth.SystemActor(), "vpn", "dock firmware") }); of(a) != "dock firmware" || of(b) != "dock firmware" {
			t.Errorf("joined on %d: %q %q", n, of(a), of(b))
		}
		w.check(tag(a, nil, []string{"DOCK firmware"}))
		if of(a) != "" {
			t.Errorf("taken off: %q", of(a))
		}
		if _, err := w.desk.Tags(ctx, w.helen, b); !errs.Is(err, errs.NotFound) {
			t.Errorf("a customer reads tags: %v", err)
		}
		for _, e := range must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.helen, b) }) {
			if e.Kind == "tagged" {
				t.Error("a customer is told of tags")
			}
		}
	})
}

func TestSplit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		w.advance(time.Hour)
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "By the way, I need a new mouse.", Files: []desk.Upload{{Name: "mouse.txt", Body: []byte("mouse")}}})
		})
		w.say(w.agent, n, "We look at the VPN.")
		all := w.messages(n)
		before := w.turns(n)
		_, err := w.desk.Split(ctx, w.agent, desk.Act{Number: n}, desk.SplitInput{Subject: "x", Messages: []string{all[2].ID}})
		w.refused("with words of IT alone", n, err)
		made := must(w, func() (desk.Ticket, error) {
			return w.desk.Split(ctx, w.agent, desk.Act{Number: n}, desk.SplitInput{Subject: "New mouse", Messages: []string{all[2].ID, all[1].ID}})
		})
		w.run()
		got := w.messages(made.Number)
		if len(got) != 2 || got[0].Body != all[1].Body || got[0].AuthorID != w.helen.PersonID || !got[0].MadeAt.Equal(all[1].MadeAt) || len(got[0].Files) != 1 || got[1].Side != "provider" {
			t.Fatalf("%+v", got)
		}
		if made.RequesterID != w.helen.PersonID || made.TurnSide != agreement.SideProvider || w.turns(made.Number) != "provider" {
			t.Errorf("%+v", made)
		}
		if len(w.messages(n)) != 3 || w.turns(n) != before {
			t.Error("what was said stays, and so does what is owed")
		}
		if l := w.links(made.Number); len(l) != 1 || l[0].Other != n || l[0].Kind != "follows" {
			t.Errorf("links: %v", l)
		}
		if f, r, err := w.desk.OpenFile(ctx, w.helen, made.Number, got[0].Files[0].ID); err != nil || f.Name != "mouse.txt" || r == nil {
			t.Errorf("its file: %v %v", f, err)
		}
		_, err = w.desk.Unlink(ctx, w.agent, desk.Act{Number: n}, made.Number)
		w.check(err)
		if l := w.links(made.Number); len(l) != 0 {
			t.Errorf("unlinked: %v", l)
		}
		_, err = w.desk.Unlink(ctx, w.agent, desk.Act{Number: n}, made.Number)
		w.refused("unlinked twice", n, err)
	})
}

func TestAWaitNeedsTheCustomersWord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var until time.Time
		propose := func() int64 {
			until = w.clk.Now().Add(72 * time.Hour)
			n := w.open("New dock").Number
			must(w, func() (desk.SpeakResult, error) { return w.desk.ProposeWait(ctx, w.agent, desk.Act{Number: n}, until) })
			w.run()
			if got := w.get(n); got.TurnSide != agreement.SideCustomer {
				t.Fatalf("asked, it is their turn: %v", got)
			}
			w.advance(time.Hour)
			return n
		}
		for body, want := range map[string]string{
			"Yes": "provider customer provider nobody", "ok, thanks": "provider customer provider nobody",
			"Yes, wait until Friday instead": "provider customer provider", "No, I need it now.": "provider customer provider",
		} {
			n := propose()
			w.say(w.helen, n, body)
			if got := w.turns(n); got != want {
				t.Errorf("%q: %s, want %s", body, got, want)
			}
		}
		n := propose()
		must(w, func() (desk.Ticket, error) { return w.desk.AgreeToWait(ctx, w.helen, desk.Act{Number: n}) })
		if got := w.get(n); got.State != desk.Scheduled {
			t.Errorf("one tap: %v", got)
		}
		_, err := w.desk.AgreeToWait(ctx, w.helen, desk.Act{Number: n})
		w.refused("twice", n, err)
		w.advance(until.Sub(w.clk.Now()) + time.Minute)
		if got := w.get(n); got.TurnSide != agreement.SideProvider {
			t.Errorf("the day has come: %v", got)
		}
		n = propose()
		_, err = w.desk.AgreeToWait(ctx, w.agent, desk.Act{Number: n})
		w.refused("IT agrees with itself", n, err)
		w.receive("From: helen@norvik.example\nTo: " + w.replyTo(n) + "\nSubject: Re: x\nMessage-ID: <ok@norvik.example>\n\nYes.\n")
		if got := w.get(n); got.State != desk.Scheduled {
			t.Errorf("by mail: %v", got)
		}
	})
}

func TestLogACall(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		log := func(l desk.LogInput) desk.Ticket {
			t.Helper()
			got := must(w, func() (desk.Ticket, error) { return w.desk.Log(ctx, w.agent, l) })
			w.run()
			return got
		}
		got := log(desk.LogInput{Who: "helen@norvik.example", What: "Mouse is dead\nShe needs it at noon."})
		if got.Subject != "Mouse is dead" || got.Channel != "phone" || got.RequesterID != w.helen.PersonID || got.SubmitterID != w.agent.PersonID || got.TurnSide != agreement.SideProvider {
			t.Errorf("%+v", got)
		}
		if n := len(w.post.to("helen@norvik.example")); n != 1 {
			t.Errorf("%d mails: they are told of the ticket", n)
		}
		_, err := w.desk.Log(ctx, w.agent, desk.LogInput{Who: "helen@norvik.example", What: "Password", Done: true})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("done in no time: %v", err)
		}
		done := desk.LogInput{Who: w.helen.PersonID, What: "Reset a password", Channel: "walk_up", Done: true, Work: desk.Work{Minutes: 5}}
		before := w.count()
		done.Work.Minutes = -1
		if _, err := w.desk.Log(ctx, w.agent, done); !errs.Is(err, errs.Invalid) || w.count() != before {
			t.Errorf("minutes that are none: %v", err)
		}
		done.Work.Minutes = 5
		got = log(done)
		if got.State != desk.Closed || got.Channel != "walk_up" || w.turns(got.Number) != "provider customer nobody" {
			t.Errorf("%v: %s", got, w.turns(got.Number))
		}
		if o := w.obligation(got.Number, agreement.MetricResolution); o.State != agreement.StateMet {
			t.Errorf("%+v", o)
		}
		if o := w.obligation(got.Number, agreement.MetricConfirm); o.State != agreement.StateVoid {
			t.Errorf("nobody confirmed: %+v", o)
		}
		if n := len(w.post.to("helen@norvik.example")); n != 0 {
			t.Errorf("%d mails without asking for one", n)
		}
		done.Tell = true
		log(done)
		if mails := w.post.to("helen@norvik.example"); len(mails) != 1 || !strings.Contains(mails[0].Body, "It is done") || strings.Contains(mails[0].Body, "password") {
			t.Errorf("told: %v", mails)
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Reopen(ctx, w.helen, desk.Act{Number: got.Number, Body: "No."})
		})
		unknown := log(desk.LogInput{Name: "Bob from Lund", What: "Which number is the desk?"})
		if unknown.OrgID == w.helen.OrgID || !strings.HasPrefix(w.messages(unknown.Number)[0].Body, "From Bob from Lund:") {
			t.Errorf("%+v", unknown)
		}
		w.say(w.agent, unknown.Number, "It is 4711.")
		for _, m := range w.post.sent {
			if strings.Contains(m.Recipient, "invalid") {
				t.Errorf("mailed to nobody: %+v", m)
			}
		}
		if _, err := w.desk.Log(ctx, w.helen, desk.LogInput{What: "x"}); err == nil {
			t.Error("a customer logs calls")
		}
	})
}

// TestANoteOfACallMovesTurns: what they said, as their mail would; what we said, at once.
func TestANoteOfACallMovesTurns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		w.advance(10 * time.Minute)
		call := func(body string, c desk.CallInput) desk.Message {
			t.Helper()
			m := must(w, func() (desk.SpeakResult, error) {
				return w.desk.NoteCall(ctx, w.agent, desk.Act{Number: n, Body: body}, c)
			}).Message
			w.advance(10 * time.Minute)
			return m
		}
		call("Which dock?", desk.CallInput{Ours: true, Question: &desk.QuestionInput{Need: "the model"}})
		m := call("A WD19.", desk.CallInput{})
		if m.AuthorID != w.helen.PersonID || m.Channel != "phone" || m.Side != "customer" {
			t.Errorf("%+v", m)
		}
		if got := w.turns(n); got != "provider customer provider" {
			t.Errorf("turns: %s", got)
		}
		events := must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, n) })
		said := events[slices.IndexFunc(events, func(e desk.Event) bool { return e.Seq == m.EventSeq })]
		if said.Actor != w.agent.PersonID || said.Behalf != w.helen.PersonID || said.Channel != "phone" {
			t.Errorf("who wrote it for whom: %+v", said)
		}
		told := false
		for _, mail := range w.post.to("helen@norvik.example") {
			told = told || mail.Kind == "noted" && !strings.Contains(mail.Body, "WD19") && strings.Contains(mail.Body, "Amara Okafor noted")
		}
		if !told {
			t.Error("nothing is said in her name behind her back")
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "New firmware."})
		})
		w.run()
		call("Yes, it works.", desk.CallInput{})
		if got := w.get(n); got.State != desk.Closed {
			t.Errorf("%v", got)
		}
		call("It dropped again.", desk.CallInput{})
		if got := w.get(n); !got.Open || got.TurnSide != agreement.SideProvider {
			t.Errorf("reopened as by mail: %v", got)
		}
		w.turns(n)
	})
}

func TestSetAsideIsLookedAtAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.receive("From: spam@shop.example\nTo: desk@norvik.example\nSubject: win\nMessage-ID: <s@shop.example>\n\nClick.\n")
		n := w.newest().Number
		_, err := w.desk.LookedAt(ctx, w.agent, desk.Act{Number: n})
		w.refused("an open one", n, err)
		must(w, func() (desk.Ticket, error) { return w.desk.DiscardAsNoTicket(ctx, w.agent, desk.Act{Number: n}) })
		if _, err := w.desk.LookedAt(ctx, w.agent, desk.Act{Number: n}); !errs.Is(err, errs.Denied) {
			t.Errorf("who set it aside looks again: %v", err)
		}
		bram := w.person("Bram", "bram@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		must(w, func() (desk.Ticket, error) { return w.desk.LookedAt(ctx, bram, desk.Act{Number: n}) })
		if l := must(w, func() (any, error) { return w.desk.Looked(ctx, w.agent, n) }); l == nil {
			t.Error("nobody looked")
		}
		w.advance(29 * 24 * time.Hour)
		must(w, func() (desk.Ticket, error) { return w.desk.RestoreTicket(ctx, bram, desk.Act{Number: n}) })
		if got := w.get(n); !got.Open || got.TurnSide != agreement.SideProvider {
			t.Errorf("%v", got)
		}
		must(w, func() (desk.Ticket, error) { return w.desk.DiscardAsNoTicket(ctx, w.agent, desk.Act{Number: n}) })
		w.advance(31 * 24 * time.Hour)
		_, err = w.desk.RestoreTicket(ctx, bram, desk.Act{Number: n})
		w.refused("after 30 days", n, err)
	})
}
