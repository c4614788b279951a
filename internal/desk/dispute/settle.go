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
	"bothways/internal/desk/moves"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// toSign is how long a proposal waits for the customer's signature.
const toSign = 30 * 24 * time.Hour

// Propose says how a dispute could be settled, and signs it for IT; as is one of the subject's Answers. Errors: as Get; Denied for who is
// no service level manager here; Conflict for one who is a party to the ticket, when a proposal waits, and when nobody signs for the
// customer; Invalid.
func (s *Service) Propose(ctx context.Context, by auth.Actor, disputeID, as, reason string) (Dispute, error) {
	const op = "dispute.Propose"
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		d, t, err := s.readable(ctx, tx, by, disputeID, true)
		if err != nil {
			return err
		}
		p := Proposal{ID: id.New(), DisputeID: d.ID, As: as, Reason: strings.TrimSpace(text.Body(reason)), AuthorID: by.ID(), MadeAt: s.Clock.Now(), State: Waiting}
		if err := s.mayPropose(ctx, tx, op, by, d, t); err != nil {
			return err
		}
		if err := p.check(op, d); err != nil {
			return err
		}
		seats, err := s.seats(ctx, tx, op, by, t)
		if err != nil {
			return err
		}
		if err := insertProposal(ctx, tx, p); err != nil {
			return err
		}
		d.State = Proposed
		if err := update(ctx, tx, &d); err != nil {
			return err
		}
		if _, err = s.Desk.InTx(ctx, tx, by, t, ticket.Act{Number: t.Number}, auth.DisputePropose, "dispute-propose", func(deed *moves.Deed) error {
			_, err := deed.Append(record.DisputeProposed, record.Data{Dispute: d.ID, Metric: d.Metric, Cause: as, From: unix(d.Subject.From), Until: unix(d.Subject.Until)})
			return err
		}); err != nil {
			return err
		}
		return s.sign(ctx, tx, by, t, d, p, seats)
	})
	if err != nil {
		return Dispute{}, err
	}
	return s.Get(ctx, by, disputeID)
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// mayPropose: the service level manager judges only what is not their own.
func (s *Service) mayPropose(ctx context.Context, q db.Querier, op string, by auth.Actor, d Dispute, t ticket.Ticket) error {
	parts, err := store.Participants(ctx, q, t.ID)
	if err != nil {
		return err
	}
	if err := auth.Can(by, auth.DisputePropose, t.Object(parts)); err != nil {
		return err
	}
	if err := d.pending(op); err != nil {
		return err
	}
	if d.State == Proposed {
		return errs.New(errs.Conflict, op, "A proposal waits for a signature already. Wait for it, or take it back on the page of the approval.").Reason("proposal-open")
	}
	stream, err := event.Of(ctx, q, t.ID, 0)
	if err != nil {
		return err
	}
	if concerns(t, stream, by.PersonID) {
		return errs.New(errs.Conflict, op, "You are a party to %s or have acted on it, so another service level manager proposes how this stands.", t.Ref()).Reason("separation-of-duties")
	}
	return nil
}

func (p Proposal) check(op string, d Dispute) error {
	switch {
	case !slices.Contains(d.Subject.Answers(), p.As):
		return errs.In(op, "as", "%q is no answer here. Choose one of: %s.", ticket.Short(p.As), text.Join(d.Subject.Answers()))
	case p.Reason == "":
		return errs.In(op, "reason", "It is empty. Say why it stands so; both sides will read it.")
	case len([]rune(p.Reason)) > maxReason:
		return errs.In(op, "reason", "It has more than %d characters. Say it in fewer.", maxReason)
	}
	return nil
}

// seats are who signs: the proposer for IT, whoever signs for the site for the customer.
func (s *Service) seats(ctx context.Context, q db.Querier, op string, by auth.Actor, t ticket.Ticket) (map[string][]string, error) {
	site, err := s.siteOf(ctx, q, t)
	if err != nil {
		return nil, err
	}
	all, err := s.People.Holders(ctx, q, auth.Signatory, site)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{contract.StageProvider: {by.PersonID}}
	for _, p := range all {
		if p.ID != by.PersonID {
			out[contract.StageCustomer] = append(out[contract.StageCustomer], p.ID)
		}
	}
	if len(out[contract.StageCustomer]) == 0 {
		return nil, errs.New(errs.Conflict, op, "Nobody signs for the customer here, so nothing can be settled. An administrator names somebody first.").Reason("nobody-signs")
	}
	return out, nil
}

// sign asks both sides and puts the proposer's signature under it.
func (s *Service) sign(ctx context.Context, tx *db.Tx, by auth.Actor, t ticket.Ticket, d Dispute, p Proposal, seats map[string][]string) error {
	zone, err := s.zone(ctx, tx, t)
	if err != nil {
		return err
	}
	rule := approval.Rule{For: toSign}
	for _, stage := range []string{contract.StageProvider, contract.StageCustomer} {
		rule.Stages = append(rule.Stages, approval.Stage{Name: stage, Seats: seats[stage], Quorum: 1, Veto: true})
	}
	ask, err := s.Approvals.Ask(ctx, tx, by, approval.Request{Kind: Kind, ObjectID: d.ID, Title: t.Ref() + ": " + d.Subject.words(&d, zone) + ", to stand as " + AnswerWords(p.As), Rule: rule, AskerMayVote: true})
	if err != nil {
		return err
	}
	p.AskID = ask.ID
	if err := updateProposal(ctx, tx, p); err != nil {
		return err
	}
	_, err = s.Approvals.VoteIn(ctx, tx, by, ask.ID, approval.Ballot{Stage: contract.StageProvider, Seat: by.PersonID, Consent: true, Digest: ask.Digest})
	return err
}

