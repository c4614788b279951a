package contract

import (
	"context"
	"fmt"
	"time"

	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// sign asks both sides and puts the proposer's signature under it.
func (s *Service) sign(ctx context.Context, tx *db.Tx, by auth.Actor, p *Proposal, site people.Site, seats map[string][]string) error {
	rule := approval.Rule{For: toSign}
	for _, stage := range []string{StageProvider, StageCustomer} {
		rule.Stages = append(rule.Stages, approval.Stage{Name: stage, Seats: seats[stage], Quorum: 1, Veto: true})
	}
	ask, err := s.approvals.Ask(ctx, tx, by, approval.Request{
		Kind: Kind, ObjectID: p.ID, Title: fmt.Sprintf("%s, version %d, for %s", p.Name, p.Number, called(site)), Rule: rule, AskerMayVote: true,
	})
	if err != nil {
		return err
	}
	p.AskID = ask.ID
	if err := update(ctx, tx, *p); err != nil {
		return err
	}
	_, err = s.approvals.VoteIn(ctx, tx, by, ask.ID, approval.Ballot{Stage: string(p.Side), Seat: by.PersonID, Consent: true, Digest: ask.Digest})
	return err
}

// Digest implements approval.Subject.
func (s *Service) Digest(ctx context.Context, q db.Querier, proposalID string) (string, error) {
	p, err := byID(ctx, q, proposalID)
	if err != nil {
		return "", err
	}
	return p.Digest()
}

// May implements approval.Subject: whoever signs holds the role when they sign; who signs for somebody away is of the same side.
func (s *Service) May(ctx context.Context, q db.Querier, proposalID, stage, holder, voter string) (bool, error) {
	p, err := byID(ctx, q, proposalID)
	if err != nil {
		return false, err
	}
	site, err := s.with(ctx, q, p)
	if err != nil {
		return false, err
	}
	return MaySign(ctx, q, s.people, site, stage, holder, voter)
}

// MaySign says whether a voter may sign for a side of a site from a seat, their own or that of somebody they stand in for: the holder
// holds the role now, and who stands in is of the same side and speaks for no other.
func MaySign(ctx context.Context, q db.Querier, dir *people.Service, site people.Site, stage, holder, voter string) (bool, error) {
	by, err := dir.ActorIn(ctx, q, holder)
	if errs.Is(err, errs.Unauthenticated) {
		return false, nil
	}
	if err != nil || !by.HoldsOver(roles[stage], object(site)) || voter == holder {
		return err == nil && by.HoldsOver(roles[stage], object(site)), err
	}
	sub, err := dir.ActorIn(ctx, q, voter)
	if errs.Is(err, errs.Unauthenticated) {
		return false, nil
	}
	for other, role := range roles {
		if other != stage && err == nil && sub.HoldsOver(role, object(site)) {
			return false, nil // nobody signs for both, nor for the other
		}
	}
	return err == nil && sub.OrgID == by.OrgID, err
}

// Decided implements approval.Subject: with both signatures there is a version.
func (s *Service) Decided(ctx context.Context, tx *db.Tx, a approval.Ask) error {
	p, err := byID(ctx, tx, a.ObjectID)
	if err != nil || p.State != Proposed {
		return err
	}
	p.EndedAt = s.clk.Now()
	switch a.State {
	case approval.Approved:
		return s.conclude(ctx, tx, a, p)
	case approval.Refused:
		p.State = Refused
	case approval.Expired:
		p.State = Expired
	case approval.Withdrawn:
		p.State = Withdrawn
	default:
		p.State = Void
	}
	if err := update(ctx, tx, p); err != nil {
		return err
	}
	return s.audit(ctx, tx, "system", "agreement."+string(p.State), p, a.Reason)
}

// conclude writes the version. One that was signed after the day it was meant for is in force from the signature on: nobody is bound
// for the time before.
func (s *Service) conclude(ctx context.Context, tx *db.Tx, a approval.Ask, p Proposal) error {
	p.State, p.VersionID = Signed, id.New()
	from := p.From
	if now := s.clk.Now().Truncate(time.Second); !from.After(now) {
		from = now.Add(time.Second)
	}
	if err := insertVersion(ctx, tx, p, from, a.ID); err != nil {
		return err
	}
	if err := update(ctx, tx, p); err != nil {
		return err
	}
	if err := s.jobs.Add(ctx, tx, JobForce, p.VersionID, from); err != nil {
		return err
	}
	return s.audit(ctx, tx, "system", "agreement.conclude", p, "")
}
