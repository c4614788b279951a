package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
	"bothways/internal/migrate"
	"bothways/internal/people"
)

// Settings fills in what the demo wants and nobody said otherwise; given says which settings somebody named.
func Settings(conf *config.Config, given map[string]bool) {
	for name, set := range map[string]func(){
		"desk-name": func() { conf.DeskName = "Norvik service desk" }, "mail-from": func() { conf.MailFrom = "desk@norvik-it.example" }, "mail-levels": func() { conf.Levels = "levels@norvik-it.example" },
		"authserv-id": func() { conf.AuthServ = authServ }, "zone": func() { conf.Zone = places[0].zone },
	} {
		if !given[name] {
			set()
		}
	}
}

// Plan is which history is made.
type Plan struct {
	Now  time.Time
	Seed uint64 // of the year; the last weeks are told the same way always
	Few  bool   // a year of some dozens of requests instead of thousands, none of them open, for tests
}

// Build makes the company and its history up to now in the database that conf names. One that has the company already stays as
// it is, so that a demo can go on. Errors: Conflict for a database that holds something else.
func Build(ctx context.Context, conf config.Config, plan Plan, log *slog.Logger) error {
	return build(ctx, conf, plan, log, (*company).passwords)
}

// build is Build with a way to give passwords, which is the slow part.
func build(ctx context.Context, conf config.Config, plan Plan, log *slog.Logger, passwords func(*company, context.Context) func() error) error {
	plan.Now = plan.Now.UTC().Truncate(time.Second)
	clk := clock.NewFake(plan.begin().Add(-4 * time.Hour))
	defer id.Seeded(plan.Seed, clk.Now)()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // much is made and thrown away, and little of it stays
	fresh, err := prepare(ctx, conf, clk)
	if err != nil || !fresh {
		return err
	}
	a, err := app.New(ctx, conf, app.Options{Clock: clk, Log: log, Transport: box.InApp{}, Demo: true, Fill: true})
	if err != nil {
		return err
	}
	c, err := makeCompany(ctx, a)
	if err == nil {
		give := passwords(c, ctx)
		p := &play{ctx: ctx, company: c, clk: clk, now: plan.Now, desk: conf.MailFrom, actors: map[string]auth.Actor{}}
		p.write()
		if err = p.year(plan); err == nil {
			err = p.run()
		}
		err = errors.Join(err, give())
	}
	err = errors.Join(err, a.Stop())
	debug.FreeOSMemory() // what the year took is not what serving takes
	return err
}

// prepare brings the database up and names the provider, before the app would name it. fresh says that nothing is in it yet.
func prepare(ctx context.Context, conf config.Config, clk clock.Clock) (fresh bool, err error) {
	d, err := db.Open(ctx, conf.Database)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := migrate.Up(ctx, d); err != nil {
		return false, err
	}
	s := people.New(d, clk)
	if _, err := s.FindOrganisation(ctx, Company); !errs.Is(err, errs.NotFound) {
		return false, err
	}
	persons, err := s.Persons(ctx, auth.SystemActor(), people.PersonFilter{Disabled: true}, "", 1)
	if err != nil {
		return false, err
	}
	if len(persons.Items) > 0 {
		return false, errs.New(errs.Conflict, "demo", "%s holds an installation already. Give the demo a folder of its own with --data, or none.", d)
	}
	if _, err := calendar.New(d, clk).Create(ctx, auth.SystemActor(), "Service hours", serviceHours()); err != nil {
		return false, err
	}
	_, err = s.EnsureBase(ctx, Provider)
	return true, err
}

// history is how many working days before today the story begins.
const history = 25

// workday is midnight of the n-th working day before the day of now, in the company's first zone.
func workday(now time.Time, n int) time.Time {
	loc, err := time.LoadLocation(places[0].zone)
	if err != nil {
		loc = time.UTC
	}
	y, m, d := now.In(loc).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, loc)
	for n > 0 {
		y, m, d = day.Date()
		day = time.Date(y, m, d-1, 0, 0, 0, 0, loc)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	return day
}

// play is the history: what was done when.
type play struct {
	*company
	ctx   context.Context
	clk   *clock.Fake
	now   time.Time
	desk  string // its mail address
	steps []step
	mails int

	actors map[string]auth.Actor
}

type step struct {
	at   time.Time
	what string
	do   func() error
}

// ticket is one ticket of the story; its number is known once it was opened.
type ticket struct {
	p      *play
	title  string
	number int64
	id     string
}

