package machine

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/internal/audit"
	"bothways/internal/kit/id"
	keyset "bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// objects are what acts are about.
var objects = []string{"agreement", "calendar", "import", "job", "mail", "organisation", "person", "room", "service", "site", "team", "ticket"}

type auditPage struct {
	page
	Filter  sheet.Filter
	Entries []auditEntry
	Pages   ui.Pages
	Export  string
}

type auditEntry struct {
	At      time.Time
	Who     string
	What    string
	On      ui.Link
	Changes []sheet.Change
	Reason  string
}

// filterOf reads a filter out of the address. Who is looked for by address.
func (p *Pages) filterOf(c *area.Call) (audit.Filter, error) {
	f := audit.Filter{Verb: text.Cut(text.Line(c.Query("verb")), 60), ObjectID: c.QueryID("id")}
	if slices.Contains(objects, c.Query("object")) {
		f.Object = c.Query("object")
	}
	switch who := text.Address(c.Query("who")); {
	case who == "":
	case who == "system" || id.Valid(who):
		f.Actor = who
	default:
		x, err := people.PersonByAddress(c.Ctx(), p.DB.Read(), who)
		if f.Actor = x.ID; err != nil {
			f.Actor = "nobody" // an address nobody has did nothing
		}
	}
	var err error
	if f.From, err = day(c, "from"); err != nil {
		return f, err
	}
	if f.Until, err = day(c, "until"); err == nil && !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	return f, err
}

// day reads a date of the address, in the reader's zone.
func day(c *area.Call, name string) (time.Time, error) {
	if c.Query(name) == "" {
		return time.Time{}, nil
	}
	return area.Instant(c.Reader.Zone, name, c.Query(name)+"T00:00")
}

func (p *Pages) audit(c *area.Call) error {
	f, err := p.filterOf(c)
	if err != nil {
		return err
	}
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	l, err := p.Upkeep.Audit(c.Ctx(), c.By, f, cursor, 50)
	if err != nil {
		return err
	}
	names, err := p.auditNames(c, l.Items)
	if err != nil {
		return err
	}
	v := auditPage{Pages: c.Pages("Acts", l.Next), Export: base + "/audit/export"}
	if q := c.R.URL.RawQuery; q != "" {
		v.Export += "?" + c.R.URL.Query().Encode()
	}
	for _, e := range l.Items {
		v.Entries = append(v.Entries, auditEntry{At: e.At, Who: names.who(e.Actor), What: verbWords(e.Verb), On: names.object(e), Changes: names.changes(e), Reason: e.Reason})
	}
	options := []ui.Option{{Label: "Everything"}}
	for _, o := range objects {
		options = append(options, ui.Option{Value: o, Label: strings.ToUpper(o[:1]) + o[1:]})
	}
	v.Filter = sheet.Filter{Action: base + "/audit", Fields: []sheet.FilterField{
		{Name: "who", Label: "Who, by mail address", Value: c.Query("who")}, {Name: "object", Label: "About", Value: f.Object, Options: options}, {Name: "verb", Label: "What", Value: f.Verb, Hint: "person.*"},
		{Name: "from", Label: "From", Value: c.Query("from"), Type: "date"}, {Name: "until", Label: "Until", Value: c.Query("until"), Type: "date"},
	}}
	if f != (audit.Filter{}) {
		v.Filter.Clear = base + "/audit"
	}
	if v.page, err = p.start(c, nil, "/audit", sheet.Head{Title: "Audit trail", Lead: "Who changed what, the newest first. Rows are only ever added.", Actions: []sheet.Action{{Label: "Export as CSV", Href: v.Export, Icon: ui.IconFile}}}); err != nil {
		return err
	}
	c.Face.Render(200, auditView(v))
	return nil
}

func verbWords(verb string) string {
	object, act, _ := strings.Cut(verb, ".")
	return strings.ReplaceAll(object+": "+act, "_", " ")
}

// known are names by id.
type known map[string]string

// auditNames reads the names of everybody and everything that acts name by id.
func (p *Pages) auditNames(c *area.Call, all []audit.Entry) (known, error) {
	var ids []string
	seen := map[string]bool{}
	add := func(v string) {
		if id.Valid(v) && !seen[v] {
			seen[v] = true
			ids = append(ids, v)
		}
	}
	for _, e := range all {
		add(e.Actor)
		add(e.ObjectID)
		var change any
		if raw, ok := e.Change.(json.RawMessage); ok && json.Unmarshal(raw, &change) == nil {
			walk(change, add)
		}
	}
	out := known{}
	for len(ids) > 0 {
		some := ids[:min(len(ids), 500)]
		ids = ids[len(some):]
		found, err := people.NamesOf(c.Ctx(), p.DB.Read(), some...)
		if err != nil {
			return nil, err
		}
		for k, v := range found {
			out[k] = v
		}
	}
	return out, nil
}

