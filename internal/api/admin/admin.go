package admin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk/account"
	"bothways/internal/intake"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/people"
	"bothways/internal/upkeep"
)

// Services are what the resources stand on.
type Services struct {
	People    *people.Service
	Auth      *auth.Service
	Account   *account.Service
	Calendars *calendar.Service
	Catalog   *catalog.Catalog
	Intake    *intake.Service
	Upkeep    *upkeep.Service
	DB        *db.DB
}

// part is the resources, mounted.
type part struct {
	Services
	host host.Host
}

// Mount registers the resources.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	p.persons()
	p.lists()
	p.places()
	p.teams()
	p.time()
	p.machine()
}

// mostList is what a request may hold that brings a file.
const mostList = 12 << 20 // a list of people, as base64

// on registers a route.
func on[I, O any](p *part, method, path string, verb auth.Verb, summary string, fn func(ctx context.Context, by auth.Actor, in *I) (*O, error)) {
	op := huma.Operation{
		OperationID: strings.ToLower(method) + "-" + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(path), Method: method, Path: p.host.Prefix + path, Summary: summary,
		MaxBodyBytes: host.MostBytes, BodyReadTimeout: 15 * time.Second, Tags: []string{strings.SplitN(path, "/", 2)[0]},
		Metadata: map[string]any{p.host.Scope: verb}, Extensions: map[string]any{"x-verb": string(verb), "x-scope": string(verb)},
	}
	if path == "imports" && method == http.MethodPost {
		op.MaxBodyBytes, op.BodyReadTimeout = mostList, 2*time.Minute
	}
	if method == http.MethodPost {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: host.IdempotencyHeader, In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "A name for this request: sent again within 48 hours with the same body, it gets the same answer and nothing is done twice.",
		})
	}
	huma.Register(p.host.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, p.host.By(ctx), in)
		if err != nil {
			return nil, p.host.Problem(ctx, err)
		}
		return out, nil
	})
}

// Ref names what a route is about.
type Ref struct {
	ID string `path:"id"`
}

// Act is a request that says nothing but what it is about.
type Act struct {
	Ref
	Body *Nothing `required:"false"`
}

// Nothing is a body without fields.
type Nothing struct{}

// check refuses what is no id before an engine sees it.
func (r Ref) check() error {
	if !id.Valid(r.ID) {
		return host.Nothing
	}
	return nil
}

// Paged are the parameters of a list.
type Paged struct {
	Cursor string `query:"cursor" doc:"The value of next of the page before."`
}

func (p Paged) at() (page.Cursor, error) { return page.Parse(p.Cursor) }

// one is an answer that is one thing.
type one[T any] struct{ Body T }

func oneOf[T any](v T, err error) (*one[T], error) {
	if err != nil {
		return nil, err
	}
	return &one[T]{v}, nil
}

// done answers what has nothing to say.
type done struct {
	Body struct {
		Done bool `json:"done"`
	}
}

func did(err error) (*done, error) {
	if err != nil {
		return nil, err
	}
	out := &done{}
	out.Body.Done = true
	return out, nil
}

func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
