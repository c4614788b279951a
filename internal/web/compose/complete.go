package compose

import (
	"net/http"
	"strconv"
	"strings"

	"bothways/internal/desk"
	"bothways/internal/desk/answer"
	"bothways/internal/kit/text"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
)

// choice is one completion: what is shown, and what stands in the text when it is taken.
type choice struct {
	Label  string `json:"label"`
	Hint   string `json:"hint,omitempty"`
	Insert string `json:"insert"`
}

// mostChoices is how many are offered: more words find the others.
const mostChoices = 8

// complete offers colleagues (@), tickets (#) or saved answers (;) for the words typed so far.
func (p *Pages) complete(c *area.Call) error {
	var out []choice
	var err error
	q := text.Cut(text.Line(c.Query("q")), 60)
	switch c.Query("kind") {
	case "@":
		out, err = p.colleagues(c, q)
	case "#":
		out, err = p.tickets(c, q)
	case ";":
		out, err = p.saved(c, q)
	}
	if err != nil {
		return told(c, err, nil)
	}
	if out == nil {
		out = []choice{}
	}
	serve.JSON(c.W, http.StatusOK, map[string]any{"items": out})
	return nil
}

func (p *Pages) colleagues(c *area.Call, q string) ([]choice, error) {
	d, err := p.Source.Directory(c.Ctx())
	if err != nil {
		return nil, err
	}
	want := text.Fold(q)
	var out []choice
	for i := range d.Members {
		m := &d.Members[i]
		if m.ID == c.Me.ID || !wordsBegin(m.Name, want) {
			continue
		}
		if out = append(out, choice{Label: m.Name, Insert: "@" + m.Name + " "}); len(out) == mostChoices {
			break
		}
	}
	return out, nil
}

// wordsBegin says whether a name, or one of its words, begins with what was typed.
func wordsBegin(name, want string) bool {
	have := text.Fold(name)
	if strings.HasPrefix(have, want) {
		return true
	}
	for w := range strings.SplitSeq(have, " ") {
		if strings.HasPrefix(w, want) {
			return true
		}
	}
	return false
}

// tickets finds tickets by the beginning of their number or by words of their subject, among those the reader may read.
func (p *Pages) tickets(c *area.Call, q string) ([]choice, error) {
	var out []choice
	if n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(q), "BW"), "-"), 10, 64); err == nil && n > 0 {
		if t, err := p.Desk.Get(c.Ctx(), c.By, n); err == nil {
			out = append(out, choice{Label: t.Ref(), Hint: t.Subject, Insert: t.Ref() + " "})
		}
	}
	if len(text.Words(q)) == 0 && q != "" {
		return out, nil
	}
	rows, err := p.Desk.List(c.Ctx(), c.By, desk.Filter{Words: q}, "", mostChoices)
	if err != nil {
		return nil, err
	}
	for i := range rows.Items {
		if r := &rows.Items[i]; len(out) < mostChoices {
			out = append(out, choice{Label: r.Ref(), Hint: r.Subject, Insert: r.Ref() + " "})
		}
	}
	return out, nil
}

// saved offers saved answers, filled in with the facts of the ticket they are for.
func (p *Pages) saved(c *area.Call, q string) ([]choice, error) {
	all, err := p.Answers.List(c.Ctx(), c.By, q)
	if err != nil {
		return nil, err
	}
	values, err := p.values(c)
	if err != nil {
		return nil, err
	}
	var out []choice
	for i := range all {
		a := &all[i]
		body := answer.Fill(a.Body, values)
		if out = append(out, choice{Label: a.Title, Hint: text.Cut(text.Line(body), 80), Insert: body}); len(out) == mostChoices {
			break
		}
	}
	return out, nil
}

// values are the public facts of the ticket that placeholders stand for.
func (p *Pages) values(c *area.Call) (map[string]string, error) {
	v := map[string]string{"me.name": c.Me.Name, "me.first": reading.FirstName(c.Me.Name), "desk": p.Name}
	if c.Query("ref") == "" {
		return v, nil
	}
	n, err := desk.ParseRef(c.Query("ref"))
	if err != nil {
		return nil, err
	}
	t, err := p.Source.Read(c.Ctx(), c.AsCustomer(), n) // what both sides see, and nothing else
	if err != nil {
		return nil, err
	}
	k := &t.Ticket
	v["number"], v["subject"] = k.Ref(), k.Subject
	v["requester.name"], v["affected.first"] = t.Person(k.RequesterID).Name, reading.FirstName(t.Person(k.AffectedID).Name)
	v["requester.first"] = reading.FirstName(v["requester.name"])
	v["site"] = t.Person(k.RequesterID).SiteName
	return v, nil
}
