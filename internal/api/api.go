package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bothways/internal/agreement"
	"bothways/internal/agreement/asked"
	signing "bothways/internal/agreement/contract"
	"bothways/internal/api/admin"
	"bothways/internal/api/contract"
	disputes "bothways/internal/api/dispute"
	"bothways/internal/api/door"
	"bothways/internal/api/draft"
	"bothways/internal/api/host"
	"bothways/internal/api/hours"
	"bothways/internal/api/many"
	"bothways/internal/api/own"
	"bothways/internal/api/scorecard"
	"bothways/internal/api/vote"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/dispute"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/passage"
	"bothways/internal/desk/view"
	"bothways/internal/effort"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/whatif"
	"bothways/internal/search"
)

// The paths the handler answers.
const (
	Prefix   = "/api/v1/"
	specPath = "/api/v1/openapi.json"
	DocsPath = "/docs"
)

// Deps are the services behind the API.
type Deps struct {
	Desk      *desk.Service
	Account   *account.Service
	Search    *search.Service // nil: of this handler alone
	Effort    *effort.Service
	People    *people.Service
	Auth      *auth.Service
	Many      *many.Handler // of many tickets at once; nil: made of the others
	Book      *agreement.Book
	Box       *box.Box
	DB        *db.DB
	Clock     clock.Clock
	Log       *slog.Logger
	Approvals *approval.Service
	Contracts *signing.Service
	Disputes  *dispute.Service
	WhatIf    *whatif.Service
	Asked     *asked.Service  // nil: of this handler alone
	Report    *report.Service // nil: of this handler alone
	Admin     admin.Services  // nothing leaves administration out
	// Settle waits a moment for the mails of a ticket to go out, so that an answer shows the turn they opened; nil does not wait.
	Settle func(ctx context.Context, ticketID string)
	// Actor finds who is signed in on a page that calls the API without a token; nil, or an Unauthenticated error, is nobody.
	Actor func(r *http.Request) (auth.Actor, error)
}

// Handler serves the API and its reference. It is safe for concurrent use.
type Handler struct {
	Deps
	clk    clock.Clock
	log    *slog.Logger
	mux    *http.ServeMux
	own    *own.Own
	api    huma.API
	host   host.Host
	origin *http.CrossOriginProtection
	paper  struct {
		once sync.Once
		spec []byte
		page []byte
	}
}

// New makes the handler. Mount it at Prefix and DocsPath.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, clk: d.Clock, log: d.Log, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	if h.Many == nil {
		names := naming.New(d.DB, d.People, d.Clock)
		h.Many = &many.Handler{Desk: d.Desk, Bulk: bulk.New(d.DB, d.Clock, d.Desk, d.People, names), Views: view.New(d.DB, d.Clock), Names: names, Clock: d.Clock}
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	format := huma.Format{Marshal: writeJSON, Unmarshal: readJSON}
	h.api = humago.New(h.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Bothways", Version: "1",
				Description: "Tickets whose turns bind both sides. Send a token: Authorization: Bearer bw_…; make one with: bothways token create --person EMAIL.",
			},
			Servers: []*huma.Server{{URL: "/"}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "An API token, bw_…"}},
			},
			Security: []map[string][]string{{"token": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
	h.api.UseMiddleware(h.inScope, h.once)
	h.host = host.Host{
		API: h.api, Prefix: Prefix, Scope: scopeKey, By: func(ctx context.Context) auth.Actor { return callOf(ctx).by }, Acted: func(ctx context.Context) { callOf(ctx).acted = true },
		Problem: func(ctx context.Context, err error) error { return h.problem(ctx, err) },
	}
	if h.Search == nil {
		h.Search = search.New(d.DB, d.Desk.Reader, d.People, d.Clock)
	}
	h.tickets()
	h.finding()
	h.manyTickets()
	h.conversation()
	h.ledger()
	h.commands()
	h.moves()
	hours.Mount(h.host, hours.Services{Effort: h.Effort, DB: h.DB, Clock: h.clk})
	h.mine()
	h.parties()
	h.mails()
	draft.Mount(h.host, draft.Services{Desk: h.Desk, Saved: answer.New(h.DB, h.clk), Box: h.Box, DB: h.DB})
	vote.Mount(h.host, vote.Services{Approvals: h.Approvals, DB: h.DB})
	disputes.Mount(h.host, disputes.Services{Disputes: h.Disputes, DB: h.DB})
	door.Mount(h.host, door.Services{Passages: passage.NewBook(h.DB), DB: h.DB, Clock: h.clk})
	contract.Mount(h.host, contract.Services{Book: h.Book, Contracts: h.Contracts, WhatIf: h.WhatIf, Approvals: h.Approvals, DB: h.DB})
	h.scorecards()
	if h.Admin.People != nil {
		admin.Mount(h.host, h.Admin)
	}
	nullable(h.api.OpenAPI().Components.Schemas)
	h.mux.HandleFunc("/", h.noRoute)
	return h
}

// writeJSON is how every answer is written.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// call is what is known of a request while it is served.
type call struct {
	by    auth.Actor
	acted bool // something was committed: a failure after this is a failure to answer, not to act
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	if c == nil {
		return &call{}
	}
	return c
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer h.rescue(w, r)
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("X-Content-Type-Options", "nosniff")
	switch r.URL.Path {
	case specPath, DocsPath:
		h.reference(w, r)
		return
	}
	by, err := h.actor(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if path.Clean(r.URL.Path) != r.URL.Path {
		h.refuse(w, r, host.Nothing)
		return
	}
	h.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, &call{by: by})))
}

