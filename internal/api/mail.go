package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/mail/box"
)

// mails registers the log of mails. It names everybody, so only who may read it everywhere is let in.
func (h *Handler) mails() {
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "mail/inbound", Verb: auth.MailRead, Summary: "List the mails that came in, newest first"}, h.inbound)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "mail/inbound/{id}/raw", Verb: auth.MailRead, Summary: "Download a mail as it came in", Binary: true}, h.original)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "mail/outbound", Verb: auth.MailRead, Summary: "List the mails that go out, newest first"}, h.outbound)
}

var (
	inboundStates  = []string{string(box.Stored), string(box.MadeTicket), string(box.MadeMessage), string(box.MadeReport), string(box.Duplicate), string(box.Refused)}
	outboundStates = []string{box.Queued, box.Sending, box.Sent, box.Maybe, box.Failed, box.Shown}
)

// mailIn is a page of mails.
type mailIn struct {
	State string `query:"state" doc:"Only mails in this state."`
	host.Page
}

func (in *mailIn) read(by auth.Actor, states []string) (limit int, c page.Cursor, err error) {
	if err := auth.Can(by, auth.MailRead, auth.Object{Kind: "mail"}); err != nil {
		return 0, c, err
	}
	if in.State != "" && !slices.Contains(states, in.State) {
		return 0, c, errs.In("api.mail", "state", "There is no such state. Write one of: %s.", text.Join(states))
	}
	return in.Page.Read()
}

// inboundMail is a mail that came in.
type inboundMail struct {
	ID         string    `json:"id"`
	ReceivedAt time.Time `json:"received_at" doc:"When its bytes were durable."`
	From       string    `json:"from" doc:"Of the envelope."`
	To         string    `json:"to" doc:"Of the envelope."`
	Size       int64     `json:"size"`
	SHA256     string    `json:"sha256"`
	State      string    `json:"state" enum:"stored,ticket,message,report,duplicate,refused"`
	Class      string    `json:"class"`
	Auth       string    `json:"auth"`
	MessageID  string    `json:"message_id"`
	Ticket     *string   `json:"ticket" doc:"Number of the ticket it became or belongs to."`
	Reason     string    `json:"reason" doc:"Why it became what it is."`
}

func (h *Handler) inbound(ctx context.Context, by auth.Actor, in *mailIn) (*host.ListOut[inboundMail], error) {
	limit, c, err := in.read(by, inboundStates)
	if err != nil {
		return nil, err
	}
	l, err := h.Box.Inbounds(ctx, box.State(in.State), c, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.Items))
	for i := range l.Items {
		ids[i] = l.Items[i].TicketID
	}
	keys, err := h.Desk.Keys(ctx, ids...)
	out := make([]inboundMail, len(l.Items))
	for i := range l.Items {
		m := &l.Items[i]
		out[i] = inboundMail{m.ID, m.ReceivedAt.UTC(), m.From, m.To, m.Size, m.SHA256, string(m.State), m.Class, m.Auth, m.MessageID, ref(keys, m.TicketID), m.Reason}
	}
	return host.ListOf(out, l.Next), err
}

func ref(keys map[string]desk.Key, ticketID string) *string {
	k, ok := keys[ticketID]
	if !ok {
		return nil
	}
	return host.Word(desk.Ref(k.Number))
}

func (h *Handler) original(ctx context.Context, by auth.Actor, in *struct {
	ID string `path:"id"`
}) (*download, error) {
	if err := auth.Can(by, auth.MailRead, auth.Object{Kind: "mail"}); err != nil {
		return nil, err
	}
	if !id.Valid(in.ID) {
		return nil, host.Nothing
	}
	m, err := h.Box.Load(ctx, h.DB.Read(), in.ID)
	if err != nil {
		return nil, err
	}
	return h.downloadOf("mail-"+m.ID+".eml", "message/rfc822", int64(len(m.Raw)), bytes.NewReader(m.Raw)), nil
}

// outboundMail is a mail to one recipient.
type outboundMail struct {
	ID        string     `json:"id"`
	Ticket    *string    `json:"ticket" doc:"Number of the ticket it is about."`
	Kind      string     `json:"kind"`
	Recipient string     `json:"recipient"`
	Because   string     `json:"because" doc:"Why this person is told."`
	MessageID string     `json:"message_id"`
	Subject   string     `json:"subject"`
	Automatic bool       `json:"automatic"`
	State     string     `json:"state" enum:"queued,sending,sent,maybe,failed,shown"`
	Attempts  int64      `json:"attempts"`
	Answer    string     `json:"answer" doc:"The relay's last words."`
	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at"`
	DoneAt    *time.Time `json:"done_at"`
}

func (h *Handler) outbound(ctx context.Context, by auth.Actor, in *mailIn) (*host.ListOut[outboundMail], error) {
	limit, c, err := in.read(by, outboundStates)
	if err != nil {
		return nil, err
	}
	l, err := h.Box.Outbounds(ctx, in.State, "", c, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.Items))
	for i := range l.Items {
		ids[i] = l.Items[i].TicketID
	}
	keys, err := h.Desk.Keys(ctx, ids...)
	out := make([]outboundMail, len(l.Items))
	for i := range l.Items {
		m := &l.Items[i]
		out[i] = outboundMail{
			m.ID, ref(keys, m.TicketID), m.Kind, m.Recipient, m.Because, m.MessageID, m.Subject, m.Automatic, m.State, m.Attempts, m.Answer,
			m.MadeAt.UTC(), host.Instant(m.NextAt), host.Instant(m.DoneAt),
		}
		if m.State != box.Queued && m.State != box.Maybe {
			out[i].NextAt = nil
		}
	}
	return host.ListOf(out, l.Next), err
}
