package api

import (
	"context"
	"net/http"

	"bothways/internal/api/own"
	"bothways/internal/auth"
)

// mine registers what somebody has of their own: their profile, addresses, sessions, mails, and what was promised both ways.
func (h *Handler) mine() {
	o := &own.Own{Desk: h.Desk, People: h.People, Auth: h.Auth, Box: h.Box, DB: h.DB, Clock: h.clk}
	h.own = o
	handle(h, route{method: http.MethodGet, path: "me", verb: auth.PersonRead, summary: "Who you are, what you may do, and what you want of the desk"}, h.me)
	handle(h, route{method: http.MethodPatch, path: "me", verb: auth.ProfileChange, summary: "Change your zone, language, quiet hours and copies"}, h.changeMe)
	handle(h, route{method: http.MethodGet, path: "me/addresses", verb: auth.PersonRead, summary: "List your mail addresses, the first choice first"}, o.MyAddresses)
	handle(h, route{method: http.MethodPost, path: "me/addresses", verb: auth.ProfileChange, status: http.StatusAccepted, summary: "Add an address: a link that proves it is mailed there. The answer does not tell whether it is in use"}, o.ClaimAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/confirm", verb: auth.ProfileChange, summary: "Confirm an address by the secret of the mailed link"}, o.ConfirmAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/first", verb: auth.ProfileChange, summary: "Have mails go to one of your confirmed addresses"}, o.FirstAddress)
	handle(h, route{method: http.MethodPost, path: "me/addresses/remove", verb: auth.ProfileChange, summary: "Remove one of your addresses"}, o.RemoveAddress)
	handle(h, route{method: http.MethodPost, path: "me/password", verb: auth.ProfileChange, summary: "Change your password: every session of yours ends"}, o.ChangePassword)
	handle(h, route{method: http.MethodGet, path: "me/sessions", verb: auth.ProfileChange, summary: "List where you are signed in"}, o.MySessions)
	handle(h, route{method: http.MethodPost, path: "me/sessions/end", verb: auth.ProfileChange, summary: "End one of your sessions"}, o.EndSession)
	handle(h, route{method: http.MethodGet, path: "me/mails", verb: auth.PersonRead, summary: "List the last mails to you, and why you got them"}, o.MyMails)
	handle(h, route{method: http.MethodGet, path: "me/promises", verb: auth.TicketRead, summary: "What IT promised you and you promised IT, counted the same way: for you alone"}, o.MyPromises)
	handle(h, route{method: http.MethodGet, path: "me/outcomes", verb: auth.TicketRead, summary: "List the promises that me/promises counts, newest first"}, o.MyOutcomes)
	handle(h, route{method: http.MethodGet, path: "sites/{id}/promises", verb: auth.SiteRead, summary: "A site's record: both columns, nobody's own"}, o.SitePromises)
}

func (h *Handler) changeMe(ctx context.Context, by auth.Actor, in *own.ProfileIn) (*selfOut, error) {
	if err := h.own.Change(ctx, by, in); err != nil {
		return nil, err
	}
	return h.me(ctx, by, nil)
}
