package desk

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Limits of what people write.
const (
	MaxSubject = ticket.MaxSubject
	MaxBody    = ticket.MaxBody
	MaxFiles   = ticket.MaxFiles
)

// OpenInput is what a new ticket takes.
type OpenInput struct {
	Kind        string
	Subject     string
	Description string
	Requester   string // mail address; "" is the actor
	Affected    string // mail address; "" is the requester
	Impact      string
	Urgency     string
	Sensitivity string
	Door        string // DoorDesk (also "") or DoorLevels
	Matter      string // at the second door: level, price, exception, complaint
	Service     string // id or name of the service it is about; "" names none
	Files       []Upload
}

// The doors into IT (S1): everything, and what is about levels and price.
const (
	DoorDesk   = string(agreement.DoorDesk)
	DoorLevels = string(agreement.DoorLevels)
)

// DoorOf says behind which door a ticket is now.
func DoorOf(t Ticket) string { return ticket.DoorOf(t) }

// opening is a ticket ready to be written, from any channel.
type opening struct {
	by          auth.Actor
	at          time.Time // when it became durable
	kind        Kind
	subject     string
	requester   people.Person
	affected    people.Person
	submitter   string
	impact      Level
	urgency     Level
	sensitivity string
	door        agreement.Door
	matter      ticket.Matter
	service     string // id
	auth        string
	message     Message
	quiet       bool   // nobody is told: the mail was no person's
	copied      bool   // the message was said before, on another ticket
	team        string // who works on it; "" is the desk
}

// Open makes a ticket: IT's turn from the instant it is durable. A customer asks for themselves, or for somebody of their own
// organisation to be affected; staff may ask for anybody, an unknown address becomes a person of Unassigned.
// Errors: Invalid, Denied, NotFound (a person whom the actor may not know of).
func (s *Service) Open(ctx context.Context, by auth.Actor, in OpenInput) (Ticket, error) {
	o, err := s.checkOpen(by, in)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if o.requester, err = s.party(ctx, tx, by, "requester", in.Requester, by.PersonID); err != nil {
			return err
		}
		if o.affected, err = s.party(ctx, tx, by, "affected", in.Affected, o.requester.ID); err != nil {
			return err
		}
		obj := o.affected.Object()
		obj.Kind, obj.Parties = "ticket", []string{o.requester.ID, o.affected.ID}
		if err := auth.Can(by, auth.TicketCreate, obj); err != nil {
			return err
		}
		if o.service, err = s.service(ctx, tx, o.affected.OrgID, in.Service); err != nil {
			return err
		}
		o.at = s.clk.Now()
		t, err = s.open(ctx, tx, o, in.Files)
		return err
	})
	return t, err
}

func (s *Service) checkOpen(by auth.Actor, in OpenInput) (o opening, err error) {
	c := checks{}
	o.by = by
	o.kind = collect(&c, in.Kind, ticket.ParseKind)
	o.impact = collect(&c, in.Impact, func(v string) (Level, error) { return ticket.ParseLevel("impact", v) })
	o.urgency = collect(&c, in.Urgency, func(v string) (Level, error) { return ticket.ParseLevel("urgency", v) })
	o.sensitivity = collect(&c, in.Sensitivity, ticket.ParseSensitivity)
	o.subject = c.line("subject", in.Subject, MaxSubject)
	o.message = Message{Side: sideCustomer, Channel: by.Channel, Body: c.body("description", in.Description, true)}
	o.submitter = by.PersonID
	o.door = collect(&c, in.Door, ticket.ParseDoor)
	if o.matter = collect(&c, in.Matter, ticket.ParseMatter); o.door != agreement.DoorLevels && o.matter != "" {
		c.bad("matter", "It is for what goes in by the second door. Leave it out, or name the door service_levels.")
	}
	if in.Kind == "" && o.door == agreement.DoorLevels {
		o.kind = o.matter.Kind()
	}
	if len(in.Files) > MaxFiles {
		c.bad("files", "There are more than 50. Send the rest with a second message.")
	}
	return o, c.err("desk.open")
}

// party finds the person an address names. What customers may not know of is NotFound for them.
func (s *Service) party(ctx context.Context, tx *db.Tx, by auth.Actor, field, address, otherwise string) (people.Person, error) {
	address = text.Address(address)
	if address == "" {
		if otherwise == "" {
			return people.Person{}, errs.In("desk.open", field, "It is missing. Name the mail address of who asks.")
		}
		return people.PersonByID(ctx, tx, otherwise)
	}
	if by.Staff() {
		p, _, err := s.people.ResolveSender(ctx, tx, address, "")
		if errs.Is(err, errs.Invalid) {
			return p, errs.In("desk.open", field, "%q is no mail address. Write one such as anna@example.org.", ticket.Short(address))
		}
		return p, err
	}
	p, err := people.PersonByAddress(ctx, tx, address)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return p, err
	}
	if err != nil || p.ID != by.PersonID && (field == "requester" || by.Stranger || p.OrgID != by.OrgID) {
		return p, errs.In("desk.open", field, "You can name yourself, or leave it out; for somebody of your organisation who is affected, \"affected\". For others, write to the desk.")
	}
	return p, nil
}

// service finds the service that a ticket is about among those offered to its customer; "" is none. Errors: Invalid.
func (s *Service) service(ctx context.Context, q db.Querier, orgID, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	found, err := catalog.Find(ctx, q, orgID, key)
	if errs.Is(err, errs.NotFound) {
		err = errs.In("desk.service", "service", "There is no service %q for this customer. Name one of those that are offered, or leave it out.", ticket.Short(key))
	}
	return found.ID, err
}

