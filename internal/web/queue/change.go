package queue

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// ChangePage is a change of many tickets: what to do, then what that does to each.
type ChangePage struct {
	Frame  staff.Frame
	Crumb  []ui.Link
	Title  string
	Form   ui.Form // the choice; it asks this page again
	Picked []string
	Staff  []ui.Option
	Teams  []ui.Option
	Levels []ui.Option
	Plan   *ChangePlan
}

// ChangePlan is what a change would do.
type ChangePlan struct {
	Will   []staff.ChangeLine
	Not    []staff.ChangeLine
	Hidden []ui.Hidden
	Submit string
}

// RunPage is what became of a change.
type RunPage struct {
	Frame   staff.Frame
	Crumb   []ui.Link
	Title   string
	Lead    string
	Queue   string
	Undo    string // address; "" when it can't be taken back
	Until   string
	Refused []staff.ChangeLine
	Done    []staff.ChangeLine
}

// Names of the fields of a change.
const (
	fieldDo, fieldAssignee, fieldTeam, fieldImpact, fieldUrgency = "do", "assignee", "team", "impact", "urgency"
	fieldTag, fieldUntag, fieldUntil, fieldAgreed, fieldReason   = "tag", "untag", "until", "agreed", "reason"
)

var changeFields = []string{fieldDo, fieldAssignee, fieldTeam, fieldImpact, fieldUrgency, fieldTag, fieldUntag, fieldUntil, fieldAgreed, fieldReason}

// changeOf reads a change from a form or an address.
func changeOf(zone *time.Location, get func(string) string) (bulk.Change, error) {
	c := bulk.Change{Do: bulk.Kind(get(fieldDo)), Assignee: get(fieldAssignee), Team: get(fieldTeam), Impact: get(fieldImpact), Urgency: get(fieldUrgency),
		Tag: get(fieldTag), Agreed: get(fieldAgreed) != "", Reason: get(fieldReason)}
	if c.Do == bulk.Untag {
		c.Tag = get(fieldUntag)
	}
	if c.Do != bulk.Wait {
		return c, nil
	}
	var err error
	c.Until, err = area.Instant(zone, fieldUntil, get(fieldUntil))
	return c, err
}

// changeRows are the kinds of change, each with what is chosen for it beside its name.
var changeRows = []struct {
	do     bulk.Kind
	fields []string
}{
	{bulk.Assign, []string{fieldAssignee}}, {bulk.Pass, []string{fieldTeam}}, {bulk.Prioritise, []string{fieldImpact, fieldUrgency}},
	{bulk.Tag, []string{fieldTag}}, {bulk.Untag, []string{fieldUntag}}, {bulk.Wait, []string{fieldUntil, fieldAgreed}},
}

// chosen is what is to be changed: the row that was chosen, or else the only one of which something was. Errors: Invalid when that
// is not clear.
func chosen(values url.Values) (bulk.Kind, error) {
	if do := values.Get(fieldDo); do != "" {
		return bulk.Kind(do), nil
	}
	var set []bulk.Kind
	for _, row := range changeRows {
		if slices.ContainsFunc(row.fields, func(name string) bool { return strings.TrimSpace(values.Get(name)) != "" }) {
			set = append(set, row.do)
		}
	}
	switch len(set) {
	case 0:
		return "", errs.In("queue.change", fieldDo, "Nothing is chosen yet. Choose what to change.")
	case 1:
		return set[0], nil
	}
	return "", errs.In("queue.change", fieldDo, "More than one change is filled in, and one is made at a time. Choose which.")
}

