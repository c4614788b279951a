package desk

import (
	"context"
	"slices"

	"bothways/internal/auth"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// FieldChanged is the reason of the error that tells of a field that somebody else set meanwhile.
const FieldChanged = "field-changed"

// Fields are what can be set of a ticket, as it holds them: enums, ids, and the subject.
func Fields(t Ticket) map[string]string {
	return map[string]string{
		"subject": t.Subject, "kind": string(t.Kind), "impact": string(t.Impact), "urgency": string(t.Urgency), "sensitivity": t.Sensitivity,
		"team": t.TeamID, "assignee": t.AssigneeID, "requester": t.RequesterID, "affected": t.AffectedID, "matter": string(t.Matter), "service": t.ServiceID,
	}
}

// fresh refuses a command whose fields are not any more what its caller read. Each is named; Msg is what it holds now.
func (a *act) fresh(was map[string]string) error {
	if len(was) == 0 {
		return nil
	}
	now := Fields(a.t)
	e := &errs.E{Kind: errs.Stale, Op: "desk.fresh", Type: FieldChanged, Msg: "Somebody else set the same meanwhile. Both versions are shown; choose one."}
	for name, value := range was {
		if have, known := now[name]; known && have != value {
			e.Fields = append(e.Fields, errs.Field{Path: name, Msg: have})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	slices.SortFunc(e.Fields, func(a, b errs.Field) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	return e
}

// Parties sets who asks and who it is for, by address; "" leaves one as it is. Who asked before, or was to get it, follows it from
// now on, so that nobody loses what they were told. The submitter is a fact and stays. Errors: Invalid, Conflict, Denied, NotFound.
func (s *Service) Parties(ctx context.Context, by auth.Actor, c Act, requester, affected string) (Ticket, error) {
	return s.act(ctx, by, inOf(c, auth.TicketWork, "parties"), func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first.")
		}
		before := []string{a.t.RequesterID, a.t.AffectedID}
		if err := a.party("requester", requester, &a.t.RequesterID); err != nil {
			return err
		}
		if err := a.party("affected", affected, &a.t.AffectedID); err != nil {
			return err
		}
		if a.t.RequesterID == before[0] && a.t.AffectedID == before[1] {
			return nil
		}
		roles := map[string]Participant{a.t.AffectedID: {Role: Affected, Because: "gets it"}}
		roles[a.t.RequesterID] = Participant{Role: Requester, Because: "asks"}
		for _, personID := range before {
			if _, still := roles[personID]; !still {
				roles[personID] = Participant{Role: Watcher, Because: "took part before " + by.Name + " changed it"}
			}
		}
		for personID, p := range roles {
			if err := store.ForceParticipant(a.ctx, a.tx, a.t.ID, personID, p.Role, p.Because); err != nil {
				return err
			}
		}
		return nil
	})
}

// party sets one party and says so in the record.
func (a *act) party(field, address string, at *string) error {
	if address == "" {
		return nil
	}
	p, err := people.PersonByAddress(a.ctx, a.tx, address)
	if err != nil || auth.Can(a.by, auth.PersonRead, p.Object()) != nil {
		return errs.In("desk.parties", field, "There is nobody with the address %q.", ticket.Short(address))
	}
	if p.OrgID != a.t.OrgID {
		return errs.In("desk.parties", field, "%s belongs to another organisation, under another agreement. Open a ticket for them and link the two.", p.Name)
	}
	if p.ID == *at {
		return nil
	}
	_, err = a.append(evReclassified, data{Field: field, Before: *at, Party: p.ID})
	*at = p.ID
	return err
}
