package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
)

// ledger registers what is read out of a ticket's events.
func (h *Handler) ledger() {
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/turns", Verb: auth.TicketRead, Summary: "Whose turn it has been, from the opening on without a gap"}, h.turns)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/obligations", Verb: auth.TicketRead, Summary: "What both sides owe, and why each second counted or not"}, h.obligations)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/ahead", Verb: auth.TicketRead, Summary: "What will happen if nobody moves"}, h.ahead)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/charges", Verb: auth.TicketRead, Summary: "Charges and credits that followed from promises, as the agreement states them"}, h.charges)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/events", Verb: auth.TicketRead, Summary: "What happened, oldest first"}, h.events)
}

func (h *Handler) readLedger(ctx context.Context, by auth.Actor, ref string) (desk.Ledger, error) {
	number, err := desk.ParseRef(ref)
	if err != nil {
		return desk.Ledger{}, err
	}
	return h.Desk.Ledger(ctx, by, number)
}

// span is a turn.
type span struct {
	Side    agreement.Side `json:"side" enum:"provider,customer,supplier,nobody"`
	Party   string         `json:"party,omitempty" doc:"Name of the team or the person whose turn it was."`
	Since   time.Time      `json:"since"`
	Until   *time.Time     `json:"until" doc:"null while it goes on."`
	Seconds int64          `json:"seconds" doc:"Until now while it goes on."`
	Cause   string         `json:"cause" doc:"The event that opened it."`
}

// spans is the list of turns. Their seconds sum up to the lifetime exactly.
type spans struct {
	Items    []span  `json:"items"`
	Next     *string `json:"next" doc:"Always null: a ledger is read whole."`
	Lifetime int64   `json:"lifetime_seconds"`
}

// spansOut is the list of turns as an answer.
type spansOut struct {
	Body spans
}

func (h *Handler) turns(ctx context.Context, by auth.Actor, in *host.Numbered) (*spansOut, error) {
	l, err := h.readLedger(ctx, by, in.Number)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.Result.Turns))
	for i := range l.Result.Turns {
		ids[i] = l.Result.Turns[i].Party
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := &spansOut{Body: spans{Items: make([]span, len(l.Result.Turns)), Lifetime: l.Result.Lifetime}}
	for i, t := range l.Result.Turns {
		out.Body.Items[i] = span{
			Side: t.Side, Party: b.Party(t.Party), Since: time.Unix(t.Since, 0).UTC(), Until: host.Second(t.Until), Seconds: l.Result.Until(t) - t.Since, Cause: t.Cause,
		}
	}
	return out, nil
}

// explained is a stretch of an obligation's life.
type explained struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Counted bool      `json:"counted"`
	Reason  string    `json:"reason"`
}

// waived is who let an obligation off, and where they say why.
type waived struct {
	By      *host.Person `json:"by"`
	At      time.Time    `json:"at"`
	Message string       `json:"message" doc:"Id of the public message with the reason."`
}

// obligation is a promise of one side on this ticket. Its counted stretches sum up to the used seconds exactly.
type obligation struct {
	ID          string           `json:"id"`
	Side        agreement.Side   `json:"side" enum:"provider,customer"`
	Metric      agreement.Metric `json:"metric"`
	State       agreement.State  `json:"state" enum:"running,paused,met,breached,waived,disputed,void"`
	Stands      agreement.State  `json:"stands,omitempty" doc:"Of a disputed one: how it stands apart from the dispute."`
	Started     time.Time        `json:"started"`
	Due         *time.Time       `json:"due" doc:"null while it is not known."`
	Met         *time.Time       `json:"met"`
	Target      int64            `json:"target_seconds"`
	Used        int64            `json:"used_seconds"`
	Left        int64            `json:"left_seconds" doc:"Below 0 when more was used than was agreed."`
	Party       string           `json:"party,omitempty" doc:"Name of the team or the person who owes it."`
	Sentence    string           `json:"sentence,omitempty" doc:"Of a question that waits for you: what mails and pages say of it, in your zone."`
	Reason      string           `json:"reason,omitempty" doc:"Why it is void or waived."`
	Waived      *waived          `json:"waived,omitempty" doc:"Of a waived one: who let it off."`
	Explanation []explained      `json:"explanation"`
}

