package replay

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/calendar"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Means is what a row says of whose turn it is.
type Means string

// What rows can mean. In a log of states a case is in what its last row says; in a log of activities each happens.
const (
	MeansOpened    Means = "opened"            // life begins; without such a row it begins with the first one
	MeansNew       Means = "new"               // IT's turn, nobody has taken it up
	MeansIT        Means = "it"                // IT's turn, taken up
	MeansQuestion  Means = "question"          // the customer's turn: a blocking question
	MeansFacts     Means = "facts"             // the customer's turn: facts they were asked to supply
	MeansSupplier  Means = "supplier"          // the supplier's turn
	MeansWait      Means = "wait"              // nobody's turn, agreed with the customer, until the next row that moves it
	MeansSolved    Means = "solved"            // the customer's turn: to confirm
	MeansClosed    Means = "closed"            // the end; after a solution it is silence, which is acceptance
	MeansConfirmed Means = "confirmed"         // the end: the customer said that it works
	MeansWithdrawn Means = "withdrawn"         // the end: the customer does not want it any more
	MeansReopened  Means = "reopened"          // IT's turn again
	MeansCustomer  Means = "customer_said"     // an activity: words of the customer, IT's turn
	MeansSaid      Means = "it_said"           // an activity: words of IT to the customer, which moves no turn
	MeansBack      Means = "supplier_answered" // an activity
	MeansNothing   Means = "nothing"           // moves nothing
)

var allMeans = []Means{MeansOpened, MeansNew, MeansIT, MeansQuestion, MeansFacts, MeansSupplier, MeansWait, MeansSolved, MeansClosed, MeansConfirmed, MeansWithdrawn,
	MeansReopened, MeansCustomer, MeansSaid, MeansBack, MeansNothing}

// The two kinds of logs.
const (
	RowsAreStates     = "states"
	RowsAreActivities = "activities"
)

