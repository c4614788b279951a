package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// What commands take. All of it may be left out as far as the JSON goes; what a command needs, the desk asks for.
type (
	words struct {
		Body string `json:"body,omitempty" doc:"A public message that goes with it, in Markdown."`
		Timed
	}
	reasoned struct {
		Reason string `json:"reason,omitempty" doc:"Why, for the record; both sides can read it."`
	}
	waiving struct {
		Reason string `json:"reason,omitempty" doc:"Why, for the record; both sides can read it."`
		Step   *int64 `json:"step,omitempty" doc:"Leave out this step alone, by its step in what lies ahead; left out, the whole obligation is waived."`
	}
	assignment struct {
		Assignee *string `json:"assignee,omitempty" doc:"Mail address of somebody in IT. Left out with a team, the ticket is the team's; left out altogether, nobody's."`
		Team     *string `json:"team,omitempty" doc:"Name or id of a team."`
	}
	waiting struct {
		Until  *time.Time `json:"until,omitempty" doc:"The instant the turn goes back to IT."`
		Agreed bool       `json:"agreed,omitempty" doc:"The customer agreed: it is nobody's turn until then. Without that it is a plan, and IT's clock runs on."`
		Reason string     `json:"reason,omitempty" doc:"How the customer agreed, and to what."`
	}
	supplier struct {
		Supplier string `json:"supplier,omitempty" doc:"Name or id of a team of kind supplier."`
	}
	linking struct {
		Other string `json:"other,omitempty" doc:"Number of the other ticket."`
		Kind  string `json:"kind,omitempty" doc:"related (also when left out), follows, duplicate or may_belong."`
	}
	watching struct {
		Person string `json:"person,omitempty" doc:"Mail address; you when left out. Others only by staff."`
	}
)

// commandIn is a command on a ticket.
type commandIn[B any] struct {
	host.At
	Body *B
}

// run is what a command does, given what it takes.
type run[B any] func(ctx context.Context, by auth.Actor, c desk.Act, b B) (desk.Ticket, error)

// named is the route of a command on a ticket.
func named(rt host.Route, name, summary string) host.Route {
	rt.Method, rt.Path, rt.Summary = http.MethodPost, "tickets/{number}/"+name, summary
	return rt
}

// command registers a command on a ticket. It answers with the ticket as it is after it.
func command[B any](h *Handler, name string, verb auth.Verb, summary string, fn run[B]) {
	register(h, named(host.Route{Verb: verb}, name, summary), fn)
}

func register[B any](h *Handler, rt host.Route, fn run[B]) {
	host.Handle(h.host, rt, func(ctx context.Context, by auth.Actor, in *commandIn[B]) (*ticketOut, error) {
		return carryOut(ctx, h, by, in.At, in.Body, fn)
	})
}

// itemIn is a command on something of a ticket.
type itemIn[B any] struct {
	host.At
	ID   string `path:"id"`
	Body *B
}

// itemCommand is command for something of a ticket.
func itemCommand[B any](h *Handler, name string, verb auth.Verb, summary string, fn func(ctx context.Context, by auth.Actor, c desk.Act, itemID string, b B) (desk.Ticket, error)) {
	host.Handle(h.host, named(host.Route{Verb: verb}, name, summary), func(ctx context.Context, by auth.Actor, in *itemIn[B]) (*ticketOut, error) {
		return carryOut(ctx, h, by, in.At, in.Body, func(ctx context.Context, by auth.Actor, c desk.Act, b B) (desk.Ticket, error) {
			return fn(ctx, by, c, in.ID, b)
		})
	})
}

func carryOut[B any](ctx context.Context, h *Handler, by auth.Actor, at host.At, body *B, fn run[B]) (*ticketOut, error) {
	c, err := at.Act()
	if err != nil {
		return nil, err
	}
	var b B
	if body != nil {
		b = *body
	}
	t, err := fn(ctx, by, c, b)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	return h.ticketOut(ctx, by, t)
}

// said is a command of the desk that takes words.
func said(do func(context.Context, auth.Actor, desk.Act) (desk.Ticket, error)) run[words] {
	return func(ctx context.Context, by auth.Actor, c desk.Act, b words) (desk.Ticket, error) {
		c.Body, c.Work = b.Body, b.work()
		return do(ctx, by, c)
	}
}

// plain is a command of the desk that takes nothing.
func plain(do func(context.Context, auth.Actor, desk.Act) (desk.Ticket, error)) run[host.NothingElse] {
	return func(ctx context.Context, by auth.Actor, c desk.Act, _ host.NothingElse) (desk.Ticket, error) {
		return do(ctx, by, c)
	}
}

