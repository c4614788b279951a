package desk_test

import (
	"fmt"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// TestPagesWhileOthersWrite: while tickets are opened and closed, all pages of a list together give every ticket that nobody
// touched exactly once, in every order and over all parts of the queue.
func TestPagesWhileOthersWrite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sys := auth.SystemActor()
		must(w, func() (people.Team, error) {
			return w.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Brightline", Kind: people.SupplierTeam})
		})
		kofi := w.person("Kofi Mensah", "kofi@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
		local := w.person("Lea Roth", "lea@it.example", w.agent.OrgID, "", auth.Grant{Role: auth.SiteIT, Scope: auth.Site, ScopeID: w.site.ID})
		w.mixed(kofi, w.helen)
		const kept = 36 // 1001 to 1036, which nobody touches

		rounds, done := make(chan struct{}), make(chan error, 1)
		go func() { done <- w.churn(rounds) }()
		names := naming.New(w.db, w.peo, w.clk)
		for _, reader := range []auth.Actor{w.agent, local, w.helen} {
			for _, q := range []string{"", "site:leeds"} {
				if q != "" && reader.PersonID != w.agent.PersonID {
					continue // customers' lists have no language
				}
				b := must(w, func() (filter.Bound, error) {
					return filter.Parse(q).Bind(ctx, filter.Reader{PersonID: reader.PersonID, Now: w.clk.Now(), Names: names.For(reader)})
				})
				for _, by := range []filter.Order{filter.ByDue, filter.ByMade, filter.ByChanged, filter.BySince, filter.ByPriority} {
					for _, back := range []bool{false, true} {
						b.Sort = filter.Sort{By: by, Back: back}
						given := map[int64]int{}
						for cursor := ""; ; {
							rounds <- struct{}{} // the writer goes on while the page is read
							p := must(w, func() (page.List[desk.Ticket], error) {
								return w.desk.Select(ctx, reader, read.Selection{Bound: b}, cursor, 12)
							})
							for i := range p.Items {
								given[p.Items[i].Number]++
							}
							if cursor = p.Next; cursor == "" {
								break
							}
						}
						for n := int64(1001); n < 1001+kept; n++ {
							if given[n] != 1 {
								t.Errorf("%s, %q by %v: %d is given %d times", reader.Name, q, b.Sort, n, given[n])
							}
						}
					}
				}
			}
		}
		close(rounds)
		w.check(<-done)
	})
}

// churn opens a ticket and closes the one before, a round each time it is told to, until it is told no more.
func (w *world) churn(rounds <-chan struct{}) error {
	var failed error
	last := int64(0)
	for i := 0; ; i++ {
		if _, ok := <-rounds; !ok {
			return failed
		}
		if failed != nil {
			continue
		}
		w.clk.Advance(time.Second)
		if i%2 == 1 {
			_, failed = w.desk.Withdraw(ctx, w.helen, desk.Act{Number: last, Body: "Never mind."})
			continue
		}
		k, err := w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: fmt.Sprint("Another case ", i), Description: "x", Impact: []string{"low", "high"}[i/2%2], Urgency: "medium"})
		last, failed = k.Number, err
	}
}
