package story

import (
	"encoding/json"
	"strconv"
	"strings"
)

// find walks the last answer: turn.side, items.0.side, items[0].side, items[-1].side, with or without "$." before it.
func (s *story) find(path string) any {
	v := s.answer
	path = strings.NewReplacer("[", ".", "]", "").Replace(strings.TrimPrefix(strings.TrimPrefix(path, "$"), "."))
	for _, key := range strings.Split(path, ".") {
		if key == "" {
			continue
		}
		switch in := v.(type) {
		case map[string]any:
			got, ok := in[key]
			if !ok {
				return nil
			}
			v = got
		case []any:
			i, err := strconv.Atoi(key)
			if i < 0 {
				i += len(in)
			}
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func (s *story) json(rest string) {
	f := words(rest)
	if len(f) < 3 {
		s.fatal("write: json PATH OP VALUE")
	}
	path, op := f[0], f[1]
	got := s.find(path)
	want := strings.TrimSpace(rest[strings.Index(rest, op)+len(op):])
	if i := strings.Index(rest, " "+op+" "); i >= 0 {
		want = strings.TrimSpace(rest[i+len(op)+2:])
	}
	if u, err := strconv.Unquote(want); err == nil {
		want = u
	}
	ok := false
	switch op {
	case "==":
		ok = text(got) == want
	case "!=":
		ok = text(got) != want
	case "~":
		ok = s.pattern(want).MatchString(text(got))
	case "len":
		n := 0
		switch v := got.(type) {
		case []any:
			n = len(v)
		case map[string]any:
			n = len(v)
		case string:
			n = len(v)
		}
		got, ok = n, strconv.Itoa(n) == want
	default:
		s.fatal("%q is no operator; write ==, !=, ~ or len", op)
	}
	if !ok {
		s.fatal("%s is %s, want %s %s; answer: %s", path, text(got), op, want, s.body)
	}
}
