package desk

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/moves"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/read"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Jobs is the queue that wakes tickets up.
type Jobs interface {
	Add(ctx context.Context, tx *db.Tx, kind, item string, at time.Time) error
	Remove(ctx context.Context, tx *db.Tx, kind, item string) error
}

// Timekeeper keeps working time, in the transaction of the act it goes with.
type Timekeeper interface {
	Keep(ctx context.Context, tx *db.Tx, by auth.Actor, ticketID, act string, w Work) error
}

// Config is what the desk knows about the installation.
type Config struct {
	Name      string // of the desk, in mails: "Service desk"
	Address   string // the desk's mail address: desk@example.org
	Levels    string // that of the second door; "" when it has none of its own
	BaseURL   string // of the pages, without a slash at the end
	ReplyKey  []byte // signs reply addresses and Message-IDs
	AuthServ  string // authserv-id whose Authentication-Results are believed; "" believes none
	MaxUpload int64  // bytes of one attachment
}

// Deps are the services the desk stands on.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	People *people.Service
	Book   *agreement.Book
	Box    *box.Box
	Jobs   Jobs
	// Changed is told of every ticket that changed, once that is durable. nil tells nobody.
	Changed func(number, version int64)
	Time    Timekeeper // nil refuses minutes
}

// Service is the desk's commands and reads. It is safe for concurrent use.
type Service struct {
	*read.Reader
	*moves.Commands
	Outcomes *outcome.Book    // what became of promises
	Writing  *writing.Service // what is being written before it is a message or a note

	db     *db.DB
	clk    clock.Clock
	people *people.Service
	book   *agreement.Book
	box    *box.Box
	jobs   Jobs
	time   Timekeeper
	conf   Config

	changed func(number, version int64)
}

// noTime refuses minutes where nobody keeps them.
type noTime struct{}

func (noTime) Keep(context.Context, *db.Tx, auth.Actor, string, string, Work) error {
	return errs.In("desk.time", "minutes", "Working time is not kept here. Leave the minutes out.")
}

// NewService makes the desk.
func NewService(d Deps, conf Config) *Service {
	if d.Changed == nil {
		d.Changed = func(int64, int64) {}
	}
	if d.Time == nil {
		d.Time = noTime{}
	}
	r := read.New(d.DB, d.Clock, d.Book)
	s := &Service{
		Reader: r, Outcomes: outcome.NewBook(d.DB, d.Clock, r), Writing: writing.New(d.DB, d.Clock, r, conf.MaxUpload),
		db: d.DB, clk: d.Clock, people: d.People, book: d.Book, box: d.Box, jobs: d.Jobs, time: d.Time, conf: conf, changed: d.Changed,
	}
	s.Commands = moves.With(s.lend())
	return s
}

// channels
const (
	channelMail  = "mail"
	channelTimer = "timer"
)

// systemActor acts for the desk itself.
func systemActor() auth.Actor {
	a := auth.SystemActor()
	a.Channel = channelTimer
	return a
}

// mailboxes are the addresses of the doors.
func (c Config) mailboxes() audience.Mailboxes {
	return audience.Mailboxes{Desk: c.Address, Levels: c.Levels, Name: c.Name}
}

// Sender is from whom a mail is whose answers go to an address of ours.
func (s *Service) Sender(replyTo string) (address, name string) {
	return s.conf.mailboxes().Sender(replyTo)
}

// domain is the domain of the desk's address.
func (s *Service) domain() string {
	if _, d, ok := strings.Cut(s.conf.Address, "@"); ok {
		return d
	}
	return "localhost"
}
