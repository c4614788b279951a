// Package beneath says how teams and suppliers kept what they promise IT beneath an agreement (OLA, UC): how long each had a ticket's turn,
// read out of its ledger. Nothing is kept twice, and no time is worked out here that the clock did not read.
//
// It owns no table; it reads the declared view desk_given. What a team or a supplier had is the sum of its own turns on a ticket, in the
// hours of the agreement's service calendar; a ticket it still has counts only once that is more than it promised. First and next replies
// are the whole side's, so only solutions are counted. Who may call: the edges.
package beneath

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/desk/record"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// Share is how often a promise beneath was kept.
type Share struct {
	Kept, Missed int
	Counted      bool // the ledger can say it
}

// Book works shares out. It is safe for concurrent use.
type Book struct {
	db     *db.DB
	people *people.Service
	desk   *read.Reader
}

// NewBook makes a book.
func NewBook(d *db.DB, p *people.Service, r *read.Reader) *Book { return &Book{d, p, r} }

// mostGiven bounds how many tickets are read for one answer, the newest first.
const mostGiven = 400

// Kept gives a share for each promise of teams and of suppliers, in their order, on the tickets of a site that they were given since an
// instant. Errors: as auth.Can.
func (b *Book) Kept(ctx context.Context, by auth.Actor, site people.Site, t agreement.Terms, service *calendar.Calendar, from time.Time) (teams, suppliers []Share, err error) {
	if err := auth.Can(by, auth.SiteRead, site.Object()); err != nil {
		return nil, nil, err
	}
	given, err := b.given(ctx, site.ID, from)
	if err != nil {
		return nil, nil, err
	}
	w := worked{ctx: ctx, b: b, service: service, given: given, ledgers: map[int64]read.Ledger{}}
	if teams, err = w.shares(t.Teams, agreement.SideProvider); err != nil {
		return nil, nil, err
	}
	suppliers, err = w.shares(t.Suppliers, agreement.SideSupplier)
	return teams, suppliers, err
}

// given are the numbers of the tickets that each team was given.
func (b *Book) given(ctx context.Context, siteID string, from time.Time) (map[string][]int64, error) {
	w := db.NewWhere().And("t.site_id = ?", siteID).And("g.at >= ?", clock.Micros(from))
	all, err := handed(ctx, b.db.Read(), w, mostGiven)
	if err != nil {
		return nil, err
	}
	out := map[string][]int64{}
	for _, h := range all {
		var d record.Data
		if err := json.Unmarshal([]byte(h.data), &d); err != nil {
			return nil, err
		}
		if !slices.Contains(out[d.Party], h.number) {
			out[d.Party] = append(out[d.Party], h.number)
		}
	}
	return out, nil
}

// worked is one answer under way: every ledger is read once.
type worked struct {
	ctx     context.Context
	b       *Book
	service *calendar.Calendar
	given   map[string][]int64
	ledgers map[int64]read.Ledger
}

func (w *worked) shares(all []agreement.Inner, side agreement.Side) ([]Share, error) {
	out := make([]Share, len(all))
	for i, x := range all {
		if x.Metric != agreement.MetricResolution {
			continue
		}
		team, err := w.b.people.FindTeam(w.ctx, x.Who)
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
			continue // whom nobody knows by that name, no ticket was given to
		}
		if err != nil {
			return nil, err
		}
		own := func(p agreement.Priority) bool {
			return slices.ContainsFunc(all, func(o agreement.Inner) bool { return o.Who == x.Who && o.Metric == x.Metric && o.Priority == p })
		}
		out[i].Counted = true
		for _, n := range w.given[team.ID] {
			l, err := w.ledger(n)
			if err != nil {
				return nil, err
			}
			if p := l.Ticket.Priority; p != x.Priority && (x.Priority != "" || own(p)) {
				continue
			}
			used, has := w.used(l, side, team.ID)
			switch {
			case used > x.Seconds:
				out[i].Missed++
			case !has && used > 0:
				out[i].Kept++
			}
		}
	}
	return out, nil
}

func (w *worked) ledger(number int64) (read.Ledger, error) {
	if l, ok := w.ledgers[number]; ok {
		return l, nil
	}
	l, err := w.b.desk.Ledger(w.ctx, auth.SystemActor(), number)
	w.ledgers[number] = l
	return l, err
}

// used is how long a team or supplier had the turn, in working time, and whether it has it still.
func (w *worked) used(l read.Ledger, side agreement.Side, teamID string) (seconds int64, has bool) {
	for i, t := range l.Result.Turns {
		if t.Side != side || t.Party != teamID {
			continue
		}
		seconds += w.service.Between(t.Since, l.Result.Until(t))
		has = l.Ticket.Open && i == len(l.Result.Turns)-1
	}
	return seconds, has
}
