package vote

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// Base is the address of the pages.
const Base = "/approvals"

// Object says where a kind of thing that is approved is read, and what the kind is called.
type Object struct {
	Name string // "an agreement"
	Href func(objectID string) string
	// Stages are the names of stages as people read them.
	Stages map[string]string
}

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Approvals *approval.Service
	People    *people.Service
	DB        *db.DB
	Objects   map[string]Object // by kind
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	route := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: Base + path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	return []area.Route{
		route("GET", "", auth.ApprovalRead, p.list),
		route("POST", "/delegations", auth.ApprovalVote, p.delegate),
		route("POST", "/delegations/{id}/end", auth.ApprovalVote, p.endDelegation),
		route("GET", "/{id}", auth.ApprovalRead, p.page),
		route("POST", "/{id}", auth.ApprovalVote, p.cast),
		route("POST", "/{id}/withdraw", auth.ApprovalVote, p.withdraw),
	}
}

// Done are the sentences the pages say once after a form was taken, by the key in the address.
var Done = map[string]string{
	"decided": "Your decision is on record.", "taken-back": "Taken back. Those who were asked are told.", "delegated": "Saved. They can vote for you in that time.", "delegation-ended": "Your votes are yours again.",
}

var crumb = ui.Link{Label: "Approvals", Href: Base}

// names reads who is named by id.
func (p *Pages) names(c *area.Call, ids ...string) (map[string]string, error) {
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(s string) bool { return s == "" || s == "system" })
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	all, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	for _, x := range all {
		out[x.ID] = x.Name
	}
	return out, err
}

func persons(all ...approval.Ask) []string {
	var out []string
	for _, a := range all {
		out = append(append(out, a.AskedBy), a.Rule.Escalate...)
		for _, s := range a.Rule.Stages {
			out = append(out, s.Seats...)
		}
		for _, v := range a.Votes {
			out = append(out, v.Voter)
		}
	}
	return out
}

type listPage struct {
	Frame      ui.PortalFrame
	Told       []string
	Waiting    []line
	Past       []line
	Pages      ui.Pages
	Delegated  sheet.Table
	Delegation ui.Form
}

// line is an approval in a list.
type line struct {
	Href, Title, Kind, Text string
	Chip                    ui.Chip
}

func (p *Pages) list(c *area.Call) error { return p.showList(c, nil) }

func (p *Pages) showList(c *area.Call, back *area.Returned) error {
	waiting, err := p.Approvals.Waiting(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	past, err := p.Approvals.Mine(c.Ctx(), c.By, c.Query("cursor"), 20)
	if err != nil {
		return err
	}
	given, err := p.Approvals.Delegations(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	ids := persons(append(slices.Clone(waiting), past.Items...)...)
	for _, d := range given {
		ids = append(ids, d.From, d.To)
	}
	names, err := p.names(c, ids...)
	if err != nil {
		return err
	}
	v := listPage{Frame: c.Face.Portal("Approvals", Base), Pages: c.Pages("Approvals", past.Next)}
	for _, a := range waiting {
		l := p.line(c, a)
		l.Text = "Asked by " + whose(names, a.AskedBy) + ", " + c.Reader.WhenIn(a.AskedAt)
		seats, err := p.Approvals.Seats(c.Ctx(), c.By, a)
		if err != nil {
			return err
		}
		if len(seats) > 0 && seats[0].Holder != c.Me.ID {
			l.Text += " · for " + whose(names, seats[0].Holder)
		}
		v.Waiting = append(v.Waiting, l)
	}
	for _, a := range past.Items {
		l := p.line(c, a)
		l.Text = "Asked by " + whose(names, a.AskedBy) + ", " + c.Reader.WhenIn(a.AskedAt)
		v.Past = append(v.Past, l)
	}
	v.Delegated = p.delegations(c, given, names)
	v.Delegation = back.Form("delegation", Base+"/delegations", nil)
	v.Told = back.Told()
	c.Face.Render(back.Status(), listView(v))
	return nil
}

func whose(names map[string]string, personID string) string {
	if n, ok := names[personID]; ok {
		return n
	}
	return "the program"
}

func (p *Pages) line(c *area.Call, a approval.Ask) line {
	return line{Href: Base + "/" + a.ID, Title: a.Title, Kind: p.Objects[a.Kind].Name, Chip: chip(c.Reader, a)}
}

func chip(r ui.Reader, a approval.Ask) ui.Chip {
	switch a.State {
	case approval.Pending:
		if a.ExpiresAt.IsZero() {
			return ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "Waits"}
		}
		return ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "By " + r.Short(a.ExpiresAt)}
	case approval.Approved:
		return ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Approved"}
	case approval.Refused:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconX, Text: "Not approved"}
	case approval.Expired:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconClock, Text: "Ended undecided"}
	case approval.Withdrawn:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconUndo, Text: "Taken back"}
	}
	return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconUndo, Text: "Changed meanwhile"}
}

