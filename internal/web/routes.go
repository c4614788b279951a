package web

import (
	"slices"

	"bothways/internal/auth"
	"bothways/internal/web/area"
)

// route is one address and what it does. verb is what it asks the authoriser, "" for what anybody may.
type route struct {
	method, path string
	door         area.Door
	verb         auth.Verb
	do           func(*site, *visit) error
}

// allRoutes lists every route; testdata/routes.golden is the reviewed copy. Assets are beside it: they are the same for everybody.
func (s *site) allRoutes() []route {
	out := []route{
		{"GET", "/sign-in", forAnyone, "", (*site).signInForm},
		{"POST", "/sign-in", forAnyone, "", (*site).signIn},
		{"POST", "/sign-out", forAnyone, "", (*site).signOut},

		{"GET", "/requests/{ref}", forCustomers, auth.TicketRead, (*site).request},
		{"GET", "/requests/{ref}/files/{id}", forCustomers, auth.TicketRead, (*site).requestFile},

		{"GET", "/desk/tickets/new", forStaff, auth.TicketCreate, (*site).newTicket},
		{"POST", "/desk/tickets", forStaff, auth.TicketCreate, (*site).createTicket},
		{"GET", "/desk/tickets/{ref}", forStaff, auth.TicketRead, (*site).ticket},
		{"GET", "/desk/tickets/{ref}/files/{id}", forStaff, auth.TicketRead, (*site).ticketFile},
		{"GET", "/desk/tickets/{ref}/mails/{id}", forStaff, auth.MailRead, (*site).original},

		{"POST", "/sign-in/as", forDemo, "", (*site).signInAs},
		{"GET", "/gallery", forDemo, "", (*site).showGallery},
		{"GET", "/gallery/{name}", forDemo, "", (*site).showGallery},
	}
	for _, c := range portalCommands {
		out = append(out, route{"POST", "/requests/{ref}/" + c.name, forCustomers, c.verb, c.onRequest})
	}
	for _, c := range slices.Concat(deskCommands, moveCommands) {
		out = append(out, route{"POST", "/desk/tickets/{ref}/" + c.name, forStaff, c.verb, c.onTicket})
	}
	for _, r := range s.areas() {
		out = append(out, inArea(r))
	}
	return out
}
