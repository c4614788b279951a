package check

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

// Verify proves that the record is whole, and prints to out what it looked at and each finding: every chain of events, the signed
// checkpoints, the ticket numbers, every attached file, and every mail that came in, taken in exactly once. Errors: Conflict when
// something was found.
func Verify(ctx context.Context, a *app.App, out io.Writer) error {
	v := &verifier{ctx: ctx, app: a, by: auth.SystemActor(), out: out, opened: map[string]bool{}, blobs: map[string]bool{}}
	for _, look := range []func() error{v.checkpoints, v.chains, v.tickets, v.mails} {
		if err := look(); err != nil {
			return err
		}
	}
	if v.wrong > 0 {
		return errs.New(errs.Conflict, "cli.verify", "The record is not whole: %d findings, see above. Compare with a back-up from before.", v.wrong)
	}
	return nil
}

// verifier counts what it finds. The desk may be at work meanwhile: what is compared is read in an order in which more may
// come, and nothing may go.
type verifier struct {
	ctx       context.Context
	app       *app.App
	by        auth.Actor
	out       io.Writer
	wrong     int
	promised  int64           // tickets that the newest checkpoint counts
	streams   int             // chains before the tickets were read
	opened    map[string]bool // ids of the tickets that mails opened; true once the mail was seen
	blobs     map[string]bool // digests that were read
	blobBytes int64
}

func (v *verifier) say(format string, args ...any) { _, _ = fmt.Fprintf(v.out, format+"\n", args...) }

func (v *verifier) found(format string, args ...any) {
	v.wrong++
	v.say("WRONG  "+format, args...)
}

func (v *verifier) fine(format string, args ...any) { v.say("ok     "+format, args...) }

func (v *verifier) chains() error {
	n, breaks, err := event.Verify(v.ctx, v.app.DB.Read())
	if err != nil {
		return err
	}
	v.streams = n
	for _, b := range breaks {
		v.found("chain: %s", b)
	}
	if v.promised > int64(n) {
		v.found("the newest checkpoint counts %d tickets; there are chains of %d", v.promised, n)
	}
	v.fine("%d of %d chains of events are as they were written", n-len(breaks), n)
	return nil
}

// mostCheckpoints are about two months of them, one a minute.
const mostCheckpoints = 100_000

func (v *verifier) checkpoints() error {
	key, err := v.app.Auth.Key(v.ctx, "checkpoint", 32)
	if err != nil {
		return err
	}
	all, err := event.Checkpoints(v.ctx, v.app.DB.Read(), mostCheckpoints)
	if err != nil {
		return err
	}
	bad := 0
	for i, c := range all {
		switch {
		case !c.Genuine(key):
			v.found("checkpoint of %s: its signature is not ours", stamp(c.At))
			bad++
		case i > 0 && c.Streams > all[i-1].Streams: // newest first: there are never fewer tickets later
			v.found("checkpoint of %s counts %d tickets, the one after it %d: some were taken out", stamp(c.At), c.Streams, all[i-1].Streams)
			bad++
		}
	}
	if len(all) > 0 {
		v.promised = all[0].Streams
	}
	v.fine("%d of %d checkpoints are genuine", len(all)-bad, len(all))
	return nil
}

// tickets walks all numbers and what hangs on each ticket.
func (v *verifier) tickets() error {
	n, next := 0, int64(0)
	err := walk(func(cursor string) (page.List[desk.Row], error) {
		return v.app.Desk.List(v.ctx, v.by, desk.Filter{}, cursor, page.MaxLimit)
	}, func(t desk.Row) error {
		if next != 0 && t.Number != next {
			v.gap(t.Number+1, next)
		}
		next = t.Number - 1
		n++
		if t.Channel == "mail" {
			v.opened[t.ID] = false
		}
		return v.files(t.Number)
	})
	if err != nil {
		return err
	}
	if n > 0 && next >= firstNumber {
		v.gap(firstNumber, next)
	}
	after, err := v.countChains()
	if err != nil {
		return err
	}
	if n < v.streams || n > after {
		v.found("there are %d tickets and %d chains of events: each has exactly one", n, after)
	}
	v.fine("%d tickets, each with its chain", n)
	v.fine("%d attached files, %d bytes, each as its digest says", len(v.blobs), v.blobBytes)
	return nil
}

