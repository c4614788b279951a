package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
	"bothways/internal/web/area"
	"bothways/internal/web/gallery"
	"bothways/internal/web/inbox"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// mailStates are what became of a mail, where it is not that it was sent.
var mailStates = map[string]string{box.Queued: "On its way", box.Sending: "On its way", box.Maybe: "Perhaps sent", box.Failed: "Not delivered", box.Shown: "Shown on the page"}

// public is the frame of a page that anybody may see.
func (v *visit) public(title string) ui.PortalFrame {
	return ui.PortalFrame{Doc: v.doc(title), Reader: v.reader, Home: "/", Help: v.help(), Toast: v.toast(), Nav: []ui.Link{{Label: "Desk", Href: "/", Icon: ui.IconHome}, {Label: "Mail sent", Href: "/inbox", Icon: ui.IconMail}}}
}

// mails lists what the demo would have mailed.
func (s *site) mails(v *visit) error {
	cursor := v.r.URL.Query().Get("cursor")
	c, err := page.Parse(cursor)
	if err != nil {
		return err
	}
	rows, err := s.Box.Outbounds(v.ctx(), "", "", c, 50)
	if err != nil {
		return err
	}
	p := inbox.ListPage{Frame: v.public("Mail the desk sent"), Pages: ui.Pages{Label: "Mail"}}
	for i := range rows.Items {
		m := &rows.Items[i]
		p.Mails = append(p.Mails, inbox.Row{Href: "/inbox/" + m.ID, From: s.DeskName, To: m.Recipient, Subject: m.Subject, At: m.MadeAt, State: mailStates[m.State]})
	}
	if rows.Next != "" {
		p.Pages.Next = "/inbox?cursor=" + url.QueryEscape(rows.Next)
	}
	if cursor != "" {
		p.Pages.First = "/inbox"
	}
	s.render(v, http.StatusOK, inbox.List(p))
	return nil
}

// mail is one of them, as its receiver reads it, with the means to answer.
func (s *site) mail(v *visit) error { return s.showMail(v, nil) }

func (s *site) showMail(v *visit, back *area.Returned) error {
	m, err := s.Box.One(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := inbox.MailPage{
		Frame: v.public(m.Subject), Crumb: crumb(ui.Link{Label: "Mail sent", Href: "/inbox"}, "One mail"), From: s.DeskName, To: m.Recipient, Subject: m.Subject, At: m.MadeAt,
		Header: []ui.Fact{{Name: "Why", Value: m.Because}}, Text: m.Body,
	}
	if m.ReplyTo != "" {
		p.Reply = back.Form("reply", "/inbox/"+m.ID, nil)
	}
	s.render(v, back.Status(), inbox.Mail(p))
	return nil
}

// answerMail sends an answer into the desk as the receiver's own mail program would.
func (s *site) answerMail(v *visit) error {
	m, err := s.Box.One(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := serve.ReadForm(v.w, v.r)
	if err != nil {
		return err
	}
	if f.Value("body") == "" {
		back, _ := area.CameBack("reply", f, errs.In("web.inbox", "body", "Write what %s answers.", m.Recipient), area.Fields("body"))
		return s.showMail(v, back)
	}
	_, domain, _ := strings.Cut(m.Recipient, "@")
	raw, err := mail.Compose(mail.Outgoing{
		From: mail.Address{Address: m.Recipient}, To: []mail.Address{{Address: m.ReplyTo}}, Subject: "Re: " + text.Cut(m.Subject, 200), MessageID: id.New() + "@" + domain,
		InReplyTo: m.MessageID, Date: s.Clock.Now(), Text: f.Values["body"],
	})
	if err != nil {
		return err
	}
	if _, err := s.Box.Receive(v.ctx(), m.Recipient, m.ReplyTo, raw); err != nil {
		return err
	}
	s.Settle(v.ctx(), m.TicketID)
	return v.redirect("/inbox/" + m.ID + "?done=answered")
}

// casts are the people whom one click makes you, by their part.
func (s *site) casts() []ui.Cast {
	var out []ui.Cast
	for _, l := range s.Logins {
		if len(out) == 0 || out[len(out)-1].Title != l.Part {
			out = append(out, ui.Cast{Title: l.Part})
		}
		side := ui.Customer
		if l.Staff {
			side = ui.Provider
		}
		c := &out[len(out)-1]
		c.People = append(c.People, ui.Role{Name: l.Name, What: l.What, Address: l.Address, Side: side})
	}
	return out
}

// signInAs signs in as one of them, the way the form does with an address and a password.
func (s *site) signInAs(v *visit) error {
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return err
	}
	as := f.Value("as")
	if !slices.ContainsFunc(s.Logins, func(l Login) bool { return l.Address == as }) {
		return s.nothing(v)
	}
	delete(f.Values, "as")
	f.Values["email"], f.Values["password"] = as, s.Password
	return s.letIn(v, f)
}

// showGallery is every part of the pages in every state.
func (s *site) showGallery(v *visit) error {
	name := v.r.PathValue("name")
	if name == "" {
		name = "parts"
	}
	for _, p := range gallery.Pages(v.doc("").Theme) {
		if p.Name == name {
			s.render(v, http.StatusOK, p.View)
			return nil
		}
	}
	return s.nothing(v)
}
