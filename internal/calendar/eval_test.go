package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"bothways/internal/kit/errs"
)

const officeJSON = `{"tz":"UTC","week":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]}}`

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ spec, field, says string }{
		{`{"week":{}}`, "tz", "Europe/Berlin"},
		{`{"tz":"Europe/Atlantis","week":{}}`, "tz", "IANA"},
		{`{"tz":"Local","week":{}}`, "tz", "IANA"},
		{`{"tz":"../../etc/passwd","week":{}}`, "tz", "IANA"},
		{`{"tz":"right/Europe/Berlin","week":{}}`, "tz", "IANA"},
		{`{"tz":"UTC"}`, "week", "missing"},
		{`{"tz":"UTC","week":{"monday":[]}}`, "week.monday", "mon, tue"},
		{`{"tz":"UTC","week":{"mon":[["9:00","17:00"]]}}`, "week.mon[0]", `"9:00" is not a time`},
		{`{"tz":"UTC","week":{"mon":[["09:00","17:00"],["09:00","17:60"]]}}`, "week.mon[1]", `"17:60" is not a time`},
		{`{"tz":"UTC","week":{"mon":[["09:00","24:01"]]}}`, "week.mon[0]", `"24:01"`},
		{`{"tz":"UTC","week":{"mon":[["24:00","06:00"]]}}`, "week.mon[0]", "cannot be a start"},
		{`{"tz":"UTC","week":{"mon":[["09:00"]]}}`, "week.mon[0]", "pair"},
		{`{"tz":"UTC","week":{"mon":[["09:00","12:00","13:00"]]}}`, "week.mon[0]", "this one has 3"},
		{`{"tz":"UTC","week":{"mon":["09:00","12:00"]}}`, "week", "JSON string"},
		{`{"tz":"UTC","week":{},"holidays":["2026-02-30"]}`, "holidays[0]", "YYYY-MM-DD"},
		{`{"tz":"UTC","week":{},"holidays":["2026-1-01"]}`, "holidays[0]", "YYYY-MM-DD"},
		{`{"tz":"UTC","week":{},"yearly_holidays":["12-25","13-01"]}`, "yearly_holidays[1]", "MM-DD"},
		{`{"tz":"UTC","week":{},"yearly_holidays":["02-30"]}`, "yearly_holidays[0]", "MM-DD"},
		{`{"tz":"UTC","week":{},"shifts":{"2026-13-01":[]}}`, "shifts.2026-13-01", "YYYY-MM-DD"},
		{`{"tz":"UTC","week":{},"breaks":{"mon":[["12:00","13:00"]]}}`, "breaks.mon", "YYYY-MM-DD"},
		{`{"tz":"UTC","week":{},"holiday_names":{"2026-12-25":"Christmas Day"}}`, "holiday_names.2026-12-25", "no holiday"},
		{`{"tz":"UTC","week":{},"holiday_names":{"Xmas":"Christmas Day"}}`, "holiday_names.Xmas", "neither"},
		{`{"tz":"UTC","week":{},"yearly_holidays":["12-25"],"holiday_names":{"12-25":"a\nb"}}`, "holiday_names.12-25", "one line"},
		{`{"tz":"UTC","week":{},"holiday":["2026-02-03"]}`, "holiday", "no such field"},
		{`{"tz":7,"week":{}}`, "tz", "JSON number"},
	} {
		var spec Spec
		err := json.Unmarshal([]byte(c.spec), &spec)
		if err == nil {
			_, err = Compile(spec)
		}
		var e *errs.E
		if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 ||
			!strings.HasPrefix(e.Fields[0].Path, c.field) || !strings.Contains(e.Fields[0].Msg, c.says) {
			t.Errorf("%s: got %v, want %s: …%s…", c.spec, err, c.field, c.says)
		}
	}
}

// TestCompileNamesEveryField: one error for all that is wrong, up to a bound.
func TestCompileNamesEveryField(t *testing.T) {
	t.Parallel()
	_, err := Compile(Spec{TZ: "Nowhere", Week: map[string][][2]string{"mo": nil, "tue": {{"x", "y"}}}, Holidays: make([]string, 100)})
	var e *errs.E
	if !errors.As(err, &e) || len(e.Fields) != maxProblems || e.Fields[0].Path != "tz" || e.Fields[1].Path != "week.mo" || e.Fields[2].Path != "week.tue[0]" {
		t.Errorf("got %v", err)
	}
}

