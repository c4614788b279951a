package desk_test

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/read"
	"bothways/internal/kit/errs"
)

// A node that keeps what it was told of a ticket tells of each act at once, also of another node's.
func TestStoryIsFreshOnEveryNode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("The printer is blank").Number
		here, there := read.New(w.db, w.clk, w.book), read.New(w.db, w.clk, w.book)
		other := w.open("Another").Number
		acts := []func() error{
			func() error {
				_, err := w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which one?"})
				return err
			},
			func() error {
				_, err := w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "The old one."})
				return err
			},
			func() error {
				_, err := w.desk.Tag(ctx, w.agent, desk.Act{Number: n}, []string{"printers"}, nil)
				return err
			},
			func() error { _, err := w.desk.Join(ctx, w.agent, desk.Act{Number: other}, n, "related"); return err },
			func() error {
				_, err := w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "By the door."})
				return err
			},
			func() error { w.run(); return nil },
		}
		for i, act := range acts {
			w.clk.Advance(time.Minute)
			w.check(act())
			for _, by := range []auth.Actor{w.agent, w.helen} {
				fresh, err := read.New(w.db, w.clk, w.book).Story(ctx, by, n, true)
				w.check(err)
				for name, r := range map[string]*read.Reader{"here": here, "there": there} {
					for range 2 { // as it is read, and as it is kept
						st, err := r.Story(ctx, by, n, true)
						w.check(err)
						if !reflect.DeepEqual(st.Events, fresh.Events) || !reflect.DeepEqual(st.Messages, fresh.Messages) || !reflect.DeepEqual(st.Notes, fresh.Notes) ||
							!reflect.DeepEqual(st.Links, fresh.Links) || !reflect.DeepEqual(st.Result, fresh.Result) || !reflect.DeepEqual(st.Parties, fresh.Parties) {
							t.Errorf("after act %d %s tells %s of %d events, %d messages, %d notes; there are %d, %d, %d", i, name, by.Name, len(st.Events), len(st.Messages),
								len(st.Notes), len(fresh.Events), len(fresh.Messages), len(fresh.Notes))
						}
					}
				}
			}
		}
	})
}

// What is kept for who may read everything shows others no more than before.
func TestStoryKeptIsNobodyElses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.open("The printer is blank").Number
		must(w, func() (desk.Note, error) {
			return w.desk.AddNote(ctx, w.agent, desk.NoteInput{Number: n, Body: "Canary in a note."})
		})
		r := read.New(w.db, w.clk, w.book)
		stranger := w.person("Otto Other", "otto@norvik.example", w.helen.OrgID, "")
		made := map[string]any{}
		for range 2 {
			for _, by := range []auth.Actor{w.agent, w.helen} {
				st, err := r.Story(ctx, by, n, true)
				w.check(err)
				notes := 0
				for _, e := range st.Events {
					if e.Note {
						notes++
					}
				}
				if staff := by.PersonID == w.agent.PersonID; (len(st.Notes) > 0) != staff || (notes > 0) != staff {
					t.Errorf("%s is told of %d notes and %d events of notes", by.Name, len(st.Notes), notes)
				}
				got := st.Made(func() any { return fmt.Sprint(by.Name, " ", len(st.Events)) })
				if made[by.Name] == nil {
					made[by.Name] = got
				}
				if got != made[by.Name] {
					t.Errorf("of the events of %s %v was made, then %v", by.Name, made[by.Name], got)
				}
			}
			if _, err := r.Story(ctx, stranger, n, true); !errs.Is(err, errs.NotFound) {
				t.Errorf("a stranger reads it: %v", err)
			}
		}
		if made[w.agent.Name] == made[w.helen.Name] {
			t.Errorf("both were given %v", made[w.helen.Name])
		}
		// who loses the right reads nothing more, though all of it is kept
		p := w.agent
		p.Grants = nil
		if _, err := r.Story(ctx, p, n, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("who has no right any more reads it: %v", err)
		}
	})
}

// What is kept stays within its bounds, and readers at once disturb nobody.
func TestStoryKeptByManyReaders(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all []int64
		for i := range 12 {
			all = append(all, w.open(fmt.Sprintf("Printer %d", i)).Number)
		}
		r := read.New(w.db, w.clk, w.book)
		var wait sync.WaitGroup
		for k := range 4 {
			wait.Go(func() {
				for i := range 60 {
					n := all[(i*7+k)%len(all)]
					by := w.agent
					if k%2 == 1 {
						by = w.helen
					}
					st, err := r.Story(ctx, by, n, true)
					if err != nil || st.Ticket.Number != n || len(st.Messages) != 1 {
						t.Errorf("%d reads %d with %d messages: %v", n, st.Ticket.Number, len(st.Messages), err)
					}
				}
			})
		}
		wait.Wait()
	})
}

// Whoever asks is shown their newest tickets, whether they asked or it is for them, and none that the actor may not read.
func TestEarlierOfARequester(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		otto := w.person("Otto Other", "otto@norvik.example", w.helen.OrgID, "")
		var mine []int64
		for i := range 5 {
			mine = append(mine, w.open(fmt.Sprintf("Printer %d", i)).Number)
		}
		for who, by := range map[string]auth.Actor{"helen@norvik.example": w.agent, "otto@norvik.example": w.agent} {
			made := must(w, func() (desk.Ticket, error) {
				return w.desk.Open(ctx, by, desk.OpenInput{Kind: "incident", Subject: "For Helen", Description: "x", Requester: who, Affected: "helen@norvik.example"})
			})
			mine = append(mine, made.Number)
		}
		numbers := func(by auth.Actor, limit int) []int64 {
			var out []int64
			for _, b := range must(w, func() ([]read.Brief, error) { return w.desk.Earlier(ctx, by, w.helen.PersonID, limit) }) {
				out = append(out, b.Number)
			}
			return out
		}
		slices.Reverse(mine)
		if got := numbers(w.agent, 20); !slices.Equal(got, mine) {
			t.Errorf("an agent is shown %v of %v", got, mine)
		}
		if got := numbers(w.agent, 3); !slices.Equal(got, mine[:3]) {
			t.Errorf("the newest three are %v of %v", got, mine)
		}
		if got := numbers(otto, 20); len(got) != 1 {
			t.Errorf("who asked for one of them is shown %v", got)
		}
	})
}
