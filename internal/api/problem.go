package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// urn begins every problem's type.
const urn = "urn:bothways:"

// problem is the answer to what was not done (RFC 9457).
type problem struct {
	Type      string  `json:"type" doc:"What kind of problem it is, for programs: urn:bothways:reason."`
	Title     string  `json:"title" doc:"The status in words."`
	Status    int     `json:"status" doc:"The HTTP status."`
	Detail    string  `json:"detail" doc:"What is wrong and what to do, in a sentence for a person."`
	Errors    []fault `json:"errors,omitempty" doc:"The fields that are wrong."`
	Reference string  `json:"reference,omitempty" doc:"Of an internal error: what to name to the operator, who finds it in the log."`
	header    http.Header
}

// fault is one thing that is wrong with a request.
type fault struct {
	Location string `json:"location" doc:"The field or parameter, as the caller wrote it: question.due."`
	Message  string `json:"message" doc:"What is wrong with it and what to do."`
}

// Error implements error.
func (p *problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *problem) GetHeaders() http.Header { return p.header }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// huma asks package variables what an error looks like and how strictly to read: field names are case-sensitive, or "Version"
// would slip past the check for "version". Only this package and its parts import huma.
func init() {
	huma.NewError = newProblem
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
}

// newProblem is a problem found by huma while it decoded a request.
func newProblem(status int, msg string, found ...error) huma.StatusError {
	p := &problem{Status: status, Title: http.StatusText(status), Type: urn + reasonOf(status), Detail: refusals[status]}
	for _, err := range found {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			p.Errors = append(p.Errors, faultOf(d))
		}
	}
	slices.SortFunc(p.Errors, func(a, b fault) int { return strings.Compare(a.Location, b.Location) })
	if len(p.Errors) > 0 {
		p.Detail = detailOf(p.Errors)
	} else if p.Detail == "" {
		p.Detail = sentence(msg)
	}
	return p
}

// refusals are what to say of a status that huma sets by itself.
var refusals = map[int]string{
	http.StatusBadRequest:            "The request has no body. Send one JSON object.",
	http.StatusRequestTimeout:        "The request did not arrive in time. Send it again.",
	http.StatusRequestEntityTooLarge: "The request is too large. Send 1 MB at most, or 25 MB where files may be sent.",
	http.StatusUnsupportedMediaType:  "The request is of a type we do not read. Send application/json.",
	http.StatusInternalServerError:   "The request could not be read to its end. Send it again.",
}

func reasonOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "malformed"
	case http.StatusRequestEntityTooLarge:
		return "too-large"
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusInternalServerError:
		return "internal"
	}
	return strings.ToLower(strings.ReplaceAll(http.StatusText(status), " ", "-"))
}

// faultOf words what huma found for somebody who has to mend it, and names the field as they wrote it.
func faultOf(d *huma.ErrorDetail) fault {
	loc := d.Location
	for _, part := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(loc, part+"."); ok {
			loc = rest
			break
		}
	}
	switch {
	case d.Message == "unexpected property":
		return fault{loc, "There is no such field here, or it can't be set. Leave it out; /docs lists what can be sent."}
	case d.Message == "unknown query parameter":
		return fault{loc, "There is no such parameter here. Leave it out; /docs lists what can be asked."}
	case strings.HasPrefix(d.Message, huma.ErrUnknownContentType.Error()):
		return fault{"Content-Type", refusals[http.StatusUnsupportedMediaType]}
	}
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name = strings.TrimSuffix(name, " to be present")
		if loc != "body" {
			name = loc + "." + name
		}
		return fault{name, "It is missing."}
	}
	return fault{loc, sentence(d.Message)}
}

func sentence(s string) string {
	if s == "" {
		return "Something in what you sent needs changing."
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

func detailOf(faults []fault) string {
	parts := make([]string, len(faults))
	for i, f := range faults {
		parts[i] = f.Location + ": " + f.Message
	}
	return strings.Join(parts, " ")
}

// problem makes the answer of an error and logs what is our fault.
func (h *Handler) problem(ctx context.Context, err error) *problem {
	var done *problem
	if errors.As(err, &done) {
		return done
	}
	kind := errs.KindOf(err)
	p := &problem{Status: kind.HTTP(), Title: http.StatusText(kind.HTTP()), Type: urn + strings.ReplaceAll(kind.String(), "_", "-"), Detail: errs.Sentence(err), header: http.Header{}}
	var e *errs.E
	if errors.As(err, &e) && kind != errs.Internal {
		if e.Type != "" {
			p.Type = urn + e.Type
		}
		for _, f := range e.Fields {
			p.Errors = append(p.Errors, fault{f.Path, f.Msg})
		}
	}
	switch kind {
	case errs.Internal:
		p.Reference = id.New()
		p.Detail = "Something went wrong on our side. The operator finds it in the log under " + p.Reference + "."
		h.log.ErrorContext(ctx, "request failed", "reference", p.Reference, "error", err)
	case errs.Unauthenticated:
		p.header.Set("WWW-Authenticate", `Bearer realm="bothways"`)
	case errs.TooMany:
		p.header.Set("Retry-After", h.retryAfter(err))
	case errs.Unavailable:
		p.header.Set("Retry-After", "1")
		h.log.WarnContext(ctx, "request could not be served", "error", err)
	}
	return p
}

func (h *Handler) retryAfter(err error) string {
	until, ok := auth.ThrottledUntil(err)
	if !ok {
		return "60"
	}
	return strconv.Itoa(max(1, int(until.Sub(h.clk.Now()).Seconds())+1))
}

// refuse answers with the problem of an error outside of huma, with the same bytes as inside.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := h.problem(r.Context(), err)
	head := w.Header()
	for k, v := range p.header {
		head[k] = v
	}
	head.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = writeJSON(w, p) // who has gone away needs no answer
}

// malformed is a body that is no JSON. It says where, as a person counts.
type malformed struct{ what string }

// Error implements error.
func (m *malformed) Error() string { return m.what }

func place(data []byte, offset int64) string {
	before := string(data[:min(max(0, offset-1), int64(len(data)))])
	line := strings.Count(before, "\n") + 1
	return fmt.Sprintf("line %d, column %d", line, len(before)-strings.LastIndex(before, "\n"))
}

// readJSON decodes a body; its error names the place.
func readJSON(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return &malformed{fmt.Sprintf("it is not JSON at %s: %s. Send one JSON object in UTF-8", place(data, syntax.Offset), syntax.Error())}
	case errors.As(err, &kind):
		return &malformed{fmt.Sprintf("%s is a %s at %s, which does not fit there", kind.Field, kind.Value, place(data, kind.Offset))}
	}
	return &malformed{"a value does not fit: " + err.Error()}
}
