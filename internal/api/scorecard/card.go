package scorecard

import (
	"cmp"
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/report"
	"bothways/internal/report/score"
)

// scorecardAnswer is a scorecard. Both columns are counted the same way.
type scorecardAnswer struct {
	Agreement struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Version string `json:"version" doc:"Id of the version in force."`
		Number  int64  `json:"number"`
	} `json:"agreement"`
	Site     *scorecardSite        `json:"site" doc:"null: every site under the agreement."`
	Whose    string                `json:"whose" doc:"The customer's side by name."`
	Zone     string                `json:"zone" doc:"IANA: in which the period's days are."`
	From     time.Time             `json:"from"`
	To       time.Time             `json:"to" doc:"Not in it."`
	ReadAt   time.Time             `json:"read_at"`
	Provider scorecardSide         `json:"provider"`
	Customer scorecardSide         `json:"customer"`
	Tickets  int64                 `json:"tickets" doc:"That ended in the period; their time is counted below."`
	Sides    []timeSpent           `json:"sides" doc:"Where the time of those tickets went, by side."`
	Time     []timeSpent           `json:"time" doc:"The same by team, site and supplier, the largest first."`
	Weeks    []scorecardWeek       `json:"weeks"`
	Helps    []whatHelps           `json:"helps" doc:"What would have saved most hours on each side."`
	Sites    []siteShare           `json:"sites" doc:"Of the sites the caller may read, by name."`
	Others   *siteSpread           `json:"others" doc:"Of the other sites, without names; null where there are fewer than five."`
	Readers  agreementReaders      `json:"readers"`
	Effect   *signingEffect        `json:"effect" doc:"Hours a ticket before and after signing; null when too little is known."`
	Restated *scorecardPublication `json:"restated" doc:"What was published of the same period where it reads otherwise now."`
}

type scorecardSite struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// promiseFigures are how promises stood.
type promiseFigures struct {
	Due      int64  `json:"due" doc:"kept + broken + waived + disputed"`
	Kept     int64  `json:"kept"`
	Broken   int64  `json:"broken"`
	Waived   int64  `json:"waived"`
	Disputed int64  `json:"disputed"`
	Running  int64  `json:"running" doc:"Owed and in time, now."`
	Silence  int64  `json:"accepted_by_silence" doc:"Neither kept nor broken."`
	Needless int64  `json:"needless" doc:"Questions that had been answered already: IT's."`
	Owed     int64  `json:"still_owed" doc:"Of the broken."`
	Permille *int64 `json:"kept_permille" doc:"Kept, of a thousand kept or broken; null when there were none."`
	Small    bool   `json:"small" doc:"Fewer than twenty were kept or broken: not to be compared."`
	Median   *int64 `json:"median_seconds" doc:"Of the working time used, by nearest rank."`
	Ninth    *int64 `json:"p90_seconds"`
	Over     int64  `json:"over_seconds" doc:"By which the broken ones passed their targets, in sum."`
}

// promiseLine is a kind of promise.
type promiseLine struct {
	Metric   agreement.Metric   `json:"metric"`
	Priority agreement.Priority `json:"priority,omitempty"`
	promiseFigures
}

// scorecardSide is one side.
type scorecardSide struct {
	promiseFigures
	Metrics    []promiseLine `json:"metrics"`
	Priorities []promiseLine `json:"priorities" doc:"The same by metric and priority."`
}

// timeSpent is time.
type timeSpent struct {
	Side    agreement.Side `json:"side" enum:"provider,customer,supplier,nobody"`
	Party   *string        `json:"party" doc:"Name of the team, the site or the supplier."`
	Wall    int64          `json:"wall_seconds"`
	Working int64          `json:"working_seconds" doc:"In that side's hours."`
	Tickets int64          `json:"tickets"`
}

// scorecardWeek is a stretch of the trend.
type scorecardWeek struct {
	From     time.Time   `json:"from"`
	To       time.Time   `json:"to" doc:"Not in it."`
	Provider keptShare   `json:"provider"`
	Customer keptShare   `json:"customer"`
	Tickets  int64       `json:"tickets"`
	Sides    []timeSpent `json:"sides"`
}

type keptShare struct {
	Kept     int64  `json:"kept"`
	Broken   int64  `json:"broken"`
	Permille *int64 `json:"kept_permille"`
}

type whatHelps struct {
	Side   agreement.Side   `json:"side"`
	Metric agreement.Metric `json:"metric"`
	Broken int64            `json:"broken"`
	Saved  int64            `json:"seconds_saved" doc:"Of working time, had each kept its target."`
}

type siteShare struct {
	Site     scorecardSite `json:"site"`
	Provider keptShare     `json:"provider"`
	Customer keptShare     `json:"customer"`
	Small    bool          `json:"small"`
}

type siteSpread struct {
	Sites    int        `json:"sites"`
	Provider shareRange `json:"provider"`
	Customer shareRange `json:"customer"`
}

type shareRange struct {
	Lowest  int64 `json:"lowest_permille"`
	Middle  int64 `json:"middle_permille"`
	Highest int64 `json:"highest_permille"`
}

type agreementReaders struct {
	Read   int64 `json:"read" doc:"Have said that they read what is asked of them."`
	People int64 `json:"people"`
}

type signingEffect struct {
	Signed   time.Time `json:"signed" doc:"From when on the version is in force."`
	Days     int       `json:"days" doc:"Compared on each side of that."`
	Before   meanHours `json:"before"`
	After    meanHours `json:"after"`
	Change   float64   `json:"difference_hours"`
	Interval []float64 `json:"interval_hours" doc:"95 %, by Welch's method."`
}

