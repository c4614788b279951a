// Package mine holds the pages somebody has of their own: the first page, their requests and the form for a new one, what was promised
// both ways, their profile, and the second door with the agreement that holds for them. All of them are complete without a script.
package mine

import (
	"net/http"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
)

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Desk    *desk.Service
	Account *account.Service
	People  *people.Service
	Auth    *auth.Service
	Box     *box.Box
	DB      *db.DB
	Source  *reading.Source
	Terms   *terms.Source
	// Session is the secret of the session that asks; Renew gives the browser another.
	Session func(r *http.Request) string
	Renew   func(w http.ResponseWriter, secret string)
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	get := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "GET", Path: path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	post := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "POST", Path: path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	return []area.Route{
		get("/{$}", auth.TicketRead, p.homePage),
		get("/requests", auth.TicketRead, p.requests),
		get("/requests/new", auth.TicketCreate, p.newRequest),
		post("/requests", auth.TicketCreate, p.createRequest),

		get("/promises", auth.TicketRead, p.promises),

		get("/levels", auth.AgreementRead, p.levels),
		post("/levels", auth.TicketCreate, p.writeLevels),

		get("/profile", auth.PersonRead, p.profile),
		post("/profile", auth.ProfileChange, p.want),
		post("/profile/addresses", auth.ProfileChange, p.addAddress),
		get("/profile/addresses/{secret}", auth.PersonRead, p.showClaim),
		post("/profile/addresses/{secret}", auth.ProfileChange, p.confirmAddress),
		post("/profile/address-first", auth.ProfileChange, p.firstAddress),
		post("/profile/address-remove", auth.ProfileChange, p.removeAddress),
		post("/profile/password", auth.ProfileChange, p.password),
		post("/profile/session-end", auth.ProfileChange, p.endSession),
		post("/profile/sessions-end", auth.ProfileChange, p.endOthers),
	}
}

// Done are the sentences the pages say once after a form was taken, by the key in the address.
var Done = map[string]string{
	"profile": "Saved.", "address": "We mailed a link to it, if it can be added. Open it within a day.", "address-confirmed": "The address is yours now.",
	"address-first": "Mails go there from now on.", "address-remove": "Removed.", "password": "Your password is changed. Everywhere else you are signed out.",
	"session-end": "Signed out there.", "sessions-end": "Signed out everywhere else.", "levels": "Sent to service level management.",
}

// crumb is the way back up from a page.
func crumb(title string) []ui.Link { return []ui.Link{{Label: "Home", Href: "/"}, {Label: title}} }

// nothing is the one answer to what does not exist and to what is not the reader's.
func nothing() error {
	return errs.New(errs.NotFound, "web.mine", "There is nothing here that you can see.")
}

// uploads are the files of a form as the desk takes them.
func uploads(f *serve.Form) []desk.Upload {
	var out []desk.Upload
	for _, x := range f.Files {
		out = append(out, desk.Upload{Name: x.Name, Body: x.Body})
	}
	return out
}

// firstLine is the first line of a text, as a subject.
func firstLine(body string) string {
	l, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	return text.Cut(text.Line(l), 120)
}
