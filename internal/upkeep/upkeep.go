package upkeep

import (
	"context"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

// Service is what an operator looks after. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	clk   clock.Clock
	jobs  *job.Queue
	box   *box.Box
	hooks box.Hooks
}

// New makes the service. hooks are told of a mail that is given up.
func New(d *db.DB, clk clock.Clock, jobs *job.Queue, b *box.Box, hooks box.Hooks) *Service {
	return &Service{db: d, clk: clk, jobs: jobs, box: b, hooks: hooks}
}

// Report is how an installation is.
type Report struct {
	Watches []job.Watch
	Jobs    job.Health
	Flow    box.Flow
	Alarms  []string // what is wrong, each in a sentence; none when all is well
}

// Now is the instant by which a report is read.
func (s *Service) Now() time.Time { return s.clk.Now() }

// How long mail may lie before somebody has to look.
const (
	unreadFor = 5 * time.Minute
	unsentFor = 15 * time.Minute
)

// Look reads how the installation is. Errors: as auth.Can.
func (s *Service) Look(ctx context.Context, by auth.Actor) (Report, error) {
	if err := auth.Can(by, auth.SystemRun, auth.Object{Kind: "system"}); err != nil {
		return Report{}, err
	}
	return s.look(ctx)
}

// Alarms says what is wrong, to who may read the mail log or run the machinery; nothing to others.
func (s *Service) Alarms(ctx context.Context, by auth.Actor) ([]string, error) {
	if auth.Can(by, auth.SystemRun, auth.Object{Kind: "system"}) != nil && auth.Can(by, auth.MailRead, auth.Object{Kind: "mail"}) != nil {
		return nil, nil
	}
	r, err := s.look(ctx)
	return r.Alarms, err
}

func (s *Service) look(ctx context.Context) (r Report, err error) {
	if r.Watches, err = job.Watches(ctx, s.db.Read()); err != nil {
		return r, err
	}
	if r.Jobs, err = s.jobs.Health(ctx); err != nil {
		return r, err
	}
	if r.Flow, err = s.box.Flow(ctx); err != nil {
		return r, err
	}
	now := s.clk.Now()
	for _, w := range r.Watches {
		switch {
		case w.Overdue(now):
			r.Alarms = append(r.Alarms, Title(w.Name)+" is overdue.")
		case w.Failing():
			r.Alarms = append(r.Alarms, Title(w.Name)+" fails.")
		}
	}
	if r.Jobs.Dead > 0 {
		r.Alarms = append(r.Alarms, "Jobs were given up.")
	}
	if at := r.Flow.Unread; !at.IsZero() && now.Sub(at) > unreadFor {
		r.Alarms = append(r.Alarms, "Mail that came in is not read.")
	}
	if at := r.Flow.Unsent; !at.IsZero() && now.Sub(at) > unsentFor {
		r.Alarms = append(r.Alarms, "Mail does not go out.")
	}
	return r, nil
}

// The names of what is watched.
const (
	Relay      = "relay"
	LMTP       = "lmtp"
	SMTP       = "smtp"
	Hourly     = "hourly"
	Checkpoint = "checkpoint"
)

// Title is what is watched, in words.
func Title(name string) string {
	switch name {
	case Relay:
		return "The relay for mail out"
	case LMTP:
		return "Mail in by LMTP"
	case SMTP:
		return "Mail in by SMTP"
	case Hourly:
		return "The hourly clean-up"
	case Checkpoint:
		return "The signed checkpoint of the ledgers"
	}
	return name
}

// DeadJobs lists jobs that were given up, the oldest first. Errors: as auth.Can.
func (s *Service) DeadJobs(ctx context.Context, by auth.Actor, c page.Cursor, limit int) (page.List[job.Dead], error) {
	if err := auth.Can(by, auth.SystemRun, auth.Object{Kind: "system"}); err != nil {
		return page.List[job.Dead]{}, err
	}
	return job.DeadJobs(ctx, s.db.Read(), c, limit)
}

// ReviveJob has a job that was given up tried again. Errors: as auth.Can; NotFound.
func (s *Service) ReviveJob(ctx context.Context, by auth.Actor, jobID string) error {
	if err := auth.Can(by, auth.SystemRun, auth.Object{Kind: "system"}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, ok, err := s.jobs.Revive(ctx, tx, jobID)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.NotFound, "upkeep.ReviveJob", "There is no such job any more.")
		}
		return s.audit(ctx, tx, by, "job.revive", "job", d.ID, map[string]any{"kind": d.Kind, "item": d.Item})
	})
}

// RetryMail tries a mail that waits, or that failed, at once. Errors: as auth.Can; NotFound; Conflict for one that is out.
func (s *Service) RetryMail(ctx context.Context, by auth.Actor, mailID string) error {
	return s.onMail(ctx, by, "mail.retry", mailID, func(tx *db.Tx) (box.Outbound, error) { return s.box.Again(ctx, tx, mailID) })
}

// GiveUpMail ends the tries of a mail that waits: the turn it would have opened is the desk's. Errors: as RetryMail.
func (s *Service) GiveUpMail(ctx context.Context, by auth.Actor, mailID string) error {
	return s.onMail(ctx, by, "mail.give_up", mailID, func(tx *db.Tx) (box.Outbound, error) { return s.box.GiveUp(ctx, tx, mailID, s.hooks) })
}

func (s *Service) onMail(ctx context.Context, by auth.Actor, verb, mailID string, do func(tx *db.Tx) (box.Outbound, error)) error {
	if err := auth.Can(by, auth.SystemRun, auth.Object{Kind: "mail"}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := do(tx)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, verb, "mail", m.ID, map[string]any{"state": m.State, "ticket": m.TicketID})
	})
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb, object, id string, change map[string]any) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: object, ObjectID: id, Change: change})
}

// Audit lists who did what, newest first. Errors: as auth.Can.
func (s *Service) Audit(ctx context.Context, by auth.Actor, f audit.Filter, c page.Cursor, limit int) (page.List[audit.Entry], error) {
	if err := auth.Can(by, auth.AuditRead, auth.Object{Kind: "audit"}); err != nil {
		return page.List[audit.Entry]{}, err
	}
	return audit.List(ctx, s.db.Read(), f, c, limit)
}