// waive lets the other side off an obligation, or leaves out one step.
func (h *Handler) waive(ctx context.Context, by auth.Actor, c desk.Act, itemID string, b waiving) (t desk.Ticket, err error) {
	if c.Reason, err = reason(b.Reason); err != nil {
		return t, err
	}
	if b.Step != nil {
		return h.Desk.WaiveStep(ctx, by, c, text.Line(itemID), int(*b.Step))
	}
	return h.Desk.Waive(ctx, by, c, text.Line(itemID))
}

// dispute challenges an obligation; the resource disputes does the same, and spans too.
func (h *Handler) dispute(ctx context.Context, by auth.Actor, c desk.Act, itemID string, b reasoned) (t desk.Ticket, err error) {
	c.Reason = b.Reason
	_, t, err = h.Disputes.Raise(ctx, by, c, dispute.Subject{Obligation: text.Line(itemID)})
	return t, err
}

// mostReason is how many characters a reason may have.
const mostReason = 2000

// reason cleans words for the record.
func reason(s string) (string, error) {
	s = text.Body(s)
	if len([]rune(s)) > mostReason {
		return "", errs.In("api.reason", "reason", "It has more than %d characters. Say it in fewer, or write a message.", mostReason)
	}
	return s, nil
}

// commands registers every command of the desk on a ticket.
func (h *Handler) commands() {
	d := h.Desk
	command(h, "resolve", auth.TicketWork, "Propose a solution: the customer's turn to confirm it", h.resolve)
	command(h, "confirm", auth.TicketAnswer, "Accept the solution: the ticket closes", said(d.Confirm))
	command(h, "reject", auth.TicketAnswer, "Say that the solution does not work: IT's turn again", said(d.Reject))
	command(h, "reopen", auth.TicketReopen, "Go on with a closed ticket, within the grace period", said(d.Reopen))
	command(h, "withdraw", auth.TicketAnswer, "End a ticket at the customer's wish", said(d.Withdraw))
	command(h, "return-question", auth.TicketAnswer, "Say that IT had the answer already: the span was IT's", said(d.ReturnQuestion))
	command(h, "assign", auth.TicketWork, "Give a ticket to a person or a team", h.assignTo)
	command(h, "take", auth.TicketWork, "Take a ticket oneself", h.take)
	command(h, "wait", auth.TicketWork, "Wait until an instant", h.wait)
	command(h, "end-wait", auth.TicketSpeak, "End a wait before its time", plain(d.EndWait))
	command(h, "ask-supplier", auth.TicketWork, "Give the supplier the turn", h.askSupplier)
	command(h, "supplier-answered", auth.TicketWork, "Give the turn back to IT", plain(d.SupplierAnswered))
	command(h, "not-a-ticket", auth.TicketWork, "End what was never a request", h.discard)
	command(h, "link", auth.TicketWork, "Join two tickets", h.link)
	watch := host.Route{Verb: auth.TicketRead, Scope: auth.TicketSpeak} // who may read may watch, but a token that only reads writes nothing
	register(h, named(watch, "watch", "Watch a ticket, or let somebody watch it"), h.watch(true))
	register(h, named(watch, "unwatch", "Watch a ticket no longer"), h.watch(false))
	itemCommand(h, "messages/{id}/no-turn", auth.TicketWork, "Say that a message of the customer moves no turn", h.noTurn)
	itemCommand(h, "obligations/{id}/waive", auth.TicketWaive, "Let the other side off an obligation, or leave out one step that follows from it", h.waive)
	itemCommand(h, "obligations/{id}/dispute", auth.TicketDispute, "Challenge an obligation, with a reason", h.dispute)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/links", Verb: auth.TicketRead, Summary: "List the tickets joined to one"}, h.links)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/participants", Verb: auth.TicketRead, Summary: "List who takes part, and why"}, h.participants)
}

func (h *Handler) resolve(ctx context.Context, by auth.Actor, c desk.Act, b words) (desk.Ticket, error) {
	c.Body, c.Work = b.Body, b.work()
	t, err := h.Desk.Resolve(ctx, by, c)
	if err != nil || h.Settle == nil {
		return t, err
	}
	callOf(ctx).acted = true
	h.Settle(ctx, t.ID)
	return h.Desk.Get(ctx, by, c.Number)
}

