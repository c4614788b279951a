package desk

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Assign gives a ticket to a person of staff, to a team, or takes it from whoever has it (both ""). Clocks do not stop.
// Errors: Invalid for a person or team that is none, Conflict when it has ended.
func (s *Service) Assign(ctx context.Context, by auth.Actor, c Act, personKey, teamKey string) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "assign"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		if teamKey != "" {
			if err := a.giveTeam(teamKey); err != nil {
				return err
			}
		}
		person, err := moves.Worker(ctx, by, s.people, a.t, a.people, personKey, a.t.TeamID)
		if err != nil || person == a.t.AssigneeID {
			return err
		}
		_, err = a.append(evAssigned, data{Party: person, Before: a.t.AssigneeID})
		a.t.AssigneeID = person
		return err
	})
}

func (a *act) giveTeam(key string) error {
	team, err := a.s.people.FindTeam(a.ctx, key)
	if err != nil {
		return errs.In("desk.assign", "team", "There is no team %q.", ticket.Short(key))
	}
	if team.ID == a.t.TeamID {
		return nil
	}
	_, err = a.append(string(agreement.TeamChanged), data{Party: team.ID, Before: a.t.TeamID})
	a.t.TeamID = team.ID
	return err
}

// Change sets fields of a ticket; nil leaves one as it is.
type Change struct {
	Subject     *string
	Kind        *string
	Impact      *string
	Urgency     *string
	Sensitivity *string
	Agreement   *string // id of a version: the ticket was under the wrong one; with AsDecision it holds from now on
	AsDecision  bool
}

// Change sets fields. A priority acts from its instant; an agreement set as a correction gives what would have been had it
// always been so (domain.md §2). Errors: Invalid, Conflict, Denied, NotFound, Stale.
func (s *Service) Change(ctx context.Context, by auth.Actor, c Act, ch Change) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "change"), func(a *act) error {
		k := checks{}
		next := a.t
		set(&next.Subject, ch.Subject, func(v string) (string, error) { return k.line("subject", v, MaxSubject), nil }, &k)
		set(&next.Kind, ch.Kind, ticket.ParseKind, &k)
		set(&next.Impact, ch.Impact, func(v string) (Level, error) { return ticket.ParseLevel("impact", v) }, &k)
		set(&next.Urgency, ch.Urgency, func(v string) (Level, error) { return ticket.ParseLevel("urgency", v) }, &k)
		set(&next.Sensitivity, ch.Sensitivity, ticket.ParseSensitivity, &k)
		next.Priority = ticket.Prioritise(next.Impact, next.Urgency)
		if err := k.err("desk.change"); err != nil {
			return err
		}
		if !a.t.Open && (next.Priority != a.t.Priority || ch.Agreement != nil) {
			return a.over("Reopen it first.")
		}
		for _, f := range []struct{ name, before, after string }{
			{"subject", "", changed(a.t.Subject, next.Subject)}, {"kind", string(a.t.Kind), string(next.Kind)},
			{"impact", string(a.t.Impact), string(next.Impact)}, {"urgency", string(a.t.Urgency), string(next.Urgency)},
			{"sensitivity", a.t.Sensitivity, next.Sensitivity},
		} {
			if f.before == f.after {
				continue
			}
			if _, err := a.append(evReclassified, data{Field: f.name, Before: f.before, Party: f.after}); err != nil {
				return err
			}
		}
		if next.Priority != a.t.Priority {
			if _, err := a.append(string(agreement.PriorityChanged), data{Priority: next.Priority, Before: string(a.t.Priority)}); err != nil {
				return err
			}
		}
		a.t = next
		if ch.Agreement != nil {
			return a.setAgreement(*ch.Agreement, !ch.AsDecision)
		}
		return nil
	})
}

// changed says that a text changed without saying what: events hold no words of people.
func changed(before, after string) string {
	if before == after {
		return ""
	}
	return "changed"
}

func set[T any](field *T, v *string, parse func(string) (T, error), k *checks) {
	if v != nil {
		*field = collect(k, *v, parse)
	}
}

func (a *act) setAgreement(versionID string, correction bool) error {
	if !id.Valid(versionID) {
		versionID = "none"
	}
	paper, err := a.s.book.Paper(a.ctx, a.tx, versionID)
	if err != nil || paper.OrgID != "" && paper.OrgID != a.t.OrgID || paper.SiteID != "" && paper.SiteID != a.t.SiteID {
		return errs.In("desk.change", "agreement", "There is no version %q of an agreement with this customer.", ticket.Short(versionID))
	}
	v, err := a.version(paper)
	if err != nil {
		return err
	}
	n := len(a.versions)
	if err := store.AddAgreement(a.ctx, a.tx, a.t.ID, n, paper.ID); err != nil {
		return err
	}
	a.versions, a.papers = append(a.versions, v), append(a.papers, paper)
	_, err = a.append(string(agreement.AgreementSet), data{Version: n, VersionID: paper.ID, Correction: correction})
	return err
}

// under is setAgreement as a decision that was made before: it acts from the instant the version is in force, not from when somebody
// came to this ticket.
func (a *act) under(p agreement.Paper) error {
	if n := len(a.papers); n > 0 && a.papers[n-1].ID == p.ID {
		return nil
	}
	now := a.now
	defer func() { a.now = now }()
	if from := p.From().Truncate(time.Second); from.Before(now) {
		a.now = from
	}
	return a.setAgreement(p.ID, false)
}

