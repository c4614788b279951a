package desk

import (
	"strings"

	"bothways/internal/kit/errs"
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
		if err := c.s.box.Bounced(c.ctx, c.tx, m, "bounced: "+c.verdict.Bounce.Status); err != nil {
			return false, err
		}
		if err := c.s.Undeliverable(c.ctx, c.tx, m); err != nil {
			return false, err
		}
	}
	return true, c.settle(box.MadeReport, m.TicketID, m.ID, string(c.verdict.Class))
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
