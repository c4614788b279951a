package gallery

import (
	"time"

	"github.com/a-h/templ"

	"bothways/internal/web/desk"
	"bothways/internal/web/find"
	"bothways/internal/web/inbox"
	"bothways/internal/web/portal"
	"bothways/internal/web/queue"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
)

// Prefix is the path the gallery is served under.
const Prefix = "/gallery/"

// Page is one page of the gallery: Prefix + Name leads to it.
type Page struct {
	Name, Title string
	View        templ.Component
}

// Now is the instant all samples are made for: Tuesday 24 November 2026, 09:42
// in Leeds. It is fixed so that pictures of the pages can be compared.
var Now = time.Date(2026, 11, 24, 9, 42, 0, 0, time.UTC)

// reader is who looks at the samples. London's rules are not loaded from the
// system: in November its zone is GMT.
func reader() ui.Reader {
	return ui.Reader{Now: Now, Zone: time.FixedZone("GMT", 0)}
}

// Pages returns every page of the gallery. Theme is the theme of the page of
// parts: "", "light" or "dark".
func Pages(theme string) []Page {
	pages := []Page{
		{Name: "queue", Title: "Queue", View: queue.View(queuePage())},
		{Name: "queue-empty", Title: "Queue, nothing matches", View: queue.View(queueEmpty())},
		{Name: "queue-slip", Title: "Queue, a filter with a slip", View: queue.View(queueSlip())},
		{Name: "queue-table", Title: "Queue, as a table", View: queue.View(queueTable())},
		{Name: "views", Title: "Views", View: queue.Views(viewsPage())},
		{Name: "view", Title: "A view", View: queue.Edit(viewPage())},
		{Name: "view-error", Title: "A view, something to mend", View: queue.Edit(viewPage(ui.FieldError{Field: "name", Text: "It has no name. Write one, such as “Leeds, phones”."}))},
		{Name: "change", Title: "Change of many", View: queue.Change(changePage())},
		{Name: "change-plan", Title: "Change of many, what it does", View: queue.Change(changePlan())},
		{Name: "change-made", Title: "Change of many, made", View: queue.Made(changeMade())},
		{Name: "search", Title: "Search", View: find.StaffView(searchPage())},
		{Name: "search-nothing", Title: "Search, nothing and slips", View: find.StaffView(searchNothing())},
		{Name: "ticket", Title: "Ticket", View: desk.Ticket(ticketPage())},
		{Name: "ticket-held", Title: "Ticket, answers about to leave", View: desk.Ticket(ticketHeld())},
		{Name: "ticket-note", Title: "Ticket, writing a note", View: desk.Ticket(ticketNote())},
		{Name: "ticket-error", Title: "Ticket, something to mend", View: desk.Ticket(ticketError())},
		{Name: "ticket-bare", Title: "Ticket with the least a model carries", View: desk.Ticket(ticketBare())},
		{Name: "palette", Title: "Command menu", View: commandMenu()},
		{Name: "keys", Title: "Keyboard shortcuts, something to undo", View: shortcuts()},
		{Name: "new-ticket", Title: "New ticket", View: desk.NewTicket(newTicket())},
		{Name: "home", Title: "Customer's home", View: portal.Home(homePage())},
		{Name: "home-new", Title: "Customer's home, nothing yet", View: portal.Home(homeNew())},
		{Name: "requests", Title: "Customer's requests", View: portal.List(listPage())},
		{Name: "request", Title: "Request, your turn", View: portal.Request(requestQuestion())},
		{Name: "request-ours", Title: "Request, our turn", View: portal.Request(requestOurs())},
		{Name: "request-confirm", Title: "Request, confirm", View: portal.Request(requestConfirm())},
		{Name: "request-closed", Title: "Request, closed", View: portal.Request(requestClosed())},
		{Name: "request-error", Title: "Request, something to mend", View: portal.Request(requestError())},
		{Name: "request-late", Title: "Request, late", View: portal.Request(requestLate())},
		{Name: "levels", Title: "Service levels", View: portal.Levels(levelsPage())},
		{Name: "levels-error", Title: "Service levels, something to mend", View: portal.Levels(levelsError())},
		{Name: "promises", Title: "Promises both ways", View: portal.Promises(promisesPage())},
		{Name: "promises-new", Title: "Promises, nothing yet", View: portal.Promises(promisesNew())},
		{Name: "profile", Title: "Profile", View: portal.Profile(profilePage())},
		{Name: "profile-error", Title: "Profile, something to mend", View: portal.Profile(profileError())},
		{Name: "confirm", Title: "Confirm an address", View: portal.ConfirmAddress(confirmPage())},
		{Name: "confirm-gone", Title: "Confirm an address, link used", View: portal.ConfirmAddress(confirmGone())},
		{Name: "portal-search", Title: "Customer's search", View: find.CustomerView(portalSearch())},
		{Name: "new-request", Title: "New request", View: portal.NewRequest(newRequest())},
		{Name: "sign-in", Title: "Sign in", View: sign.SignIn(signIn())},
		{Name: "sign-in-error", Title: "Sign in, something to mend", View: sign.SignIn(signInError())},
		{Name: "404", Title: "Nothing here", View: sign.Error(sign.NotFound(errorBase()))},
		{Name: "403", Title: "For somebody else", View: sign.Error(sign.NotYours(errorBase()))},
		{Name: "429", Title: "Too many tries", View: sign.Error(sign.TooManyTries(errorBase(), "2 min"))},
		{Name: "500", Title: "Our fault", View: sign.Error(sign.Broken(errorBase(), "7f3a-92c1"))},
		{Name: "notice", Title: "One-time notice", View: sign.Notice(notice())},
		{Name: "inbox-people", Title: "Demo mail, whose", View: inbox.PeoplePage(inboxPeople())},
		{Name: "inbox", Title: "Demo mail, one mailbox", View: inbox.MailboxPage(inboxList())},
		{Name: "inbox-empty", Title: "Demo mail, none", View: inbox.PeoplePage(inboxEmpty())},
		{Name: "sheets", Title: "Sheets", View: sheets()},
		{Name: "mail", Title: "One mail", View: inbox.Mail(inboxMail())},
	}
	links := make([]ui.Link, 0, len(pages))
	for _, p := range pages {
		links = append(links, ui.Link{Label: p.Title, Href: Prefix + p.Name})
	}
	return append(pages, Page{Name: "parts", Title: "Every part", View: parts(theme, links)})
}

func doc(title string) ui.Doc { return ui.Doc{Title: title} }

// at is an instant of the samples' November, in Leeds.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}
