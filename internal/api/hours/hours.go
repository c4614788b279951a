package hours

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/effort"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Services are what the resources stand on.
type Services struct {
	Effort *effort.Service
	DB     *db.DB
	Clock  clock.Clock
}

// part is the resources, mounted.
type part struct {
	Services
	host host.Host
}

// Mount registers working time.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	host.Handle(p.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/time", Verb: auth.TicketNoteRead, Summary: "List the working time on a ticket and on those merged into it"}, p.timeOf)
	host.Handle(p.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/time", Verb: auth.TicketNoteWrite, Summary: "Note working time on a ticket", Status: http.StatusCreated}, p.logTime)
	host.Handle(p.host, host.Route{Method: http.MethodPatch, Path: "time/{id}", Verb: auth.TicketNoteWrite, Summary: "Change an entry of one's own, on its day"}, p.changeTime)
	host.Handle(p.host, host.Route{Method: http.MethodPost, Path: "time/{id}/remove", Verb: auth.TicketNoteWrite, Summary: "Take back an entry of one's own, on its day"}, p.removeTime)
	host.Handle(p.host, host.Route{Method: http.MethodGet, Path: "time", Verb: auth.TicketNoteRead, Summary: "List somebody's working time in a week"}, p.timeOfWeek)
}

// spent is working time.
type spent struct {
	ID        string       `json:"id"`
	Ticket    *string      `json:"ticket" doc:"null: one that you do not see."`
	Person    *host.Person `json:"person"`
	Kind      effort.Kind  `json:"kind" enum:"work,travel,walk_up,favour"`
	Minutes   int          `json:"minutes"`
	Note      string       `json:"note"`
	Act       string       `json:"act" doc:"The command it went with; empty when it was noted by itself."`
	Day       string       `json:"day" example:"2026-11-26"`
	CreatedAt time.Time    `json:"created_at"`
	ChangedAt time.Time    `json:"changed_at"`
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

func (p *part) showEntries(ctx context.Context, by auth.Actor, all []effort.Entry) ([]spent, error) {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	b, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]spent, len(all))
	for i := range all {
		e := &all[i]
		out[i] = spent{ID: e.ID, Person: b.Person(e.PersonID), Kind: e.Kind, Minutes: e.Minutes, Note: e.Note, Act: e.Act, Day: e.Day.Format(time.DateOnly), CreatedAt: e.MadeAt.UTC(), ChangedAt: e.ChangedAt.UTC()}
		if e.Number != 0 {
			out[i].Ticket = host.Word(desk.Ref(e.Number))
		}
	}
	return out, nil
}

func (p *part) entries(ctx context.Context, by auth.Actor, all []effort.Entry, err error) (*entriesOut, error) {
	if err != nil {
		return nil, err
	}
	out := &entriesOut{}
	out.Body.Minutes = effort.Minutes(all)
	out.Body.Items, err = p.showEntries(ctx, by, all)
	return out, err
}

func (p *part) spent(ctx context.Context, by auth.Actor, e effort.Entry, err error) (*entryOut, error) {
	if err != nil {
		return nil, err
	}
	p.host.Acted(ctx)
	all, err := p.showEntries(ctx, by, []effort.Entry{e})
	if err != nil {
		return nil, err
	}
	return &entryOut{all[0]}, nil
}

func (p *part) timeOf(ctx context.Context, by auth.Actor, in *host.Numbered) (*entriesOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := p.Effort.Of(ctx, by, number)
	return p.entries(ctx, by, all, err)
}

func (p *part) logTime(ctx context.Context, by auth.Actor, in *struct {
	host.Numbered
	Body newEntry
}) (*entryOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	e, err := p.Effort.Log(ctx, by, number, in.Body.work())
	return p.spent(ctx, by, e, err)
}

func (p *part) changeTime(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body newEntry
}) (*entryOut, error) {
	if !id.Valid(in.ID) {
		return nil, host.Nothing
	}
	e, err := p.Effort.Change(ctx, by, in.ID, in.Body.work())
	return p.spent(ctx, by, e, err)
}

func (p *part) removeTime(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body *host.NothingElse
}) (*entryOut, error) {
	if !id.Valid(in.ID) {
		return nil, host.Nothing
	}
	e, err := p.Effort.Remove(ctx, by, in.ID)
	return p.spent(ctx, by, e, err)
}

func (p *part) timeOfWeek(ctx context.Context, by auth.Actor, in *struct {
	Person string `query:"person" doc:"Mail address; you when left out."`
	Week   string `query:"week" doc:"A day of the week, such as 2026-11-26; this week when left out."`
}) (*entriesOut, error) {
	personID, day := by.PersonID, p.Clock.Now()
	if in.Week != "" {
		d, err := time.Parse(time.DateOnly, in.Week)
		if err != nil {
			return nil, errs.In("api.time", "week", "It is no day. Write it like 2026-11-26.")
		}
		day = d
	}
	if in.Person != "" {
		if err := host.Addresses(map[string]string{"person": in.Person}); err != nil {
			return nil, err
		}
		p, err := people.PersonByAddress(ctx, p.DB.Read(), text.Address(in.Person))
		if err != nil || !by.Staff() || p.OrgKind != people.Provider {
			return nil, host.Nothing
		}
		personID = p.ID
	}
	all, _, err := p.Effort.WeekOf(ctx, by, personID, day)
	return p.entries(ctx, by, all, err)
}
