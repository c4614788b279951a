package bulk

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Kind is what is changed.
type Kind string

// The kinds of changes.
const (
	Assign     Kind = "assign"       // to a person, or to nobody
	Pass       Kind = "team"         // to a team
	Prioritise Kind = "priority"     // impact, urgency or both
	Tag        Kind = "tag"          // put a tag on
	Untag      Kind = "untag"        // take a tag off
	Wait       Kind = "wait"         // a plan until a day, or a wait that was agreed with the customers
	NotATicket Kind = "not-a-ticket" // what was no request
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Assign, Pass, Prioritise, Tag, Untag, Wait, NotATicket} }

// Change is one change for many tickets.
type Change struct {
	Do              Kind
	Assignee        string // of Assign: id, mail address or name; "" is nobody
	Team            string // of Pass: id or name
	Impact, Urgency string // of Prioritise; "" leaves one as it is
	Tag             string // of Tag and Untag
	Until           time.Time
	Agreed          bool   // of Wait: with the customers; Reason says how
	Reason          string // for the record
}

// MostTickets is how many are changed at once.
const MostTickets = 200

// UndoFor is how long a change can be taken back.
const UndoFor = 15 * time.Minute

// told is a change with the names it needs.
type told struct {
	Change
	person people.Person
	team   people.Team
	tag    ticket.Tag
}

// read checks a change and looks up whom it names, once for all tickets. Errors: Invalid.
func (s *Service) read(ctx context.Context, by auth.Actor, c Change) (told, error) {
	t := told{Change: c}
	bad := func(path, format string, args ...any) error { return errs.In("bulk.read", path, format, args...) }
	var err error
	switch c.Do {
	case Assign:
		if c.Assignee == "" {
			return t, nil
		}
		t.person, err = s.people.FindPerson(ctx, text.Line(c.Assignee))
		if err != nil || auth.Can(by, auth.PersonRead, t.person.Object()) != nil && t.person.ID != by.PersonID && t.person.OrgKind != people.Provider {
			return t, bad("assignee", "There is nobody “%s”. Name the mail address of somebody in IT.", ticket.Short(c.Assignee))
		}
	case Pass:
		if text.Line(c.Team) == "" {
			return t, bad("team", "It is empty. Choose a team.")
		}
		if t.team, err = s.people.FindTeam(ctx, text.Line(c.Team)); err != nil {
			return t, bad("team", "There is no team “%s”.", ticket.Short(c.Team))
		}
	case Prioritise:
		if c.Impact == "" && c.Urgency == "" {
			return t, bad("impact", "Neither impact nor urgency is chosen, so there is nothing to change. Choose one.")
		}
		for path, v := range map[string]string{"impact": c.Impact, "urgency": c.Urgency} {
			if _, err := ticket.ParseLevel(path, v); err != nil {
				return t, err
			}
		}
	case Tag, Untag:
		if t.tag.Key = ticket.TagKey(c.Tag); t.tag.Key == "" {
			return t, bad("tag", "It is empty. Write a tag, such as vpn.")
		}
		t.tag.Label = text.Line(c.Tag)
	case Wait:
		if now := s.clk.Now(); !c.Until.After(now) || c.Until.After(now.AddDate(0, 0, 90)) {
			return t, bad("until", "It is not between now and 90 days from now. For longer, agree on a new date then.")
		}
		if c.Agreed && text.Line(c.Reason) == "" {
			return t, bad("reason", "It is empty. Say how the customers agreed, and to what.")
		}
	case NotATicket:
	default:
		return t, bad("do", "It is none of assign, team, priority, tag, untag, wait and not-a-ticket.")
	}
	return t, nil
}

// Step is one field that changes.
type Step struct {
	What, From, To string
}

// Item is one ticket of a plan: what will change, or why nothing will.
type Item struct {
	Ticket  desk.Ticket
	Steps   []Step
	Not     string // why nothing changes; "" when something does
	Refused bool   // Not is a refusal, not that it is so already
	kind    errs.Kind
}

// words for steps.
const (
	noTeam   = "no team"
	noPerson = "nobody"
)

func or(s, none string) string {
	if s == "" {
		return none
	}
	return s
}

