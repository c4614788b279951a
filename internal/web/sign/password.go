package sign

import (
	"net/http"

	"bothways/internal/desk/account"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// PasswordPath is where somebody asks for a link to choose a password; below it is what the link opens.
const PasswordPath = "/password"

// Passwords are the pages on which somebody who can't sign in asks for a link and chooses a password.
type Passwords struct{ Account *account.Service }

// Mails says whether asking for a link brings one.
func (p *Passwords) Mails() bool { return p.Account != nil && p.Account.Mails() }

// Routes lists their addresses.
func (p *Passwords) Routes() []area.Route {
	return []area.Route{
		{Method: "GET", Path: PasswordPath, Do: p.askForm},
		{Method: "POST", Path: PasswordPath, Do: p.ask},
		{Method: "GET", Path: PasswordPath + "/{secret}", Do: func(c *area.Call) error { return p.choice(c, nil) }},
		{Method: "POST", Path: PasswordPath + "/{secret}", Do: p.choose},
	}
}

func toSignIn() ui.Link { return ui.Link{Label: "To the sign-in page", Href: "/sign-in"} }

func formPage(c *area.Call, title, lead string) FormPage {
	f := c.Face.Portal("", "")
	return FormPage{Doc: f.Doc, Home: f.Home, Help: f.Help, Title: title, Lead: lead, Ways: []ui.Link{toSignIn()}}
}

func notice(c *area.Call, status int, p NoticePage) error {
	f := c.Face.Portal("", "")
	p.Doc, p.Home, p.Help, p.Tone = f.Doc, f.Home, f.Help, ui.TonePlain
	c.Face.Render(status, Notice(p))
	return nil
}

func render(c *area.Call, p FormPage, back *area.Returned) error {
	status := http.StatusOK
	if back != nil {
		status = http.StatusUnprocessableEntity
	}
	c.Face.Render(status, Form(p))
	return nil
}

func (p *Passwords) none() error {
	return errs.New(errs.NotFound, "sign.Passwords", "This desk sends no mail, so there is no link to ask for.")
}

func (p *Passwords) askForm(c *area.Call) error {
	if !p.Mails() {
		return p.none()
	}
	return p.showAsk(c, nil)
}

func (p *Passwords) showAsk(c *area.Call, back *area.Returned) error {
	v := formPage(c, "Choose a new password", "We mail you a link with which you choose it, also if you have none yet.")
	v.Form = back.Form("ask", PasswordPath, nil)
	v.Fields = []ui.Field{{Name: "email", Label: "Mail address", Type: "email", Autocomplete: "username", Spellless: true, Hint: "One that the service desk knows you by."}}
	v.Button = "Mail me a link"
	return render(c, v, back)
}

// ask answers the same whether somebody has the address or not.
func (p *Passwords) ask(c *area.Call) error {
	if !p.Mails() {
		return p.none()
	}
	f, err := serve.ReadWords(c.W, c.R)
	if err != nil {
		return err
	}
	err = p.Account.AskPassword(c.Ctx(), f.Value("email"), serve.Peer(c.R))
	if back, ok := area.CameBack("ask", f, err, area.Fields("email")); ok {
		return p.showAsk(c, back)
	}
	if err != nil {
		return err
	}
	return notice(c, http.StatusOK, NoticePage{
		Icon: ui.IconMail, Title: "Look into your mail",
		Text: []string{
			"If the service desk knows this address, a link is on its way to it. It works once, for thirty minutes.",
			"Nothing there after a few minutes? Look among the mails that were sorted out, try another address of yours, or ask the service desk.",
		},
		Ways: []ui.Link{toSignIn(), {Label: "Another address", Href: PasswordPath}},
	})
}

// choice is the form behind a link. Opening it uses nothing up.
func (p *Passwords) choice(c *area.Call, back *area.Returned) error {
	secret := c.R.PathValue("secret")
	who, err := p.Account.Opened(c.Ctx(), secret)
	if errs.Is(err, errs.NotFound) {
		return gone(c, err)
	}
	if err != nil {
		return err
	}
	v := formPage(c, "Choose your password", "For the account of "+who.Name+", "+who.Address+".")
	v.Form = back.Form("choose", PasswordPath+"/"+secret, nil)
	v.Fields = []ui.Field{
		{Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password", Hint: "Ten characters or more. A few words are easy to keep in mind."},
		{Name: "again", Label: "The same again", Type: "password", Autocomplete: "new-password"},
	}
	v.Button = "Use this password"
	return render(c, v, back)
}

func gone(c *area.Call, err error) error {
	return notice(c, http.StatusNotFound, NoticePage{
		Icon: ui.IconClock, Title: "This link does not open anything any more", Text: []string{errs.Sentence(err)},
		Ways: []ui.Link{{Label: "Get another link", Href: PasswordPath}, toSignIn()},
	})
}

func (p *Passwords) choose(c *area.Call) error {
	f, err := serve.ReadWords(c.W, c.R)
	if err != nil {
		return err
	}
	password := f.Values["password"]
	if password != f.Values["again"] {
		err = errs.In("sign.choose", "again", "The two are not the same. Write the password in both fields.")
	} else {
		err = p.Account.ChoosePassword(c.Ctx(), c.R.PathValue("secret"), password)
	}
	if errs.Is(err, errs.NotFound) {
		return gone(c, err)
	}
	if back, ok := area.CameBack("choose", f, err, area.Fields("password", "again")); ok {
		return p.choice(c, back)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/sign-in?done=password")
}
