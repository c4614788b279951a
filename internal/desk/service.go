package desk

import (
	"context"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/desk/read"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Jobs is the queue that wakes tickets up.
type Jobs interface {
	Add(ctx context.Context, tx *db.Tx, kind, item string, at time.Time) error
	Remove(ctx context.Context, tx *db.Tx, kind, item string) error
}

// Config is what the desk knows about the installation.
type Config struct {
	Name      string // of the desk, in mails: "Service desk"
	Address   string // the desk's mail address: desk@example.org
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
}

// Service is the desk's commands and reads. It is safe for concurrent use.
type Service struct {
	*read.Reader
	Outcomes *outcome.Book    // what became of promises
	Writing  *writing.Service // what is being written before it is a message or a note

	db     *db.DB
	clk    clock.Clock
	people *people.Service
	book   *agreement.Book
	box    *box.Box
	jobs   Jobs
	conf   Config

	changed func(number, version int64)
}

// NewService makes the desk.
func NewService(d Deps, conf Config) *Service {
	if d.Changed == nil {
		d.Changed = func(int64, int64) {}
	}
	r := read.New(d.DB, d.Clock, d.Book)
	return &Service{
		Reader: r, Outcomes: outcome.NewBook(d.DB, d.Clock, r), Writing: writing.New(d.DB, d.Clock, r, conf.MaxUpload),
		db: d.DB, clk: d.Clock, people: d.People, book: d.Book, box: d.Box, jobs: d.Jobs, conf: conf, changed: d.Changed,
	}
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

// domain is the domain of the desk's address.
func (s *Service) domain() string {
	if _, d, ok := strings.Cut(s.conf.Address, "@"); ok {
		return d
	}
	return "localhost"
}
