package machine

import (
	"strings"
	"time"

	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type tokenPage struct {
	page
	Form   ui.Form
	Scopes []ui.Option
	Table  sheet.Table
	Secret string // of the token just made, this once
	Whose  string
}

var scopes = []ui.Option{
	{Value: "read", Label: "Read", Hint: "what the person may read"}, {Value: "write", Label: "Read and write", Hint: "tickets, messages, notes"},
	{Value: "admin", Label: "Everything", Hint: "what the person may do, administration too"}, {Value: "own", Label: "Only these", Hint: "named below"},
}

func (p *Pages) tokens(c *area.Call) error { return p.showTokens(c, nil, c.QueryID("person"), "") }

// showTokens lists somebody's tokens: one's own, or for who administers everything anybody's.
func (p *Pages) showTokens(c *area.Call, back *area.Returned, personID, secret string) error {
	x := c.Me
	if personID != "" && personID != c.Me.ID {
		var err error
		if x, err = p.People.Person(c.Ctx(), c.By, personID); err != nil {
			return err
		}
	}
	all, err := p.Auth.Tokens(c.Ctx(), c.By, x.ID)
	if err != nil {
		return err
	}
	v := tokenPage{Secret: secret, Whose: x.Name, Scopes: scopes, Form: back.Form("token", base+"/tokens", map[string]string{"scope": "read"}, ui.Hidden{Name: "person", Value: x.ID})}
	v.Table = sheet.Table{Caption: "Tokens", Cols: []sheet.Col{{Label: "Token"}, {Label: "May"}, {Label: "Made"}, {Label: "Last used"}, {Label: "Ends"}, {}}, Nothing: "No token.", NothingText: "A token lets a program act for somebody. Its secret is shown once."}
	now := p.Clock.Now()
	for _, t := range all {
		row := sheet.Row{sheet.Text(t.Name), sheet.Text(scopeWords(t.Scopes)), sheet.When(t.MadeAt), sheet.When(t.UsedAt), sheet.When(t.EndsAt), sheet.Does(sheet.Act("Revoke", base+"/tokens/"+t.ID+"/revoke", ui.Hidden{Name: "person", Value: x.ID}))}
		if t.UsedAt.IsZero() {
			row[3] = sheet.Text("never")
		}
		switch {
		case t.EndsAt.IsZero():
			row[4] = sheet.Text("when revoked")
		case !t.EndsAt.After(now):
			row[4].Chips = []ui.Chip{{Kind: ui.ChipPlain, Text: "Ended"}}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	h := sheet.Head{Title: "Tokens", Lead: "Yours. A program that has one acts as you."}
	if x.ID != c.Me.ID {
		h.Title, h.Lead = "Tokens of "+x.Name, "A program that has one acts as "+x.Name+"."
	}
	if v.page, err = p.start(c, back, "/tokens", h, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), tokenView(v))
	return nil
}

func scopeWords(s []string) string {
	if s == nil {
		return "everything"
	}
	return strings.Join(s, ", ")
}

// createToken makes a token. Its secret is in the answer to this request and nowhere else.
func (p *Pages) createToken(c *area.Call) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	person := f.Value("person")
	if person == "" {
		person = c.Me.ID
	}
	secret, err := p.makeToken(c, f, person)
	if err == nil {
		return p.showTokens(c, nil, person, secret)
	}
	back, ok := area.CameBack("token", f, err, area.Fields("name", "scopes=verbs", "ends_at=ends"))
	if !ok {
		return err
	}
	return p.showTokens(c, back, person, "")
}

func (p *Pages) makeToken(c *area.Call, f *serve.Form, person string) (string, error) {
	wanted := []string{f.Value("scope")}
	switch f.Value("scope") {
	case "own":
		wanted = strings.Fields(strings.ReplaceAll(f.Value("verbs"), ",", " "))
		if len(wanted) == 0 {
			return "", errs.In("web.token", "scopes", "Name at least one, such as ticket.read or ticket.*.")
		}
	case "read", "write", "admin":
	default:
		return "", errs.In("web.token", "scopes", "Choose what the token may do.")
	}
	ends := time.Time{}
	if s := f.Value("ends"); s != "" {
		var err error
		if ends, err = area.Instant(c.Reader.Zone, "ends_at", s+"T00:00"); err != nil {
			return "", err
		}
		ends = ends.AddDate(0, 0, 1) // to the end of that day
	}
	if _, err := people.PersonByID(c.Ctx(), p.DB.Read(), person); err != nil {
		return "", err
	}
	secret, _, err := p.Auth.CreateToken(c.Ctx(), c.By, person, f.Value("name"), wanted, ends)
	return secret, err
}

func (p *Pages) revokeToken(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("revoke", nil, func(f *serve.Form) (string, error) {
		to := base + "/tokens?done=revoked"
		if person := f.Value("person"); person != c.Me.ID && person != "" {
			to += "&person=" + person
		}
		return to, p.Auth.RevokeToken(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showTokens(c, b, "", "") })
}
