// Package mine holds the pages somebody has of their own: what was promised both ways, their profile, and the second door with the
// agreement that holds for them. All of them are complete without a script.
package mine

import (
	"net/http"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
)

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Desk   *desk.Service
	People *people.Service
	Auth   *auth.Service
	Box    *box.Box
	DB     *db.DB
	Terms  *terms.Source
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

func home() ui.Link { return ui.Link{Label: "Home", Href: "/"} }