// askPage is one approval.
type askPage struct {
	Frame    ui.PortalFrame
	Title    string
	Lead     string
	Chip     ui.Chip
	Facts    []ui.Fact
	Told     []string
	Stages   []stagePart
	Decide   ui.Form
	As       []ui.Option // the seats the reader may vote from, when there are several
	AsNote   string      // whose seat it is, when it is not the reader's own
	Withdraw ui.Form
	Read     ui.Link // where what is asked is read
}

type stagePart struct {
	ID, Title, Note string
	Votes           sheet.Table
}

func (p *Pages) page(c *area.Call) error { return p.showPage(c, nil) }

func (p *Pages) showPage(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	a, err := p.Approvals.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	names, err := p.names(c, persons(a)...)
	if err != nil {
		return err
	}
	o := p.Objects[a.Kind]
	v := askPage{Frame: c.Face.Portal(a.Title, Base), Title: a.Title, Chip: chip(c.Reader, a), Told: back.Told()}
	v.Lead = "Asked by " + whose(names, a.AskedBy) + " on " + c.Reader.Full(a.AskedAt) + "."
	if o.Href != nil {
		v.Read = ui.Link{Label: "Read " + o.Name, Href: o.Href(a.ObjectID)}
	}
	v.Facts = facts(c.Reader, a)
	for i, s := range a.Standing().Stages {
		v.Stages = append(v.Stages, p.stage(c, a, i, s, names, o))
	}
	seats, err := p.Approvals.Seats(c.Ctx(), c.By, a)
	if err != nil {
		return err
	}
	if len(seats) > 0 { // nothing is chosen for them beforehand
		v.Decide = back.Form("decide", Base+"/"+a.ID, map[string]string{"decision": "none"}, ui.Hidden{Name: "digest", Value: a.Digest})
		v.seats(c, seats, names, o)
	}
	if a.State == approval.Pending && a.AskedBy == c.By.PersonID {
		v.Withdraw = back.Form("withdraw", Base+"/"+a.ID+"/withdraw", nil)
	}
	c.Face.Render(back.Status(), askView(v))
	return nil
}

// seats says from which seat the reader decides.
func (v *askPage) seats(c *area.Call, seats []approval.Seat, names map[string]string, o Object) {
	if len(seats) == 1 {
		if s := seats[0]; s.Holder != c.Me.ID {
			v.AsNote = "You decide for " + whose(names, s.Holder) + until(c.Reader, s.Until) + "."
		}
		return
	}
	for _, s := range seats {
		l := whose(names, s.Holder)
		if s.Holder == c.Me.ID {
			l = "Yourself"
		}
		if n := o.Stages[s.Stage]; n != "" {
			l += " (" + n + ")"
		}
		v.As = append(v.As, ui.Option{Value: s.Holder + " " + s.Stage, Label: l})
	}
}

func until(r ui.Reader, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", delegated until " + r.Full(t)
}

