package desk_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/people"
)

// mixed makes tickets in every part of the queue, of two sites, with and without assignee, of every priority.
func (w *world) mixed(kofi, rita auth.Actor) {
	w.t.Helper()
	levels := []string{"low", "medium", "high"}
	for i := range 36 {
		by := w.helen
		if i%4 == 3 {
			by = rita
		}
		w.advance(time.Duration(1+i%3) * time.Minute)
		n := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, by, desk.OpenInput{Subject: fmt.Sprintf("Case %d", i), Description: "x", Impact: levels[i%3], Urgency: levels[i/3%3]})
		}).Number
		if i%2 == 0 {
			must(w, func() (desk.Ticket, error) {
				return w.desk.Assign(ctx, w.agent, desk.Act{Number: n}, []auth.Actor{w.agent, kofi}[i/2%2].PersonID, "")
			})
		}
		switch i % 6 {
		case 1:
			must(w, func() (desk.SpeakResult, error) {
				return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which?", Question: &desk.QuestionInput{Need: "the model"}})
			})
		case 2:
			must(w, func() (desk.Ticket, error) {
				return w.desk.AskSupplier(ctx, w.agent, desk.Act{Number: n}, "Brightline")
			})
		case 3:
			must(w, func() (desk.Ticket, error) { return w.desk.Withdraw(ctx, by, desk.Act{Number: n, Body: "Never mind."}) })
		case 4:
			must(w, func() (desk.Ticket, error) { return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "Done."}) })
		}
		w.run()
	}
}

// partOf says by a ticket's own fields which part of the queue it is in.
func partOf(k *desk.Ticket) read.Part {
	if !k.Open {
		return read.Ended
	}
	return read.Part(k.TurnSide)
}

// keyOf is a ticket's place in an order, by its own fields.
func keyOf(by filter.Order, k *desk.Ticket) int64 {
	switch by {
	case filter.ByMade:
		return clock.Micros(k.MadeAt)
	case filter.ByChanged:
		return clock.Micros(k.ChangedAt)
	case filter.BySince:
		return clock.Micros(k.TurnSince)
	case filter.ByPriority:
		return ticket.Rank(k.Priority)
	}
	return k.DueMicros()
}

// TestSelectGivesWhatIsMeant compares pages of every query, part and order with a reading of all tickets one by one: each that is
// meant is on one page, in order, and counted, for who may read everything and for who may not.
func TestSelectGivesWhatIsMeant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sys := auth.SystemActor()
		must(w, func() (people.Team, error) {
			return w.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Brightline", Kind: people.SupplierTeam})
		})
		twin := must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Twin", Kind: people.Customer})
		})
		lund := must(w, func() (people.Site, error) {
			return w.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: twin.ID, Name: "Lund", Zone: "Europe/Stockholm", Region: "south"})
		})
		rita := w.person("Rita Moss", rita, twin.ID, lund.ID)
		kofi := w.person("Kofi Mensah", "kofi@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		rui := w.person("Rui Costa", "rui@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: lund.ID})
		w.mixed(kofi, rita)
		names := naming.New(w.db, w.peo, w.clk)
		var all []desk.Ticket
		for n := int64(1001); n < 1037; n++ {
			all = append(all, w.get(n))
		}
		seen := map[read.Part]int{}
		for i := range all {
			seen[partOf(&all[i])]++
		}
		if len(seen) < 4 {
			t.Fatalf("the parts of the queue hold %v: this test would show little", seen)
		}
		queries := map[string]func(k *desk.Ticket) bool{
			"":                          func(*desk.Ticket) bool { return true },
			"turn:customer":             func(k *desk.Ticket) bool { return k.Open && k.TurnSide == agreement.SideCustomer },
			"-turn:provider":            func(k *desk.Ticket) bool { return !k.Open || k.TurnSide != agreement.SideProvider },
			"state:open":                func(k *desk.Ticket) bool { return k.Open },
			"state:ended":               func(k *desk.Ticket) bool { return !k.Open },
			"state:resolved,withdrawn":  func(k *desk.Ticket) bool { return k.State == desk.Resolved || k.State == desk.Withdrawn },
			"-state:resolved":           func(k *desk.Ticket) bool { return k.State != desk.Resolved },
			"priority:high,critical":    func(k *desk.Ticket) bool { return k.Priority == "high" || k.Priority == "critical" },
			"-priority:low":             func(k *desk.Ticket) bool { return k.Priority != "low" },
			"assignee:none":             func(k *desk.Ticket) bool { return k.AssigneeID == "" },
			"assignee:me":               func(k *desk.Ticket) bool { return k.AssigneeID == w.agent.PersonID },
			"site:lund":                 func(k *desk.Ticket) bool { return k.SiteID == lund.ID },
			"site:leeds assignee:none":  func(k *desk.Ticket) bool { return k.SiteID == w.site.ID && k.AssigneeID == "" },
			"site:leeds -assignee:none": func(k *desk.Ticket) bool { return k.SiteID == w.site.ID && k.AssigneeID != "" },
			"priority:high turn:provider": func(k *desk.Ticket) bool {
				return k.Open && k.Priority == "high" && k.TurnSide == agreement.SideProvider
			},
			"number:1005":                 func(k *desk.Ticket) bool { return k.Number == 1005 },
			"requester:rita@twin.example": func(k *desk.Ticket) bool { return k.RequesterID == rita.PersonID },
			"state:new state:ended":       func(k *desk.Ticket) bool { return false },
		}
		orders := []filter.Sort{{}, {By: filter.ByDue}, {By: filter.ByDue, Back: true}, {By: filter.ByMade}, {By: filter.ByMade, Back: true}, {By: filter.ByChanged}, {By: filter.BySince}, {By: filter.BySince, Back: true}, {By: filter.ByPriority}, {By: filter.ByPriority, Back: true}}
		parts := [][]read.Part{nil, {read.OurTurn}, {read.TheirTurn, read.WithSupplier}, read.OpenParts, {read.Ended}}
		for _, reader := range []auth.Actor{w.agent, rui, w.helen} {
			for q, meant := range queries {
				if q != "" && reader.PersonID == w.helen.PersonID {
					continue // customers' lists have no language
				}
				b := must(w, func() (filter.Bound, error) {
					return filter.Parse(q).Bind(ctx, filter.Reader{PersonID: w.agent.PersonID, Now: w.clk.Now(), Names: names.For(reader)})
				})
				if len(b.Problems) > 0 {
					if reader.PersonID == rui.PersonID {
						continue // names a place he can't see
					}
					t.Fatalf("%q: %v", q, b.Problems)
				}
				for _, in := range parts {
					var want []int64
					for i := range all {
						k := &all[i]
						mine := reader.PersonID == w.agent.PersonID || reader.PersonID == rui.PersonID && k.SiteID == lund.ID || k.RequesterID == reader.PersonID
						if mine && meant(k) && (in == nil || slices.Contains(in, partOf(k))) {
							want = append(want, k.Number)
						}
					}
					for _, o := range orders {
						sel := read.Selection{Bound: b, Parts: in}
						sel.Sort = o
						w.pagesOf(fmt.Sprintf("%s: %q in %v by %v", reader.Name, q, in, o), reader, sel, want)
					}
				}
			}
		}
	})
}

