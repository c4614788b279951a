package web

import (
	"net/http"

	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
)

// passwordPath is where somebody asks for a link to choose a password; below it is what the link opens.
const passwordPath = "/password"

// mailsLinks says whether asking for a link brings one.
func (s *site) mailsLinks() bool { return s.Account != nil && s.Account.Mails() }

func (s *site) formPage(v *visit, title, lead string) sign.FormPage {
	return sign.FormPage{Doc: v.doc(""), Home: "/", Help: s.help(), Title: title, Lead: lead, Ways: []ui.Link{{Label: "To the sign-in page", Href: "/sign-in"}}}
}

func (s *site) askPasswordPage(v *visit, back *area.Returned) sign.FormPage {
	p := s.formPage(v, "Choose a new password", "We mail you a link with which you choose it, also if you have none yet.")
	p.Form = back.Form("ask", passwordPath, nil)
	p.Fields = []ui.Field{{Name: "email", Label: "Mail address", Type: "email", Autocomplete: "username", Spellless: true, Hint: "One that the service desk knows you by."}}
	p.Button = "Mail me a link"
	return p
}

func (s *site) askPasswordForm(v *visit) error {
	if !s.mailsLinks() {
		return s.nothing(v)
	}
	s.render(v, http.StatusOK, sign.Form(s.askPasswordPage(v, nil)))
	return nil
}

// askPassword answers the same whether somebody has the address or not.
func (s *site) askPassword(v *visit) error {
	if !s.mailsLinks() {
		return s.nothing(v)
	}
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return err
	}
	err = s.Account.AskPassword(v.ctx(), f.Value("email"), serve.Peer(v.r))
	if back, ok := area.CameBack("ask", f, err, area.Fields("email")); ok {
		s.render(v, http.StatusUnprocessableEntity, sign.Form(s.askPasswordPage(v, back)))
		return nil
	}
	if err != nil {
		return err
	}
	s.render(v, http.StatusOK, sign.Notice(sign.NoticePage{
		Doc: v.doc(""), Home: "/", Help: s.help(), Tone: ui.TonePlain, Icon: ui.IconMail, Title: "Look into your mail",
		Text: []string{
			"If the service desk knows this address, a link is on its way to it. It works once, for thirty minutes.",
			"Nothing there after a few minutes? Look among the mails that were sorted out, try another address of yours, or ask the service desk.",
		},
		Ways: []ui.Link{{Label: "To the sign-in page", Href: "/sign-in"}, {Label: "Another address", Href: passwordPath}},
	}))
	return nil
}

func (s *site) choosePasswordForm(v *visit) error {
	return s.showChoice(v, nil)
}

// showChoice is the form behind a link. Opening it uses nothing up.
func (s *site) showChoice(v *visit, back *area.Returned) error {
	secret := v.r.PathValue("secret")
	who, err := s.Account.Opened(v.ctx(), secret)
	if errs.Is(err, errs.NotFound) {
		return s.linkGone(v, err)
	}
	if err != nil {
		return err
	}
	p := s.formPage(v, "Choose your password", "For the account of "+who.Name+", "+who.Address+".")
	p.Form = back.Form("choose", passwordPath+"/"+secret, nil)
	p.Fields = []ui.Field{
		{Name: "password", Label: "New password", Type: "password", Autocomplete: "new-password", Hint: "Ten characters or more. A few words are easy to keep in mind."},
		{Name: "again", Label: "The same again", Type: "password", Autocomplete: "new-password"},
	}
	p.Button = "Use this password"
	status := http.StatusOK
	if back != nil {
		status = http.StatusUnprocessableEntity
	}
	s.render(v, status, sign.Form(p))
	return nil
}

func (s *site) linkGone(v *visit, err error) error {
	s.render(v, http.StatusNotFound, sign.Notice(sign.NoticePage{
		Doc: v.doc(""), Home: "/", Help: s.help(), Tone: ui.TonePlain, Icon: ui.IconClock, Title: "This link does not open anything any more", Text: []string{errs.Sentence(err)},
		Ways: []ui.Link{{Label: "Get another link", Href: passwordPath}, {Label: "To the sign-in page", Href: "/sign-in"}},
	}))
	return nil
}

func (s *site) choosePassword(v *visit) error {
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return err
	}
	password := f.Values["password"]
	if password != f.Values["again"] {
		err = errs.In("web.choosePassword", "again", "The two are not the same. Write the password in both fields.")
	} else {
		err = s.Account.ChoosePassword(v.ctx(), v.r.PathValue("secret"), password)
	}
	if errs.Is(err, errs.NotFound) {
		return s.linkGone(v, err)
	}
	if back, ok := area.CameBack("choose", f, err, area.Fields("password", "again")); ok {
		return s.showChoice(v, back)
	}
	if err != nil {
		return err
	}
	return v.redirect("/sign-in?done=password")
}