func walk(v any, fn func(string)) {
	switch v := v.(type) {
	case string:
		fn(v)
	case []any:
		for _, x := range v {
			walk(x, fn)
		}
	case map[string]any:
		for _, x := range v {
			walk(x, fn)
		}
	}
}

func (k known) who(actor string) string {
	if n := k[actor]; n != "" {
		return n
	}
	if actor == "system" {
		return "Bothways"
	}
	return actor
}

func (k known) object(e audit.Entry) ui.Link {
	l := ui.Link{Label: k[e.ObjectID]}
	if l.Label == "" {
		l.Label = e.Object
	}
	switch path, ok := map[string]string{"person": "people", "site": "sites", "team": "teams", "calendar": "calendars", "service": "services", "import": "imports"}[e.Object]; {
	case ok && id.Valid(e.ObjectID):
		l.Href = base + "/" + path + "/" + e.ObjectID
	}
	return l
}

// changes says a change in words: what differs of each pair, and what else was said.
func (k known) changes(e audit.Entry) []sheet.Change {
	raw, ok := e.Change.(json.RawMessage)
	var m map[string]any
	if !ok || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	if before, ok := m["before"].(map[string]any); ok {
		if after, ok := m["after"].(map[string]any); ok { // two states of one thing
			for key, v := range flat(before, after) {
				m[key] = v
			}
			delete(m, "before")
			delete(m, "after")
		}
	}
	var out []sheet.Change
	for key, v := range m {
		name := strings.ReplaceAll(key, "_", " ")
		if pair, ok := v.([]any); ok && len(pair) == 2 {
			a, b := k.words(pair[0]), k.words(pair[1])
			if a != b {
				out = append(out, sheet.Change{Name: name, Before: a, After: b})
			}
			continue
		}
		if w := k.words(v); w != "" {
			out = append(out, sheet.Change{Name: name, After: w})
		}
	}
	slices.SortFunc(out, func(a, b sheet.Change) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// flat pairs what two states hold under the same name.
func flat(before, after map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range before {
		out[k] = []any{v, after[k]}
	}
	for k, v := range after {
		if _, ok := before[k]; !ok {
			out[k] = []any{nil, v}
		}
	}
	return out
}

// words writes a value of a change.
func (k known) words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if n := k[v]; n != "" {
			return n
		}
		if strings.HasPrefix(v, "0001-01-01T") { // no instant
			return ""
		}
		return v
	case bool:
		if v {
			return "yes"
		}
		return ""
	case float64:
		return fmt.Sprint(v)
	case []any:
		parts := make([]string, 0, len(v))
		for _, x := range v {
			if w := k.words(x); w != "" {
				parts = append(parts, w)
			}
		}
		return strings.Join(parts, ", ")
	}
	b, _ := json.Marshal(v) // it came out of JSON
	return string(b)
}

// exported bounds one export.
const exported = 10_000

// auditExport sends the acts that a filter finds as CSV.
func (p *Pages) auditExport(c *area.Call) error {
	f, err := p.filterOf(c)
	if err != nil {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"at", "actor", "actor_id", "verb", "object", "object_id", "change", "reason"}) // the builder takes everything
	n := 0
	for cursor := (keyset.Cursor{}); n < exported; {
		l, err := p.Upkeep.Audit(c.Ctx(), c.By, f, cursor, keyset.MaxLimit)
		if err != nil {
			return err
		}
		names, err := p.auditNames(c, l.Items)
		if err != nil {
			return err
		}
		for _, e := range l.Items {
			raw, _ := e.Change.(json.RawMessage)
			row := []string{e.At.UTC().Format(time.RFC3339), names.who(e.Actor), e.Actor, e.Verb, e.Object, e.ObjectID, string(raw), e.Reason}
			for i := range row {
				row[i] = text.Cell(row[i])
			}
			_ = w.Write(row)
		}
		n += len(l.Items)
		if l.Next == "" {
			break
		}
		if cursor, err = keyset.Parse(l.Next); err != nil {
			return err
		}
	}
	w.Flush()
	serve.Download(c.W, "audit.csv", "text/csv; charset=utf-8", int64(b.Len()))
	_, _ = c.W.Write([]byte(b.String()))
	return nil
}
