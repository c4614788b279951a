package web

import (
	"slices"

	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/web/accord"
	"bothways/internal/web/ui"
)

// agreed is, beside a request at the second door, the agreement it is about, and for who speaks for IT the way to answer with a proposal.
func (s *site) agreed(v *visit, t *shown) ([]ui.Fact, error) {
	k := &t.Ticket
	if desk.DoorOf(*k) != desk.DoorLevels {
		return nil, nil
	}
	paper, err := s.Book.InForce(v.ctx(), s.DB.Read(), k.OrgID, k.SiteID, v.reader.Now)
	if err != nil {
		return nil, err
	}
	out := []ui.Fact{{Name: "Agreement", Value: paper.Name + ", version " + ui.Count(int(paper.Number)), Href: accord.Base + "/versions/" + paper.ID}}
	if k.SiteID == "" || s.Contracts == nil || auth.Can(v.by, auth.AgreementSign, auth.Object{Kind: "agreement", OrgID: k.OrgID, SiteID: k.SiteID, Region: k.Region}) != nil {
		return out, nil
	}
	answer := ui.Fact{Name: "Answer with", Value: "a proposal", Href: accord.Base + "/new?site=" + k.SiteID + "&about=" + k.Ref()}
	if paper.SiteID != "" {
		answer.Href = accord.Base + "/new?agreement=" + paper.AgreementID + "&about=" + k.Ref()
		all, err := s.Contracts.Of(v.ctx(), v.by, paper.AgreementID)
		if err != nil {
			return out, err
		}
		if i := slices.IndexFunc(all, func(x contract.Proposal) bool { return x.State == contract.Proposed }); i >= 0 {
			out = append(out, ui.Fact{Name: "Proposed", Value: "version " + ui.Count(int(all[i].Number)), Href: accord.Base + "/proposals/" + all[i].ID})
			answer.Href += "&answers=" + all[i].ID
			if mine, err := s.Contracts.SideOf(v.ctx(), v.by, all[i]); err != nil || mine == all[i].Side {
				return out, nil // their own side's waits: it is signed, or taken back first
			}
		}
	}
	return append(out, answer), nil
}