func (h *Handler) obligations(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[obligation], error) {
	l, err := h.readLedger(ctx, by, in.Number)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.Result.Obligations))
	for i := range l.Result.Obligations {
		ids[i] = l.Result.Obligations[i].Party
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]obligation, len(l.Result.Obligations))
	for i := range l.Result.Obligations {
		out[i] = b.obligation(&l.Result.Obligations[i], l.Result.Explain(i))
	}
	if err := h.sentence(ctx, by, l, out); err != nil {
		return nil, err
	}
	return host.ListOf(out, ""), h.waivers(ctx, by, l, out)
}

// waivers says of what was waived who let it off.
func (h *Handler) waivers(ctx context.Context, by auth.Actor, l desk.Ledger, out []obligation) error {
	if !slices.ContainsFunc(out, func(o obligation) bool { return o.State == agreement.StateWaived }) {
		return nil
	}
	all, err := h.Desk.Events(ctx, by, l.Ticket.Number)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Kind != string(agreement.Waived) {
			continue
		}
		var d raw
		if err := json.Unmarshal([]byte(e.Data), &d); err != nil {
			return err
		}
		b, err := h.names(ctx, by, e.Actor)
		if err != nil {
			return err
		}
		for i := range l.Result.Obligations {
			if o := &l.Result.Obligations[i]; o.CauseSeq == d.Ref && o.Metric == d.Metric && o.State == agreement.StateWaived {
				out[i].Waived = &waived{b.Person(e.Actor), e.At.UTC(), d.Message}
			}
		}
	}
	return nil
}

func (b *book) obligation(o *agreement.Obligation, why []agreement.Explained) obligation {
	out := obligation{
		ID: o.ID, Side: o.Side, Metric: o.Metric, State: o.State, Started: time.Unix(o.Started, 0).UTC(), Due: host.Second(o.Due), Met: host.Second(o.Met),
		Target: o.Target, Used: o.Used, Left: o.Left(), Party: b.Party(o.Party), Reason: o.Reason, Explanation: make([]explained, len(why)),
	}
	if o.State == agreement.StateDisputed {
		out.Stands = o.Stands
	}
	for i, e := range why {
		out.Explanation[i] = explained{time.Unix(e.From, 0).UTC(), time.Unix(e.To, 0).UTC(), e.Counted, e.Reason}
	}
	return out
}

// amount is money.
type amount struct {
	Minor    int64  `json:"minor" doc:"In the smallest unit of the currency."`
	Currency string `json:"currency" example:"GBP"`
}

func amountOf(minor int64, currency string) *amount {
	if minor == 0 {
		return nil
	}
	return &amount{minor, currency}
}

// step is something that will happen.
type step struct {
	At         time.Time        `json:"at"`
	Action     string           `json:"action" enum:"remind,tell_contact,pause,requeue,charge,lapse,close,warn,tell_customer,credit,wait_end"`
	Metric     agreement.Metric `json:"metric,omitempty" doc:"The promise it belongs to; left out at the end of a wait."`
	Obligation string           `json:"obligation,omitempty" doc:"Its id."`
	Step       int              `json:"step" doc:"Its place on the ladder of that promise: names it when it is waived."`
	Amount     *amount          `json:"amount,omitempty" doc:"Of a charge or a credit."`
	Side       agreement.Side   `json:"side" doc:"Who is told."`
	Party      string           `json:"party,omitempty"`
}

func (h *Handler) ahead(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[step], error) {
	l, err := h.readLedger(ctx, by, in.Number)
	if err != nil {
		return nil, err
	}
	timers := l.Ahead()
	ids := make([]string, len(timers))
	for i := range timers {
		ids[i] = timers[i].Party
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]step, len(timers))
	for i, t := range timers {
		out[i] = step{At: time.Unix(t.At, 0).UTC(), Action: t.Action, Metric: t.Metric, Obligation: t.Obligation, Step: t.Step, Amount: amountOf(t.Price.Minor, t.Price.Currency), Side: t.Side, Party: b.Party(t.Party)}
	}
	return host.ListOf(out, ""), nil
}

// entry is an event. It says what happened in ids, enums and figures; words of people are on messages and notes.
type entry struct {
	Seq     int64        `json:"seq"`
	At      time.Time    `json:"at"`
	Kind    string       `json:"kind"`
	Actor   *host.Person `json:"actor" doc:"null for the desk itself."`
	Behalf  *host.Person `json:"behalf" doc:"For whom, when the actor acted for somebody else."`
	Channel string       `json:"channel"`
	Data    detail       `json:"data"`
}

