package consent

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/internal/approval"
	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Config is what the mails say of the desk.
type Config = letter.From

// Teller writes the mails. It is safe for concurrent use.
type Teller struct {
	Box   *box.Box
	Clock clock.Clock
	Config
}

// Kind is what the log of mails calls one about an approval.
const Kind = "approval"

// TellApproval implements approval.Teller. Whoever is not mailed, or not there any more, reads it on their page.
func (t Teller) TellApproval(ctx context.Context, tx *db.Tx, n approval.Notice, a approval.Ask, persons []string) error {
	for _, personID := range persons {
		p, err := people.PersonByID(ctx, tx, personID)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := t.mail(ctx, tx, n, a, p); err != nil {
			return err
		}
	}
	return nil
}

func (t Teller) mail(ctx context.Context, tx *db.Tx, n approval.Notice, a approval.Ask, p people.Person) error {
	zone := p.Location()
	subject, body, because := t.write(n, a, p.ID, zone)
	return t.post(ctx, tx, p, Kind, a.ID, subject, body, because)
}

// Send mails somebody a few paragraphs by themselves, outside a ticket's conversation: an answer to it lands nowhere. kind and itemID are
// for the log of mails. Who is not mailed reads it on their page.
func (t Teller) Send(ctx context.Context, tx *db.Tx, p people.Person, kind, itemID, subject string, paragraphs []string, because string) error {
	body := strings.Join(append(paragraphs, "You get this because "+because+".\n"+t.Name), "\n\n") + "\n"
	return t.post(ctx, tx, p, kind, itemID, subject, body, because)
}

// post queues a mail, after the reader's quiet hours.
func (t Teller) post(ctx context.Context, tx *db.Tx, p people.Person, kind, itemID, subject, body, because string) error {
	if p.Disabled() || !p.Mailed || p.Address == "" {
		return nil
	}
	zone := p.Location()
	rowID := id.New()
	m := box.Outbound{
		ID: rowID, ItemID: itemID, Kind: kind, PersonID: p.ID, Recipient: p.Address, Because: because, MessageID: mail.MessageID(t.Key, rowID, t.Domain),
		Subject: subject, Body: body, Automatic: true,
	}
	pref, err := people.PreferenceOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	m.NextAt = pref.Quiet.Next(t.Clock.Now(), zone)
	_, err = t.Box.Send(ctx, tx, m)
	return err
}

// write makes the mail for one reader.
func (t Teller) write(n approval.Notice, a approval.Ask, personID string, zone *time.Location) (subject, body, because string) {
	var b strings.Builder
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n\n", args...) }
	page := t.Page("/approvals/" + a.ID)
	switch n {
	case approval.NoticeAsked, approval.NoticeEscalated:
		subject, because = "Your decision: "+a.Title, "you are asked to decide it"
		line("You are asked to decide: %s.", a.Title)
		if n == approval.NoticeEscalated {
			because = "nobody else decided it in time"
			line("Those who were asked first have not decided in time, so it comes to you.")
		}
		if !a.ExpiresAt.IsZero() {
			line("Decide by %s. After that it ends undecided%s.", letter.At(a.ExpiresAt, zone), further(n, a))
		}
		line("Read it and decide here, after signing in:\n%s", page)
		line("An answer to this mail decides nothing. If you are away, your substitute can decide it; say who that is on your page.")
	case approval.NoticeDecided:
		word := map[approval.State]string{approval.Approved: "approved", approval.Refused: "not approved"}[a.State]
		subject, because = "Decided: "+a.Title, "you asked for it"
		if _, voted := a.Voted(personID); voted {
			because = "you decided on it"
		}
		line("%s is %s since %s.", a.Title, word, letter.At(a.DecidedAt, zone))
		if v := last(a); !v.Consent && v.Reason != "" {
			line("The reason: %s", v.Reason)
		}
		line("Who said what is here:\n%s", page)
	default:
		subject, because = "Nothing to decide any more: "+a.Title, "you were asked to decide it, or asked for it"
		line("%s", map[approval.State]string{
			approval.Withdrawn: a.Title + " was taken back. Nothing is asked of you.",
			approval.Void:      a.Title + " is not asked any more: what was to be approved has changed. If it is still wanted, it is asked again.",
			approval.Expired:   a.Title + " has ended undecided: nobody decided in time. If it is still wanted, it is asked again.",
		}[a.State])
		if a.State == approval.Withdrawn {
			line("The reason: %s", a.Reason)
		}
		line("%s", page)
	}
	line("You get this because %s.\n%s", because, t.Name)
	return subject, strings.TrimRight(b.String(), "\n") + "\n", because
}

// further says what follows when time runs out.
func further(n approval.Notice, a approval.Ask) string {
	if n == approval.NoticeAsked && len(a.Rule.Escalate) > 0 {
		return " by you, and somebody else is asked"
	}
	return ""
}

func last(a approval.Ask) approval.Vote {
	if len(a.Votes) == 0 {
		return approval.Vote{Consent: true}
	}
	return a.Votes[len(a.Votes)-1]
}
