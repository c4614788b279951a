package desk_test

import (
	"fmt"
	"reflect"
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

func (w *world) merge(number, into int64) {
	w.t.Helper()
	must(w, func() (desk.Ticket, error) {
		return w.desk.Merge(ctx, w.agent, desk.Act{Number: number}, desk.MergeInput{Into: into})
	})
	w.run()
}

func (w *world) unmerge(number int64) {
	w.t.Helper()
	must(w, func() (desk.Ticket, error) { return w.desk.Unmerge(ctx, w.agent, desk.Act{Number: number}) })
	w.run()
}

func (w *world) say(by auth.Actor, number int64, body string) {
	w.t.Helper()
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, by, desk.SpeakInput{Number: number, Body: body})
	})
	w.run()
}

// cached says how a ticket's row differs from what its events give.
func (w *world) cached(number int64) string {
	w.t.Helper()
	moved := must(w, func() ([]desk.Moved, error) { return w.desk.Rederive(ctx, false) })
	for _, m := range moved {
		if m.Number == number {
			return fmt.Sprintf("%+v", m)
		}
	}
	return ""
}

func (w *world) watchers(number int64) string {
	w.t.Helper()
	var out []string
	for _, p := range must(w, func() ([]desk.Participant, error) { return w.desk.Participants(ctx, auth.SystemActor(), number) }) {
		out = append(out, p.Role+":"+p.PersonID+":"+p.Because)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (w *world) links(number int64) []desk.Link {
	w.t.Helper()
	return must(w, func() ([]desk.Link, error) { return w.desk.Links(ctx, w.agent, number) })
}

// TestP41_MergeAndUnmerge: merge, five messages, unmerge: both tickets equal their event logs; clocks, watchers and links are right
// both ways (pains.md 41).
func TestP41_MergeAndUnmerge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, other := w.open("VPN drops").Number, w.open("Something else").Number
		w.advance(30 * time.Minute)
		b := w.open("VPN still drops").Number
		must(w, func() (desk.Ticket, error) {
			return w.desk.Watch(ctx, w.agent, desk.Act{Number: b}, "amara@it.example", true)
		})
		must(w, func() (desk.Ticket, error) { return w.desk.Join(ctx, w.agent, desk.Act{Number: b}, other, "related") })
		people, joined := w.watchers(b), w.links(b)
		w.advance(30 * time.Minute)
		w.merge(b, a)
		if got := w.get(b); got.State != desk.Merged || got.Open || got.TurnSide != agreement.SideProvider {
			t.Fatalf("merged: %v", got)
		}
		if into := must(w, func() (desk.Ticket, error) { return w.desk.Survivor(ctx, w.helen, b) }); into.Number != a {
			t.Fatalf("goes on in %v", into)
		}
		for i := range 5 { // by mail to either, on the page, by IT
			w.advance(10 * time.Minute)
			switch i {
			case 0:
				w.say(w.helen, a, "It dropped again.")
			case 1:
				w.say(w.agent, a, "We look at it.")
			case 2:
				w.ask(a, "Which dock?", "the model")
			case 3:
				w.receive("From: helen@norvik.example\nTo: " + w.replyTo(b) + "\nSubject: Re: x\nMessage-ID: <m5@norvik.example>\n\nA WD19.\n")
			case 4:
				w.say(w.agent, a, "Thank you.")
			}
		}
		if got := len(w.messages(a)); got != 6 {
			t.Fatalf("%d messages on %s: what is written to either lands there", got, desk.Ref(a))
		}
		if got := len(w.messages(b)); got != 1 {
			t.Fatalf("%d messages on %s", got, desk.Ref(b))
		}
		for n, want := range map[int64]string{a: "provider customer provider", b: "provider customer provider"} {
			if got := w.turns(n); got != want {
				t.Errorf("%s: %s, want %s", desk.Ref(n), got, want)
			}
			if d := w.cached(n); d != "" {
				t.Errorf("%s is not as its events say: %s", desk.Ref(n), d)
			}
		}
		if o := w.obligation(b, agreement.MetricFirstResponse); o.State != agreement.StateMet {
			t.Errorf("the words of IT reached who asked, in %s: %+v", desk.Ref(a), o)
		}
		w.post.sent = nil
		w.unmerge(b)
		w.advance(10 * time.Minute)
		if got := w.post.to("helen@norvik.example"); len(got) != 1 || !strings.Contains(got[0].Body, desk.Ref(b)+" goes on by itself again") {
			t.Errorf("who was told of the merge is told that it is taken back: %v", got)
		}
		got := w.get(b)
		if !got.Open || got.TurnSide != agreement.SideProvider || got.State == desk.Merged {
			t.Fatalf("unmerged: %v", got)
		}
		if w.watchers(b) != people || !reflect.DeepEqual(w.links(b), joined) {
			t.Errorf("people %s\nwant   %s\nlinks %v want %v", w.watchers(b), people, w.links(b), joined)
		}
		if got := len(w.messages(a)); got != 6 {
			t.Errorf("%d messages: what was filed stays where it was filed", got)
		}
		if got := w.turns(b); got != "provider" {
			t.Errorf("a merge that is taken back was IT's time: %s", got)
		}
		if o := w.obligation(b, agreement.MetricFirstResponse); o.State != agreement.StateRunning && o.State != agreement.StateBreached {
			t.Errorf("nobody has answered this one: %+v", o)
		}
		for _, n := range []int64{a, b} {
			w.turns(n)
			if d := w.cached(n); d != "" {
				t.Errorf("%s is not as its events say: %s", desk.Ref(n), d)
			}
		}
		w.say(w.helen, b, "It is the other VPN.")
		if len(w.messages(b)) != 2 || len(w.messages(a)) != 6 {
			t.Error("after it, each is its own")
		}
	})
}

