package desk

import (
	"errors"
	"strings"

	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
)

// report attaches a bounce or a complaint to the mail it reports on. Done false: it is about no mail of ours.
func (c *intake) report() (done bool, err error) {
	if c.verdict.Bounce == nil {
		return false, nil
	}
	m, err := c.reported(c.verdict.Bounce)
	if err != nil || m.ID == "" {
		return false, err
	}
	if c.verdict.Class == mail.ClassBounce && c.verdict.Bounce.Failed() && m.State != box.Failed {
		if why, err := c.contradicted(m); err != nil || why != "" {
			return err == nil, errors.Join(err, c.settle(box.MadeReport, m.TicketID, m.ID, why))
		}
		if err := c.s.box.Bounced(c.ctx, c.tx, m, "bounced: "+c.verdict.Bounce.Status); err != nil {
			return false, err
		}
		if err := c.s.Undeliverable(c.ctx, c.tx, m); err != nil {
			return false, err
		}
	}
	return true, c.settle(box.MadeReport, m.TicketID, m.ID, string(c.verdict.Class))
}

// contradicted says why a report is not believed: anybody who holds a mail of ours can write one, and nobody takes an answer
// back with it.
func (c *intake) contradicted(m box.Outbound) (string, error) {
	if r := c.verdict.Bounce.Recipient; r != "" && text.Address(r) != text.Address(m.Recipient) {
		return "the report names another recipient than the mail had", nil
	}
	if c.in.Auth == string(mail.AuthFail) {
		return "the report's sender failed the check", nil
	}
	stream, err := event.Of(c.ctx, c.tx, m.TicketID, 0)
	for _, e := range stream {
		if e.Actor == m.PersonID && e.At.After(m.DoneAt) {
			return "the report contradicts what its recipient did since", nil
		}
	}
	return "", err
}

// reported finds our mail that a bounce is about, by its signed Message-ID. A bounce without one proves nothing.
func (c *intake) reported(b *mail.Bounce) (box.Outbound, error) {
	for _, ref := range append([]string{b.OriginalMessageID}, append(c.msg.InReplyTo, c.msg.References...)...) {
		if _, ok := mail.CheckMessageID(c.s.conf.ReplyKey, ref); !ok {
			continue
		}
		m, err := c.s.box.ByMessageID(c.ctx, c.tx, strings.Trim(ref, "<> "))
		if err == nil || !errs.Is(err, errs.NotFound) {
			return m, err
		}
	}
	return box.Outbound{}, nil
}