func (v *verifier) countChains() (int, error) {
	n, after := 0, ""
	for {
		heads, err := event.Heads(v.ctx, v.app.DB.Read(), after)
		if err != nil || len(heads) == 0 {
			return n, err
		}
		n += len(heads)
		after = heads[len(heads)-1].Stream
	}
}

// firstNumber is the number of the first ticket of an installation.
const firstNumber = 1001

// gap judges numbers nobody has. On SQLite a number is taken in the transaction that writes its ticket.
func (v *verifier) gap(from, to int64) {
	numbers := desk.Ref(from)
	if to > from {
		numbers += " to " + desk.Ref(to)
	}
	if v.app.DB.Engine() == db.PostgreSQL {
		v.say("note   %s: no tickets; a node leased these numbers in a block and did not use them", numbers)
		return
	}
	v.found("%s: these tickets are missing", numbers)
}

// files reads the attachments of a ticket: reading checks the digest.
func (v *verifier) files(number int64) error {
	if err := walk(func(cursor string) (page.List[desk.Message], error) {
		return v.app.Desk.Messages(v.ctx, v.by, number, cursor, page.MaxLimit)
	}, func(m desk.Message) error { v.read(number, m.Files); return v.ctx.Err() }); err != nil {
		return err
	}
	return walk(func(cursor string) (page.List[desk.Note], error) {
		return v.app.Desk.Notes(v.ctx, v.by, number, cursor, page.MaxLimit)
	}, func(n desk.Note) error { v.read(number, n.Files); return v.ctx.Err() })
}

func (v *verifier) read(number int64, files []desk.File) {
	for _, f := range files {
		if v.blobs[f.SHA256] {
			continue
		}
		v.blobs[f.SHA256] = true
		n, err := v.readFile(number, f)
		if err != nil {
			v.found("%s, file %s: %v", desk.Ref(number), f.Name, err)
		}
		v.blobBytes += n
	}
}

func (v *verifier) readFile(number int64, f desk.File) (int64, error) {
	_, r, err := v.app.Desk.OpenFile(v.ctx, v.by, number, f.ID)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.Discard, r)
	if err == nil && n != f.Size {
		err = fmt.Errorf("has %d bytes instead of %d", n, f.Size)
	}
	return n, err
}

// mails looks at every mail that came in: its bytes are those that came, and it became exactly one thing.
func (v *verifier) mails() error {
	counts := map[box.State]int{}
	became := map[string]string{}
	total := 0
	if err := walk(cursored(func(c page.Cursor) (page.List[box.Inbound], error) {
		return v.app.Box.Inbounds(v.ctx, "", c, page.MaxLimit)
	}), func(m box.Inbound) error {
		total++
		counts[m.State]++
		return v.mail(m, became)
	}); err != nil {
		return err
	}
	for ticketID, seen := range v.opened {
		if !seen {
			v.found("ticket %s was opened by a mail that is not there", ticketID)
		}
	}
	v.fine("%d mails came in: %d made tickets, %d messages, %d reports, %d duplicates, %d refused, %d not read yet", total,
		counts[box.MadeTicket], counts[box.MadeMessage], counts[box.MadeReport], counts[box.Duplicate], counts[box.Refused], counts[box.Stored])
	return nil
}

// mail checks one; became is which mail every ticket and message came from so far.
func (v *verifier) mail(m box.Inbound, became map[string]string) error {
	full, err := v.app.Box.Load(v.ctx, v.app.DB.Read(), m.ID)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(full.Raw); hex.EncodeToString(sum[:]) != m.SHA256 {
		v.found("mail %s: its bytes are not those that came", m.ID)
	}
	item := ""
	switch m.State {
	case box.MadeTicket:
		item = m.TicketID
		if _, known := v.opened[item]; !known { // opened since, or never
			events, err := event.Of(v.ctx, v.app.DB.Read(), item, 0)
			if err != nil {
				return err
			}
			if len(events) == 0 {
				v.found("mail %s is settled as ticket %s, which is not there", m.ID, item)
			}
		}
		v.opened[item] = true
	case box.MadeMessage:
		item = m.ItemID
	default:
		return nil
	}
	switch other, twice := became[item]; {
	case item == "":
		v.found("mail %s is settled as a %s and names none", m.ID, m.State)
	case twice:
		v.found("mails %s and %s are settled as the same %s", other, m.ID, m.State)
	}
	became[item] = m.ID
	return nil
}
