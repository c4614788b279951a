package area

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// Door says who may come in.
type Door uint8

// The doors. Who has no business behind one finds nothing there.
const (
	ForAnyone    Door = iota // signed in or not
	ForCustomers             // everybody who is signed in
	ForStaff                 // who holds a role of IT
	ForDemo                  // anyone, in a demo
	ForOpenPages             // as ForCustomers; pages call it by themselves, which is no use of the session
)

// Route is one address of a group and what it does. Verb is what the handler's service asks the authoriser, "" for what anybody
// may; every route has its row in web/testdata/routes.golden.
type Route struct {
	Method, Path string
	Door         Door
	Verb         auth.Verb
	Do           func(*Call) error
}

// Background is the header by which a script says of a request that nobody asked for it: it is no use of the session.
const Background = "Bothways-Background"

// Call is one request by one reader.
type Call struct {
	W      http.ResponseWriter
	R      *http.Request
	By     auth.Actor    // nobody on pages anyone may see
	Me     people.Person // who reads
	Reader ui.Reader
	Face   Face
}

// Face is what the server does for a call.
type Face interface {
	// Workspace is the frame of a staff page; current is the address of the view it belongs to.
	Workspace(title, current string) (staff.Frame, error)
	// Portal is the frame of a customer's page.
	Portal(title, current string) ui.PortalFrame
	// Render writes a page or a fragment.
	Render(status int, c templ.Component)
	// Again finds out who reads by now: for what goes on after the request was let in. It is no use of the session.
	// Errors: Unauthenticated when the session has ended or the person is disabled.
	Again(ctx context.Context) (auth.Actor, error)
	// Settle gives a ticket's mails a moment to leave, so that the page after can say whose turn it is.
	Settle(ticketID string)
}

// Ctx is the request's context.
func (c *Call) Ctx() context.Context { return c.R.Context() }

// Query is a value of the address.
func (c *Call) Query(name string) string { return c.R.URL.Query().Get(name) }

// AsCustomer is the reader of a customer's pages: who may read notes as staff may not do so there.
func (c *Call) AsCustomer() reading.By {
	a := c.By
	a.Scopes = []string{string(auth.TicketRead)}
	return reading.By{Actor: a, Me: c.Me.ID, Reader: c.Reader}
}

// AsStaff is the reader of the staff's pages.
func (c *Call) AsStaff() reading.By {
	return reading.By{Actor: c.By, Me: c.Me.ID, Reader: c.Reader, Staff: true}
}

// Redirect answers a form: the browser then reads the page anew. path begins with "/" and is made of paths alone.
func (c *Call) Redirect(path string) error {
	c.W.Header().Set("Location", path)
	c.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// Fragment says whether the script asks for a part of the page rather than the whole of it.
func (c *Call) Fragment() bool { return c.R.Header.Get("HX-Request") == "true" }

// Instant reads a day and hour as forms send them, in the reader's zone. Errors: Invalid, naming the field.
func Instant(zone *time.Location, field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.Time{}, errs.In("web.form", field, "%q is no day and hour. Write it like 2026-11-26 10:00.", text.Cut(text.Line(s), 40))
}
