package app

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/web"
)

// pages are the web pages: everything that is not the API.
func (a *App) pages() http.Handler {
	return web.New(web.Deps{
		Desk: a.Desk, People: a.People, Auth: a.Auth, Box: a.Box, Book: a.Book, DB: a.DB, Live: a.Live, Clock: a.Clock, Log: a.log,
		BaseURL: a.Config.BaseURL, DeskName: a.Config.DeskName, DeskMail: a.Config.MailFrom, Demo: a.demo, Logins: a.logins, Settle: a.Settle,
	})
}

// settleFor is how long an answer waits for the relay, so that it can already say whose turn it is.
const settleFor = 1500 * time.Millisecond

// Settle gives a ticket's mails a moment to reach the relay. With a fake clock it runs what is due.
func (a *App) Settle(ctx context.Context, ticketID string) {
	if !a.running {
		if err := a.Jobs.RunDue(ctx); err != nil {
			a.log.Error("jobs of a story", "error", err)
		}
		return
	}
	if !a.Box.Mails() {
		return
	}
	for end := a.Clock.Now().Add(settleFor); a.Clock.Now().Before(end); {
		if n, err := a.Box.Undelivered(ctx, ticketID); err != nil || n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-a.Clock.After(10 * time.Millisecond):
		}
	}
}

// endLive ends every stream of changes and what listens to other nodes.
func (a *App) endLive() error { a.Live.Close(); return nil }
