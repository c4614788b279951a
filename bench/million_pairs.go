package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	keyset "bothways/internal/kit/page"
	"bothways/internal/people"
)

// whose pairs are asked: agent, "of a site" or customer; all when empty.
var whose = flag.String("whose", "", "whose lists the pairs are: agent, 'of a site' or customer; all of them when empty")

// tries is how often a statement is run; the quickest counts, because the machine does other work too.
const tries = 3

// quick is what needs no second try.
const quick = 4 * time.Millisecond

// longest is the budget of one statement.
const longest = 10 * time.Millisecond

// filters are what the queue is asked: every field of the language, and conditions together that hold for few.
func filters(f *full) []string {
	return []string{
		"", "state:open", "turn:provider", "turn:customer", "turn:supplier", "turn:nobody", "turn:ended",
		"state:new", "state:in_progress", "state:resolved", "state:closed", "state:withdrawn",
		"priority:critical", "priority:high", "priority:low", "impact:high", "urgency:low", "kind:incident", "kind:question", "channel:portal", "channel:mail",
		`site:"Site 3"`, `team:"Team 5"`, "region:north", "org:Load", "assignee:agent3@it.load.test", "assignee:none", "sensitive:security", "tag:printer", "tag:none",
		"person:person7@load.test", "requester:person7@load.test", "submitter:person7@load.test", "watcher:person7@load.test",
		fmt.Sprintf("number:%d..%d", f.first+10, f.first+40), fmt.Sprintf("number:>%d", f.first+int64(f.n/2)),
		"due:<2h", "due:missed", "due:none", "made:<1d", "made:>300d", "changed:<1h", "since:>200d", "resolved:<2d", "closed:<2d",
		`site:"Site 3" turn:ended`, `team:"Team 5" turn:ended`, "assignee:agent3@it.load.test turn:ended", "assignee:none turn:ended", "priority:critical turn:ended",
		"kind:question turn:ended", "channel:mail turn:ended", "sensitive:security turn:ended", `site:"Site 3" team:"Team 5" turn:ended`,
		`site:"Site 3" assignee:agent3@it.load.test turn:ended`, `site:"Site 3" priority:critical turn:ended`, `team:"Team 5" kind:question turn:ended`,
		`team:"Team 5" priority:high`, `site:"Site 3" made:<1d turn:ended`,
		`-site:"Site 3" turn:ended`, `site:"Site 3","Site 4" turn:ended`, `site:"Site 3" -priority:low,medium,high turn:ended`, `team:"Team 5" assignee:agent3@it.load.test priority:critical turn:ended`,
	}
}

// pair is a filter in an order, at its beginning or in its middle, in one part of the queue: one statement.
type pair struct {
	who, q string
	part   read.Part
	sort   string
	deep   bool
	took   time.Duration
	rows   int
}

func (p *pair) String() string {
	depth := "first page"
	if p.deep {
		depth = "halfway"
	}
	return fmt.Sprintf("%-8s %-9s %-9s %-10s %q", p.who, p.part, p.sort, depth, p.q)
}

// asker asks the queue in this process.
type asker struct {
	f     *full
	a     *app.App
	now   time.Time
	all   []pair
	names filter.Names
	half  string // id of the ticket in the middle
}

// measurePairs runs every filter in every order, at its beginning and in its middle, as an agent of everything; then, in two orders,
// as an agent of one site and as a customer; and counts every filter.
func (b *bench) measurePairs(f *full) error {
	return b.inside(f.world, func(a *app.App, by auth.Actor) error {
		k := &asker{f: f, a: a, now: time.Now(), names: naming.New(a.DB, a.People, a.Clock).For(by)}
		who, err := k.actors(by)
		if err != nil {
			return err
		}
		for _, w := range who {
			if *whose != "" && *whose != w.name {
				continue
			}
			for _, q := range filters(f) {
				if err := k.ask(w.name, w.by, q); err != nil {
					return fmt.Errorf("%s: %q: %w", w.name, q, err)
				}
			}
		}
		k.report(b)
		return nil
	})
}

type named struct {
	name string
	by   auth.Actor
}

// actors are an agent of everything, one of a site, and a customer.
func (k *asker) actors(by auth.Actor) ([]named, error) {
	ctx := context.Background()
	if err := k.a.DB.Read().QueryRow(ctx, sqlIDOf, k.f.first+int64(k.f.n/2)).Scan(&k.half); err != nil {
		return nil, err
	}
	sites, err := k.a.People.Sites(ctx, auth.SystemActor(), "", "", 200)
	if err != nil {
		return nil, err
	}
	local, err := people.PersonByAddress(ctx, k.a.DB.Read(), "agent4@it.load.test")
	if err != nil {
		return nil, err
	}
	who, err := k.a.People.ActorOf(ctx, local.ID)
	if err != nil {
		return nil, err
	}
	who.Grants = nil
	for _, s := range sites.Items {
		if s.Name == "Site 3" {
			who.Grants = []auth.Grant{{Role: auth.SiteIT, Scope: auth.Site, ScopeID: s.ID}}
		}
	}
	asks, err := people.PersonByAddress(ctx, k.a.DB.Read(), "person7@load.test")
	if err != nil {
		return nil, err
	}
	customer, err := k.a.People.ActorOf(ctx, asks.ID)
	return []named{{"agent", by}, {"of a site", who}, {"customer", customer}}, err
}

