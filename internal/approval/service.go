package approval

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// JobExpire is the kind of the job that ends an ask whose time has run out, or takes it further; its item is the ask.
const JobExpire = "approval.expire"

// Service asks and counts. It is safe for concurrent use once every Subject is registered.
type Service struct {
	db       *db.DB
	clk      clock.Clock
	jobs     *job.Queue
	subs     Substitutes
	tell     Teller
	subjects map[string]Subject
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, jobs *job.Queue, subs Substitutes, t Teller) *Service {
	return &Service{db: d, clk: clk, jobs: jobs, subs: subs, tell: t, subjects: map[string]Subject{}}
}

// Register plugs a kind. Call it before anything is asked.
func (s *Service) Register(kind string, sub Subject) { s.subjects[kind] = sub }

// Request is what is asked.
type Request struct {
	Kind, ObjectID, Title string
	Rule                  Rule
	AskerMayVote          bool   // as with a signature under what one proposed oneself; else who asks never votes
	Executor              string // who carries it out, and so does not vote
}

// Ask asks for consent, in the caller's transaction: the caller decides whether the actor may. Errors: Invalid for a rule that can't be;
// Conflict when the same thing is being asked already, or when those who may vote are too few for a quorum.
func (s *Service) Ask(ctx context.Context, tx *db.Tx, by auth.Actor, r Request) (Ask, error) {
	const op = "approval.Ask"
	if err := r.Rule.Check(op); err != nil {
		return Ask{}, err
	}
	sub, ok := s.subjects[r.Kind]
	if !ok {
		return Ask{}, errs.New(errs.Internal, op, "no subject for kind %q", r.Kind)
	}
	now := s.clk.Now()
	a := Ask{
		ID: id.New(), Kind: r.Kind, ObjectID: r.ObjectID, Title: r.Title, Rule: r.Rule, AskedBy: by.ID(), AskedAt: now, BarAsker: !r.AskerMayVote,
		Executor: r.Executor, State: Pending, Version: 1,
	}
	if r.Rule.For > 0 {
		a.ExpiresAt = now.Add(r.Rule.For)
	}
	for _, st := range a.Rule.Stages {
		if free := slices.DeleteFunc(slices.Clone(st.Seats), a.barred); len(free) < st.Quorum {
			return Ask{}, errs.New(errs.Conflict, op, "%s needs the consent of %d, and only %d of those named may give it: who asks or carries it out does not approve it. Name others.",
				r.Title, st.Quorum, len(free)).Reason("separation-of-duties")
		}
	}
	var err error
	if a.Digest, err = sub.Digest(ctx, tx, a.ObjectID); err != nil {
		return Ask{}, err
	}
	if open, err := s.openAsk(ctx, tx, a.Kind, a.ObjectID); err != nil {
		return Ask{}, err
	} else if open {
		return Ask{}, errs.New(errs.Conflict, op, "%s waits for approval already. Withdraw that first, or wait for it.", r.Title).Reason("approval-open")
	}
	if err := insertAsk(ctx, tx, a); err != nil {
		return Ask{}, err
	}
	if !a.ExpiresAt.IsZero() {
		if err := s.jobs.Add(ctx, tx, JobExpire, a.ID, a.ExpiresAt); err != nil {
			return Ask{}, err
		}
	}
	if err := s.audit(ctx, tx, by.ID(), "approval.ask", a, ""); err != nil {
		return Ask{}, err
	}
	return a, s.tellOpen(ctx, tx, NoticeAsked, a, nil)
}

// tellOpen tells those whose seat may be voted from and could not before. Who may not vote is not asked.
func (s *Service) tellOpen(ctx context.Context, tx *db.Tx, n Notice, a Ask, before [][2]string) error {
	var told []string
	for _, seat := range a.open() {
		if !slices.Contains(before, seat) && !a.barred(seat[1]) && !slices.Contains(told, seat[1]) {
			told = append(told, seat[1])
		}
	}
	if n == NoticeEscalated {
		told = slices.DeleteFunc(slices.Clone(a.Rule.Escalate), a.barred)
	}
	if len(told) == 0 {
		return nil
	}
	return s.tell.TellApproval(ctx, tx, n, a, told)
}

