package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
	"bothways/internal/web/find"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
)

// visit is one request by one reader.
type visit struct {
	*site
	w      http.ResponseWriter
	r      *http.Request
	by     auth.Actor    // nobody on pages anyone may see
	me     people.Person // who reads
	reader ui.Reader
	at     string // what was known to have changed when the request came
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// asStaff is the reader of the staff's pages.
func (v *visit) asStaff() reading.By {
	return reading.By{Actor: v.by, Me: v.me.ID, Reader: v.reader, Staff: true}
}

// asCustomer is the reader of a customer's pages. Who may read notes as staff may not do so here: nothing internal can reach
// these pages, whoever reads them.
func (v *visit) asCustomer() reading.By {
	a := v.by
	a.Scopes = []string{string(auth.TicketRead)}
	return reading.By{Actor: a, Me: v.me.ID, Reader: v.reader}
}

// number reads the ticket's number out of the address. Errors: NotFound.
func (v *visit) number() (int64, error) { return desk.ParseRef(v.r.PathValue("ref")) }

// handler is the one adapter of all routes: it lets the reader in, runs the route and renders what went wrong.
func (s *site) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{site: s, w: w, r: r, at: s.Live.Mark()}
		if r.Header.Get("HX-Request") == "true" {
			w.Header().Set("Bothways-At", v.at)
		}
		defer func() {
			if p := recover(); p != nil {
				s.fail(v, errs.New(errs.Internal, "web", "panic on %s: %v", rt.path, p))
			}
		}()
		err := s.enter(v, rt.door)
		if err == nil {
			err = rt.do(s, v)
		}
		if err != nil {
			s.fail(v, err)
		}
	})
}

// nothing answers every address that leads nowhere.
func (s *site) nothing(*visit) error {
	return errs.New(errs.NotFound, "web", "There is nothing here that you can see.")
}

func crossOrigin(err error) error {
	return errs.Wrap(errs.Denied, "web.csrf", err, "This was sent from another site, so nothing was done. Open the page here and send it again.").Reason("cross-origin")
}

// fail renders an error as the page that says what is so and where to go from here.
func (s *site) fail(v *visit, err error) {
	kind := errs.KindOf(err)
	if errors.Is(err, context.Canceled) && v.ctx().Err() != nil {
		return // nobody is there any more
	}
	if kind == errs.Unauthenticated {
		s.askToSignIn(v)
		return
	}
	p, status := s.refusal(v, kind, err), kind.HTTP()
	if kind == errs.Invalid {
		status = http.StatusBadRequest
	}
	s.render(v, status, sign.Error(p))
}

// refusal is the page of an error.
func (s *site) refusal(v *visit, kind errs.Kind, err error) sign.ErrorPage {
	base := sign.ErrorPage{Doc: v.doc(""), Home: "/", Help: s.help(), Ways: []ui.Link{{Label: "Home", Href: "/", Icon: ui.IconHome}}}
	p := base
	switch kind {
	case errs.NotFound:
		return sign.NotFound(s.bothDoors(v, base))
	case errs.Denied:
		p = sign.NotYours(base)
		p.More = append([]string{errs.Sentence(err)}, p.More...)
		if isReason(err, "cross-origin") {
			p.Title, p.Lead, p.More = "This came from another site", errs.Sentence(err), nil
		}
	case errs.TooMany:
		wait := "a few minutes"
		if until, ok := auth.ThrottledUntil(err); ok {
			left := until.Sub(s.Clock.Now())
			v.w.Header().Set("Retry-After", strconv.Itoa(int(left/time.Second)+1))
			wait = minutes(left) + ", at " + v.anyReader().Full(until)
		}
		if isReason(err, "busy") {
			p.Title, p.Lead = "One moment", errs.Sentence(err)
			return p
		}
		return sign.TooManyTries(base, wait)
	case errs.Invalid:
		p.Title, p.Lead = "This address can’t be read", "Part of it has a slip: "+errs.Sentence(err)
	case errs.Conflict, errs.Stale:
		p.Title, p.Lead = "It has changed meanwhile", errs.Sentence(err)
	case errs.TooLarge:
		p.Title, p.Lead = "This is more than we take at once", errs.Sentence(err)
	case errs.Unavailable:
		p.Title, p.Lead = "Something we need is away", errs.Sentence(err)
		v.w.Header().Set("Retry-After", "60")
	default:
		ref := id.Secret("")[:10]
		s.Log.Error("page failed", "reference", ref, "method", v.r.Method, "path", v.r.URL.Path, "error", err)
		return sign.Broken(base, ref)
	}
	return p
}

// bothDoors offers who lost their way the search and the two doors; who is not signed in finds them behind the sign-in.
func (s *site) bothDoors(v *visit, p sign.ErrorPage) sign.ErrorPage {
	if v.me.ID == "" && s.whoIs(v, s.Auth.Peek) != nil {
		return p
	}
	p.Search = find.Portal
	if v.by.Staff() {
		p.Search = find.Desk
		p.Ways = []ui.Link{{Label: "The queue", Href: "/desk", Icon: ui.IconInbox}, {Label: "My own requests", Href: "/requests", Icon: ui.IconUser}}
		return p
	}
	p.Ways = append(p.Ways, ui.Link{Label: "Service desk: ask for something", Href: "/requests/new", Icon: ui.IconDoor}, ui.Link{Label: "Service levels", Href: "/levels", Icon: ui.IconScale})
	return p
}

func isReason(err error, reason string) bool {
	var e *errs.E
	return errors.As(err, &e) && e.Type == reason
}

func minutes(d time.Duration) string {
	n := int((d + time.Minute - 1) / time.Minute)
	if n <= 1 {
		return "1 minute"
	}
	return strconv.Itoa(n) + " minutes"
}

// render writes a page.
func (s *site) render(v *visit, status int, c templ.Component) {
	if err := serve.Page(v.w, v.r, status, c); err != nil && v.ctx().Err() == nil {
		s.Log.Error("page can't be drawn", "path", v.r.URL.Path, "error", err)
		http.Error(v.w, "There is a problem with the service. Try again in a few minutes.", http.StatusInternalServerError)
	}
}

// redirect answers a form: the browser then reads the page anew.
func (v *visit) redirect(path string) error {
	v.w.Header().Set("Location", path)
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}
