package machine

import (
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/upkeep"
	"bothways/internal/web/area"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
	"bothways/internal/web/ui/staff"
)

// base is the address below which administration is.
const base = "/desk/admin"

// Deps are the services the pages stand on.
type Deps struct {
	Upkeep *upkeep.Service
	Box    *box.Box
	Desk   *desk.Service
	People *people.Service
	Auth   *auth.Service
	DB     *db.DB
	Clock  clock.Clock
}

// Pages are the pages about what runs by itself.
type Pages struct{ Deps }

// New makes the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes lists their addresses.
func (p *Pages) Routes() []area.Route {
	get := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "GET", Path: base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	post := func(path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: "POST", Path: base + path, Door: area.ForStaff, Verb: verb, Do: do}
	}
	return []area.Route{
		get("/mail", auth.MailRead, p.mailIn),
		get("/mail/in/{id}", auth.MailRead, p.original),
		get("/mail/out", auth.MailRead, p.mailOut),
		post("/mail/out/{id}/retry", auth.SystemRun, p.retry),
		post("/mail/out/{id}/give-up", auth.SystemRun, p.giveUp),
		get("/health", auth.SystemRun, p.health),
		post("/jobs/{id}/retry", auth.SystemRun, p.revive),
		get("/audit", auth.AuditRead, p.audit),
		get("/audit/export", auth.AuditRead, p.auditExport),
		get("/tokens", auth.TokenManage, p.tokens),
		post("/tokens", auth.TokenManage, p.createToken),
		post("/tokens/{id}/revoke", auth.TokenManage, p.revokeToken),
	}
}

var told = map[string]string{
	"retry": "It is tried now.", "given-up": "Given up. The turn is ours.", "revived": "The job runs again.", "revoked": "The token has ended.",
}

type page struct {
	Frame staff.Frame
	Head  sheet.Head
	Told  []string
}

func (p *Pages) start(c *area.Call, back *area.Returned, current string, h sheet.Head, forms ...ui.Form) (page, error) {
	f, err := c.Face.Workspace(h.Title, base+current)
	if s, ok := told[c.Query("done")]; ok {
		f.Toast = &ui.Toast{Text: s}
	}
	f.Doc.Failed = len(ui.Failed(forms...)) > 0
	h.Crumb = append([]ui.Link{{Label: "Administration", Href: base}}, append(h.Crumb, ui.Link{Label: h.Title})...)
	return page{Frame: f, Head: h, Told: back.Told()}, err
}
