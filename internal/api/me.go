package api

import (
	"context"
	"net/http"

	"bothways/internal/api/host"
	"bothways/internal/api/own"
	"bothways/internal/auth"
)

// mine registers what somebody has of their own: their profile, addresses, sessions, mails, and what was promised both ways.
func (h *Handler) mine() {
	o := &own.Own{Desk: h.Desk, Account: h.Account, People: h.People, Auth: h.Auth, Box: h.Box, DB: h.DB, Clock: h.clk}
	h.own = o
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me", Verb: auth.PersonRead, Summary: "Who you are, what you may do, and what you want of the desk"}, h.me)
	host.Handle(h.host, host.Route{Method: http.MethodPatch, Path: "me", Verb: auth.ProfileChange, Summary: "Change your zone, language, quiet hours and copies"}, h.changeMe)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me/addresses", Verb: auth.PersonRead, Summary: "List your mail addresses, the first choice first"}, o.MyAddresses)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/addresses", Verb: auth.ProfileChange, Status: http.StatusAccepted, Summary: "Add an address: a link that proves it is mailed there. The answer does not tell whether it is in use"}, o.ClaimAddress)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/addresses/confirm", Verb: auth.ProfileChange, Summary: "Confirm an address by the secret of the mailed link"}, o.ConfirmAddress)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/addresses/first", Verb: auth.ProfileChange, Summary: "Have mails go to one of your confirmed addresses"}, o.FirstAddress)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/addresses/remove", Verb: auth.ProfileChange, Summary: "Remove one of your addresses"}, o.RemoveAddress)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/password", Verb: auth.ProfileChange, Summary: "Change your password: every session of yours ends"}, o.ChangePassword)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me/sessions", Verb: auth.ProfileChange, Summary: "List where you are signed in"}, o.MySessions)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "me/sessions/end", Verb: auth.ProfileChange, Summary: "End one of your sessions"}, o.EndSession)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me/mails", Verb: auth.PersonRead, Summary: "List the last mails to you, and why you got them"}, o.MyMails)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me/promises", Verb: auth.TicketRead, Summary: "What IT promised you and you promised IT, counted the same way: for you alone"}, o.MyPromises)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "me/outcomes", Verb: auth.TicketRead, Summary: "List the promises that me/promises counts, newest first"}, o.MyOutcomes)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "sites/{id}/promises", Verb: auth.SiteRead, Summary: "A site's record: both columns, nobody's own"}, o.SitePromises)
}

func (h *Handler) changeMe(ctx context.Context, by auth.Actor, in *own.ProfileIn) (*selfOut, error) {
	if err := h.own.Change(ctx, by, in); err != nil {
		return nil, err
	}
	return h.me(ctx, by, nil)
}
