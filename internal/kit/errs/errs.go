// Package errs is the one error type of Bothways: what kind of failure it is (for machines), a sentence that may be
// shown to a person, the fields it concerns, and the cause (for the log alone).
//
// Only Msg, Type and Fields ever reach a person; everything else is an internal error with a reference id.
// Kinds map to HTTP statuses and to exit codes here and nowhere else.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind uint8

// The kinds. Internal is the zero value: an error nobody classified is our fault.
const (
	Internal        Kind = iota // our fault; the person gets a reference id only
	Invalid                     // the input is wrong: fix the named fields
	Denied                      // you may know that it exists, and may not do this
	NotFound                    // not yours or does not exist: the same answer for both
	Conflict                    // the state does not allow it, or it exists already
	Stale                       // somebody changed it since you read it: read again
	TooMany                     // slow down
	Unavailable                 // something we depend on is away: try again later
	TooLarge                    // more than we take
	Unauthenticated             // sign in first
)

type kindFacts struct {
	name string
	http int
	exit int
}

// kinds is the one table from kind to name, HTTP status (RFC 9110) and exit code (sysexits.h where one fits).
var kinds = [...]kindFacts{
	Internal:        {"internal", 500, 70},
	Invalid:         {"invalid", 422, 64},
	Denied:          {"denied", 403, 77},
	NotFound:        {"not_found", 404, 66},
	Conflict:        {"conflict", 409, 65},
	Stale:           {"stale", 412, 65},
	TooMany:         {"too_many", 429, 75},
	Unavailable:     {"unavailable", 503, 69},
	TooLarge:        {"too_large", 413, 65},
	Unauthenticated: {"unauthenticated", 401, 77},
}

// String is the kind's name in logs.
func (k Kind) String() string { return kinds[k].name }

// HTTP is the status code an edge answers with.
func (k Kind) HTTP() int { return kinds[k].http }

// Exit is the exit code of a command that failed so.
func (k Kind) Exit() int { return kinds[k].exit }

// Field is one thing that is wrong with the input.
type Field struct {
	Path string // as the caller wrote it: "question.due"
	Msg  string // what is wrong and what to do
}

// E is an error with a kind and a sentence for a person.
type E struct {
	Kind   Kind
	Op     string // package and verb: "desk.resolve"; for the log
	Type   string // kebab-case reason, the end of a problem's urn:bothways:… type; "" for the kind's own
	Msg    string // safe sentence: what is wrong and what to do
	Fields []Field
	Err    error // cause, for the log alone
}

// Error is the text for the log: operation, sentence, fields and cause.
func (e *E) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Msg)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Path, f.Msg)
	}
	if e.Err != nil {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *E) Unwrap() error { return e.Err }

// New makes an error with a sentence for a person.
func New(kind Kind, op, format string, args ...any) *E {
	return &E{Kind: kind, Op: op, Msg: fmt.Sprintf(format, args...)}
}

// Wrap keeps the cause of an error for the log and classifies it.
func Wrap(kind Kind, op string, err error, format string, args ...any) *E {
	return &E{Kind: kind, Op: op, Err: err, Msg: fmt.Sprintf(format, args...)}
}

// In makes an Invalid error about one field.
func In(op, path, format string, args ...any) *E {
	msg := fmt.Sprintf(format, args...)
	return &E{Kind: Invalid, Op: op, Msg: "Something in what you sent needs changing.", Fields: []Field{{path, msg}}}
}

// Reason gives the error a type: urn:bothways:reason. It returns e for chaining.
func (e *E) Reason(reason string) *E { e.Type = reason; return e }

// KindOf finds the kind of any error; one nobody classified is Internal.
func KindOf(err error) Kind {
	var e *E
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is says whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Sentence is what a person may be told about any error: never a cause, never an internal text.
func Sentence(err error) string {
	var e *E
	if !errors.As(err, &e) || e.Kind == Internal || e.Msg == "" {
		return "Something went wrong on our side. Nothing you typed was lost; try again."
	}
	if len(e.Fields) == 0 {
		return e.Msg
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Path + ": " + f.Msg
	}
	return strings.Join(parts, " ")
}
