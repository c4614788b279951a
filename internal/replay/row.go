package replay

import (
	"maps"
	"slices"
	"strings"
	"time"

	"bothways/internal/kit/text"
	"bothways/internal/replay/logfile"
)

// fact is something a row says beside its meaning.
type fact int

const (
	factRequester fact = iota
	factSite
	factTeam
	factAssignee
	factActor
	factSupplier
	factKind
	factPriority
	factChannel
	factSubject
	factCount
)

var factNames = [factCount]string{"requester", "site", "team", "assignee", "actor", "supplier", "kind", "priority", "channel", "subject"}

// row is one row of a log, read with its map.
type row struct {
	File   string
	N      int64 // line of the file, or number of the event
	Case   string
	At     int64 // unix seconds
	Opened int64 // what it says of the case's beginning; 0 nothing
	Means  Means // "" is unknown
	Word   string
	Order  string
	Facts  [factCount]string
	Table  bool    // of the file with a row a case …
	Times  []int64 // … and its instants, as the map lists them; 0 is none
}

// Why a row goes to the report.
const (
	whyNoCase    = "it names no case"
	whyNoTime    = "its time is missing or cannot be read"
	whyFuture    = "its time is in the future"
	whyAncient   = "its time is before 1970"
	whyBefore    = "its time is before its case was opened"
	whyUnknown   = "its word has no meaning in the map"
	whyEnded     = "its case had ended"
	whyNoRows    = "of its case no row has a possible time"
	whyTimes     = "one of its instants cannot be read"
	whyPlace     = "it stood after a later row of its case and is taken in the order of time"
	whyWait      = "it waits for what never comes, so nobody agreed on an end"
	whyNotOpened = "it says when the case was opened otherwise than a row before"
)

// skipped says whether a row with that reason is left out; the others are taken, and told.
func skipped(why string) bool { return why != whyPlace && why != whyNotOpened }

// factsOf are the columns of the map, by fact.
func (c Columns) factsOf() [factCount][]string {
	var out [factCount][]string
	for f, name := range map[fact]string{factRequester: c.Requester, factSite: c.Site, factTeam: c.Team, factAssignee: c.Assignee, factActor: c.Actor, factSupplier: c.Supplier,
		factKind: c.Kind, factPriority: c.Priority, factChannel: c.Channel} {
		if name != "" {
			out[f] = []string{name}
		}
	}
	out[factSubject] = c.Subject
	return out
}

// columns are those a file must have, and those it may.
func (m *Map) needs(table bool) []string {
	if table {
		return []string{m.Cases.Case}
	}
	return []string{m.Columns.Case, m.Columns.Time, m.Columns.What}
}

// rowOf reads a row of the log; why is what is wrong with it.
func (m *Map) rowOf(get logfile.Cells, now int64) (r row, why string) {
	r.Case = m.value(get(m.Columns.Case))
	if r.Case == "" {
		return r, whyNoCase
	}
	r.Word = m.value(get(m.Columns.What))
	r.Means = m.meaning(r.Word)
	for f, columns := range m.columns {
		r.Facts[f] = m.fact(fact(f), get, columns)
	}
	if m.Columns.Order != "" {
		r.Order = m.value(get(m.Columns.Order))
	}
	if m.Columns.Opened != "" {
		if at, ok := m.instant(get(m.Columns.Opened)); ok && possible(at, now) == "" {
			r.Opened = at
		}
	}
	at, ok := m.instant(get(m.Columns.Time))
	if !ok {
		return r, whyNoTime
	}
	r.At = at
	return r, possible(at, now)
}

func possible(at, now int64) string {
	switch {
	case at <= 0:
		return whyAncient
	case at > now:
		return whyFuture
	}
	return ""
}

// tableRow reads a row of the file with a row a case.
func (m *Map) tableRow(get logfile.Cells, now int64) (r row, why string) {
	r.Table, r.Case = true, m.value(get(m.Cases.Case))
	if r.Case == "" {
		return r, whyNoCase
	}
	for f, name := range factNames {
		if column := m.Cases.Columns[name]; column != "" {
			r.Facts[f] = m.fact(fact(f), get, []string{column})
		}
	}
	for _, t := range m.Cases.Times {
		cell := m.value(get(t.Column))
		at, ok := m.instant(cell)
		if cell != "" && (!ok || possible(at, now) != "") {
			why, at = whyTimes, 0
		}
		r.Times = append(r.Times, at)
	}
	return r, why
}

// meaning is what a word of the log means; "" when the map does not say.
func (m *Map) meaning(word string) Means {
	v, known := m.exact[word]
	if known {
		return v
	}
	if v, known = m.meanings[text.Fold(word)]; !known {
		v = m.Unknown
	}
	if len(m.exact) < 10_000 {
		m.exact[word] = v
	}
	return v
}

// value is a cell without what stands for nothing.
func (m *Map) value(s string) string {
	s = text.Line(strings.ToValidUTF8(s, "?"))
	if slices.Contains(m.Missing, s) {
		return ""
	}
	return s
}

func (m *Map) fact(f fact, get logfile.Cells, columns []string) string {
	var out []string
	for _, c := range columns {
		if v := m.value(get(c)); v != "" {
			out = append(out, v)
		}
	}
	v := text.Cut(strings.Join(out, " · "), 200)
	switch f {
	case factPriority, factKind, factChannel:
		return m.Values[factNames[f]][v]
	}
	return v
}

// layouts are how instants are written where the map does not say. With two numbers before the year the first is the day.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04",
	"2006/01/02 15:04:05.999999999", "2006/01/02 15:04", "2/1/2006 15:04:05", "2/1/2006 15:04", "2-1-2006 15:04:05", "2-1-2006 15:04", "2.1.2006 15:04:05", "2.1.2006 15:04",
}

// instant reads when something was, in whole seconds.
func (m *Map) instant(s string) (int64, bool) {
	s = m.value(s)
	if s == "" {
		return 0, false
	}
	if m.Format != "" {
		t, err := time.ParseInLocation(m.Format, s, m.zone)
		return t.Unix(), err == nil
	}
	for i := range layouts { // most instants of a log are written alike
		k := (m.layout + i) % len(layouts)
		if t, err := time.ParseInLocation(layouts[k], s, m.zone); err == nil {
			m.layout = k
			return t.Unix(), true
		}
	}
	return 0, false
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