// replyTo is the reply address of the newest mail to Helen on a ticket.
func (w *world) replyTo(number int64) string {
	w.t.Helper()
	for i := len(w.post.sent) - 1; i >= 0; i-- {
		if m := w.post.sent[i]; m.Recipient == "helen@norvik.example" && m.TicketID == w.get(number).ID {
			return m.ReplyTo
		}
	}
	w.t.Fatalf("no mail of %s", desk.Ref(number))
	return ""
}

// TestAttack42_NothingIsGainedByAMerge: a promise that is nearly broken goes on counting, and one that is broken stays so.
func TestAttack42_NothingIsGainedByAMerge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		old := w.open("VPN drops").Number
		w.advance(24 * time.Hour)
		before := w.obligation(old, agreement.MetricResolution)
		broken := w.obligation(old, agreement.MetricFirstResponse)
		if broken.State != agreement.StateBreached {
			t.Fatalf("the story needs a broken promise: %+v", broken)
		}
		fresh := w.open("VPN").Number
		w.ask(fresh, "Which dock?", "the model") // a ticket whose clock stands
		w.merge(old, fresh)
		if got := w.get(fresh); got.TurnSide != agreement.SideProvider {
			t.Errorf("IT owed an answer on one of them: %s", got.TurnSide)
		}
		if got, due := w.get(fresh), w.get(old).DueAt; !got.DueAt.Equal(due) || due.IsZero() {
			t.Errorf("the queue shows the promise that breaks first: %v, want %v", got.DueAt, due)
		}
		w.advance(time.Hour)
		after := w.obligation(old, agreement.MetricResolution)
		if after.Used != before.Used+int64(time.Hour/time.Second) {
			t.Errorf("used %d before and %d an hour after the merge", before.Used, after.Used)
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.agent, desk.Act{Number: fresh, Body: "New firmware."})
		})
		w.run()
		must(w, func() (desk.Ticket, error) { return w.desk.Confirm(ctx, w.helen, desk.Act{Number: fresh}) })
		if got := w.get(old); got.State != desk.Merged || got.TurnSide != agreement.SideNobody {
			t.Errorf("it ends when the other ends: %v", got)
		}
		if o := w.obligation(old, agreement.MetricFirstResponse); o.State != agreement.StateBreached {
			t.Errorf("a merge cleared a broken promise: %+v", o)
		}
		_, err := w.desk.Reopen(ctx, w.helen, desk.Act{Number: old, Body: "no"})
		w.refused("reopening what goes on elsewhere", old, err)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Reopen(ctx, w.helen, desk.Act{Number: fresh, Body: "It drops."})
		})
		if got := w.get(old); got.TurnSide != agreement.SideProvider {
			t.Errorf("reopened there, it is IT's turn here: %v", got)
		}
		w.turns(old)
	})
}

func TestMergeRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.open("One").Number, w.open("Two").Number
		c := w.open("Three").Number
		try := func(what, reason string, number, into int64) {
			t.Helper()
			_, err := w.desk.Merge(ctx, w.agent, desk.Act{Number: number}, desk.MergeInput{Into: into})
			e, _ := err.(*errs.E)
			if e == nil || e.Kind == errs.Internal || reason != "" && e.Type != reason {
				t.Errorf("%s: %v", what, err)
			}
		}
		try("itself", "", a, a)
		w.merge(b, a)
		try("twice", "merged-already", b, c)
		try("into a merged one", "merged-already", c, b)
		try("with others in it", "others-merged-here", a, c)
		w.unmerge(b)
		_, err := w.desk.Unmerge(ctx, w.agent, desk.Act{Number: b})
		w.refused("unmerged twice", b, err)
		must(w, func() (desk.Ticket, error) { return w.desk.Resolve(ctx, w.agent, desk.Act{Number: b, Body: "Done."}) })
		w.run()
		try("a solution waits", "solution-waits", b, a)
		must(w, func() (desk.Ticket, error) { return w.desk.Confirm(ctx, w.helen, desk.Act{Number: b}) })
		try("ended", "ticket-ended", b, a)
		w.merge(c, a)
		must(w, func() (desk.Ticket, error) { return w.desk.Unmerge(ctx, w.helen, desk.Act{Number: c}) })
		if got := w.get(c); !got.Open {
			t.Errorf("who asked can say that it is another matter: %v", got)
		}
	})
}

