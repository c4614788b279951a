package desk_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
)

// colleague is somebody else of IT.
func (w *world) colleague(name, address string) auth.Actor {
	return w.person(name, address, w.agent.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
}

func (w *world) saved(by auth.Actor, n int64, d writing.Draft) writing.Draft {
	w.t.Helper()
	return must(w, func() (writing.Draft, error) { return w.desk.Writing.Save(ctx, by, n, d) })
}

func (w *world) kind(err error, want errs.Kind) {
	w.t.Helper()
	if !errs.Is(err, want) {
		w.t.Errorf("it says %v, want %v", err, want)
	}
}

// A draft is its writer's alone, of one ticket and one mode.
func TestADraftIsItsWritersAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		other := w.open("Printer").Number
		w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "Half a tho", Writer: "a", Step: 1})
		w.saved(w.agent, n, writing.Draft{Mode: writing.Note, Body: "canary: only us", Writer: "a", Step: 1})
		read := func(by auth.Actor, number int64, m writing.Mode) string {
			return must(w, func() (writing.Draft, error) { return w.desk.Writing.Draft(ctx, by, number, m) }).Body
		}
		if got := read(w.agent, n, writing.Reply); got != "Half a tho" {
			t.Errorf("the reply reads %q", got)
		}
		if got := read(w.agent, n, writing.Note); got != "canary: only us" {
			t.Errorf("the note reads %q", got)
		}
		for what, got := range map[string]string{"a colleague": read(kofi, n, writing.Reply), "another ticket": read(w.agent, other, writing.Reply)} {
			if got != "" {
				t.Errorf("%s reads %q", what, got)
			}
		}
		_, err := w.desk.Writing.Save(ctx, w.helen, n, writing.Draft{Mode: writing.Note, Body: "x"})
		w.kind(err, errs.NotFound)
		_, err = w.desk.Writing.Draft(ctx, w.helen, other+1000, writing.Reply)
		w.kind(err, errs.NotFound)
		on := must(w, func() (writing.Desk, error) { return w.desk.Writing.On(ctx, kofi.PersonID, w.get(n).ID) })
		if on.Reply.Version != 0 || on.Note.Version != 0 {
			t.Errorf("a colleague's page has the drafts %+v", on)
		}
		if all := must(w, func() ([]writing.Mine, error) { return w.desk.Writing.Mine(ctx, kofi) }); len(all) != 0 {
			t.Errorf("a colleague lists %v", all)
		}
	})
}

// Two pages of one person meet by version; one page overtakes itself by its steps.
func TestDraftsOfTwoPagesMeet(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("VPN drops").Number
		first := w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "one", Writer: "laptop", Step: 1})
		w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "one two three", Writer: "laptop", Step: 3})
		if got := w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "one two", Writer: "laptop", Step: 2, Version: first.Version}); got.Body != "one two three" {
			t.Errorf("an older save won: %q", got.Body)
		}
		kept, err := w.desk.Writing.Save(ctx, w.agent, n, writing.Draft{Mode: writing.Reply, Body: "from the phone", Writer: "phone", Step: 1, Version: first.Version})
		w.kind(err, errs.Stale)
		if kept.Body != "one two three" {
			t.Errorf("the other version is given as %q", kept.Body)
		}
		got := w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "from the phone", Writer: "phone", Step: 2, Version: kept.Version})
		if got.Body != "from the phone" || got.Version <= kept.Version {
			t.Errorf("chosen, it is %+v", got)
		}
		w.saved(w.agent, n, writing.Draft{Mode: writing.Reply, Body: "  ", Writer: "phone", Step: 3, Version: got.Version})
		if d := must(w, func() (writing.Draft, error) { return w.desk.Writing.Draft(ctx, w.agent, n, writing.Reply) }); d.Version != 0 {
			t.Errorf("an emptied draft is kept: %+v", d)
		}
	})
}

