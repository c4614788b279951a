package area

import (
	"errors"
	"net/http"
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// Returned is a form that came back: which one, what was typed, and what is wrong with it. nil is a page that is read fresh.
type Returned struct {
	Name    string
	Values  map[string]string
	Errs    []ui.FieldError
	Changed []string // what happened meanwhile
	status  int
	shown   bool // the page has the form
}

// Fields leads from the names the service has for what a form sends to the form's own: "body", or "description=body".
func Fields(names ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		service, field, ok := strings.Cut(n, "=")
		if !ok {
			field = service
		}
		out[service] = field
	}
	return out
}

// CameBack says how a refusal is told in the form itself; false when it is a page of its own. fields are those of the form (see
// Fields).
func CameBack(name string, f *serve.Form, err error, fields map[string]string) (*Returned, bool) {
	kind := errs.KindOf(err)
	switch kind {
	case errs.Invalid, errs.Conflict, errs.Stale, errs.TooLarge:
	default:
		return nil, false
	}
	b := &Returned{Name: name, Values: f.Values, status: kind.HTTP()}
	var e *errs.E
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		b.Errs = []ui.FieldError{{Text: errs.Sentence(err)}}
		return b, true
	}
	for _, bad := range e.Fields {
		field, known := fields[bad.Path]
		if !known {
			b.Errs = append(b.Errs, ui.FieldError{Text: bad.Msg})
			continue
		}
		b.Errs = append(b.Errs, ui.FieldError{Field: field, Text: bad.Msg})
	}
	return b, true
}

// Form is the state of a form of the page: as it came back, or fresh.
func (b *Returned) Form(name, action string, fresh map[string]string, hidden ...ui.Hidden) ui.Form {
	f := ui.Form{ID: name, Action: action, Values: fresh, Hidden: hidden}
	if b != nil && b.Name == name {
		f.Values, f.Errors, b.shown = b.Values, b.Errs, true
	}
	return f
}

// Told is what the page says of a form that came back beside the form itself: what happened meanwhile, and all of it when the
// page no longer has the form.
func (b *Returned) Told() []string {
	if b == nil {
		return nil
	}
	if b.shown {
		return b.Changed
	}
	out := b.Changed
	for _, e := range b.Errs {
		out = append(out, e.Text)
	}
	if w := strings.TrimSpace(b.Values["body"]); w != "" {
		out = append(out, "You had written: “"+text.Cut(w, 4000)+"”")
	}
	return out
}

// Refusal is a form that came back, as a script of ours reads it.
type Refusal struct {
	Errors  []RefusedField `json:"errors"`
	Changed []string       `json:"changed,omitempty"` // what happened meanwhile
	Seen    string         `json:"seen,omitempty"`    // what has been seen once that is read: for sending again
	Known   string         `json:"known,omitempty"`
}

// RefusedField is what is wrong with one field, or with the form where Field is "".
type RefusedField struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Refusal is what a script is told.
func (b *Returned) Refusal() Refusal {
	out := Refusal{Changed: b.Changed}
	for _, e := range b.Errs {
		out.Errors = append(out.Errors, RefusedField(e))
	}
	return out
}

// Status is the HTTP status of the page with the form.
func (b *Returned) Status() int {
	if b == nil {
		return http.StatusOK
	}
	return b.status
}
