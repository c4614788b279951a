package desk

import (
	"context"
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
	Matter      *string // at the second door
	Service     *string // id or name; "" names none
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
		set(&next.Matter, ch.Matter, ticket.ParseMatter, &k)
		if next.Matter != a.t.Matter && DoorOf(a.t) != DoorLevels {
			k.bad("matter", "It is for what is at the second door. Pass it there first.")
		}
		if ch.Service != nil {
			id, err := s.service(ctx, a.tx, a.t.OrgID, *ch.Service)
			if err != nil {
				return err
			}
			next.ServiceID = id
		}
		next.Priority = ticket.Prioritise(next.Impact, next.Urgency)
		if err := k.err("desk.change"); err != nil {
			return err
		}
		if !a.t.Open && (next.Priority != a.t.Priority || next.ServiceID != a.t.ServiceID || ch.Agreement != nil) {
			return a.over("Reopen it first.")
		}
		for _, f := range []struct{ name, before, after string }{
			{"subject", "", changed(a.t.Subject, next.Subject)}, {"kind", string(a.t.Kind), string(next.Kind)},
			{"impact", string(a.t.Impact), string(next.Impact)}, {"urgency", string(a.t.Urgency), string(next.Urgency)},
			{"sensitivity", a.t.Sensitivity, next.Sensitivity}, {"matter", string(a.t.Matter), string(next.Matter)},
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
		if next.ServiceID != a.t.ServiceID {
			if _, err := a.append(string(agreement.ServiceChanged), data{Service: next.ServiceID, Before: a.t.ServiceID}); err != nil {
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
