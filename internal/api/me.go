package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// mine registers what somebody has of their own: their profile, addresses, sessions, mails, and what was promised both ways.
func (h *Handler) mine() {
	handle(h, route{method: http.MethodGet, path: "me", verb: auth.PersonRead, summary: "Who you are, what you may do, and what you want of the desk"}, h.me)
	handle(h, route{method: http.MethodPatch, path: "me", verb: auth.ProfileChange, summary: "Change your zone, language, quiet hours and copies"}, h.changeMe)
	handle(h, route{method: http.MethodGet, path: "me/addresses", verb: auth.PersonRead, summary: "List your mail addresses, the first choice first"}, h.myAddresses)
	handle(h, route{method: http.MethodPost, path: "me/addresses", verb: auth.ProfileChange, status: http.StatusAccepted, summary: "Add an address: a link that proves it is mailed there. The answer does not tell whether it is in use"}, h.claimAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/confirm", verb: auth.ProfileChange, summary: "Confirm an address by the secret of the mailed link"}, h.confirmAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/first", verb: auth.ProfileChange, summary: "Have mails go to one of your confirmed addresses"}, h.firstAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/remove", verb: auth.ProfileChange, summary: "Remove one of your addresses"}, h.removeAddress)
	handle(h, route{method: http.MethodPost, path: "me/password", verb: auth.ProfileChange, summary: "Change your password: every session of yours ends"}, h.changePassword)
	handle(h, route{method: http.MethodGet, path: "me/sessions", verb: auth.ProfileChange, summary: "List where you are signed in"}, h.mySessions)
	handle(h, route{method: http.MethodPost, path: "me/sessions/end", verb: auth.ProfileChange, summary: "End one of your sessions"}, h.endSession)
	handle(h, route{method: http.MethodGet, path: "me/mails", verb: auth.PersonRead, summary: "List the last mails to you, and why you got them"}, h.myMails)
	handle(h, route{method: http.MethodGet, path: "me/promises", verb: auth.TicketRead, summary: "What IT promised you and you promised IT, counted the same way: for you alone"}, h.myPromises)
	handle(h, route{method: http.MethodGet, path: "me/outcomes", verb: auth.TicketRead, summary: "List the promises that me/promises counts, newest first"}, h.myOutcomes)
	handle(h, route{method: http.MethodGet, path: "sites/{id}/promises", verb: auth.SiteRead, summary: "A site's record: both columns, nobody's own"}, h.sitePromises)
}

// quiet is the part of the day in which nothing automatic is mailed.
type quiet struct {
	From  string `json:"from" example:"20:00" doc:"HH:MM in your zone."`
	Until string `json:"until" example:"07:00"`
}

func (q *quiet) read() (people.Quiet, error) {
	var out people.Quiet
	if q == nil {
		return out, nil
	}
	for _, x := range []struct {
		name, s string
		to      *int
	}{{"from", q.From, &out.From}, {"until", q.Until, &out.Until}} {
		t, err := time.Parse("15:04", x.s)
		if err != nil {
			return out, errs.In("api.me", "quiet_hours."+x.name, "It is no hour of a day. Write it like 20:00.")
		}
		*x.to = t.Hour()*60 + t.Minute()
	}
	return out, nil
}

func quietOf(q people.Quiet) *quiet {
	if q.None() {
		return nil
	}
	at := func(m int) string { return time.Unix(int64(m)*60, 0).UTC().Format("15:04") }
	return &quiet{at(q.From), at(q.Until)}
}

type profileIn struct {
	Body struct {
		Zone     *string `json:"zone,omitempty" doc:"IANA; an empty one is your site's."`
		Language *string `json:"language,omitempty" doc:"An empty one is the desk's own."`
		Quiet    *quiet  `json:"quiet_hours,omitempty" doc:"The same from and until are none."`
		Copies   *bool   `json:"copies,omitempty"`
	}
}

func (h *Handler) changeMe(ctx context.Context, by auth.Actor, in *profileIn) (*selfOut, error) {
	c := people.ProfileChange{Zone: in.Body.Zone, Language: in.Body.Language, Copies: in.Body.Copies}
	if in.Body.Quiet != nil {
		q, err := in.Body.Quiet.read()
		if err != nil {
			return nil, err
		}
		c.Quiet = &q
	}
	if _, _, err := h.People.ChangeProfile(ctx, by, c); err != nil {
		return nil, err
	}
	return h.me(ctx, by, nil)
}

// mailbox is one of the caller's addresses.
type mailbox struct {
	Address   string `json:"address"`
	Confirmed bool   `json:"confirmed" doc:"Proven to be yours, or entered by who may."`
	First     bool   `json:"first" doc:"Mails go here."`
}

