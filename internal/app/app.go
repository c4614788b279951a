package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/agreement/contract"
	"bothways/internal/api"
	"bothways/internal/api/admin"
	"bothways/internal/approval"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/blob"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/desk/consent"
	"bothways/internal/desk/dispute"
	"bothways/internal/desk/letter"
	"bothways/internal/effort"
	"bothways/internal/intake"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/live"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/mailin"
	"bothways/internal/migrate"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/whatif"
	"bothways/internal/search"
	"bothways/internal/upkeep"
	"bothways/internal/web"
)

// Login is somebody whom the demo's sign-in page lets one be.
type Login = web.Login

// Options are what a run has beside its settings.
type Options struct {
	Clock     clock.Clock // nil: the machine's
	Log       *slog.Logger
	Transport box.Transport // instead of the relay of the settings: the demo's inbox, a story's post
	Demo      bool
	Logins    []Login // whom the demo's sign-in page lets one be with one click
	Password  string  // of all of those
	Fill      bool    // the database is filled by one goroutine and serves nobody before Stop: no pages, durable at the end
}

// App is a wired installation.
type App struct {
	Config    config.Config
	DB        *db.DB
	Clock     clock.Clock
	Auth      *auth.Service
	People    *people.Service
	Calendars *calendar.Service
	Book      *agreement.Book
	Box       *box.Box
	Account   *account.Service
	Desk      *desk.Service
	Search    *search.Service
	Effort    *effort.Service
	Jobs      *job.Queue
	Live      *live.Hub
	Intake    *intake.Service
	Catalog   *catalog.Catalog
	Upkeep    *upkeep.Service
	Approvals *approval.Service
	Contracts *contract.Service
	Asked     *asked.Service
	Report    *report.Service
	Disputes  *dispute.Service
	WhatIf    *whatif.Service
	Handler   http.Handler

	api  *api.Handler
	log  *slog.Logger
	demo bool

	logins  []Login
	shared  string       // password of the logins
	filled  func() error // ends the filling; nil when there is none
	running bool
	undo    []func() error // LIFO
	addr    string
	lmtp    *mailin.Server
}

// maxConnections bounds what visitors can hold of the server's memory; more wait for a place.
const maxConnections = 2000

// workers is how many jobs run at once: parsing mail takes the processor, sending waits for the relay.
const workers = 6