// choose is the page on which a change is chosen and shown before it is made. It changes nothing.
func (p *Pages) choose(c *area.Call) error {
	values := c.R.URL.Query()
	var numbers []int64
	for _, ref := range values["pick"] {
		n, err := desk.ParseRef(ref)
		if err != nil {
			return err
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 0 {
		return c.Redirect(Address(c.Query("q")))
	}
	page, err := p.changePage(c, values, numbers)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if values.Has(fieldDo) || values.Has(fieldReason) { // it was sent, and is not what the queue leads to
		do, err := chosen(values)
		if err == nil {
			values.Set(fieldDo, string(do))
			page.Form.Values[fieldDo] = string(do)
			err = p.planned(c, page, values, numbers)
		}
		if err != nil {
			back, ok := area.CameBack("change", &serve.Form{Values: page.Form.Values}, err, area.Fields(changeFields...))
			if !ok {
				return err
			}
			page.Form, status = back.Form("change", "/desk/change", page.Form.Values, page.Form.Hidden...), back.Status()
		}
	}
	c.Face.Render(status, Change(*page))
	return nil
}

func (p *Pages) changePage(c *area.Call, values url.Values, numbers []int64) (*ChangePage, error) {
	title := fmt.Sprintf("Change %d tickets", len(numbers))
	if len(numbers) == 1 {
		title = "Change " + desk.Ref(numbers[0])
	}
	frame, err := c.Face.Workspace(title, Address(values.Get("q")))
	if err != nil {
		return nil, err
	}
	page := &ChangePage{Frame: frame, Title: title, Crumb: []ui.Link{{Label: "Queue", Href: Address(values.Get("q"))}, {Label: title}}}
	page.Form = ui.Form{ID: "change", Action: "/desk/change", Values: map[string]string{}}
	for _, name := range changeFields {
		page.Form.Values[name] = values.Get(name)
	}
	for _, n := range numbers {
		page.Picked = append(page.Picked, desk.Ref(n))
		page.Form.Hidden = append(page.Form.Hidden, ui.Hidden{Name: "pick", Value: desk.Ref(n)})
	}
	page.Form.Hidden = append(page.Form.Hidden, ui.Hidden{Name: "q", Value: values.Get("q")})
	places, err := p.Names.Places(c.Ctx())
	if err != nil {
		return nil, err
	}
	page.Staff = []ui.Option{{Value: "", Label: "Nobody"}}
	for _, s := range places.Staff {
		if s.ID == c.By.PersonID || auth.Can(c.By, auth.PersonRead, s.Object()) == nil || s.OrgKind == people.Provider {
			page.Staff = append(page.Staff, ui.Option{Value: s.ID, Label: s.Name})
		}
	}
	page.Teams = []ui.Option{{Value: "", Label: "Choose a team"}}
	for _, t := range places.Teams {
		page.Teams = append(page.Teams, ui.Option{Value: t.ID, Label: t.Name})
	}
	page.Levels = []ui.Option{{Value: "", Label: "As it is"}, {Value: "low", Label: "Low"}, {Value: "medium", Label: "Medium"}, {Value: "high", Label: "High"}}
	return page, nil
}

// planned adds what the change would do to each ticket.
func (p *Pages) planned(c *area.Call, page *ChangePage, values url.Values, numbers []int64) error {
	change, err := changeOf(c.Reader.Zone, values.Get)
	if err != nil {
		return err
	}
	items, err := p.Bulk.Plan(c.Ctx(), c.By, numbers, change)
	if err != nil {
		return err
	}
	plan := &ChangePlan{}
	var picks []string
	for _, it := range items {
		line := staff.ChangeLine{Number: it.Ticket.Ref(), Href: "/desk/tickets/" + it.Ticket.Ref(), Subject: it.Ticket.Subject, Say: it.Not, Refused: it.Refused}
		if it.Ticket.ID == "" {
			line.Href = ""
		}
		for _, s := range it.Steps {
			line.Steps = append(line.Steps, staff.ChangeStep{What: s.What, From: s.From, To: s.To})
		}
		if it.Not != "" {
			plan.Not = append(plan.Not, line)
			continue
		}
		plan.Will = append(plan.Will, line)
		picks = append(picks, it.Ticket.Ref()+":"+strconv.FormatInt(it.Ticket.Version, 10))
	}
	plan.Submit = fmt.Sprintf("Change %d tickets", len(plan.Will))
	if len(plan.Will) == 1 {
		plan.Submit = "Change " + plan.Will[0].Number
	}
	plan.Hidden = []ui.Hidden{{Name: "picks", Value: strings.Join(picks, ",")}, {Name: "q", Value: values.Get("q")}}
	for _, name := range changeFields {
		if v := values.Get(name); v != "" {
			plan.Hidden = append(plan.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	page.Plan = plan
	return nil
}

// change makes a change that was shown.
func (p *Pages) change(c *area.Call) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	change, err := changeOf(c.Reader.Zone, f.Value)
	if err != nil {
		return err
	}
	var picks []bulk.Pick
	for _, s := range strings.Split(f.Value("picks"), ",") {
		ref, version, _ := strings.Cut(s, ":")
		n, err := desk.ParseRef(ref)
		if err != nil {
			return errs.New(errs.Conflict, "queue.change", "No ticket came with this. Choose some in the queue, and look at what would change.")
		}
		v, _ := strconv.ParseInt(version, 10, 64) // what is no version is any
		picks = append(picks, bulk.Pick{Number: n, Version: v})
	}
	leave, err := p.Bulk.Enter(c.By)
	if err != nil {
		return err
	}
	defer leave()
	run, err := p.Bulk.Do(c.Ctx(), c.By, picks, change)
	if err != nil {
		return err
	}
	p.nav.drop()
	return c.Redirect(join("/desk/change/"+run.ID, "q", f.Value("q")))
}

// made is what became of a change.
func (p *Pages) made(c *area.Call) error {
	run, err := p.Bulk.Get(c.Ctx(), c.By, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	page := RunPage{Queue: Address(c.Query("q")), Title: doneWords(run), Crumb: []ui.Link{{Label: "Queue", Href: Address(c.Query("q"))}}}
	page.Crumb = append(page.Crumb, ui.Link{Label: page.Title})
	if page.Frame, err = c.Face.Workspace(page.Title, page.Queue); err != nil {
		return err
	}
	if run.CanUndo(c.Reader.Now) {
		page.Undo, page.Until = join("/desk/change/"+run.ID+"/undo", "q", c.Query("q")), c.Reader.Hour(run.Until)
	}
	page.Lead = leadOf(run)
	for _, r := range run.Results {
		line := staff.ChangeLine{Number: desk.Ref(r.Number), Href: "/desk/tickets/" + desk.Ref(r.Number)}
		switch {
		case r.Outcome == bulk.Refused:
			line.Say, line.Refused = r.Say, true
			page.Refused = append(page.Refused, line)
		case r.Undone == bulk.Refused:
			line.Say, line.Refused = "Not taken back. "+r.UndoSay, true
			page.Refused = append(page.Refused, line)
		case r.Undone == bulk.Done:
			line.Say = "Taken back"
			page.Done = append(page.Done, line)
		case r.Outcome == bulk.Unchanged:
			line.Say = r.Say
			page.Done = append(page.Done, line)
		default:
			line.Say = "Changed"
			page.Done = append(page.Done, line)
		}
	}
	c.Face.Render(http.StatusOK, Made(page))
	return nil
}

func doneWords(run bulk.Run) string {
	n := run.Count(bulk.Done)
	switch {
	case !run.UndoneAt.IsZero():
		return "Taken back"
	case n == 1:
		return "1 ticket changed"
	}
	return fmt.Sprintf("%d tickets changed", n)
}

// leadOf says in one sentence what became of the others.
func leadOf(run bulk.Run) string {
	if !run.UndoneAt.IsZero() {
		back := 0
		for _, r := range run.Results {
			if r.Undone == bulk.Done {
				back++
			}
		}
		if left := run.Count(bulk.Done) - back; left > 0 {
			return fmt.Sprintf("%d of %d are as they were. %d could not be taken back; each says why.", back, back+left, left)
		}
		return fmt.Sprintf("All %d are as they were.", back)
	}
	var parts []string
	if n := run.Count(bulk.Refused); n > 0 {
		parts = append(parts, fmt.Sprintf("%d stayed as they were; each says why.", n))
	}
	if n := run.Count(bulk.Unchanged); n > 0 {
		parts = append(parts, fmt.Sprintf("%d were so already.", n))
	}
	return strings.Join(parts, " ")
}

// takeBack restores what the tickets held before a change.
func (p *Pages) takeBack(c *area.Call) error {
	leave, err := p.Bulk.Enter(c.By)
	if err != nil {
		return err
	}
	defer leave()
	run, err := p.Bulk.Undo(c.Ctx(), c.By, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p.nav.drop()
	return c.Redirect(join("/desk/change/"+run.ID, "q", c.Query("q")))
}
