package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/report/score"
)

// fewest is how many other sites there must be for their spread to be told: of fewer one could tell which is which.
const fewest = 5

// Spread is how the other sites kept their promises, and IT its own to them, without names: of a thousand.
type Spread struct {
	Sites              int
	Provider, Customer Range
}

// Range is the lowest, the middle and the highest share of several sites, of a thousand.
type Range struct{ Lowest, Middle, Highest int64 }

func rangeOf(all []int64) Range {
	slices.Sort(all)
	return Range{all[0], all[(len(all)-1)/2], all[len(all)-1]}
}

// compare sets the sites beside each other: by name those that the reader may read, the others as a spread. Sites of whom too little is
// known are in neither.
func (s *Service) compare(ctx context.Context, by auth.Actor, c *Card, all map[string]*SiteShare) error {
	var it, you []int64
	for id, share := range all {
		site, err := people.SiteByID(ctx, s.db.Read(), id)
		if err != nil {
			return err
		}
		share.Site = site
		o := Place{Site: site}.Object()
		if auth.Can(by, auth.ScorecardRead, o) == nil && (by.Staff() || c.Site.ID == "") {
			c.Sites = append(c.Sites, *share)
		}
		if id == c.Site.ID || share.Provider.Small() || share.Customer.Small() {
			continue
		}
		p, _ := share.Provider.Permille()
		y, _ := share.Customer.Permille()
		it, you = append(it, p), append(you, y)
	}
	slices.SortFunc(c.Sites, func(a, b SiteShare) int {
		return cmp.Or(cmp.Compare(text.Fold(a.Site.Name), text.Fold(b.Site.Name)), cmp.Compare(a.Site.ID, b.Site.ID))
	})
	if len(it) >= fewest && c.Site.ID != "" {
		c.Others = &Spread{len(it), rangeOf(it), rangeOf(you)}
	}
	return nil
}

// Effect is hours a ticket before and after the version in force was signed.
type Effect struct {
	score.Effect           // of working hours from asking to the end, agreed waits left out
	Signed       time.Time // from when on it is in force
	Days         int       // on each side of that
}

// around is how long before and after a signature tickets are compared, at the most.
const around = 180 * 24 * time.Hour

// effect compares the working hours of tickets that ended before a version with those after. nil when nothing can be said.
func (s *Service) effect(ctx context.Context, p Place) (*Effect, error) {
	signed := p.Paper.From()
	now := s.clk.Now()
	if p.Paper.AskID == "" || signed.Unix() <= 0 || !signed.Before(now) {
		return nil, nil
	}
	span := min(now.Sub(signed), around).Truncate(24 * time.Hour)
	var before, after score.Sample
	count := func(at int64, spans []score.Span) {
		hours := 0.0
		for _, x := range spans {
			if x.Side != "nobody" {
				hours += float64(x.Working) / 3600
			}
		}
		if at < signed.Unix() {
			before.Add(hours)
		} else {
			after.Add(hours)
		}
	}
	// before its signature the same people were under another agreement
	all, err := s.beside(ctx, p)
	if err != nil {
		return nil, err
	}
	mine := &sink{promise: func(score.Promise) {}, ticket: count}
	err = s.gather(ctx, all, signed.Add(-span).Unix(), signed.Add(span).Unix(), func(_, orgID, siteID string) *sink {
		if p.Site.ID != "" && siteID == p.Site.ID || p.Site.ID == "" && p.Paper.OrgID != "" && orgID == p.Paper.OrgID {
			return mine
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e, ok := score.Compare(before, after)
	if !ok {
		return nil, nil
	}
	return &Effect{e, signed, int(span / (24 * time.Hour))}, nil
}
