package dispute

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/consent"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Kind is the kind of the approvals in which disputes are settled.
const Kind = "dispute"

// JobTerm is the kind of the job that takes a dispute further when it was not settled in its time; its item is the dispute.
const JobTerm = "desk.dispute"

// Deps is what the service stands on.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	Desk      *desk.Service
	People    *people.Service
	Approvals *approval.Service
	Jobs      *job.Queue
	Mail      consent.Teller
}

// Service keeps disputes. It is safe for concurrent use.
type Service struct{ Deps }

// New makes the service and plugs it into the approvals.
func New(d Deps) *Service {
	s := &Service{d}
	d.Approvals.Register(Kind, s)
	return s
}

// maxReason is the longest reason.
const maxReason = 2000

// Raise challenges a promise or a span of a ticket for the actor's side; c.Reason says why. Errors: as auth.Can; Invalid with the field;
// Conflict when it is challenged already, or too late.
func (s *Service) Raise(ctx context.Context, by auth.Actor, c ticket.Act, sub Subject) (Dispute, ticket.Ticket, error) {
	const op = "dispute.Raise"
	var out Dispute
	var t ticket.Ticket
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = store.ByNumber(ctx, tx, c.Number); err != nil {
			return err
		}
		_, papers, err := s.Desk.Facts(ctx, tx, t)
		if err != nil {
			return err
		}
		terms := papers[len(papers)-1].Terms
		t, err = s.Desk.InTx(ctx, tx, by, t, c, auth.TicketDispute, "dispute", func(d *moves.Deed) error {
			if out, err = challenge(op, d, c.Reason, sub, terms); err != nil {
				return err
			}
			open, err := ofTicket(ctx, tx, d.Ticket.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(open, func(o Dispute) bool { return (o.State == Open || o.State == Proposed) && o.Subject.overlaps(sub) }) {
				return errs.New(errs.Conflict, op, "It is disputed already. Read what is proposed, or write a message.").Reason("disputed-already")
			}
			return s.record(d, &out)
		})
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, out); err != nil {
			return err
		}
		if err := s.Jobs.Add(ctx, tx, JobTerm, out.ID, out.TermAt); err != nil {
			return err
		}
		return s.tellRaised(ctx, tx, t, out)
	})
	return out, t, err
}

// overlaps says whether two subjects are about the same.
func (s Subject) overlaps(o Subject) bool {
	if s.Span() != o.Span() {
		return false
	}
	if !s.Span() {
		return s.Obligation == o.Obligation
	}
	return s.From.Before(o.Until) && o.From.Before(s.Until)
}

// challenge makes the dispute of what was given, checked.
func challenge(op string, d *moves.Deed, reason string, sub Subject, terms agreement.Terms) (Dispute, error) {
	out := Dispute{
		ID: id.New(), TicketID: d.Ticket.ID, Number: d.Ticket.Number, OrgID: d.Ticket.OrgID, SiteID: d.Ticket.SiteID, Region: d.Ticket.Region, Subject: sub,
		RaisedBy: d.By.ID(), RaisedAt: d.Now, Reason: strings.TrimSpace(text.Body(reason)), State: Open, TermAt: d.Now.Add(toSettle(terms)), Version: 1,
	}
	var err error
	if out.Side, err = sideOf(op, d); err != nil {
		return out, err
	}
	ended := sub.Until
	if sub.Span() {
		t, err := turnOf(op, d.Result, sub, d.Now)
		if err != nil {
			return out, err
		}
		out.Counted = string(t.Side)
	} else {
		o, err := promise(op, d, sub.Obligation)
		if err != nil {
			return out, err
		}
		out.Metric, out.Ref, out.Counted = o.Metric, o.CauseSeq, string(o.Stands)
		if ended = time.Unix(o.Ended, 0).UTC(); o.Ended == 0 {
			ended = time.Time{}
		}
	}
	switch {
	case out.Reason == "":
		return out, errs.In(op, "reason", "It is empty. Say why; both sides will read it.")
	case len([]rune(out.Reason)) > maxReason:
		return out, errs.In(op, "reason", "It has more than %d characters. Say it in fewer, and put the rest into a message.", maxReason)
	}
	return out, inTime(op, terms, ended, d.Now)
}

