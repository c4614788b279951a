package approval

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

// end decides an ask, does what follows, and tells.
func (s *Service) end(ctx context.Context, tx *db.Tx, a *Ask, state State, by, reason string) error {
	asked := a.open()
	a.State, a.DecidedAt, a.Reason = state, s.clk.Now(), reason
	a.Version++
	if err := updateAsk(ctx, tx, *a); err != nil {
		return err
	}
	if err := closeSeats(ctx, tx, a.ID); err != nil {
		return err
	}
	if !a.ExpiresAt.IsZero() {
		if err := s.jobs.Remove(ctx, tx, JobExpire, a.ID); err != nil {
			return err
		}
	}
	if err := s.audit(ctx, tx, by, "approval."+string(state), *a, reason); err != nil {
		return err
	}
	if err := s.subjects[a.Kind].Decided(ctx, tx, *a); err != nil {
		return err
	}
	return s.tellEnd(ctx, tx, *a, asked)
}

func (s *Service) tellEnd(ctx context.Context, tx *db.Tx, a Ask, asked [][2]string) error {
	told := []string{a.AskedBy}
	for _, v := range a.Votes {
		told = append(told, v.Voter)
	}
	n := NoticeDecided
	if a.State != Approved && a.State != Refused {
		n = NoticeEnded
		for _, o := range asked {
			told = append(told, o[1])
		}
	}
	slices.Sort(told)
	told = slices.DeleteFunc(slices.Compact(told), func(p string) bool { return p == "system" })
	return s.tell.TellApproval(ctx, tx, n, a, told)
}

// Withdraw takes an ask back. Who asked may, and whoever the caller of another package lets. Errors: NotFound; Denied; Conflict when it is
// decided; Invalid without a reason.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, askID, reason string) (Ask, error) {
	const op = "approval.Withdraw"
	var a Ask
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if a, err = take(ctx, tx, askID); err != nil {
			return err
		}
		if err := s.can(ctx, tx, by, a, auth.ApprovalRead); err != nil {
			return err
		}
		if a.AskedBy != by.ID() {
			return errs.New(errs.Denied, op, "Only whoever asked takes it back.")
		}
		return s.WithdrawIn(ctx, tx, by, &a, reason)
	})
	if err != nil {
		return Ask{}, err
	}
	return a, nil
}

// WithdrawIn is Withdraw in the transaction of a caller who decides whether the actor may.
func (s *Service) WithdrawIn(ctx context.Context, tx *db.Tx, by auth.Actor, a *Ask, reason string) error {
	const op = "approval.Withdraw"
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > maxReason {
		return errs.In(op, "reason", "Say in at most %d bytes why, for those who were asked.", maxReason)
	}
	if a.State != Pending {
		return a.decided(op).Reason("approval-decided")
	}
	return s.end(ctx, tx, a, Withdrawn, by.ID(), reason)
}

// Expire ends an ask whose time has run out, or takes it further; nothing happens before that, or when it is decided. It is what the job
// [JobExpire] does.
func (s *Service) Expire(ctx context.Context, tx *db.Tx, askID string) error {
	a, err := take(ctx, tx, askID)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.overrun(ctx, tx, &a)
}

// overrun does what follows when the time of an ask has run out.
func (s *Service) overrun(ctx context.Context, tx *db.Tx, a *Ask) error {
	now := s.clk.Now()
	if a.State != Pending || a.ExpiresAt.IsZero() || now.Before(a.ExpiresAt) {
		return nil
	}
	if len(a.Rule.Escalate) == 0 || !a.EscalatedAt.IsZero() {
		return s.end(ctx, tx, a, Expired, "system", "nobody decided in time")
	}
	// Grace counts from now, not from when time ran out: after an outage those it comes to have all of it
	a.EscalatedAt, a.ExpiresAt = now, now.Add(a.Rule.Grace)
	a.Version++
	if err := updateAsk(ctx, tx, *a); err != nil {
		return err
	}
	if err := openSeats(ctx, tx, a.ID, "", a.Rule.Escalate); err != nil {
		return err
	}
	if err := s.jobs.Add(ctx, tx, JobExpire, a.ID, a.ExpiresAt); err != nil {
		return err
	}
	if err := s.audit(ctx, tx, "system", "approval.escalate", *a, "nobody decided in time"); err != nil {
		return err
	}
	return s.tellOpen(ctx, tx, NoticeEscalated, *a, nil)
}
