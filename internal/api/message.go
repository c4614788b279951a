package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/agreement"
	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// conversation registers messages, notes and files.
func (h *Handler) conversation() {
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/messages", Verb: auth.TicketSpeak, Summary: "Write a public message", Status: http.StatusCreated, Files: true}, h.speak)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/messages", Verb: auth.TicketRead, Summary: "List the public messages, oldest first"}, h.messages)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/notes", Verb: auth.TicketNoteWrite, Summary: "Write an internal note", Status: http.StatusCreated, Files: true}, h.addNote)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/notes", Verb: auth.TicketNoteRead, Summary: "List the internal notes, oldest first"}, h.notes)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/files/{id}", Verb: auth.TicketRead, Summary: "Download an attachment", Binary: true}, h.file)
}

// question is what a message of IT needs from the customer.
type question struct {
	Need      string           `json:"need" doc:"What is needed, in words."`
	Due       *time.Time       `json:"due" doc:"By when it was asked for; null when the agreement's time holds."`
	AgreedDue *time.Time       `json:"agreed_due,omitempty" doc:"By when the agreement wants it, once the question has arrived."`
	Metric    agreement.Metric `json:"metric" enum:"answer,supply_facts,test,acknowledge,confirm"`
}

// message is public: everybody on the ticket reads it. A note is another type.
type message struct {
	ID        string       `json:"id"`
	Author    *host.Person `json:"author" doc:"null for the desk itself."`
	Side      string       `json:"side" enum:"provider,customer,system"`
	Channel   string       `json:"channel"`
	Body      string       `json:"body" doc:"Markdown by the desk, plain text by mail."`
	Quoted    string       `json:"quoted,omitempty" doc:"Of a mail: what the sender's program quoted."`
	Question  *question    `json:"question" doc:"What it needs; null when it needs nothing."`
	Class     string       `json:"class" doc:"Of a mail: person, auto-reply, …; thanks moved no turn."`
	Auth      string       `json:"auth" doc:"Of a mail: none, fail or aligned."`
	Files     []host.File  `json:"files"`
	CreatedAt time.Time    `json:"created_at"`
	State     desk.Arrival `json:"state" enum:"received,on_its_way,arrived,undeliverable,held" doc:"A question opens the customer's turn when it has arrived. held: it can still be taken back."`
	LeavesAt  *time.Time   `json:"leaves_at,omitempty" doc:"Of a held one: until then it can be taken back."`
}

func (b *book) message(m desk.Message, d desk.Delivery) message {
	out := message{
		ID: m.ID, Author: b.Person(m.AuthorID), Side: m.Side, Channel: m.Channel, Body: m.Body, Quoted: m.Quoted, Class: m.Class, Auth: m.Auth,
		Files: host.FilesOf(m.Files), CreatedAt: m.MadeAt.UTC(), State: d.Arrival,
	}
	if out.State == "" {
		out.State = desk.Received
	}
	if m.Need != "" {
		out.Question = &question{Need: m.Need, Due: host.Instant(m.NeedDue), AgreedDue: host.Instant(d.Due), Metric: m.Metric}
	}
	return out
}

type newQuestion struct {
	Need   string     `json:"need" doc:"What is needed: \"the serial number\"."`
	Due    *time.Time `json:"due,omitempty" doc:"By when you would like it: later than the agreement's time it extends it, earlier it changes nothing."`
	Metric string     `json:"metric,omitempty" doc:"answer (also when left out), supply_facts, test or acknowledge."`
}

type newMessage struct {
	Body     string        `json:"body,omitempty" doc:"Markdown. It may be left out when there are files."`
	Question *newQuestion  `json:"question,omitempty" doc:"Makes it a blocking question: the customer's turn begins when it has arrived."`
	Files    []host.FileIn `json:"files,omitempty"`
	Uploads  []string      `json:"uploads,omitempty" maxItems:"50" doc:"Ids of files attached to your draft of a reply."`
	Draft    bool          `json:"draft,omitempty" doc:"It is your draft: that ends with it."`
	Undo     int64         `json:"undo_seconds,omitempty" doc:"IT's: for so long it can be taken back (POST …/messages/{id}/take-back); it leaves then. Left out it leaves at once."`
	Timed
}

