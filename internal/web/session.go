package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
)

// cookies are the names of ours, and whether they travel over TLS alone.
type cookies struct {
	session, device string
	secure          bool
}

// cookiesFor: over https names begin with __Host-, so that no other host of the domain can set them (RFC 6265bis §4.1.3.2).
// Plain http, on a LAN or for curl, can't have that.
func cookiesFor(baseURL string) cookies {
	if strings.HasPrefix(baseURL, "https://") {
		return cookies{"__Host-bothways", "__Host-bothways-device", true}
	}
	return cookies{"bothways_session", "bothways_device", false}
}

func (c cookies) make(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode, MaxAge: maxAge}
}

// SessionCookie is the cookie of a session as pages set and read it, for those who sign in without the form.
func SessionCookie(baseURL, secret string) *http.Cookie {
	c := cookiesFor(baseURL)
	return c.make(c.session, secret, 0)
}

// deviceLife is how long a browser is remembered as one its person has signed in on.
const deviceLife = 365 * 24 * 3600

// The doors; see area.Door.
const (
	forAnyone    = area.ForAnyone
	forCustomers = area.ForCustomers
	forStaff     = area.ForStaff
	forDemo      = area.ForDemo
	forOpenPages = area.ForOpenPages
)

// enter finds out who visits. Errors: Unauthenticated; NotFound for who has no business behind this door.
func (s *site) enter(v *visit, d area.Door) error {
	v.reader = ui.Reader{Now: s.Clock.Now(), Zone: time.UTC}
	if d == forAnyone || d == forDemo {
		return nil
	}
	check := s.Auth.Session
	if d == forOpenPages || v.r.Header.Get(area.Background) != "" || v.r.Method == http.MethodGet && strings.HasPrefix(v.r.Header.Get("Sec-Purpose"), "prefetch") {
		check = s.Auth.Peek
	}
	if err := s.whoIs(v, check); err != nil {
		return err
	}
	v.by.Channel = "portal"
	if d == forStaff {
		if !v.by.Staff() {
			return s.nothing(v)
		}
		v.by.Channel = "desk"
	}
	return nil
}

// whoIs reads the session with the check that counts it as used, or with the one that does not. Errors: Unauthenticated.
func (s *site) whoIs(v *visit, check func(context.Context, string) (string, error)) error {
	c, err := v.r.Cookie(s.cookies.session)
	if err != nil {
		return errs.New(errs.Unauthenticated, "web", "Sign in first.")
	}
	personID, err := check(v.ctx(), c.Value)
	if err != nil {
		return err
	}
	if v.by, v.me, err = s.People.Reader(v.ctx(), personID); err != nil {
		return err
	}
	v.reader.Zone = reading.ZoneOf(v.me.Zone)
	return nil
}

// anyReader is the reader, also where nobody was let in.
func (v *visit) anyReader() ui.Reader {
	if v.reader.Zone == nil {
		return ui.Reader{Now: v.Clock.Now(), Zone: time.UTC}
	}
	return v.reader
}

// askToSignIn leads to the sign-in page and back. What a form sent is kept on the way: see resume.
func (s *site) askToSignIn(v *visit) {
	if v.r.Method == http.MethodPost {
		if kept, files := s.keepForm(v); kept != nil {
			p := s.signInPage(v, "", kept)
			if files > 0 {
				p.Notice += " Files do not wait: attach them again afterwards."
			}
			s.render(v, http.StatusUnauthorized, sign.SignIn(p))
			return
		}
	}
	next := ""
	if v.r.Method == http.MethodGet || v.r.Method == http.MethodHead {
		next = serve.Next(v.r.URL.RequestURI())
	}
	to := "/sign-in"
	if next != "" && next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	_ = v.redirect(to)
}

// doc is what every page says in its head.
func (v *visit) doc(title string) ui.Doc {
	d := ui.Doc{Title: title}
	if c, err := v.r.Cookie(ui.ThemeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		d.Theme = c.Value
	}
	return d
}

