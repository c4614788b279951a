// Package own is what the API tells somebody of their own: profile, addresses, password, sessions, mails, and what was promised both ways.
// Package api registers its functions as routes; it knows neither them nor HTTP.
package own

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Own answers of what is the caller's own. It is safe for concurrent use.
type Own struct {
	Desk    *desk.Service
	Account *account.Service
	People  *people.Service
	Auth    *auth.Service
	Box     *box.Box
	DB      *db.DB
	Clock   clock.Clock
}

// list is a list, never null; it is whole, or next leads on.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"The cursor of the next page; null on the last."`
}

// ListOut is a list as an answer.
type ListOut[T any] struct{ Body list[T] }

func listOf[T any](items []T, next string) *ListOut[T] {
	out := &ListOut[T]{Body: list[T]{Items: items}}
	out.Body.Next = word(next)
	return out
}

// word is a text, or null.
func word(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// instant is a time, or null.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Quiet is the part of the day in which nothing automatic is mailed.
type Quiet struct {
	From  string `json:"from" example:"20:00" doc:"HH:MM in your zone."`
	Until string `json:"until" example:"07:00"`
}

func (q *Quiet) read() (people.Quiet, error) {
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

// QuietOf tells quiet hours; nil is none.
func QuietOf(q people.Quiet) *Quiet {
	if q.None() {
		return nil
	}
	at := func(m int) string { return time.Unix(int64(m)*60, 0).UTC().Format("15:04") }
	return &Quiet{at(q.From), at(q.Until)}
}

// ProfileIn is what somebody changes of their own.
type ProfileIn struct {
	Body struct {
		Zone     *string `json:"zone,omitempty" doc:"IANA; an empty one is your site's."`
		Language *string `json:"language,omitempty" doc:"An empty one is the desk's own."`
		Quiet    *Quiet  `json:"quiet_hours,omitempty" doc:"The same from and until are none."`
		Copies   *bool   `json:"copies,omitempty"`
	}
}

// Change changes it.
func (o *Own) Change(ctx context.Context, by auth.Actor, in *ProfileIn) error {
	c := people.ProfileChange{Zone: in.Body.Zone, Language: in.Body.Language, Copies: in.Body.Copies}
	if in.Body.Quiet != nil {
		q, err := in.Body.Quiet.read()
		if err != nil {
			return err
		}
		c.Quiet = &q
	}
	_, _, err := o.People.ChangeProfile(ctx, by, c)
	return err
}

// Mailbox is one of the caller's addresses.
type Mailbox struct {
	Address   string `json:"address"`
	Confirmed bool   `json:"confirmed" doc:"Proven to be yours, or entered by who may."`
	First     bool   `json:"first" doc:"Mails go here."`
}

// MyAddresses lists the caller's addresses, the first choice first.
func (o *Own) MyAddresses(ctx context.Context, by auth.Actor, _ *struct{}) (*ListOut[Mailbox], error) {
	if _, err := o.People.Person(ctx, by, by.PersonID); err != nil {
		return nil, err
	}
	all, err := people.Addresses(ctx, o.DB.Read(), by.PersonID)
	out := make([]Mailbox, len(all))
	for i, a := range all {
		out[i] = Mailbox{a.Address, a.Verified, i == 0}
	}
	return listOf(out, ""), err
}

// AddressIn names an address.
type AddressIn struct {
	Body struct {
		Address string `json:"address"`
	}
}

// Link says that a link is on its way, if the address can be added.
type Link struct {
	Address string    `json:"address"`
	Until   time.Time `json:"until" doc:"The link works once, until then."`
}

// LinkOut is a link on its way, as an answer.
type LinkOut struct{ Body Link }

// ClaimAddress begins to add an address.
func (o *Own) ClaimAddress(ctx context.Context, by auth.Actor, in *AddressIn) (*LinkOut, error) {
	c, err := o.Account.ClaimAddress(ctx, by, in.Body.Address)
	return &LinkOut{Link{c.Address, c.Ends.UTC()}}, err
}

// SecretIn is the secret of a mailed link.
type SecretIn struct {
	Body struct {
		Secret string `json:"secret" doc:"The last part of the mailed link: address_…"`
	}
}

// ConfirmAddress adds the address whose link was mailed.
func (o *Own) ConfirmAddress(ctx context.Context, by auth.Actor, in *SecretIn) (*ListOut[Mailbox], error) {
	if _, err := o.People.ConfirmAddress(ctx, by, in.Body.Secret); err != nil {
		return nil, err
	}
	return o.MyAddresses(ctx, by, nil)
}

// FirstAddress has mails go to an address.
func (o *Own) FirstAddress(ctx context.Context, by auth.Actor, in *AddressIn) (*ListOut[Mailbox], error) {
	if err := o.People.MakeFirst(ctx, by, in.Body.Address); err != nil {
		return nil, err
	}
	return o.MyAddresses(ctx, by, nil)
}

// RemoveAddress takes an address away.
func (o *Own) RemoveAddress(ctx context.Context, by auth.Actor, in *AddressIn) (*ListOut[Mailbox], error) {
	if err := o.People.DropAddress(ctx, by, in.Body.Address); err != nil {
		return nil, err
	}
	return o.MyAddresses(ctx, by, nil)
}

// PasswordIn is the password somebody has and the one they want.
type PasswordIn struct {
	Body struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
}

// ChangePassword changes the caller's password: every session ends.
func (o *Own) ChangePassword(ctx context.Context, by auth.Actor, in *PasswordIn) (*ListOut[Session], error) {
	p, err := o.People.Person(ctx, by, by.PersonID)
	if err != nil {
		return nil, err
	}
	all, err := people.Addresses(ctx, o.DB.Read(), p.ID)
	if err != nil {
		return nil, err
	}
	own := []string{p.Name}
	for _, a := range all {
		own = append(own, a.Address)
	}
	secret, err := o.Auth.ChangePassword(ctx, auth.Credentials{PersonID: p.ID, Account: p.Address, Password: in.Body.Old, IP: "api"}, in.Body.New, own...)
	switch {
	case errs.Is(err, errs.Unauthenticated):
		return nil, errs.In("api.password", "old", "This is not the one you have.")
	case err != nil:
		return nil, err
	}
	if err := o.Auth.SignOut(ctx, secret); err != nil { // a token needs no session
		return nil, err
	}
	return o.MySessions(ctx, by, nil)
}

// Session is a place where the caller is signed in.
type Session struct {
	ID         string    `json:"id"`
	Browser    *string   `json:"browser" doc:"What it says it is; null when it does not."`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	EndsAt     time.Time `json:"ends_at"`
}

// MySessions lists where the caller is signed in.
func (o *Own) MySessions(ctx context.Context, by auth.Actor, _ *struct{}) (*ListOut[Session], error) {
	all, err := o.Auth.Sessions(ctx, by, "")
	out := make([]Session, len(all))
	for i, s := range all {
		out[i] = Session{s.ID, word(s.Browser), s.MadeAt.UTC(), s.SeenAt.UTC(), s.EndsAt.UTC()}
	}
	return listOf(out, ""), err
}

// SessionIn names a session.
type SessionIn struct {
	Body struct {
		ID string `json:"id"`
	}
}

// EndSession ends one of them.
func (o *Own) EndSession(ctx context.Context, by auth.Actor, in *SessionIn) (*ListOut[Session], error) {
	if err := o.Auth.EndSession(ctx, by, in.Body.ID); err != nil {
		return nil, err
	}
	return o.MySessions(ctx, by, nil)
}

// Told is one mail to the caller.
type Told struct {
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

// MyMails lists the last mails to the caller.
func (o *Own) MyMails(ctx context.Context, by auth.Actor, _ *struct{}) (*ListOut[Told], error) {
	if _, err := o.People.Person(ctx, by, by.PersonID); err != nil {
		return nil, err
	}
	all, err := o.Box.ToPerson(ctx, o.DB.Read(), by.PersonID, mostTold)
	out := make([]Told, len(all))
	for i, m := range all {
		out[i] = Told{Kind: m.Kind, Subject: m.Subject, Address: m.Recipient, Because: m.Because, State: m.State, CreatedAt: m.MadeAt.UTC()}
		if m.State == "queued" || m.State == "maybe" {
			out[i].NextAt = instant(m.NextAt)
		}
	}
	return listOf(out, ""), err
}
