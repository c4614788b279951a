package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"bothways/internal/kit/errs"
)

// Request is one question of `bothways calendar eval`. Times are RFC 3339 with any offset; a fraction of a second is
// cut off. Fields it does not know are left alone, so that test vectors with names and expectations can be asked as
// they are; inside the calendar an unknown field is an error.
type Request struct {
	Calendar Spec   `json:"calendar"`
	Op       string `json:"op"` // between, add, sub, next_open, is_open
	Start    string `json:"start"`
	End      string `json:"end,omitempty"`     // between
	Seconds  *int64 `json:"seconds,omitempty"` // add, sub: 0 or more
}

// requestJSON keeps the calendar's text: it is the key under which a compiled calendar is found again.
type requestJSON struct {
	Calendar json.RawMessage `json:"calendar"`
	Op       string          `json:"op"`
	Start    string          `json:"start"`
	End      string          `json:"end"`
	Seconds  json.RawMessage `json:"seconds"`
}

// ExplainedSpan is a [Span] as people and programs read it.
type ExplainedSpan struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Counted bool   `json:"counted"`
	Reason  string `json:"reason"`
}

// ErrNeverOpen is the answer to an add, sub or next_open that is never reached: the question was right and there is no
// such instant. Its result is nil.
var ErrNeverOpen = &errs.E{Kind: errs.Conflict, Op: "calendar.eval", Type: "calendar-never-open",
	Msg: "There is not so much open time in this calendar between 1900 and 2400: it is never open, or the number of seconds is too large."}

// Eval answers one request given as a JSON object. The result is a string (RFC 3339, UTC) for add, sub and next_open,
// an int64 for between, a bool for is_open. The explanation covers exactly the time walked, [start,end) for between,
// [start,result) for add and next_open, [result,start) for sub, and its counted spans add up to the seconds; is_open
// and a next_open that is open already explain the span which start begins, for at most a week.
// The error is errs.Invalid with the field and the way out, or [ErrNeverOpen].
func Eval(line []byte) (result any, explanation []ExplainedSpan, err error) {
	var e evaluator
	a, err := e.eval(line)
	if err != nil {
		return nil, nil, err
	}
	return a.value(), a.explained(), nil
}

// Eval answers the request as [Eval] answers its JSON.
func (r Request) Eval() (result any, explanation []ExplainedSpan, err error) {
	c, err := Compile(r.Calendar)
	if err != nil {
		return nil, nil, underCalendar(err)
	}
	a, err := r.answer(c)
	if err != nil {
		return nil, nil, err
	}
	return a.value(), a.explained(), nil
}

// answer is a result before it is written out.
type answer struct {
	kind  byte // 't' instant, 'n' number, 'b' bool
	n     int64
	b     bool
	spans []Span
}

func (a answer) value() any {
	switch a.kind {
	case 't':
		return formatInstant(a.n)
	case 'n':
		return a.n
	}
	return a.b
}

func (a answer) explained() []ExplainedSpan {
	out := make([]ExplainedSpan, len(a.spans))
	for i, s := range a.spans {
		out[i] = ExplainedSpan{formatInstant(s.From), formatInstant(s.To), s.Open, s.Reason}
	}
	return out
}

// maxCompiled bounds the calendars an evaluator keeps; a stream of more distinct ones compiles some of them again.
const maxCompiled = 256

// evaluator keeps the calendars of a stream, by the text they came in.
type evaluator struct{ compiled map[string]*Calendar }

func (e *evaluator) eval(line []byte) (answer, error) {
	var raw requestJSON
	if err := json.Unmarshal(line, &raw); err != nil {
		return answer{}, requestDecodeError(err)
	}
	c, err := e.calendar(raw.Calendar)
	if err != nil {
		return answer{}, err
	}
	req := Request{Op: raw.Op, Start: raw.Start, End: raw.End}
	if len(raw.Seconds) > 0 && !bytes.Equal(raw.Seconds, []byte("null")) {
		var n int64
		if json.Unmarshal(raw.Seconds, &n) != nil {
			return answer{}, badSeconds()
		}
		req.Seconds = &n
	}
	return req.answer(c)
}

func (e *evaluator) calendar(text json.RawMessage) (*Calendar, error) {
	if len(text) == 0 {
		return nil, invalid("calendar", `It is missing; write {"tz":"Europe/Berlin","week":{"mon":[["09:00","17:00"]]}}.`)
	}
	if c := e.compiled[string(text)]; c != nil {
		return c, nil
	}
	if text[0] != '{' {
		return nil, invalid("calendar", `This is not an object; write {"tz":"Europe/Berlin","week":{"mon":[["09:00","17:00"]]}}.`)
	}
	var spec Spec
	if err := spec.UnmarshalJSON(text); err != nil {
		return nil, underCalendar(err)
	}
	c, err := Compile(spec)
	if err != nil {
		return nil, underCalendar(err)
	}
	if e.compiled == nil || len(e.compiled) >= maxCompiled {
		e.compiled = make(map[string]*Calendar)
	}
	e.compiled[string(text)] = c
	return c, nil
}

