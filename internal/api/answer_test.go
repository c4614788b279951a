package api_test

import (
	"encoding/json"
	"strings"
)

func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.status, status, a.raw)
	}
	return a
}

// at finds a value by its path: items.0.side.
func (a answer) at(path string) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.raw, &v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.raw)
	}
	for _, k := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[k]; !ok {
				a.t.Fatalf("%s: no %s in %s", a.what, path, a.raw)
			}
		case []any:
			i := 0
			for _, r := range k {
				i = i*10 + int(r-'0')
			}
			if i >= len(x) {
				a.t.Fatalf("%s: no %s in %s", a.what, path, a.raw)
			}
			v = x[i]
		default:
			a.t.Fatalf("%s: no %s in %s", a.what, path, a.raw)
		}
	}
	return v
}

func (a answer) str(path string) string {
	a.t.Helper()
	s, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("%s: %s is no text: %s", a.what, path, a.raw)
	}
	return s
}

func (a answer) num(path string) int64 {
	a.t.Helper()
	n, ok := a.at(path).(float64)
	if !ok {
		a.t.Fatalf("%s: %s is no number: %s", a.what, path, a.raw)
	}
	return int64(n)
}

func (a answer) items() []any {
	a.t.Helper()
	l, ok := a.at("items").([]any)
	if !ok {
		a.t.Fatalf("%s: no list: %s", a.what, a.raw)
	}
	return l
}

// equal checks values by their paths.
func (a answer) equal(want obj) answer {
	a.t.Helper()
	for path, v := range want {
		if n, ok := v.(int); ok {
			v = float64(n)
		}
		if got := a.at(path); got != v {
			a.t.Errorf("%s: %s is %v, want %v in %s", a.what, path, got, v, a.raw)
		}
	}
	return a
}