// Columns names the columns of a log, or the keys of an XES event; those of its trace begin with "case:". Empty ones are not there.
type Columns struct {
	Case      string   `json:"case"`
	Time      string   `json:"time"`
	What      string   `json:"what"`            // the state or the activity
	Order     string   `json:"order,omitempty"` // of rows of one instant; else the order of the file
	Opened    string   `json:"opened,omitempty"`
	Requester string   `json:"requester,omitempty"`
	Site      string   `json:"site,omitempty"`
	Team      string   `json:"team,omitempty"`
	Assignee  string   `json:"assignee,omitempty"`
	Actor     string   `json:"actor,omitempty"`
	Supplier  string   `json:"supplier,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	Priority  string   `json:"priority,omitempty"`
	Channel   string   `json:"channel,omitempty"`
	Subject   []string `json:"subject,omitempty"`
}

// Table is a second file with one row a case: what is known of it, and instants of its life where the log has no rows of it.
type Table struct {
	Case    string            `json:"case"`
	Columns map[string]string `json:"columns,omitempty"` // of Columns, by their names there
	Times   []TimeColumn      `json:"times,omitempty"`
}

// TimeColumn is a column whose instant means something.
type TimeColumn struct {
	Column string `json:"column"`
	Means  Means  `json:"means"`
}

// Agreement is what both sides promised each other, where the default does not hold.
type Agreement struct {
	Name     string          `json:"name,omitempty"`
	Service  *calendar.Spec  `json:"service_calendar,omitempty"`
	Customer *calendar.Spec  `json:"customer_calendar,omitempty"`
	Terms    json.RawMessage `json:"terms,omitempty"`
}

// Map says what a log means. It is used by one replay at a time.
type Map struct {
	Schema   string                       `json:"$schema,omitempty"`
	Note     string                       `json:"note,omitempty"`
	Name     string                       `json:"name,omitempty"` // of the customer's organisation
	Rows     string                       `json:"rows"`
	Zone     string                       `json:"zone,omitempty"` // of times without one, and of the calendars; UTC when left out
	Format   string                       `json:"time_format,omitempty"`
	Missing  []string                     `json:"missing,omitempty"` // what stands for nothing, beside an empty cell
	Columns  Columns                      `json:"columns"`
	Means    map[string]Means             `json:"means"`
	Unknown  Means                        `json:"unknown,omitempty"` // what else a row means; left out, it is reported
	Values   map[string]map[string]string `json:"values,omitempty"`  // of priority, kind and channel: the log's word → ours
	Cases    *Table                       `json:"cases,omitempty"`
	Accord   *Agreement                   `json:"agreement,omitempty"`
	zone     *time.Location
	terms    *agreement.Terms
	meanings map[string]Means // folded
	exact    map[string]Means // as the log writes them
	columns  [factCount][]string
	layout   int // of the last instant that was read
}

//go:embed maps/uci-incident.json maps/map.schema.json
var files embed.FS

// SchemaJSON is the JSON Schema of a map.
func SchemaJSON() []byte {
	b, _ := files.ReadFile("maps/map.schema.json") // it is in the program
	return b
}

// Formats are the kinds of logs that are read.
func Formats() []string { return []string{FormatUCI, FormatBPI, FormatXES, FormatCSV} }

// The formats.
const (
	FormatUCI = "uci-incident"
	FormatBPI = "bpi2014"
	FormatXES = "xes"
	FormatCSV = "csv"
)

// MapFor reads the map of a log; raw is nil where none is given. That of the UCI log is fixed, and one that is given says its zone, its name
// and the agreement alone. Errors: Invalid, naming every field.
func MapFor(format string, raw []byte) (*Map, error) {
	if !slices.Contains(Formats(), format) {
		return nil, errs.In("replay", "format", "%q is no format. There are: %s.", text.Cut(format, 40), text.Join(Formats()))
	}
	if format != FormatUCI {
		if raw == nil {
			return nil, errs.In("replay", "map", "A log of this format needs a map that says what its rows mean: --map MAP.json. Its schema: bothways replay --schema.")
		}
		return ParseMap(raw)
	}
	fixed, err := files.ReadFile("maps/uci-incident.json")
	if err != nil {
		return nil, err
	}
	m, err := decodeMap(fixed)
	if err != nil || raw == nil {
		return m, errors.Join(err, m.check())
	}
	own, err := decodeMap(raw)
	if err != nil {
		return nil, err
	}
	if own.Rows != "" || len(own.Means) > 0 || own.Columns.Case != "" || own.Cases != nil || own.Unknown != "" || own.Values != nil || own.Format != "" || own.Missing != nil {
		return nil, errs.In("replay", "map", "What the rows of this format mean is fixed. Its map says name, zone and agreement alone.")
	}
	m.Accord = own.Accord
	if own.Zone != "" {
		m.Zone = own.Zone
	}
	if own.Name != "" {
		m.Name = own.Name
	}
	return m, m.check()
}

// ParseMap reads a map. Errors: Invalid, naming every field.
func ParseMap(raw []byte) (*Map, error) {
	m, err := decodeMap(raw)
	if err != nil {
		return nil, err
	}
	return m, m.check()
}

func decodeMap(raw []byte) (*Map, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var m Map
	err := d.Decode(&m)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			return nil, errs.In("replay", "map", "There is something behind the end of the map. Keep one JSON object.")
		}
		return &m, nil
	}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	var known *errs.E
	switch line := func(offset int64) int { return 1 + bytes.Count(raw[:min(int(offset), len(raw))], []byte("\n")) }; {
	case errors.As(err, &known):
		return nil, err
	case errors.As(err, &syntax):
		return nil, errs.In("replay", "map", "Line %d is no JSON: %v.", line(syntax.Offset), err)
	case errors.As(err, &wrong):
		return nil, errs.In("replay", wrong.Field, "Line %d: it is a %s and has to be a %s.", line(wrong.Offset), wrong.Value, wrong.Type)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, errs.In("replay", "map", "It ends too soon. Close every bracket.")
	}
	name := strings.TrimPrefix(err.Error(), "json: unknown field ")
	return nil, errs.In("replay", strings.Trim(name, `"`), "There is no such field. See what there is with: bothways replay --schema.")
}

// mapCheck gathers what is wrong with a map.
type mapCheck struct{ fields []errs.Field }

func (c *mapCheck) bad(path, format string, args ...any) {
	c.fields = append(c.fields, errs.Field{Path: path, Msg: fmt.Sprintf(format, args...)})
}

func (m *Map) check() error {
	var c mapCheck
	if m.Rows != RowsAreStates && m.Rows != RowsAreActivities {
		c.bad("rows", "Say whether a row is a state that a case is in from then on (%q), or something that was done (%q).", RowsAreStates, RowsAreActivities)
	}
	for _, x := range []struct{ path, name string }{{"columns.case", m.Columns.Case}, {"columns.time", m.Columns.Time}, {"columns.what", m.Columns.What}} {
		if x.name == "" {
			c.bad(x.path, "Name the column.")
		}
	}
	m.zone = time.UTC
	if m.Zone != "" {
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			c.bad("zone", "There is no time zone %q. Write one such as Europe/Berlin.", text.Cut(m.Zone, 40))
		} else {
			m.zone = zone
		}
	}
	m.checkMeans(&c)
	m.checkValues(&c)
	m.checkCases(&c)
	m.checkAgreement(&c)
	if len(c.fields) == 0 {
		return nil
	}
	return &errs.E{Kind: errs.Invalid, Op: "replay.map", Msg: "The map needs changing.", Fields: c.fields}
}

