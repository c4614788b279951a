package app

import (
	"net/http"
	"time"

	"bothways/internal/web"
)

// pages are the web pages: everything that is not the API.
func (a *App) pages() http.Handler {
	return web.New(web.Deps{
		Desk: a.Desk, Account: a.Account, Search: a.Search, Effort: a.Effort, People: a.People, Auth: a.Auth, Box: a.Box, Book: a.Book, Calendars: a.Calendars, Intake: a.Intake, Catalog: a.Catalog, Upkeep: a.Upkeep, Approvals: a.Approvals, Contracts: a.Contracts, Disputes: a.Disputes, WhatIf: a.WhatIf, Asked: a.Asked, Report: a.Report, DB: a.DB, Live: a.Live, Clock: a.Clock, Log: a.log,
		BaseURL: a.Config.BaseURL, DeskName: a.Config.DeskName, DeskMail: a.Config.MailFrom, Demo: a.demo, Logins: a.logins, Password: a.shared, Settle: a.Settle,
		UndoSend: time.Duration(a.Config.UndoSend) * time.Second,
	})
}
