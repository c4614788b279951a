package whatif

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/report"
)

// JobRun is the kind of the job that evaluates; its item is the run.
const JobRun = "report.whatif"

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Book      *agreement.Book
	Contracts *contract.Service
	Jobs      *job.Queue
}

// Service holds versions over the past. It is safe for concurrent use.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// State is how a run stands.
type State string

// The states.
const (
	Running  State = "running"
	Complete State = "complete"
	Stopped  State = "stopped"
)

// Run is one evaluation.
type Run struct {
	ID          string
	AgreementID string
	OrgID       string
	SiteID      string // "" is the whole organisation
	ProposalID  string // "" of terms that nobody proposed
	MadeBy      string
	MadeAt      time.Time
	Period      report.Period
	Service     string // calendar ids
	Customer    string
	Terms       agreement.Terms
	State       State
	Total, Done int64 // tickets
	EndedAt     time.Time
	Result      Result // once it is complete
}

// Percent is how far it is.
func (r Run) Percent() int { return int(100 * r.Done / max(1, r.Total)) }

// Input is what somebody wants to know.
type Input struct {
	ProposalID  string
	AgreementID string // of terms that nobody proposed
	Service     string // calendar ids; "" are those of the newest version
	Customer    string
	Terms       agreement.Terms
	From, To    string // see report.Read
}

// Start begins an evaluation in the background. Errors: as Contracts.SideOf; NotFound; Invalid, naming every field.
func (s *Service) Start(ctx context.Context, by auth.Actor, in Input) (Run, error) {
	const op = "whatif.Start"
	p, err := s.version(ctx, by, in)
	if err != nil {
		return Run{}, err
	}
	now := s.Clock.Now()
	cal, err := s.Book.Compiled(ctx, s.DB.Read(), p.Service)
	if err != nil {
		return Run{}, err
	}
	r := Run{ID: id.New(), AgreementID: p.AgreementID, OrgID: p.OrgID, SiteID: p.SiteID, ProposalID: in.ProposalID, MadeBy: by.ID(), MadeAt: now, Service: p.Service, Customer: p.Customer, Terms: p.Terms, State: Running}
	if r.Period, err = report.Read(in.From, in.To, now, cal.Zone()); err != nil {
		return r, err
	}
	if in.ProposalID == "" {
		if fields := p.Terms.Check(now); len(fields) > 0 {
			return r, &errs.E{Kind: errs.Invalid, Op: op, Msg: "These terms can't be held over the past as they are.", Fields: fields}
		}
	}
	return r, s.DB.Write(ctx, func(tx *db.Tx) error {
		ids, err := store.Past(ctx, tx, p.OrgID, p.SiteID, r.Period.To.Unix())
		if err != nil {
			return err
		}
		r.Total = int64(len(ids))
		if err := insert(ctx, tx, r); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Entry{At: now, Actor: by.ID(), Verb: "agreement.what_if", Object: "agreement", ObjectID: r.AgreementID,
			Change: map[string]any{"run": r.ID, "proposal": r.ProposalID, "from": r.Period.From, "to": r.Period.To}}); err != nil {
			return err
		}
		return s.Jobs.Add(ctx, tx, JobRun, r.ID, now)
	})
}

// version is what is to be evaluated, as a proposal would have it, for somebody who speaks for a side.
func (s *Service) version(ctx context.Context, by auth.Actor, in Input) (contract.Proposal, error) {
	if in.ProposalID != "" {
		if !id.Valid(in.ProposalID) {
			return contract.Proposal{}, errs.In("whatif", "proposal", "There is no such proposal.")
		}
		p, err := s.Contracts.Get(ctx, by, in.ProposalID)
		if err == nil && in.AgreementID != "" && in.AgreementID != p.AgreementID {
			err = errs.In("whatif", "proposal", "This proposal is of another agreement.")
		}
		if err == nil {
			_, err = s.Contracts.SideOf(ctx, by, p)
		}
		return p, err
	}
	paper, err := s.Contracts.Newest(ctx, by, in.AgreementID)
	if err != nil {
		return contract.Proposal{}, err
	}
	p := contract.Proposal{AgreementID: in.AgreementID, Name: paper.Name, OrgID: paper.OrgID, SiteID: paper.SiteID, Service: paper.ServiceCalendar, Customer: paper.CustomerCalendar, Terms: in.Terms}
	if _, err := s.Contracts.SideOf(ctx, by, p); err != nil {
		return p, err
	}
	for _, x := range []struct {
		field, id string
		at        *string
	}{{"service_calendar", in.Service, &p.Service}, {"customer_calendar", in.Customer, &p.Customer}} {
		if x.id == "" {
			continue
		}
		if !id.Valid(x.id) {
			return p, errs.In("whatif", x.field, "There is no such calendar. Choose one of those there are.")
		}
		if _, err := calendar.ByID(ctx, s.DB.Read(), x.id); errs.Is(err, errs.NotFound) {
			return p, errs.In("whatif", x.field, "There is no such calendar. Choose one of those there are.")
		} else if err != nil {
			return p, err
		}
		*x.at = x.id
	}
	return p, nil
}

