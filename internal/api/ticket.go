package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// tickets registers what makes, lists, reads and changes tickets.
func (h *Handler) tickets() {
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tickets", Verb: auth.TicketCreate, Summary: "Open a ticket", Status: http.StatusCreated, Files: true}, h.openTicket)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets", Verb: auth.TicketRead, Summary: "List tickets"}, h.listTickets)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}", Verb: auth.TicketRead, Summary: "Read a ticket"}, h.getTicket)
	host.Handle(h.host, host.Route{Method: http.MethodPatch, Path: "tickets/{number}", Verb: auth.TicketWork, Summary: "Change fields of a ticket"}, h.patchTicket)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/parties", Verb: auth.TicketWork, Summary: "Put right who asks and who it is for"}, h.setParties)
}

// ticketOut is a ticket as an answer.
type ticketOut struct {
	ETag     string `header:"ETag" doc:"The version, for If-Match."`
	Location string `header:"Location" doc:"Of a new ticket: its address."`
	Body     ticket
}

func (h *Handler) ticketOut(ctx context.Context, by auth.Actor, t desk.Ticket) (*ticketOut, error) {
	all, err := h.show(ctx, by, []desk.Row{{Ticket: t}})
	if err != nil {
		return nil, err
	}
	return &ticketOut{ETag: host.Tag(t.Version), Body: all[0]}, nil
}

type newTicket struct {
	Kind        string        `json:"kind,omitempty" doc:"incident (also when left out), service_request, question or complaint."`
	Subject     string        `json:"subject" doc:"What it is about, in a few words: 250 characters at most."`
	Description string        `json:"description,omitempty" doc:"What happened or what is wanted, in Markdown."`
	Requester   string        `json:"requester,omitempty" doc:"Mail address of who asks; you when left out. For somebody else only by staff."`
	Affected    string        `json:"affected,omitempty" doc:"Mail address of who gets it; the requester when left out."`
	Impact      string        `json:"impact,omitempty" doc:"low, medium (also when left out) or high."`
	Urgency     string        `json:"urgency,omitempty" doc:"low, medium (also when left out) or high."`
	Sensitivity string        `json:"sensitivity,omitempty" doc:"security, safety, procurement or legal_hold: silence never ends it."`
	Door        string        `json:"door,omitempty" doc:"service_desk (also when left out), or service_levels: about levels and price, to service level management."`
	Matter      string        `json:"matter,omitempty" doc:"At the second door: level, price, exception or complaint. The kind follows from it when that is left out."`
	Service     string        `json:"service,omitempty" doc:"Name or id of the service it is about."`
	Files       []host.FileIn `json:"files,omitempty"`
}

func (h *Handler) openTicket(ctx context.Context, by auth.Actor, in *struct{ Body newTicket }) (*ticketOut, error) {
	b := in.Body
	files, err := host.Uploads(b.Files)
	if err != nil {
		return nil, err
	}
	if err := host.Addresses(map[string]string{"requester": b.Requester, "affected": b.Affected}); err != nil {
		return nil, err
	}
	t, err := h.Desk.Open(ctx, by, desk.OpenInput{Door: b.Door, Matter: b.Matter, Service: text.Line(b.Service),
		Kind: b.Kind, Subject: b.Subject, Description: b.Description, Requester: b.Requester, Affected: b.Affected,
		Impact: b.Impact, Urgency: b.Urgency, Sensitivity: b.Sensitivity, Files: files,
	})
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	out, err := h.ticketOut(ctx, by, t)
	if err == nil {
		out.Location = Prefix + "tickets/" + t.Ref()
	}
	return out, err
}