// messageOut is a message as an answer, with the version of its ticket.
type messageOut struct {
	ETag string `header:"ETag" doc:"The ticket's version, for If-Match."`
	Body message
}

func (h *Handler) speak(ctx context.Context, by auth.Actor, in *struct {
	host.At
	Body newMessage
}) (*messageOut, error) {
	c, err := in.Act()
	if err != nil {
		return nil, err
	}
	files, err := host.Uploads(in.Body.Files)
	if err != nil {
		return nil, err
	}
	said := desk.SpeakInput{Number: c.Number, Version: c.Version, Body: in.Body.Body, Files: files, Written: desk.Written{Uploads: in.Body.Uploads, Draft: in.Body.Draft}, Work: in.Body.work()}
	if q := in.Body.Question; q != nil {
		said.Question = &desk.QuestionInput{Need: q.Need, Metric: q.Metric}
		if q.Due != nil {
			said.Question.Due = q.Due.UTC()
		}
	}
	if in.Body.Undo != 0 {
		return h.hold(ctx, by, said, in.Body.Undo)
	}
	r, err := h.Desk.Speak(ctx, by, said)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	t := r.Ticket
	if r.Message.Side == string(agreement.SideProvider) && h.Settle != nil {
		h.Settle(ctx, t.ID)
		if t, err = h.Desk.Get(ctx, by, c.Number); err != nil {
			return nil, err
		}
	}
	all, err := h.showMessages(ctx, by, c.Number, []desk.Message{r.Message})
	if err != nil {
		return nil, err
	}
	return &messageOut{ETag: host.Tag(t.Version), Body: all[0]}, nil
}

// hold keeps a message that can be taken back, and answers as it will be.
func (h *Handler) hold(ctx context.Context, by auth.Actor, said desk.SpeakInput, seconds int64) (*messageOut, error) {
	held, err := h.Desk.Hold(ctx, by, desk.HoldInput{SpeakInput: said, For: time.Duration(min(max(seconds, 0), 1<<20)) * time.Second})
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	b, err := h.names(ctx, by, held.PersonID)
	if err != nil {
		return nil, err
	}
	out := b.message(desk.Message{ID: held.ID, AuthorID: held.PersonID, Side: "provider", Channel: held.Channel, Body: held.Body, Need: held.Need, NeedDue: held.Due, MadeAt: held.MadeAt}, desk.Delivery{Arrival: "held"})
	out.LeavesAt = host.Instant(held.LeavesAt)
	return &messageOut{Body: out}, nil
}

