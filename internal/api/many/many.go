// Package many is the API's side of many tickets at once: the language of filters, views, changes of many and the file of them.
// Package api registers what it does; shapes are its own, and part of the public interface.
package many

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/desk/view"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// Handler answers for many tickets. It is safe for concurrent use.
type Handler struct {
	Desk  *desk.Service
	Bulk  *bulk.Service
	Views *view.Service
	Names *naming.Directory
	Clock clock.Clock
}

// reader is who asks, as a query means them: "me" is also whom they stand in for now.
func (h *Handler) reader(ctx context.Context, by auth.Actor) (filter.Reader, error) {
	others, err := h.Desk.StandsFor(ctx, by)
	return filter.Reader{PersonID: by.PersonID, For: others, Teams: by.Teams, Now: h.Clock.Now().UTC(), Names: h.Names.For(by)}, err
}

// Select reads a query with the rights of who asks. A piece that can't be read is refused, with its place and what would be right:
// a program is told rather than given more than it meant. Errors: Invalid.
func (h *Handler) Select(ctx context.Context, by auth.Actor, q, sort string) (read.Selection, error) {
	text := filter.Parse(q)
	if sort != "" {
		text = filter.Parse(text.With(filter.SortBy, sort))
	}
	r, err := h.reader(ctx, by)
	if err != nil {
		return read.Selection{}, err
	}
	b, err := text.Bind(ctx, r)
	if err != nil {
		return read.Selection{}, err
	}
	if len(b.Problems) == 0 {
		return read.Selection{Bound: b}, nil
	}
	e := &errs.E{Kind: errs.Invalid, Op: "api.select", Msg: "Something in what you asked needs changing."}
	for _, p := range b.Problems {
		say := "At character " + strconv.Itoa(text.At(p)) + ", “" + p.Word + "”: " + p.Msg
		if p.Try != "" {
			say += " Did you mean " + p.Try + "?"
		}
		e.Fields = append(e.Fields, errs.Field{Path: "q", Msg: say})
	}
	return read.Selection{}, e
}

// Asked says whether a list asks for more than the older parameters can: a condition of the language, an order of it, or a slip in
// it, which Select tells. Those parameters then count as conditions.
func (h *Handler) Asked(ctx context.Context, by auth.Actor, q, sort string, states []string, turn, open string) (read.Selection, bool, error) {
	text := filter.Parse(q)
	language := sort != "" && sort != "due" || text.Sort.By != "" || len(text.Problems) > 0
	for _, t := range text.Terms {
		language = language || t.Field != filter.Word || t.Not || t.Values[0].Quoted
	}
	if !language {
		return read.Selection{}, false, nil
	}
	if all := strings.Join(states, ","); all != "" {
		q += " state:" + all
	}
	if turn != "" {
		q += " " + filter.Written(filter.Turn, turn)
	}
	if open != "" {
		q += " state:" + map[bool]string{true: "open", false: "ended"}[open == "true"]
	}
	if sort == "" && text.Sort.By == "" {
		sort = string(filter.ByMade)
	}
	sel, err := h.Select(ctx, by, q, sort)
	return sel, true, err
}

// SavedView is a filter with a name.
type SavedView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Query     string    `json:"query" doc:"As in the parameter q of the list of tickets."`
	Audience  string    `json:"audience" enum:"own,team,staff" doc:"Who sees it: whoever made it, a team, or everybody in IT."`
	Team      *string   `json:"team" doc:"Id of the team."`
	Mine      bool      `json:"mine"`
	Count     int       `json:"count" doc:"How many tickets it holds now, as far as you may read them; 1001 is more than a thousand."`
	ChangedAt time.Time `json:"changed_at"`
	Version   int64     `json:"version"`
}

// SavedViewInput makes or changes a view.
type SavedViewInput struct {
	Name     string `json:"name"`
	Query    string `json:"query,omitempty"`
	Audience string `json:"audience,omitempty" doc:"own (also when left out), team or staff."`
	Team     string `json:"team,omitempty" doc:"Id of a team you are in, for the audience team."`
}

func (in SavedViewInput) input() view.Input {
	return view.Input{Name: in.Name, Query: in.Query, Audience: view.Audience(in.Audience), TeamID: in.Team}
}

// Show makes answers of views, with what each holds.
func (h *Handler) Show(ctx context.Context, by auth.Actor, all ...view.View) ([]SavedView, error) {
	r, err := h.reader(ctx, by)
	if err != nil {
		return nil, err
	}
	out, sels := make([]SavedView, len(all)), make([]read.Selection, len(all))
	for i, v := range all {
		out[i] = SavedView{ID: v.ID, Name: v.Name, Query: v.Query, Audience: string(v.Audience), Mine: v.OwnerID == by.PersonID, ChangedAt: v.ChangedAt.UTC(), Version: v.Version}
		if v.TeamID != "" {
			out[i].Team = &v.TeamID
		}
		b, err := filter.Parse(v.Query).Bind(ctx, r)
		if err != nil {
			return nil, err
		}
		sels[i] = read.Selection{Bound: b, Parts: read.Shown(b)}
	}
	counts, err := h.Desk.Counts(ctx, by, sels...)
	for i, n := range counts {
		out[i].Count = n
	}
	return out, err
}

// Create keeps a view.
func (h *Handler) Create(ctx context.Context, by auth.Actor, in SavedViewInput) (view.View, error) {
	return h.Views.Create(ctx, by, in.input())
}

// Update changes one, as long as it is of that version; 0 is any.
func (h *Handler) Update(ctx context.Context, by auth.Actor, id string, version int64, in SavedViewInput) (view.View, error) {
	return h.Views.Update(ctx, by, id, version, in.input())
}

