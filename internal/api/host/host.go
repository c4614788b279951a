// Package host is what the API does for its parts: how a route is registered, and the shapes that several of them share. Names of
// types are names of the public specification.
package host

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
)

// Host is the API as its parts see it.
type Host struct {
	API     huma.API
	Prefix  string
	Scope   string                                     // the key under which a route says what a token must hold
	By      func(ctx context.Context) auth.Actor       // who calls
	Acted   func(ctx context.Context)                  // something was committed: a failure after this is a failure to answer, not to act
	Problem func(ctx context.Context, err error) error // an error as an answer
}

// Route is a row of the API: what it is called and what it takes to call it.
type Route struct {
	Method  string
	Path    string // below the prefix
	Verb    auth.Verb
	Scope   auth.Verb // what a token's scopes must hold; "" is the verb
	Summary string
	Status  int  // of success; 0 is 200
	Files   bool // its body may hold files
	Binary  bool // it answers with bytes
}

// Bounds of a request.
const (
	MostBytes     = 1 << 20
	mostFileBytes = 25 << 20
)

// IdempotencyHeader names a request that is carried out once.
const IdempotencyHeader = "Idempotency-Key"

// Nothing is the one answer to what does not exist and to what is not the caller's to know of.
var Nothing = errs.New(errs.NotFound, "api", "There is nothing here that you can see.")

// id is the route's name in the specification: post-tickets-number-messages.
func (rt Route) id() string {
	return strings.ToLower(rt.Method) + "-" + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(rt.Path)
}

// Handle registers a route. Its verb is checked against the caller's token before anything is read; the service it calls
// decides the rest.
func Handle[I, O any](h Host, rt Route, fn func(ctx context.Context, by auth.Actor, in *I) (*O, error)) {
	if rt.Scope == "" {
		rt.Scope = rt.Verb
	}
	op := huma.Operation{
		OperationID: rt.id(), Method: rt.Method, Path: h.Prefix + rt.Path, Summary: rt.Summary, DefaultStatus: rt.Status,
		MaxBodyBytes: MostBytes, BodyReadTimeout: 15 * time.Second, Tags: []string{strings.SplitN(rt.Path, "/", 2)[0]},
		Metadata: map[string]any{h.Scope: rt.Scope}, Extensions: map[string]any{"x-verb": string(rt.Verb), "x-scope": string(rt.Scope)},
	}
	if rt.Files {
		op.MaxBodyBytes, op.BodyReadTimeout = mostFileBytes, 5*time.Minute
	}
	if rt.Binary {
		op.Responses = map[string]*huma.Response{"200": {
			Description: "The bytes, to be saved.",
			Content:     map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}}
	}
	if rt.Method == http.MethodPost {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: IdempotencyHeader, In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "A name for this request: sent again within 48 hours with the same body, it gets the same answer and nothing is done twice.",
		})
	}
	huma.Register(h.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, h.By(ctx), in)
		if err != nil {
			return nil, h.Problem(ctx, err)
		}
		return out, nil
	})
}