// Files belong to a person, a ticket and a mode (attacks.md rows 20 and 21).
func TestAttack21_UploadsAreBound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n, other := w.open("VPN drops").Number, w.open("Printer").Number
		f := must(w, func() (writing.File, error) {
			return w.desk.Writing.Attach(ctx, w.agent, n, writing.Note, "canary.txt", []byte("secret"))
		})
		speak := func(by auth.Actor, number int64, ids ...string) error {
			_, err := w.desk.Speak(ctx, by, desk.SpeakInput{Number: number, Body: "Here.", Written: desk.Written{Uploads: ids, Draft: true}})
			return err
		}
		note := func(by auth.Actor, number int64) error {
			_, err := w.desk.AddNote(ctx, by, desk.NoteInput{Number: number, Body: "Here.", Written: desk.Written{Uploads: []string{f.ID}}})
			return err
		}
		before := w.get(n).Version
		for what, err := range map[string]error{
			"the other mode": speak(w.agent, n, f.ID), "a colleague": note(kofi, n), "another ticket": note(w.agent, other), "no id": speak(w.agent, n, "1"),
			"detach by a colleague": w.desk.Writing.Detach(ctx, kofi, n, writing.Note, f.ID),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if got := w.get(n).Version; got != before {
			t.Errorf("something was changed: version %d, was %d", got, before)
		}
		w.check(note(w.agent, n))
		notes := must(w, func() ([]desk.Note, error) {
			l, err := w.desk.Notes(ctx, w.agent, n, "", 10)
			return l.Items, err
		})
		if len(notes) != 1 || len(notes[0].Files) != 1 || notes[0].Files[0].Name != "canary.txt" || notes[0].Files[0].ID == f.ID {
			t.Errorf("the note has %+v", notes)
		}
		w.kind(note(w.agent, n), errs.NotFound) // it is in a note now
	})
}

// Sent again under the same name, nothing is sent.
func TestSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, other := w.open("VPN drops").Number, w.open("Printer").Number
		in := desk.SpeakInput{Number: n, Body: "Restart it.", Written: desk.Written{Once: "k1"}}
		first := must(w, func() (desk.SpeakResult, error) { return w.desk.Speak(ctx, w.agent, in) })
		second := must(w, func() (desk.SpeakResult, error) { return w.desk.Speak(ctx, w.agent, in) })
		if first.Message.ID != second.Message.ID {
			t.Errorf("twice: %s and %s", first.Message.ID, second.Message.ID)
		}
		if got := w.said(n); len(got) != 2 {
			t.Errorf("the ticket says %q", got)
		}
		in.Number = other
		_, err := w.desk.Speak(ctx, w.agent, in)
		w.kind(err, errs.Conflict)
		for range 2 {
			must(w, func() (desk.Note, error) {
				return w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "Hm.", Written: desk.Written{Once: "k2"}})
			})
		}
		if l := must(w, func() (int, error) {
			p, err := w.desk.Notes(ctx, w.agent, n, "", 10)
			return len(p.Items), err
		}); l != 1 {
			t.Errorf("%d notes", l)
		}
	})
}

func (w *world) said(n int64) []string {
	w.t.Helper()
	l, err := w.desk.Messages(ctx, w.agent, n, "", 100)
	w.check(err)
	var out []string
	for _, m := range l.Items {
		out = append(out, m.Body)
	}
	return out
}

// Two people set two fields at once: both land. The same one: the second learns of the first.
func TestFieldsMerge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		was := desk.Fields(w.get(n))
		high, subject, other := "high", "VPN drops when docked", "VPN"
		only := func(names ...string) map[string]string {
			out := map[string]string{}
			for _, f := range names {
				out[f] = was[f]
			}
			return out
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Change(ctx, w.agent, desk.Act{Number: n, Was: only("impact")}, desk.Change{Impact: &high})
		})
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: n, Was: only("team", "assignee")}, w.agent.PersonID, "")
		})
		got := must(w, func() (desk.Ticket, error) {
			return w.desk.Change(ctx, kofi, desk.Act{Number: n, Was: only("subject")}, desk.Change{Subject: &subject})
		})
		if got.Subject != subject || got.Impact != desk.High || got.AssigneeID != w.agent.PersonID {
			t.Errorf("it is %+v", got)
		}
		_, err := w.desk.Change(ctx, w.agent, desk.Act{Number: n, Was: only("subject")}, desk.Change{Subject: &other})
		w.kind(err, errs.Stale)
		if e, ok := err.(*errs.E); !ok || e.Type != desk.FieldChanged || len(e.Fields) != 1 || e.Fields[0] != (errs.Field{Path: "subject", Msg: subject}) {
			t.Errorf("it names %+v", err)
		}
	})
}

