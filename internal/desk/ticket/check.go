package ticket

import (
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Limits of what people write.
const (
	MaxSubject = 250     // characters
	MaxBody    = 200_000 // characters
	MaxFiles   = 50
)

// Checks collects what is wrong with an input, so that one answer names all of it.
type Checks struct{ fields []errs.Field }

// Bad notes that something is wrong with a field.
func (c *Checks) Bad(path, msg string) { c.fields = append(c.fields, errs.Field{Path: path, Msg: msg}) }

// Err is what is wrong, nil when nothing is. Errors: Invalid.
func (c *Checks) Err(op string) error {
	if len(c.fields) == 0 {
		return nil
	}
	return &errs.E{Kind: errs.Invalid, Op: op, Msg: "Something in what you sent needs changing.", Fields: c.fields}
}

// Collect parses one value and keeps what is wrong with it.
func Collect[T any](c *Checks, v string, parse func(string) (T, error)) T {
	out, err := parse(v)
	if e, ok := err.(*errs.E); ok {
		c.fields = append(c.fields, e.Fields...)
	}
	return out
}

// Line reads one line that must not be empty.
func (c *Checks) Line(path, s string, most int) string {
	s = text.Line(s)
	switch n := len([]rune(s)); {
	case n == 0:
		c.Bad(path, "It is empty. Say in a few words what it is about.")
	case n > most:
		c.Bad(path, "It is too long. Keep it to 250 characters and put the rest in the text.")
	}
	return s
}

// Body reads words of any length.
func (c *Checks) Body(path, s string, optional bool) string {
	s = strings.TrimSpace(text.Body(s))
	switch n := len([]rune(s)); {
	case n == 0 && !optional:
		c.Bad(path, "It is empty. Write what you want to say.")
	case n > MaxBody:
		c.Bad(path, "It has more than 200,000 characters. Send the rest as a file.")
	}
	return s
}