// listIn are the parameters of the list of tickets.
type listIn struct {
	State []string `query:"state,explode" doc:"Only tickets in these states; repeat it, or part them by commas."`
	Turn  string   `query:"turn" doc:"Only tickets on which it is this side's move: provider, customer, supplier or nobody."`
	Q     string   `query:"q" doc:"The language of filters: site:lund turn:customer priority:high,critical due:<2h -tag:printer projector. Words alone are looked for in the subject, messages, files, and notes that you may read."`
	Open  string   `query:"open" doc:"true: only tickets that go on. false: only those that have ended."`
	Sort  string   `query:"sort" doc:"due: the promise that breaks first on top. Beside it made, changed, priority and since; a minus before it turns it round. Left out: the newest on top."`
	host.Page
}

func (in *listIn) filter() (desk.Filter, error) {
	words := slices.DeleteFunc(strings.Fields(text.Cut(text.Line(in.Q), 200)), func(s string) bool { return len(text.Words(s)) == 0 }) // a minus alone is no condition
	f := desk.Filter{Words: strings.Join(words, " "), Turn: agreement.Side(in.Turn)}
	var wrong []errs.Field
	bad := func(path, msg string) { wrong = append(wrong, errs.Field{Path: path, Msg: msg}) }
	for _, s := range strings.Split(strings.Join(in.State, ","), ",") {
		if s == "" {
			continue
		}
		if !slices.Contains(desk.States(), desk.State(s)) {
			bad("state", "There is no such state. Write some of: "+text.Join(desk.States())+".")
			break
		}
		f.States = append(f.States, desk.State(s))
	}
	sides := []agreement.Side{agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody}
	if in.Turn != "" && !slices.Contains(sides, f.Turn) {
		bad("turn", "There is no such side. Write one of: "+text.Join(sides)+".")
	}
	switch in.Open {
	case "", "true":
		f.Open = in.Open != ""
	case "false":
		f.States = within(f.States, ended)
	default:
		bad("open", "Write true or false.")
	}
	if in.Sort != "" && in.Sort != "due" {
		bad("sort", "Write due, or leave it out for the newest on top.")
	}
	f.ByDue = in.Sort == "due"
	if len(wrong) > 0 {
		return f, &errs.E{Kind: errs.Invalid, Op: "api.filter", Msg: "Something in what you asked needs changing.", Fields: wrong}
	}
	return f, nil
}

// ended are the states of tickets that have ended.
var ended = []desk.State{desk.Closed, desk.Withdrawn, desk.Declined, desk.Lapsed, desk.NotATicket}

// within narrows the states asked for; when none of them is left it keeps one that no ticket which has ended can be in.
func within(asked, all []desk.State) []desk.State {
	if len(asked) == 0 {
		return all
	}
	var out []desk.State
	for _, s := range asked {
		if slices.Contains(all, s) {
			out = append(out, s)
		}
	}
	return out
}

func (h *Handler) listTickets(ctx context.Context, by auth.Actor, in *listIn) (*host.ListOut[ticket], error) {
	limit, c, err := in.Read()
	if err != nil {
		return nil, err
	}
	if sel, ok, err := h.Many.Asked(ctx, by, in.Q, in.Sort, in.State, in.Turn, in.Open); ok || err != nil {
		if err != nil {
			return nil, err
		}
		l, err := h.Desk.Select(ctx, by, sel, in.Cursor, limit)
		if err != nil {
			return nil, err
		}
		rows := make([]desk.Row, len(l.Items))
		for i, t := range l.Items {
			rows[i].Ticket = t
		}
		out, err := h.show(ctx, by, rows)
		return host.ListOf(out, l.Next), err
	}
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	if c.Tie != "" && id.Valid(c.Tie) != f.ByDue {
		return nil, errs.In("api.list", "cursor", "It is of a list in another order. Leave it out to start again.")
	}
	if in.Open == "false" && len(f.States) == 0 {
		return host.ListOf[ticket](nil, ""), nil // no state that was asked for is one of an end
	}
	l, err := h.Desk.List(ctx, by, f, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	out, err := h.show(ctx, by, l.Items)
	return host.ListOf(out, l.Next), err
}

func (h *Handler) getTicket(ctx context.Context, by auth.Actor, in *host.Numbered) (*ticketOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	return h.reread(ctx, by, number)
}

// reread answers with a ticket as it is now.
func (h *Handler) reread(ctx context.Context, by auth.Actor, number int64) (*ticketOut, error) {
	t, err := h.Desk.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	return h.ticketOut(ctx, by, t)
}

// optional is a field that may be left out, or be null to take away what is there.
type optional struct {
	Set   bool
	Value string
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *optional) UnmarshalJSON(b []byte) error {
	o.Set = true
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, &o.Value)
}