func (h *Handler) myAddresses(ctx context.Context, by auth.Actor, _ *struct{}) (*listOut[mailbox], error) {
	if _, err := h.People.Person(ctx, by, by.PersonID); err != nil {
		return nil, err
	}
	all, err := people.Addresses(ctx, h.DB.Read(), by.PersonID)
	out := make([]mailbox, len(all))
	for i, a := range all {
		out[i] = mailbox{a.Address, a.Verified, i == 0}
	}
	return listOf(out, ""), err
}

type addressIn struct {
	Body struct {
		Address string `json:"address"`
	}
}

// linkSent says that a link is on its way, if the address can be added.
type linkSent struct {
	Address string    `json:"address"`
	Until   time.Time `json:"until" doc:"The link works once, until then."`
}

type claimedOut struct{ Body linkSent }

func (h *Handler) claimAddress(ctx context.Context, by auth.Actor, in *addressIn) (*claimedOut, error) {
	c, err := h.Desk.ClaimAddress(ctx, by, in.Body.Address)
	return &claimedOut{linkSent{c.Address, c.Ends.UTC()}}, err
}

type secretIn struct {
	Body struct {
		Secret string `json:"secret" doc:"The last part of the mailed link: address_…"`
	}
}

func (h *Handler) confirmAddress(ctx context.Context, by auth.Actor, in *secretIn) (*listOut[mailbox], error) {
	if _, err := h.People.ConfirmAddress(ctx, by, in.Body.Secret); err != nil {
		return nil, err
	}
	return h.myAddresses(ctx, by, nil)
}

func (h *Handler) firstAddress(ctx context.Context, by auth.Actor, in *addressIn) (*listOut[mailbox], error) {
	if err := h.People.MakeFirst(ctx, by, in.Body.Address); err != nil {
		return nil, err
	}
	return h.myAddresses(ctx, by, nil)
}

func (h *Handler) removeAddress(ctx context.Context, by auth.Actor, in *addressIn) (*listOut[mailbox], error) {
	if err := h.People.DropAddress(ctx, by, in.Body.Address); err != nil {
		return nil, err
	}
	return h.myAddresses(ctx, by, nil)
}

type passwordIn struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
}

func (h *Handler) changePassword(ctx context.Context, by auth.Actor, in *passwordIn) (*listOut[session], error) {
	p, err := h.People.Person(ctx, by, by.PersonID)
	if err != nil {
		return nil, err
	}
	all, err := people.Addresses(ctx, h.DB.Read(), p.ID)
	if err != nil {
		return nil, err
	}
	own := []string{p.Name}
	for _, a := range all {
		own = append(own, a.Address)
	}
	secret, err := h.Auth.ChangePassword(ctx, auth.Credentials{PersonID: p.ID, Account: p.Address, Password: in.Body.Old, IP: "api"}, in.Body.New, own...)
	switch {
	case errs.Is(err, errs.Unauthenticated):
		return nil, errs.In("api.password", "old", "This is not the one you have.")
	case err != nil:
		return nil, err
	}
	if err := h.Auth.SignOut(ctx, secret); err != nil { // a token needs no session
		return nil, err
	}
	return h.mySessions(ctx, by, nil)
}

// session is a place where the caller is signed in.
type session struct {
	ID         string    `json:"id"`
	Browser    *string   `json:"browser" doc:"What it says it is; null when it does not."`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	EndsAt     time.Time `json:"ends_at"`
}

func (h *Handler) mySessions(ctx context.Context, by auth.Actor, _ *struct{}) (*listOut[session], error) {
	all, err := h.Auth.Sessions(ctx, by, "")
	out := make([]session, len(all))
	for i, s := range all {
		out[i] = session{s.ID, word(s.Browser), s.MadeAt.UTC(), s.SeenAt.UTC(), s.EndsAt.UTC()}
	}
	return listOf(out, ""), err
}

type sessionIn struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (h *Handler) endSession(ctx context.Context, by auth.Actor, in *sessionIn) (*listOut[session], error) {
	if err := h.Auth.EndSession(ctx, by, in.Body.ID); err != nil {
		return nil, err
	}
	return h.mySessions(ctx, by, nil)
}

// told is one mail to the caller.
type told struct {
	Kind      string     `json:"kind" doc:"opened, reply, question, solution, remind, …"`
	Subject   string     `json:"subject"`
	Address   string     `json:"address"`
	Because   string     `json:"because" doc:"Why you were told."`
	State     string     `json:"state" enum:"queued,sending,sent,maybe,failed,shown"`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at" doc:"Of one that waits: when it is tried, after your quiet hours at the earliest."`
}

// mostTold is how many of the last mails are listed.
const mostTold = 50

