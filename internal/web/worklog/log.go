package worklog

import (
	"net/http"
	"regexp"
	"strings"

	"bothways/internal/desk"
	"bothways/internal/fulltext"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type logPage struct {
	page
	Form    ui.Form
	Several []ui.Option // whom the name may mean
	Recent  sheet.Table
}

// log is the page that notes a call or a walk-up.
func (p *Pages) log(c *area.Call) error { return p.showLog(c, nil) }

func (p *Pages) showLog(c *area.Call, back *area.Returned) error {
	fresh := map[string]string{"channel": "phone", "who": text.Cut(text.Line(c.Query("who")), 200)}
	v := logPage{Form: back.Form("log", LogPath, fresh)}
	var err error
	if v.Form.Failed() {
		if v.Several, err = p.several(c, v.Form.Value("who")); err != nil {
			return err
		}
	}
	if v.page, err = p.start(c, back, LogPath, sheet.Head{Title: "Log a call", Lead: "Who, what, how long: done, or a ticket. What is done in passing counts too."}, v.Form); err != nil {
		return err
	}
	v.Frame.Doc.Scripts = append(v.Frame.Doc.Scripts, "log.js")
	today, _, err := p.Effort.WeekOf(c.Ctx(), c.By, c.Me.ID, p.Clock.Now())
	if err != nil {
		return err
	}
	v.Recent = p.entries(c, today[max(0, len(today)-6):], false)
	v.Recent.Caption, v.Recent.Nothing = "What you noted last", "Nothing this week yet."
	c.Face.Render(back.Status(), logView(v))
	return nil
}

// mostCallers is how many people a name is offered for.
const mostCallers = 8

// find gives the people whom typed words may mean: a name, a mail address, or pieces of them.
func (p *Pages) find(c *area.Call, typed string) ([]people.Person, error) {
	if strings.TrimSpace(typed) == "" {
		return nil, nil
	}
	found, _, err := p.People.Find(c.Ctx(), c.By, fulltext.Parse(typed), mostCallers)
	return found, err
}

func callerLine(x *people.Person) string {
	where := x.SiteName
	if where == "" {
		where = x.OrgName
	}
	return x.Name + ", " + where
}

// callers offers people for what was typed so far.
func (p *Pages) callers(c *area.Call) error {
	found, err := p.find(c, text.Cut(text.Line(c.Query("q")), 100))
	if err != nil {
		return err
	}
	type choice struct {
		Value string `json:"value"`
		Label string `json:"label"`
	}
	out := []choice{}
	for i := range found {
		if x := &found[i]; x.Address != "" {
			out = append(out, choice{Value: x.Name + " <" + x.Address + ">", Label: callerLine(x)})
		}
	}
	serve.JSON(c.W, http.StatusOK, map[string]any{"items": out})
	return nil
}

// several are the choices for a name that more than one person has.
func (p *Pages) several(c *area.Call, typed string) ([]ui.Option, error) {
	if bracketed.MatchString(typed) || strings.Contains(typed, "@") {
		return nil, nil
	}
	found, err := p.find(c, typed)
	if err != nil || len(found) < 2 {
		return nil, err
	}
	out := []ui.Option{{Value: "nobody", Label: "Somebody else, whom we do not know"}} // first: a hurried Enter names nobody falsely
	for i := range found {
		out = append(out, ui.Option{Value: found[i].ID, Label: callerLine(&found[i]), Hint: found[i].Address})
	}
	return out, nil
}

var bracketed = regexp.MustCompile(`<([^<>\s]+@[^<>\s]+)>\s*$`)

// who reads who called: chosen, by mail address, by a name that one person has, or unknown. Errors: Invalid when several have it.
func (p *Pages) who(c *area.Call, f *serve.Form) (who, name string, err error) {
	typed := f.Value("who")
	if pick := f.Value("pick"); id.Valid(pick) {
		return pick, "", nil
	} else if pick == "nobody" {
		return "", typed, nil
	}
	if m := bracketed.FindStringSubmatch(typed); m != nil {
		return m[1], "", nil
	}
	if typed == "" || strings.Contains(typed, "@") {
		return typed, "", nil
	}
	found, err := p.find(c, typed)
	switch {
	case err != nil:
		return "", "", err
	case len(found) == 0:
		return "", typed, nil
	case len(found) == 1:
		return found[0].ID, "", nil
	}
	return "", "", errs.In("web.log", "who", "Several people are called so. Choose one below.")
}

// logCall notes it.
func (p *Pages) logCall(c *area.Call) error {
	return c.Take("log", area.Fields("who", "what", "minutes", "channel", "kind"), func(f *serve.Form) (string, error) {
		done := f.Value("then") != "ticket"
		l := desk.LogInput{What: f.Values["what"], Channel: f.Value("channel"), Done: done, Tell: f.Value("tell") != ""}
		var err error
		if l.Who, l.Name, err = p.who(c, f); err != nil {
			return "", err
		}
		if l.Work.Minutes, err = number(f.Value("minutes")); err != nil {
			return "", err
		}
		if l.Work.Kind = f.Value("kind"); l.Work.Kind == "" && l.Channel == "walk_up" {
			l.Work.Kind = "walk_up"
		}
		t, err := p.Desk.Log(c.Ctx(), c.By, l)
		if err != nil {
			return "", err
		}
		if done {
			return LogPath + "?done=done", nil
		}
		return "/desk/tickets/" + t.Ref() + "?done=new", nil
	}, func(b *area.Returned) error { return p.showLog(c, b) })
}
