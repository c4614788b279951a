package approval

import (
	"context"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Delegation is somebody's votes given to another person from an instant to another.
type Delegation struct {
	ID       string
	From, To string // persons
	Kind     string // of what is approved; "" is every kind
	Begins   time.Time
	Until    time.Time
	MadeBy   string
	MadeAt   time.Time
	EndedAt  time.Time // zero unless it was taken back before Until
}

// longest is how long votes are given away at most: a delegation is for a time, not for good.
const longest = 366 * 24 * time.Hour

// DelegationInput is what Delegate needs.
type DelegationInput struct {
	To     string
	Kind   string
	Begins time.Time // zero is now
	Until  time.Time
}

// Delegate gives the actor's own votes to somebody. Only they may. Errors: Invalid with the field; Denied for a token that may not.
func (s *Service) Delegate(ctx context.Context, by auth.Actor, in DelegationInput) (Delegation, error) {
	const op = "approval.Delegate"
	if err := auth.Can(by, auth.ApprovalVote, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return Delegation{}, err
	}
	now := s.clk.Now()
	d := Delegation{ID: id.New(), From: by.PersonID, To: in.To, Kind: in.Kind, Begins: in.Begins, Until: in.Until, MadeBy: by.ID(), MadeAt: now}
	if d.Begins.IsZero() {
		d.Begins = now
	}
	_, known := s.subjects[d.Kind]
	switch {
	case d.To == "":
		return Delegation{}, errs.In(op, "to", "Name who votes for you.")
	case d.To == d.From:
		return Delegation{}, errs.In(op, "to", "This is you. Name somebody else.")
	case d.Kind != "" && !known:
		return Delegation{}, errs.In(op, "kind", "Nothing of the kind %q is approved. Leave it empty for everything.", d.Kind)
	case d.Until.IsZero():
		return Delegation{}, errs.In(op, "until", "Say until when. Votes are given away for a time, not for good.")
	case !d.Until.After(d.Begins):
		return Delegation{}, errs.In(op, "until", "The end is not after the beginning. Give a later day or hour.")
	case !d.Until.After(now):
		return Delegation{}, errs.In(op, "until", "This time has passed. Give an end that is to come.")
	case d.Until.Sub(d.Begins) > longest:
		return Delegation{}, errs.In(op, "until", "This is longer than a year. Give an end within a year; it can be given again.")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		ok, err := s.subs.Enabled(ctx, tx, d.To)
		if err != nil {
			return err
		}
		if !ok {
			return errs.In(op, "to", "There is nobody of this id who could vote. Choose a person from the list.")
		}
		if err := insertDelegation(ctx, tx, d); err != nil {
			return err
		}
		return s.auditDelegation(ctx, tx, by, "approval.delegate", d)
	})
	return d, err
}

// EndDelegation takes votes back before the time is over; what was cast stays cast. Errors: NotFound for one that is not the actor's.
func (s *Service) EndDelegation(ctx context.Context, by auth.Actor, delegationID string) error {
	if err := auth.Can(by, auth.ApprovalVote, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := delegationByID(ctx, tx, delegationID)
		if err == nil && d.From != by.PersonID {
			err = errs.New(errs.NotFound, "approval.EndDelegation", "There is nothing here that you can see.")
		}
		if err != nil || !d.EndedAt.IsZero() {
			return err
		}
		if err := endDelegation(ctx, tx, d.ID, clock.Micros(s.clk.Now())); err != nil {
			return err
		}
		return s.auditDelegation(ctx, tx, by, "approval.delegation.end", d)
	})
}

// Delegations lists what the actor gave and was given that has not ended, the next to end on top.
func (s *Service) Delegations(ctx context.Context, by auth.Actor) ([]Delegation, error) {
	if err := auth.Can(by, auth.ApprovalRead, auth.Object{Kind: "approval", Parties: []string{by.PersonID}}); err != nil {
		return nil, err
	}
	return delegationsOf(ctx, s.db.Read(), by.PersonID, s.clk.Now())
}

func (s *Service) auditDelegation(ctx context.Context, tx *db.Tx, by auth.Actor, verb string, d Delegation) error {
	return audit.Write(ctx, tx, audit.Entry{
		At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "person", ObjectID: d.From,
		Change: map[string]any{"delegation": d.ID, "to": d.To, "kind": d.Kind, "from": d.Begins, "until": d.Until},
	})
}
