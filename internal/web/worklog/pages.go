package worklog

import (
	"strconv"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/effort"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

// The addresses of the pages.
const (
	LogPath  = "/desk/log"
	TimePath = "/desk/time"
)

// Deps are the services the pages stand on.
type Deps struct {
	Desk   *desk.Service
	Effort *effort.Service
	People *people.Service
	DB     *db.DB
	Clock  clock.Clock
}

// Pages are the pages of this package.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes lists their addresses.
func (p *Pages) Routes() []area.Route {
	r := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	return []area.Route{
		r("GET", LogPath, auth.TicketCreate, p.log),
		r("POST", LogPath, auth.TicketCreate, p.logCall),
		r("GET", LogPath+"/people", auth.PersonRead, p.callers),
		r("GET", TimePath, auth.TicketNoteRead, p.week),
		r("POST", TimePath+"/{id}", auth.TicketNoteWrite, p.changeTime),
		r("POST", TimePath+"/{id}/remove", auth.TicketNoteWrite, p.removeTime),
		r("GET", "/desk/aside", auth.TicketRead, p.aside),
		r("GET", "/desk/tags", auth.TicketNoteRead, p.tags),
		r("POST", "/desk/tags", auth.TagManage, p.renameTag),
	}
}

// page is what every page here has.
type page struct {
	Frame staff.Frame
	Head  sheet.Head
	Told  []string
}

var told = map[string]string{
	"done": "Noted, with the minutes.", "ticket": "The ticket is open. It is our turn.", "changed": "Changed.", "removed": "Removed.", "renamed": "Renamed.",
}

func (p *Pages) start(c *area.Call, back *area.Returned, current string, h sheet.Head, forms ...ui.Form) (page, error) {
	f, err := c.Face.Workspace(h.Title, current)
	if s, ok := told[c.Query("done")]; ok {
		f.Toast = &ui.Toast{Text: s}
	}
	if len(h.Crumb) == 0 {
		h.Tabs = append(tabs(current), h.Tabs...)
	}
	f.Doc.Failed = len(ui.Failed(forms...)) > 0
	return page{Frame: f, Head: h, Told: back.Told()}, err
}

// tabs are the pages beside one.
func tabs(current string) []ui.Link {
	all := []ui.Link{{Label: "Log a call", Href: LogPath}, {Label: "My time", Href: TimePath}, {Label: "Set aside", Href: "/desk/aside"}, {Label: "Tags", Href: "/desk/tags"}}
	for i := range all {
		all[i].Current = all[i].Href == current
	}
	return all
}

func minutes(n int) string { return ui.Span(time.Duration(n) * time.Minute) }

// number reads minutes. Errors: Invalid.
func number(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, errs.In("web.minutes", "minutes", "%q is no number of minutes. Write it like 15.", text.Cut(s, 20))
	}
	return n, nil
}
