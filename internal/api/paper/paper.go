// Package paper makes the page of the API's reference out of its specification: complete without a script, and with nothing from elsewhere.
package paper

import (
	"html"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Style is the page's own style sheet, which its Content-Security-Policy names by its digest.
const Style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}code,pre{font-family:ui-monospace,monospace}
h2{margin-top:2.5rem;border-bottom:1px solid}h3{margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #8886}`

// Page writes the specification for people; specPath is where it is for programs.
func Page(spec *huma.OpenAPI, specPath string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bothways API</title><style>` + Style + `</style></head><body><main><h1>Bothways API</h1>`)
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
