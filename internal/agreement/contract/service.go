package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/approval"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Kind is the kind of the approvals in which versions are signed.
const Kind = "agreement"

// JobForce is the kind of the job that a version coming into force asks for; its item is the version. Whoever holds tickets handles it.
const JobForce = "agreement.force"

// toSign is how long a proposal waits for its second signature.
const toSign = 90 * 24 * time.Hour

// Service keeps proposals and makes versions of them. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	clk       clock.Clock
	book      *agreement.Book
	people    *people.Service
	approvals *approval.Service
	jobs      *job.Queue
}

// New makes the service and plugs it into the approvals.
func New(d *db.DB, clk clock.Clock, book *agreement.Book, dir *people.Service, approvals *approval.Service, jobs *job.Queue) *Service {
	s := &Service{db: d, clk: clk, book: book, people: dir, approvals: approvals, jobs: jobs}
	approvals.Register(Kind, s)
	return s
}

// Input is what somebody proposes.
type Input struct {
	AgreementID string // "" begins an agreement
	Name        string // of one that begins
	OrgID       string // with whom it begins
	SiteID      string // "" is the whole organisation
	Service     string // calendar ids
	Customer    string
	Terms       agreement.Terms
	From        time.Time
	Why         string
	Answers     string // the id of the proposal it answers
}

const (
	maxName = 200
	maxWhy  = 4000
)

// Propose proposes a version and signs it for the proposer's side. Errors: as auth.Can; Invalid with every field; Conflict when somebody
// speaks for both sides, when a proposal waits that this one does not answer, or when nobody can sign for the other side.
func (s *Service) Propose(ctx context.Context, by auth.Actor, in Input) (Proposal, error) {
	const op = "contract.Propose"
	var p Proposal
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = s.draft(ctx, tx, by, op, in); err != nil {
			return err
		}
		site, err := s.with(ctx, tx, p)
		if err != nil {
			return err
		}
		seats, err := s.seats(ctx, tx, op, site, by, p.Side)
		if err != nil {
			return err
		}
		if err := s.makeRoom(ctx, tx, by, op, &p, in.AgreementID == ""); err != nil {
			return err
		}
		if err := insert(ctx, tx, p); err != nil {
			return err
		}
		if err := s.sign(ctx, tx, by, &p, site, seats); err != nil {
			return err
		}
		return s.audit(ctx, tx, by.ID(), "agreement.propose", p, "")
	})
	if err != nil {
		return Proposal{}, err
	}
	return p, nil
}

// draft makes the proposal of what was given, checked.
func (s *Service) draft(ctx context.Context, tx *db.Tx, by auth.Actor, op string, in Input) (Proposal, error) {
	now := s.clk.Now()
	p := Proposal{
		ID: id.New(), AgreementID: in.AgreementID, Name: strings.TrimSpace(in.Name), OrgID: in.OrgID, SiteID: in.SiteID, Number: 1, AuthorID: by.ID(), MadeAt: now,
		Service: in.Service, Customer: in.Customer, Terms: in.Terms, From: in.From.Truncate(time.Second), Why: strings.TrimSpace(in.Why), Answers: in.Answers, State: Proposed,
	}
	e := errs.New(errs.Invalid, op, "This version can't be proposed as it is.")
	bad := func(path, format string, args ...any) {
		e.Fields = append(e.Fields, errs.Field{Path: path, Msg: fmt.Sprintf(format, args...)})
	}
	var newest time.Time
	if p.AgreementID != "" {
		have, err := agreementByID(ctx, tx, p.AgreementID)
		if err != nil {
			return p, err
		}
		p.Name, p.OrgID, p.SiteID, p.Number, newest = have.name, have.orgID, have.siteID, have.number+1, have.newest
	}
	site, err := s.with(ctx, tx, p)
	if err != nil {
		return p, err
	}
	p.OrgID = site.OrgID
	if err := auth.Can(by, auth.AgreementSign, object(site)); err != nil {
		return p, err
	}
	if p.Side, err = sideOf(op, by, site); err != nil {
		return p, err
	}
	if p.AgreementID == "" {
		p.AgreementID = id.New()
		switch taken, err := agreementWith(ctx, tx, p.OrgID, p.SiteID); {
		case err != nil:
			return p, err
		case taken:
			return p, errs.New(errs.Conflict, op, "There is an agreement with %s already. Propose a version of that one.", called(site)).Reason("agreement-exists")
		}
		if p.Name == "" || len(p.Name) > maxName {
			bad("name", "Give the agreement a name of at most %d bytes, such as \"Standard 2026\".", maxName)
		}
	}
	switch {
	case p.From.IsZero():
		bad("from", "Say from when it is in force.")
	case !p.From.After(now):
		bad("from", "This time has passed. A version is in force from an instant that is to come; what was is corrected on the ticket.")
	case !newest.IsZero() && !p.From.After(newest):
		bad("from", "It overlaps: the version before it is in force from %s. Give a later day.", newest.Format("2 January 2006, 15:04 MST"))
	}
	if len(p.Why) > maxWhy {
		bad("why", "It is longer than %d bytes. Shorten it.", maxWhy)
	}
	if err := s.calendars(ctx, tx, p, bad); err != nil {
		return p, err
	}
	e.Fields = append(e.Fields, p.Terms.Check(now)...)
	if p.Terms.Until != 0 && p.Terms.Until <= p.From.Unix() {
		bad("until", "The term ends before it begins. Give a later day.")
	}
	if len(e.Fields) > 0 {
		return p, e
	}
	return p, nil
}