func (s *site) signInPage(v *visit, next string, kept []ui.Hidden) sign.SignInPage {
	p := sign.SignInPage{Doc: v.doc(""), Home: "/", Help: s.help(), Form: ui.Form{ID: "in", Action: "/sign-in", Hidden: kept}}
	p.NoAccount = "Everything here also works by mail, without signing in."
	if s.DeskMail != "" {
		p.NoAccount = "Everything here also works by mail, without signing in: write to " + s.DeskMail + "."
	}
	if (&sign.Passwords{Account: s.Account}).Mails() {
		p.Forgot = ui.Link{Label: "Forgot it, or none yet?", Href: sign.PasswordPath}
	} else {
		p.NoAccount += " No password yet? The service desk sets one up for you."
	}
	if next != "" {
		p.Form.Hidden = append(p.Form.Hidden, ui.Hidden{Name: "next", Value: next})
	}
	p.Try, p.As = s.casts(), ui.Form{ID: "as", Action: "/sign-in/as", Hidden: p.Form.Hidden}
	if kept != nil {
		p.Notice = "Your session has ended. Sign in again; what you wrote is kept."
	}
	return p
}

func (s *site) signInForm(v *visit) error {
	next := serve.Next(v.r.URL.Query().Get("next"))
	if s.whoIs(v, s.Auth.Session) == nil {
		return v.redirect(home(next))
	}
	v.reader.Zone = time.UTC
	p := s.signInPage(v, next, nil)
	switch v.r.URL.Query().Get("done") {
	case "out":
		p.Notice = "You are signed out."
	case "password":
		p.Notice = "Your password is set. Sign in with it; wherever you were signed in before, you are not any more."
	}
	s.render(v, http.StatusOK, sign.SignIn(p))
	return nil
}

func home(next string) string {
	if next == "" {
		return "/"
	}
	return next
}

func (s *site) signIn(v *visit) error {
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return err
	}
	return s.letIn(v, f)
}

// letIn signs in whom the form names, with the password it has.
func (s *site) letIn(v *visit, f *serve.Form) error {
	email, next := f.Value("email"), serve.Next(f.Value("next"))
	personID, err := s.People.SignInID(v.ctx(), email)
	if err != nil {
		return err
	}
	c := auth.Credentials{PersonID: personID, Account: email, Password: f.Values["password"], IP: serve.Peer(v.r), Browser: serve.Browser(v.r)}
	if d, err := v.r.Cookie(s.cookies.device); err == nil {
		c.Device = d.Value
	}
	secret, err := s.Auth.SignIn(v.ctx(), c)
	if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.TooLarge) {
		p := s.signInPage(v, next, kept(f))
		p.Notice = ""
		p.Form.Values = map[string]string{"email": email}
		p.Form.Errors = []ui.FieldError{{Field: "password", Text: "Address and password do not go together. Check both."}}
		s.render(v, http.StatusUnprocessableEntity, sign.SignIn(p))
		return nil
	}
	if err != nil {
		return err
	}
	if old, err := v.r.Cookie(s.cookies.session); err == nil {
		if err := s.Auth.SignOut(v.ctx(), old.Value); err != nil {
			return err
		}
	}
	device, err := s.Auth.NewDevice(v.ctx(), personID)
	if err != nil {
		return err
	}
	http.SetCookie(v.w, s.cookies.make(s.cookies.session, secret, 0))
	http.SetCookie(v.w, s.cookies.make(s.cookies.device, device, deviceLife))
	if len(kept(f)) > 0 {
		s.resume(v, f)
		return nil
	}
	return v.redirect(home(next))
}

func (s *site) signOut(v *visit) error {
	if c, err := v.r.Cookie(s.cookies.session); err == nil {
		if err := s.Auth.SignOut(v.ctx(), c.Value); err != nil {
			return err
		}
	}
	http.SetCookie(v.w, s.cookies.make(s.cookies.session, "", -1))
	return v.redirect("/sign-in?done=out")
}
