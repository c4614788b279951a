package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/dispute"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/view"
	"bothways/internal/effort"
	"bothways/internal/intake"
	"bothways/internal/kit/clock"
	"bothways/internal/live"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/whatif"
	"bothways/internal/search"
	"bothways/internal/upkeep"
	"bothways/internal/web/asset"
	"bothways/internal/web/find"
	livepage "bothways/internal/web/live"
	"bothways/internal/web/queue"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/terms"
)

// Deps are the services the pages stand on.
type Deps struct {
	Desk      *desk.Service
	Account   *account.Service
	Search    *search.Service // nil: of this server alone
	Effort    *effort.Service
	People    *people.Service
	Auth      *auth.Service
	Box       *box.Box
	Book      *agreement.Book
	Calendars *calendar.Service
	Upkeep    *upkeep.Service
	Catalog   *catalog.Catalog
	Intake    *intake.Service
	Approvals *approval.Service
	Contracts *contract.Service
	Disputes  *dispute.Service
	WhatIf    *whatif.Service
	Asked     *asked.Service  // nil: of this server alone
	Report    *report.Service // nil: of this server alone
	DB        *db.DB
	Live      *live.Hub // tells which tickets change; nil: nobody tells
	Clock     clock.Clock
	Log       *slog.Logger
	BaseURL   string        // as people open the pages; https makes cookies Secure
	DeskName  string        // what pages call the desk
	DeskMail  string        // where people write to it; "" when nobody can
	Demo      bool          // serves the inbox and the gallery too
	Logins    []Login       // of the demo: whom one click makes you
	Password  string        // of those
	UndoSend  time.Duration // in which an answer can be taken back; 0 sends at once
	// Settle gives a ticket's mails a moment to leave, so that the page after a reply can say whose turn it is.
	Settle func(ctx context.Context, ticketID string)
}

// Login is somebody whom the demo's sign-in page lets one be.
type Login struct {
	Part, Name, What, Address string
	Staff                     bool
}

// site is the pages of one installation. It is safe for concurrent use.
type site struct {
	Deps
	cookies cookies
	source  *reading.Source
	streams *livepage.Streams
	names   *naming.Directory
	queue   *queue.Pages
	answers *answer.Service
	terms   *terms.Source
	find    *find.Pages
	alarms  alarms
}

// New makes the handler of every page. It reads the assets once and starts nothing.
func New(d Deps) http.Handler {
	if d.Settle == nil {
		d.Settle = func(context.Context, string) {}
	}
	if d.DeskName == "" {
		d.DeskName = "Service desk"
	}
	s := &site{Deps: d, cookies: cookiesFor(d.BaseURL), answers: answer.New(d.DB, d.Clock)}
	s.source = &reading.Source{Desk: d.Desk, People: d.People, Book: d.Book, DB: d.DB, Clock: d.Clock, DeskName: d.DeskName}
	if d.Live == nil {
		d.Live = live.New(d.DB, d.Log)
	}
	s.Live = d.Live
	s.streams = livepage.New(livepage.Deps{Hub: d.Live, Tickets: d.Desk, Clock: d.Clock, Log: d.Log})
	s.names = naming.New(d.DB, d.People, d.Clock)
	s.queue = &queue.Pages{Desk: d.Desk, Names: s.names, Views: view.New(d.DB, d.Clock), Bulk: bulk.New(d.DB, d.Clock, d.Desk, d.People, s.names)}
	s.terms = &terms.Source{Desk: d.Desk, People: d.People, Book: d.Book, DB: d.DB, Clock: d.Clock}
	if d.Search == nil {
		d.Search = search.New(d.DB, d.Desk.Reader, d.People, d.Clock)
	}
	s.Search = d.Search
	if d.Asked == nil {
		s.Asked = asked.New(d.DB, d.Clock, d.Book)
	}
	if d.Report == nil {
		s.Report = report.New(d.DB, d.Clock, d.Book, d.Desk.Outcomes, s.Asked)
	}
	s.find = &find.Pages{Search: d.Search, Names: s.names}
	mux := http.NewServeMux()
	for _, rt := range s.allRoutes() {
		if rt.door == forDemo && !d.Demo {
			continue
		}
		mux.Handle(rt.method+" "+rt.path, s.handler(rt))
	}
	mux.Handle("GET "+asset.Prefix+"{name}", serve.LoadAssets())
	mux.Handle("/", s.handler(route{door: forAnyone, do: (*site).nothing}))
	return s.guard(mux)
}

// guard is what every request passes: headers, and no unsafe request from another origin.
func (s *site) guard(next http.Handler) http.Handler {
	csrf := http.NewCrossOriginProtection()
	if origin := serve.Origin(s.BaseURL); origin != "" {
		if err := csrf.AddTrustedOrigin(origin); err != nil {
			s.Log.Warn("the base address is no origin that pages can be sent from", "base", s.BaseURL, "error", err)
		}
	}
	secure := strings.HasPrefix(s.BaseURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve.Headers(w.Header(), secure)
		if err := csrf.Check(r); err != nil {
			s.fail(&visit{w: w, r: r, site: s}, crossOrigin(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}
