package worklog

import (
	"net/http"
	"regexp"
	"slices"
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
		if v.Form.Value("pick") == "" {
			v.Form.Values["pick"] = unpicked
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

// meant gives the people whom a piece of a name may mean: those who have every word of it, and where nobody has, those of whose name
// each word typed begins a word.
func (p *Pages) meant(c *area.Call, typed string) ([]people.Person, error) {
	found, err := p.find(c, typed)
	words := strings.Fields(text.Fold(typed))
	if err != nil || len(found) > 0 || len(words) < 2 {
		return found, err
	}
	of, _, err := p.People.Find(c.Ctx(), c.By, fulltext.Parse(words[0]), mostOfAWord)
	for i := range of {
		if begun(strings.Fields(text.Fold(of[i].Name)), words) && len(found) < mostCallers {
			found = append(found, of[i])
		}
	}
	return found, err
}

// mostOfAWord is how many people are looked through who have one word of what was typed.
const mostOfAWord = 200

// begun says whether every word typed begins a word of a name.
func begun(name, typed []string) bool {
	for _, w := range typed {
		if !slices.ContainsFunc(name, func(n string) bool { return strings.HasPrefix(n, w) }) {
			return false
		}
	}
	return true
}

// several are the choices for a name that may mean somebody.
func (p *Pages) several(c *area.Call, typed string) ([]ui.Option, error) {
	if strings.Contains(typed, "@") {
		return nil, nil
	}
	found, err := p.meant(c, typed)
	if err != nil || len(found) == 0 || len(called(found, typed)) == 1 {
		return nil, err
	}
	var out []ui.Option
	for i := range found {
		out = append(out, ui.Option{Value: found[i].ID, Label: callerLine(&found[i]), Hint: found[i].Address})
	}
	return append(out, ui.Option{Value: "nobody", Label: "Somebody else, whom we do not know"}), nil
}

// unpicked is the choice before one is made: none is set beforehand, so that a hurried Enter names nobody falsely.
const unpicked = "-"

// called are those who have the whole name.
func called(found []people.Person, name string) []people.Person {
	var out []people.Person
	for i := range found {
		if text.Fold(found[i].Name) == text.Fold(name) {
			out = append(out, found[i])
		}
	}
	return out
}

var bracketed = regexp.MustCompile(`<([^<>\s]+@[^<>\s]+)>\s*$`)

// who reads who called: chosen, by mail address, by the name of one person, or unknown. Errors: Invalid for a name that may mean
// somebody and is not one person's.
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
	found, err := p.meant(c, typed)
	if err != nil || len(found) == 0 {
		return "", typed, err
	}
	if one := called(found, typed); len(one) == 1 {
		return one[0].ID, "", nil
	}
	return "", "", errs.In("web.log", "who", "Did you mean %s? Pick one, write the address, or leave it empty for an unknown caller.", names(found))
}

// names are some of those who were found, as a question names them.
func names(found []people.Person) string {
	out := make([]string, 0, len(found))
	for i := range found {
		if n := found[i].Name; !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	switch {
	case len(out) > mostNamed:
		return strings.Join(out[:mostNamed], ", ") + " or somebody else"
	case len(out) > 1:
		return strings.Join(out[:len(out)-1], ", ") + " or " + out[len(out)-1]
	}
	return out[0]
}

// mostNamed is how many names a question holds.
const mostNamed = 3

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