// plan says what a change does to one ticket. It asks what the command asks, and writes nothing.
func (s *Service) plan(ctx context.Context, by auth.Actor, c told, number int64) Item {
	t, err := s.desk.Get(ctx, by, number)
	if err != nil {
		return refused(Item{Ticket: desk.Ticket{Number: number}}, err)
	}
	it := Item{Ticket: t}
	parts, err := s.desk.Participants(ctx, by, number)
	if err == nil {
		err = auth.Can(by, auth.TicketWork, t.Object(parts))
	}
	if err != nil {
		return refused(it, err)
	}
	if !t.Open && c.Do != Tag && c.Do != Untag {
		return refused(it, errs.New(errs.Conflict, "bulk.plan", "It has ended (%s). Reopen it first.", t.State.Words()))
	}
	if it.Steps, err = s.steps(ctx, by, c, t, parts); err != nil {
		return refused(it, err)
	}
	if len(it.Steps) == 0 {
		it.Not = "It is so already."
	}
	return it
}

// steps are the fields of one ticket that a change sets to something else. Errors: why it can't be.
func (s *Service) steps(ctx context.Context, by auth.Actor, c told, t desk.Ticket, parts []desk.Participant) (out []Step, err error) {
	step := func(what, from, to string) {
		if from != to {
			out = append(out, Step{what, from, to})
		}
	}
	switch c.Do {
	case Assign, Pass:
		return s.holderSteps(ctx, c, t, parts)
	case Prioritise:
		next := t
		next.Impact, next.Urgency = desk.Level(or(c.Impact, string(t.Impact))), desk.Level(or(c.Urgency, string(t.Urgency)))
		step("Impact", string(t.Impact), string(next.Impact))
		step("Urgency", string(t.Urgency), string(next.Urgency))
		step("Priority", string(t.Priority), string(ticket.Prioritise(next.Impact, next.Urgency)))
	case Tag, Untag:
		tags, err := s.desk.Tags(ctx, by, t.Number)
		if err != nil {
			return nil, err
		}
		has := slices.ContainsFunc(tags, func(l string) bool { return ticket.TagKey(l) == c.tag.Key })
		if has != (c.Do == Tag) {
			words := map[bool]string{true: c.tag.Label, false: "not there"}
			step("Tag", words[has], words[!has])
		}
	case Wait:
		if t.TurnSide == agreement.SideCustomer {
			return nil, errs.New(errs.Conflict, "bulk.plan", "It is the customer’s turn. A wait begins on IT’s turn.")
		}
		step("Waits until", "no date", c.Until.Format("2 January 2006 15:04"))
	case NotATicket:
		step("State", t.State.Words(), "not a ticket")
	}
	return out, nil
}

// holderSteps are those of who has a ticket.
func (s *Service) holderSteps(ctx context.Context, c told, t desk.Ticket, parts []desk.Participant) ([]Step, error) {
	places, err := s.names.Places(ctx)
	if err != nil {
		return nil, err
	}
	who, err := s.names.People(ctx, t.AssigneeID)
	if err != nil {
		return nil, err
	}
	now := or(who[t.AssigneeID], noPerson)
	if c.Do == Pass {
		if c.team.ID == t.TeamID {
			return nil, nil
		}
		out := []Step{{"Team", or(places.Team(t.TeamID), noTeam), c.team.Name}}
		if t.AssigneeID != "" {
			out = append(out, Step{"Assignee", now, noPerson})
		}
		return out, nil
	}
	if c.person.ID == t.AssigneeID {
		return nil, nil
	}
	if c.person.ID != "" {
		if err := s.reaches(ctx, c.person, t, parts); err != nil {
			return nil, err
		}
	}
	return []Step{{"Assignee", now, or(c.person.Name, noPerson)}}, nil
}

// reaches says whether somebody could work on a ticket that is given to them. Errors: Invalid.
func (s *Service) reaches(ctx context.Context, p people.Person, t desk.Ticket, parts []desk.Participant) error {
	actor, err := s.people.ActorOf(ctx, p.ID)
	if err != nil || auth.Can(actor, auth.TicketWork, t.Object(parts)) != nil {
		return errs.New(errs.Conflict, "bulk.plan", "%s can’t work on it: no role reaches it.", p.Name)
	}
	return nil
}

func refused(it Item, err error) Item {
	it.Not, it.Refused, it.kind, it.Steps = errs.Sentence(err), true, errs.KindOf(err), nil
	return it
}