// pagesOf reads a selection in pages of several sizes and compares it with the numbers that are meant.
func (w *world) pagesOf(what string, by auth.Actor, sel read.Selection, want []int64) {
	w.t.Helper()
	slices.Sort(want)
	for _, limit := range []int{7, 50} {
		var got []desk.Ticket
		for cursor := ""; ; {
			p, err := w.desk.Select(ctx, by, sel, cursor, limit)
			if err != nil {
				w.t.Fatalf("%s: %v", what, err)
			}
			got = append(got, p.Items...)
			if len(p.Items) > limit || p.Next != "" && len(p.Items) < limit || len(got) > 100 {
				w.t.Fatalf("%s: a page of %d, limit %d", what, len(p.Items), limit)
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		numbers := make([]int64, len(got))
		for i := range got {
			numbers[i] = got[i].Number
		}
		if slices.Sort(numbers); !slices.Equal(numbers, want) {
			w.t.Errorf("%s: %v\nwant %v", what, numbers, want)
			return
		}
		if o := sel.Sort; o.By != "" {
			up := (o.By == filter.ByDue || o.By == filter.BySince || o.By == filter.ByPriority) != o.Back
			if !slices.IsSortedFunc(got, func(a, b desk.Ticket) int {
				c := cmp.Or(cmp.Compare(keyOf(o.By, &a), keyOf(o.By, &b)), cmp.Compare(a.ID, b.ID))
				if !up {
					return -c
				}
				return c
			}) {
				w.t.Errorf("%s: not in order: %v", what, got)
			}
		}
	}
	if n := must(w, func() ([]int, error) { return w.desk.Counts(ctx, by, sel) }); n[0] != len(want) {
		w.t.Errorf("%s: counted %d, want %d", what, n[0], len(want))
	}
	other := sel
	if other.Sort = (filter.Sort{By: filter.ByMade}); sel.Sort == other.Sort {
		other.Sort = filter.Sort{By: filter.ByDue}
	}
	if p, err := w.desk.Select(ctx, by, sel, "", 1); err == nil && p.Next != "" {
		if _, err := w.desk.Select(ctx, by, other, p.Next, 1); err == nil && other.Sort != sel.Sort {
			w.t.Errorf("%s: a cursor of another order is taken", what)
		}
	}
}
