package effort_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/effort"
)

// TestP24_ADayOfFiveAgents: five agents on forty tickets, with help on each other's, walk-ups, favours and calls, then merges, splits
// and hand-overs: the minutes of each, of each kind and of each ticket add up to what was entered, before and after (pains.md 24).
func TestP24_ADayOfFiveAgents(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := rand.New(rand.NewPCG(24, 5))
		agents := []auth.Actor{w.agent}
		for _, name := range []string{"Bram", "Cleo", "Dora", "Emil"} {
			agents = append(agents, w.person(name, w.it, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere}))
		}
		ofPerson, ofKind, ofTicket := map[string]int{}, map[effort.Kind]int{}, map[int64]int{}
		note := func(by auth.Actor, n int64, k effort.Kind) desk.Work {
			m := 1 + r.IntN(45)
			ofPerson[by.PersonID], ofKind[k], ofTicket[n] = ofPerson[by.PersonID]+m, ofKind[k]+m, ofTicket[n]+m
			return desk.Work{Minutes: m, Kind: string(k), Note: "x"}
		}
		var tickets []int64
		for i := range 30 {
			n := w.open(fmt.Sprintf("Ticket %d", i))
			tickets = append(tickets, n)
			owner, helper := agents[i%5], agents[(i+1+r.IntN(4))%5] // help on others' tickets counts for who helps
			must(w.desk.Assign(ctx, owner, desk.Act{Number: n}, owner.PersonID, ""))
			must(w.desk.Speak(ctx, owner, desk.SpeakInput{Number: n, Body: "We look.", Work: note(owner, n, effort.Working)}))
			must(w.desk.AddNote(ctx, helper, desk.NoteInput{Number: n, Body: "Helped.", Work: note(helper, n, []effort.Kind{effort.Favour, effort.Travel, effort.Working}[i%3])}))
		}
		for i := range 10 { // walk-ups: a ticket each, closed on the spot
			by := agents[i%5]
			k := []effort.Kind{effort.WalkUp, effort.Favour}[i%2]
			work := note(by, 0, k)
			made := must(w.desk.Log(ctx, by, desk.LogInput{Who: w.helen.PersonID, What: "At the desk", Channel: "walk_up", Done: true, Work: work}))
			ofTicket[made.Number] = work.Minutes
			tickets = append(tickets, made.Number)
		}
		delete(ofTicket, 0)
		check := func(when string, merged map[int64]int64) {
			t.Helper()
			total, kinds := 0, map[effort.Kind]int{}
			for _, by := range agents {
				all, everybody, err := w.effort.WeekOf(ctx, w.agent, by.PersonID, w.clk.Now())
				if err != nil {
					t.Fatal(err)
				}
				if got := effort.Minutes(all); got != ofPerson[by.PersonID] {
					t.Errorf("%s: %s has %d minutes, %d were entered", when, by.Name, got, ofPerson[by.PersonID])
				}
				for _, e := range all {
					total += e.Minutes
					kinds[e.Kind] += e.Minutes
				}
				for _, s := range everybody {
					if s.PersonID == by.PersonID && s.Minutes != ofPerson[by.PersonID] {
						t.Errorf("%s: the table says %d of %s", when, s.Minutes, by.Name)
					}
				}
			}
			want := 0
			for k, m := range ofKind {
				if want += m; kinds[k] != m {
					t.Errorf("%s: %d minutes of %q, %d were entered", when, kinds[k], k, m)
				}
			}
			if total != want {
				t.Errorf("%s: %d minutes in all, %d were entered", when, total, want)
			}
			for _, n := range tickets {
				sum := ofTicket[n]
				for from, into := range merged {
					if into == n {
						sum += ofTicket[from]
					}
				}
				if got := effort.Minutes(must(w.effort.Of(ctx, w.agent, n))); got != sum {
					t.Errorf("%s: %s has %d minutes, want %d", when, desk.Ref(n), got, sum)
				}
			}
		}
		if len(tickets) != 40 {
			t.Fatalf("%d tickets", len(tickets))
		}
		check("that evening", nil)
		merged := map[int64]int64{}
		for i := range 5 {
			merged[tickets[2*i]] = tickets[2*i+1]
			must(w.desk.Merge(ctx, w.agent, desk.Act{Number: tickets[2*i]}, desk.MergeInput{Into: tickets[2*i+1]}))
		}
		check("merged", merged)
		for i := range 5 {
			n := tickets[10+i]
			said := must(w.desk.Messages(ctx, w.agent, n, "", 10)).Items
			must(w.desk.Split(ctx, w.agent, desk.Act{Number: n}, desk.SplitInput{Subject: "Else", Messages: []string{said[0].ID}}))
			must(w.desk.HandOver(ctx, w.agent, desk.Act{Number: n, Body: "Yours."}, agents[(i+1)%5].PersonID, ""))
		}
		check("split and handed over", merged)
		for from := range merged {
			must(w.desk.Unmerge(ctx, w.agent, desk.Act{Number: from}))
		}
		check("taken apart again", nil)
	})
}
