package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bothways/internal/auth"
)

// route is a row of the API: what it is called and what it takes to call it.
type route struct {
	method  string
	path    string // below Prefix
	verb    auth.Verb
	scope   auth.Verb // what a token's scopes must hold; "" is the verb
	summary string
	status  int  // of success; 0 is 200
	files   bool // its body may hold files
	binary  bool // it answers with bytes
}

// Bounds of a request.
const (
	mostBytes     = 1 << 20
	mostFileBytes = 25 << 20
)

// id is the route's name in the specification: post-tickets-number-messages.
func (rt route) id() string {
	return strings.ToLower(rt.method) + "-" + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(rt.path)
}

// handle registers a route. Its verb is checked against the caller's token before anything is read; the service it calls
// decides the rest.
func handle[I, O any](h *Handler, rt route, fn func(ctx context.Context, by auth.Actor, in *I) (*O, error)) {
	if rt.scope == "" {
		rt.scope = rt.verb
	}
	op := huma.Operation{
		OperationID: rt.id(), Method: rt.method, Path: Prefix + rt.path, Summary: rt.summary, DefaultStatus: rt.status,
		MaxBodyBytes: mostBytes, BodyReadTimeout: 15 * time.Second, Tags: []string{strings.SplitN(rt.path, "/", 2)[0]},
		Metadata: map[string]any{scopeKey: rt.scope}, Extensions: map[string]any{"x-verb": string(rt.verb), "x-scope": string(rt.scope)},
	}
	if rt.files {
		op.MaxBodyBytes, op.BodyReadTimeout = mostFileBytes, 5*time.Minute
	}
	if rt.binary {
		op.Responses = map[string]*huma.Response{"200": {
			Description: "The bytes, to be saved.",
			Content:     map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}}
	}
	if rt.method == http.MethodPost {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "A name for this request: sent again within 48 hours with the same body, it gets the same answer and nothing is done twice.",
		})
	}
	huma.Register(h.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, callOf(ctx).by, in)
		if err != nil {
			return nil, h.problem(ctx, err)
		}
		return out, nil
	})
}

const scopeKey = "scope"

// inScope refuses what the caller's token leaves out.
func (h *Handler) inScope(c huma.Context, next func(huma.Context)) {
	scope, _ := c.Operation().Metadata[scopeKey].(auth.Verb)
	by := callOf(c.Context()).by
	if !auth.InScopes(by.Scopes, scope) {
		r, w := humago.Unwrap(c)
		h.refuse(w, r, auth.Can(by, scope, auth.Object{}))
		return
	}
	next(c)
}
