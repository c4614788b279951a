package api_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// spec is the specification as a client reads it.
type spec struct {
	Paths      map[string]map[string]specOp
	Components struct{ Schemas map[string]*schema }
}

type specOp struct {
	Body      struct{ Content map[string]media } `json:"requestBody"`
	Responses map[string]struct{ Content map[string]media }
}

type media struct{ Schema *schema }

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	AnyOf      []*schema
	Enum       []any
	Items      *schema
	Required   []string
	Properties map[string]*schema
	Others     json.RawMessage `json:"additionalProperties"` // of a map by names: what each holds
}

// others is what fields that are not listed hold, nil when there may be none.
func (x *schema) others() *schema {
	var o schema
	if len(x.Others) == 0 || x.Others[0] != '{' || json.Unmarshal(x.Others, &o) != nil {
		return nil
	}
	return &o
}

func (w *world) spec() *spec {
	w.t.Helper()
	var s spec
	w.must(json.Unmarshal(w.get(nobody, "openapi.json").is(200).raw, &s))
	return &s
}

func (s *spec) resolve(x *schema) *schema {
	for x != nil && x.Ref != "" {
		x = s.Components.Schemas[strings.TrimPrefix(x.Ref, "#/components/schemas/")]
	}
	return x
}

// check holds an answer against what the specification says of it.
func (s *spec) check(a answer, op operation) {
	a.t.Helper()
	r := s.Paths["/api/v1/"+op.path][strings.ToLower(op.method)].Responses
	content := r["default"].Content
	if a.status < 300 {
		content = nil
		for code, v := range r {
			if code[0] == '2' {
				content = v.Content
			}
		}
	}
	m, ok := content[a.head.Get("Content-Type")]
	if !ok {
		a.t.Errorf("%s: %d %s is not in the specification", a.what, a.status, a.head.Get("Content-Type"))
		return
	}
	var v any
	if err := json.Unmarshal(a.raw, &v); err != nil {
		a.t.Errorf("%s: %v", a.what, err)
		return
	}
	if why := s.fits(m.Schema, v, ""); why != "" {
		a.t.Errorf("%s: %s: %s", a.what, why, a.raw)
	}
}

// fits says why a value is not of a schema: a field that is not listed, one that is missing, a type that is not allowed.
func (s *spec) fits(x *schema, v any, at string) string {
	if x = s.resolve(x); x == nil {
		return at + " has no schema"
	}
	if len(x.AnyOf) > 0 {
		why := ""
		for _, o := range x.AnyOf {
			if why = s.fits(o, v, at); why == "" {
				return ""
			}
		}
		return why
	}
	if !x.allows(typeName(v)) {
		return at + " is a " + typeName(v)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, f := range v {
			p, ok := x.Properties[k]
			if !ok {
				p = x.others()
			}
			if p == nil {
				return at + "." + k + " is not listed"
			}
			if why := s.fits(p, f, at+"."+k); why != "" {
				return why
			}
		}
		for _, k := range x.Required {
			if _, ok := v[k]; !ok {
				return at + "." + k + " is missing"
			}
		}
	case []any:
		for _, e := range v {
			if why := s.fits(x.Items, e, at+"[]"); why != "" {
				return why
			}
		}
	case string:
		if len(x.Enum) == 0 {
			return ""
		}
		for _, e := range x.Enum {
			if e == v {
				return ""
			}
		}
		return at + " is " + v
	}
	return ""
}

func (x *schema) allows(t string) bool {
	switch allowed := x.Type.(type) {
	case string:
		return allowed == t || allowed == "integer" && t == "number"
	case []any:
		for _, a := range allowed {
			if a == t || a == "integer" && t == "number" {
				return true
			}
		}
	}
	return false
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// TestSpecification keeps the API's shapes: others write programs against them. Look at each change of the golden file.
func TestSpecification(t *testing.T) {
	w := onSQLite(t)
	a := w.get(nobody, "openapi.json").is(200)
	if a.head.Get("Content-Type") != "application/openapi+json" || a.str("openapi") != "3.1.0" {
		t.Errorf("%v", a.head)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, a.raw, "", " "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	golden(t, "openapi.json", out.Bytes())
	if second := w.get(nobody, "openapi.json").raw; !bytes.Equal(a.raw, second) {
		t.Error("the specification differs from one reading to the next")
	}
}

// TestDocsPageIsWholeAndQuiet: the page names every route, and needs neither scripts nor anything from elsewhere.
func TestDocsPageIsWholeAndQuiet(t *testing.T) {
	w := onSQLite(t)
	a := w.get(nobody, "/docs").is(200)
	for _, op := range w.operations() {
		if !bytes.Contains(a.raw, []byte(op.method+" /api/v1/"+op.path)) {
			t.Errorf("/docs lacks %s %s", op.method, op.path)
		}
	}
	for _, bad := range []string{"<script", "http://", "https://", "src="} {
		if i := bytes.Index(a.raw, []byte(bad)); i >= 0 {
			t.Errorf("/docs has %q: %s", bad, a.raw[i:i+40])
		}
	}
	if csp := a.head.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || !strings.Contains(csp, "style-src 'sha256-") {
		t.Errorf("CSP %q", csp)
	}
	w.post(nobody, "/docs", nil).is(405)
}
