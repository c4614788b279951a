package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/store"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

const classPerson = string(mail.ClassPerson)

// TakeMail does the job of reading one stored mail: it becomes a ticket, a message on one, or a report on a mail of ours, exactly
// once. From: is a claim: it may open a ticket, it grants nothing. end commits the result with the removal of the job.
func (s *Service) TakeMail(ctx context.Context, mailID string, end func(fn func(tx *db.Tx) error) error) error {
	in, err := s.box.Load(ctx, s.db.Read(), mailID)
	if err != nil {
		return err
	}
	if in.State != box.Stored {
		return end(func(*db.Tx) error { return nil })
	}
	msg := mail.Parse(in.Raw, mail.DefaultLimits())
	in.Auth = string(msg.Authenticate(s.conf.AuthServ))
	v := msg.Classify(mail.Self{LoopID: s.LoopID(), Addresses: s.conf.mailboxes().All(), NullSender: in.From == ""})
	in.Class, in.MessageID, in.Once = string(v.Class), text.Cut(msg.MessageID, 300), once(in, msg)
	files := attachments(msg)
	return end(func(tx *db.Tx) error {
		c := intake{s: s, ctx: ctx, tx: tx, in: in, msg: msg, verdict: v, files: files}
		return c.take()
	})
}

// once is what makes a mail the same mail: its Message-ID, its sender and subject, and the bytes of its body, whatever way it
// came (Received and other trace fields differ); without an id, all its bytes and the hour.
func once(in box.Inbound, m *mail.Message) string {
	h := sha256.New()
	if m.MessageID == "" {
		_, _ = fmt.Fprintf(h, "bytes %s %d", in.SHA256, in.ReceivedAt.Unix()/3600)
		return hex.EncodeToString(h.Sum(nil))
	}
	_, _ = fmt.Fprintf(h, "id %s\n%s\n%s\n", m.MessageID, m.From.Address, m.Subject)
	body := in.Raw
	for _, end := range []string{"\r\n\r\n", "\n\n", "\r\r"} {
		if i := bytes.Index(in.Raw, []byte(end)); i >= 0 {
			body = in.Raw[i:]
			break
		}
	}
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// LoopID marks our own mails, so that they are known when they come back.
func (s *Service) LoopID() string {
	sum := sha256.Sum256(append([]byte("loop mark "), s.conf.ReplyKey...))
	return hex.EncodeToString(sum[:12])
}

func attachments(m *mail.Message) []Upload {
	var out []Upload
	for i := range m.Attachments {
		a := &m.Attachments[i]
		if len(out) == MaxFiles || a.Data == nil {
			continue // the original is kept whole
		}
		out = append(out, Upload{Name: a.Name, Body: a.Data})
	}
	return out
}

// intake is the taking in of one mail inside its transaction.
type intake struct {
	s       *Service
	ctx     context.Context
	tx      *db.Tx
	in      box.Inbound
	msg     *mail.Message
	verdict mail.Verdict
	files   []Upload
}

func (c *intake) take() error {
	if same, err := c.s.box.SameAs(c.ctx, c.tx, c.in.Once); err == nil {
		return c.settle(box.Duplicate, same.TicketID, "", "the same mail as "+same.ID)
	} else if !errs.Is(err, errs.NotFound) {
		return err
	}
	switch c.verdict.Class {
	case mail.ClassBounce, mail.ClassComplaint:
		if done, err := c.report(); done || err != nil {
			return err
		}
		return c.settle(box.MadeReport, "", "", "a report on no mail of ours")
	case mail.ClassLoop:
		return c.settle(box.Refused, "", "", "our own mail come back")
	}
	from, err := c.sender()
	if err != nil {
		return err
	}
	t, proof, err := c.thread()
	if err != nil {
		return err
	}
	if t.State == Merged { // its replies belong to the ticket that goes on
		if t, err = store.Survivor(c.ctx, c.tx, t.ID); err != nil {
			return err
		}
	}
	if t.ID != "" {
		done, err := c.append(t, from, proof)
		if done || err != nil {
			return err
		}
	}
	// words alone ("out of office" in a subject) are no proof of a machine: an unread request is worse than a ticket too many
	said := c.msg.AutoSubmitted != "" && c.msg.AutoSubmitted != "no"
	if c.verdict.Class == mail.ClassAutoReply && (said && c.verdict.Away != nil || c.msg.AutoSubmitted == "auto-replied" || len(c.msg.InReplyTo) > 0) {
		return c.settle(box.Refused, "", "", "an automatic answer to nothing of ours")
	}
	return c.open(from, t)
}

func (c *intake) settle(state box.State, ticketID, itemID, reason string) error {
	c.in.State, c.in.TicketID, c.in.ItemID, c.in.Reason = state, ticketID, itemID, reason
	if state == box.Duplicate {
		c.in.Once = ""
	}
	return c.s.box.Settle(c.ctx, c.tx, c.in)
}

// sender finds or makes the person the mail says it is from.
func (c *intake) sender() (people.Person, error) {
	address := c.msg.From.Address
	p, _, err := c.s.people.ResolveSender(c.ctx, c.tx, address, c.msg.From.Name)
	if errs.Is(err, errs.Invalid) {
		p, _, err = c.s.people.ResolveSender(c.ctx, c.tx, c.in.From, c.msg.From.Name)
	}
	if errs.Is(err, errs.Invalid) { // nobody can be answered; the mail is readable all the same
		p, _, err = c.s.people.ResolveSender(c.ctx, c.tx, "unknown-sender@"+c.s.domain(), "Unknown sender")
	}
	return p, err
}

// actor is the sender as a mail names them: a claim.
func (c *intake) actor(p people.Person) auth.Actor {
	return auth.Actor{PersonID: p.ID, Name: p.Name, OrgID: p.OrgID, SiteID: p.SiteID, Kind: auth.Mail, Stranger: p.Stranger(), Channel: channelMail}
}

// proof is how a mail shows which ticket it belongs to.
type proof int

const (
	noProof    proof = iota
	knownID          // it refers to a Message-ID stored on the ticket
	signedMark       // it carries a token that only our mails carry
)

// thread finds the ticket a mail belongs to: by our signed token or by a stored Message-ID, never by its subject or a number.
func (c *intake) thread() (Ticket, proof, error) {
	for _, to := range c.addressedTo() {
		if n, ok := mail.CheckReplyToken(c.s.conf.ReplyKey, mail.TokenOf(to)); ok {
			t, err := store.ByNumber(c.ctx, c.tx, n)
			if err == nil || !errs.Is(err, errs.NotFound) {
				return t, signedMark, err
			}
		}
	}
	refs := append(slices.Clone(c.msg.InReplyTo), c.msg.References...)
	slices.Reverse(refs[len(c.msg.InReplyTo):]) // the nearest first
	for i, ref := range refs {
		if i == 50 {
			break
		}
		ticketID, err := c.s.box.TicketOf(c.ctx, c.tx, ref)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return Ticket{}, noProof, err
		}
		how := knownID
		if _, ok := mail.CheckMessageID(c.s.conf.ReplyKey, ref); ok {
			how = signedMark
		}
		t, err := store.ByID(c.ctx, c.tx, ticketID)
		return t, how, err
	}
	return Ticket{}, noProof, nil
}

