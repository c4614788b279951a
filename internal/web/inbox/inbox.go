package inbox

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// Pages are the pages of the demo's mail program.
type Pages struct {
	Box    *box.Box
	Desk   *desk.Service
	People *people.Service
	DB     *db.DB
	Clock  clock.Clock
	Name   string // of the desk
}

// home is the address of all of them.
const home = "/inbox"

// Routes are the pages, for anyone in a demo.
func (p *Pages) Routes() []area.Route {
	return []area.Route{
		{Method: "GET", Path: home, Door: area.ForDemo, Do: p.open},
		{Method: "GET", Path: home + "/{id}", Door: area.ForDemo, Do: p.mail},
		{Method: "POST", Path: home + "/{id}", Door: area.ForDemo, Do: p.answer},
		{Method: "POST", Path: home + "/{id}/away", Door: area.ForDemo, Do: p.away},
	}
}

// perPage is how many mailboxes or mails a page has.
const perPage = 50

// open shows one mailbox where the address names one, else whose there are.
func (p *Pages) open(c *area.Call) error {
	if of := text.Address(c.Query("of")); of != "" {
		return p.mailbox(c, of)
	}
	return p.mailboxes(c)
}

// mailboxes lists everybody who was mailed; on the first page, who has something to answer stands on top.
func (p *Pages) mailboxes(c *area.Call) error {
	after, q := text.Address(c.Query("after")), c.Query("q")
	all, err := p.Box.Mailboxes(c.Ctx(), after, q, perPage+1)
	if err != nil {
		return err
	}
	v := People{Frame: c.Face.Portal("Mail", home), Query: q, Pages: ui.Pages{Label: "Mailboxes"}}
	waits, err := p.waiting(c.Ctx(), "")
	if err != nil {
		return err
	}
	if after == "" && q == "" {
		for _, address := range waits.people() {
			if v.Waiting = append(v.Waiting, p.owner(c.Ctx(), box.Mailbox{Address: address}, waits)); len(v.Waiting) == perPage {
				break
			}
		}
	}
	if len(all) > perPage {
		all = all[:perPage]
		v.Pages.Next = home + "?" + url.Values{"after": {all[perPage-1].Address}, "q": {q}}.Encode()
	}
	if after != "" {
		v.Pages.First = home + "?" + url.Values{"q": {q}}.Encode()
	}
	for _, m := range all {
		v.All = append(v.All, p.owner(c.Ctx(), m, waits))
	}
	c.Face.Render(http.StatusOK, PeoplePage(v))
	return nil
}

// owner is a mailbox as a row.
func (p *Pages) owner(ctx context.Context, m box.Mailbox, w waits) Owner {
	o := Owner{Href: mailboxOf(m.Address), Address: m.Address, Name: m.Address, Mails: int(m.Mails), Waiting: w.of(m.Address), Newest: m.Newest}
	if who, err := people.PersonByAddress(ctx, p.DB.Read(), m.Address); err == nil {
		o.Name, o.Site = who.Name, who.SiteName
		if o.Site == "" && !who.Stranger() {
			o.Site = who.OrgName
		}
	}
	return o
}

func mailboxOf(address string) string { return home + "?of=" + url.QueryEscape(address) }

// waits is what waits for whom: the tickets of each address.
type waits map[string][]string

func (w waits) of(address string) int { return len(w[address]) }