const sqlIDOf = `SELECT id FROM desk_ticket WHERE number = $1`

func (k *asker) ask(who string, by auth.Actor, q string) error {
	ctx := context.Background()
	b, err := filter.Parse(q).Bind(ctx, filter.Reader{PersonID: by.PersonID, Teams: by.Teams, Now: k.now, Names: k.names})
	if err != nil {
		return err
	}
	if len(b.Problems) > 0 && who == "agent" {
		fmt.Fprintln(os.Stderr, "bench:", q, b.Problems)
	}
	sorts := []filter.Sort{{By: filter.ByDue}, {By: filter.ByMade}, {By: filter.ByChanged}, {By: filter.BySince}, {By: filter.ByPriority}, {By: filter.ByMade, Back: true}}
	if who != "agent" {
		sorts = []filter.Sort{{By: filter.ByDue}, {By: filter.ByChanged}}
	}
	for _, p := range read.Shown(b) {
		if err := k.count(ctx, who, by, q, read.Selection{Bound: b, Parts: []read.Part{p}}); err != nil {
			return err
		}
		for _, b.Sort = range sorts {
			for _, deep := range []bool{false, true} {
				if err := k.page(ctx, who, by, q, read.Selection{Bound: b, Parts: []read.Part{p}}, deep); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// page times one page of one part.
func (k *asker) page(ctx context.Context, who string, by auth.Actor, q string, sel read.Selection, deep bool) error {
	p := pair{who: who, q: q, part: sel.Parts[0], sort: sel.Sort.String(), deep: deep, took: time.Hour}
	cursor := ""
	if deep {
		cursor = keyset.Cursor{Key: k.middle(sel.Sort.By, p.part), Tie: p.sort + " " + k.half}.String()
	}
	for range tries {
		start := time.Now()
		l, err := k.a.Desk.Select(ctx, by, sel, cursor, 50)
		if err != nil {
			return err
		}
		p.took, p.rows = min(p.took, time.Since(start)), len(l.Items)
		if p.took < quick {
			break
		}
	}
	k.done(p)
	return nil
}

// middle is about the middle of an order.
func (k *asker) middle(o filter.Order, p read.Part) int64 {
	switch {
	case o == filter.ByPriority:
		return 2
	case o == filter.ByDue && (p == read.Ended || p == read.AgreedWait):
		return 1<<63 - 1
	case o == filter.ByDue:
		return k.now.Add(13 * 24 * time.Hour).UnixMicro()
	case o == filter.ByMade, o == filter.ByNumber:
		return k.now.Add(-182 * 24 * time.Hour).UnixMicro()
	}
	return k.now.Add(-91 * 24 * time.Hour).UnixMicro()
}

func (k *asker) count(ctx context.Context, who string, by auth.Actor, q string, sel read.Selection) error {
	p := pair{who: who, q: q, part: sel.Parts[0], sort: "count", took: time.Hour}
	for range tries {
		start := time.Now()
		n, err := k.a.Desk.Counts(ctx, by, sel)
		if err != nil {
			return err
		}
		p.took, p.rows = min(p.took, time.Since(start)), n[0]
		if p.took < quick {
			break
		}
	}
	k.done(p)
	return nil
}

// done keeps a figure, and says at once what is far too slow.
func (k *asker) done(p pair) {
	k.all = append(k.all, p)
	if p.took > 3*longest {
		fmt.Fprintf(os.Stderr, "bench: %s %s\n", millis2(p.took), p.String())
	}
}

// report puts into the table how many are too slow, and which.
func (k *asker) report(b *bench) {
	slices.SortFunc(k.all, func(a, b pair) int { return cmp.Compare(b.took, a.took) })
	slow := 0
	for _, p := range k.all {
		if p.took > longest {
			slow++
		}
	}
	at := fmt.Sprintf(", %s tickets, %s", thousands(float64(k.f.n)), k.a.DB.Engine())
	n := len(k.all)
	b.table.judge("statements of the queue"+at, fmt.Sprintf("%d of %d over 10 ms", slow, n), fmt.Sprintf("p50 %s  p95 %s  p99 %s  max %s", millis2(k.all[n/2].took), millis2(k.all[n/20].took),
		millis2(k.all[n/100].took), millis2(k.all[0].took)), "none over 10 ms", slow == 0)
	for _, p := range k.all[:min(n, max(slow, 5))] {
		b.table.add("  "+p.String(), millis2(p.took), fmt.Sprintf("%d rows", p.rows))
	}
}
