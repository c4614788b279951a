package contract

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/people"
)

// Get reads a proposal, by who may negotiate the agreement, or signs or reads it otherwise. Errors: as auth.Can; NotFound.
func (s *Service) Get(ctx context.Context, by auth.Actor, proposalID string) (Proposal, error) {
	p, _, err := s.readable(ctx, s.db.Read(), by, proposalID)
	return p, err
}

func (s *Service) readable(ctx context.Context, q db.Querier, by auth.Actor, proposalID string) (Proposal, people.Site, error) {
	p, err := byID(ctx, q, proposalID)
	if err != nil {
		return p, people.Site{}, err
	}
	site, err := s.with(ctx, q, p)
	if err != nil {
		return p, site, err
	}
	if err := auth.Can(by, auth.AgreementRead, object(site)); err != nil {
		return Proposal{}, site, err
	}
	return p, site, nil
}

// Before is the version that a proposal follows: the one of its agreement before it, else what holds for the site without it.
func (s *Service) Before(ctx context.Context, p Proposal) (agreement.Paper, error) {
	q := s.db.Read()
	versionID, err := versionBefore(ctx, q, p.AgreementID, p.Number)
	if err != nil || versionID != "" {
		if err != nil {
			return agreement.Paper{}, err
		}
		return s.book.Paper(ctx, q, versionID)
	}
	return s.book.InForce(ctx, q, p.OrgID, p.SiteID, p.MadeAt)
}

// Newest is the newest version of an agreement, whether it holds yet or not; what holds without it while there is none, under the
// agreement's own name. Errors: as auth.Can; NotFound.
func (s *Service) Newest(ctx context.Context, by auth.Actor, agreementID string) (agreement.Paper, error) {
	q := s.db.Read()
	have, err := agreementByID(ctx, q, agreementID)
	if err != nil {
		return agreement.Paper{}, err
	}
	p := Proposal{AgreementID: agreementID, OrgID: have.orgID, SiteID: have.siteID, Number: have.number + 1, MadeAt: s.clk.Now()}
	site, err := s.with(ctx, q, p)
	if err != nil {
		return agreement.Paper{}, err
	}
	if err := auth.Can(by, auth.AgreementRead, object(site)); err != nil {
		return agreement.Paper{}, err
	}
	paper, err := s.Before(ctx, p)
	paper.Name, paper.OrgID, paper.SiteID = have.name, have.orgID, have.siteID
	return paper, err
}

// SideOf is for which side of a proposal's agreement the actor speaks. Errors: as auth.Can; Denied; Conflict for who speaks for both.
func (s *Service) SideOf(ctx context.Context, by auth.Actor, p Proposal) (agreement.Side, error) {
	site, err := s.with(ctx, s.db.Read(), p)
	if err != nil {
		return "", err
	}
	if err := auth.Can(by, auth.AgreementSign, object(site)); err != nil {
		return "", err
	}
	return sideOf("contract.SideOf", by, site)
}

// WithoutOne lists the sites of customers that the actor may negotiate for and that have no agreement of their own, by name.
func (s *Service) WithoutOne(ctx context.Context, by auth.Actor) ([]people.Site, error) {
	if auth.Somewhere(by, auth.AgreementSign) != nil {
		return nil, nil
	}
	q := s.db.Read()
	with, err := sitesWith(ctx, q)
	if err != nil {
		return nil, err
	}
	all, err := people.CustomerSites(ctx, q)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(site people.Site) bool {
		return slices.Contains(with, site.ID) || auth.Can(by, auth.AgreementSign, object(site)) != nil
	}), nil
}

// List lists the newest proposals that the actor may read, of every agreement.
func (s *Service) List(ctx context.Context, by auth.Actor, limit int) ([]Proposal, error) {
	w := db.NewWhere()
	auth.FilterFor(by, auth.AgreementRead, w, auth.Columns{Org: "a.org_id", Site: "a.site_id"})
	return list(ctx, s.db.Read(), w, limit)
}

// Of lists the proposals of an agreement, the newest first. Errors: as Get.
func (s *Service) Of(ctx context.Context, by auth.Actor, agreementID string) ([]Proposal, error) {
	all, err := proposalsOf(ctx, s.db.Read(), agreementID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	site, err := s.with(ctx, s.db.Read(), all[0])
	if err != nil {
		return nil, err
	}
	return all, auth.Can(by, auth.AgreementRead, object(site))
}

// Names are the words for ids that terms hold, for whoever reads days in a zone. An id that names nothing stays as it is.
func (s *Service) Names(ctx context.Context, zone *time.Location) Names {
	q := s.db.Read()
	return Names{
		Zone: zone,
		Calendar: func(id string) string {
			if d, err := calendar.ByID(ctx, q, id); err == nil {
				return d.Name
			}
			return id
		},
		Service: func(id string) string {
			if name, err := catalog.NameOf(ctx, q, id); err == nil {
				return name
			}
			return id
		},
	}
}