// BulkInput is a change of many tickets.
type BulkInput struct {
	Tickets  []string `json:"tickets" doc:"Numbers: 200 at the most."`
	Do       string   `json:"do" doc:"assign, team, priority, tag, untag, wait or not-a-ticket."`
	Assignee string   `json:"assignee,omitempty" doc:"Of assign: mail address; left out takes it from whoever has it."`
	Team     string   `json:"team,omitempty" doc:"Of team: name or id."`
	Impact   string   `json:"impact,omitempty"`
	Urgency  string   `json:"urgency,omitempty"`
	Tag      string   `json:"tag,omitempty"`
	Until    string   `json:"until,omitempty" doc:"Of wait: RFC 3339."`
	Agreed   bool     `json:"agreed,omitempty" doc:"Of wait: agreed with the customers; reason says how."`
	Reason   string   `json:"reason,omitempty"`
}

func (in BulkInput) read() ([]int64, bulk.Change, error) {
	c := bulk.Change{Do: bulk.Kind(in.Do), Assignee: in.Assignee, Team: in.Team, Impact: in.Impact, Urgency: in.Urgency, Tag: in.Tag, Agreed: in.Agreed, Reason: in.Reason}
	if in.Until != "" {
		at, err := time.Parse(time.RFC3339, in.Until)
		if err != nil {
			return nil, c, errs.In("api.bulk", "until", "It is no instant. Write RFC 3339, such as 2026-11-26T10:00:00Z.")
		}
		c.Until = at
	}
	var numbers []int64
	for i, ref := range in.Tickets {
		n, err := desk.ParseRef(ref)
		if err != nil {
			return nil, c, errs.In("api.bulk", "tickets["+strconv.Itoa(i)+"]", "It is no number of a ticket. Write one such as BW-1001.")
		}
		numbers = append(numbers, n)
	}
	return numbers, c, nil
}

// BulkItem is what a change does to one ticket.
type BulkItem struct {
	Number  string     `json:"number"`
	Changes []BulkStep `json:"changes"`
	Reason  string     `json:"reason,omitempty" doc:"Why nothing changes."`
	Refused bool       `json:"refused" doc:"Whether the reason is a refusal, not that it is so already."`
}

// BulkStep is one field that changes.
type BulkStep struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Preview says what a change does to each ticket. Nothing is written.
func (h *Handler) Preview(ctx context.Context, by auth.Actor, in BulkInput) ([]BulkItem, error) {
	numbers, c, err := in.read()
	if err != nil {
		return nil, err
	}
	plan, err := h.Bulk.Plan(ctx, by, numbers, c)
	out := make([]BulkItem, len(plan))
	for i, it := range plan {
		out[i] = BulkItem{Number: it.Ticket.Ref(), Changes: []BulkStep{}, Reason: it.Not, Refused: it.Refused}
		for _, s := range it.Steps {
			out[i].Changes = append(out[i].Changes, BulkStep{s.What, s.From, s.To})
		}
	}
	return out, err
}

// BulkRun is a change that was made.
type BulkRun struct {
	ID        string       `json:"id"`
	MadeAt    time.Time    `json:"made_at"`
	UndoUntil time.Time    `json:"undo_until"`
	Undone    bool         `json:"undone"`
	Results   []BulkResult `json:"results"`
}

// BulkResult is what became of one ticket.
type BulkResult struct {
	Number     string `json:"number"`
	Outcome    string `json:"outcome" enum:"done,unchanged,refused"`
	Status     int    `json:"status,omitempty" doc:"Of a refusal, as it would have answered alone: 403, 404, 409 or 412."`
	Detail     string `json:"detail,omitempty"`
	Undone     string `json:"undone,omitempty" doc:"done or refused, once the change was taken back."`
	UndoDetail string `json:"undo_detail,omitempty"`
}

// Outcome is a run as an answer.
func Outcome(r bulk.Run) BulkRun {
	out := BulkRun{ID: r.ID, MadeAt: r.MadeAt.UTC(), UndoUntil: r.Until.UTC(), Undone: !r.UndoneAt.IsZero(), Results: make([]BulkResult, len(r.Results))}
	for i, x := range r.Results {
		out.Results[i] = BulkResult{Number: desk.Ref(x.Number), Outcome: string(x.Outcome), Status: x.Status, Detail: x.Say, Undone: string(x.Undone), UndoDetail: x.UndoSay}
	}
	return out
}

// Do makes a change of many.
func (h *Handler) Do(ctx context.Context, by auth.Actor, in BulkInput) (bulk.Run, error) {
	numbers, c, err := in.read()
	if err != nil {
		return bulk.Run{}, err
	}
	leave, err := h.Bulk.Enter(by)
	if err != nil {
		return bulk.Run{}, err
	}
	defer leave()
	picks := make([]bulk.Pick, len(numbers))
	for i, n := range numbers {
		picks[i].Number = n
	}
	return h.Bulk.Do(ctx, by, picks, c)
}

// Export begins a file: what would keep it from being read at all is told before its first byte. write then writes it.
func (h *Handler) Export(ctx context.Context, by auth.Actor, q, sort string) (write func(ctx context.Context, w io.Writer, flush func()) error, err error) {
	sel, err := h.Select(ctx, by, q, sort)
	if err != nil {
		return nil, err
	}
	leave, err := h.Bulk.Enter(by)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer, flush func()) error {
		defer leave()
		return h.Bulk.Sheet(ctx, by, sel, w, false, flush)
	}, nil
}
