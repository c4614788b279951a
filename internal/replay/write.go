package replay

import (
	"fmt"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// channel is how what a log tells came here, where it does not say how it came there.
const channel = record.Replayed

// cast is who and what a story names.
type cast struct {
	story
	site      people.Site
	requester people.Person
	workers   map[string]string // the log's word → person id
	teams     map[string]string
	suppliers map[string]string
}

// cast finds them, or makes them.
func (w *world) cast(s story) (c cast, err error) {
	c = cast{story: s, workers: map[string]string{"": ""}, teams: map[string]string{}, suppliers: map[string]string{}}
	if c.site, err = w.site(s.First[factSite]); err != nil {
		return c, err
	}
	if c.requester, err = w.asker(s.First[factRequester], c.site); err != nil {
		return c, err
	}
	team := ""
	for i := range s.Steps {
		x := &s.Steps[i]
		switch x.Kind {
		case string(agreement.Opened), string(agreement.TeamChanged):
			err = w.inTeam(&c, x)
			team = x.Party
		case string(agreement.SupplierAsked):
			var t people.Team
			t, err = w.team(x.Party, people.SupplierTeam)
			c.suppliers[x.Party] = t.ID
		case record.Assigned:
			err = w.named(&c, x.Party, team)
		}
		if err == nil {
			err = w.named(&c, x.Actor, team)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func (w *world) inTeam(c *cast, x *step) error {
	t, err := w.team(x.Party, people.EnterpriseTeam)
	c.teams[x.Party] = t.ID
	return err
}

// named finds somebody of IT, who belongs to the team that has the case.
func (w *world) named(c *cast, word, team string) error {
	if word == "" {
		return nil
	}
	p, err := w.worker(word)
	if err != nil {
		return err
	}
	c.workers[word] = p.ID
	if team == "" {
		return nil
	}
	return w.joins(p.ID, c.teams[team])
}

// levelsOf are an impact and an urgency that give a priority.
var levelsOf = map[agreement.Priority][2]ticket.Level{
	agreement.PriorityCritical: {ticket.High, ticket.High}, agreement.PriorityHigh: {ticket.High, ticket.Medium},
	agreement.PriorityMedium: {ticket.Medium, ticket.Medium}, agreement.PriorityLow: {ticket.Medium, ticket.Low},
}

// ticket is the row of a case before the clock has read it.
func (c *cast) ticket(number int64) ticket.Ticket {
	p := priority(c.Last[factPriority])
	t := ticket.Ticket{
		ID: id.New(), Number: number, Kind: ticket.Incident, Subject: "Case " + c.Case, Channel: channel, OrgID: c.requester.OrgID, SiteID: c.site.ID, Region: c.site.Region,
		TeamID: c.teams[c.First[factTeam]], SubmitterID: c.requester.ID, RequesterID: c.requester.ID, AffectedID: c.requester.ID, Priority: p,
		Impact: levelsOf[p][0], Urgency: levelsOf[p][1], State: ticket.New, Open: true, MadeAt: time.Unix(c.Opened, 0).UTC(), Version: 1,
	}
	if k := c.First[factKind]; k != "" {
		t.Kind = ticket.Kind(k)
	}
	if ch := c.First[factChannel]; ch != "" {
		t.Channel = ch
	}
	if s := c.First[factSubject]; s != "" {
		t.Subject = text.Cut(t.Subject+": "+s, ticket.MaxSubject)
	}
	t.LastLine = text.Cut(t.Subject, 120)
	return t
}

// written is a ticket with what the clock read of it.
type written struct {
	ticket.Ticket
	events  int
	reading outcome.Reading
}

// write writes a ticket with everything that follows from its events.
func (w *world) write(tx *db.Tx, c cast) (out written, err error) {
	number, err := tx.Next(w.ctx, "ticket", 1001)
	if err != nil {
		return out, err
	}
	t := c.ticket(number)
	paper, version, err := w.version(tx, t, t.MadeAt)
	if err != nil {
		return out, err
	}
	m := ticket.Message{ID: id.New(), TicketID: t.ID, AuthorID: t.RequesterID, Side: "customer", Channel: t.Channel, EventSeq: 1, MadeAt: t.MadeAt,
		Body: fmt.Sprintf("Case %s, replayed from a log of %d rows. %s", c.Case, c.Rows, c.First[factSubject])}
	log := event.Create(t.ID)
	for i := range c.Steps {
		s := &c.Steps[i]
		d := c.data(&t, s)
		if i == 0 {
			d.Message, d.VersionID = m.ID, paper.ID
		}
		e := event.Event{At: time.Unix(s.At, 0).UTC(), Kind: s.Kind, Actor: c.actor(s), Channel: channel}
		if _, err := log.Append(w.ctx, tx, e, d); err != nil {
			return out, err
		}
	}
	out = written{Ticket: t, events: len(c.Steps)}
	return out, w.derived(tx, &out, log, paper, version, m)
}

// actor is who did a step.
func (c *cast) actor(s *step) string {
	switch {
	case s.Asker:
		return c.requester.ID
	case s.Actor != "":
		return c.workers[s.Actor]
	}
	return "system"
}

// data is a step in ids; the row follows it.
func (c *cast) data(t *ticket.Ticket, s *step) record.Data {
	d := s.Data
	switch s.Kind {
	case string(agreement.Opened):
		d.Party = t.TeamID
	case string(agreement.TeamChanged):
		d.Party, d.Before = c.teams[s.Party], t.TeamID
		t.TeamID = d.Party
	case record.Assigned:
		d.Party, d.Before = c.workers[s.Party], t.AssigneeID
		t.AssigneeID = d.Party
	case string(agreement.SupplierAsked):
		d.Party = c.suppliers[s.Party]
	case string(agreement.SolutionProposed):
		d.Party, t.ResolvedAt = t.RequesterID, time.Unix(s.At, 0).UTC()
	case string(agreement.QuestionAsked):
		d.Party = t.RequesterID
	case string(agreement.CustomerSpoke), string(agreement.SolutionRejected), string(agreement.Reopened):
		d.Party, t.ResolvedAt = "", time.Time{}
	}
	return d
}

// derived writes the rows that the clock reads out of the events.
func (w *world) derived(tx *db.Tx, out *written, log *event.Log, paper agreement.Paper, version agreement.Version, m ticket.Message) error {
	stream, t := log.Wrote(), &out.Ticket
	events, err := record.Ledger(stream)
	if err != nil {
		return err
	}
	r := agreement.Clock(events, agreement.Facts{Versions: []agreement.Version{version}, Now: w.Clock.Now().Unix(), NeverLapse: t.NeverLapses()})
	record.Derive(t, stream, r)
	t.ChangedAt = stream[len(stream)-1].At
	out.reading = outcome.Reading{Ticket: *t, Stream: stream, Papers: []agreement.Paper{paper}, Result: r}
	for _, write := range []func() error{
		func() error { return store.Insert(w.ctx, tx, *t) },
		func() error { return log.Close(w.ctx, tx) },
		func() error { return store.SetParticipant(w.ctx, tx, t.ID, t.RequesterID, ticket.Requester, "asks") },
		func() error { return store.AddAgreement(w.ctx, tx, t.ID, 0, paper.ID) },
		func() error { return store.InsertMessage(w.ctx, tx, m) },
		func() error { return outcome.Note(w.ctx, tx, agreement.Result{}, out.reading) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return audit.Write(w.ctx, tx, audit.Entry{
		At: w.Clock.Now(), Actor: w.by.ID(), Verb: "ticket.replay", Object: "ticket", ObjectID: t.ID, Change: map[string]any{"events": len(stream)},
	})
}