// longestWait is for how many days a wait can be agreed at once.
const longestWait = 90

// WaitInput is an agreed wait.
type WaitInput struct {
	Until  time.Time
	Agreed bool // the customer agreed; without that the clocks run on
}

// Wait notes a wait until an instant. Agreed with the customer, it is nobody's turn until then, and they are told so; without
// their consent it is a plan of IT's and IT's clock runs on. Errors: Invalid, Conflict.
func (s *Service) Wait(ctx context.Context, by auth.Actor, c Act, w WaitInput) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "wait"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		if a.t.TurnSide == agreement.SideCustomer {
			return errs.New(errs.Conflict, "desk.wait", "It is the customer's turn on %s (%s). A wait begins on IT's turn.", a.t.Ref(), words(a.t.State))
		}
		k := checks{}
		if !w.Until.After(a.now) || w.Until.After(a.now.AddDate(0, 0, longestWait)) {
			k.bad("until", "It is not between now and 90 days from now. For longer, agree on a new date then.")
		}
		if w.Agreed && strings.TrimSpace(c.Reason) == "" {
			k.bad("reason", "It is empty. Say how the customer agreed, and to what.")
		}
		if err := k.err("desk.wait"); err != nil {
			return err
		}
		if _, err := a.append(string(agreement.WaitAgreed), data{Until: unix(w.Until), Consent: w.Agreed}); err != nil {
			return err
		}
		if w.Agreed {
			a.tell(tellWait, Message{NeedDue: w.Until, MadeAt: a.now}, nil)
		}
		return nil
	})
}

// EndWait ends a wait before its time. Errors: Conflict when there is none.
func (s *Service) EndWait(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketSpeak, "end-wait"), func(a *act) error {
		if a.t.State != Scheduled {
			return errs.New(errs.Conflict, "desk.end-wait", "%s waits for no date: it is %s.", a.t.Ref(), words(a.t.State))
		}
		_, err := a.append(string(agreement.WaitEnded), data{})
		return err
	})
}

// AskSupplier gives the supplier the turn; IT's promise to the customer runs on unless the agreement says otherwise. The
// supplier is a team of that kind. Errors: Invalid, Conflict.
func (s *Service) AskSupplier(ctx context.Context, by auth.Actor, c Act, teamKey string) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "ask-supplier"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		team, err := s.people.FindTeam(ctx, teamKey)
		if err != nil || team.Kind != people.SupplierTeam {
			return errs.In("desk.ask-supplier", "supplier", "There is no supplier %q. Make a team of kind supplier first.", ticket.Short(teamKey))
		}
		_, err = a.append(string(agreement.SupplierAsked), data{Party: team.ID})
		return err
	})
}

// SupplierAnswered gives the turn back to IT. Errors: Conflict when it is not the supplier's.
func (s *Service) SupplierAnswered(ctx context.Context, by auth.Actor, c Act) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "supplier-answered"), func(a *act) error {
		if a.t.TurnSide != agreement.SideSupplier {
			return errs.New(errs.Conflict, "desk.supplier-answered", "It is not the supplier's turn on %s: it is %s.", a.t.Ref(), words(a.t.State))
		}
		_, err := a.append(string(agreement.SupplierAnswered), data{})
		return err
	})
}

// Join links two tickets that the actor can see. Errors: NotFound, Invalid.
func (s *Service) Join(ctx context.Context, by auth.Actor, c Act, other int64, kind string) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "link"), func(a *act) error {
		switch kind {
		case "":
			kind = "related"
		case "related", "follows", "duplicate", "may_belong":
		default:
			return errs.In("desk.link", "kind", "%q is no kind of link. Write related, follows, duplicate or may_belong.", ticket.Short(kind))
		}
		o, err := s.Readable(ctx, a.tx, by, other)
		if err != nil {
			return err
		}
		if o.ID == a.t.ID {
			return errs.In("desk.link", "other", "It is the same ticket.")
		}
		return a.link(o.ID, kind)
	})
}

func (a *act) link(otherID, kind string) error {
	fresh, err := store.InsertLink(a.ctx, a.tx, a.t.ID, otherID, kind, a.by.ID(), clock.Micros(a.now))
	if err != nil || !fresh {
		return err
	}
	_, err = a.append(evLinked, data{Party: otherID, Field: kind})
	return err
}

// Watch makes a person watch a ticket, or accepts a pending one; with on false they no longer do. Staff name anybody they may
// know; others only themselves. Errors: Invalid, Denied, NotFound.
func (s *Service) Watch(ctx context.Context, by auth.Actor, c Act, address string, on bool) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketRead, "watch"), func(a *act) error {
		works := auth.Can(by, auth.TicketWork, a.t.Object(a.people)) // asked first: who may not, learns nothing about addresses
		p, err := people.PersonByAddress(ctx, a.tx, address)
		if works != nil && (err != nil || p.ID != by.PersonID) {
			return works
		}
		if err != nil || p.ID != by.PersonID && auth.Can(by, auth.PersonRead, p.Object()) != nil {
			return errs.In("desk.watch", "person", "There is nobody with the address %q.", ticket.Short(address))
		}
		if !on {
			err = store.DropParticipant(ctx, a.tx, a.t.ID, p.ID)
		} else {
			err = store.SetParticipant(ctx, a.tx, a.t.ID, p.ID, Watcher, "added by "+by.Name)
		}
		if err != nil {
			return err
		}
		_, err = a.append(evWatcher, data{Party: p.ID, Consent: on})
		return err
	})
}
