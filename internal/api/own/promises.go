package own

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

// Tally is how promises of one side stood.
type Tally struct {
	Kept     int64 `json:"kept"`
	Missed   int64 `json:"missed"`
	Waived   int64 `json:"waived"`
	Disputed int64 `json:"disputed"`
}

func tallyOf(c outcome.Count) Tally { return Tally{c.Kept, c.Missed, c.Waived, c.Disputed} }

// Measured is how promises of one kind stood.
type Measured struct {
	Metric   agreement.Metric `json:"metric"`
	Kept     int64            `json:"kept"`
	Missed   int64            `json:"missed"`
	Waived   int64            `json:"waived"`
	Disputed int64            `json:"disputed"`
}

// Account is both columns of a period.
type Account struct {
	From     time.Time  `json:"from"`
	Provider Tally      `json:"provider"`
	Customer Tally      `json:"customer"`
	Metrics  []Measured `json:"metrics" doc:"By what was promised."`
	Needless int64      `json:"needless_questions" doc:"Asked by IT, and answered before: in IT's column."`
}

// AccountOut is a record as an answer.
type AccountOut struct{ Body Account }

func accountOf(r outcome.Record) *AccountOut {
	out := &AccountOut{Account{From: r.From.UTC(), Provider: tallyOf(r.IT), Customer: tallyOf(r.You), Metrics: []Measured{}, Needless: r.Needless}}
	for _, m := range slices.Sorted(maps.Keys(r.Metrics)) {
		c := r.Metrics[m]
		out.Body.Metrics = append(out.Body.Metrics, Measured{m, c.Kept, c.Missed, c.Waived, c.Disputed})
	}
	return out
}

// Lookback is a period that ends now.
type Lookback struct {
	Days string `query:"days" doc:"How many days back: 1 to 3660, 90 when it is left out."`
}

func (l Lookback) from(now time.Time) (time.Time, error) {
	days := 90
	if l.Days != "" {
		n, err := strconv.Atoi(l.Days)
		if err != nil || n < 1 || n > 3660 {
			return time.Time{}, errs.In("api.promises", "days", "It is not a number from 1 to 3660.")
		}
		days = n
	}
	return now.AddDate(0, 0, -days), nil
}

// Capacity says in which of their capacities somebody reads their own promises.
type Capacity struct {
	As string `query:"as" enum:"requester,it" doc:"requester (also when left out), or it: what you owed as somebody of IT."`
}

// PromisesIn is a period and a capacity.
type PromisesIn struct {
	Lookback
	Capacity
}

// MyPromises counts both columns of the caller's own record.
func (o *Own) MyPromises(ctx context.Context, by auth.Actor, in *PromisesIn) (*AccountOut, error) {
	from, err := in.from(o.Clock.Now())
	if err != nil {
		return nil, err
	}
	read := o.Desk.Outcomes.Mine
	if in.As == outcome.AsIT {
		read = o.Desk.Outcomes.Owed
	}
	r, err := read(ctx, by, from)
	if err != nil {
		return nil, err
	}
	return accountOf(r), nil
}

// SiteIn is a site and a period.
type SiteIn struct {
	ID string `path:"id"`
	Lookback
}

// SitePromises counts a site's.
func (o *Own) SitePromises(ctx context.Context, by auth.Actor, in *SiteIn) (*AccountOut, error) {
	from, err := in.from(o.Clock.Now())
	if err != nil {
		return nil, err
	}
	s, err := people.SiteByID(ctx, o.DB.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	r, err := o.Desk.Outcomes.Site(ctx, by, s, from)
	if err != nil {
		return nil, err
	}
	return accountOf(r), nil
}

// OutcomesIn narrows a list of promises.
type OutcomesIn struct {
	Lookback
	Capacity
	Side   string `query:"side" enum:"provider,customer"`
	State  string `query:"state" enum:"met,breached,waived,disputed"`
	Metric string `query:"metric"`
	Limit  string `query:"limit" doc:"Rows of a page: 1 to 200, 50 when it is left out."`
	Cursor string `query:"cursor" doc:"The value of next of the page before."`
}

// Promise is a promise that has ended, or was missed.
type Promise struct {
	Number    string           `json:"number" example:"BW-1001"`
	Subject   string           `json:"subject"`
	ID        string           `json:"id" doc:"Of the obligation."`
	Side      agreement.Side   `json:"side" enum:"provider,customer"`
	Metric    agreement.Metric `json:"metric"`
	State     agreement.State  `json:"state" enum:"met,breached,waived,disputed"`
	Target    int64            `json:"target_seconds"`
	Used      *int64           `json:"used_seconds" doc:"null while it is still owed."`
	StartedAt time.Time        `json:"started_at"`
	DueAt     *time.Time       `json:"due_at"`
	EndedAt   *time.Time       `json:"ended_at" doc:"null: missed, and still owed."`
	DecidedAt time.Time        `json:"decided_at" doc:"When it came to be what it is: the period it counts in."`
}

// MyOutcomes lists what a record counts.
func (o *Own) MyOutcomes(ctx context.Context, by auth.Actor, in *OutcomesIn) (*ListOut[Promise], error) {
	from, err := in.from(o.Clock.Now())
	if err != nil {
		return nil, err
	}
	limit := 0
	if in.Limit != "" {
		if limit, err = strconv.Atoi(in.Limit); err != nil || limit < 1 || limit > page.MaxLimit {
			return nil, errs.In("api.page", "limit", "It is not a number from 1 to %d. Write one, or leave it out.", page.MaxLimit)
		}
	}
	l, err := o.Desk.Outcomes.List(ctx, by, outcome.Filter{Side: agreement.Side(in.Side), State: agreement.State(in.State), Metric: agreement.Metric(in.Metric), As: in.As, From: from}, in.Cursor, limit)
	out := make([]Promise, len(l.Items))
	for i := range l.Items {
		o := &l.Items[i]
		out[i] = Promise{Number: desk.Ref(o.Number), Subject: o.Subject, ID: o.Obligation, Side: o.Side, Metric: o.Metric, State: o.State, Target: o.Target,
			StartedAt: time.Unix(o.Started, 0).UTC(), DueAt: moment(o.Due), EndedAt: moment(o.Ended), DecidedAt: time.Unix(o.Decided, 0).UTC()}
		if o.Ended != 0 {
			out[i].Used = &o.Used
		}
	}
	return listOf(out, l.Next), err
}

// moment is an instant of the ledger, or null.
func moment(unix int64) *time.Time {
	if unix == 0 {
		return nil
	}
	return instant(time.Unix(unix, 0))
}
