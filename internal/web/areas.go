package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/desk/beneath"
	disputes "bothways/internal/desk/dispute"
	"bothways/internal/desk/passage"
	"bothways/internal/web/accord"
	"bothways/internal/web/admin"
	"bothways/internal/web/area"
	"bothways/internal/web/compose"
	"bothways/internal/web/dispute"
	"bothways/internal/web/doors"
	"bothways/internal/web/hours"
	"bothways/internal/web/inbox"
	"bothways/internal/web/machine"
	"bothways/internal/web/mine"
	"bothways/internal/web/palette"
	"bothways/internal/web/place"
	"bothways/internal/web/scorecard"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
	"bothways/internal/web/vote"
	"bothways/internal/web/worklog"
)

// areas are the groups of pages that live in packages of their own. With a zero site they name their routes alone.
func (s *site) areas() []area.Route {
	own := &mine.Pages{
		Desk: s.Desk, Account: s.Account, People: s.People, Auth: s.Auth, Box: s.Box, DB: s.DB, Source: s.source, Terms: s.terms,
		Session: func(r *http.Request) string {
			if c, err := r.Cookie(s.cookies.session); err == nil {
				return c.Value
			}
			return ""
		},
		Renew: func(w http.ResponseWriter, secret string) {
			http.SetCookie(w, s.cookies.make(s.cookies.session, secret, 0))
		},
	}
	return slices.Concat(
		own.Routes(),
		(&sign.Passwords{Account: s.Account}).Routes(),
		s.streams.Routes(),
		s.queue.Routes(),
		worklog.New(worklog.Deps{Desk: s.Desk, Effort: s.Effort, People: s.People, DB: s.DB, Clock: s.Clock}).Routes(),
		(&compose.Pages{Desk: s.Desk, Answers: s.answers, Source: s.source, Name: s.DeskName}).Routes(),
		s.find.Routes(),
		admin.New(admin.Deps{People: s.People, Auth: s.Auth, Account: s.Account, Intake: s.Intake, Calendars: s.Calendars, DB: s.DB, Clock: s.Clock}).Routes(),
		(&inbox.Pages{Box: s.Box, Desk: s.Desk, People: s.People, DB: s.DB, Clock: s.Clock, Name: s.DeskName}).Routes(),
		hours.New(hours.Deps{People: s.People, Calendars: s.Calendars, Book: s.Book, Desk: s.Desk, DB: s.DB, Clock: s.Clock}).Routes(),
		machine.New(machine.Deps{Upkeep: s.Upkeep, Box: s.Box, Desk: s.Desk, People: s.People, Auth: s.Auth, DB: s.DB, Clock: s.Clock}).Routes(),
		place.New(place.Deps{People: s.People, Calendars: s.Calendars, Catalog: s.Catalog, DB: s.DB, Clock: s.Clock}).Routes(),
		(&palette.Palette{Search: s.Search}).Routes(),
		(&accord.Pages{Book: s.Book, Contracts: s.Contracts, WhatIf: s.WhatIf, Approvals: s.Approvals, Calendars: s.Calendars, People: s.People, DB: s.DB, Clock: s.Clock, Beneath: s.beneath()}).Routes(),
		(&dispute.Pages{Disputes: s.Disputes, DB: s.DB}).Routes(),
		(&scorecard.Pages{Report: s.Report, Asked: s.Asked, DB: s.DB}).Routes(),
		(&doors.Pages{Passages: passage.NewBook(s.DB), DB: s.DB, Clock: s.Clock}).Routes(),
		(&vote.Pages{Approvals: s.Approvals, People: s.People, DB: s.DB, Objects: objects}).Routes(),
	)
}

var bothSides = map[string]string{contract.StageProvider: "For IT", contract.StageCustomer: "For the customer"}

// beneath reads how teams and suppliers kept what they promise; nil where routes alone are named.
func (s *site) beneath() *beneath.Book {
	if s.Desk == nil {
		return nil
	}
	return beneath.NewBook(s.DB, s.People, s.Desk.Reader)
}

// objects are what is approved, and where each is read.
var objects = map[string]vote.Object{
	contract.Kind: {
		Name: "the proposal", Href: func(id string) string { return accord.Base + "/proposals/" + id },
		Stages: bothSides,
	},
	disputes.Kind: {Name: "the dispute", Href: func(id string) string { return dispute.Base + "/" + id }, Stages: bothSides},
}

// inArea makes the handler of an area's route.
func inArea(r area.Route) route {
	return route{r.Method, r.Path, r.Door, r.Verb, func(s *site, v *visit) error {
		return r.Do(&area.Call{W: v.w, R: v.r, By: v.by, Me: v.me, Reader: v.reader, Face: face{v}})
	}}
}

// face is what the server does for an area.
type face struct{ v *visit }

func (f face) Workspace(title, current string) (staff.Frame, error) {
	return f.v.workspace(title, current), nil
}

func (f face) Portal(title, current string) ui.PortalFrame {
	if f.v.by.PersonID == "" {
		return f.v.public(title)
	}
	return f.v.portal(title, current)
}

func (f face) Render(status int, c templ.Component) { f.v.render(f.v, status, c) }

func (f face) Again(ctx context.Context) (auth.Actor, error) {
	again := &visit{site: f.v.site, w: f.v.w, r: f.v.r.WithContext(ctx)}
	err := f.v.whoIs(again, f.v.Auth.Peek)
	again.by.Channel = f.v.by.Channel
	return again.by, err
}

func (f face) Settle(ticketID string) { f.v.site.Settle(f.v.ctx(), ticketID) }