func (h *Handler) myMails(ctx context.Context, by auth.Actor, _ *struct{}) (*listOut[told], error) {
	if _, err := h.People.Person(ctx, by, by.PersonID); err != nil {
		return nil, err
	}
	all, err := h.Box.ToPerson(ctx, h.DB.Read(), by.PersonID, mostTold)
	out := make([]told, len(all))
	for i, m := range all {
		out[i] = told{Kind: m.Kind, Subject: m.Subject, Address: m.Recipient, Because: m.Because, State: m.State, CreatedAt: m.MadeAt.UTC()}
		if m.State == "queued" || m.State == "maybe" {
			out[i].NextAt = instant(m.NextAt)
		}
	}
	return listOf(out, ""), err
}

// tally is how promises of one side stood.
type tally struct {
	Kept     int64 `json:"kept"`
	Missed   int64 `json:"missed"`
	Waived   int64 `json:"waived"`
	Disputed int64 `json:"disputed"`
}

func tallyOf(c outcome.Count) tally { return tally{c.Kept, c.Missed, c.Waived, c.Disputed} }

// measured is how promises of one kind stood.
type measured struct {
	Metric   agreement.Metric `json:"metric"`
	Kept     int64            `json:"kept"`
	Missed   int64            `json:"missed"`
	Waived   int64            `json:"waived"`
	Disputed int64            `json:"disputed"`
}

// account is both columns of a period.
type account struct {
	From     time.Time  `json:"from"`
	Provider tally      `json:"provider"`
	Customer tally      `json:"customer"`
	Metrics  []measured `json:"metrics" doc:"By what was promised."`
	Needless int64      `json:"needless_questions" doc:"Asked by IT, and answered before: in IT's column."`
}

type accountOut struct{ Body account }

func accountOf(r outcome.Record) *accountOut {
	out := &accountOut{account{From: r.From.UTC(), Provider: tallyOf(r.IT), Customer: tallyOf(r.You), Metrics: []measured{}, Needless: r.Needless}}
	for _, m := range slices.Sorted(maps.Keys(r.Metrics)) {
		c := r.Metrics[m]
		out.Body.Metrics = append(out.Body.Metrics, measured{m, c.Kept, c.Missed, c.Waived, c.Disputed})
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

type promisesIn struct {
	Lookback
	Capacity
}

func (h *Handler) myPromises(ctx context.Context, by auth.Actor, in *promisesIn) (*accountOut, error) {
	from, err := in.from(h.clk.Now())
	if err != nil {
		return nil, err
	}
	read := h.Desk.Outcomes.Mine
	if in.As == outcome.AsIT {
		read = h.Desk.Outcomes.Owed
	}
	r, err := read(ctx, by, from)
	if err != nil {
		return nil, err
	}
	return accountOf(r), nil
}

type siteIn struct {
	ID string `path:"id"`
	Lookback
}

func (h *Handler) sitePromises(ctx context.Context, by auth.Actor, in *siteIn) (*accountOut, error) {
	from, err := in.from(h.clk.Now())
	if err != nil {
		return nil, err
	}
	s, err := people.SiteByID(ctx, h.DB.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	r, err := h.Desk.Outcomes.Site(ctx, by, s, from)
	if err != nil {
		return nil, err
	}
	return accountOf(r), nil
}

type outcomesIn struct {
	Lookback
	Capacity
	Side   string `query:"side" enum:"provider,customer"`
	State  string `query:"state" enum:"met,breached,waived,disputed"`
	Metric string `query:"metric"`
	Page
}

// pastPromise is a promise that has ended, or was missed.
type pastPromise struct {
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

func (h *Handler) myOutcomes(ctx context.Context, by auth.Actor, in *outcomesIn) (*listOut[pastPromise], error) {
	from, err := in.from(h.clk.Now())
	if err != nil {
		return nil, err
	}
	limit, _, err := in.read()
	if err != nil {
		return nil, err
	}
	l, err := h.Desk.Outcomes.List(ctx, by, outcome.Filter{Side: agreement.Side(in.Side), State: agreement.State(in.State), Metric: agreement.Metric(in.Metric), As: in.As, From: from}, in.Cursor, limit)
	out := make([]pastPromise, len(l.Items))
	for i := range l.Items {
		o := &l.Items[i]
		out[i] = pastPromise{Number: desk.Ref(o.Number), Subject: o.Subject, ID: o.Obligation, Side: o.Side, Metric: o.Metric, State: o.State, Target: o.Target,
			StartedAt: time.Unix(o.Started, 0).UTC(), DueAt: second(o.Due), EndedAt: second(o.Ended), DecidedAt: time.Unix(o.Decided, 0).UTC()}
		if o.Ended != 0 {
			out[i].Used = &o.Used
		}
	}
	return listOf(out, l.Next), err
}
