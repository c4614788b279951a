package replay_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bothways/internal/kit/errs"
	"bothways/internal/replay"
)

func TestMapsSayWhatIsWrong(t *testing.T) {
	const good = `{"rows": "states", "columns": {"case": "a", "time": "b", "what": "c"}, "means": {"x": "closed"}}`
	if _, err := replay.ParseMap([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for was, c := range map[string]struct{ now, field, says string }{
		`"rows": "states"`:         {`"rows": "things"`, "rows", `"activities"`},
		`"case": "a", `:            {``, "columns.case", "Name the column"},
		`"closed"`:                 {`"shut"`, "means.x", "There are: opened, new"},
		`{"x": "closed"}`:          {`{"x": "solved"}`, "means", "No word ends a case"},
		`"means": {"x": "c`:        {`"zone": "Mars/Base", "means": {"x": "c`, "zone", "Europe/Berlin"},
		`"means": {"x": "cl`:       {`"values": {"priority": {"1": "top"}}, "means": {"x": "cl`, "values.priority.1", "critical"},
		`"means": {"x": "cls`[:18]: {`"cases": {"case": "", "times": [{"column": "t", "means": "died"}]}, "means": {"x": "c`, "cases.times[0].means", "nothing that an instant"},
		`"a", "time"`:              {`7, "time"`, "columns.case", "has to be a string"},
		`"rows"`:                   {`"row"`, "row", "no such field"},
		`"closed"}}`:               {`"closed"}`, "map", "ends too soon"},
		`, "means"`:                {` "means"`, "map", "Line 1 is no JSON"},
		`{"rows"`:                  {`{"agreement": {"service_calendar": {"tz": "UTC", "week": {"mon": [["9", "17:00"]]}}}, "rows"`, "agreement.service_calendar.week", ""},
		`{"rows": "sta`:            {`{"agreement": {"terms": {"grace_days": 3, "targets": [{"metric": "speed", "seconds": 5}]}}, "rows": "sta`, "agreement.terms.targets[0].metric", "is no metric"},
	} {
		raw := strings.Replace(good, was, c.now, 1)
		_, err := replay.ParseMap([]byte(raw))
		var e *errs.E
		if !errors.As(err, &e) || e.Kind != errs.Invalid || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return strings.HasPrefix(f.Path, c.field) && strings.Contains(f.Msg, c.says) }) {
			t.Errorf("%s\n%v, want %s: %s", raw, err, c.field, c.says)
		}
	}
	for _, c := range []struct{ format, raw string }{{"yaml", "{}"}, {replay.FormatCSV, ""}, {replay.FormatUCI, good}} {
		raw := []byte(c.raw)
		if c.raw == "" {
			raw = nil
		}
		if _, err := replay.MapFor(c.format, raw); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s %s: %v", c.format, c.raw, err)
		}
	}
	m, err := replay.MapFor(replay.FormatUCI, []byte(`{"zone": "America/Sao_Paulo", "name": "Log"}`))
	if err != nil || m.Location().String() != "America/Sao_Paulo" || m.Name != "Log" || m.Columns.Case != "number" {
		t.Errorf("%+v %v", m, err)
	}
}

// The schema knows every field that a map has, and no other; the maps beside the tests are maps.
func TestSchemaIsTheMap(t *testing.T) {
	var schema struct {
		Properties map[string]struct {
			Properties map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(replay.SchemaJSON(), &schema); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob("testdata/maps/*.json")
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	for _, path := range append(all, "maps/uci-incident.json") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := replay.ParseMap(raw); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	known := fieldsOf(t, replay.Map{Schema: "x", Note: "x", Name: "x", Rows: "x", Zone: "x", Format: "x", Missing: []string{"x"}, Unknown: "x", Values: map[string]map[string]string{"x": nil}, Cases: &replay.Table{}, Accord: &replay.Agreement{}})
	if got := keys(schema.Properties); !slices.Equal(got, known) {
		t.Errorf("the schema has %v, a map %v", got, known)
	}
	known = fieldsOf(t, replay.Columns{Order: "x", Opened: "x", Requester: "x", Site: "x", Team: "x", Assignee: "x", Actor: "x", Supplier: "x", Kind: "x", Priority: "x", Channel: "x", Subject: []string{"x"}})
	if got := keys(schema.Properties["columns"].Properties); !slices.Equal(got, known) {
		t.Errorf("the schema has columns %v, a map %v", got, known)
	}
}

func fieldsOf(t *testing.T, v any) []string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return keys(m)
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