// promise finds an obligation that can be challenged.
func promise(op string, d *moves.Deed, obligationID string) (*agreement.Obligation, error) {
	for i := range d.Result.Obligations {
		o := &d.Result.Obligations[i]
		switch {
		case o.ID != obligationID:
			continue
		case o.Metric == agreement.MetricConfirm:
			return nil, errs.New(errs.Conflict, op, "Whether the solution works is not disputed but answered: confirm or reject it.")
		case o.State == agreement.StateDisputed:
			return nil, errs.New(errs.Conflict, op, "%s is disputed already.", obligationID).Reason("disputed-already")
		}
		return o, nil
	}
	return nil, errs.New(errs.NotFound, op, "%s has no obligation %q. Look at the list of its obligations.", d.Ticket.Ref(), ticket.Short(obligationID))
}

// sideOf is for which side somebody challenges. Who only follows a ticket speaks for nobody.
func sideOf(op string, d *moves.Deed) (agreement.Side, error) {
	o := d.Ticket.Object(d.People)
	switch {
	case d.By.Kind == auth.System, d.By.PersonID != "" && d.Theirs(d.By.PersonID), d.By.HoldsOver(auth.SiteContact, o), d.By.HoldsOver(auth.Signatory, o):
		return agreement.SideCustomer, nil
	case auth.Can(d.By, auth.TicketWork, o) == nil:
		return agreement.SideProvider, nil
	}
	return "", errs.New(errs.Denied, op, "You follow %s. Who asked for it, for whom it is, the contact of the site or who signs for it can challenge what was counted.", d.Ticket.Ref())
}

// record writes the challenge into the ledger, with the reason for both sides to read.
func (s *Service) record(d *moves.Deed, out *Dispute) error {
	zone, err := d.Zone(d.Ticket.RequesterID)
	if err != nil {
		return err
	}
	m := ticket.Message{
		ID: id.New(), TicketID: d.Ticket.ID, AuthorID: d.By.PersonID, Side: "system", Channel: d.By.Channel, MadeAt: d.Now,
		Body: "Challenged: " + out.Subject.words(out, zone) + ". The reason: " + out.Reason,
	}
	what := record.Data{Message: m.ID, Cause: "by " + string(out.Side), Dispute: out.ID}
	if out.Subject.Span() {
		what.From, what.Until = out.Subject.From.Unix(), out.Subject.Until.Unix()
	} else {
		what.Ref, what.Metric = out.Ref, out.Metric
	}
	e, err := d.Append(string(agreement.Disputed), what)
	if err != nil {
		return err
	}
	out.Seq, m.EventSeq = e.Seq, e.Seq
	return store.InsertMessage(d.Ctx, d.Tx, m)
}

// words say what is challenged: "IT's resolution", "the span from … to …, counted as IT's turn".
func (s Subject) words(d *Dispute, zone *time.Location) string {
	if s.Span() {
		return "the span from " + letter.At(s.From, zone) + " to " + letter.At(s.Until, zone) + ", counted as " + whose(d.Counted) + " turn"
	}
	return whose(string(d.Metric.Side())) + " " + strings.ReplaceAll(string(d.Metric), "_", " ") + ", counted as " + counted[agreement.State(d.Counted)]
}

var counted = map[agreement.State]string{
	agreement.StateRunning: "running", agreement.StatePaused: "standing still", agreement.StateMet: "kept", agreement.StateBreached: "missed", agreement.StateWaived: "waived",
	agreement.StateVoid: "neither kept nor missed", agreement.StateDisputed: "disputed",
}

func whose(side string) string {
	switch agreement.Side(side) {
	case agreement.SideProvider:
		return "IT’s"
	case agreement.SideCustomer:
		return "the customer’s"
	case agreement.SideSupplier:
		return "the supplier’s"
	}
	return "nobody’s"
}