// calendars: a target without hours in which it runs promises nothing.
func (s *Service) calendars(ctx context.Context, q db.Querier, p Proposal, bad func(path, format string, args ...any)) error {
	for _, x := range []struct{ path, id, whose string }{{"service_calendar", p.Service, "IT"}, {"customer_calendar", p.Customer, "the customer"}} {
		if x.id == "" {
			bad(x.path, "The targets of %s have no calendar: choose the hours they run in.", x.whose)
			continue
		}
		if !id.Valid(x.id) {
			bad(x.path, "There is no such calendar. Choose one of those there are.")
			continue
		}
		d, err := calendar.ByID(ctx, q, x.id)
		if errs.Is(err, errs.NotFound) {
			bad(x.path, "There is no such calendar. Choose one of those there are.")
			continue
		}
		if err != nil {
			return err
		}
		cal, err := s.book.Compiled(ctx, q, d.ID)
		if err != nil {
			return err
		}
		if _, ok := cal.NextOpen(p.From.Unix()); !ok {
			bad(x.path, "The calendar %s has no hours after that day, so no target would ever run.", d.Name)
		}
	}
	return nil
}

// with is the site an agreement is with; for a whole organisation it is a site without a name.
func (s *Service) with(ctx context.Context, q db.Querier, p Proposal) (people.Site, error) {
	const op = "contract"
	if p.SiteID != "" {
		site, err := people.SiteByID(ctx, q, p.SiteID)
		if errs.Is(err, errs.NotFound) || err == nil && p.OrgID != "" && site.OrgID != p.OrgID {
			return site, errs.In(op, "site", "There is no such site of this organisation.")
		}
		return site, err
	}
	o, err := people.OrganisationByID(ctx, q, p.OrgID)
	if errs.Is(err, errs.NotFound) || err == nil && o.Kind != people.Customer {
		return people.Site{}, errs.In(op, "organisation", "There is no such customer. Choose an organisation that is one.")
	}
	return people.Site{OrgID: o.ID, OrgName: o.Name}, err
}

func object(site people.Site) auth.Object {
	return auth.Object{Kind: "agreement", OrgID: site.OrgID, SiteID: site.ID, Region: site.Region}
}

func called(site people.Site) string {
	if site.Name != "" {
		return site.Name
	}
	return site.OrgName
}

// sideOf is for which side somebody speaks. Errors: Conflict for who speaks for both.
func sideOf(op string, by auth.Actor, site people.Site) (agreement.Side, error) {
	provider, customer := by.HoldsOver(auth.ServiceLevelManager, object(site)), by.HoldsOver(auth.Signatory, object(site))
	switch {
	case provider && customer:
		return "", errs.New(errs.Conflict, op, "You speak for both sides here, and nobody signs for both. Let somebody else speak for one of them.").Reason("separation-of-duties")
	case provider:
		return agreement.SideProvider, nil
	case customer:
		return agreement.SideCustomer, nil
	}
	return "", errs.New(errs.Denied, op, "You do not speak for a side of this agreement. For IT a service level manager does, for the customer a signatory.")
}

