package accord

import (
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/beneath"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

// Base is the address of the pages.
const Base = "/agreements"

// Pages are the pages with what they stand on. It is safe for concurrent use.
type Pages struct {
	Book      *agreement.Book
	Contracts *contract.Service
	WhatIf    *whatif.Service
	Approvals *approval.Service
	Calendars *calendar.Service
	People    *people.Service
	DB        *db.DB
	Clock     clock.Clock
	Beneath   *beneath.Book

	mu   sync.Mutex
	kept map[string]kept // by version
}

// kept are the shares of what is promised beneath a version, worked out some minutes ago at the most.
type kept struct {
	at               time.Time
	teams, suppliers []beneath.Share
}

const (
	keepShares = 5 * time.Minute
	mostKept   = 200
)

// shares are how what is promised beneath a version was kept in the last ninety days at its site.
func (p *Pages) shares(c *area.Call, v agreement.Paper) (kept, error) {
	if v.SiteID == "" || v.ID == "" || len(v.Terms.Teams)+len(v.Terms.Suppliers) == 0 {
		return kept{}, nil
	}
	now := p.Clock.Now()
	p.mu.Lock()
	k, ok := p.kept[v.ID]
	p.mu.Unlock()
	if ok && now.Sub(k.at) >= 0 && now.Sub(k.at) < keepShares {
		return k, nil
	}
	site, err := people.SiteByID(c.Ctx(), p.DB.Read(), v.SiteID)
	if err != nil {
		return kept{}, err
	}
	service, err := p.Book.Compiled(c.Ctx(), p.DB.Read(), v.ServiceCalendar)
	if err != nil {
		return kept{}, err
	}
	k = kept{at: now}
	if k.teams, k.suppliers, err = p.Beneath.Kept(c.Ctx(), c.By, site, v.Terms, service, now.Add(-terms.Period)); err != nil {
		return kept{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || len(p.kept) >= mostKept {
		p.kept = map[string]kept{}
	}
	p.kept[v.ID] = k
	return k, nil
}

// Routes are the addresses of the pages.
func (p *Pages) Routes() []area.Route {
	route := func(method, path string, verb auth.Verb, do func(*area.Call) error) area.Route {
		return area.Route{Method: method, Path: Base + path, Door: area.ForCustomers, Verb: verb, Do: do}
	}
	return []area.Route{
		route("GET", "", auth.AgreementRead, p.list),
		route("POST", "", auth.AgreementSign, p.propose),
		route("GET", "/new", auth.AgreementSign, p.form),
		route("GET", "/versions/{id}", auth.AgreementRead, p.version),
		route("GET", "/proposals/{id}", auth.AgreementRead, p.proposal),
		route("POST", "/proposals/{id}/withdraw", auth.AgreementSign, p.withdraw),
		route("GET", "/proposals/{id}/what-if", auth.AgreementSign, p.askWhatIf),
		route("POST", "/proposals/{id}/what-if", auth.AgreementSign, p.startWhatIf),
		route("GET", "/what-if/{id}", auth.AgreementSign, p.whatIf),
		route("POST", "/what-if/{id}/stop", auth.AgreementSign, p.stopWhatIf),
	}
}

// Done are the sentences the pages say once after a form was taken, by the key in the address.
var Done = map[string]string{"proposed": "Proposed, with your signature. The other side is asked for theirs.", "proposal-taken-back": "Taken back. The other side is told."}

var crumb = []ui.Link{{Label: "Service levels", Href: "/levels"}, {Label: "Agreements", Href: Base}}

func object(orgID, siteID string) auth.Object {
	return auth.Object{Kind: "agreement", OrgID: orgID, SiteID: siteID}
}

// line is an agreement, a version or a proposal in a list.
type line struct {
	Href, Title, Code, Text string
	Side                    ui.Side
	Chip                    ui.Chip
}

type listPage struct {
	Frame     ui.PortalFrame
	InForce   []line
	Proposals []line
	Propose   []ui.Link
}

// list shows the agreements that the reader may read, what is proposed, and where they may propose something.
func (p *Pages) list(c *area.Call) error {
	papers, err := p.Book.List(c.Ctx())
	if err != nil {
		return err
	}
	v := listPage{Frame: c.Face.Portal("Agreements", "/levels")}
	now := p.Clock.Now()
	seen := map[string]bool{}
	for i := range papers {
		a := &papers[i]
		if a.OrgID != "" && auth.Can(c.By, auth.AgreementRead, object(a.OrgID, a.SiteID)) != nil {
			continue
		}
		whose, err := p.whose(c, a.OrgID, a.SiteID)
		if err != nil {
			return err
		}
		holds := !a.From().After(now) && (i+1 == len(papers) || papers[i+1].AgreementID != a.AgreementID || papers[i+1].From().After(now))
		chip := ui.Chip{Kind: ui.ChipPlain, Text: "Superseded"}
		switch {
		case holds:
			chip = ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "In force"}
		case a.From().After(now):
			chip = ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconCalendar, Text: "From " + c.Reader.Short(a.From())}
		}
		v.InForce = append(v.InForce, line{Href: Base + "/versions/" + a.ID, Title: a.Name, Code: "Version " + ui.Count(int(a.Number)), Text: whose, Side: ui.Provider, Chip: chip})
		if a.OrgID != "" && !seen[a.AgreementID] {
			seen[a.AgreementID] = true
			if auth.Can(c.By, auth.AgreementSign, object(a.OrgID, a.SiteID)) == nil {
				v.Propose = append(v.Propose, ui.Link{Label: "Propose a version of " + a.Name + ", " + whose, Href: Base + "/new?agreement=" + a.AgreementID})
			}
		}
	}
	slices.Reverse(v.InForce) // the newest on top
	if err := p.proposals(c, &v); err != nil {
		return err
	}
	begin, err := p.begin(c)
	v.Propose = append(v.Propose, begin...)
	if err != nil {
		return err
	}
	c.Face.Render(200, listView(v))
	return nil
}

// proposals lists what was proposed, the newest on top.
func (p *Pages) proposals(c *area.Call, v *listPage) error {
	all, err := p.Contracts.List(c.Ctx(), c.By, 50)
	for _, x := range all {
		whose, e := p.whose(c, x.OrgID, x.SiteID)
		if e != nil {
			return e
		}
		v.Proposals = append(v.Proposals, line{
			Href: Base + "/proposals/" + x.ID, Title: x.Name, Code: "Version " + ui.Count(int(x.Number)), Side: side(x.Side), Chip: chip(c.Reader, x),
			Text: whose + ", proposed by " + by(x.Side, whose) + " " + c.Reader.WhenIn(x.MadeAt),
		})
	}
	return err
}

func side(s agreement.Side) ui.Side {
	if s == agreement.SideCustomer {
		return ui.Customer
	}
	return ui.Provider
}

func by(s agreement.Side, whose string) string {
	if s == agreement.SideCustomer {
		return whose
	}
	return "IT"
}

func chip(r ui.Reader, x contract.Proposal) ui.Chip {
	switch x.State {
	case contract.Proposed:
		return ui.Chip{Kind: ui.ChipYou, Icon: ui.IconClock, Text: "Waits for a signature"}
	case contract.Signed:
		return ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Signed by both"}
	case contract.Answered:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconReply, Text: "Answered"}
	case contract.Refused:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconX, Text: "Not signed"}
	case contract.Withdrawn:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconUndo, Text: "Taken back"}
	case contract.Expired:
		return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconClock, Text: "Ended unsigned"}
	}
	return ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconUndo, Text: "Changed meanwhile"}
}