// Withdraw takes a challenge back, for the side that made it: it stands as it was counted. Errors: as Get; Denied for the other side;
// Conflict when it has ended.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, disputeID string) (Dispute, error) {
	const op = "dispute.Withdraw"
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		d, t, err := s.readable(ctx, tx, by, disputeID, true)
		if err != nil {
			return err
		}
		if err := d.pending(op); err != nil {
			return err
		}
		waits := d.State == Proposed
		d.State, d.EndedAt = Withdrawn, s.Clock.Now()
		_, err = s.Desk.InTx(ctx, tx, by, t, ticket.Act{Number: t.Number}, auth.TicketDispute, "dispute-withdraw", func(deed *moves.Deed) error {
			side, err := sideOf(op, deed)
			if err != nil {
				return err
			}
			if side != d.Side {
				return errs.New(errs.Denied, op, "The other side challenged it, so it is theirs to take back.")
			}
			return appendSettled(deed, d, "withdrawn", "")
		})
		if err != nil {
			return err
		}
		if err := s.finish(ctx, tx, &d); err != nil || !waits {
			return err
		}
		p := d.Proposals[len(d.Proposals)-1]
		ask, err := s.Approvals.ByID(ctx, tx, p.AskID)
		if err != nil {
			return err
		}
		return s.Approvals.WithdrawIn(ctx, tx, by, &ask, "What was challenged was taken back.")
	})
	if err != nil {
		return Dispute{}, err
	}
	return s.Get(ctx, by, disputeID)
}

// pending refuses what only an open dispute takes.
func (d Dispute) pending(op string) error {
	if d.State == Open || d.State == Proposed {
		return nil
	}
	return errs.New(errs.Conflict, op, "This is %s since %s.", d.State, d.EndedAt.Format("2 January 2006, 15:04 MST")).Reason("dispute-ended")
}

// finish writes a dispute that has ended.
func (s *Service) finish(ctx context.Context, tx *db.Tx, d *Dispute) error {
	if err := update(ctx, tx, d); err != nil {
		return err
	}
	return s.Jobs.Remove(ctx, tx, JobTerm, d.ID)
}

// appendSettled writes into the ledger how it stands from now on.
func appendSettled(deed *moves.Deed, d Dispute, as, party string) error {
	what := record.Data{Dispute: d.ID, Cause: as, Party: party}
	if d.Subject.Span() {
		what.Ref, what.From, what.Until, what.Cause = d.Seq, d.Subject.From.Unix(), d.Subject.Until.Unix(), ""
		if slices.Contains(d.Subject.Answers(), as) {
			what.Side = agreement.Side(as)
		} else {
			what.Cause = as
		}
	} else {
		what.Ref, what.Metric = d.Ref, d.Metric
	}
	_, err := deed.Append(string(agreement.DisputeSettled), what)
	return err
}

// own are the events of a dispute itself: who proposes how it stands has not acted on the ticket by that.
var own = []string{string(agreement.Disputed), string(agreement.DisputeSettled), record.DisputeProposed, record.DisputeFurther}

// concerns says whether somebody is a party to the ticket or has acted on it, and so does not judge.
func concerns(t ticket.Ticket, stream []event.Event, personID string) bool {
	if slices.Contains([]string{t.SubmitterID, t.RequesterID, t.AffectedID, t.AssigneeID}, personID) {
		return true
	}
	return slices.ContainsFunc(stream, func(e event.Event) bool {
		switch {
		case e.Kind == record.Assigned:
			return e.Actor == personID || record.DataOf(e).Party == personID
		case e.Kind == string(agreement.Disputed):
			return e.Actor == personID // who challenged does not judge
		case slices.Contains(own, e.Kind):
			return false
		}
		return e.Actor == personID || e.Behalf == personID
	})
}

// siteOf is the site a ticket is about; without one it is the organisation.
func (s *Service) siteOf(ctx context.Context, q db.Querier, t ticket.Ticket) (people.Site, error) {
	if t.SiteID != "" {
		return people.SiteByID(ctx, q, t.SiteID)
	}
	o, err := people.OrganisationByID(ctx, q, t.OrgID)
	return people.Site{OrgID: o.ID, OrgName: o.Name}, err
}

// speaks says whether somebody may sign for a side, from a seat; see contract.MaySign.
func (s *Service) speaks(ctx context.Context, q db.Querier, t ticket.Ticket, stage, holder, voter string) (bool, error) {
	site, err := s.siteOf(ctx, q, t)
	if err != nil {
		return false, err
	}
	return contract.MaySign(ctx, q, s.People, site, stage, holder, voter)
}