// New opens and migrates the database, makes what every installation has, and wires the services.
func New(ctx context.Context, c config.Config, o Options) (*App, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	a := &App{Config: c, Clock: o.Clock, log: o.Log, demo: o.Demo, logins: o.Logins, shared: o.Password}
	if err := a.open(ctx, o.Fill); err != nil {
		return nil, errors.Join(err, a.Stop())
	}
	if err := a.wire(ctx, o); err != nil {
		return nil, errors.Join(err, a.Stop())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, fill bool) error {
	if path, ok := strings.CutPrefix(a.Config.Database, "sqlite:"); ok && strings.HasPrefix(path, a.Config.Data) {
		if err := os.MkdirAll(a.Config.Data, 0o700); err != nil {
			return errs.Wrap(errs.Unavailable, "app.open", err, "The folder %s can't be made: %v.", a.Config.Data, err)
		}
	}
	d, err := db.Open(ctx, a.Config.Database)
	if err != nil {
		return err
	}
	a.DB = d
	a.undo = append(a.undo, d.Close)
	if _, err := migrate.Up(ctx, d); err != nil || !fill {
		return err
	}
	if a.filled, err = d.Fill(ctx, notFilled...); err == nil {
		a.undo = append(a.undo, a.Filled)
	}
	return err
}

// notFilled are the indexes that the commands of a filling do without: they serve lists.
var notFilled = []string{"desk_ticket_*", "desk_participant_person", "desk_outcome_*", "audit_entry_*", "mail_outbound_state", "mail_outbound_person", "mail_inbound_state"}

// Filled ends the filling that the options asked for: all of it is durable from then on, and several goroutines may go on.
func (a *App) Filled() error {
	end := a.filled
	a.filled = nil
	if end == nil {
		return nil
	}
	return end()
}

func (a *App) wire(ctx context.Context, o Options) error {
	a.Auth = auth.New(a.DB, a.Clock, func(ctx context.Context, tx *db.Tx, r auth.Record) error {
		return audit.Write(ctx, tx, audit.Entry{At: r.At, Actor: r.Actor, Verb: r.Verb, Object: r.Object, ObjectID: r.ObjectID, Change: r.Change, Reason: r.Reason})
	})
	a.undo = append(a.undo, func() error { return a.Auth.Flush(context.Background()) })
	a.People = people.New(a.DB, a.Clock)
	a.Calendars = calendar.New(a.DB, a.Clock)
	a.Book = agreement.NewBook(a.DB, a.Clock, a.Calendars)
	a.Jobs = job.New(a.DB, a.Clock, a.log)
	if _, err := a.People.EnsureBase(ctx, ""); err != nil {
		return err
	}
	cals, err := a.Calendars.EnsureDefaults(ctx, a.Config.Zone)
	if err != nil {
		return err
	}
	if err := a.Book.EnsureDefault(ctx, cals.Service.ID, cals.Office.ID); err != nil {
		return err
	}
	key, err := a.Auth.Key(ctx, "reply", 32)
	if err != nil {
		return err
	}
	transport, err := a.transport(o)
	if err != nil {
		return err
	}
	a.Live = live.New(a.DB, a.log)
	a.undo = append(a.undo, a.endLive)
	a.Box = box.New(a.DB, a.Clock, a.Jobs, transport)
	a.Desk = desk.NewService(
		desk.Deps{DB: a.DB, Clock: a.Clock, People: a.People, Book: a.Book, Box: a.Box, Jobs: a.Jobs, Time: effort.Keeper{Clock: a.Clock}, Changed: a.Live.Changed},
		desk.Config{Name: a.Config.DeskName, Address: a.Config.MailFrom, Levels: a.Config.Levels, BaseURL: a.Config.BaseURL, ReplyKey: key, AuthServ: a.Config.AuthServ, MaxUpload: a.Config.MaxUpload})
	_, domain, _ := strings.Cut(a.Config.MailFrom, "@")
	from := letter.From{Name: a.Config.DeskName, Domain: domain, BaseURL: a.Config.BaseURL, Key: key}
	a.Account = &account.Service{DB: a.DB, People: a.People, Auth: a.Auth, Box: a.Box, Config: from}
	teller := consent.Teller{Box: a.Box, Clock: a.Clock, Config: from}
	a.Approvals = approval.New(a.DB, a.Clock, a.Jobs, a.People, teller)
	a.Disputes = dispute.New(dispute.Deps{DB: a.DB, Clock: a.Clock, Desk: a.Desk, People: a.People, Approvals: a.Approvals, Jobs: a.Jobs, Mail: teller})
	a.Contracts = contract.New(contract.Deps{DB: a.DB, Clock: a.Clock, Book: a.Book, People: a.People, Approvals: a.Approvals, Jobs: a.Jobs})
	a.Asked = asked.New(a.DB, a.Clock, a.Book)
	a.Report = report.New(a.DB, a.Clock, a.Book, a.Desk.Outcomes, a.Asked)
	a.WhatIf = whatif.New(whatif.Deps{DB: a.DB, Clock: a.Clock, Book: a.Book, Contracts: a.Contracts, Jobs: a.Jobs})
	a.Search = search.New(a.DB, a.Desk.Reader, a.People, a.Clock)
	a.Upkeep = upkeep.New(a.DB, a.Clock, a.Jobs, a.Box, a.Desk)
	a.Catalog = catalog.New(a.DB, a.Clock, a.People)
	a.Intake = intake.New(a.DB, a.Clock, a.People, a.Jobs)
	a.Effort = effort.New(a.DB, a.Clock, a.Desk)
	a.handleJobs()
	if !o.Fill {
		a.Handler = a.handler()
	}
	return nil
}

// transport is the way mails leave: given, the relay of the settings, or none.
func (a *App) transport(o Options) (box.Transport, error) {
	if o.Transport != nil {
		return o.Transport, nil
	}
	if a.Config.Relay == "" {
		return nil, nil
	}
	return box.NewRelay(a.Config.Relay, a.Config.MailFrom, a.Letter)
}

// Letter writes an outbound row as RFC 5322.
func (a *App) Letter(m box.Outbound) ([]byte, error) {
	address, name := a.Desk.Sender(m.ReplyTo)
	o := mail.Outgoing{
		From: mail.Address{Name: name, Address: address}, To: []mail.Address{{Address: m.Recipient}}, Subject: m.Subject,
		MessageID: m.MessageID, InReplyTo: m.InReplyTo, Date: m.MadeAt, LoopID: a.Desk.LoopID(), Text: m.Body,
	}
	if m.ReplyTo != "" {
		o.ReplyTo = &mail.Address{Name: name, Address: m.ReplyTo}
	}
	if m.Automatic {
		o.Automatic = mail.AutoGenerated
	}
	files, err := a.Desk.MailedFiles(context.Background(), m)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		o.Files = append(o.Files, mail.OutgoingFile{Name: f.Name, Type: blob.Sniff(f.Body), Body: f.Body})
	}
	return mail.Compose(o)
}