func (m *Map) checkMeans(c *mapCheck) {
	m.meanings, m.exact, m.columns = map[string]Means{}, map[string]Means{}, m.Columns.factsOf()
	ends := false
	for _, word := range sorted(m.Means) {
		v := m.Means[word]
		switch {
		case !slices.Contains(allMeans, v):
			c.bad("means."+word, "%q is nothing that a row can mean. There are: %s.", v, text.Join(allMeans))
		case m.Rows == RowsAreStates && (v == MeansCustomer || v == MeansSaid || v == MeansBack || v == MeansReopened):
			c.bad("means."+word, "%q is something that is done, and the rows are states.", v)
		}
		ends = ends || v == MeansClosed || v == MeansConfirmed
		m.meanings[text.Fold(word)] = v
	}
	if len(m.Means) == 0 {
		c.bad("means", "Say what each word of column %q means: {\"Closed\": \"closed\", …}.", m.Columns.What)
	} else if !ends {
		c.bad("means", "No word ends a case. Give one %q or %q.", MeansClosed, MeansConfirmed)
	}
	if m.Unknown != "" && !slices.Contains(allMeans, m.Unknown) {
		c.bad("unknown", "%q is nothing that a row can mean. There are: %s.", m.Unknown, text.Join(allMeans))
	}
}

// ours are the words that values are mapped to.
var ours = map[string][]string{
	"priority": {"critical", "high", "medium", "low"}, "kind": {"incident", "service_request", "question", "complaint"}, "channel": {"phone", "portal", "desk", "walk_up"},
}

func (m *Map) checkValues(c *mapCheck) {
	for _, of := range sorted(m.Values) {
		allowed, ok := ours[of]
		if !ok {
			c.bad("values."+of, "Only values of priority, kind and channel are mapped.")
			continue
		}
		for _, word := range sorted(m.Values[of]) {
			if v := m.Values[of][word]; !slices.Contains(allowed, v) {
				c.bad("values."+of+"."+word, "%q is none of %s.", v, text.Join(allowed))
			}
		}
	}
}

func (m *Map) checkCases(c *mapCheck) {
	if m.Cases == nil {
		return
	}
	if m.Cases.Case == "" {
		c.bad("cases.case", "Name the column.")
	}
	for _, name := range sorted(m.Cases.Columns) {
		if slices.Contains(factNames[:], name) {
			continue
		}
		c.bad("cases.columns."+name, "There is no such fact of a case. There are: requester, site, team, assignee, actor, supplier, kind, priority, channel, subject.")
	}
	for i, t := range m.Cases.Times {
		if t.Column == "" {
			c.bad(fmt.Sprintf("cases.times[%d].column", i), "Name the column.")
		}
		if !slices.Contains(allMeans, t.Means) {
			c.bad(fmt.Sprintf("cases.times[%d].means", i), "%q is nothing that an instant can mean. There are: %s.", t.Means, text.Join(allMeans))
		}
	}
}

func (m *Map) checkAgreement(c *mapCheck) {
	a := m.Accord
	if a == nil {
		return
	}
	for _, x := range []struct {
		path string
		spec *calendar.Spec
	}{{"agreement.service_calendar", a.Service}, {"agreement.customer_calendar", a.Customer}} {
		if x.spec == nil {
			continue
		}
		if x.spec.TZ == "" {
			x.spec.TZ = m.zone.String()
		}
		_, err := calendar.Compile(*x.spec)
		var e *errs.E
		if errors.As(err, &e) {
			for _, f := range e.Fields {
				c.bad(x.path+"."+f.Path, "%s", f.Msg)
			}
		}
	}
	if len(a.Terms) == 0 {
		return
	}
	d := json.NewDecoder(bytes.NewReader(a.Terms))
	d.DisallowUnknownFields()
	var t agreement.Terms
	if err := d.Decode(&t); err != nil {
		c.bad("agreement.terms", "They can't be read: %s. Write them as GET /api/v1/agreements shows them.", strings.TrimPrefix(err.Error(), "json: "))
		return
	}
	for _, f := range t.Check(time.Unix(0, 0)) {
		c.bad("agreement.terms."+f.Path, "%s", f.Msg)
	}
	m.terms = &t
}

// Location is the zone of times that name none.
func (m *Map) Location() *time.Location { return m.zone }
