package dispute

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// mailKind is what the log of mails calls one about a dispute.
const mailKind = "dispute"

// notice is a mail about a dispute, written for each reader in their zone.
type notice struct {
	subject string
	lines   func(zone *time.Location) []string
}

// told are the persons who hear of a dispute, each once, with the reason.
type told struct {
	ids     []string
	because map[string]string
}

func (t *told) add(because string, ids ...string) {
	if t.because == nil {
		t.because = map[string]string{}
	}
	for _, p := range ids {
		if p != "" && p != "system" && !slices.Contains(t.ids, p) {
			t.ids, t.because[p] = append(t.ids, p), because
		}
	}
}

// parties are both sides of a ticket.
func parties(t ticket.Ticket, d Dispute) *told {
	var out told
	out.add("you challenged it", d.RaisedBy)
	out.add("you asked for "+t.Ref(), t.RequesterID)
	out.add("you have "+t.Ref(), t.AssigneeID)
	return &out
}

// levels adds who manages service levels for the ticket's site.
func (s *Service) levels(ctx context.Context, q db.Querier, t ticket.Ticket, out *told, roles ...auth.Role) error {
	site, err := s.siteOf(ctx, q, t)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	for _, r := range roles {
		if err != nil {
			return err
		}
		var all []people.Person
		if all, err = s.People.Holders(ctx, q, r, site); err == nil {
			for _, p := range all {
				out.add(map[auth.Role]string{auth.ServiceLevelManager: "you manage service levels", auth.Signatory: "you sign for the customer"}[r], p.ID)
			}
		}
	}
	return err
}

// tellRaised: the other side hears of it, and whoever proposes how it stands.
func (s *Service) tellRaised(ctx context.Context, tx *db.Tx, t ticket.Ticket, d Dispute) error {
	out := parties(t, d)
	out.ids = slices.DeleteFunc(out.ids, func(p string) bool { return p == d.RaisedBy })
	if err := s.levels(ctx, tx, t, out, auth.ServiceLevelManager); err != nil {
		return err
	}
	return s.tell(ctx, tx, d, out, notice{t.Ref() + ": something is challenged", func(zone *time.Location) []string {
		by := "IT’s side"
		if d.Side == agreement.SideCustomer {
			by = "The customer’s side"
		}
		return []string{
			by + " challenges on " + t.Ref() + ": " + d.Subject.words(&d, zone) + ".",
			"A service level manager who has no part in it proposes how it stands, and it is settled when who signs for the customer agrees. Until then it counts as disputed; both versions stay on record.",
			"It is to be settled by " + letter.At(d.TermAt, zone) + ".",
		}
	}})
}

// tellSettled: both sides hear how it stands.
func (s *Service) tellSettled(ctx context.Context, tx *db.Tx, t ticket.Ticket, d Dispute) error {
	return s.tell(ctx, tx, d, parties(t, d), notice{t.Ref() + ": settled", func(zone *time.Location) []string {
		return []string{
			"Both sides agree on what was challenged on " + t.Ref() + ": " + d.Subject.words(&d, zone) + ".",
			"It stands as " + d.Stands() + ". The clocks of both sides read it so from now on; what was counted before stays on record beside it.",
		}
	}})
}

// Stands says in words how a dispute was settled: "kept", "the customer’s turn".
func (d Dispute) Stands() string { return AnswerWords(d.SettledAs) }

// AnswerWords says an answer in words.
func AnswerWords(as string) string {
	switch as {
	case agreement.RulingKept:
		return "kept"
	case agreement.RulingBroken:
		return "missed"
	case "":
		return ""
	}
	return whose(as) + " turn"
}

// tellUnsettled: a proposal came to nothing, so another is needed.
func (s *Service) tellUnsettled(ctx context.Context, tx *db.Tx, t ticket.Ticket, d Dispute) error {
	out := parties(t, d)
	if err := s.levels(ctx, tx, t, out, auth.ServiceLevelManager); err != nil {
		return err
	}
	return s.tell(ctx, tx, d, out, notice{t.Ref() + ": not settled yet", func(zone *time.Location) []string {
		return []string{
			"What was proposed about " + d.Subject.words(&d, zone) + " on " + t.Ref() + " was not agreed on. It stays disputed, and another proposal can be made.",
			"It is to be settled by " + letter.At(d.TermAt, zone) + ".",
		}
	}})
}

// tellFurther: it was not settled in its time, and goes where the agreement says.
func (s *Service) tellFurther(ctx context.Context, tx *db.Tx, t ticket.Ticket, d Dispute) error {
	out := parties(t, d)
	if err := s.levels(ctx, tx, t, out, auth.ServiceLevelManager, auth.Signatory); err != nil {
		return err
	}
	where, err := s.escalation(ctx, tx, t)
	if err != nil {
		return err
	}
	next := "The agreement names nobody to whom it goes, so it goes to who manages service levels and who signs for the customer: you both get this mail."
	if where != "" {
		next = "The agreement says where it goes now:\n\n" + where
	}
	return s.tell(ctx, tx, d, out, notice{t.Ref() + ": not settled in its time", func(zone *time.Location) []string {
		return []string{"What was challenged on " + t.Ref() + " was not settled by " + letter.At(d.TermAt, zone) + ": " + d.Subject.words(&d, zone) + ".", next, "Until both sides agree it counts as disputed in every figure. It can be settled still."}
	}})
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, d Dispute, to *told, n notice) error {
	for _, personID := range to.ids {
		p, err := people.PersonByID(ctx, tx, personID)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		zone := p.Location()
		lines := append(n.lines(zone), "Read it here, after signing in:\n"+s.Mail.Page("/disputes/"+d.ID))
		if err := s.Mail.Send(ctx, tx, p, mailKind, d.ID, n.subject, lines, to.because[personID]); err != nil {
			return err
		}
	}
	return nil
}
