package desk_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/record"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

// TestMergesKeepEveryLedger: whatever is merged, taken back, said and asked, turns have no gap, add up, and rows equal their events.
func TestMergesKeepEveryLedger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(r *rapid.T) {
			var all []int64
			for i := range 3 {
				all = append(all, w.open(fmt.Sprint("Matter ", i)).Number)
			}
			pick := func(name string) int64 { return rapid.SampledFrom(all).Draw(r, name) }
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				w.advance(time.Duration(rapid.IntRange(1, 300).Draw(r, "minutes")) * time.Minute)
				n := pick("ticket")
				var err error
				switch rapid.IntRange(0, 8).Draw(r, "what") {
				case 0, 1:
					_, err = w.desk.Merge(ctx, w.agent, desk.Act{Number: n}, desk.MergeInput{Into: pick("into")})
				case 2:
					_, err = w.desk.Unmerge(ctx, w.agent, desk.Act{Number: n})
				case 3:
					_, err = w.desk.Speak(ctx, w.helen, desk.SpeakInput{Number: n, Body: "It drops still."})
				case 4:
					_, err = w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which?", Question: &desk.QuestionInput{Need: "the model"}})
				case 5:
					_, err = w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "Done."})
				case 6:
					_, err = w.desk.Confirm(ctx, w.helen, desk.Act{Number: n})
				case 7:
					_, err = w.desk.ReturnQuestion(ctx, w.helen, desk.Act{Number: n, Body: "You had it."})
				case 8:
					_, err = w.desk.Reopen(ctx, w.helen, desk.Act{Number: n, Body: "No."})
				}
				if errs.Is(err, errs.Internal) {
					r.Fatalf("%v", err)
				}
				w.run()
			}
			for _, n := range all {
				w.turns(n)
				if merged, now := w.get(n).State == desk.Merged, w.merged(n); merged != now {
					r.Errorf("%s: merged %v, %v", desk.Ref(n), merged, now)
				}
			}
			if moved := must(w, func() ([]desk.Moved, error) { return w.desk.Rederive(ctx, false) }); len(moved) > 0 {
				r.Errorf("rows differ from their events: %+v", moved)
			}
		})
	})
}

// merged says whether the newest of the events about merging says so.
func (w *world) merged(number int64) bool {
	is := false
	for _, e := range must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, number) }) {
		switch e.Kind {
		case string(agreement.Merged):
			is = true
		case string(agreement.Unmerged):
			is = false
		}
		if e.Kind == record.Released && record.DataOf(e.Event).Party == "" {
			w.t.Error("released nothing")
		}
	}
	return is
}
