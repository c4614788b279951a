package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
)

func verifyCommand() *command {
	return &command{
		name: "verify", params: "[flags]", about: "prove that the record is whole", needs: database,
		more: `Walks every ticket's chain of events, the signed checkpoints, every mail that came in (its bytes, and that it was taken in exactly
once), the ticket numbers, and every attached file's digest. It names what was changed, put in or taken out.`,
		examples: []string{"bothways verify --data data", "bothways verify --database postgres://bothways@127.0.0.1:5432/bothways"},
		setup: plain(func(c *call) error {
			v := &verifier{call: c, blobs: map[string]bool{}}
			for _, look := range []func() error{v.chains, v.checkpoints, v.tickets, v.mails} {
				if err := look(); err != nil {
					return err
				}
			}
			if v.wrong > 0 {
				return errs.New(errs.Conflict, "cli.verify", "The record is not whole: %d findings, see above. Compare with a back-up from before.", v.wrong)
			}
			return nil
		}),
	}
}

// verifier counts what it finds.
type verifier struct {
	*call
	wrong     int
	streams   int
	byMail    int             // tickets that a mail opened
	blobs     map[string]bool // digests that were read
	blobBytes int64
}

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
	if len(all) > 0 && all[0].Streams > int64(v.streams) {
		v.found("the newest checkpoint, of %s, counts %d tickets; there are %d", stamp(all[0].At), all[0].Streams, v.streams)
		bad++
	}
	v.fine("%d of %d checkpoints are genuine", len(all)-bad, len(all))
	return nil
}

// tickets walks all numbers and what hangs on each ticket.
func (v *verifier) tickets() error {
	n, next := 0, int64(0)
	for cursor := ""; ; {
		l, err := v.app.Desk.List(v.ctx, v.by, desk.Filter{}, cursor, page.MaxLimit)
		if err != nil {
			return err
		}
		for _, t := range l.Items {
			if next != 0 && t.Number != next {
				v.gap(t.Number+1, next)
			}
			next = t.Number - 1
			n++
			if t.Channel == "mail" {
				v.byMail++
			}
			if err := v.files(t.Number); err != nil {
				return err
			}
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if n > 0 && next >= firstNumber {
		v.gap(firstNumber, next)
	}
	if n != v.streams {
		v.found("there are %d tickets and %d chains of events: each has exactly one", n, v.streams)
	}
	v.fine("%d tickets, each with its chain", n)
	v.fine("%d attached files, %d bytes, each as its digest says", len(v.blobs), v.blobBytes)
	return nil
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
	messages, err := everything(func(cursor string) (page.List[desk.Message], error) {
		return v.app.Desk.Messages(v.ctx, v.by, number, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	notes, err := everything(func(cursor string) (page.List[desk.Note], error) {
		return v.app.Desk.Notes(v.ctx, v.by, number, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	var all []desk.File
	for _, m := range messages {
		all = append(all, m.Files...)
	}
	for _, n := range notes {
		all = append(all, n.Files...)
	}
	for _, f := range all {
		if v.blobs[f.SHA256] {
			continue
		}
		v.blobs[f.SHA256] = true
		n, err := v.readFile(v.ctx, number, f)
		if err != nil {
			v.found("%s, file %s: %v", desk.Ref(number), f.Name, err)
		}
		v.blobBytes += n
	}
	return nil
}

func (v *verifier) readFile(ctx context.Context, number int64, f desk.File) (int64, error) {
	_, r, err := v.app.Desk.OpenFile(ctx, v.by, number, f.ID)
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
	opened, items := map[string]string{}, map[string]string{}
	total, c := 0, page.Cursor{}
	for {
		l, err := v.app.Box.Inbounds(v.ctx, "", c, page.MaxLimit)
		if err != nil {
			return err
		}
		for _, m := range l.Items {
			total++
			counts[m.State]++
			if err := v.mail(m, opened, items); err != nil {
				return err
			}
		}
		if l.Next == "" {
			break
		}
		if c, err = page.Parse(l.Next); err != nil {
			return err
		}
	}
	if counts[box.MadeTicket] != v.byMail {
		v.found("%d mails say that they opened a ticket, and %d tickets were opened by mail", counts[box.MadeTicket], v.byMail)
	}
	v.fine("%d mails came in: %d made tickets, %d messages, %d reports, %d duplicates, %d refused, %d not read yet", total,
		counts[box.MadeTicket], counts[box.MadeMessage], counts[box.MadeReport], counts[box.Duplicate], counts[box.Refused], counts[box.Stored])
	return nil
}

// mail checks one: opened and items are what mails became so far.
func (v *verifier) mail(m box.Inbound, opened, items map[string]string) error {
	full, err := v.app.Box.Load(v.ctx, v.app.DB.Read(), m.ID)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(full.Raw); hex.EncodeToString(sum[:]) != m.SHA256 {
		v.found("mail %s: its bytes are not those that came", m.ID)
	}
	switch m.State {
	case box.MadeTicket:
		v.once(opened, m.TicketID, m.ID, "ticket")
	case box.MadeMessage:
		v.once(items, m.ItemID, m.ID, "message")
	}
	return nil
}

func (v *verifier) once(seen map[string]string, became, mailID, what string) {
	switch other, twice := seen[became]; {
	case became == "":
		v.found("mail %s is settled as a %s and names none", mailID, what)
	case twice:
		v.found("mails %s and %s are settled as the same %s", other, mailID, what)
	}
	seen[became] = mailID
}