// Requester and affected person can be put right; who was told so far goes on reading.
func TestPartiesChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owen := w.person("Owen Clarke", "owen@norvik.example", w.helen.OrgID, w.site.ID)
		n := w.open("VPN drops").Number
		got := must(w, func() (desk.Ticket, error) {
			return w.desk.Parties(ctx, w.agent, desk.Act{Number: n}, "owen@norvik.example", "")
		})
		if got.RequesterID != owen.PersonID || got.AffectedID != w.helen.PersonID || got.SubmitterID != w.helen.PersonID {
			t.Errorf("it is %+v", got)
		}
		got = must(w, func() (desk.Ticket, error) {
			return w.desk.Parties(ctx, w.agent, desk.Act{Number: n}, "", "owen@norvik.example")
		})
		roles := map[string]string{}
		for _, p := range must(w, func() ([]desk.Participant, error) { return w.desk.Participants(ctx, w.agent, n) }) {
			roles[p.PersonID] = p.Role
		}
		if roles[owen.PersonID] != desk.Requester || roles[w.helen.PersonID] != desk.Watcher {
			t.Errorf("they take part as %v", roles)
		}
		if _, err := w.desk.Get(ctx, w.helen, n); err != nil {
			t.Errorf("who asked before reads: %v", err)
		}
		_, err := w.desk.Parties(ctx, w.helen, desk.Act{Number: n}, "helen@norvik.example", "")
		w.kind(err, errs.Denied)
		_, err = w.desk.Parties(ctx, w.agent, desk.Act{Number: n}, "amara@it.example", "")
		w.kind(err, errs.Invalid)
	})
}

// A note that calls a colleague lets them follow; it can call nobody else.
func TestMention(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		must(w, func() (desk.Note, error) {
			return w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "@Kofi Mensah, your driver?", Mentions: []string{kofi.PersonID, w.agent.PersonID}})
		})
		parts := must(w, func() ([]desk.Participant, error) { return w.desk.Participants(ctx, w.agent, n) })
		found := false
		for _, p := range parts {
			found = found || p.PersonID == kofi.PersonID && p.Role == desk.Watcher && strings.Contains(p.Because, "Amara Okafor called them")
		}
		if !found {
			t.Errorf("taking part: %+v", parts)
		}
		owen := w.person("Owen Clarke", "owen@norvik.example", w.helen.OrgID, w.site.ID)
		_, err := w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "@Owen", Mentions: []string{owen.PersonID}})
		w.kind(err, errs.Invalid)
	})
}

// Who is here is said by the clock alone: who says nothing any more has left.
func TestPresence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		kofi := w.colleague("Kofi Mensah", "kofi@it.example")
		n := w.open("VPN drops").Number
		here := func(by auth.Actor, writes bool) []writing.Presence {
			return must(w, func() ([]writing.Presence, error) { return w.desk.Writing.Here(ctx, by, n, writes) })
		}
		if got := here(w.agent, false); len(got) != 0 {
			t.Errorf("alone, there is %v", got)
		}
		if got := here(kofi, true); len(got) != 1 || got[0].PersonID != w.agent.PersonID || got[0].Writing {
			t.Errorf("Kofi sees %v", got)
		}
		if got := here(w.agent, false); len(got) != 1 || !got[0].Writing {
			t.Errorf("Amara sees %v", got)
		}
		w.check(w.desk.Writing.Leave(ctx, kofi, n))
		if got := here(w.agent, false); len(got) != 0 {
			t.Errorf("after he left: %v", got)
		}
		here(kofi, false)
		w.clk.Advance(time.Minute)
		if got := here(w.agent, false); len(got) != 0 {
			t.Errorf("a minute later: %v", got)
		}
		_, err := w.desk.Writing.Here(ctx, w.helen, n, false)
		w.kind(err, errs.NotFound)
		w.check(w.desk.Writing.Sweep(ctx))
	})
}