// detail is what an event says. Which fields there are depends on its kind.
type detail struct {
	Message    string             `json:"message,omitempty" doc:"Id of a message."`
	Note       string             `json:"note,omitempty" doc:"Id of a note; for staff alone."`
	Ref        int64              `json:"ref,omitempty" doc:"Another event of this ticket."`
	From       *time.Time         `json:"from,omitempty"`
	Until      *time.Time         `json:"until,omitempty"`
	Due        *time.Time         `json:"due,omitempty"`
	Metric     agreement.Metric   `json:"metric,omitempty"`
	Priority   agreement.Priority `json:"priority,omitempty"`
	Field      string             `json:"field,omitempty"`
	Before     string             `json:"before,omitempty" doc:"Name or value before."`
	Party      string             `json:"party,omitempty" doc:"Name of a person or a team, or the value after."`
	Agreement  string             `json:"agreement,omitempty" doc:"Id of a version."`
	Cause      string             `json:"cause,omitempty"`
	Action     string             `json:"action,omitempty"`
	Consent    bool               `json:"consent,omitempty"`
	Correction bool               `json:"correction,omitempty"`
	Step       int                `json:"step,omitempty"`
	Side       agreement.Side     `json:"side,omitempty" doc:"Whose turn a span was, as both sides agreed."`
	Dispute    string             `json:"dispute,omitempty" doc:"Id of a dispute."`
	Amount     *amount            `json:"amount,omitempty" doc:"Of a charge or a credit."`
}

// raw is an event's data as package desk writes it.
type raw struct {
	Message    string             `json:"message"`
	Note       string             `json:"note"`
	Ref        int64              `json:"ref"`
	From       int64              `json:"from"`
	Until      int64              `json:"until"`
	Due        int64              `json:"due"`
	Metric     agreement.Metric   `json:"metric"`
	Priority   agreement.Priority `json:"priority"`
	Before     string             `json:"before"`
	Party      string             `json:"party"`
	Field      string             `json:"field"`
	VersionID  string             `json:"version_id"`
	Cause      string             `json:"cause"`
	Action     string             `json:"action"`
	Consent    bool               `json:"consent"`
	Correction bool               `json:"correction"`
	Step       int                `json:"step"`
	Minor      int64              `json:"minor"`
	Currency   string             `json:"currency"`
	Side       agreement.Side     `json:"side"`
	Dispute    string             `json:"dispute"`
}

func (h *Handler) events(ctx context.Context, by auth.Actor, in *pagedIn) (*host.ListOut[entry], error) {
	number, limit, err := in.read()
	if err != nil {
		return nil, err
	}
	_, c, err := in.Page.Read()
	if err != nil {
		return nil, err
	}
	if in.Limit == "" {
		limit = page.MaxLimit
	}
	all, err := h.Desk.Events(ctx, by, number)
	if err != nil {
		return nil, err
	}
	from := 0
	for from < len(all) && all[from].Seq <= c.Key {
		from++
	}
	l := page.Of(all[from:min(len(all), from+limit+1)], limit, func(e desk.Event) page.Cursor { return page.Cursor{Key: e.Seq, Tie: "e"} })
	data, ids := make([]raw, len(l.Items)), make([]string, 0, 4*len(l.Items))
	for i, e := range l.Items {
		if err := json.Unmarshal([]byte(e.Data), &data[i]); err != nil {
			return nil, err
		}
		ids = append(ids, e.Actor, e.Behalf, data[i].Party, data[i].Before)
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]entry, len(l.Items))
	for i, e := range l.Items {
		out[i] = entry{Seq: e.Seq, At: e.At.UTC(), Kind: e.Kind, Actor: b.Person(e.Actor), Behalf: b.Person(e.Behalf), Channel: e.Channel, Data: b.detail(data[i], e.Note)}
	}
	return host.ListOf(out, l.Next), nil
}

// detail names the parties of an event. An id that names nobody is another ticket's, of which this list says nothing: its links do.
func (b *book) detail(r raw, internal bool) detail {
	d := detail{
		Message: r.Message, Ref: r.Ref, From: host.Second(r.From), Side: r.Side, Dispute: r.Dispute, Step: r.Step, Amount: amountOf(r.Minor, r.Currency), Until: host.Second(r.Until), Due: host.Second(r.Due), Metric: r.Metric, Priority: r.Priority, Field: r.Field,
		Before: b.value(r.Before), Party: b.value(r.Party), Agreement: r.VersionID, Cause: r.Cause, Action: r.Action, Consent: r.Consent, Correction: r.Correction,
	}
	if internal {
		d.Note = r.Note
	}
	return d
}

// value is a party's name, or the value itself when it is no id.
func (b *book) value(s string) string {
	if len(s) == 36 {
		return b.Party(s)
	}
	return cmp.Or(b.Party(s), s)
}