func facts(r ui.Reader, a approval.Ask) []ui.Fact {
	var out []ui.Fact
	if !a.ExpiresAt.IsZero() && a.State == approval.Pending {
		out = append(out, ui.Fact{Name: "Decide by", Value: r.Full(a.ExpiresAt)})
	}
	if at := a.EscalatedAt; !at.IsZero() {
		out = append(out, ui.Fact{Name: "Asked further", Value: r.Full(at) + ": nobody had decided in time"})
	}
	if !a.DecidedAt.IsZero() {
		out = append(out, ui.Fact{Name: "Ended", Value: r.Full(a.DecidedAt)})
	}
	if a.Reason != "" {
		out = append(out, ui.Fact{Name: "Why", Value: a.Reason})
	}
	return append(out, ui.Fact{Name: "What is asked, as a SHA-256", Value: a.Digest})
}

func (p *Pages) stage(c *area.Call, a approval.Ask, i int, s approval.StageStanding, names map[string]string, o Object) stagePart {
	rule := a.Rule.Stages[i]
	part := stagePart{ID: "stage-" + strconv.Itoa(i), Title: o.Stages[s.Name]}
	if part.Title == "" {
		part.Title = s.Name
	}
	switch {
	case s.State == approval.Approved:
		part.Note = "Consented."
	case s.State == approval.Refused:
		part.Note = "Did not consent."
	case !s.Asked:
		part.Note = "Asked when those before have consented."
	case rule.Quorum == len(rule.Seats) && len(rule.Seats) > 1:
		part.Note = "All " + strconv.Itoa(rule.Quorum) + " have to consent."
	case len(rule.Seats) > 1:
		part.Note = strconv.Itoa(rule.Quorum) + " of " + strconv.Itoa(len(rule.Seats)) + " have to consent."
	}
	if rule.Veto && s.State == approval.Pending {
		part.Note += " One refusal ends it."
	}
	part.Votes = sheet.Table{Caption: part.Title, Cols: []sheet.Col{{Label: "Who"}, {Label: "Decision"}, {Label: "When"}}}
	for _, seat := range rule.Seats {
		row := sheet.Row{sheet.Text(whose(names, seat)), sheet.Text("Not yet"), {}}
		if a.State != approval.Pending || s.State != approval.Pending {
			row[1] = sheet.Text("None")
		}
		k := slices.IndexFunc(a.Votes, func(v approval.Vote) bool { return v.Stage == s.Name && v.Seat == seat })
		if k >= 0 {
			vote := a.Votes[k]
			row[1] = sheet.Chips(ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Consents"})
			if !vote.Consent {
				row[1] = sheet.Chips(ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconX, Text: "Does not consent"})
			}
			row[1].Sub, row[2] = vote.Reason, sheet.When(vote.At)
			if vote.Stood() {
				row[0].Sub = whose(names, vote.Voter) + " for " + whose(names, seat) + until(c.Reader, vote.Until)
			}
		}
		part.Votes.Rows = append(part.Votes.Rows, row)
	}
	return part
}

func (p *Pages) cast(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("decide", area.Fields("reason"), func(f *serve.Form) (string, error) {
		b := approval.Ballot{Reason: f.Value("reason"), Digest: f.Value("digest")}
		switch f.Value("decision") {
		case "consent":
			b.Consent = true
		case "refuse":
		default:
			return "", errs.In("web.vote", "decision", "Choose one of the two.")
		}
		b.Seat, b.Stage, _ = strings.Cut(f.Value("as"), " ") // an id holds no space
		_, err := p.Approvals.Vote(c.Ctx(), c.By, id, b)
		return Base + "/" + id + "?done=decided", err
	}, func(b *area.Returned) error { return p.showPage(c, b) })
}

func (p *Pages) withdraw(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("withdraw", area.Fields("reason"), func(f *serve.Form) (string, error) {
		_, err := p.Approvals.Withdraw(c.Ctx(), c.By, id, f.Value("reason"))
		return Base + "/" + id + "?done=taken-back", err
	}, func(b *area.Returned) error { return p.showPage(c, b) })
}
