package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/report/score"
)

const day = 24 * 60 * 60

// monthOf numbers months since 1970, UTC.
func monthOf(unix int64) int64 {
	t := time.Unix(unix, 0).UTC()
	return int64(t.Year()-1970)*12 + int64(t.Month()) - 1
}

// monthStart is the instant at which a month begins.
func monthStart(month int64) int64 {
	return time.Date(1970, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC).Unix()
}

// part is one month under one agreement: what is packed together.
type part struct {
	agreementID string
	month       int64
}

// Fold packs what was decided anew since it ran last into the segments. A job calls it; more than one at a time do no harm.
func (s *Service) Fold(ctx context.Context) error {
	marks, err := outcome.Marks(ctx, s.db.Read())
	if err != nil {
		return err
	}
	stale := map[part][]string{}
	for _, m := range marks {
		k := part{m.AgreementID, monthOf(m.Day * day)}
		stale[k] = append(stale[k], m.ID)
	}
	for k, ids := range stale {
		// packed before the transaction, which so is short: what is written meanwhile has marks of its own
		packed, err := pack(ctx, s.db.Read(), k)
		if err != nil {
			return err
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			all, err := outcome.Unmark(ctx, tx, ids)
			if err != nil || !all {
				return err // somebody else packed it, from what is newer
			}
			return replace(ctx, tx, k.agreementID, k.month, packed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pack makes the segments of a month, one a site, from the kept outcomes and accounts.
func pack(ctx context.Context, q db.Querier, k part) ([]segment, error) {
	base, end := monthStart(k.month), monthStart(k.month+1)
	type packing struct {
		*packer
		orgID string
	}
	sites := map[string]packing{}
	site := func(orgID, siteID string) *packer {
		p, ok := sites[siteID+" "+orgID]
		if !ok {
			p = packing{newPacker(base), orgID}
			sites[siteID+" "+orgID] = p
		}
		return p.packer
	}
	err := outcome.Decided(ctx, q, k.agreementID, base, end, func(o *outcome.Outcome) error {
		site(o.OrgID, o.SiteID).promise(o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = outcome.Ended(ctx, q, k.agreementID, base, end, func(_ string, a *outcome.Account) error {
		site(a.OrgID, a.SiteID).ticket(a)
		return nil
	})
	out := make([]segment, 0, len(sites))
	for key, p := range sites {
		out = append(out, segment{agreementID: k.agreementID, month: k.month, siteID: key[:len(key)-len(p.orgID)-1], orgID: p.orgID, body: p.bytes()})
	}
	slices.SortFunc(out, func(a, b segment) int { return cmp.Or(cmp.Compare(a.siteID, b.siteID), cmp.Compare(a.orgID, b.orgID)) })
	return out, err
}

// source says of what a card is made: where it happened, and the sink for it. nil takes nothing of a place.
type source func(agreementID, orgID, siteID string) *sink

// gather hands out everything that was decided and ended from an instant to another under agreements: from segments, and from what is kept
// for the days that are marked.
func (s *Service) gather(ctx context.Context, agreements []string, from, to int64, src source) error {
	q := s.db.Read()
	marks, err := outcome.Marks(ctx, q) // before the segments: a mark that is taken away in between only costs the reading of a day
	if err != nil {
		return err
	}
	for _, id := range agreements {
		stale := map[int64]bool{}
		for _, m := range marks {
			if m.AgreementID == id && (m.Day+1)*day > from && m.Day*day < to {
				stale[m.Day] = true
			}
		}
		packed, err := segments(ctx, q, id, monthOf(from), monthOf(max(from, to-1)))
		if err != nil {
			return err
		}
		for _, g := range packed {
			to1 := src(id, g.orgID, g.siteID)
			if to1 == nil {
				continue
			}
			skip := func(at int64) bool { return at < from || at >= to || stale[at/day] }
			if err := unpack(g.body, monthStart(g.month), skip, *to1); err != nil {
				return err
			}
		}
		if err := raw(ctx, q, id, stale, from, to, src); err != nil {
			return err
		}
	}
	return nil
}

// raw reads marked days from what is kept of promises and tickets.
func raw(ctx context.Context, q db.Querier, agreementID string, days map[int64]bool, from, to int64, src source) error {
	for _, r := range runs(days) {
		a, b := max(from, r[0]*day), min(to, (r[1]+1)*day)
		err := outcome.Decided(ctx, q, agreementID, a, b, func(o *outcome.Outcome) error {
			if t := src(agreementID, o.OrgID, o.SiteID); t != nil {
				t.promise(promiseOf(o))
			}
			return nil
		})
		if err != nil {
			return err
		}
		err = outcome.Ended(ctx, q, agreementID, a, b, func(_ string, x *outcome.Account) error {
			if t := src(agreementID, x.OrgID, x.SiteID); t != nil {
				t.ticket(x.Ended, spansOf(x.Spent))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// runs joins days that follow each other.
func runs(days map[int64]bool) [][2]int64 {
	all := make([]int64, 0, len(days))
	for d := range days {
		all = append(all, d)
	}
	slices.Sort(all)
	var out [][2]int64
	for _, d := range all {
		if n := len(out); n > 0 && out[n-1][1] == d-1 {
			out[n-1][1] = d
			continue
		}
		out = append(out, [2]int64{d, d})
	}
	return out
}

func promiseOf(o *outcome.Outcome) score.Promise {
	return score.Promise{
		Side: o.Side, Metric: o.Metric, Priority: o.Priority, State: o.State, Stands: o.Stands, Reason: o.Reason, Target: o.Target, Used: o.Used,
		Started: o.Started, Due: o.Due, Ended: o.Ended, Decided: o.Decided,
	}
}

func spansOf(all []outcome.Spent) []score.Span {
	out := make([]score.Span, len(all))
	for i, s := range all {
		out[i] = score.Span(s)
	}
	return out
}

// Differences compares every segment with what it was made of, and tells which months differ. Marked days are left out: they are not read.
func (s *Service) Differences(ctx context.Context) ([]string, error) {
	papers, err := s.book.List(ctx)
	if err != nil {
		return nil, err
	}
	marks, err := outcome.Marks(ctx, s.db.Read())
	if err != nil {
		return nil, err
	}
	marked := map[part]bool{}
	for _, m := range marks {
		marked[part{m.AgreementID, monthOf(m.Day * day)}] = true
	}
	var out []string
	for i, p := range papers {
		if i > 0 && papers[i-1].AgreementID == p.AgreementID {
			continue
		}
		kept, err := segments(ctx, s.db.Read(), p.AgreementID, 0, monthOf(s.clk.Now().Unix()))
		if err != nil {
			return out, err
		}
		byMonth := map[int64][]segment{}
		for _, g := range kept {
			byMonth[g.month] = append(byMonth[g.month], g)
		}
		first, err := outcome.Earliest(ctx, s.db.Read(), p.AgreementID)
		if err != nil {
			return out, err
		}
		begin := monthOf(first)
		if first == 0 {
			begin = monthOf(s.clk.Now().Unix())
		}
		if len(kept) > 0 {
			begin = min(begin, kept[0].month)
		}
		for month := begin; month <= monthOf(s.clk.Now().Unix()); month++ {
			k := part{p.AgreementID, month}
			if marked[k] {
				continue
			}
			want, err := pack(ctx, s.db.Read(), k)
			if err != nil {
				return out, err
			}
			if !slices.EqualFunc(byMonth[month], want, func(a, b segment) bool {
				return a.siteID == b.siteID && a.orgID == b.orgID && slices.Equal(a.body, b.body)
			}) {
				out = append(out, p.Name+", "+time.Unix(monthStart(month), 0).UTC().Format("January 2006"))
			}
		}
	}
	return out, nil
}
