package contract

import (
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
)

// target is one promise of an agreement.
type target struct {
	Side        agreement.Side     `json:"side,omitempty" enum:"provider,customer" doc:"Follows from the metric."`
	Metric      agreement.Metric   `json:"metric" enum:"first_response,next_response,resolution,answer,supply_facts,test,acknowledge,confirm"`
	Priority    agreement.Priority `json:"priority,omitempty" doc:"Left out: every priority without a target of its own."`
	Seconds     int64              `json:"seconds" doc:"Of the working time of whoever owes it."`
	WarnPercent int                `json:"warn_percent,omitempty" doc:"From which part of the time on it is at risk; 0 is never."`
	Service     string             `json:"service,omitempty" doc:"Id of a service; left out: every service without a target of its own. It counts before one that is for every service, whatever the priority."`
	Door        agreement.Door     `json:"door,omitempty" enum:"service_desk,service_levels" doc:"Left out: at whichever door has no target of its own. It counts before one for a service."`
}

// rung is a step of the ladder.
type rung struct {
	Metric      agreement.Metric `json:"metric"`
	Action      string           `json:"action" doc:"remind, tell_contact, pause, requeue, charge, lapse or close for what the customer owes; warn, tell_customer or credit for what IT owes."`
	Percent     int              `json:"percent,omitempty" doc:"Of the time; what follows from a promise comes at 100 or later."`
	PlusSeconds int64            `json:"plus_seconds,omitempty"`
	PlusDays    int              `json:"plus_days,omitempty" doc:"Working days after the step before."`
	Price       *price           `json:"price,omitempty" doc:"Of a charge or a credit."`
}

// price is what something costs.
type price struct {
	What     string `json:"what"`
	Minor    int64  `json:"minor" doc:"In the smallest unit of the currency: pence, cents."`
	Currency string `json:"currency" example:"GBP" doc:"ISO 4217."`
}

// inner is a target of a team or a supplier beneath a promise to the customer.
type inner struct {
	Who      string             `json:"who"`
	Metric   agreement.Metric   `json:"metric"`
	Priority agreement.Priority `json:"priority,omitempty"`
	Seconds  int64              `json:"seconds"`
}

// Terms are what a version says.
type Terms struct {
	Targets              []target   `json:"targets"`
	Ladder               []rung     `json:"ladder" doc:"What follows when a promise is not kept, in order."`
	SupplierStopsPromise bool       `json:"supplier_stops_promise,omitempty" doc:"A supplier's turn does not run against IT's promise."`
	GraceDays            int        `json:"grace_days" doc:"For how long a closed ticket can be reopened."`
	DisputeDays          int        `json:"dispute_days,omitempty" doc:"For how long after its end a span can be challenged; 0 is always."`
	Review               *time.Time `json:"review,omitempty" doc:"When both sides look at it again."`
	Until                *time.Time `json:"until,omitempty" doc:"The end of the term; it holds on until a version takes its place."`
	Services             []string   `json:"services,omitempty" doc:"Ids of those it covers; left out, all."`
	Boundaries           string     `json:"boundaries,omitempty" doc:"What is covered, and what is not."`
	Prices               []price    `json:"prices,omitempty"`
	Teams                []inner    `json:"teams,omitempty" doc:"Operational level agreements beneath it."`
	Suppliers            []inner    `json:"suppliers,omitempty" doc:"Underpinning contracts beneath it."`
	Escalation           string     `json:"escalation,omitempty" doc:"Where a dispute goes that the signatories do not settle."`
}

func termsOf(t agreement.Terms) Terms {
	out := Terms{
		Targets: []target{}, Ladder: []rung{}, SupplierStopsPromise: t.SupplierStopsPromise, GraceDays: t.GraceDays, DisputeDays: t.DisputeDays,
		Review: host.Second(t.Review), Until: host.Second(t.Until), Services: t.Services, Boundaries: t.Boundaries, Escalation: t.Escalation,
	}
	for _, x := range t.Targets {
		out.Targets = append(out.Targets, target{x.Metric.Side(), x.Metric, x.Priority, x.Seconds, x.WarnPercent, x.Service, x.Door})
	}
	for _, s := range t.Ladder {
		r := rung{Metric: s.Metric, Action: s.Action, Percent: s.Percent, PlusSeconds: s.PlusSeconds, PlusDays: s.PlusDays}
		if s.Price != (agreement.Price{}) {
			p := price(s.Price)
			r.Price = &p
		}
		out.Ladder = append(out.Ladder, r)
	}
	for _, p := range t.Prices {
		out.Prices = append(out.Prices, price(p))
	}
	for _, x := range t.Teams {
		out.Teams = append(out.Teams, inner(x))
	}
	for _, x := range t.Suppliers {
		out.Suppliers = append(out.Suppliers, inner(x))
	}
	return out
}

func (t Terms) read() agreement.Terms {
	out := agreement.Terms{
		SupplierStopsPromise: t.SupplierStopsPromise, GraceDays: t.GraceDays, DisputeDays: t.DisputeDays, Services: t.Services, Boundaries: t.Boundaries,
		Escalation: t.Escalation, Review: second(t.Review), Until: second(t.Until),
	}
	for _, x := range t.Targets {
		out.Targets = append(out.Targets, agreement.Target{Metric: x.Metric, Side: x.Side, Priority: x.Priority, Seconds: x.Seconds, WarnPercent: x.WarnPercent, Service: x.Service, Door: x.Door})
	}
	for _, s := range t.Ladder {
		step := agreement.Step{Metric: s.Metric, Action: s.Action, Percent: s.Percent, PlusSeconds: s.PlusSeconds, PlusDays: s.PlusDays}
		if s.Price != nil {
			step.Price = agreement.Price(*s.Price)
		}
		out.Ladder = append(out.Ladder, step)
	}
	for _, p := range t.Prices {
		out.Prices = append(out.Prices, agreement.Price(p))
	}
	for _, x := range t.Teams {
		out.Teams = append(out.Teams, agreement.Inner(x))
	}
	for _, x := range t.Suppliers {
		out.Suppliers = append(out.Suppliers, agreement.Inner(x))
	}
	return out
}

func second(t *time.Time) int64 {
	if t == nil || t.IsZero() {
		return 0
	}
	return t.Unix()
}