// TestSpecIsCopied: neither the caller's maps nor the returned ones are the calendar's.
func TestSpecIsCopied(t *testing.T) {
	t.Parallel()
	in := Spec{TZ: "UTC", Week: map[string][][2]string{"mon": {{"09:00", "17:00"}}}, Holidays: []string{"2026-01-14"}}
	c := compile(t, in)
	in.Week["mon"][0][0], in.Holidays[0] = "changed", "changed"
	out := c.Spec()
	out.Week["mon"][0][0], out.Holidays[0] = "changed", "changed"
	if s := c.Spec(); s.Week["mon"][0][0] != "09:00" || s.Holidays[0] != "2026-01-14" || c.Zone().String() != "UTC" {
		t.Errorf("the calendar changed: %+v", s)
	}
}

func TestEval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rest string
		want any
		says string // of the error
	}{
		{`"op":"add","start":"2026-01-12T16:00:00Z","seconds":7200`, "2026-01-13T10:00:00Z", ""},
		{`"op":"add","start":"2026-01-12t17:00:00.75+01:00","seconds":7200,"corpus":"x","expect":{"a":[1]}`, "2026-01-13T10:00:00Z", ""},
		{`"op":"sub","start":"2026-01-13T10:00:00Z","seconds":7200`, "2026-01-12T16:00:00Z", ""},
		{`"op":"sub","start":"2026-01-13T10:00:00Z","seconds":3600`, "2026-01-13T09:00:00Z", ""},
		{`"op":"add","start":"2026-01-11T10:00:00Z","seconds":0`, "2026-01-11T10:00:00Z", ""},
		{`"op":"between","start":"2026-01-12T16:00:00Z","end":"2026-01-13T10:00:00+01:00"`, int64(3600), ""},
		{`"op":"next_open","start":"2026-01-12T17:00:00Z"`, "2026-01-13T09:00:00Z", ""},
		{`"op":"is_open","start":"2026-01-12T16:59:59Z"`, true, ""},
		{`"op":"is_open","start":"2026-01-12T17:00:00Z"`, false, ""},
		{`"op":"is_open"`, nil, "start: It is missing"},
		{`"op":"is_open","start":"2026-01-12"`, nil, "start:"},
		{`"op":"is_open","start":"2026-01-12T9:00:00Z"`, nil, "start:"},
		{`"op":"is_open","start":"2026-01-12T09:00:00,5Z"`, nil, "start:"},
		{`"op":"is_open","start":"2026-01-12T09:00:00+24:00"`, nil, "start:"},
		{`"op":"is_open","start":"2026-01-12T09:00:60Z"`, nil, "start:"},
		{`"op":"is_open","start":"1899-12-31T23:59:59Z"`, nil, "out of range"},
		{`"op":"between","start":"2026-01-12T09:00:00Z","end":"2400-01-01T00:00:00Z"`, nil, "end:"},
		{`"op":"between","start":"2026-01-12T09:00:00Z"`, nil, "end: It is missing"},
		{`"op":"add","start":"2026-01-12T09:00:00Z"`, nil, "seconds: It is missing"},
		{`"op":"add","start":"2026-01-12T09:00:00Z","seconds":-1`, nil, "use sub"},
		{`"op":"add","start":"2026-01-12T09:00:00Z","seconds":1.5`, nil, "whole number"},
		{`"op":"add","start":"2026-01-12T09:00:00Z","seconds":"60"`, nil, "whole number"},
		{`"op":"add","start":"2026-01-12T09:00:00Z","seconds":99999999999999999999`, nil, "whole number"},
		{`"op":"add","start":"2026-01-12T09:00:00Z","seconds":1000000000000`, nil, "open time"},
		{`"op":"multiply","start":"2026-01-12T09:00:00Z"`, nil, "op: There is no"},
		{`"start":"2026-01-12T09:00:00Z"`, nil, "op: It is missing"},
		{`"op":3,"start":"2026-01-12T09:00:00Z"`, nil, "op: This is a JSON number"},
	} {
		line := `{"calendar":` + officeJSON + `,` + c.rest + `}`
		got, _, err := Eval([]byte(line))
		if got != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(errs.Sentence(err), c.says) {
			t.Errorf("%s: got %v, %v; want %v %s", c.rest, got, err, c.want, c.says)
		}
		var req Request // the same by its struct, where the line can be read into it
		if json.Unmarshal([]byte(line), &req) == nil {
			again, _, errAgain := req.Eval()
			if again != got || (errAgain == nil) != (err == nil) {
				t.Errorf("%s as a Request: got %v, %v", c.rest, again, errAgain)
			}
		}
	}
}