func (p *play) ticket(title string) *ticket { return &ticket{p: p, title: title} }

// day is a time of the n-th working day before today: day(3, "15:20").
func (p *play) day(n int, hhmm string) time.Time {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		return p.now
	}
	y, m, d := workday(p.now, n).Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, workday(p.now, n).Location()).UTC()
}

// ahead is a time of the first working day that is so many days after now.
func (p *play) ahead(days int, hhmm string) time.Time {
	later := p.now.AddDate(0, 0, days)
	for later.Weekday() == time.Saturday || later.Weekday() == time.Sunday {
		later = later.AddDate(0, 0, 1)
	}
	return (&play{now: later}).day(0, hhmm)
}

// ago is an instant before now, six hours at most: later than anything of the working day before.
func (p *play) ago(minutes int) time.Time { return p.now.Add(-time.Duration(minutes) * time.Minute) }

func (p *play) at(t time.Time, what string, do func() error) {
	p.steps = append(p.steps, step{t, what, do})
}

// run does the steps in their order; between them everything that falls due.
func (p *play) run() error {
	slices.SortStableFunc(p.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range p.steps {
		if err := p.until(s.at); err != nil {
			return err
		}
		if err := s.do(); err != nil {
			return fmt.Errorf("demo: %s at %s: %w", s.what, s.at.Format(time.RFC3339), err)
		}
	}
	return p.until(p.now)
}

// until walks the clock to an instant and stops wherever a timer rings.
func (p *play) until(at time.Time) error {
	for {
		next, err := p.a.Jobs.Next(p.ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(at) {
			break
		}
		if next.After(p.clk.Now()) {
			p.clk.Set(next)
		}
		if err := p.a.Jobs.RunDue(p.ctx); err != nil {
			return err
		}
	}
	if at.After(p.clk.Now()) {
		p.clk.Set(at)
	}
	return nil
}

// who is somebody as an actor. Roles do not change in this history, so each is looked up once.
func (p *play) who(key, channel string) (auth.Actor, error) {
	by, ok := p.actors[key]
	if !ok {
		var err error
		if by, err = p.a.People.ActorOf(p.ctx, p.staff[key].ID); err != nil {
			return by, err
		}
		p.actors[key] = by
	}
	by.Channel = channel
	return by, nil
}

// act has a member of the cast do something on the ticket.
func (t *ticket) act(at time.Time, key, channel, what string, do func(by auth.Actor) error) {
	t.p.at(at, key+" "+what+" "+t.title, func() error {
		by, err := t.p.who(key, channel)
		if err != nil {
			return err
		}
		return do(by)
	})
}

// Channels of the web: customers' pages and the agents' workspace.
const (
	portal = "portal"
	atDesk = "desk"
	phone  = "phone"
)

// open opens the ticket from a form or a call.
func (t *ticket) open(at time.Time, key, channel string, in desk.OpenInput) {
	in.Subject = t.title
	t.act(at, key, channel, "opens", func(by auth.Actor) error {
		made, err := t.p.a.Desk.Open(t.p.ctx, by, in)
		t.number, t.id = made.Number, made.ID
		return err
	})
}

// mailed opens the ticket by a mail.
func (t *ticket) mailed(at time.Time, key, body string, files ...attachment) {
	m := t.p.staff[key]
	t.p.at(at, key+" mails "+t.title, func() error {
		return t.receive(letter{from: m.Address, name: m.Name, subject: t.title, body: body, files: files, proven: true})
	})
}

// receive takes a letter in as the mail server would hand it over, and notes the ticket it opened.
func (t *ticket) receive(l letter) error {
	p := t.p
	p.mails++
	l.at, l.id = p.clk.Now(), fmt.Sprintf("%d.%d@%s", p.clk.Now().Unix(), p.mails, l.from[strings.IndexByte(l.from, '@')+1:])
	if l.to == "" {
		l.to = p.desk
	}
	mailID, err := p.a.Box.Receive(p.ctx, l.from, l.to, l.raw())
	if err != nil {
		return err
	}
	if err := p.a.Jobs.RunDue(p.ctx); err != nil {
		return err
	}
	in, err := p.a.Box.Load(p.ctx, p.a.DB.Read(), mailID)
	if err != nil || t.number != 0 {
		return err
	}
	made, err := p.a.Desk.Keys(p.ctx, in.TicketID)
	if err != nil {
		return err
	}
	if in.State != box.MadeTicket {
		return fmt.Errorf("the mail became no ticket: %s %s", in.State, in.Reason)
	}
	t.number, t.id = made[in.TicketID].Number, in.TicketID
	return nil
}

// replied answers the newest mail that a customer got on the ticket.
func (t *ticket) replied(at time.Time, key, body string, files ...attachment) {
	t.answer(at, key, letter{body: body, files: files, proven: true})
}

func (t *ticket) answer(at time.Time, key string, l letter) {
	m := t.p.staff[key]
	t.p.at(at, key+" replies to "+t.title, func() error {
		o, err := t.newest(m.Address)
		if err != nil {
			return err
		}
		l.from, l.name, l.to, l.inReplyTo = m.Address, m.Name, o.ReplyTo, o.MessageID
		if l.subject == "" {
			l.subject = "Re: " + o.Subject
			l.body += "\n\nOn " + o.DoneAt.Format("Mon, 2 Jan 2006 at 15:04") + ", Norvik service desk wrote:\n> " + strings.ReplaceAll(strings.TrimSpace(o.Body), "\n", "\n> ")
		}
		return t.receive(l)
	})
}

// newest is the newest mail on the ticket to an address.
func (t *ticket) newest(address string) (box.Outbound, error) {
	sent, err := t.p.a.Box.Of(t.p.ctx, t.p.a.DB.Read(), t.id)
	for i := len(sent) - 1; i >= 0; i-- {
		if sent[i].Recipient == address {
			return sent[i], err
		}
	}
	return box.Outbound{}, errors.Join(err, fmt.Errorf("%s got no mail", address))
}

// say writes a public message.
func (t *ticket) say(at time.Time, key, body string, files ...desk.Upload) {
	t.act(at, key, t.channelOf(key), "says on", func(by auth.Actor) error {
		_, err := t.p.a.Desk.Speak(t.p.ctx, by, desk.SpeakInput{Number: t.number, Body: body, Files: files})
		return err
	})
}

// ask writes a blocking question.
func (t *ticket) ask(at time.Time, key, body, need string, metric agreement.Metric) {
	t.act(at, key, atDesk, "asks on", func(by auth.Actor) error {
		_, err := t.p.a.Desk.Speak(t.p.ctx, by, desk.SpeakInput{Number: t.number, Body: body, Question: &desk.QuestionInput{Need: need, Metric: string(metric)}})
		return err
	})
}

func (t *ticket) note(at time.Time, key, body string, files ...desk.Upload) {
	t.act(at, key, atDesk, "notes on", func(by auth.Actor) error {
		_, err := t.p.a.Desk.AddNote(t.p.ctx, by, desk.NoteInput{Number: t.number, Body: body, Files: files})
		return err
	})
}

// take gives the ticket to a person, and to a team when it is named.
func (t *ticket) take(at time.Time, by, person, team string) {
	t.act(at, by, atDesk, "assigns", func(actor auth.Actor) error {
		address := ""
		if person != "" {
			address = t.p.staff[person].Address
		}
		_, err := t.p.a.Desk.Assign(t.p.ctx, actor, desk.Act{Number: t.number}, address, team)
		return err
	})
}

// command is one of the desk's short commands with words.
type command func(s *desk.Service, ctx context.Context, by auth.Actor, c desk.Act) (desk.Ticket, error)

func (t *ticket) do(at time.Time, key string, what string, cmd command, body string) {
	t.act(at, key, t.channelOf(key), what, func(by auth.Actor) error {
		_, err := cmd(t.p.a.Desk, t.p.ctx, by, desk.Act{Number: t.number, Body: body})
		return err
	})
}

func (t *ticket) resolve(at time.Time, key, body string) {
	t.do(at, key, "resolves", (*desk.Service).Resolve, body)
}

func (t *ticket) confirm(at time.Time, key string) {
	t.do(at, key, "confirms", (*desk.Service).Confirm, "")
}

// channelOf is where somebody types: IT in the workspace, customers in the portal.
func (t *ticket) channelOf(key string) string {
	i := slices.IndexFunc(cast, func(m member) bool { return m.key == key })
	if i >= 0 && (cast[i].site == "" || slices.Contains(cast[i].roles, "site_it@site")) {
		return atDesk
	}
	return portal
}

func cut(role string) (name, scope string, scoped bool) { return strings.Cut(role, "@") }
