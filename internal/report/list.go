package report

import (
	"cmp"
	"context"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Places lists the scorecards that somebody may read: of each agreement as a whole, and of each site under it. What holds for everybody who
// has no agreement of their own stands last.
func (s *Service) Places(ctx context.Context, by auth.Actor) ([]Place, error) {
	papers, err := s.book.List(ctx)
	if err != nil {
		return nil, err
	}
	sites, err := people.CustomerSites(ctx, s.db.Read())
	if err != nil {
		return nil, err
	}
	var out []Place
	for i, v := range papers {
		if i > 0 && papers[i-1].AgreementID == v.AgreementID {
			continue
		}
		whole := Place{Paper: s.current(papers, v.AgreementID)}
		if err := s.fill(ctx, &whole, v.SiteID); err != nil {
			return nil, err
		}
		if auth.Can(by, auth.ScorecardRead, whole.Object()) == nil {
			out = append(out, whole)
		}
		for _, site := range sites {
			if v.SiteID != "" || v.OrgID != "" && v.OrgID != site.OrgID || v.OrgID == "" && !s.under(papers, site) {
				continue
			}
			one := whole
			one.Site, one.Whose = site, site.Name
			if auth.Can(by, auth.ScorecardRead, one.Object()) == nil {
				out = append(out, one)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		return cmp.Or(last(a)-last(b), cmp.Compare(text.Fold(a.Paper.Name), text.Fold(b.Paper.Name)), cmp.Compare(a.Paper.AgreementID, b.Paper.AgreementID),
			cmp.Compare(text.Fold(a.Site.Name), text.Fold(b.Site.Name)))
	})
	return out, nil
}

func last(p Place) int {
	if p.Paper.OrgID == "" {
		return 1
	}
	return 0
}

// under says whether a site has no agreement of its own, nor has its organisation: then what holds for everybody holds for it.
func (s *Service) under(papers []agreement.Paper, site people.Site) bool {
	now := s.clk.Now()
	return !slices.ContainsFunc(papers, func(p agreement.Paper) bool {
		return p.OrgID == site.OrgID && (p.SiteID == "" || p.SiteID == site.ID) && !p.From().After(now)
	})
}