func TestEvalRefuses(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		``:                     "request:",
		`null`:                 "calendar: It is missing",
		`[]`:                   "JSON array",
		`{"op":"is_open"}`:     "calendar: It is missing",
		`{"calendar":null}`:    "calendar: This is not an object",
		`{"calendar":[]}`:      "calendar: This is not an object",
		`{"calendar":{"a":1}}`: "calendar.a: A calendar has no such field",
		`{"calendar":{}} x`:    "not readable JSON",
		`{"calendar":{"tz":"UTC","week":{"mon":[["x","y"]]}}}`: "calendar.week.mon[0]:",
	} {
		got, spans, err := Eval([]byte(line))
		if got != nil || spans != nil || errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Sentence(err), says) {
			t.Errorf("%s: got %v, %v; want %s", line, got, err, says)
		}
	}
}

// TestEvalBoundsExplanations: a tiny request for millions of spans is refused at once.
func TestEvalBoundsExplanations(t *testing.T) {
	t.Parallel()
	var frames []string
	for m := range 720 {
		at := func(m int) string {
			return string([]byte{'"', byte('0' + m/600), byte('0' + m/60%10), ':', byte('0' + m%60/10), byte('0' + m%10), '"'})
		}
		frames = append(frames, "["+at(2*m)+","+at(2*m+1)+"]")
	}
	line := `{"calendar":{"tz":"UTC","week":{"mon":[` + strings.Join(frames, ",") + `]}},"op":"between","start":"1900-01-01T00:00:00Z","end":"2399-12-31T00:00:00Z"}`
	if _, _, err := Eval([]byte(line)); err == nil || !strings.Contains(errs.Sentence(err), "shorter") {
		t.Errorf("got %v", err)
	}
}

func TestEvalStream(t *testing.T) {
	t.Parallel()
	ask := func(rest string) string { return `{"calendar":` + officeJSON + `,` + rest + `}` }
	in := strings.Join([]string{
		"\xef\xbb\xbf" + ask(`"op":"is_open","start":"2026-01-12T09:00:00Z"`) + "\r",
		"",
		`{"calendar":`,
		"   ",
		ask(`"op":"between","start":"2026-01-12T16:00:00Z","end":"2026-01-13T10:00:00Z"`),
		`{"vectors":[` + ask(`"op":"next_open","start":"2026-01-12T17:00:00Z"`) + `,{"op":"<&>"}]}`,
		strings.Repeat("x", maxLine+1),
		`{"calendar":{"tz":"UTC","week":{}},"op":"add","start":"2026-01-12T16:00:00Z","seconds":1}`,
		ask(`"op":"<é>","start":"2026-01-12T09:00:00Z"`),
	}, "\n")
	var out bytes.Buffer
	err := EvalStream(strings.NewReader(in), &out)
	if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Sentence(err), "4 of 8") {
		t.Errorf("got error %v", err)
	}
	want := []string{
		`{"result":true,"explanation":[{"from":"2026-01-12T09:00:00Z","to":"2026-01-12T17:00:00Z","counted":true,"reason":"open"}]}`,
		`{"error":"line 3: request: This is not readable JSON (unexpected end of JSON input); write one object a line."}`,
		`{"result":7200,"explanation":[{"from":"2026-01-12T16:00:00Z","to":"2026-01-12T17:00:00Z","counted":true,"reason":"open"},` +
			`{"from":"2026-01-12T17:00:00Z","to":"2026-01-13T09:00:00Z","counted":false,"reason":"night"},` +
			`{"from":"2026-01-13T09:00:00Z","to":"2026-01-13T10:00:00Z","counted":true,"reason":"open"}]}`,
		`{"result":"2026-01-13T09:00:00Z","explanation":[{"from":"2026-01-12T17:00:00Z","to":"2026-01-13T09:00:00Z","counted":false,"reason":"night"}]}`,
		`{"error":"line 6, vector 2: calendar: It is missing`,
		`{"error":"line 7: request: The line is longer than 4 MB`,
		`{"result":null,"error":"There is not so much open time`,
		`{"error":"line 9: op: There is no operation \"<é>\"`,
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d answers, want %d:\n%s", len(lines), len(want), out.String())
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) || !json.Valid([]byte(line)) {
			t.Errorf("answer %d: got %s\nwant %s", i+1, line, want[i])
		}
	}
}