// begin is where an agreement may begin: the sites of customers that the reader speaks for and that have none of their own.
func (p *Pages) begin(c *area.Call) ([]ui.Link, error) {
	sites, err := p.Contracts.WithoutOne(c.Ctx(), c.By)
	var out []ui.Link
	for _, s := range sites {
		out = append(out, ui.Link{Label: "Begin an agreement for " + s.Name, Href: Base + "/new?site=" + s.ID})
	}
	return out, err
}

type versionPage struct {
	Frame   ui.PortalFrame
	Crumb   []ui.Link
	Title   string
	Lead    string
	Chip    ui.Chip
	Told    []string
	Paper   paperView
	Changes []string // of the version before
	Before  string
	Why     string
	Sign    ui.Link // to the approval
	Acts    []ui.Link
	Back    ui.Form // takes a proposal back
}

func (p *Pages) version(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	a, err := p.Book.Paper(c.Ctx(), p.DB.Read(), id)
	if err != nil {
		return err
	}
	if a.OrgID != "" {
		if err := auth.Can(c.By, auth.AgreementRead, object(a.OrgID, a.SiteID)); err != nil {
			return err
		}
	}
	v := versionPage{
		Frame: c.Face.Portal(a.Name, "/levels"), Crumb: append(crumb[:2:2], ui.Link{Label: a.Name}), Title: a.Name, Lead: "Version " + ui.Count(int(a.Number)),
		Chip: ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Signed by both"},
	}
	if a.AskID == "" {
		v.Chip = ui.Chip{Kind: ui.ChipPlain, Text: "What holds until one is signed"}
	}
	if v.Paper, err = p.paper(c, a, a.From(), a.AskID); err != nil {
		return err
	}
	v.Acts = append(v.Acts, ui.Link{Label: "What is asked of you", Href: Base + "/versions/" + a.ID + "/asked"})
	c.Face.Render(200, versionView(v))
	return nil
}

