package search_test

import (
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
)

// TestEveryWayFindsTheSame: which way a search goes is a matter of cost alone, for every reader.
func TestEveryWayFindsTheSame(t *testing.T) {
	each(t, func(w *world) {
		hanna := w.person("Hanna Lund", w.lund.OrgID, w.lund.ID)
		for range 3 {
			for _, by := range []auth.Actor{w.helen, w.tara, hanna} {
				a := w.open(by, "projector in Lund", "is dark")
				w.note(a, "projector note in Lund")
				w.say(by, w.open(by, "projector", "elsewhere"), "it came from Lund")
			}
		}
		for name, by := range map[string]auth.Actor{"everywhere": w.agent, "one site": w.local, "their own": w.helen} {
			found, some := map[string][]int64{}, 0
			for _, s := range w.search.Statements(ctx, by, "projector lun") {
				_, what, several := strings.Cut(s.Name, ", ")
				if !several {
					continue
				}
				rows, err := w.db.Planned().Query(ctx, s.SQL, s.Args...)
				ids, err := db.Collect(rows, err, db.One[int64])
				w.check(err)
				if want, ok := found[what]; ok && !slices.Equal(ids, want) {
					t.Errorf("%s, %s: %v, another way %v", name, s.Name, ids, want)
				}
				found[what], some = ids, some+len(ids)
			}
			if some == 0 {
				t.Errorf("%s: nothing found by any way", name)
			}
		}
	})
}

// TestFoundByWhoMayReadNow: what somebody finds follows who takes part and whose the ticket is, at once.
func TestFoundByWhoMayReadNow(t *testing.T) {
	each(t, func(w *world) {
		hanna := w.person("Hanna Lund", w.lund.OrgID, w.lund.ID)
		a := w.open(w.helen, "wandering words", "x")
		for _, on := range []bool{true, false} {
			must(w, func() (desk.Ticket, error) {
				return w.desk.Watch(ctx, w.agent, desk.Act{Number: a.Number}, "lars.lund@people.example", on)
			})
			if on {
				w.want(w.local, "wandering", a)
			} else {
				w.want(w.local, "wandering")
			}
		}
		must(w, func() (desk.Ticket, error) {
			return w.desk.Parties(ctx, w.agent, desk.Act{Number: a.Number}, "hanna.lund@people.example", "hanna.lund@people.example")
		})
		w.want(hanna, "wandering", a)
		w.want(w.agent, "wandering", a)
		w.want(w.contact, "wandering", a) // it is still at Leeds
		w.want(w.local, "wandering")
		w.check(w.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE desk_ticket SET site_id = $1 WHERE number = $2", w.lund.ID, a.Number)
			return err
		}))
		w.want(w.contact, "wandering")
		w.want(w.local, "wandering", a)
	})
}
