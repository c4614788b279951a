package dispute

import (
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// Base is the address of the pages.
const Base = "/disputes"

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Disputes *dispute.Service
	DB       *db.DB
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	route := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: Base + path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	return []area.Route{
		route("GET", "", auth.TicketRead, p.list),
		route("GET", "/{id}", auth.TicketRead, p.page),
		route("POST", "/{id}/propose", auth.DisputePropose, p.propose),
		route("POST", "/{id}/withdraw", auth.TicketDispute, p.withdraw),
	}
}

// Done are the sentences the pages say once after a form was taken, by the key in the address.
var Done = map[string]string{"dispute-proposed": "Proposed, with your signature for IT. Who signs for the customer is asked.", "dispute-taken-back": "Taken back. It stands as it was counted."}

var crumb = []ui.Link{{Label: "Service levels", Href: "/levels"}, {Label: "Disputes", Href: Base}}

type line struct {
	Href, Title, Number, Text string
	Side                      ui.Side
	Chip                      ui.Chip
}

type listPage struct {
	Frame ui.PortalFrame
	Lines []line
	Pages ui.Pages
}

func (p *Pages) list(c *area.Call) error {
	f := dispute.Filter{}
	if n, err := desk.ParseRef(c.Query("ticket")); err == nil {
		f.Number = n
	}
	all, err := p.Disputes.List(c.Ctx(), c.By, f, c.Query("cursor"), 30)
	if err != nil {
		return err
	}
	v := listPage{Frame: c.Face.Portal("Disputes", "/levels"), Pages: c.Pages("Disputes", all.Next)}
	for _, d := range all.Items {
		v.Lines = append(v.Lines, line{
			Href: Base + "/" + d.ID, Title: reading.Capital(about(c.Reader, d)), Number: desk.Ref(d.Number), Side: side(d.Side),
			Text: "Challenged by " + by(d.Side) + ", " + c.Reader.WhenIn(d.RaisedAt), Chip: chip(c.Reader, d),
		})
	}
	c.Face.Render(200, listView(v))
	return nil
}

func side(s agreement.Side) ui.Side {
	if s == agreement.SideCustomer {
		return ui.Customer
	}
	return ui.Provider
}

func by(s agreement.Side) string {
	if s == agreement.SideCustomer {
		return "the customer’s side"
	}
	return "IT’s side"
}

// about says what is challenged: "a reply of IT’s", "the span from … to …".
func about(r ui.Reader, d dispute.Dispute) string {
	if d.Subject.Span() {
		return "whose turn it was from " + r.Full(d.Subject.From) + " to " + r.Full(d.Subject.Until)
	}
	who := "IT promised"
	if d.Metric.Side() == agreement.SideCustomer {
		who = "the customer agreed to"
	}
	return reading.Promises[d.Metric].Noun + ", which " + who
}

// counted says how it was counted.
func counted(d dispute.Dispute) string {
	if d.Subject.Span() {
		return dispute.AnswerWords(d.Counted)
	}
	if w, ok := states[agreement.State(d.Counted)]; ok {
		return w
	}
	return d.Counted
}

var states = map[agreement.State]string{
	agreement.StateMet: "kept", agreement.StateBreached: "missed", agreement.StateWaived: "waived", agreement.StateRunning: "running", agreement.StatePaused: "standing still",
	agreement.StateVoid: "neither kept nor missed",
}

func chip(r ui.Reader, d dispute.Dispute) ui.Chip {
	switch d.State {
	case dispute.Settled:
		return ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Settled"}
	case dispute.Withdrawn:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconUndo, Text: "Taken back"}
	case dispute.Proposed:
		return ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "Waits for a signature"}
	}
	if !d.FurtherAt.IsZero() {
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconScale, Text: "Not settled in time"}
	}
	return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconScale, Text: "To settle by " + r.Short(d.TermAt)}
}

type disputePage struct {
	Frame     ui.PortalFrame
	Title     string
	Lead      string
	Told      []string
	Chip      ui.Chip
	Ticket    ui.Link
	Facts     []ui.Fact
	Versions  []ui.Fact
	Proposals []proposal
	Further   string
	Propose   ui.Form
	Answers   []ui.Option
	Withdraw  ui.Form
}

type proposal struct {
	Title, Text string
	Facts       []ui.Fact
	Sign        ui.Link
}

func (p *Pages) page(c *area.Call) error { return p.showPage(c, nil) }