// zone is the zone that both sides read a ticket's times in: of its site.
func (s *Service) zone(ctx context.Context, q db.Querier, t ticket.Ticket) (*time.Location, error) {
	site, err := s.siteOf(ctx, q, t)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(site.Zone)
	if err != nil {
		return time.UTC, nil
	}
	return zone, nil
}

// waiting is the proposal of a dispute that is asked about: the newest.
func (d Dispute) waiting() (Proposal, error) {
	if len(d.Proposals) == 0 {
		return Proposal{}, errs.New(errs.NotFound, "dispute", "Nothing is proposed.")
	}
	return d.Proposals[len(d.Proposals)-1], nil
}

// Digest implements approval.Subject.
func (s *Service) Digest(ctx context.Context, q db.Querier, disputeID string) (string, error) {
	d, err := byID(ctx, q, disputeID)
	if err != nil {
		return "", err
	}
	p, err := d.waiting()
	if err != nil {
		return "", err
	}
	return digest(d, p)
}

// May implements approval.Subject: as for an agreement, and for IT nobody who is a party to the ticket.
func (s *Service) May(ctx context.Context, q db.Querier, disputeID, stage, holder, voter string) (bool, error) {
	d, err := byID(ctx, q, disputeID)
	if err != nil {
		return false, err
	}
	t, err := store.ByID(ctx, q, d.TicketID)
	if err != nil {
		return false, err
	}
	if stage == contract.StageProvider {
		stream, err := event.Of(ctx, q, t.ID, 0)
		if err != nil || concerns(t, stream, voter) {
			return false, err
		}
	}
	return s.speaks(ctx, q, t, stage, holder, voter)
}

// Decided implements approval.Subject: with both signatures it is settled, else it is open as before.
func (s *Service) Decided(ctx context.Context, tx *db.Tx, a approval.Ask) error {
	d, err := take(ctx, tx, a.ObjectID)
	if err != nil {
		return err
	}
	p, err := d.waiting()
	if err != nil || p.State != Waiting {
		return err
	}
	p.EndedAt, p.AskID = s.Clock.Now(), a.ID
	switch a.State {
	case approval.Approved:
		p.State = Agreed
	case approval.Refused:
		p.State = Refused
	default:
		p.State = Ended
	}
	if err := updateProposal(ctx, tx, p); err != nil || d.State != Proposed {
		return err // a dispute that was taken back ends its proposal
	}
	t, err := store.ByID(ctx, tx, d.TicketID)
	if err != nil {
		return err
	}
	if p.State != Agreed {
		d.State = Open
		if err := update(ctx, tx, &d); err != nil {
			return err
		}
		return s.tellUnsettled(ctx, tx, t, d)
	}
	d.State, d.SettledAs, d.EndedAt = Settled, p.As, p.EndedAt
	if _, err := s.Desk.InTx(ctx, tx, auth.SystemActor(), t, ticket.Act{Number: t.Number}, "", "dispute-settle", func(deed *moves.Deed) error {
		return appendSettled(deed, d, p.As, partyOf(deed, p.As))
	}); err != nil {
		return err
	}
	if err := s.finish(ctx, tx, &d); err != nil {
		return err
	}
	return s.tellSettled(ctx, tx, t, d)
}

// partyOf is who of a side had the turn, for the span that is settled as theirs.
func partyOf(deed *moves.Deed, as string) string {
	switch agreement.Side(as) {
	case agreement.SideProvider:
		return deed.Ticket.TeamID
	case agreement.SideCustomer:
		return deed.Ticket.RequesterID
	case agreement.SideSupplier:
		for _, t := range slices.Backward(deed.Result.Turns) {
			if t.Side == agreement.SideSupplier {
				return t.Party
			}
		}
	}
	return ""
}

// Further takes a dispute to where the agreement says when it was not settled in its time; nothing happens before that, or when it has
// ended. It is what the job [JobTerm] does.
func (s *Service) Further(ctx context.Context, tx *db.Tx, disputeID string) error {
	d, err := take(ctx, tx, disputeID)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	now := s.Clock.Now()
	if err != nil || d.pending("dispute.Further") != nil || !d.FurtherAt.IsZero() || now.Before(d.TermAt) {
		return err
	}
	d.FurtherAt = now
	if err := update(ctx, tx, &d); err != nil {
		return err
	}
	t, err := store.ByID(ctx, tx, d.TicketID)
	if err != nil {
		return err
	}
	if _, err := s.Desk.InTx(ctx, tx, auth.SystemActor(), t, ticket.Act{Number: t.Number}, "", "dispute-further", func(deed *moves.Deed) error {
		_, err := deed.Append(record.DisputeFurther, record.Data{Dispute: d.ID, Metric: d.Metric, From: unix(d.Subject.From), Until: unix(d.Subject.Until)})
		return err
	}); err != nil {
		return err
	}
	return s.tellFurther(ctx, tx, t, d)
}