// Ballot is a vote as it is cast.
type Ballot struct {
	Stage   string // "" when the voter has a seat in one stage only
	Seat    string // whose seat, when the voter stands in for several; "" is the voter's own, else the only one
	Consent bool
	Reason  string // needed for a refusal
	Digest  string // of what the voter saw
}

// maxReason is the longest reason of a vote.
const maxReason = 2000

// Vote casts a vote. Errors: NotFound when the actor may not know of the ask; Denied; Invalid for a refusal without a reason; Conflict
// when it is decided, when the actor has voted, is barred, or holds no seat that is asked; Stale when what is to be approved is not
// what the voter saw: read it again.
func (s *Service) Vote(ctx context.Context, by auth.Actor, askID string, b Ballot) (Ask, error) {
	const op = "approval.Vote"
	var a Ask
	var refused error // committed though the vote is refused: the ask has run out, or is void
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		a, refused, err = s.voteIn(ctx, tx, op, by, askID, b)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Ask{}, err
	}
	return a, nil
}

// VoteIn is Vote in the caller's transaction. Errors: as Vote; any of them undoes the transaction.
func (s *Service) VoteIn(ctx context.Context, tx *db.Tx, by auth.Actor, askID string, b Ballot) (Ask, error) {
	a, refused, err := s.voteIn(ctx, tx, "approval.Vote", by, askID, b)
	if err == nil {
		err = refused
	}
	if err != nil {
		return Ask{}, err
	}
	return a, nil
}

// voteIn casts a vote. What it refuses while something else came of it, it says apart from what undoes the transaction.
func (s *Service) voteIn(ctx context.Context, tx *db.Tx, op string, by auth.Actor, askID string, b Ballot) (a Ask, refused, err error) {
	b.Reason = strings.TrimSpace(b.Reason)
	if a, err = take(ctx, tx, askID); err != nil {
		return a, nil, err
	}
	if err := s.can(ctx, tx, by, a, auth.ApprovalVote); err != nil {
		return a, nil, err
	}
	if err := s.overrun(ctx, tx, &a); err != nil {
		return a, nil, err
	}
	if refused := mayVote(op, a, by, b); refused != nil {
		return a, refused, nil
	}
	same, err := s.unchanged(ctx, tx, &a)
	switch {
	case err != nil:
		return a, nil, err
	case !same:
		return a, errs.New(errs.Conflict, op, "What was to be approved has changed since it was asked, so nothing is decided by this. It has to be asked again.").Reason("approval-void"), nil
	case b.Digest != a.Digest:
		return a, nil, errs.New(errs.Stale, op, "What you saw is not what is asked. Read it again, then decide.")
	}
	return a, nil, s.cast(ctx, tx, op, &a, by, b)
}

// mayVote checks what the ask itself says about a voter and their words.
func mayVote(op string, a Ask, by auth.Actor, b Ballot) error {
	if v, ok := a.Voted(by.PersonID); ok {
		return errs.New(errs.Conflict, op, "You decided this on %s, and a vote is not taken back: you %s.", v.At.Format(instant), said(v.Consent)).Reason("approval-voted")
	}
	if a.State != Pending {
		return a.decided(op).Reason("approval-decided")
	}
	if a.barred(by.PersonID) {
		return errs.New(errs.Conflict, op, "Somebody else approves this one: whoever asks for something, or carries it out, does not approve it.").Reason("separation-of-duties")
	}
	switch {
	case !b.Consent && b.Reason == "":
		return errs.In(op, "reason", "Say why, so that they know what to change.")
	case len(b.Reason) > maxReason:
		return errs.In(op, "reason", "The reason is longer than %d bytes. Make it shorter, and put the rest where it is discussed.", maxReason)
	}
	return nil
}

// instant is how a refusal writes when something was.
const instant = "2 January 2006, 15:04 MST"

// decided refuses what only a pending ask takes.
func (a Ask) decided(op string) *errs.E {
	return errs.New(errs.Conflict, op, "This is %s since %s.", a.State, a.DecidedAt.Format(instant))
}

func said(consent bool) string {
	if consent {
		return "consented"
	}
	return "did not consent"
}

// unchanged says whether what was asked is still what it was; if not, the ask is void.
func (s *Service) unchanged(ctx context.Context, tx *db.Tx, a *Ask) (bool, error) {
	digest, err := s.subjects[a.Kind].Digest(ctx, tx, a.ObjectID)
	if errs.Is(err, errs.NotFound) {
		digest, err = "", nil
	}
	if err != nil || digest == a.Digest {
		return err == nil, err
	}
	return false, s.end(ctx, tx, a, Void, "system", "what was to be approved has changed")
}

