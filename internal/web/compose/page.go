package compose

import (
	"strconv"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// drafts is the page of the reader's drafts, those that came back first.
func (p *Pages) drafts(c *area.Call) error {
	f, err := c.Face.Workspace("Your drafts", "/desk/drafts")
	if err != nil {
		return err
	}
	all, err := p.Desk.Writing.Mine(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	page := DraftsPage{Frame: f}
	var rest []staff.KeptRow
	for i := range all {
		if row := p.draftRow(c, &all[i]); all[i].Why != "" {
			page.Rows = append(page.Rows, row)
		} else {
			rest = append(rest, row)
		}
	}
	page.Rows = append(page.Rows, rest...)
	c.Face.Render(200, Drafts(page))
	return nil
}

func (p *Pages) draftRow(c *area.Call, d *writing.Mine) staff.KeptRow {
	ref := desk.Ref(d.Number)
	row := staff.KeptRow{
		Number: ref, Title: d.Subject, Href: "/desk/tickets/" + ref + "#write", Text: text.Cut(text.Line(d.Body), 200), When: c.Reader.When(d.SavedAt), Button: "Throw away",
		Chips: []ui.Chip{{Kind: ui.ChipPlain, Icon: ui.IconReply, Text: "Reply"}},
		Drop:  ui.Form{ID: "drop-" + ref + "-" + string(d.Mode), Action: "/desk/tickets/" + ref + "/draft/drop", Hidden: []ui.Hidden{{Name: "mode", Value: string(d.Mode)}}},
	}
	if d.Mode == writing.Note {
		row.Chips[0] = ui.Chip{Kind: ui.ChipIT, Icon: ui.IconLock, Text: "Note for IT"}
	}
	if d.Subject == "" { // not theirs to read any more: the words alone
		row.Title, row.Href, row.Drop = "A ticket you can’t open any more", "", ui.Form{}
	}
	if d.Why != "" {
		row.Chips = append(row.Chips, ui.Chip{Kind: ui.ChipLate, Icon: ui.IconAlert, Text: "Not sent"})
		row.Text = d.Why + " “" + row.Text + "”"
	}
	return row
}

// answers is the page of saved answers; with an id in the address its form changes that one.
func (p *Pages) answers(c *area.Call) error { return p.showAnswers(c, nil) }

func (p *Pages) showAnswers(c *area.Call, back *area.Returned) error {
	f, err := c.Face.Workspace("Saved answers", "/desk/answers")
	if err != nil {
		return err
	}
	all, err := p.Answers.List(c.Ctx(), c.By, "")
	if err != nil {
		return err
	}
	page := AnswersPage{Frame: f, Title: "A new answer"}
	for i := range all {
		a := &all[i]
		row := staff.KeptRow{Title: a.Title, Href: "/desk/answers/" + a.ID + "#edit", Text: text.Cut(text.Line(a.Body), 160), When: c.Reader.Day(a.ChangedAt), Button: "Remove"}
		if answer.MayChange(c.By, *a) {
			row.Drop = ui.Form{ID: "drop-" + a.ID, Action: "/desk/answers/" + a.ID + "/drop"}
		}
		if a.OwnerID != c.Me.ID {
			page.Shared = append(page.Shared, row)
			continue
		}
		if a.Shared {
			row.Chips = []ui.Chip{{Kind: ui.ChipPlain, Icon: ui.IconUsers, Text: "Shared"}}
		}
		page.Own = append(page.Own, row)
	}
	for _, x := range answer.Fields() {
		page.Placeholders = append(page.Placeholders, [2]string{"{" + x.Name + "}", x.Says})
	}
	if err := p.answerForm(c, &page, back); err != nil {
		return err
	}
	c.Face.Render(back.Status(), Answers(page))
	return nil
}

func (p *Pages) answerForm(c *area.Call, page *AnswersPage, back *area.Returned) error {
	answerID := c.R.PathValue("id")
	if answerID == "" {
		page.Form = back.Form("answer", "/desk/answers", map[string]string{"shared": "no"})
		return nil
	}
	a, err := p.Answers.Get(c.Ctx(), c.By, answerID)
	if err != nil {
		return err
	}
	page.Title = "Change “" + a.Title + "”"
	values := map[string]string{"title": a.Title, "body": a.Body, "shared": "no"}
	if a.Shared {
		values["shared"] = "yes"
	}
	page.Form = back.Form("answer", "/desk/answers/"+a.ID, values, ui.Hidden{Name: "version", Value: strconv.FormatInt(a.Version, 10)})
	if !answer.MayChange(c.By, a) {
		page.Title, page.Fixed, page.Form.Action = "“"+a.Title+"”, shared by a colleague", true, "/desk/answers"
	}
	return nil
}

func (p *Pages) saveAnswer(c *area.Call) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	if err := auth.Can(c.By, auth.AnswerUse, auth.Object{}); err != nil {
		return err
	}
	in := answer.Input{ID: c.R.PathValue("id"), Title: f.Value("title"), Body: f.Values["body"], Shared: f.Value("shared") == "yes"}
	in.Version, _ = strconv.ParseInt(f.Value("version"), 10, 64) // sent without the page: as it is now
	if _, err := p.Answers.Save(c.Ctx(), c.By, in); err != nil {
		back, ok := area.CameBack("answer", f, err, area.Fields("title", "body"))
		if !ok {
			return err
		}
		if errs.Is(err, errs.Stale) {
			if a, err := p.Answers.Get(c.Ctx(), c.By, in.ID); err == nil {
				back.Errs = append(back.Errs, ui.FieldError{Field: "body", Text: "It reads now: “" + text.Cut(text.Line(a.Body), 400) + "”"})
			}
		}
		return p.showAnswers(c, back)
	}
	return c.Redirect("/desk/answers?done=answer-saved")
}

func (p *Pages) dropAnswer(c *area.Call) error {
	if err := p.Answers.Drop(c.Ctx(), c.By, c.R.PathValue("id")); err != nil {
		return err
	}
	return c.Redirect("/desk/answers?done=answer-dropped")
}
