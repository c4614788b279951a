package compose

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
)

// Pages are the pages and answers of this package. It is safe for concurrent use.
type Pages struct {
	Desk    *desk.Service
	Answers *answer.Service
	Source  *reading.Source
	Name    string // of the desk
}

// Routes are its addresses. A zero Pages names them too.
func (p *Pages) Routes() []area.Route {
	const at = "/desk/tickets/{ref}/"
	r := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	return []area.Route{
		r("POST", at+"draft", auth.TicketSpeak, p.save),
		r("POST", at+"draft/drop", auth.TicketSpeak, p.drop),
		r("POST", at+"uploads", auth.TicketSpeak, p.attach),
		r("POST", at+"uploads/{id}/drop", auth.TicketSpeak, p.detach),
		r("POST", at+"undo", auth.TicketRead, p.undo),
		r("POST", at+"here", auth.TicketNoteRead, p.here),
		r("GET", "/desk/complete", auth.TicketRead, p.complete),
		r("GET", "/desk/drafts", auth.TicketRead, p.drafts),
		r("GET", "/desk/answers", auth.AnswerUse, p.answers),
		r("POST", "/desk/answers", auth.AnswerUse, p.saveAnswer),
		r("GET", "/desk/answers/{id}", auth.AnswerUse, p.answers),
		r("POST", "/desk/answers/{id}", auth.AnswerUse, p.saveAnswer),
		r("POST", "/desk/answers/{id}/drop", auth.AnswerUse, p.dropAnswer),
	}
}

func number(c *area.Call) (int64, error) { return desk.ParseRef(c.R.PathValue("ref")) }

// told answers a script with what went wrong; what is not its own to mend is the server's to tell.
func told(c *area.Call, err error, more map[string]any) error {
	kind := errs.KindOf(err)
	if kind == errs.Internal || kind == errs.Unauthenticated {
		return err
	}
	out := map[string]any{"error": errs.Sentence(err)}
	var e *errs.E
	if errors.As(err, &e) && len(e.Fields) > 0 {
		out["error"] = e.Fields[0].Msg
	}
	for k, v := range more {
		out[k] = v
	}
	serve.JSON(c.W, kind.HTTP(), out)
	return nil
}

// draft is a draft as the script keeps it.
type draft struct {
	Version int64  `json:"version"`
	Saved   string `json:"saved,omitempty"`
	Body    string `json:"body"`
	After   string `json:"after"`
	Need    string `json:"need"`
	Due     string `json:"due"`
}

func draftOf(c *area.Call, d writing.Draft) draft {
	out := draft{Version: d.Version, Body: d.Body, After: d.After, Need: d.Need, Due: d.Due}
	if d.Version > 0 {
		out.Saved = c.Reader.Hour(d.SavedAt)
	}
	return out
}

func (p *Pages) save(c *area.Call) error {
	n, err := number(c)
	if err != nil {
		return told(c, err, nil)
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return told(c, err, nil)
	}
	in := writing.Draft{
		Mode: writing.Mode(f.Value("mode")), Body: strings.ReplaceAll(f.Values["body"], "\r\n", "\n"), After: f.Value("after"), Need: f.Values["need"], Due: f.Value("due"), Writer: f.Value("writer"),
	}
	in.Version, _ = strconv.ParseInt(f.Value("version"), 10, 64) // a page that knows of none begins at 0
	in.Step, _ = strconv.ParseInt(f.Value("step"), 10, 64)
	kept, err := p.Desk.Writing.Save(c.Ctx(), c.By, n, in)
	if err != nil {
		var more map[string]any
		if errs.Is(err, errs.Stale) {
			more = map[string]any{"other": draftOf(c, kept)}
		}
		return told(c, err, more)
	}
	serve.JSON(c.W, http.StatusOK, map[string]any{"version": kept.Version, "saved": c.Reader.Hour(kept.SavedAt), "me": c.Me.ID})
	return nil
}

func (p *Pages) drop(c *area.Call) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	if err := p.Desk.Writing.Drop(c.Ctx(), c.By, n, writing.Mode(f.Value("mode"))); err != nil {
		return err
	}
	return c.Redirect("/desk/drafts?done=dropped")
}

func (p *Pages) attach(c *area.Call) error {
	n, err := number(c)
	if err == nil {
		_, err = p.Desk.Get(c.Ctx(), c.By, n) // before megabytes are read
	}
	if err != nil {
		return told(c, err, nil)
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return told(c, err, nil)
	}
	if f.TooBig != nil {
		return told(c, f.TooBig, nil)
	}
	if len(f.Files) != 1 {
		return told(c, errs.New(errs.Invalid, "compose.attach", "No file arrived. Choose it again."), nil)
	}
	u, err := p.Desk.Writing.Attach(c.Ctx(), c.By, n, writing.Mode(f.Value("mode")), f.Files[0].Name, f.Files[0].Body)
	if err != nil {
		return told(c, err, nil)
	}
	serve.JSON(c.W, http.StatusCreated, map[string]any{"id": u.ID, "name": u.Name, "size": u.Size})
	return nil
}

func (p *Pages) detach(c *area.Call) error {
	n, err := number(c)
	if err != nil {
		return told(c, err, nil)
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err == nil {
		err = p.Desk.Writing.Detach(c.Ctx(), c.By, n, writing.Mode(f.Value("mode")), c.R.PathValue("id"))
	}
	if err != nil {
		return told(c, err, nil)
	}
	serve.JSON(c.W, http.StatusOK, map[string]any{})
	return nil
}

// undo takes an answer back: it is a draft again.
func (p *Pages) undo(c *area.Call) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	d, err := p.Desk.TakeBack(c.Ctx(), c.By, n, f.Value("held"))
	if err != nil {
		return err
	}
	to := "/desk/tickets/" + desk.Ref(n) + "?done=undone"
	if d.Minutes > 0 { // a draft keeps none
		to += "&minutes=" + strconv.Itoa(d.Minutes)
	}
	return c.Redirect(to)
}

// here says that the reader is on the ticket, and answers who else is and what is about to leave.
func (p *Pages) here(c *area.Call) error {
	n, err := number(c)
	if err != nil {
		return told(c, err, nil)
	}
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return told(c, err, nil)
	}
	if f.Value("state") == "gone" {
		if err := p.Desk.Writing.Leave(c.Ctx(), c.By, n); err != nil {
			return told(c, err, nil)
		}
		serve.JSON(c.W, http.StatusOK, map[string]any{})
		return nil
	}
	all, err := p.Desk.Writing.Here(c.Ctx(), c.By, n, f.Value("state") == "writing")
	if err != nil {
		return told(c, err, nil)
	}
	names, err := p.hereNames(c, all)
	if err != nil {
		return told(c, err, nil)
	}
	serve.JSON(c.W, http.StatusOK, map[string]any{"here": names})
	return nil
}

func (p *Pages) hereNames(c *area.Call, all []writing.Presence) ([]string, error) {
	out := []string{}
	if len(all) == 0 {
		return out, nil
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].PersonID
	}
	cast, err := people.PersonsByID(c.Ctx(), p.Source.DB.Read(), ids...)
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		for _, x := range cast {
			if x.ID == h.PersonID {
				out = append(out, Here(x, h.Writing))
			}
		}
	}
	return out, nil
}

// Here says that somebody has a ticket open.
func Here(p people.Person, writes bool) string {
	if writes {
		return reading.FirstName(p.Name) + " is writing"
	}
	return reading.FirstName(p.Name) + " is here"
}
