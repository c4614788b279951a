package find

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/fulltext"
	"bothways/internal/search"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/found"
)

// The addresses of the pages.
const (
	Desk   = "/desk/search"
	Portal = "/search"
)

// How much a page shows.
const (
	perPage    = 20
	mostPeople = 5
)

// Pages are the pages that search.
type Pages struct {
	Search *search.Service
	Names  *naming.Directory
}

// Routes lists the pages. With zero Pages it names them alone.
func (p *Pages) Routes() []area.Route {
	return []area.Route{
		{Method: "GET", Path: Desk, Door: area.ForStaff, Verb: auth.TicketRead, Do: p.desk},
		{Method: "GET", Path: Portal, Door: area.ForCustomers, Verb: auth.TicketRead, Do: p.portal},
	}
}

// desk is the staff's page. A number alone leads to its ticket, conditions alone to the queue.
func (p *Pages) desk(c *area.Call) error {
	q := c.Query("q")
	n, err := p.Search.Ticket(c.Ctx(), c.By, q)
	if err != nil {
		return err
	}
	if n != 0 {
		return c.Redirect("/desk/tickets/" + desk.Ref(n))
	}
	a, err := p.Search.Read(c.Ctx(), c.By, q, filter.Reader{Now: c.Reader.In(c.Reader.Now)})
	if err != nil {
		return err
	}
	if a.Words == "" && a.Conditions && len(a.Problems) == 0 {
		return c.Redirect("/desk?" + url.Values{"q": {q}}.Encode())
	}
	frame, err := c.Face.Workspace(titleOf(q), Desk)
	if err != nil {
		return err
	}
	frame.Query = shown(q)
	page := StaffPage{Frame: frame, Found: Result{Query: shown(q), Reader: c.Reader}}
	for _, s := range a.Problems {
		page.Slips = append(page.Slips, slip(s))
	}
	page.Slips = append(page.Slips, a.Notes...)
	r, err := p.Search.Tickets(c.Ctx(), c.By, search.Input{Q: a.Words, Narrow: a.Narrow, Cursor: c.Query("cursor"), Limit: perPage})
	if err != nil {
		return err
	}
	if err := p.tell(c, &page.Found, r, Desk, true); err != nil {
		return err
	}
	if c.Query("cursor") == "" {
		if page.People, page.MorePeople, err = p.people(c, a.Words); err != nil {
			return err
		}
	}
	c.Face.Render(http.StatusOK, StaffView(page))
	return nil
}

// portal is the customers' page: their own requests, and what is public in them.
func (p *Pages) portal(c *area.Call) error {
	by, q := c.AsCustomer().Actor, c.Query("q")
	n, err := p.Search.Ticket(c.Ctx(), by, q)
	if err != nil {
		return err
	}
	if n != 0 {
		return c.Redirect("/requests/" + desk.Ref(n))
	}
	r, err := p.Search.Tickets(c.Ctx(), by, search.Input{Q: q, Cursor: c.Query("cursor"), Limit: perPage})
	if err != nil {
		return err
	}
	page := CustomerPage{Frame: c.Face.Portal(titleOf(q), Portal), Found: Result{Query: shown(q), Reader: c.Reader}}
	if err := p.tell(c, &page.Found, r, Portal, false); err != nil {
		return err
	}
	c.Face.Render(http.StatusOK, CustomerView(page))
	return nil
}

// shown is a query as a page repeats it.
func shown(q string) string {
	q = strings.ToValidUTF8(q, "")
	if r := []rune(q); len(r) > fulltext.MaxQuery {
		return string(r[:fulltext.MaxQuery])
	}
	return q
}

func titleOf(q string) string {
	if q = strings.TrimSpace(shown(q)); q == "" {
		return "Search"
	}
	return "Search: " + q
}

func slip(s filter.Problem) string {
	t := "“" + s.Word + "”: " + s.Msg
	if s.Try != "" {
		t += " Did you mean " + s.Try + "?"
	}
	return t
}

// tell makes rows of what was found.
func (p *Pages) tell(c *area.Call, out *Result, r search.Result, here string, staff bool) error {
	out.Looked, out.Cut, out.Slow = !r.Query.Empty(), r.Query.Cut, r.Slow
	out.Count = fmt.Sprintf("%s %s", reading.Count(r.Count), plural(r.Count, "ticket", "tickets"))
	if !staff {
		out.Count = fmt.Sprintf("%s %s", reading.Count(r.Count), plural(r.Count, "request", "requests"))
	}
	out.Many = r.Count > search.Many
	names, err := p.authors(c, r.Items)
	if err != nil {
		return err
	}
	for i := range r.Items {
		h := &r.Items[i]
		inner := h.Kind == fulltext.InternalText || h.Kind == fulltext.InternalFile
		if inner && !staff {
			continue // not found for who reads as a customer; and if it ever were, not shown
		}
		out.Rows = append(out.Rows, rowOf(c, h, names[h.Author], inner, staff))
	}
	out.Pages = ui.Pages{Label: "what was found"}
	if r.Next != "" {
		out.Pages.Next = here + "?" + url.Values{"q": {c.Query("q")}, "cursor": {r.Next}}.Encode()
	}
	if c.Query("cursor") != "" {
		out.Pages.First = here + "?" + url.Values{"q": {c.Query("q")}}.Encode()
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func rowOf(c *area.Call, h *search.Hit, author string, inner, staff bool) found.Ticket {
	due := reading.Due(c.Reader, &h.Ticket)
	f := found.Ticket{Number: h.Ref(), Subject: spans(h.Subject), Passage: spans(h.Passage), Inner: inner}
	if staff {
		f.Href, f.Chip = "/desk/tickets/"+h.Ref(), c.Reader.StaffChip(due)
		f.About = strings.Trim(h.RequesterName+" · "+h.SiteName, " ·")
	} else {
		f.Href, f.Chip = "/requests/"+h.Ref(), c.Reader.PortalChip(due)
	}
	if len(h.Passage) > 0 {
		f.From, f.At = strings.Trim(author+", "+what(h.Kind), " ,"), h.At
	}
	return f
}

// what says what kind of text a passage is from.
func what(k fulltext.Kind) string {
	switch k {
	case fulltext.Lead:
		return "request"
	case fulltext.InternalText:
		return "note"
	case fulltext.File, fulltext.InternalFile:
		return "file"
	}
	return "message"
}

func spans(in []fulltext.Span) []found.Stretch {
	out := make([]found.Stretch, len(in))
	for i, s := range in {
		out[i] = found.Stretch(s)
	}
	return out
}

// authors names who wrote the passages of a page.
func (p *Pages) authors(c *area.Call, hits []search.Hit) (map[string]string, error) {
	var ids []string
	for _, h := range hits {
		if h.Author != "" {
			ids = append(ids, h.Author)
		}
	}
	return p.Names.People(c.Ctx(), ids...)
}

// people finds people by the same words, by name.
func (p *Pages) people(c *area.Call, words string) ([]found.Person, bool, error) {
	all, more, err := p.Search.People(c.Ctx(), c.By, words, mostPeople)
	if err != nil {
		return nil, false, err
	}
	q, _ := fulltext.Parse(words).Widely()
	var out []found.Person
	for _, v := range all {
		about := v.OrgName
		if v.SiteName != "" {
			about += ", " + v.SiteName
		}
		out = append(out, found.Person{Href: "/desk?requester=" + v.ID, Name: spans(q.Mark(v.Name)), Address: spans(q.Mark(v.Address)), About: about})
	}
	return out, more, nil
}