// open writes a ticket with everything that belongs to it.
func (s *Service) open(ctx context.Context, tx *db.Tx, o opening, files []Upload) (Ticket, error) {
	number, err := tx.Next(ctx, "ticket", 1001)
	if err != nil {
		return Ticket{}, err
	}
	behind := people.Desk
	if o.door == agreement.DoorLevels {
		behind = people.Levels
	}
	team, err := behind(ctx, tx)
	if err != nil {
		return Ticket{}, err
	}
	at := o.at.UTC().Truncate(time.Second)
	if o.team != "" {
		team.ID = o.team
	}
	t := Ticket{
		ID: id.New(), Number: number, Kind: o.kind, Subject: o.subject, Channel: o.by.Channel, OrgID: o.affected.OrgID, SiteID: o.affected.SiteID,
		Region: o.affected.Region, TeamID: team.ID, SubmitterID: o.submitter, RequesterID: o.requester.ID, AffectedID: o.affected.ID,
		Impact: o.impact, Urgency: o.urgency, Priority: ticket.Prioritise(o.impact, o.urgency), Sensitivity: o.sensitivity, State: New, Open: true, Auth: o.auth,
		LastLine: lastLine(o.message.Body), MadeAt: at, ChangedAt: at, Version: 1, Matter: o.matter, ServiceID: o.service,
	}
	paper, err := s.book.InForce(ctx, tx, t.OrgID, t.SiteID, at)
	if err != nil {
		return t, err
	}
	a := &act{s: s, ctx: ctx, tx: tx, by: o.by, now: at, t: t, log: event.Create(t.ID)}
	a.people = []Participant{{PersonID: t.RequesterID, Role: Requester, Because: "asks"}}
	if t.AffectedID != t.RequesterID {
		a.people = append(a.people, Participant{PersonID: t.AffectedID, Role: Affected, Because: "gets it"})
	}
	m := o.message
	m.TicketID, m.EventSeq = t.ID, 1
	if !o.copied {
		m.ID, m.MadeAt = id.New(), at
	}
	if m.AuthorID == "" {
		m.AuthorID = o.requester.ID
	}
	opened := data{Party: t.TeamID, Priority: t.Priority, Message: m.ID, Mail: m.MailID, VersionID: paper.ID, Service: o.service}
	if _, err := a.log.Append(ctx, tx, event.Event{At: at, Kind: string(agreement.Opened), Actor: o.by.ID(), Behalf: behalf(o), Channel: o.by.Channel}, opened); err != nil {
		return t, err
	}
	return a.writeNew(paper, m, files, o)
}

func behalf(o opening) string {
	if o.requester.ID != o.by.PersonID {
		return o.requester.ID
	}
	return ""
}

// writeNew derives and writes the rows of a new ticket.
func (a *act) writeNew(paper agreement.Paper, m Message, files []Upload, o opening) (Ticket, error) {
	v, err := a.version(paper)
	if err != nil {
		return a.t, err
	}
	a.versions, a.papers = []agreement.Version{v}, []agreement.Paper{paper}
	r, err := a.read(a.log.Wrote())
	if err != nil {
		return a.t, err
	}
	a.derive(r)
	if err := store.Insert(a.ctx, a.tx, a.t); err != nil {
		return a.t, err
	}
	if err := a.log.Close(a.ctx, a.tx); err != nil {
		return a.t, err
	}
	if err := outcome.Begin(a.ctx, a.tx, a.reading(r)); err != nil {
		return a.t, err
	}
	for _, p := range a.people {
		if err := store.SetParticipant(a.ctx, a.tx, a.t.ID, p.PersonID, p.Role, p.Because); err != nil {
			return a.t, err
		}
	}
	if err := store.AddAgreement(a.ctx, a.tx, a.t.ID, 0, paper.ID); err != nil {
		return a.t, err
	}
	if !o.copied {
		if m.Files, err = a.keep(files); err != nil {
			return a.t, err
		}
	}
	if err := store.InsertMessage(a.ctx, a.tx, m); err != nil {
		return a.t, err
	}
	if err := a.timer(r); err != nil {
		return a.t, err
	}
	if !o.quiet {
		a.tell(tellOpened, m, nil)
	}
	if err := a.sendAll(r); err != nil {
		return a.t, err
	}
	a.announce()
	return a.t, audit.Write(a.ctx, a.tx, audit.Entry{
		At: a.now, Actor: o.by.ID(), Verb: "ticket.create", Object: "ticket", ObjectID: a.t.ID, Change: changes(a.log.Wrote()),
	})
}

// version makes a paper ready for the clock with the calendar of the ticket's site.
func (a *act) version(paper agreement.Paper) (agreement.Version, error) {
	cal := ""
	if a.t.SiteID != "" {
		site, err := people.SiteByID(a.ctx, a.tx, a.t.SiteID)
		if err != nil {
			return agreement.Version{}, err
		}
		cal = site.CalendarID
	}
	return a.s.book.Version(a.ctx, a.tx, paper, cal)
}

func lastLine(body string) string { return text.Cut(text.Line(body), 120) }

// checks collects what is wrong with an input, so that one answer names all of it.
type checks struct{ ticket.Checks }

func (c *checks) bad(path, msg string)                      { c.Bad(path, msg) }
func (c *checks) err(op string) error                       { return c.Err(op) }
func (c *checks) line(path, s string, most int) string      { return c.Line(path, s, most) }
func (c *checks) body(path, s string, optional bool) string { return c.Body(path, s, optional) }

// collect parses one value and keeps what is wrong with it.
func collect[T any](c *checks, v string, parse func(string) (T, error)) T {
	return ticket.Collect(&c.Checks, v, parse)
}