// signatures are who signed, for which side and when, with the digest of what they signed. whose is the customer's side by name.
func (p *Pages) signatures(c *area.Call, askID, whose string) ([]door.Signature, string, error) {
	if askID == "" {
		return nil, "", nil
	}
	a, err := p.Approvals.ByID(c.Ctx(), p.DB.Read(), askID)
	if err != nil {
		return nil, "", err
	}
	out := []door.Signature{{Side: ui.Provider, For: "For IT"}, {Side: ui.Customer, For: "For " + whose}}
	for _, v := range a.Votes {
		all, err := people.PersonsByID(c.Ctx(), p.DB.Read(), v.Voter, v.Seat)
		if err != nil {
			return nil, "", err
		}
		names := map[string]string{}
		for _, x := range all {
			names[x.ID] = x.Name
		}
		s := &out[0]
		if v.Stage == contract.StageCustomer {
			s = &out[1]
		}
		s.Name, s.At = names[v.Voter], v.At
		var notes []string
		if v.Stood() {
			note := "Signed for " + names[v.Seat]
			if !v.Until.IsZero() {
				note += ", delegated until " + c.Reader.Dated(v.Until)
			}
			notes = append(notes, note)
		}
		if !v.Consent {
			s.For, s.Withdrawn = s.For+": not signed", true
		}
		if v.Reason != "" {
			notes = append(notes, "“"+v.Reason+"”")
		}
		s.Note = strings.Join(notes, ". ")
	}
	return out, a.Digest, nil
}

func (p *Pages) proposal(c *area.Call) error { return p.showProposal(c, nil) }

func (p *Pages) showProposal(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	x, err := p.Contracts.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	before, err := p.Contracts.Before(c.Ctx(), x)
	if err != nil {
		return err
	}
	v := versionPage{
		Frame: c.Face.Portal(x.Name, "/levels"), Crumb: append(crumb[:2:2], ui.Link{Label: x.Name}), Title: x.Name, Chip: chip(c.Reader, x), Told: back.Told(), Why: x.Why,
		Changes: contract.Differences(before, x.Paper(), p.Contracts.Names(c.Ctx(), c.Reader.Zone)), Before: before.Name + ", version " + ui.Count(int(before.Number)),
	}
	if v.Paper, err = p.paper(c, x.Paper(), x.From, x.AskID); err != nil {
		return err
	}
	v.Lead = "Version " + ui.Count(int(x.Number)) + ", proposed by " + by(x.Side, v.Paper.Whose) + " on " + c.Reader.Full(x.MadeAt) + "."
	if x.State == contract.Proposed {
		p.ways(c, x, &v, back)
	}
	if _, err := p.Contracts.SideOf(c.Ctx(), c.By, x); err == nil {
		v.Acts = append(v.Acts, ui.Link{Label: "What would have been", Href: Base + "/proposals/" + x.ID + "/what-if"})
	}
	if x.VersionID != "" {
		v.Acts = append(v.Acts, ui.Link{Label: "Read the version", Href: Base + "/versions/" + x.VersionID})
	}
	c.Face.Render(back.Status(), versionView(v))
	return nil
}

// ways is what the reader can do with a proposal that waits: sign it, answer it, or take their own side's back.
func (p *Pages) ways(c *area.Call, x contract.Proposal, v *versionPage, back *area.Returned) {
	if a, err := p.Approvals.Get(c.Ctx(), c.By, x.AskID); err == nil {
		if seats, err := p.Approvals.Seats(c.Ctx(), c.By, a); err == nil && len(seats) > 0 {
			v.Sign = ui.Link{Label: "Sign or decline", Href: "/approvals/" + x.AskID}
		}
	}
	mine, err := p.Contracts.SideOf(c.Ctx(), c.By, x)
	switch {
	case err != nil:
	case mine == x.Side:
		v.Back = back.Form("back", Base+"/proposals/"+x.ID+"/withdraw", nil)
	default:
		v.Acts = append(v.Acts, ui.Link{Label: "Answer with another proposal", Href: Base + "/new?agreement=" + x.AgreementID + "&answers=" + x.ID})
	}
}

func (p *Pages) withdraw(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("back", area.Fields("reason"), func(f *serve.Form) (string, error) {
		_, err := p.Contracts.Withdraw(c.Ctx(), c.By, id, f.Value("reason"))
		return Base + "/proposals/" + id + "?done=proposal-taken-back", err
	}, func(b *area.Returned) error { return p.showProposal(c, b) })
}

// nothing is the one answer to what does not exist and to what is not the reader's.
func nothing() error {
	return errs.New(errs.NotFound, "web.accord", "There is nothing here that you can see.")
}

// soon is when a new version begins by default: the first of the month after next week.
func soon(now time.Time) time.Time {
	t := now.AddDate(0, 0, 7)
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, t.Location())
}
