package web

import (
	"slices"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/compose"
	deskpage "bothways/internal/web/desk"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/markup"
	"bothways/internal/web/ui/staff"
)

// compose fills the reply and the note: what was typed, what the server keeps of it, and who would get it.
func (t *shown) compose(p *deskpage.TicketPage, form func(string, map[string]string, ...ui.Hidden) ui.Form, back *area.Returned, w *writing.Desk) error {
	k := &t.Ticket
	c := &p.Composer
	c.Name = reading.FirstName(t.Person(k.RequesterID).Name)
	c.Desk = staff.ComposerDesk{Ref: k.Ref(), Me: t.v.me.ID, Address: p.Address, Complete: "/desk/complete"}
	if err := compose.Receivers(t.v.ctx(), t.v.DB.Read(), c, t.Reading, t.v.me.ID, t.v.Box.Mails()); err != nil {
		return err
	}
	if back != nil && back.Name == "note" || w.Note.Version > 0 && w.Reply.Version == 0 {
		c.Open = "note"
	}
	once := func() ui.Hidden { return ui.Hidden{Name: "once", Value: id.New()} }
	if t.Can(auth.TicketNoteWrite) {
		c.Note = staff.NoteForm{Form: form("note", map[string]string{"body": w.Note.Body}, once()), Draft: compose.DraftOf(&w.Note), Upload: true}
	}
	if !t.Can(auth.TicketSpeak) || t.Mine() {
		return nil
	}
	if !k.Open {
		if w.Reply.Version > 0 {
			p.Unsent = append(p.Unsent, staff.Told{Name: "You have an unsent reply, kept since " + t.v.reader.WhenIn(w.Reply.SavedAt) + unsentWhy(w.Reply.Why), Because: w.Reply.Body})
		}
		return nil
	}
	fresh := map[string]string{"body": w.Reply.Body, "after": staff.AfterOurs, "need": w.Reply.Need, "due": compose.LocalDue(t.v.reader, w.Reply.Due)}
	if err := t.leftBehind(p); err != nil {
		return err
	}
	solves := k.State != desk.Resolved && t.Can(auth.TicketWork)
	switch {
	case w.Reply.After == staff.AfterCustomer, w.Reply.After == staff.AfterConfirm && solves:
		fresh["after"] = w.Reply.After
	}
	fresh["minutes"] = t.v.r.URL.Query().Get("minutes") // of an answer that was taken back
	c.Reply = staff.ReplyForm{Form: form("reply", fresh, ui.Hidden{Name: "known", Value: known(w.Held)}, once()), Draft: compose.DraftOf(&w.Reply), Needs: reading.Needs, Upload: true, Solves: solves, Undo: t.v.UndoSend}
	return nil
}

// leftBehind offers the reader's own replies to tickets that were merged into this one meanwhile.
func (t *shown) leftBehind(p *deskpage.TicketPage) error {
	for _, n := range t.MergedHere() {
		d, err := t.v.Desk.Writing.Draft(t.v.ctx(), t.v.by, n, writing.Reply)
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
			continue
		}
		if err != nil {
			return err
		}
		if d.Version > 0 {
			p.Unsent = append(p.Unsent, staff.Told{Name: "You have an unsent reply to " + desk.Ref(n) + ", which goes on here, kept since " + t.v.reader.WhenIn(d.SavedAt), Because: d.Body})
		}
	}
	return nil
}

func unsentWhy(why string) string {
	if why == "" {
		return ""
	}
	return ". " + why
}

// known names the answers that are about to leave, so that who answers at the same time has seen them.
func known(held []writing.Held) string {
	ids := make([]string, len(held))
	for i := range held {
		ids[i] = held[i].ID
	}
	return strings.Join(ids, " ")
}

// cast loads who else is here or is about to answer, where the ticket does not name them yet.
func (t *shown) cast(v *visit, w *writing.Desk) error {
	var ids []string
	for _, h := range w.Held {
		ids = append(ids, h.PersonID)
	}
	for _, h := range w.Here {
		ids = append(ids, h.PersonID)
	}
	ids = slices.DeleteFunc(ids, func(personID string) bool { return t.Person(personID).ID != "" })
	if len(ids) == 0 {
		return nil
	}
	all, err := people.PersonsByID(v.ctx(), v.DB.Read(), ids...)
	t.others = all
	return err
}

// named is somebody of the ticket, or who is here.
func (t *shown) named(personID string) people.Person {
	if p := t.Person(personID); p.ID != "" {
		return p
	}
	for _, p := range t.others {
		if p.ID == personID {
			return p
		}
	}
	return people.Person{}
}

// writing fills what others do on the ticket now, and how the reader's last answer can be taken back.
func (t *shown) writing(p *deskpage.TicketPage, back *area.Returned, w *writing.Desk) {
	for _, h := range w.Here {
		p.Here = append(p.Here, compose.Here(t.named(h.PersonID), h.Writing))
	}
	for _, h := range w.Held {
		row := staff.HeldReply{ID: h.ID, By: ui.Author{Name: t.named(h.PersonID).Name, Side: ui.Provider, You: h.PersonID == t.v.me.ID}, Text: markup.Markdown(h.Body), Leaves: h.LeavesAt}
		if row.By.You {
			row.Back = ui.Form{ID: "back-" + h.ID, Action: p.Address + "/undo", Hidden: []ui.Hidden{{Name: "held", Value: h.ID}}}
			if t.v.r.URL.Query().Get("held") == h.ID && back == nil {
				p.Frame.Toast = &ui.Toast{Text: "Leaves at " + t.v.reader.Second(h.LeavesAt) + ".", Undo: row.Back.Action, Hidden: row.Back.Hidden}
			}
		}
		p.Held = append(p.Held, row)
	}
}