func (c *intake) addressedTo() []string {
	out := strings.Split(c.in.To, ",")
	for _, list := range [][]mail.Address{c.msg.To, c.msg.Cc} {
		for _, a := range list {
			out = append(out, a.Address)
		}
	}
	return out
}

// append adds the mail to a ticket, if the proof and the sender allow it. done false: it opens a ticket of its own, linked.
func (c *intake) append(t Ticket, from people.Person, how proof) (done bool, err error) {
	parts, err := store.Participants(c.ctx, c.tx, t.ID)
	if err != nil {
		return false, err
	}
	role := ""
	for _, p := range parts {
		if p.PersonID == from.ID {
			role = p.Role
		}
	}
	switch {
	case c.in.Auth == string(mail.AuthFail):
		return false, c.hold(t, "its sender failed the check")
	case role == "" && how == signedMark && c.copied(parts):
		role = Pending
		if err := c.s.onTicket(c.ctx, c.tx, t.ID, "copied", func(a *act) error {
			return a.wait([]people.Person{from}, "answered a mail they got a copy of")
		}); err != nil {
			return false, err
		}
		if t, err = store.ByID(c.ctx, c.tx, t.ID); err != nil {
			return false, err
		}
	case role == "":
		return false, c.hold(t, "its sender takes no part")
	}
	if from.OrgKind == people.Provider && role != Requester && role != Affected { // somebody of IT who follows speaks to IT
		return true, c.note(t, from)
	}
	if role == Pending { // heard by the desk; it moves nothing until somebody lets them in
		return true, c.keepAside(t, from, classPending)
	}
	if c.verdict.Class == mail.ClassAutoReply || c.verdict.Class == mail.ClassList {
		return true, c.keepAside(t, from, string(c.verdict.Class))
	}
	proven := how == signedMark || c.in.Auth == string(mail.AuthAligned)
	if !t.Open && (!proven || !c.graceLeft(t)) {
		return false, nil // a new request, linked
	}
	m := c.message(t.ID, from)
	_, err = c.s.actIn(c.ctx, c.tx, systemActor(), t, in{name: "mail", verb: auth.TicketSpeak}, func(a *act) error {
		a.by, a.unproven = c.actor(from), !proven
		return c.speak(a, &m)
	})
	if err != nil {
		return false, err
	}
	if err := c.copies(t.ID, from); err != nil {
		return false, err
	}
	return true, c.settle(box.MadeMessage, t.ID, m.ID, "")
}

