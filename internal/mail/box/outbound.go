package box

import (
	"context"
	"errors"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// JobSend is the kind of the job that sends an outbound mail; its item is the row's id.
const JobSend = "mail.send"

// How long a mail is tried.
const (
	keepTrying = 48 * time.Hour
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// The states of an outbound mail.
const (
	Queued  = "queued"  // waits for its turn or for the relay
	Sending = "sending" // handed to the relay, no answer yet
	Sent    = "sent"    // the relay answered for it
	Maybe   = "maybe"   // the connection ended before the relay answered: it may be out; it is tried again under the same Message-ID
	Failed  = "failed"  // the relay refused it for good, or two days passed
	Shown   = "shown"   // nobody is mailed here: the portal shows it
)

// Outbound is a mail to one recipient.
type Outbound struct {
	ID        string
	TicketID  string
	ItemID    string // message of the ticket, "" for others
	EventSeq  int64  // the ticket's event that its arrival wrote, 0 when none
	Kind      string // what it is: reply, question, solution, remind, …
	PersonID  string
	Recipient string // address
	Because   string // why this person is told, in words
	MessageID string // without angle brackets; never changes
	InReplyTo string
	ReplyTo   string // address with the ticket's token
	Subject   string
	Body      string
	Automatic bool
	State     string
	Attempts  int64
	MadeAt    time.Time
	NextAt    time.Time
	DoneAt    time.Time
	Answer    string // the relay's last words, or why there were none
}

// Hooks are told in the transaction that writes a mail's end.
type Hooks interface {
	// Arrived: the relay answered for the mail.
	Arrived(ctx context.Context, tx *db.Tx, m Outbound) error
	// Undeliverable: it will never arrive.
	Undeliverable(ctx context.Context, tx *db.Tx, m Outbound) error
}

// Send queues a mail in the caller's transaction: for now, or for a later NextAt.
func (b *Box) Send(ctx context.Context, tx *db.Tx, m Outbound) (Outbound, error) {
	now := b.clk.Now()
	m.MadeAt, m.State = now, Queued
	if m.NextAt.Before(now) {
		m.NextAt = now
	}
	if m.ID == "" {
		m.ID = id.New()
	}
	if !b.Mails() {
		m.State, m.DoneAt = Shown, now
	}
	_, err := tx.Exec(ctx, sqlInsertOutbound, m.ID, m.TicketID, m.ItemID, m.EventSeq, m.Kind, m.PersonID, m.Recipient, m.Because, m.MessageID,
		m.InReplyTo, m.ReplyTo, m.Subject, m.Body, m.Automatic, m.State, clock.Micros(m.MadeAt), clock.Micros(m.NextAt), clock.Micros(m.DoneAt))
	if err != nil || m.State == Shown {
		return m, err
	}
	return m, b.jobs.Add(ctx, tx, JobSend, m.ID, m.NextAt)
}

// finish ends a job with its result; job.Finish is one.
type finish = func(fn func(tx *db.Tx) error) error

// Deliver does the job of sending one mail: it marks the row, hands the mail over, and writes the relay's answer together
// with what hooks make of it.
//
// hold says, in the transaction that marks the row, that the job is still this node's: one that slept meanwhile sends nothing.
func (b *Box) Deliver(ctx context.Context, rowID string, hold func(tx *db.Tx) error, end finish, h Hooks) error {
	m, err := scanOutbound(b.db.Read().QueryRow(ctx, sqlOutbound, rowID))
	if err != nil {
		return err
	}
	if m.State == Sent || m.State == Failed || m.State == Shown || b.transport == nil {
		return end(func(*db.Tx) error { return nil })
	}
	if m.State == Sending { // the process ended before the relay's answer was written
		m.State, m.Answer = Maybe, "The server stopped before the relay's answer was written."
		return end(func(tx *db.Tx) error { return b.later(ctx, tx, m, firstRetry) })
	}
	if err := b.db.Write(ctx, func(tx *db.Tx) error {
		if err := hold(tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlMarkSending, m.ID)
		return err
	}); err != nil {
		return err
	}
	m.Attempts++
	answer, err := b.transport.Deliver(ctx, m)
	if err == nil {
		m.State, m.Answer, m.DoneAt = Sent, answer, b.clk.Now()
		return end(func(tx *db.Tx) error {
			if err := b.write(ctx, tx, m); err != nil {
				return err
			}
			return h.Arrived(ctx, tx, m)
		})
	}
	m.Answer = err.Error()
	var f *Failure
	final := errors.As(err, &f) && f.Final || b.clk.Now().Sub(m.MadeAt) >= keepTrying
	if final {
		m.State, m.DoneAt = Failed, b.clk.Now()
		return end(func(tx *db.Tx) error {
			if err := b.write(ctx, tx, m); err != nil {
				return err
			}
			return h.Undeliverable(ctx, tx, m)
		})
	}
	m.State = Queued
	if f != nil && f.Unknown {
		m.State = Maybe
	}
	return end(func(tx *db.Tx) error { return b.later(ctx, tx, m, backoff(m.Attempts)) })
}

// backoff doubles from a minute to an hour, spread so that a thousand mails do not come back together.
func backoff(attempts int64) time.Duration {
	d := min(lastRetry, firstRetry<<min(attempts-1, 10))
	return d + time.Duration(id.Jitter(int64(d)/5+1))
}

func (b *Box) later(ctx context.Context, tx *db.Tx, m Outbound, wait time.Duration) error {
	m.NextAt = b.clk.Now().Add(wait)
	if err := b.write(ctx, tx, m); err != nil {
		return err
	}
	return b.jobs.Add(ctx, tx, JobSend, m.ID, m.NextAt)
}

func (b *Box) write(ctx context.Context, tx *db.Tx, m Outbound) error {
	_, err := tx.Exec(ctx, sqlWriteOutbound, m.State, m.Attempts, clock.Micros(m.NextAt), clock.Micros(m.DoneAt), m.Answer, m.ID)
	return err
}

// SetEvent notes which event of the ticket the arrival of a mail wrote.
func (b *Box) SetEvent(ctx context.Context, tx *db.Tx, rowID string, seq int64) error {
	_, err := tx.Exec(ctx, sqlSetEvent, seq, rowID)
	return err
}

// ByMessageID finds the outbound mail with a Message-ID: what a bounce reports on. Errors: NotFound.
func (b *Box) ByMessageID(ctx context.Context, q db.Querier, messageID string) (Outbound, error) {
	return scanOutbound(q.QueryRow(ctx, sqlOutboundByMessage, messageID))
}

// Bounced marks a mail as undeliverable after the relay had answered for it.
func (b *Box) Bounced(ctx context.Context, tx *db.Tx, m Outbound, report string) error {
	m.State, m.Answer, m.DoneAt = Failed, report, b.clk.Now()
	return b.write(ctx, tx, m)
}

// SentSince counts mails of a kind to an address since an instant, on one ticket or, with "", on any: the budget of automatic
// mail.
func (b *Box) SentSince(ctx context.Context, q db.Querier, address, kind, ticketID string, since time.Time) (int, error) {
	var n int
	err := q.QueryRow(ctx, sqlSentSince, address, kind, clock.Micros(since), ticketID).Scan(&n)
	return n, err
}

// SentToMailbox counts mails of a kind to a mailbox since an instant, whatever "+tag" its address bore.
func (b *Box) SentToMailbox(ctx context.Context, q db.Querier, address, kind string, since time.Time) (int, error) {
	local, domain, _ := strings.Cut(address, "@")
	local, _, _ = strings.Cut(local, "+")
	escape := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
	var n int
	err := q.QueryRow(ctx, sqlSentToMailbox, kind, clock.Micros(since), local+"@"+domain, escape.Replace(local)+"+%@"+escape.Replace(domain)).Scan(&n)
	return n, err
}

// KindSince counts all mails of a kind since an instant.
func (b *Box) KindSince(ctx context.Context, q db.Querier, kind string, since time.Time) (int, error) {
	var n int
	err := q.QueryRow(ctx, sqlKindSince, kind, clock.Micros(since)).Scan(&n)
	return n, err
}

// Of lists the mails of a ticket, oldest first: who was told.
func (b *Box) Of(ctx context.Context, q db.Querier, ticketID string) ([]Outbound, error) {
	rows, err := q.Query(ctx, sqlOutboundOf, ticketID)
	return db.Collect(rows, err, scanOutbound)
}

// Undelivered counts a ticket's mails that could be out by now and are neither that nor given up: what Settle waits for.
func (b *Box) Undelivered(ctx context.Context, ticketID string) (int, error) {
	var n int
	err := b.db.Read().QueryRow(ctx, sqlUndelivered, ticketID, clock.Micros(b.clk.Now())).Scan(&n)
	return n, err
}

// Outbounds lists mails that go out, newest first; state "" lists all, recipient "" everybody's.
func (b *Box) Outbounds(ctx context.Context, state, recipient string, c page.Cursor, limit int) (page.List[Outbound], error) {
	limit = page.Limit(limit)
	w := db.NewWhere()
	if state != "" {
		w.And("state = ?", state)
	}
	if recipient != "" {
		w.And("recipient = ?", recipient)
	}
	if c.Tie != "" {
		w.And("id < ?", c.Tie)
	}
	rows, err := b.db.Read().Query(ctx, sqlOutbounds+w.SQL()+" ORDER BY id DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanOutbound)
	if err != nil {
		return page.List[Outbound]{}, err
	}
	return page.Of(all, limit, func(m Outbound) page.Cursor { return page.Cursor{Key: 1, Tie: m.ID} }), nil
}

// ToPerson lists what was mailed to a person, newest first, whatever the address.
func (b *Box) ToPerson(ctx context.Context, q db.Querier, personID string, limit int) ([]Outbound, error) {
	rows, err := q.Query(ctx, sqlOutboundTo, personID, limit)
	return db.Collect(rows, err, scanOutbound)
}

// Mailbox is an address that mails go out to.
type Mailbox struct {
	Address string
	Mails   int64
	Newest  time.Time
}

// Mailboxes lists who is mailed, by address, those after an address whose own begins with prefix.
func (b *Box) Mailboxes(ctx context.Context, after, prefix string, limit int) ([]Mailbox, error) {
	like := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text.Address(prefix)) + "%"
	rows, err := b.db.Read().Query(ctx, sqlMailboxes, after, like, limit)
	return db.Collect(rows, err, func(s db.Scanner) (m Mailbox, err error) {
		var at int64
		err = s.Scan(&m.Address, &m.Mails, &at)
		m.Newest = clock.FromMicros(at)
		return m, err
	})
}

// One gives an outbound mail by its id. Errors: NotFound.
func (b *Box) One(ctx context.Context, rowID string) (Outbound, error) {
	return scanOutbound(b.db.Read().QueryRow(ctx, sqlOutbound, rowID))
}