func (w waits) people() []string {
	var out []string
	for a := range w {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// waiting reads which tickets wait for a customer, of one person or of all.
func (p *Pages) waiting(ctx context.Context, personID string) (waits, error) {
	rows, err := p.Desk.List(ctx, auth.SystemActor(), desk.Filter{Open: true, Turn: agreement.SideCustomer, Requester: personID}, "", page.MaxLimit)
	if err != nil {
		return nil, err
	}
	out, addresses := waits{}, map[string]string{}
	for i := range rows.Items {
		r := &rows.Items[i]
		address, known := addresses[r.RequesterID]
		if !known {
			who, err := people.PersonByID(ctx, p.DB.Read(), r.RequesterID)
			if err != nil {
				return nil, err
			}
			address = who.Address
			addresses[r.RequesterID] = address
		}
		if address != "" {
			out[address] = append(out[address], r.ID)
		}
	}
	return out, nil
}

// states are what became of a mail, where it is not that it was sent.
var states = map[string]string{box.Queued: "On its way", box.Sending: "On its way", box.Maybe: "Perhaps sent", box.Failed: "Not delivered", box.Shown: "Shown on the page"}

// mailbox lists the mails to one address, the newest first; what waits for an answer stands on top.
func (p *Pages) mailbox(c *area.Call, of string) error {
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	rows, err := p.Box.Outbounds(c.Ctx(), "", of, cursor, perPage)
	if err != nil {
		return err
	}
	if len(rows.Items) == 0 && cursor.Tie == "" {
		return errs.New(errs.NotFound, "web.inbox", "Nobody was mailed at %s.", text.Cut(of, 100))
	}
	w, err := p.waiting(c.Ctx(), rows.Items[0].PersonID)
	if err != nil {
		return err
	}
	o := p.owner(c.Ctx(), box.Mailbox{Address: of}, w)
	v := Mailbox{Frame: c.Face.Portal(o.Name+"'s mail", home), Owner: o, Pages: c.Pages("Mails", rows.Next)}
	for i := range rows.Items {
		m := &rows.Items[i]
		v.Mails = append(v.Mails, Row{Href: home + "/" + m.ID, From: p.Name, To: m.Recipient, Subject: m.Subject, At: m.MadeAt, State: states[m.State]})
	}
	if cursor.Tie == "" {
		for _, i := range asked(rows.Items, w[of]) {
			v.Waiting = append(v.Waiting, v.Mails[i])
		}
	}
	c.Face.Render(http.StatusOK, MailboxPage(v))
	return nil
}

// asked are the places of the mails that wait for an answer, of each ticket one: the question or the solution itself, where it is
// among them, else the newest about it.
func asked(mails []box.Outbound, tickets []string) []int {
	place := map[string]int{}
	for i := range mails {
		m := &mails[i]
		if !slices.Contains(tickets, m.TicketID) {
			continue
		}
		had, known := place[m.TicketID]
		if asks := m.Kind == "question" || m.Kind == "solution"; !known || asks && mails[had].Kind != "question" && mails[had].Kind != "solution" {
			place[m.TicketID] = i
		}
	}
	return slices.Sorted(maps.Values(place))
}

// mail is one of them, as its receiver reads it, with the means to answer.
func (p *Pages) mail(c *area.Call) error { return p.show(c, nil) }

func (p *Pages) show(c *area.Call, back *area.Returned) error {
	m, err := p.one(c)
	if err != nil {
		return err
	}
	o := p.owner(c.Ctx(), box.Mailbox{Address: m.Recipient}, nil)
	v := MailPage{
		Frame: c.Face.Portal(m.Subject, home), From: p.Name, To: m.Recipient, Subject: m.Subject, At: m.MadeAt, Text: m.Body, Header: []ui.Fact{{Name: "Why", Value: m.Because}},
		Crumb: []ui.Link{{Label: "Mail", Href: home}, {Label: o.Name, Href: o.Href}, {Label: "One mail"}},
	}
	if v.Before, err = p.thread(c.Ctx(), m); err != nil {
		return err
	}
	if m.ReplyTo != "" {
		v.Reply = back.Form("reply", home+"/"+m.ID, nil)
		v.Away = ui.Form{ID: "away", Action: home + "/" + m.ID + "/away"}
	}
	c.Face.Render(back.Status(), Mail(v))
	return nil
}

func (p *Pages) one(c *area.Call) (box.Outbound, error) {
	mailID, err := c.PathID("id")
	if err != nil {
		return box.Outbound{}, err
	}
	return p.Box.One(c.Ctx(), mailID)
}

// mostBefore is how much of a thread is shown.
const mostBefore = 40

// thread is what the receiver got and wrote about the same request, the newest first, without the mail itself.
func (p *Pages) thread(ctx context.Context, m box.Outbound) ([]Said, error) {
	if m.TicketID == "" {
		return nil, nil
	}
	sent, err := p.Box.Of(ctx, p.DB.Read(), m.TicketID)
	if err != nil {
		return nil, err
	}
	var out []Said
	for _, o := range sent {
		if o.Recipient == m.Recipient && o.ID != m.ID {
			out = append(out, Said{Who: p.Name, Subject: o.Subject, At: o.MadeAt, Text: o.Body, Href: home + "/" + o.ID})
		}
	}
	own, err := p.wrote(ctx, m)
	if err != nil {
		return nil, err
	}
	out = append(out, own...)
	slices.SortStableFunc(out, func(a, b Said) int { return b.At.Compare(a.At) })
	return out[:min(len(out), mostBefore)], nil
}

// wrote is what the receiver of a mail wrote on its ticket.
func (p *Pages) wrote(ctx context.Context, m box.Outbound) ([]Said, error) {
	keys, err := p.Desk.Keys(ctx, m.TicketID)
	if err != nil || m.PersonID == "" {
		return nil, err
	}
	l, err := p.Desk.Messages(ctx, auth.SystemActor(), keys[m.TicketID].Number, "", page.MaxLimit)
	var out []Said
	for i := range l.Items {
		if s := &l.Items[i]; s.AuthorID == m.PersonID {
			out = append(out, Said{Who: m.Recipient, At: s.MadeAt, Text: s.Body, Own: true})
		}
	}
	return out, err
}

// answer sends an answer into the desk as the receiver's own mail program would.
func (p *Pages) answer(c *area.Call) error {
	m, err := p.one(c)
	if err != nil {
		return err
	}
	return c.Take("reply", area.Fields("body"), func(f *serve.Form) (string, error) {
		if f.Value("body") == "" {
			return "", errs.In("web.inbox", "body", "Write what %s answers.", m.Recipient)
		}
		return p.post(c, m, mail.Outgoing{Subject: "Re: " + text.Cut(m.Subject, 200), Text: f.Values["body"]}, "answered")
	}, func(back *area.Returned) error { return p.show(c, back) })
}

// away has the receiver's mail program say that nobody is there: it moves no turn.
func (p *Pages) away(c *area.Call) error {
	m, err := p.one(c)
	if err != nil {
		return err
	}
	until := p.Clock.Now().AddDate(0, 0, 5).Format("Monday, 2 January")
	to, err := p.post(c, m, mail.Outgoing{Subject: "Automatic reply: " + text.Cut(m.Subject, 200), Automatic: mail.AutoReplied,
		Text: "I am out of the office and back on " + until + ". Your mail is not forwarded."}, "away")
	if err != nil {
		return err
	}
	return c.Redirect(to)
}

// post hands a mail from the receiver to the desk and gives the address of the page after.
func (p *Pages) post(c *area.Call, m box.Outbound, o mail.Outgoing, done string) (string, error) {
	_, domain, _ := strings.Cut(m.Recipient, "@")
	o.From, o.To = mail.Address{Address: m.Recipient}, []mail.Address{{Address: m.ReplyTo}}
	o.MessageID, o.InReplyTo, o.Date = id.New()+"@"+domain, m.MessageID, p.Clock.Now()
	raw, err := mail.Compose(o)
	if err != nil {
		return "", err
	}
	if _, err := p.Box.Receive(c.Ctx(), m.Recipient, m.ReplyTo, raw); err != nil {
		return "", err
	}
	c.Face.Settle(m.TicketID)
	return home + "/" + m.ID + "?done=" + done, nil
}
