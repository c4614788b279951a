package web

import (
	"io"
	"net/http"

	"bothways/internal/auth"
	"bothways/internal/blob"
	"bothways/internal/desk"
	"bothways/internal/web/serve"
)

// ticketFile streams an attachment of a message or a note to staff.
func (s *site) ticketFile(v *visit) error { return s.file(v, v.by) }

// requestFile streams an attachment of a public message. Files of notes are not here for anybody.
func (s *site) requestFile(v *visit) error { return s.file(v, v.asCustomer().Actor) }

func (s *site) file(v *visit, by auth.Actor) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	f, body, err := s.Desk.OpenFile(v.ctx(), by, n, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.attachment(f, body)
}

// attachment sends a file as what it is: never shown, never run, never guessed (attacks.md rows 6, 7, 8).
func (v *visit) attachment(f desk.File, body *blob.Reader) error {
	serve.Download(v.w, f.Name, f.Type, body.Size())
	if v.r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(v.w, body); err != nil && v.ctx().Err() == nil {
		v.Log.Error("file ended early", "path", v.r.URL.Path, "error", err)
	}
	return nil
}

// original sends a mail as it arrived, to staff who may read the mail log.
func (s *site) original(v *visit) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	t, err := s.Desk.Get(v.ctx(), v.by, n)
	if err != nil {
		return err
	}
	if err := auth.Can(v.by, auth.MailRead, auth.Object{Kind: "mail", OrgID: t.OrgID, SiteID: t.SiteID, Region: t.Region, TeamID: t.TeamID}); err != nil {
		return err
	}
	m, err := s.Box.Load(v.ctx(), s.DB.Read(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if m.TicketID != t.ID {
		return s.nothing(v)
	}
	serve.Download(v.w, t.Ref()+"-"+m.ReceivedAt.Format("20060102-150405")+".eml", "message/rfc822", int64(len(m.Raw)))
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(m.Raw)
	}
	return nil
}