// TestEvalStreamDocuments: files laid out over several lines, with and without a list of vectors.
func TestEvalStreamDocuments(t *testing.T) {
	t.Parallel()
	one := "{\n \"calendar\": " + officeJSON + ",\n \"op\": \"is_open\",\n \"start\": \"2026-01-12T09:00:00Z\"\n}"
	bad := "{\n \"calendar\": 3\n}"
	for _, c := range []struct {
		in   string
		want []string
	}{
		{one, []string{`{"result":true,`}},
		{"\n" + one + "\n" + bad + "\n" + one, []string{`{"result":true,`, `{"error":"entry 2: calendar:`, `{"result":true,`}},
		{"{\n\"semantics\": \"…\", \"vectors\": [" + bad + ",\n" + one + "]}\n", []string{`{"error":"vector 1: calendar:`, `{"result":true,`}},
		{"{\"calendar\":\n]\n", []string{`{"error":"line 1: `, `{"error":"line 2: `}},
	} {
		var out bytes.Buffer
		err := EvalStream(strings.NewReader(c.in), &out)
		if (err != nil) != strings.Contains(out.String(), `{"error"`) {
			t.Errorf("%q: error %v", c.in, err)
		}
		lines := strings.SplitAfter(out.String(), "\n")
		if len(lines) != len(c.want)+1 {
			t.Errorf("%q: got %q", c.in, lines)
			continue
		}
		for i, w := range c.want {
			if !strings.HasPrefix(lines[i], w) {
				t.Errorf("%q: answer %d is %q, want %q", c.in, i, lines[i], w)
			}
		}
	}
}

// TestVectorFilesThroughStream: the files as they lie there, one answer a vector.
func TestVectorFilesThroughStream(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"vectors.json": 81, "generated-dst.json": 138} {
		var out bytes.Buffer
		if err := EvalStream(bytes.NewReader(material(t, "business-time", name)), &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := bytes.Count(out.Bytes(), []byte("\n")); got < n {
			t.Errorf("%s: %d answers, want at least %d", name, got, n)
		}
	}
}

type brokenPipe struct{}

var errBroken = errors.New("broken")

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
func (brokenPipe) Read([]byte) (int, error)  { return 0, errBroken }

func TestEvalStreamBrokenPipe(t *testing.T) {
	t.Parallel()
	line := `{"calendar":` + officeJSON + `,"op":"is_open","start":"2026-01-12T09:00:00Z"}` + "\n"
	if err := EvalStream(strings.NewReader(line), brokenPipe{}); !errors.Is(err, errBroken) {
		t.Errorf("writing: %v", err)
	}
	if err := EvalStream(brokenPipe{}, io.Discard); !errors.Is(err, errBroken) {
		t.Errorf("reading: %v", err)
	}
}

// TestEvaluatorForgets: a stream of more calendars than are kept stays right.
func TestEvaluatorForgets(t *testing.T) {
	t.Parallel()
	var e evaluator
	for i := range 3 * maxCompiled {
		line := `{"calendar":{"tz":"UTC","week":{"mon":[["09:00","17:00"]]},"holidays":["` +
			formatInstant(int64(i) * daySeconds)[:10] + `"]},"op":"add","start":"2026-01-12T16:00:00Z","seconds":1}`
		if a, err := e.eval([]byte(line)); err != nil || a.value() != "2026-01-12T16:00:01Z" {
			t.Fatalf("calendar %d: %v %v", i, a.value(), err)
		}
	}
	if len(e.compiled) > maxCompiled {
		t.Errorf("%d calendars kept", len(e.compiled))
	}
}
