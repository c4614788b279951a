package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/effort"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// times registers working time.
func (h *Handler) times() {
	handle(h, route{method: http.MethodGet, path: "tickets/{number}/time", verb: auth.TicketNoteRead, summary: "List the working time on a ticket and on those merged into it"}, h.timeOf)
	handle(h, route{method: http.MethodPost, path: "tickets/{number}/time", verb: auth.TicketNoteWrite, summary: "Note working time on a ticket", status: http.StatusCreated}, h.logTime)
	handle(h, route{method: http.MethodPatch, path: "time/{id}", verb: auth.TicketNoteWrite, summary: "Change an entry of one's own, on its day"}, h.changeTime)
	handle(h, route{method: http.MethodPost, path: "time/{id}/remove", verb: auth.TicketNoteWrite, summary: "Take back an entry of one's own, on its day"}, h.removeTime)
	handle(h, route{method: http.MethodGet, path: "time", verb: auth.TicketNoteRead, summary: "List somebody's working time in a week"}, h.timeOfWeek)
}

// spent is working time.
type spent struct {
	ID        string      `json:"id"`
	Ticket    *string     `json:"ticket" doc:"null: one that you do not see."`
	Person    *person     `json:"person"`
	Kind      effort.Kind `json:"kind" enum:"work,travel,walk_up,favour"`
	Minutes   int         `json:"minutes"`
	Note      string      `json:"note"`
	Act       string      `json:"act" doc:"The command it went with; empty when it was noted by itself."`
	Day       string      `json:"day" example:"2026-11-26"`
	CreatedAt time.Time   `json:"created_at"`
	ChangedAt time.Time   `json:"changed_at"`
}

type newEntry struct {
	Minutes int    `json:"minutes,omitempty" doc:"1 to 1440."`
	Kind    string `json:"kind,omitempty" enum:"work,travel,walk_up,favour" doc:"work when left out; a favour is the extra mile."`
	Note    string `json:"note,omitempty"`
}

func (n newEntry) work() desk.Work { return desk.Work{Minutes: n.Minutes, Kind: n.Kind, Note: n.Note} }

// entriesOut is working time with its sum.
type entriesOut struct {
	Body struct {
		Items   []spent `json:"items"`
		Next    *string `json:"next" doc:"Always null."`
		Minutes int     `json:"minutes" doc:"The sum."`
	}
}

// entryOut is one entry as an answer.
type entryOut struct{ Body spent }

func (h *Handler) showEntries(ctx context.Context, by auth.Actor, all []effort.Entry) ([]spent, error) {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]spent, len(all))
	for i := range all {
		e := &all[i]
		out[i] = spent{ID: e.ID, Person: b.person(e.PersonID), Kind: e.Kind, Minutes: e.Minutes, Note: e.Note, Act: e.Act, Day: e.Day.Format(time.DateOnly), CreatedAt: e.MadeAt.UTC(), ChangedAt: e.ChangedAt.UTC()}
		if e.Number != 0 {
			out[i].Ticket = word(desk.Ref(e.Number))
		}
	}
	return out, nil
}

func (h *Handler) entries(ctx context.Context, by auth.Actor, all []effort.Entry, err error) (*entriesOut, error) {
	if err != nil {
		return nil, err
	}
	out := &entriesOut{}
	out.Body.Minutes = effort.Minutes(all)
	out.Body.Items, err = h.showEntries(ctx, by, all)
	return out, err
}

func (h *Handler) spent(ctx context.Context, by auth.Actor, e effort.Entry, err error) (*entryOut, error) {
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	all, err := h.showEntries(ctx, by, []effort.Entry{e})
	if err != nil {
		return nil, err
	}
	return &entryOut{all[0]}, nil
}

func (h *Handler) timeOf(ctx context.Context, by auth.Actor, in *Numbered) (*entriesOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := h.Effort.Of(ctx, by, number)
	return h.entries(ctx, by, all, err)
}

func (h *Handler) logTime(ctx context.Context, by auth.Actor, in *struct {
	Numbered
	Body newEntry
}) (*entryOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	e, err := h.Effort.Log(ctx, by, number, in.Body.work())
	return h.spent(ctx, by, e, err)
}

func (h *Handler) changeTime(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body newEntry
}) (*entryOut, error) {
	if !id.Valid(in.ID) {
		return nil, nothing
	}
	e, err := h.Effort.Change(ctx, by, in.ID, in.Body.work())
	return h.spent(ctx, by, e, err)
}

func (h *Handler) removeTime(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body *nothingElse
}) (*entryOut, error) {
	if !id.Valid(in.ID) {
		return nil, nothing
	}
	e, err := h.Effort.Remove(ctx, by, in.ID)
	return h.spent(ctx, by, e, err)
}

func (h *Handler) timeOfWeek(ctx context.Context, by auth.Actor, in *struct {
	Person string `query:"person" doc:"Mail address; you when left out."`
	Week   string `query:"week" doc:"A day of the week, such as 2026-11-26; this week when left out."`
}) (*entriesOut, error) {
	personID, day := by.PersonID, h.clk.Now()
	if in.Week != "" {
		d, err := time.Parse(time.DateOnly, in.Week)
		if err != nil {
			return nil, errs.In("api.time", "week", "It is no day. Write it like 2026-11-26.")
		}
		day = d
	}
	if in.Person != "" {
		if err := addresses(map[string]string{"person": in.Person}); err != nil {
			return nil, err
		}
		p, err := people.PersonByAddress(ctx, h.DB.Read(), text.Address(in.Person))
		if err != nil || !by.Staff() || p.OrgKind != people.Provider {
			return nil, nothing
		}
		personID = p.ID
	}
	all, _, err := h.Effort.WeekOf(ctx, by, personID, day)
	return h.entries(ctx, by, all, err)
}