// underCalendar names the fields of a calendar as the request has them.
func underCalendar(err error) error {
	var e *errs.E
	if !errors.As(err, &e) {
		return err
	}
	moved := *e
	moved.Fields = nil
	for _, f := range e.Fields {
		if f.Path != "calendar" {
			f.Path = "calendar." + f.Path
		}
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}

func (r Request) answer(c *Calendar) (answer, error) {
	start, err := parseInstant("start", r.Start)
	if err != nil {
		return answer{}, err
	}
	switch r.Op {
	case "between":
		end, err := parseInstant("end", r.End)
		if err != nil {
			return answer{}, err
		}
		return explainedAnswer('n', c.Between(start, end), c, start, end)
	case "add", "sub":
		return r.moved(c, start)
	case "next_open":
		at, ok := c.NextOpen(start)
		if !ok {
			return answer{}, ErrNeverOpen
		}
		if at == start {
			return answer{kind: 't', n: at, spans: c.begins(start)}, nil
		}
		return explainedAnswer('t', at, c, start, at)
	case "is_open":
		return answer{kind: 'b', b: c.IsOpen(start), spans: c.begins(start)}, nil
	case "":
		return answer{}, invalid("op", "It is missing; write between, add, sub, next_open or is_open.")
	}
	return answer{}, invalid("op", "There is no operation %q; write between, add, sub, next_open or is_open.", shorten(r.Op))
}

func (r Request) moved(c *Calendar, start int64) (answer, error) {
	switch {
	case r.Seconds == nil:
		return answer{}, invalid("seconds", "It is missing; write how many working seconds to %s.", r.Op)
	case *r.Seconds < 0:
		return answer{}, badSeconds()
	}
	move := c.Add
	if r.Op == "sub" {
		move = c.Sub
	}
	at, ok := move(start, *r.Seconds)
	if !ok {
		return answer{}, ErrNeverOpen
	}
	return explainedAnswer('t', at, c, min(start, at), max(start, at))
}

// maxSpans bounds an explanation: all 500 years of office hours fit, 500 years of a frame every other minute do not.
const maxSpans = 1 << 19

func explainedAnswer(kind byte, n int64, c *Calendar, from, to int64) (answer, error) {
	if guess := (to - from) / (7 * daySeconds) * c.weekly; guess > maxSpans {
		return answer{}, invalid("start", "The explanation would have about %d spans, and at most %d are given; ask for a shorter time.", guess, maxSpans)
	}
	return answer{kind: kind, n: n, spans: c.Explain(from, to)}, nil
}

// begins is the one span that starts at an instant, as far as a week on.
func (c *Calendar) begins(at int64) []Span {
	const week = 7 * daySeconds
	return c.Explain(at, at+week)[:1]
}

func badSeconds() error {
	return invalid("seconds", "This is not a number of seconds; write a whole number of 0 or more, and use sub to go back.")
}

func invalid(path, format string, args ...any) error {
	return errs.In("calendar.eval", path, format, args...)
}

func requestDecodeError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if wrong.Field == "" {
			return invalid("request", `This is a JSON %s; write an object such as {"calendar":{…},"op":"add","start":"2026-01-30T15:30:00Z","seconds":3600}.`, wrong.Value)
		}
		return invalid(wrong.Field, "This is a JSON %s; write a text in quotes.", wrong.Value)
	}
	return invalid("request", "This is not readable JSON (%v); write one object a line.", err)
}

func parseInstant(path, s string) (int64, error) {
	if s == "" {
		return 0, invalid(path, "It is missing; write a time such as 2026-01-30T15:30:00Z.")
	}
	upper := strings.ToUpper(s) // RFC 3339 allows t and z
	t, err := time.Parse(time.RFC3339, upper)
	if err != nil || !strictRFC3339(upper) {
		return 0, invalid(path, "%q is not a time; write RFC 3339 with a zone, such as 2026-01-30T15:30:00Z or 2026-01-30T16:30:00+01:00.", shorten(s))
	}
	u := t.Unix()
	if u < minInstant || u >= maxInstant {
		return 0, invalid(path, "%s is out of range; calendars reach from 1900-01-01 to 2399-12-31.", shorten(s))
	}
	return u, nil
}

// strictRFC3339 refuses what time.Parse lets through: an hour of one digit, a comma before the fraction, an offset of
// more than a day.
func strictRFC3339(s string) bool {
	if len(s) < 20 || s[13] != ':' || s[19] == ',' {
		return false
	}
	zone := s[len(s)-6:]
	return s[len(s)-1] == 'Z' || zone[1:3] < "24" && zone[4:] < "60"
}

func formatInstant(u int64) string { return string(appendInstant(nil, u)) }

func appendInstant(b []byte, u int64) []byte {
	return time.Unix(u, 0).UTC().AppendFormat(b, time.RFC3339)
}