// Schema implements huma.SchemaProvider.
func (optional) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

type ticketPatch struct {
	Subject     *string  `json:"subject,omitempty"`
	Kind        *string  `json:"kind,omitempty" minLength:"1" doc:"incident, service_request, question or complaint."`
	Impact      *string  `json:"impact,omitempty" minLength:"1" doc:"low, medium or high."`
	Urgency     *string  `json:"urgency,omitempty" minLength:"1" doc:"low, medium or high."`
	Sensitivity *string  `json:"sensitivity,omitempty" doc:"security, safety, procurement, legal_hold, or empty for none of them."`
	Matter      *string  `json:"matter,omitempty" doc:"At the second door: level, price, exception, complaint, or empty."`
	Service     *string  `json:"service,omitempty" doc:"Name or id of the service it is about, or empty. Its targets hold from now on; time used stays used."`
	Agreement   *string  `json:"agreement,omitempty" minLength:"1" doc:"Id of a version: the ticket was under the wrong one all along."`
	AsDecision  bool     `json:"as_decision,omitempty" doc:"The agreement holds from now on, not all along."`
	Assignee    optional `json:"assignee,omitempty" required:"false" doc:"Mail address of somebody in IT; null takes the ticket from whoever has it."`
	Team        *string  `json:"team,omitempty" minLength:"1" doc:"Name or id of a team. Giving a ticket to a team takes it from its assignee unless you name one."`
	Was         *struct {
		Subject     *string `json:"subject,omitempty"`
		Kind        *string `json:"kind,omitempty"`
		Impact      *string `json:"impact,omitempty"`
		Urgency     *string `json:"urgency,omitempty"`
		Sensitivity *string `json:"sensitivity,omitempty"`
	} `json:"was,omitempty" doc:"What fields held when you read them: of two who set two fields at once both are right; who sets the same one is refused with 412 and told what it holds."`
}

// was are the fields as the caller read them.
func (b ticketPatch) was() map[string]string {
	if b.Was == nil {
		return nil
	}
	out := map[string]string{}
	for name, v := range map[string]*string{"subject": b.Was.Subject, "kind": b.Was.Kind, "impact": b.Was.Impact, "urgency": b.Was.Urgency, "sensitivity": b.Was.Sensitivity} {
		if v != nil {
			out[name] = *v
		}
	}
	return out
}

func (h *Handler) patchTicket(ctx context.Context, by auth.Actor, in *struct {
	host.At
	Body ticketPatch
}) (*ticketOut, error) {
	c, err := in.Act()
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.AsDecision && b.Agreement == nil {
		return nil, errs.In("api.patch", "as_decision", "It says how an agreement is to be set, and there is none. Name the agreement, or leave it out.")
	}
	if err := h.agreementFits(ctx, by, c.Number, b.Agreement); err != nil {
		return nil, err
	}
	var t desk.Ticket
	fields := b.Subject != nil || b.Kind != nil || b.Impact != nil || b.Urgency != nil || b.Sensitivity != nil || b.Matter != nil || b.Service != nil || b.Agreement != nil
	moves := b.Assignee.Set || b.Team != nil
	if moves {
		if err := b.check(fields); err != nil {
			return nil, err
		}
		if t, err = h.assign(ctx, by, c, b.Assignee.Value, b.Team); err != nil {
			return nil, err
		}
		callOf(ctx).acted = true
		c.Version = t.Version
	}
	if fields || !moves {
		ch := desk.Change{Subject: b.Subject, Kind: b.Kind, Impact: b.Impact, Urgency: b.Urgency, Sensitivity: b.Sensitivity, Matter: b.Matter, Service: b.Service, Agreement: b.Agreement, AsDecision: b.AsDecision}
		c.Was = b.was()
		if t, err = h.Desk.Change(ctx, by, c, ch); err != nil {
			return nil, err
		}
		callOf(ctx).acted = true
	}
	return h.ticketOut(ctx, by, t)
}