// settleFor is how long an answer waits for the relay, so that it can already say whose turn it is.
const settleFor = 1500 * time.Millisecond

// Settle gives a ticket's mails a moment to reach the relay. With a fake clock it runs what is due.
func (a *App) Settle(ctx context.Context, ticketID string) {
	if !a.running {
		if err := a.Jobs.RunDue(ctx); err != nil {
			a.log.Error("jobs of a story", "error", err)
		}
		return
	}
	if !a.Box.Mails() {
		return
	}
	for end := a.Clock.Now().Add(settleFor); a.Clock.Now().Before(end); {
		if n, err := a.Box.Undelivered(ctx, ticketID); err != nil || n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-a.Clock.After(10 * time.Millisecond):
		}
	}
}

func (a *App) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.DB.Ping(r.Context()); err != nil {
			http.Error(w, "not ok", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	a.api = api.New(api.Deps{Desk: a.Desk, Account: a.Account, Search: a.Search, Effort: a.Effort, People: a.People, Auth: a.Auth, DB: a.DB, Clock: a.Clock, Log: a.log, Box: a.Box, Book: a.Book, Approvals: a.Approvals, Contracts: a.Contracts, Disputes: a.Disputes, WhatIf: a.WhatIf, Asked: a.Asked, Report: a.Report, Settle: a.Settle,
		Admin: admin.Services{People: a.People, Auth: a.Auth, Account: a.Account, Calendars: a.Calendars, Catalog: a.Catalog, Intake: a.Intake, Upkeep: a.Upkeep, DB: a.DB}})
	mux.Handle("/api/", a.api)
	mux.Handle("/docs", a.api)
	mux.Handle("/", a.pages())
	return mux
}

// Start listens and works until Stop. Errors: Unavailable for an address that is taken, Conflict for a database that another
// server works on.
func (a *App) Start(ctx context.Context) error {
	if path := a.DB.Path(); path != "" {
		release, err := lockSQLite(path)
		if err != nil {
			return err
		}
		a.undo = append(a.undo, release)
	}
	ln, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return errs.Wrap(errs.Unavailable, "app.Start", err, "The address %s can't be listened on: %v. Choose another with --listen, or stop what uses it.", a.Config.Listen, err)
	}
	a.addr = ln.Addr().String()
	ln = netutil.LimitListener(ln, maxConnections)
	srv := &http.Server{
		Handler: a.Handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	go func() {
		if err := srv.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("pages and API are no longer served", "error", err)
		}
	}()
	a.undo = append(a.undo, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return srv.Shutdown(ctx)
	})
	a.undo = append(a.undo, a.endLive) // before Shutdown, which would wait for open streams
	if err := a.takeMail(); err != nil {
		return err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, kind := range []string{jobHourly, jobCheckpoint, jobProbe} {
			if err := a.Jobs.Add(ctx, tx, kind, "", a.Clock.Now().Add(time.Minute)); err != nil {
				return err
			}
		}
		return a.expect(ctx, tx)
	}); err != nil {
		return err
	}
	a.running = true
	a.Jobs.Start(workers)
	a.undo = append(a.undo, func() error { a.Jobs.Stop(); return nil })
	return nil
}

// endLive ends every stream of changes and what listens to other nodes.
func (a *App) endLive() error { a.Live.Close(); return nil }

func (a *App) takeMail() error {
	_, domain, _ := strings.Cut(a.Config.MailFrom, "@")
	for _, o := range []mailin.Options{{Addr: a.Config.LMTP, LMTP: true}, {Addr: a.Config.SMTP}} {
		if o.Addr == "" {
			continue
		}
		o.Domain, o.Max = domain, a.Config.MaxUpload
		s, err := mailin.Listen(a.Box, o, a.log)
		if err != nil {
			return err
		}
		if o.LMTP {
			a.lmtp = s
		}
		a.undo = append(a.undo, s.Close)
	}
	return nil
}

// Addr is where pages and API are served, once started.
func (a *App) Addr() string { return a.addr }

// LMTPAddr is where mail is taken by LMTP, once started; "" when it is not.
func (a *App) LMTPAddr() string {
	if a.lmtp == nil {
		return ""
	}
	return a.lmtp.Addr()
}

// Stop ends everything in the reverse order of its start. It may be called more than once.
func (a *App) Stop() error {
	var all []error
	for i := len(a.undo) - 1; i >= 0; i-- {
		if err := a.undo[i](); err != nil {
			all = append(all, fmt.Errorf("app: stop: %w", err))
		}
	}
	a.undo = nil
	return errors.Join(all...)
}