func (h *Handler) showMessages(ctx context.Context, by auth.Actor, number int64, in []desk.Message) ([]message, error) {
	ids := make([]string, len(in))
	for i := range in {
		ids[i] = in[i].AuthorID
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	deliveries, err := h.Desk.Deliveries(ctx, by, number)
	if err != nil {
		return nil, err
	}
	out := make([]message, len(in))
	for i, m := range in {
		out[i] = b.message(m, deliveries[m.ID])
	}
	return out, nil
}

// pagedIn is a page of something on a ticket.
type pagedIn struct {
	host.Numbered
	host.Page
}

// read checks both.
func (in *pagedIn) read() (number int64, limit int, err error) {
	if number, err = desk.ParseRef(in.Number); err != nil {
		return 0, 0, err
	}
	limit, _, err = in.Page.Read()
	return number, limit, err
}

func (h *Handler) messages(ctx context.Context, by auth.Actor, in *pagedIn) (*host.ListOut[message], error) {
	number, limit, err := in.read()
	if err != nil {
		return nil, err
	}
	l, err := h.Desk.Messages(ctx, by, number, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	out, err := h.showMessages(ctx, by, number, l.Items)
	return host.ListOf(out, l.Next), err
}

// note is internal: it is in no answer that a customer gets.
type note struct {
	ID        string       `json:"id"`
	Author    *host.Person `json:"author"`
	Body      string       `json:"body"`
	Files     []host.File  `json:"files"`
	CreatedAt time.Time    `json:"created_at"`
}

func (b *book) note(n desk.Note) note {
	return note{ID: n.ID, Author: b.Person(n.AuthorID), Body: n.Body, Files: host.FilesOf(n.Files), CreatedAt: n.MadeAt.UTC()}
}

type newNote struct {
	Body     string        `json:"body,omitempty" doc:"Markdown. It may be left out when there are files."`
	Files    []host.FileIn `json:"files,omitempty"`
	Uploads  []string      `json:"uploads,omitempty" maxItems:"50" doc:"Ids of files attached to your draft of a note."`
	Draft    bool          `json:"draft,omitempty" doc:"It is your draft: that ends with it."`
	Mentions []string      `json:"mentions,omitempty" maxItems:"20" doc:"Mail addresses of colleagues it calls: they follow the ticket from now on."`
	Timed
}

// noteOut is a note as an answer.
type noteOut struct {
	Body note
}

func (h *Handler) addNote(ctx context.Context, by auth.Actor, in *struct {
	host.Numbered
	Body newNote
}) (*noteOut, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	files, err := host.Uploads(in.Body.Files)
	if err != nil {
		return nil, err
	}
	note := desk.NoteInput{Number: number, Body: in.Body.Body, Files: files, Written: desk.Written{Uploads: in.Body.Uploads, Draft: in.Body.Draft}, Work: in.Body.work()}
	if note.Mentions, err = h.mentioned(ctx, in.Body.Mentions); err != nil {
		return nil, err
	}
	n, err := h.Desk.AddNote(ctx, by, note)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	b, err := h.names(ctx, by, n.AuthorID)
	if err != nil {
		return nil, err
	}
	return &noteOut{Body: b.note(n)}, nil
}

// mentioned finds colleagues by their addresses; who is none is refused by the desk like one who is not in IT.
func (h *Handler) mentioned(ctx context.Context, mails []string) ([]string, error) {
	var out []string
	for _, m := range mails {
		if err := host.Addresses(map[string]string{"mentions": m}); err != nil {
			return nil, err
		}
		p, err := people.PersonByAddress(ctx, h.DB.Read(), m)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		out = append(out, p.ID)
	}
	return out, nil
}

func (h *Handler) notes(ctx context.Context, by auth.Actor, in *pagedIn) (*host.ListOut[note], error) {
	number, limit, err := in.read()
	if err != nil {
		return nil, err
	}
	l, err := h.Desk.Notes(ctx, by, number, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(l.Items))
	for i := range l.Items {
		ids[i] = l.Items[i].AuthorID
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]note, len(l.Items))
	for i, n := range l.Items {
		out[i] = b.note(n)
	}
	return host.ListOf(out, l.Next), nil
}

// download is bytes as an answer: always saved, never shown.
type download struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Length      string `header:"Content-Length"`
	Body        func(huma.Context)
}

// downloadOf makes an answer of bytes. The type is ours; what a sender says of it is never repeated (attacks 6 and 7).
func (h *Handler) downloadOf(name, typ string, size int64, body io.Reader) *download {
	return &download{
		Type: typ, Disposition: disposition(name), Policy: "sandbox; default-src 'none'", Length: strconv.FormatInt(size, 10),
		Body: func(c huma.Context) {
			c.SetStatus(http.StatusOK)
			if _, err := io.Copy(c.BodyWriter(), body); err != nil { // the connection ends short of Content-Length: the caller sees that it broke
				h.log.WarnContext(c.Context(), "a download broke off", "error", err)
			}
		},
	}
}

// disposition names a download in ASCII for programs that know no better and in UTF-8 for all others (RFC 6266).
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

func (h *Handler) file(ctx context.Context, by auth.Actor, in *struct {
	host.Numbered
	ID string `path:"id"`
}) (*download, error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	if !id.Valid(in.ID) {
		return nil, host.Nothing
	}
	f, r, err := h.Desk.OpenFile(ctx, by, number, in.ID)
	if err != nil {
		return nil, err
	}
	return h.downloadOf(f.Name, f.Type, r.Size(), r), nil
}
