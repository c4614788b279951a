package accord

import (
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// promised are the metrics as the form asks for them.
var promised = []struct {
	metric agreement.Metric
	title  string
	whose  string
}{
	{agreement.MetricFirstResponse, "A first reply", "IT"}, {agreement.MetricNextResponse, "Every reply after that", "IT"}, {agreement.MetricResolution, "A solution", "IT"},
	{agreement.MetricAnswer, "An answer to a question", "The customer"}, {agreement.MetricSupplyFacts, "The facts that are asked for", "The customer"}, {agreement.MetricTest, "A test of what was changed", "The customer"}, {agreement.MetricAcknowledge, "A word that something was read", "The customer"}, {agreement.MetricConfirm, "A yes or no whether it works", "The customer"},
}

// atLevels are what IT promises at the second door.
var atLevels = []agreement.Metric{agreement.MetricFirstResponse, agreement.MetricNextResponse, agreement.MetricResolution}

// group is the fields of one promise.
type group struct {
	ID     string
	Title  string
	Fields []ui.Field
}

type formPage struct {
	Frame     ui.PortalFrame
	Title     string
	Lead      string
	Form      ui.Form
	Named     bool // an agreement begins, and wants a name
	Groups    []group
	Calendars []ui.Option
	Words     string // of what can be promised, for lines
	Told      []string
}

func field(m agreement.Metric, p agreement.Priority) string { return string(m) + "." + string(p) }

func (p *Pages) form(c *area.Call) error { return p.showForm(c, nil) }

// start is what a proposal begins with: what it answers, the newest version, or what holds now.
func (p *Pages) start(c *area.Call, agreementID, siteID, answers string) (contract.Input, string, error) {
	in := contract.Input{AgreementID: agreementID, SiteID: siteID, Answers: answers}
	if answers != "" {
		x, err := p.Contracts.Get(c.Ctx(), c.By, answers)
		if err != nil || x.AgreementID != agreementID {
			return in, "", nothing()
		}
		in.Service, in.Customer, in.Terms, in.From, in.Name, in.OrgID, in.SiteID = x.Service, x.Customer, x.Terms, x.From, x.Name, x.OrgID, x.SiteID
		return in, "Your answer to version " + ui.Count(int(x.Number)) + " as it was proposed.", nil
	}
	var paper agreement.Paper
	var err error
	switch {
	case agreementID != "":
		paper, err = p.Contracts.Newest(c.Ctx(), c.By, agreementID)
		in.OrgID, in.SiteID, in.Name = paper.OrgID, paper.SiteID, paper.Name
	case siteID != "":
		var s people.Site
		if s, err = people.SiteByID(c.Ctx(), p.DB.Read(), siteID); err == nil {
			in.OrgID = s.OrgID
			paper, err = p.Book.InForce(c.Ctx(), p.DB.Read(), s.OrgID, s.ID, p.Clock.Now())
		}
	default:
		return in, "", nothing()
	}
	if err != nil {
		return in, "", err
	}
	in.Service, in.Customer, in.Terms = paper.ServiceCalendar, paper.CustomerCalendar, paper.Terms
	in.From = soon(c.Reader.In(p.Clock.Now()))
	return in, "It begins with what holds now: " + paper.Name + ", version " + ui.Count(int(paper.Number)) + ".", nil
}

func (p *Pages) showForm(c *area.Call, back *area.Returned) error {
	ids := map[string]string{}
	for _, k := range []string{"agreement", "site", "answers"} {
		if ids[k] = c.QueryID(k); back != nil {
			ids[k] = back.Values[k]
		}
	}
	in, lead, err := p.start(c, ids["agreement"], ids["site"], ids["answers"])
	if err != nil {
		return err
	}
	if _, err := p.Contracts.SideOf(c.Ctx(), c.By, contract.Proposal{OrgID: in.OrgID, SiteID: in.SiteID}); err != nil {
		return err
	}
	whose, err := p.whose(c, in.OrgID, in.SiteID)
	if err != nil {
		return err
	}
	if n, err := desk.ParseRef(c.Query("about")); err == nil {
		in.Why = "It is what was asked for in " + desk.Ref(n) + "."
	}
	v := formPage{Title: "Propose a version for " + whose, Lead: lead + " You sign it for your side when you send it.", Named: in.AgreementID == "", Told: back.Told(), Words: words()}
	v.Form = back.Form("propose", Base, p.values(c, in), ui.Hidden{Name: "agreement", Value: in.AgreementID}, ui.Hidden{Name: "site", Value: ids["site"]}, ui.Hidden{Name: "answers", Value: in.Answers})
	for _, x := range promised {
		g := group{ID: "promise-" + string(x.metric), Title: x.whose + ": " + strings.ToLower(x.title[:1]) + x.title[1:]}
		for _, pr := range agreement.Priorities() {
			g.Fields = append(g.Fields, ui.Field{Name: field(x.metric, pr), Label: strings.ToUpper(string(pr)[:1]) + string(pr)[1:], Spellless: true, Autocomplete: "off"})
		}
		v.Groups = append(v.Groups, g)
	}
	g := group{ID: "promise-levels", Title: "IT, at the second door: levels and price"}
	for i, m := range atLevels {
		g.Fields = append(g.Fields, ui.Field{Name: levelsField(m), Label: promised[i].title, Spellless: true, Autocomplete: "off"})
	}
	v.Groups = append(v.Groups, g)
	all, err := p.Calendars.List(c.Ctx(), c.By, "", 200)
	if err != nil {
		return err
	}
	for _, d := range all.Items {
		v.Calendars = append(v.Calendars, ui.Option{Value: d.ID, Label: d.Name})
	}
	v.Frame = c.Face.Portal(v.Title, "/levels")
	c.Face.Render(back.Status(), formView(v))
	return nil
}

// values fills the form.
func (p *Pages) values(c *area.Call, in contract.Input) map[string]string {
	t := in.Terms
	out := map[string]string{
		"service_calendar": in.Service, "customer_calendar": in.Customer, "from": c.Reader.In(in.From).Format("2006-01-02T15:04"), "grace_days": strconv.Itoa(t.GraceDays),
		"dispute_days": strconv.Itoa(t.DisputeDays), "boundaries": t.Boundaries, "review": day(c, t.Review), "until": day(c, t.Until),
	}
	out["further"], out["why"] = t.Escalation, in.Why
	fillLines(out, t, p.Contracts.Names(c.Ctx(), c.Reader.Zone))
	for _, m := range agreement.Metrics() {
		for _, pr := range agreement.Priorities() {
			if s := seconds(t.Targets, m, pr); s > 0 {
				out[field(m, pr)] = hoursOf(s)
			}
		}
	}
	var lines []string
	for _, x := range t.Prices {
		amount, currency, _ := strings.Cut(contract.Amount(x), " ")
		lines = append(lines, x.What+"; "+amount+"; "+currency)
	}
	out["prices"] = strings.Join(lines, "\n")
	return out
}

func day(c *area.Call, at int64) string {
	if at == 0 {
		return ""
	}
	return c.Reader.In(time.Unix(at, 0)).Format("2006-01-02T15:04")
}

func seconds(all []agreement.Target, m agreement.Metric, p agreement.Priority) int64 {
	every := int64(0)
	for _, t := range all {
		switch {
		case t.Metric != m || !plainTarget(t):
		case t.Priority == p:
			return t.Seconds
		case t.Priority == "" && every == 0:
			every = t.Seconds
		}
	}
	return every
}

func hoursOf(s int64) string {
	return strconv.FormatFloat(float64(s)/3600, 'f', -1, 64)
}

func (p *Pages) propose(c *area.Call) error {
	return c.Take("propose", fields(), func(f *serve.Form) (string, error) {
		in, _, err := p.start(c, f.Value("agreement"), f.Value("site"), f.Value("answers"))
		if err != nil {
			return "", err
		}
		r := &reading{ctx: c.Ctx(), p: p, f: f, orgID: in.OrgID, where: map[string]placed{}}
		if err := r.read(c, &in); err != nil {
			return "", err
		}
		x, err := p.Contracts.Propose(c.Ctx(), c.By, in)
		err = r.at(err)
		return Base + "/proposals/" + x.ID + "?done=proposed", err
	}, func(b *area.Returned) error { return p.showForm(c, b) })
}

// fields leads from the service's names to the form's.
func fields() map[string]string {
	out := area.Fields("name", "from", "why", "service_calendar", "customer_calendar", "grace_days", "dispute_days", "review", "until", "boundaries", "prices", "own", "covered", "teams", "suppliers", "further")
	for _, m := range atLevels {
		out[levelsField(m)] = levelsField(m)
	}
	for _, m := range agreement.Metrics() {
		for _, pr := range agreement.Priorities() {
			out[field(m, pr)] = field(m, pr)
		}
	}
	return out
}

// read takes what was typed. What the form does not ask, such as what follows, stays as it was.
func (r *reading) read(c *area.Call, in *contract.Input) error {
	const op = "web.accord"
	f := r.f
	e := errs.New(errs.Invalid, op, "This can't be read.")
	bad := func(path, msg string) { e.Fields = append(e.Fields, errs.Field{Path: path, Msg: msg}) }
	r.bad = bad
	when := func(name string) time.Time {
		t, err := area.Instant(c.Reader.Zone, name, f.Value(name))
		if err != nil {
			bad(name, errs.Sentence(err))
		}
		return t
	}
	count := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(f.Value(name)))
		if f.Value(name) == "" {
			return 0
		}
		if err != nil {
			bad(name, "It is no number of days.")
		}
		return n
	}
	if in.AgreementID == "" {
		in.Name = f.Value("name")
	}
	in.Service, in.Customer, in.From, in.Why = f.Value("service_calendar"), f.Value("customer_calendar"), when("from"), f.Values["why"]
	t := &in.Terms
	t.GraceDays, t.DisputeDays, t.Boundaries = count("grace_days"), count("dispute_days"), f.Values["boundaries"]
	t.Escalation = f.Values["further"]
	t.Review, t.Until = unix(when("review")), unix(when("until"))
	t.Targets = r.targets(targets(f, t.Targets, bad), t.Targets)
	t.Services, t.Teams, t.Suppliers = r.covered(), r.inner("teams"), r.inner("suppliers")
	var err error
	if t.Prices, err = readPrices(f.Values["prices"]); err != nil {
		bad("prices", errs.Sentence(err))
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// targets reads the promises of both sides. The same length at every priority is one target; warnings stay as they were.
func targets(f *serve.Form, old []agreement.Target, bad func(path, msg string)) []agreement.Target {
	var out []agreement.Target
	for _, m := range agreement.Metrics() {
		var lengths []int64
		for _, pr := range agreement.Priorities() {
			s, ok := hours(f.Value(field(m, pr)))
			if !ok {
				bad(field(m, pr), "It is no length in hours. Write it like 4 or 0.5, or leave it empty when nothing is promised.")
			}
			lengths = append(lengths, s)
		}
		warn := 0
		for _, t := range old {
			if t.Metric == m {
				warn = max(warn, t.WarnPercent)
			}
		}
		if lengths[0] > 0 && lengths[0] == lengths[1] && lengths[1] == lengths[2] && lengths[2] == lengths[3] {
			out = append(out, agreement.Target{Metric: m, Side: m.Side(), Seconds: lengths[0], WarnPercent: warn})
			continue
		}
		for i, pr := range agreement.Priorities() {
			if lengths[i] > 0 {
				out = append(out, agreement.Target{Metric: m, Side: m.Side(), Priority: pr, Seconds: lengths[i], WarnPercent: warn})
			}
		}
	}
	return out
}

// hours reads a length such as "4" or "0.5" or "0,5", in whole seconds; "" is none.
func hours(s string) (int64, bool) {
	s = strings.TrimSpace(strings.ReplaceAll(s, ",", "."))
	if s == "" {
		return 0, true
	}
	h, err := strconv.ParseFloat(s, 64)
	if err != nil || !(h > 0) || h > 10_000 {
		return 0, false
	}
	return int64(h*3600 + 0.5), true
}

// readPrices reads lines such as "One person, per month; 41.20; GBP".
func readPrices(s string) ([]agreement.Price, error) {
	var out []agreement.Price
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		parts := strings.Split(line, ";")
		if len(parts) != 3 {
			return nil, errs.New(errs.Invalid, "web.accord", "%q is no price. Write a line like: One person, per month; 41.20; GBP", text.Cut(line, 60))
		}
		p, ok := contract.ParseAmount(strings.TrimSpace(parts[1]), strings.ToUpper(strings.TrimSpace(parts[2])))
		if !ok {
			return nil, errs.New(errs.Invalid, "web.accord", "%q is no amount. Write it like 41.20.", text.Cut(strings.TrimSpace(parts[1]), 40))
		}
		p.What = strings.TrimSpace(parts[0])
		out = append(out, p)
	}
	return out, nil
}
