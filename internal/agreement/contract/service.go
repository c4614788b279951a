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
	"bothways/internal/catalog"
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

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Book      *agreement.Book
	People    *people.Service
	Approvals *approval.Service
	Jobs      *job.Queue
}

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
func New(d Deps) *Service {
	s := &Service{db: d.DB, clk: d.Clock, book: d.Book, people: d.People, approvals: d.Approvals, jobs: d.Jobs}
	d.Approvals.Register(Kind, s)
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
	checkFrom(p.From, now, newest, bad)
	if len(p.Why) > maxWhy {
		bad("why", "It is longer than %d bytes. Shorten it.", maxWhy)
	}
	if err := s.calendars(ctx, tx, p, bad); err != nil {
		return p, err
	}
	if err := services(ctx, tx, p, bad); err != nil {
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

// checkFrom: a version follows the one before it, and never begins in the past.
func checkFrom(from, now, newest time.Time, bad func(path, format string, args ...any)) {
	switch {
	case from.IsZero():
		bad("from", "Say from when it is in force.")
	case !from.After(now):
		bad("from", "This time has passed. A version is in force from an instant that is to come; what was is corrected on the ticket.")
	case !newest.IsZero() && !from.After(newest):
		bad("from", "It overlaps: the version before it is in force from %s. Give a later day.", newest.Format("2 January 2006, 15:04 MST"))
	}
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

// services: what terms are about exists, and is offered to the customer.
func services(ctx context.Context, q db.Querier, p Proposal, bad func(path, format string, args ...any)) error {
	offered, err := catalog.Offered(ctx, q, p.OrgID)
	if err != nil {
		return err
	}
	none := func(id string) bool {
		return id != "" && !slices.ContainsFunc(offered, func(s catalog.Service) bool { return s.ID == id })
	}
	for i, id := range p.Terms.Services {
		if id == "" || none(id) {
			bad(fmt.Sprintf("services[%d]", i), "There is no such service for this customer. Choose one of those that are offered.")
		}
	}
	for i, t := range p.Terms.Targets {
		if none(t.Service) {
			bad(fmt.Sprintf("targets[%d].service", i), "There is no such service for this customer. Choose one of those that are offered.")
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

func (s *Service) audit(ctx context.Context, tx *db.Tx, by, verb string, p Proposal, reason string) error {
	return audit.Write(ctx, tx, audit.Entry{
		At: s.clk.Now(), Actor: by, Verb: verb, Object: "agreement", ObjectID: p.AgreementID, Reason: reason,
		Change: map[string]any{"proposal": p.ID, "version": p.Number, "side": p.Side, "from": p.From, "answers": p.Answers, "state": p.State},
	})
}