// check looks at the fields of a change that is the second of two acts, so that it is not refused after the first.
func (b ticketPatch) check(fields bool) error {
	if !fields {
		return nil
	}
	var wrong []errs.Field
	one := func(path string, v *string, allowed ...string) {
		if v != nil && !slices.Contains(allowed, *v) {
			wrong = append(wrong, errs.Field{Path: path, Msg: "Write one of: " + strings.Join(allowed, ", ") + "."})
		}
	}
	one("kind", b.Kind, string(desk.Incident), string(desk.ServiceRequest), string(desk.Question), string(desk.Complaint))
	one("impact", b.Impact, string(desk.Low), string(desk.Medium), string(desk.High))
	one("urgency", b.Urgency, string(desk.Low), string(desk.Medium), string(desk.High))
	one("sensitivity", b.Sensitivity, "", "security", "safety", "procurement", "legal_hold")
	if b.Subject != nil {
		if n := len([]rune(text.Line(*b.Subject))); n == 0 || n > desk.MaxSubject {
			wrong = append(wrong, errs.Field{Path: "subject", Msg: "It has to have 1 to 250 characters."})
		}
	}
	if len(wrong) > 0 {
		return &errs.E{Kind: errs.Invalid, Op: "api.patch", Msg: "Something in what you sent needs changing.", Fields: wrong}
	}
	return nil
}

// agreementFits refuses a version that another organisation signed: it is none that this ticket could be under.
func (h *Handler) agreementFits(ctx context.Context, by auth.Actor, number int64, versionID *string) error {
	if versionID == nil {
		return nil
	}
	t, err := h.Desk.Get(ctx, by, number)
	if err != nil {
		return err
	}
	none := errs.In("api.patch", "agreement", "There is no such version of an agreement that this ticket could be under. GET /api/v1/agreements lists them.")
	if !id.Valid(*versionID) {
		return none
	}
	p, err := h.Book.Paper(ctx, h.DB.Read(), *versionID)
	if errs.Is(err, errs.NotFound) || err == nil && p.OrgID != "" && p.OrgID != t.OrgID {
		return none
	}
	return err
}

// assign gives a ticket to somebody, or takes it away.
func (h *Handler) assign(ctx context.Context, by auth.Actor, c desk.Act, assignee string, team *string) (desk.Ticket, error) {
	key := ""
	if team != nil {
		key = text.Line(*team)
	}
	return h.Desk.Assign(ctx, by, c, text.Line(assignee), key)
}

func (h *Handler) setParties(ctx context.Context, by auth.Actor, in *struct {
	host.At
	Body struct {
		Requester string `json:"requester,omitempty" doc:"Mail address of who asks; left out it stays."`
		Affected  string `json:"affected,omitempty" doc:"Mail address of who it is for; left out it stays."`
	}
}) (*ticketOut, error) {
	c, err := in.Act()
	if err != nil {
		return nil, err
	}
	if err := host.Addresses(map[string]string{"requester": in.Body.Requester, "affected": in.Body.Affected}); err != nil {
		return nil, err
	}
	t, err := h.Desk.Parties(ctx, by, c, in.Body.Requester, in.Body.Affected)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	return h.ticketOut(ctx, by, t)
}