// Get reads a run. Errors: NotFound, the same for who does not speak for a side.
func (s *Service) Get(ctx context.Context, by auth.Actor, runID string) (Run, error) {
	r, err := byID(ctx, s.DB.Read(), runID)
	if err != nil {
		return r, err
	}
	return r, s.may(ctx, by, r.AgreementID, r.OrgID, r.SiteID)
}

// may: both sides of the agreement's negotiation read what was asked.
func (s *Service) may(ctx context.Context, by auth.Actor, agreementID, orgID, siteID string) error {
	_, err := s.Contracts.SideOf(ctx, by, contract.Proposal{AgreementID: agreementID, OrgID: orgID, SiteID: siteID})
	return err
}

// List gives the newest runs of an agreement, with proposalID those of one proposal. Errors: as Get.
func (s *Service) List(ctx context.Context, by auth.Actor, agreementID, proposalID string) ([]Run, error) {
	p, err := s.Contracts.Newest(ctx, by, agreementID)
	if err != nil {
		return nil, err
	}
	if err := s.may(ctx, by, agreementID, p.OrgID, p.SiteID); err != nil {
		return nil, err
	}
	return listOf(ctx, s.DB.Read(), agreementID, proposalID)
}

// Stop ends a run; what it had read is forgotten. Errors: as Get; Conflict for one that has ended.
func (s *Service) Stop(ctx context.Context, by auth.Actor, runID string) (Run, error) {
	r, err := s.Get(ctx, by, runID)
	if err != nil {
		return r, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		ok, err := end(ctx, tx, runID, Stopped, s.Clock.Now(), "")
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "whatif.Stop", "It has ended already.").Reason("what-if-ended")
		}
		if err == nil {
			err = s.Jobs.Remove(ctx, tx, JobRun, runID)
		}
		return err
	})
	if err != nil {
		return r, err
	}
	return s.Get(ctx, by, runID)
}

// errStopped ends an evaluation that somebody stopped.
var errStopped = errs.New(errs.Stale, "whatif", "the run was stopped")

// tellEvery is how often a run writes how far it is, and says that its node is still at it.
const tellEvery = time.Second

// Work does the job of a run. finish commits its result.
func (s *Service) Work(ctx context.Context, j job.Job, finish job.Finish) error {
	r, err := byID(ctx, s.DB.Read(), j.Item)
	if errs.Is(err, errs.NotFound) || err == nil && r.State != Running {
		return finish(func(*db.Tx) error { return nil })
	}
	if err != nil {
		return err
	}
	var mu sync.Mutex
	took, last := clock.Stopwatch(), time.Duration(0)
	result, err := s.Evaluate(ctx, r, func(done int64) error {
		mu.Lock()
		defer mu.Unlock()
		if now := took(); now-last < tellEvery {
			return nil
		}
		last = took()
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			ok, err := step(ctx, tx, r.ID, done)
			if err == nil && !ok {
				return errStopped
			}
			if err != nil {
				return err
			}
			return s.Jobs.Hold(ctx, tx, j)
		})
	})
	if errs.Is(err, errs.Stale) {
		return finish(func(*db.Tx) error { return nil })
	}
	if err != nil {
		return err
	}
	body, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return finish(func(tx *db.Tx) error {
		_, err := end(ctx, tx, r.ID, Complete, s.Clock.Now(), string(body))
		return err
	})
}

// Evaluate holds a run's version over the past, in parallel, and writes nothing. told is told how many tickets were read; its error ends it.
func (s *Service) Evaluate(ctx context.Context, r Run, told func(done int64) error) (Result, error) {
	q := s.DB.Read()
	all, err := s.Book.List(ctx)
	if err != nil {
		return Result{}, err
	}
	e := evaluation{
		question: question{
			paper:  agreement.Paper{AgreementID: r.AgreementID, OrgID: r.OrgID, SiteID: r.SiteID, ServiceCalendar: r.Service, CustomerCalendar: r.Customer, Terms: r.Terms},
			period: r.Period, now: s.Clock.Now().Truncate(time.Second).Unix(), skip: map[string]bool{},
		},
		ctx: ctx, q: q, book: s.Book, told: told,
	}
	if r.SiteID == "" {
		for _, p := range all { // a site with an agreement of its own is not under the organisation's
			if p.OrgID == r.OrgID && p.SiteID != "" {
				e.skip[p.SiteID] = true
			}
		}
	}
	ids, err := store.Past(ctx, q, r.OrgID, r.SiteID, r.Period.To.Unix())
	if err != nil {
		return Result{}, err
	}
	return e.run(ids)
}