// cast writes a vote and what it decides.
func (s *Service) cast(ctx context.Context, tx *db.Tx, op string, a *Ask, by auth.Actor, b Ballot) error {
	before := a.open()
	v, err := s.seat(ctx, tx, op, *a, by, b)
	if err != nil {
		return err
	}
	v.ID, v.Seq, v.Consent, v.Reason, v.At = id.New(), int64(len(a.Votes))+1, b.Consent, b.Reason, s.clk.Now()
	if err := insertVote(ctx, tx, *a, v); err != nil {
		return err
	}
	a.Votes = append(a.Votes, v)
	if err := s.auditVote(ctx, tx, *a, v); err != nil {
		return err
	}
	if st := a.Standing(); st.State != Pending {
		return s.end(ctx, tx, a, st.State, by.ID(), "")
	}
	a.Version++
	if err := updateAsk(ctx, tx, *a); err != nil {
		return err
	}
	return s.tellOpen(ctx, tx, NoticeAsked, *a, before)
}

// seat finds the seat a vote is cast from: the first of those the voter has that is meant and may still be filled.
func (s *Service) seat(ctx context.Context, tx *db.Tx, op string, a Ask, by auth.Actor, b Ballot) (Vote, error) {
	d, err := s.deputy(ctx, tx, by.PersonID)
	if err != nil {
		return Vote{}, err
	}
	for _, x := range a.seats(by.PersonID, d) {
		if b.Stage != "" && b.Stage != x.Stage || b.Seat != "" && b.Seat != x.Holder {
			continue
		}
		switch ok, err := s.subjects[a.Kind].May(ctx, tx, a.ObjectID, x.Stage, x.Holder, by.PersonID); {
		case err != nil:
			return Vote{}, err
		case ok:
			return Vote{Stage: x.Stage, Seat: x.Holder, Voter: by.PersonID, Until: x.Until}, nil
		}
	}
	return Vote{}, errs.New(errs.Conflict, op, "You do not hold a seat that is asked at the moment. %s", whoIsAsked(a)).Reason("approval-no-seat")
}

func whoIsAsked(a Ask) string {
	n := len(a.open())
	if n == 1 {
		return "One other person is."
	}
	return fmt.Sprintf("%d other people are.", n)
}

// Holds is nil when exactly what a thing is now was approved: whoever carries it out asks in the transaction in which they do. Errors:
// Conflict, with what is missing.
func (s *Service) Holds(ctx context.Context, q db.Querier, kind, objectID string) error {
	const op = "approval.Holds"
	digest, err := s.subjects[kind].Digest(ctx, q, objectID)
	if err != nil {
		return err
	}
	a, found, err := s.newest(ctx, q, kind, objectID, digest)
	switch {
	case err != nil:
		return err
	case !found:
		return errs.New(errs.Conflict, op, "This has not been approved as it is now.").Reason("approval-missing")
	case a.State == Approved:
		return nil
	case a.State == Pending:
		return errs.New(errs.Conflict, op, "This waits for approval. %s", whoIsAsked(a)).Reason("approval-pending")
	}
	return a.decided(op).Reason("approval-" + string(a.State))
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by, verb string, a Ask, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{
		At: s.clk.Now(), Actor: by, Verb: verb, Object: "approval", ObjectID: a.ID, Reason: reason,
		Change: map[string]any{"kind": a.Kind, "of": a.ObjectID, "digest": a.Digest, "state": a.State},
	})
}

func (s *Service) auditVote(ctx context.Context, tx *db.Tx, a Ask, v Vote) error {
	return audit.Write(ctx, tx, audit.Entry{
		At: v.At, Actor: v.Voter, Verb: "approval.vote", Object: "approval", ObjectID: a.ID,
		Change: map[string]any{"kind": a.Kind, "of": a.ObjectID, "digest": a.Digest, "stage": v.Stage, "seat": v.Seat, "until": v.Until, "consent": v.Consent},
	})
}

func staleAsk() error {
	return errs.New(errs.Stale, "approval", "Somebody decided this at the same moment. Read it again.")
}
