package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// reference serves the specification and the page made of it. Both are public: they say what could be asked, nothing of what is
// there. The page needs no script and nothing from elsewhere.
func (h *Handler) reference(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.refuse(w, r, &problem{
			Type: urn + "method-not-allowed", Title: http.StatusText(http.StatusMethodNotAllowed), Status: http.StatusMethodNotAllowed,
			Detail: "This address does not take that method. It takes: GET.", header: http.Header{"Allow": {http.MethodGet}},
		})
		return
	}
	var err error
	h.paper.once.Do(func() {
		h.paper.spec, err = json.Marshal(h.api.OpenAPI())
		h.paper.page = []byte(docsPage(h.api.OpenAPI()))
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	head := w.Header()
	head.Set("Cache-Control", "no-cache")
	if r.URL.Path == specPath {
		head.Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(h.paper.spec)
		return
	}
	sum := sha256.Sum256([]byte(docsStyle))
	head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	head.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(h.paper.page)
}

const docsStyle = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}code,pre{font-family:ui-monospace,monospace}
h2{margin-top:2.5rem;border-bottom:1px solid}h3{margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8886}`

// docsPage writes the specification for people.
func docsPage(spec *huma.OpenAPI) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bothways API</title><style>` + docsStyle + `</style></head><body><main><h1>Bothways API</h1>`)
	element(&b, "p", spec.Info.Description)
	b.WriteString(`<p>For programs: <a href="` + specPath + `">openapi.json</a>. Lists are <code>{"items": […], "next": null or a cursor}</code>; instants are RFC 3339 in UTC; refusals are <code>application/problem+json</code> with a type, a sentence and the fields that are wrong.</p>`)
	paths := make([]string, 0, len(spec.Paths))
	for p := range spec.Paths {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	b.WriteString("<h2>Addresses</h2>")
	for _, p := range paths {
		item := spec.Paths[p]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Put, item.Delete} {
			if op != nil {
				operation(&b, p, op)
			}
		}
	}
	b.WriteString("<h2>Objects</h2>")
	schemas := spec.Components.Schemas.Map()
	names := make([]string, 0, len(schemas))
	for n := range schemas {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b.WriteString(`<h3 id="` + html.EscapeString(n) + `">` + html.EscapeString(n) + `</h3>`)
		fields(&b, schemas[n])
	}
	b.WriteString("</main></body></html>\n")
	return b.String()
}

func element(b *strings.Builder, tag, s string) {
	if s != "" {
		b.WriteString("<" + tag + ">" + html.EscapeString(s) + "</" + tag + ">")
	}
}

func operation(b *strings.Builder, path string, op *huma.Operation) {
	b.WriteString(`<h3 id="` + html.EscapeString(op.OperationID) + `"><code>` + op.Method + " " + html.EscapeString(path) + `</code></h3>`)
	element(b, "p", op.Summary+".")
	if scope, ok := op.Extensions["x-scope"].(string); ok {
		b.WriteString("<p>A token's scopes must hold <code>" + html.EscapeString(scope) + "</code>.</p>")
	}
	if len(op.Parameters) > 0 {
		b.WriteString("<table><thead><tr><th>Parameter</th><th>In</th><th>What</th></tr></thead><tbody>")
		for _, p := range op.Parameters {
			b.WriteString("<tr><td><code>" + html.EscapeString(p.Name) + "</code></td><td>" + html.EscapeString(p.In) + "</td>")
			element(b, "td", p.Description+" ")
			b.WriteString("</tr>")
		}
		b.WriteString("</tbody></table>")
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			b.WriteString("<p>Body: " + typeOf(m.Schema) + "</p>")
		}
	}
	statuses := make([]string, 0, len(op.Responses))
	for s := range op.Responses {
		statuses = append(statuses, s)
	}
	sort.Strings(statuses)
	for _, s := range statuses {
		for _, m := range op.Responses[s].Content {
			b.WriteString("<p>" + strings.ToUpper(s[:1]) + s[1:] + ": " + typeOf(m.Schema) + "</p>")
		}
	}
}

// fields lists the fields of an object.
func fields(b *strings.Builder, s *huma.Schema) {
	names := make([]string, 0, len(s.Properties))
	for n := range s.Properties {
		names = append(names, n)
	}
	if len(names) == 0 {
		b.WriteString("<p>Nothing.</p>")
		return
	}
	sort.Strings(names)
	b.WriteString("<table><thead><tr><th>Field</th><th>Type</th><th>What</th></tr></thead><tbody>")
	for _, n := range names {
		p := s.Properties[n]
		b.WriteString("<tr><td><code>" + html.EscapeString(n) + "</code>")
		if slices.Contains(s.Required, n) {
			b.WriteString(" (always)")
		}
		b.WriteString("</td><td>" + typeOf(p) + "</td>")
		element(b, "td", p.Description+" ")
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
}

// typeOf names the type of a schema; an object is a link to its fields.
func typeOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return "anything"
	case s.Ref != "":
		n := html.EscapeString(s.Ref[strings.LastIndexByte(s.Ref, '/')+1:])
		return `<a href="#` + n + `">` + n + `</a>`
	case len(s.AnyOf) > 0:
		parts := make([]string, len(s.AnyOf))
		for i, a := range s.AnyOf {
			parts[i] = typeOf(a)
		}
		return strings.Join(parts, " or ")
	case s.Type == huma.TypeArray:
		return "list of " + typeOf(s.Items)
	}
	out := s.Type
	if s.Format != "" {
		out += " (" + html.EscapeString(s.Format) + ")"
	}
	if s.Nullable {
		out += " or null"
	}
	for i, v := range s.Enum {
		if w, ok := v.(string); ok {
			if i == 0 {
				out += ": "
			} else {
				out += ", "
			}
			out += html.EscapeString(w)
		}
	}
	return out
}