// copied says whether the sender may have had a copy: somebody who takes part is among the other addresses of the mail.
func (c *intake) copied(parts []Participant) bool {
	for _, list := range [][]mail.Address{c.msg.To, c.msg.Cc} {
		for _, a := range list {
			p, err := people.PersonByAddress(c.ctx, c.tx, a.Address)
			if err == nil && slices.ContainsFunc(parts, func(x Participant) bool { return x.PersonID == p.ID }) {
				return true
			}
		}
	}
	return false
}

func (c *intake) graceLeft(t Ticket) bool {
	_, papers, err := c.s.Facts(c.ctx, c.tx, t)
	if err != nil || len(papers) == 0 {
		return false
	}
	return c.in.ReceivedAt.Before(t.ClosedAt.AddDate(0, 0, papers[len(papers)-1].Terms.GraceDays))
}

// message is the mail as a message of a ticket.
func (c *intake) message(ticketID string, from people.Person) Message {
	body := strings.TrimSpace(c.msg.ReplyText)
	quoted := ""
	if body == "" {
		body = strings.TrimSpace(c.msg.Text)
	} else if full := strings.TrimSpace(c.msg.Text); full != body {
		quoted = strings.TrimSpace(strings.Replace(full, body, "", 1))
	}
	return Message{
		ID: id.New(), TicketID: ticketID, AuthorID: from.ID, Side: sideCustomer, Channel: channelMail, Body: cutBody(text.Body(body)), Quoted: cutBody(text.Body(quoted)),
		Class: classPerson, Auth: c.in.Auth, MailID: c.in.ID, MadeAt: c.in.ReceivedAt,
	}
}

func cutBody(s string) string {
	r := []rune(s)
	if len(r) <= MaxBody {
		return s
	}
	return string(r[:MaxBody]) + "\n[… the rest is in the original mail]"
}

// speak writes a person's mail into the ledger: it answers, confirms, reopens, or only thanks.
func (c *intake) speak(a *act, m *Message) error {
	a.now = c.in.ReceivedAt.Truncate(time.Second) // the turn moved when the bytes became durable
	if !a.t.Open {
		if phrase.OnlyThanks(m.Body) && len(c.files) == 0 { // the late "thanks" reopens nothing
			return a.hear(m)
		}
		if _, err := a.append(string(agreement.Reopened), data{Mail: c.in.ID}); err != nil {
			return err
		}
	}
	return a.say(m, c.files)
}

// hold notes on a ticket that a mail looked like it belongs there and was not let in.
func (c *intake) hold(t Ticket, why string) error {
	c.in.Reason = "not added to " + t.Ref() + ": " + why
	return c.s.onTicket(c.ctx, c.tx, t.ID, "hold-mail", func(a *act) error {
		_, err := a.append(evHeld, data{Mail: c.in.ID})
		return err
	})
}

// open makes a ticket of the mail; may is a ticket it may belong to.
func (c *intake) open(from people.Person, may Ticket) error {
	subject := text.Cut(text.Line(c.msg.Subject), MaxSubject)
	unreadable := c.unreadable()
	if unreadable {
		subject = "Unreadable mail"
		if s := text.Cut(text.Line(c.msg.Subject), MaxSubject-20); s != "" {
			subject += ": " + s
		}
	}
	m := c.message("", from)
	m.Class = string(c.verdict.Class)
	if subject == "" {
		subject = lastLine(m.Body)
	}
	if subject == "" {
		subject = "(no subject)"
	}
	o := opening{
		by: c.actor(from), at: c.in.ReceivedAt, kind: Incident, door: c.s.conf.mailboxes().Door(c.addressedTo()), subject: subject, requester: from, affected: from, submitter: from.ID,
		impact: Medium, urgency: Medium, auth: c.in.Auth, message: m, quiet: c.verdict.Class != mail.ClassPerson || unreadable || c.in.Auth == string(mail.AuthFail),
	}
	if o.door == agreement.DoorLevels {
		o.kind = o.matter.Kind()
	}
	if unreadable && o.message.Body == "" {
		o.message.Body = "This mail could not be read. The original is kept and can be downloaded."
	}
	t, err := c.s.open(c.ctx, c.tx, o, c.files)
	if err != nil {
		return err
	}
	if err := c.copies(t.ID, from); err != nil {
		return err
	}
	if may.ID != "" {
		kind := "may_belong"
		if !may.Open && c.in.Reason == "" {
			kind = "follows"
		}
		if err := c.s.onTicket(c.ctx, c.tx, t.ID, "link", func(a *act) error { return a.link(may.ID, kind) }); err != nil {
			return err
		}
	}
	return c.settle(box.MadeTicket, t.ID, "", c.in.Reason)
}

// unreadable says whether nothing of the mail could be read.
func (c *intake) unreadable() bool {
	return strings.TrimSpace(c.msg.Text) == "" && len(c.msg.Attachments) == 0 && len(c.msg.Problems) > 0
}
