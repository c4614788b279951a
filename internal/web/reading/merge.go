package reading

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/web/ui"
)

// joined is what was said on a ticket that was merged into the one that is read: one of both is set.
type joined struct {
	number int64
	said   *desk.Message
	note   *desk.Note
}

func (j *joined) at() time.Time {
	if j.note != nil {
		return j.note.MadeAt
	}
	return j.said.MadeAt
}

func (j *joined) author() string {
	if j.note != nil {
		return j.note.AuthorID
	}
	return j.said.AuthorID
}

// join loads what was said on tickets merged into this one, as far as the reader may read them, and the numbers of the other
// tickets that the history names.
func (s *Source) join(ctx context.Context, t *Reading) error {
	if err := s.number(ctx, t); err != nil || !t.absorbed() {
		return err
	}
	merged, err := s.Desk.Merged(ctx, t.by.Actor, t.Ticket.Number)
	if err != nil {
		return err
	}
	for i := range merged {
		number := merged[i].Number
		st, err := s.Desk.Story(ctx, t.by.Actor, number, t.by.Staff)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		for k := range st.Messages {
			t.joined = append(t.joined, joined{number: number, said: &st.Messages[k]})
		}
		for k := range st.Notes {
			t.joined = append(t.joined, joined{number: number, note: &st.Notes[k]})
		}
	}
	slices.SortStableFunc(t.joined, func(a, b joined) int { return a.at().Compare(b.at()) })
	return nil
}

// absorbed says whether another ticket was ever merged into this one.
func (t *Reading) absorbed() bool {
	return slices.ContainsFunc(t.events, func(e happening) bool { return e.Kind == string(agreement.Absorbed) })
}

// otherTicket is the id of the other ticket that an event is about; "" when it is about none.
func (e *happening) otherTicket() string {
	switch e.Kind {
	case string(agreement.Merged), string(agreement.Unmerged):
		return e.d.Field
	case string(agreement.Absorbed), evReleased, evLinked, evUnlinked, evSplitTo, evSplitFrom:
		return e.d.Party
	}
	return ""
}

// number finds the numbers of other tickets. One that the reader may not read has none.
func (s *Source) number(ctx context.Context, t *Reading) error {
	var ids []string
	for i := range t.events {
		if id := t.events[i].otherTicket(); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	keys, err := s.Desk.Keys(ctx, ids...)
	if err != nil {
		return err
	}
	t.others = map[string]int64{}
	for id, k := range keys {
		switch _, err := s.Desk.Get(ctx, t.by.Actor, k.Number); {
		case err == nil:
			t.others[id] = k.Number
		case !errs.Is(err, errs.NotFound):
			return err
		}
	}
	return nil
}

// ref names another ticket of the history.
func (t *Reading) ref(e *happening, otherwise string) string {
	if n := t.others[e.otherTicket()]; n != 0 {
		return desk.Ref(n)
	}
	return otherwise
}

// from is a message of a merged ticket, marked so.
func (t *Reading) from(j *joined, files string) *ui.PublicMessage {
	m := *j.said
	p := t.public(&m, t.other(files, j.number))
	p.Delivery, p.Asked = "", nil
	p.Via = strings.TrimPrefix(p.Via+", in "+desk.Ref(j.number), ", ")
	if t.by.Staff && m.MailID != "" {
		p.Original = "/desk/tickets/" + desk.Ref(j.number) + "/mails/" + m.MailID
		p.Claim = claim(m.Auth)
	}
	return p
}

// other is the address of another ticket's files.
func (t *Reading) other(files string, number int64) string {
	return strings.Replace(files, "/"+t.Ticket.Ref()+"/", "/"+desk.Ref(number)+"/", 1)
}

// MergedHere are the tickets merged into this one that the reader may read.
func (t *Reading) MergedHere() []int64 {
	var out []int64
	for i := range t.events {
		e := &t.events[i]
		n := t.others[e.otherTicket()]
		switch {
		case n == 0:
		case e.Kind == string(agreement.Absorbed) && !slices.Contains(out, n):
			out = append(out, n)
		case e.Kind == evReleased:
			out = slices.DeleteFunc(out, func(x int64) bool { return x == n })
		}
	}
	return out
}

// GoesOnIn is the number of the ticket this one was merged into, 0 when it goes on by itself or the reader may not read that one.
func (t *Reading) GoesOnIn() int64 {
	if t.Ticket.State != desk.Merged {
		return 0
	}
	for i := len(t.events) - 1; i >= 0; i-- {
		if e := &t.events[i]; e.Kind == string(agreement.Merged) {
			return t.others[e.d.Field]
		}
	}
	return 0
}

// toldOfMoves is what both sides are told of how the ticket was passed on, joined and divided.
func (t *Reading) toldOfMoves(e *happening) (line, bool) {
	switch e.Kind {
	case string(agreement.Merged):
		return line{icon: ui.IconGrid, text: "It goes on in " + t.ref(e, "another request") + ": we work on both as one. Every promise holds."}, true
	case string(agreement.Unmerged):
		return line{icon: ui.IconUndo, text: "It goes on by itself again. The time since it was merged was ours."}, true
	case string(agreement.Absorbed):
		return line{icon: ui.IconGrid, text: Capital(t.ref(e, "another request")) + " was merged into this one. What was said there is read here."}, true
	case evReleased:
		return line{icon: ui.IconUndo, text: Capital(t.ref(e, "another request")) + " goes on by itself again. What was written since stays here."}, true
	case evSplitTo:
		return line{icon: ui.IconOut, text: Capital(t.ref(e, "another request")) + " was begun with what was said here."}, true
	case evSplitFrom:
		return line{icon: ui.IconOut, text: "This began with what was said in " + t.ref(e, "another request") + "."}, true
	case evDoorPassed:
		return line{icon: ui.IconHand, text: t.throughDoor(e)}, true
	case evHandedOver:
		if t.crosses(e) { // told by which door has it
			return line{}, true
		}
		return line{icon: ui.IconHand, text: t.passed(e)}, true
	}
	return line{}, false
}

// passed says to whom: people by their names.
func (t *Reading) passed(e *happening) string {
	to := t.teamName(e.d.Team)
	if e.d.Party != "" {
		to = t.Name(e.d.Party) + ", " + to
	}
	if t.by.Staff {
		return t.Start(e.Actor) + " passed it to " + to + "."
	}
	return "Passed to " + to + "."
}

// follows says how somebody stands to the ticket since.
func follows(e *happening) string {
	switch {
	case e.d.Consent && e.d.Field == standsIn:
		return " stands in for who is away, and can answer."
	case e.d.Consent:
		return " follows it now."
	case e.d.Field == inCopy:
		return " is named in a mail and not let in yet."
	}
	return " does not follow it any more."
}