// TestAttack30_MergeShowsNobodyWhatIsNotTheirs: content keeps its own readers, and what one can't see does not exist.
func TestAttack30_MergeShowsNobodyWhatIsNotTheirs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		orgID := w.helen.OrgID
		rita := w.person("Rita Vance", "rita@norvik.example", orgID, w.site.ID)
		otto := must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Other", Kind: people.Customer})
		})
		olga := w.person("Olga", "olga@other.example", otto.ID, "")
		openAs := func(by auth.Actor, subject string) int64 {
			return must(w, func() (desk.Ticket, error) {
				return w.desk.Open(ctx, by, desk.OpenInput{Subject: subject, Description: "CANARY-" + subject})
			}).Number
		}
		hers, ritas, olgas := openAs(w.helen, "hers"), openAs(rita, "ritas"), openAs(olga, "olgas")
		reads := func(by auth.Actor, number int64) bool { _, err := w.desk.Get(ctx, by, number); return err == nil }
		if _, err := w.desk.Merge(ctx, w.agent, desk.Act{Number: ritas}, desk.MergeInput{Into: hers}); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "Rita Vance") {
			t.Errorf("two people's: %v", err)
		}
		if _, err := w.desk.Merge(ctx, w.agent, desk.Act{Number: olgas}, desk.MergeInput{Into: hers, Shared: true}); !errs.Is(err, errs.Conflict) {
			t.Errorf("two organisations': %v", err)
		}
		if reads(rita, hers) || reads(w.helen, ritas) || reads(olga, hers) {
			t.Fatal("a refusal let somebody in")
		}
		w.check(func() error {
			_, err := w.desk.Merge(ctx, w.agent, desk.Act{Number: ritas}, desk.MergeInput{Into: hers, Shared: true})
			return err
		}())
		if !reads(rita, hers) || !reads(w.helen, ritas) {
			t.Error("who was named reads both")
		}
		shown := must(w, func() ([]desk.Ticket, error) { return w.desk.Merged(ctx, w.helen, hers) })
		if len(shown) != 1 {
			t.Errorf("%v", shown)
		}
		if _, err := w.desk.Notes(ctx, rita, hers, "", 10); !errs.Is(err, errs.NotFound) {
			t.Errorf("notes: %v", err)
		}
		w.unmerge(ritas)
		if reads(rita, hers) || reads(w.helen, ritas) {
			t.Error("taken back, each reads their own again")
		}
		// somebody of IT who reaches one of them alone
		local := w.person("Local", "local@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: w.site.ID})
		for what, err := range map[string]error{
			"merge into what they can't see": second(w.desk.Merge(ctx, local, desk.Act{Number: hers}, desk.MergeInput{Into: olgas})),
			"merge of what they can't see":   second(w.desk.Merge(ctx, local, desk.Act{Number: olgas}, desk.MergeInput{Into: hers})),
			"link":                           second(w.desk.Join(ctx, local, desk.Act{Number: hers}, olgas, "related")),
			"unlink":                         second(w.desk.Unlink(ctx, local, desk.Act{Number: hers}, olgas)),
			"split":                          second(w.desk.Split(ctx, local, desk.Act{Number: hers}, desk.SplitInput{Subject: "x", Messages: []string{w.messages(olgas)[0].ID}})),
			"unmerge":                        second(w.desk.Unmerge(ctx, local, desk.Act{Number: olgas})),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		// a customer sees the parent by no link of the child
		must(w, func() (desk.Ticket, error) {
			return w.desk.Join(ctx, w.agent, desk.Act{Number: hers}, olgas, "follows")
		})
		if got := must(w, func() ([]desk.Link, error) { return w.desk.Links(ctx, w.helen, hers) }); len(got) != 0 {
			t.Errorf("links of others: %v", got)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestAttack29_WhoMayReadMovesNothing: every move is refused to who only reads, one by one.
func TestAttack29_WhoMayReadMovesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.open("One").Number, w.open("Two").Number
		auditor := w.person("Auditor", "audit@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Auditor, Scope: auth.Everywhere})
		c := desk.Act{Number: a, Body: "x", Reason: "x"}
		for what, err := range map[string]error{
			"hand over":    second(w.desk.HandOver(ctx, auditor, c, "", "")),
			"merge":        second(w.desk.Merge(ctx, auditor, c, desk.MergeInput{Into: b})),
			"unmerge":      second(w.desk.Unmerge(ctx, auditor, c)),
			"split":        second(w.desk.Split(ctx, auditor, c, desk.SplitInput{Subject: "x", Messages: []string{w.messages(a)[0].ID}})),
			"link":         second(w.desk.Join(ctx, auditor, c, b, "")),
			"unlink":       second(w.desk.Unlink(ctx, auditor, c, b)),
			"tag":          second(w.desk.Tag(ctx, auditor, c, []string{"x"}, nil)),
			"propose wait": second(w.desk.ProposeWait(ctx, auditor, c, w.clk.Now().Add(time.Hour))),
			"note a call":  second(w.desk.NoteCall(ctx, auditor, c, desk.CallInput{})),
			"restore":      second(w.desk.RestoreTicket(ctx, auditor, c)),
			"look":         second(w.desk.LookedAt(ctx, auditor, c)),
			"rename a tag": second(w.desk.RenameTag(ctx, auditor, "x", "y")),
		} {
			if k := errs.KindOf(err); err == nil || k != errs.Denied && !(what == "unmerge" && k == errs.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
			if err := second(w.desk.Tag(ctx, w.helen, c, []string{"x"}, nil)); !errs.Is(err, errs.Denied) {
				t.Errorf("a customer tags: %v", err)
			}
		}
		if d := w.desk; len(must(w, func() ([]string, error) { return d.Tags(ctx, w.agent, a) })) != 0 {
			t.Error("something was moved")
		}
	})
}