func (p *Pages) showPage(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	d, err := p.Disputes.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	names, err := p.names(c, d)
	if err != nil {
		return err
	}
	v := disputePage{Frame: c.Face.Portal("Dispute on "+desk.Ref(d.Number), "/levels"), Title: "Dispute on " + desk.Ref(d.Number), Lead: reading.Capital(about(c.Reader, d)) + ".", Told: back.Told(), Chip: chip(c.Reader, d)}
	v.Ticket = ui.Link{Label: "Read " + desk.Ref(d.Number), Href: "/requests/" + desk.Ref(d.Number)}
	if c.By.Staff() {
		v.Ticket.Href = "/desk/tickets/" + desk.Ref(d.Number)
	}
	v.Facts = []ui.Fact{{Name: "Challenged by", Value: names[d.RaisedBy] + ", for " + by(d.Side)}, {Name: "On", Value: c.Reader.Full(d.RaisedAt)}, {Name: "Why", Value: d.Reason}}
	v.Versions = []ui.Fact{{Name: "As it was counted", Value: reading.Capital(counted(d))}}
	switch {
	case d.State == dispute.Settled:
		v.Versions = append(v.Versions, ui.Fact{Name: "As both sides agreed", Value: reading.Capital(d.Stands()) + ", since " + c.Reader.Full(d.EndedAt)})
	case d.State == dispute.Withdrawn:
		v.Versions = append(v.Versions, ui.Fact{Name: "Taken back", Value: c.Reader.Full(d.EndedAt) + ": it stands as it was counted"})
	default:
		v.Versions = append(v.Versions, ui.Fact{Name: "In the figures", Value: "Disputed, until both sides agree"}, ui.Fact{Name: "To settle by", Value: c.Reader.Full(d.TermAt)})
	}
	v.further(c.Reader, d)
	for _, x := range slices.Backward(d.Proposals) {
		v.Proposals = append(v.Proposals, told(c.Reader, names, x))
	}
	propose, withdraw, err := p.Disputes.MayDo(c.Ctx(), c.By, d)
	if err != nil {
		return err
	}
	if propose {
		v.Propose = back.Form("propose", Base+"/"+d.ID+"/propose", map[string]string{"as": "none"})
		for _, a := range d.Subject.Answers() {
			v.Answers = append(v.Answers, ui.Option{Value: a, Label: reading.Capital(dispute.AnswerWords(a))})
		}
	}
	if withdraw {
		v.Withdraw = back.Form("withdraw", Base+"/"+d.ID+"/withdraw", nil)
	}
	c.Face.Render(back.Status(), disputeView(v))
	return nil
}

// further says where it goes when it is not settled in time.
func (v *disputePage) further(r ui.Reader, d dispute.Dispute) {
	switch {
	case d.State == dispute.Settled || d.State == dispute.Withdrawn:
	case !d.FurtherAt.IsZero() && d.Escalation != "":
		v.Further = "It was not settled in its time, so since " + r.Full(d.FurtherAt) + " it is where the agreement says: " + d.Escalation
	case !d.FurtherAt.IsZero():
		v.Further = "It was not settled in its time. Since " + r.Full(d.FurtherAt) + " who manages service levels and who signs for the customer have been told so."
	case d.Escalation != "":
		v.Further = "If it is not settled by then, it goes where the agreement says: " + d.Escalation
	}
}

func told(r ui.Reader, names map[string]string, x dispute.Proposal) proposal {
	state := map[dispute.ProposalState]string{dispute.Waiting: "Waits for who signs for the customer", dispute.Agreed: "Agreed by both sides", dispute.Refused: "Not agreed on", dispute.Ended: "Ended undecided"}[x.State]
	out := proposal{Title: reading.Capital(dispute.AnswerWords(x.As)), Text: x.Reason, Sign: ui.Link{Label: "Who said what", Href: "/approvals/" + x.AskID}}
	out.Facts = []ui.Fact{{Name: "Proposed by", Value: names[x.AuthorID] + ", " + r.Full(x.MadeAt)}, {Name: "How it stands", Value: state}}
	if x.State == dispute.Waiting {
		out.Sign.Label = "Decide on it"
	}
	return out
}

func (p *Pages) names(c *area.Call, d dispute.Dispute) (map[string]string, error) {
	ids := []string{d.RaisedBy}
	for _, x := range d.Proposals {
		ids = append(ids, x.AuthorID)
	}
	slices.Sort(ids)
	all, err := people.PersonsByID(c.Ctx(), p.DB.Read(), slices.Compact(ids)...)
	out := map[string]string{}
	for _, x := range all {
		out[x.ID] = x.Name
	}
	return out, err
}

func (p *Pages) propose(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("propose", area.Fields("as", "reason"), func(f *serve.Form) (string, error) {
		_, err := p.Disputes.Propose(c.Ctx(), c.By, id, f.Value("as"), f.Values["reason"])
		return Base + "/" + id + "?done=dispute-proposed", err
	}, func(b *area.Returned) error { return p.showPage(c, b) })
}

func (p *Pages) withdraw(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("withdraw", nil, func(*serve.Form) (string, error) {
		_, err := p.Disputes.Withdraw(c.Ctx(), c.By, id)
		return Base + "/" + id + "?done=dispute-taken-back", err
	}, func(b *area.Returned) error { return p.showPage(c, b) })
}

// Spans are the turns of a ticket that can be challenged, as options of a form: those that have passed, the newest first.
func Spans(r ui.Reader, l desk.Ledger, whose func(agreement.Turn) string) []ui.Option {
	var out []ui.Option
	for _, t := range slices.Backward(l.Result.Turns) {
		until := l.Result.Until(t)
		if until <= t.Since || t.Side == agreement.SideNobody && t.Cause == string(agreement.Closed) {
			continue
		}
		s := dispute.Subject{From: time.Unix(t.Since, 0).UTC(), Until: time.Unix(until, 0).UTC()}
		out = append(out, ui.Option{Value: s.Key(), Label: reading.Capital(whose(t)) + " turn, " + r.When(s.From) + " to " + r.When(s.Until)})
		if len(out) == mostSpans {
			break
		}
	}
	return out
}

// mostSpans is how many turns a form offers.
const mostSpans = 30