// seats are who may sign for each side.
func (s *Service) seats(ctx context.Context, q db.Querier, op string, site people.Site, by auth.Actor, side agreement.Side) (map[string][]string, error) {
	out := map[string][]string{}
	for stage, role := range roles {
		all, err := s.people.Holders(ctx, q, role, site)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			out[stage] = append(out[stage], p.ID)
		}
	}
	// who holds the role by a wider grant than those of the narrowest scope proposes as well, and so signs
	if own := string(side); !slices.Contains(out[own], by.PersonID) {
		out[own] = append(out[own], by.PersonID)
	}
	for stage, other := range map[string]string{StageProvider: "IT", StageCustomer: called(site)} {
		out[stage] = slices.DeleteFunc(out[stage], func(p string) bool { return p == by.PersonID && stage != string(side) })
		if len(out[stage]) == 0 {
			return nil, errs.New(errs.Conflict, op, "Nobody speaks for %s, so nobody could sign. An administrator names somebody first.", other).Reason("nobody-signs")
		}
	}
	return out, nil
}

// roles is who signs for which side.
var roles = map[string]auth.Role{StageProvider: auth.ServiceLevelManager, StageCustomer: auth.Signatory}

// makeRoom begins the agreement, or ends the proposal that this one answers.
func (s *Service) makeRoom(ctx context.Context, tx *db.Tx, by auth.Actor, op string, p *Proposal, begins bool) error {
	if begins {
		if p.Answers != "" {
			return errs.In(op, "answers", "A new agreement answers no proposal.")
		}
		return insertAgreement(ctx, tx, *p, clock.Micros(s.clk.Now()))
	}
	open, found, err := openOf(ctx, tx, p.AgreementID)
	if err != nil {
		return err
	}
	switch {
	case !found && p.Answers != "":
		return errs.New(errs.Conflict, op, "The proposal you answer does not wait any more. Read what came of it.").Reason("proposal-ended")
	case !found:
		return nil
	case p.Answers != open.ID:
		return errs.New(errs.Conflict, op, "A proposal waits already. Sign it, or answer it with yours.").Reason("proposal-open")
	case open.Side == p.Side:
		return errs.New(errs.Conflict, op, "This proposal is your own side's. Take it back, then propose another.").Reason("proposal-own")
	}
	p.Answers = open.ID
	open.State, open.EndedAt = Answered, s.clk.Now()
	if err := update(ctx, tx, open); err != nil {
		return err
	}
	ask, err := s.approvals.ByID(ctx, tx, open.AskID)
	if err != nil {
		return err
	}
	return s.approvals.WithdrawIn(ctx, tx, by, &ask, "It was answered with another proposal.")
}

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
	by, err := s.people.ActorIn(ctx, q, holder)
	if errs.Is(err, errs.Unauthenticated) {
		return false, nil
	}
	if err != nil || !by.HoldsOver(roles[stage], object(site)) || voter == holder {
		return err == nil && by.HoldsOver(roles[stage], object(site)), err
	}
	sub, err := s.people.ActorIn(ctx, q, voter)
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

// Withdraw takes a proposal back: for its own side, whoever speaks for it may. Errors: as auth.Can; NotFound; Denied; Conflict; Invalid
// without a reason.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, proposalID, reason string) (Proposal, error) {
	const op = "contract.Withdraw"
	var p Proposal
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		var site people.Site
		if p, site, err = s.readable(ctx, tx, by, proposalID); err != nil {
			return err
		}
		side, err := sideOf(op, by, site)
		if err != nil {
			return err
		}
		if side != p.Side {
			return errs.New(errs.Denied, op, "This is the other side's proposal. Sign it, decline it, or answer it.")
		}
		ask, err := s.approvals.ByID(ctx, tx, p.AskID)
		if err != nil {
			return err
		}
		if err := s.approvals.WithdrawIn(ctx, tx, by, &ask, reason); err != nil {
			return err
		}
		p, err = byID(ctx, tx, p.ID)
		return err
	})
	if err != nil {
		return Proposal{}, err
	}
	return p, nil
}

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
	all, err := sitesWithout(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []people.Site
	for _, id := range all {
		site, err := people.SiteByID(ctx, q, id)
		if err != nil {
			return nil, err
		}
		if auth.Can(by, auth.AgreementSign, object(site)) == nil {
			out = append(out, site)
		}
	}
	return out, nil
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

func (s *Service) audit(ctx context.Context, tx *db.Tx, by, verb string, p Proposal, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{
		At: s.clk.Now(), Actor: by, Verb: verb, Object: "agreement", ObjectID: p.AgreementID, Reason: reason,
		Change: map[string]any{"proposal": p.ID, "version": p.Number, "side": p.Side, "from": p.From, "answers": p.Answers, "state": p.State},
	})
}