func (h *Handler) assignTo(ctx context.Context, by auth.Actor, c desk.Act, b assignment) (desk.Ticket, error) {
	assignee := ""
	if b.Assignee != nil {
		assignee = *b.Assignee
	}
	return h.assign(ctx, by, c, assignee, b.Team)
}

func (h *Handler) take(ctx context.Context, by auth.Actor, c desk.Act, _ host.NothingElse) (desk.Ticket, error) {
	return h.assign(ctx, by, c, by.PersonID, nil)
}

func (h *Handler) wait(ctx context.Context, by auth.Actor, c desk.Act, b waiting) (t desk.Ticket, err error) {
	if c.Reason, err = reason(b.Reason); err != nil {
		return t, err
	}
	w := desk.WaitInput{Agreed: b.Agreed}
	if b.Until != nil {
		w.Until = b.Until.UTC()
	}
	return h.Desk.Wait(ctx, by, c, w)
}

func (h *Handler) askSupplier(ctx context.Context, by auth.Actor, c desk.Act, b supplier) (desk.Ticket, error) {
	return h.Desk.AskSupplier(ctx, by, c, text.Line(b.Supplier))
}

func (h *Handler) discard(ctx context.Context, by auth.Actor, c desk.Act, b reasoned) (t desk.Ticket, err error) {
	if c.Reason, err = reason(b.Reason); err != nil {
		return t, err
	}
	return h.Desk.DiscardAsNoTicket(ctx, by, c)
}

func (h *Handler) link(ctx context.Context, by auth.Actor, c desk.Act, b linking) (desk.Ticket, error) {
	other, err := desk.ParseRef(b.Other)
	if err != nil {
		other = 0 // the desk answers as for a ticket that is not there, after it has looked at the first
	}
	return h.Desk.Join(ctx, by, c, other, b.Kind)
}

// watch lets staff name anybody, and others themselves: the answer to an address must not tell a customer whether we know it.
func (h *Handler) watch(on bool) run[watching] {
	return func(ctx context.Context, by auth.Actor, c desk.Act, b watching) (desk.Ticket, error) {
		if err := host.Addresses(map[string]string{"person": b.Person}); err != nil {
			return desk.Ticket{}, err
		}
		if _, err := h.Desk.Get(ctx, by, c.Number); err != nil {
			return desk.Ticket{}, err
		}
		if b.Person == "" || !by.Staff() {
			own, err := people.Addresses(ctx, h.DB.Read(), by.PersonID)
			if err != nil {
				return desk.Ticket{}, err
			}
			if b.Person = mine(own, b.Person); b.Person == "" {
				return desk.Ticket{}, errs.New(errs.Denied, "api.watch", "You can name yourself. Somebody in IT can add others; write them a message.")
			}
		}
		return h.Desk.Watch(ctx, by, c, b.Person, on)
	}
}

// mine is the address that was asked for if it is one of one's own; the first of them when none was asked for.
func mine(own []people.Address, asked string) string {
	for _, a := range own {
		if asked == "" || a.Address == text.Address(asked) {
			return a.Address
		}
	}
	return ""
}

func (h *Handler) noTurn(ctx context.Context, by auth.Actor, c desk.Act, messageID string, _ host.NothingElse) (desk.Ticket, error) {
	if !id.Valid(messageID) {
		messageID = ""
	}
	return h.Desk.MarkNoTurn(ctx, by, c, messageID)
}

// joined is a ticket joined to another.
type joined struct {
	Number    string    `json:"number"`
	Kind      string    `json:"kind" enum:"related,follows,duplicate,may_belong,merged_into,merged_here"`
	CreatedAt time.Time `json:"created_at"`
}

func (h *Handler) links(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[joined], error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := h.Desk.Links(ctx, by, number)
	out := make([]joined, len(all))
	for i, l := range all {
		out[i] = joined{desk.Ref(l.Other), l.Kind, l.MadeAt.UTC()}
	}
	if err != nil {
		return nil, err
	}
	merged, err := h.merged(ctx, by, number)
	return host.ListOf(append(out, merged...), ""), err
}

// participant is somebody a ticket concerns.
type participant struct {
	Person  *host.Person `json:"person"`
	Role    string       `json:"role" enum:"requester,affected,watcher,pending"`
	Because string       `json:"because"`
}

func (h *Handler) participants(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[participant], error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := h.Desk.Participants(ctx, by, number)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]participant, len(all))
	for i, p := range all {
		out[i] = participant{b.Person(p.PersonID), p.Role, p.Because}
	}
	return host.ListOf(out, ""), nil
}
