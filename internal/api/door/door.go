// Package door is the part of the API about the two doors: how often requests went from one to the other.
package door

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/passage"
	"bothways/internal/kit/clock"
)

// Services are what the resource stands on.
type Services struct {
	Passages *passage.Book
	DB       *db.DB
	Clock    clock.Clock
}

type part struct{ Services }

// Mount registers the resource.
func Mount(h host.Host, s Services) {
	p := &part{s}
	host.Handle(h, host.Route{Method: http.MethodGet, Path: "passages", Verb: auth.TicketRead, Summary: "Count the tickets that went from one door to the other"}, p.passages)
}

// listed is how many passages an answer names.
const listed = 200

// Counts are how many went each way.
type Counts struct {
	ToServiceLevels int `json:"to_service_levels"`
	ToServiceDesk   int `json:"to_service_desk"`
}

type month struct {
	Month string `json:"month" example:"2026-11"`
	Counts
}

type gone struct {
	Ticket  string         `json:"ticket" example:"BW-1001"`
	Subject string         `json:"subject"`
	At      time.Time      `json:"at"`
	From    agreement.Door `json:"from" enum:"service_desk,service_levels"`
	To      agreement.Door `json:"to" enum:"service_desk,service_levels"`
	By      *host.Person   `json:"by" doc:"Who passed it on; null when Bothways did."`
	Team    string         `json:"team" doc:"Who had it after that."`
	Person  *host.Person   `json:"person" doc:"null: nobody in particular."`
}

type passages struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Counts
	Months []month `json:"months" doc:"In UTC."`
	Items  []gone  `json:"items" doc:"The newest 200 of those that you may read, the newest first."`
	More   bool    `json:"more" doc:"There are more in this period than were counted. Ask for a shorter one."`
}

type passagesOut struct{ Body passages }

type passagesIn struct {
	From time.Time `query:"from" doc:"Left out: ninety days before to."`
	To   time.Time `query:"to" doc:"Before this instant; left out, up to now."`
}

func (p *part) passages(ctx context.Context, by auth.Actor, in *passagesIn) (*passagesOut, error) {
	from, until := in.From, in.To
	if until.IsZero() {
		until = p.Clock.Now().Truncate(time.Second).Add(time.Second) // what went a moment ago too
	}
	if from.IsZero() {
		from = until.AddDate(0, 0, -90)
	}
	r, err := p.Passages.Between(ctx, by, from, until, time.UTC, listed)
	if err != nil {
		return nil, err
	}
	out := passages{From: from.UTC(), To: until.UTC(), Counts: Counts{r.ToLevels, r.ToDesk}, Months: []month{}, Items: []gone{}, More: r.More}
	for _, m := range r.Months {
		out.Months = append(out.Months, month{m.Begins.Format("2006-01"), Counts{m.ToLevels, m.ToDesk}})
	}
	var ids []string
	for _, x := range r.Newest {
		ids = append(ids, x.ByID, x.TeamID, x.PersonID)
	}
	names, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	for _, x := range r.Newest {
		out.Items = append(out.Items, gone{
			Ticket: desk.Ref(x.Number), Subject: x.Subject, At: x.At.UTC(), From: x.From, To: x.To, By: names.Person(x.ByID), Team: names.Teams[x.TeamID], Person: names.Person(x.PersonID),
		})
	}
	return &passagesOut{out}, nil
}