type meanHours struct {
	Tickets int64   `json:"tickets"`
	Hours   float64 `json:"hours" doc:"Of working time a ticket, agreed waits left out."`
}

func numbers(f score.Figures) promiseFigures {
	out := promiseFigures{
		Due: f.Due(), Kept: f.Kept, Broken: f.Broken, Waived: f.Waived, Disputed: f.Disputed, Running: f.Running, Silence: f.Silence, Needless: f.Needless,
		Owed: f.Owed, Small: f.Small(), Over: f.Over,
	}
	out.Permille = told(f.Permille())
	out.Median, out.Ninth = told(f.Used(50)), told(f.Used(90))
	return out
}

// told is a figure, or null.
func told(n int64, ok bool) *int64 {
	if !ok {
		return nil
	}
	return &n
}

func columnOf(c score.Column) scorecardSide {
	out := scorecardSide{promiseFigures: numbers(c.Figures), Metrics: []promiseLine{}, Priorities: []promiseLine{}}
	for _, l := range c.Metrics {
		out.Metrics = append(out.Metrics, promiseLine{l.Metric, "", numbers(l.Figures)})
	}
	for _, l := range c.Lines {
		out.Priorities = append(out.Priorities, promiseLine{l.Metric, l.Priority, numbers(l.Figures)})
	}
	return out
}

func keptOf(k, counted int64) keptShare {
	return keptShare{k, counted - k, told(score.Permille(k, counted))}
}

// tell makes the answer: parties by name.
func (p *part) tell(ctx context.Context, by auth.Actor, c report.Card) (scorecardAnswer, error) {
	out := scorecardAnswer{
		Whose: c.Whose, Zone: c.Zone.String(), From: c.From.UTC(), To: c.To.UTC(), ReadAt: c.At.UTC(), Provider: columnOf(c.Provider), Customer: columnOf(c.Customer),
		Tickets: c.Tickets, Time: []timeSpent{}, Weeks: []scorecardWeek{}, Helps: []whatHelps{}, Sites: []siteShare{}, Readers: agreementReaders(c.Readers),
	}
	out.Agreement.ID, out.Agreement.Name, out.Agreement.Version, out.Agreement.Number = c.Paper.AgreementID, c.Paper.Name, c.Paper.ID, c.Paper.Number
	if c.Site.ID != "" {
		out.Site = &scorecardSite{c.Site.ID, c.Site.Name}
	}
	names, err := p.parties(ctx, by, c)
	if err != nil {
		return out, err
	}
	for _, x := range c.Sides {
		out.Sides = append(out.Sides, timeSpent{x.Side, nil, x.Wall, x.Working, x.Tickets})
	}
	for _, x := range c.Time {
		out.Time = append(out.Time, timeSpent{x.Side, host.Word(names(x.Side, x.Party)), x.Wall, x.Working, x.Tickets})
	}
	for _, w := range c.Weeks {
		k := scorecardWeek{From: time.Unix(w.From, 0).UTC(), To: time.Unix(w.To, 0).UTC(), Provider: keptOf(w.Provider.Kept, w.Provider.Counted()), Customer: keptOf(w.Customer.Kept, w.Customer.Counted()), Tickets: w.Tickets}
		for _, s := range w.Sides {
			k.Sides = append(k.Sides, timeSpent{s.Side, nil, s.Wall, s.Working, w.Tickets})
		}
		out.Weeks = append(out.Weeks, k)
	}
	for _, col := range []score.Column{c.Provider, c.Customer} {
		if l, ok := col.Help(); ok {
			out.Helps = append(out.Helps, whatHelps{col.Side, l.Metric, l.Broken, l.Over})
		}
	}
	for _, s := range c.Sites {
		out.Sites = append(out.Sites, siteShare{scorecardSite{s.Site.ID, s.Site.Name}, keptOf(s.Provider.Kept, s.Provider.Counted), keptOf(s.Customer.Kept, s.Customer.Counted), s.Provider.Small() || s.Customer.Small()})
	}
	if o := c.Others; o != nil {
		out.Others = &siteSpread{o.Sites, shareRange(o.Provider), shareRange(o.Customer)}
	}
	if e := c.Effect; e != nil {
		out.Effect = &signingEffect{e.Signed.UTC(), e.Days, meanHours{e.Before.N, e.Before.Mean}, meanHours{e.After.N, e.After.Mean}, e.Difference, []float64{e.Lowest, e.Highest}}
	}
	return out, nil
}

// parties names teams, sites and suppliers.
func (p *part) parties(ctx context.Context, by auth.Actor, c report.Card) (func(agreement.Side, string) string, error) {
	var ids []string
	sites := map[string]string{}
	for _, x := range c.Time {
		switch {
		case x.Side == agreement.SideProvider, x.Side == agreement.SideSupplier:
			ids = append(ids, x.Party)
		case x.Side == agreement.SideCustomer && x.Party != "":
			s, err := people.SiteByID(ctx, p.DB.Read(), x.Party)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return nil, err
			}
			sites[x.Party] = s.Name
		}
	}
	book, err := host.Names(ctx, p.DB.Read(), by, ids...)
	return func(side agreement.Side, party string) string {
		switch side {
		case agreement.SideProvider:
			return book.Party(party)
		case agreement.SideCustomer:
			return sites[party]
		}
		return cmp.Or(book.Party(party), party)
	}, err
}