// scorecards registers how agreements were kept.
func (h *Handler) scorecards() {
	if h.Asked == nil {
		h.Asked = asked.New(h.DB, h.clk, h.Book)
	}
	if h.Report == nil {
		h.Report = report.New(h.DB, h.clk, h.Book, h.Desk.Outcomes, h.Asked)
	}
	scorecard.Mount(h.host, scorecard.Services{Report: h.Report, Asked: h.Asked, DB: h.DB})
}

// actor finds who calls: the bearer of a token, or whoever is signed in on the page that calls. A token that is sent must be
// good, whatever else comes with it.
func (h *Handler) actor(r *http.Request) (auth.Actor, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return h.bearer(r.Context(), header)
	}
	if h.Actor != nil {
		by, err := h.Actor(r)
		if err == nil && by.PersonID != "" {
			if by.Channel == "" {
				by.Channel = channel
			}
			if err := h.origin.Check(r); err != nil { // a cookie comes along with every request, also with one another site made
				return by, errs.Wrap(errs.Denied, "api.actor", err, "This request was made by a page of another site. Use a token.").Reason("cross-origin")
			}
			return by, nil
		}
		if err != nil && !errs.Is(err, errs.Unauthenticated) {
			return by, err
		}
	}
	return auth.Actor{}, errs.New(errs.Unauthenticated, "api.actor", "Send a token: Authorization: Bearer bw_…. Make one with: bothways token create --person EMAIL")
}

const channel = "api"

func (h *Handler) bearer(ctx context.Context, header string) (auth.Actor, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		secret = ""
	}
	t, err := h.Auth.Token(ctx, strings.TrimSpace(secret))
	if err != nil {
		return auth.Actor{}, err
	}
	by, err := h.People.ActorOf(ctx, t.PersonID)
	if err != nil {
		return by, err
	}
	by.Scopes, by.Channel = t.Scopes, channel
	return by, nil
}

// noRoute answers what no route took: another method of a path that exists, or nothing.
func (h *Handler) noRoute(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := h.mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		h.refuse(w, r, host.Nothing)
		return
	}
	methods := strings.Join(allowed, ", ")
	h.refuse(w, r, &problem{
		Type: urn + "method-not-allowed", Title: http.StatusText(http.StatusMethodNotAllowed), Status: http.StatusMethodNotAllowed,
		Detail: "This address does not take that method. It takes: " + methods + ".", header: http.Header{"Allow": {methods}},
	})
}

// rescue turns a panic into an internal error, so that one request can't take others down.
func (h *Handler) rescue(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if r.Context().Err() != nil {
		return // the caller has gone away while the answer was written
	}
	h.refuse(w, r, errs.Wrap(errs.Internal, "api", fmt.Errorf("panic: %v\n%s", p, bytes.TrimSpace(debug.Stack())), ""))
}
