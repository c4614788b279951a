package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/fulltext"
	"bothways/internal/search"
)

func (h *Handler) finding() {
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "search", Verb: auth.TicketRead, Summary: "Search tickets and people"}, h.search)
}

type findIn struct {
	Q string `query:"q" doc:"Words, of which the last may be a beginning; phrases in quotes; any three characters of a serial, a number or an address in a row. For staff also conditions: site:lund turn:customer."`
	host.Page
}

// stretch is a piece of a text.
type stretch struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit" doc:"It is what was looked for."`
}

// hit is a ticket that was found.
type hit struct {
	Ticket  ticket     `json:"ticket"`
	Subject []stretch  `json:"subject"`
	Where   string     `json:"where" enum:"subject,description,message,note,file" doc:"What the passage is from; subject where nothing else has it."`
	Passage []stretch  `json:"passage" doc:"The place that was found, cut to about 200 characters."`
	File    string     `json:"file,omitempty" doc:"Name of the file that the passage is from."`
	At      *time.Time `json:"at,omitempty" doc:"When the passage was written."`
}

type searchOut struct {
	Body struct {
		Items  []hit    `json:"items" doc:"The best first."`
		Next   *string  `json:"next"`
		Count  int      `json:"count" doc:"Tickets on all pages, up to a thousand."`
		More   bool     `json:"more" doc:"There are more than a thousand; the newest thousand were ranked."`
		Slow   bool     `json:"slow" doc:"The search took too long and was stopped."`
		People []Record `json:"people" doc:"The first five by name, on the first page."`
	}
}

const mostFound = 5 // people

func (h *Handler) search(ctx context.Context, by auth.Actor, in *findIn) (*searchOut, error) {
	limit, _, err := in.Read()
	if err != nil {
		return nil, err
	}
	asked, err := h.Search.Ask(ctx, by, in.Q, h.clk.Now())
	if err != nil {
		return nil, err
	}
	r, err := h.Search.Tickets(ctx, by, search.Input{Q: asked.Words, Narrow: asked.Narrow, Cursor: in.Cursor, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := &searchOut{}
	out.Body.Items, out.Body.People = make([]hit, len(r.Items)), []Record{}
	out.Body.Count, out.Body.More, out.Body.Slow = min(r.Count, search.Many), r.Count > search.Many, r.Slow
	if r.Next != "" {
		out.Body.Next = &r.Next
	}
	rows := make([]desk.Row, len(r.Items))
	for i := range r.Items {
		rows[i] = r.Items[i].Row
	}
	tickets, err := h.show(ctx, by, rows)
	if err != nil {
		return nil, err
	}
	for i := range r.Items {
		found := &r.Items[i]
		out.Body.Items[i] = hit{Ticket: tickets[i], Subject: stretches(found.Subject), Where: found.Place(), Passage: stretches(found.Passage), File: found.File}
		if !found.At.IsZero() {
			out.Body.Items[i].At = &found.At
		}
	}
	if in.Cursor != "" {
		return out, nil
	}
	people, _, err := h.Search.People(ctx, by, asked.Words, mostFound)
	for _, p := range people {
		out.Body.People = append(out.Body.People, recordOf(p))
	}
	return out, err
}

func stretches(in []fulltext.Span) []stretch {
	out := make([]stretch, len(in))
	for i, s := range in {
		out[i] = stretch(s)
	}
	return out
}
