package box

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// JobRead is the kind of the job that reads a stored mail; its item is the mail's id.
const JobRead = "mail.read"

// State is what became of an inbound mail.
type State string

// The states.
const (
	Stored      State = "stored"    // durable, not read yet
	MadeTicket  State = "ticket"    // it opened a ticket
	MadeMessage State = "message"   // it is a message on a ticket
	MadeReport  State = "report"    // a bounce or the like, attached to the mail it reports on
	Duplicate   State = "duplicate" // the same mail is here already
	Refused     State = "refused"   // kept and answered by nothing; Reason says why
)

// Inbound is a mail that came in.
type Inbound struct {
	ID         string
	ReceivedAt time.Time // when its bytes became durable
	SHA256     string
	Size       int64
	Raw        []byte // only from Load
	From, To   string // of the envelope
	State      State
	Class      string
	Auth       string // none, fail, aligned
	MessageID  string
	Once       string
	TicketID   string
	ItemID     string // message of the ticket
	Reason     string
}

// Jobs is the queue that runs the work on mails.
type Jobs interface {
	Add(ctx context.Context, tx *db.Tx, kind, item string, at time.Time) error
}

// Box is the store of mails.
type Box struct {
	db        *db.DB
	clk       clock.Clock
	jobs      Jobs
	transport Transport // nil: nobody is mailed
}

// New makes a box. Without a transport nobody is mailed: what would be sent is shown in the portal at once.
func New(d *db.DB, clk clock.Clock, jobs Jobs, t Transport) *Box {
	return &Box{db: d, clk: clk, jobs: jobs, transport: t}
}

// Mails says whether mail goes out at all.
func (b *Box) Mails() bool { return b.transport != nil }

// Receive makes a mail durable. When it returns nil the mail is committed and will be read, whatever happens to the process:
// only then may it be acknowledged (RFC 5321 §6.1). Errors: Unavailable, when the sender has to keep it and try again.
func (b *Box) Receive(ctx context.Context, from, to string, raw []byte) (string, error) {
	sum := sha256.Sum256(raw)
	m := Inbound{ID: id.New(), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(raw)), From: text.Line(from), To: text.Line(to)}
	err := b.db.Write(ctx, func(tx *db.Tx) error {
		now := b.clk.Now()
		if _, err := tx.Exec(ctx, sqlInsertInbound, m.ID, clock.Micros(now), m.SHA256, m.Size, raw, m.From, m.To); err != nil {
			return err
		}
		return b.jobs.Add(ctx, tx, JobRead, m.ID, now)
	})
	return m.ID, err
}

// Load gives a mail with its bytes. Errors: NotFound.
func (b *Box) Load(ctx context.Context, q db.Querier, mailID string) (Inbound, error) {
	m, err := scanInbound(q.QueryRow(ctx, sqlInbound, mailID))
	if err != nil {
		return m, err
	}
	return m, q.QueryRow(ctx, sqlInboundRaw, mailID).Scan(&m.Raw)
}

// Settle writes what became of a mail. Errors: Conflict when a mail with the same Once was taken in by another node
// meanwhile: run the job again, it will find a duplicate.
func (b *Box) Settle(ctx context.Context, tx *db.Tx, m Inbound) error {
	_, err := tx.Exec(ctx, sqlSettleInbound, string(m.State), m.Class, m.Auth, m.MessageID, m.Once, m.TicketID, m.ItemID, m.Reason, m.ID)
	return err
}

// SameAs finds the mail that was taken in with the same Once. Errors: NotFound.
func (b *Box) SameAs(ctx context.Context, q db.Querier, once string) (Inbound, error) {
	return scanInbound(q.QueryRow(ctx, sqlInboundOnce, once))
}

// TicketOf finds the ticket on which a Message-ID is stored, in or out. Errors: NotFound.
func (b *Box) TicketOf(ctx context.Context, q db.Querier, messageID string) (string, error) {
	var ticket string
	err := q.QueryRow(ctx, sqlTicketOfMessage, messageID).Scan(&ticket)
	return ticket, err
}

// Inbounds lists mails that came in, newest first; state "" lists all.
func (b *Box) Inbounds(ctx context.Context, state State, c page.Cursor, limit int) (page.List[Inbound], error) {
	limit = page.Limit(limit)
	w := db.NewWhere()
	if state != "" {
		w.And("state = ?", string(state))
	}
	if c.Tie != "" {
		w.And("id < ?", c.Tie)
	}
	rows, err := b.db.Read().Query(ctx, sqlInbounds+w.SQL()+" ORDER BY id DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanInbound)
	if err != nil {
		return page.List[Inbound]{}, err
	}
	return page.Of(all, limit, func(m Inbound) page.Cursor { return page.Cursor{Key: 1, Tie: m.ID} }), nil
}
