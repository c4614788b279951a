package machine

import (
	"net/http"
	"slices"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/mail/box"
	"bothways/internal/upkeep"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type listPage struct {
	page
	Figures []sheet.Figure
	Filter  *sheet.Filter
	Table   sheet.Table
	Above   []string
}

func mailTabs(current string) []ui.Link {
	return []ui.Link{{Label: "Came in", Href: base + "/mail", Current: current == "in"}, {Label: "Goes out", Href: base + "/mail/out", Current: current == "out"}}
}

// readsMail lets in who may read the mail log of everybody.
func readsMail(c *area.Call) error { return auth.Can(c.By, auth.MailRead, auth.Object{Kind: "mail"}) }

func tally(n int) string {
	if n > box.MostCounted {
		return ui.Count(box.MostCounted) + "+"
	}
	return ui.Count(n)
}

var inStates = []struct {
	state box.State
	word  string
	kind  ui.ChipKind
}{
	{box.Stored, "not read yet", ui.ChipSoon}, {box.MadeTicket, "opened a ticket", ui.ChipGood}, {box.MadeMessage, "message on a ticket", ui.ChipGood},
	{box.MadeReport, "report on a mail", ui.ChipPlain}, {box.Duplicate, "came twice", ui.ChipPlain}, {box.Refused, "refused", ui.ChipLate},
}

// mailIn is the log of mails that came in.
func (p *Pages) mailIn(c *area.Call) error {
	if err := readsMail(c); err != nil {
		return err
	}
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	t, err := p.Box.Tally(c.Ctx())
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{
		Caption: "Mails that came in, the newest first", Cols: []sheet.Col{{Label: "Came in"}, {Label: "From"}, {Label: "To"}, {Label: "What became of it"}, {Label: "Size", Right: true}, {}}, Nothing: "No mail.",
		NothingText: "Every mail that reaches the desk is here for ever, whatever became of it.",
	}}
	only := box.State("")
	for _, s := range inStates {
		if string(s.state) == c.Query("state") {
			only = s.state
		}
		v.Figures = append(v.Figures, sheet.Figure{Label: s.word, Value: tally(t.Inbound[s.state]), Href: base + "/mail?state=" + string(s.state), Current: string(s.state) == c.Query("state"), Hot: s.state == box.Stored && t.Inbound[s.state] > 20})
	}
	l, err := p.Box.Inbounds(c.Ctx(), only, cursor, 50)
	if err != nil {
		return err
	}
	ids := make([]string, len(l.Items))
	for i := range l.Items {
		ids[i] = l.Items[i].TicketID
	}
	keys, err := p.Desk.Keys(c.Ctx(), ids...)
	if err != nil {
		return err
	}
	for i := range l.Items {
		m := &l.Items[i]
		what := sheet.Cell{Sub: m.Reason}
		for _, s := range inStates {
			if s.state == m.State {
				what.Chips = []ui.Chip{{Kind: s.kind, Text: s.word}}
			}
		}
		if k, ok := keys[m.TicketID]; ok {
			what.Text, what.Href = desk.Ref(k.Number), "/desk/tickets/"+desk.Ref(k.Number)
		}
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.When(m.ReceivedAt), sheet.Text(m.From), sheet.Text(m.To), what, sheet.Text(ui.Size(m.Size)), sheet.Link("Original", base+"/mail/in/"+m.ID)})
	}
	v.Table.Pages = c.Pages("Mails", l.Next)
	if v.page, err = p.start(c, nil, "/mail", sheet.Head{Title: "Mail", Tabs: mailTabs("in")}); err != nil {
		return err
	}
	c.Face.Render(200, listView(v))
	return nil
}

// original sends a mail as it came in: to be saved, never shown, never run.
func (p *Pages) original(c *area.Call) error {
	if err := readsMail(c); err != nil {
		return err
	}
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	m, err := p.Box.Load(c.Ctx(), p.DB.Read(), id)
	if err != nil {
		return err
	}
	serve.Download(c.W, "mail-"+m.ReceivedAt.UTC().Format("20060102-150405")+".eml", "message/rfc822", int64(len(m.Raw)))
	if c.R.Method != http.MethodHead {
		_, _ = c.W.Write(m.Raw)
	}
	return nil
}

var outStates = []struct {
	state, word string
	kind        ui.ChipKind
}{
	{box.Queued, "waits", ui.ChipSoon}, {box.Sending, "is being sent", ui.ChipIT}, {box.Maybe, "may be out", ui.ChipSoon}, {box.Sent, "sent", ui.ChipGood}, {box.Failed, "failed", ui.ChipLate}, {box.Shown, "shown in the portal", ui.ChipPlain},
}

func (p *Pages) mailOut(c *area.Call) error { return p.showOut(c, nil) }

// showOut is the outbox: what goes out, how old it is, and what the relay said last.
func (p *Pages) showOut(c *area.Call, back *area.Returned) error {
	if err := readsMail(c); err != nil {
		return err
	}
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	t, err := p.Box.Tally(c.Ctx())
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{
		Caption: "Mails that go out, the newest first", Cols: []sheet.Col{{Label: "To"}, {Label: "About"}, {Label: "State"}, {Label: "Made"}, {Label: "Tries", Right: true}, {Label: "The relay said"}, {}}, Nothing: "No mail.",
	}}
	only := ""
	for _, s := range outStates {
		if s.state == c.Query("state") {
			only = s.state
		}
		v.Figures = append(v.Figures, sheet.Figure{Label: s.word, Value: tally(t.Outbound[s.state]), Href: base + "/mail/out?state=" + s.state, Current: s.state == c.Query("state"), Hot: s.state == box.Failed && t.Outbound[s.state] > 0})
	}
	l, err := p.Box.Outbounds(c.Ctx(), only, "", cursor, 50)
	if err != nil {
		return err
	}
	ids := make([]string, len(l.Items))
	for i := range l.Items {
		ids[i] = l.Items[i].TicketID
	}
	keys, err := p.Desk.Keys(c.Ctx(), ids...)
	if err != nil {
		return err
	}
	runs := auth.Can(c.By, auth.SystemRun, auth.Object{Kind: "mail"}) == nil
	for i := range l.Items {
		v.Table.Rows = append(v.Table.Rows, outRow(c.Reader, &l.Items[i], keys, runs))
	}
	v.Table.Pages = c.Pages("Mails", l.Next)
	if v.page, err = p.start(c, back, "/mail", sheet.Head{Title: "Outbox", Tabs: mailTabs("out")}); err != nil {
		return err
	}
	c.Face.Render(back.Status(), listView(v))
	return nil
}

func outRow(r ui.Reader, m *box.Outbound, keys map[string]desk.Key, runs bool) sheet.Row {
	about := sheet.Cell{Text: m.Subject, Sub: m.Because}
	if k, ok := keys[m.TicketID]; ok {
		about.Href = "/desk/tickets/" + desk.Ref(k.Number)
	}
	state := sheet.Cell{}
	for _, s := range outStates {
		if s.state == m.State {
			state.Chips = []ui.Chip{{Kind: s.kind, Text: s.word}}
		}
	}
	waits := m.State == box.Queued || m.State == box.Maybe
	if waits {
		state.Sub = "tried " + r.WhenIn(m.NextAt)
		if m.NextAt.After(r.Now) {
			state.Sub = "next try " + r.WhenIn(m.NextAt)
		}
	}
	row := sheet.Row{sheet.Text(m.Recipient), about, state, sheet.When(m.MadeAt), sheet.Text(ui.Count(int(m.Attempts))), sheet.Text(m.Answer), {}}
	if runs && (waits || m.State == box.Failed) {
		row[6] = sheet.Does(outActs(base+"/mail/out/"+m.ID, waits))
	}
	return row
}

func (p *Pages) retry(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("out", nil, func(*serve.Form) (string, error) {
		return base + "/mail/out?done=retry", p.Upkeep.RetryMail(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showOut(c, b) })
}

func (p *Pages) giveUp(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("out", nil, func(*serve.Form) (string, error) {
		return base + "/mail/out?done=given-up", p.Upkeep.GiveUpMail(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showOut(c, b) })
}

type healthPage struct {
	page
	Alarms  []string
	Points  []sheet.Point
	Figures []sheet.Figure
	Dead    sheet.Table
}

func (p *Pages) health(c *area.Call) error { return p.showHealth(c, nil) }

func (p *Pages) showHealth(c *area.Call, back *area.Returned) error {
	r, err := p.Upkeep.Look(c.Ctx(), c.By)
	if err != nil {
		return err
	}
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	dead, err := p.Upkeep.DeadJobs(c.Ctx(), c.By, cursor, 50)
	if err != nil {
		return err
	}
	v := healthPage{Alarms: r.Alarms}
	v.Points = p.points(c.Reader, r)
	v.Figures = []sheet.Figure{{Label: "jobs due now", Value: ui.Count(int(r.Jobs.Waiting))}, {Label: "jobs given up", Value: ui.Count(int(r.Jobs.Dead)), Hot: r.Jobs.Dead > 0}}
	v.Dead = sheet.Table{Caption: "Jobs that were given up", Cols: []sheet.Col{{Label: "Job"}, {Label: "About"}, {Label: "Tries", Right: true}, {Label: "Why"}, {}}, Nothing: "No job was given up.", Pages: c.Pages("Jobs", dead.Next)}
	for _, d := range dead.Items {
		why, _, _ := strings.Cut(d.Answer, "\n") // what follows is for the log
		v.Dead.Rows = append(v.Dead.Rows, sheet.Row{sheet.Text(d.Kind), {Text: d.Item, Code: true}, sheet.Text(ui.Count(int(d.Attempts))), sheet.Text(why), sheet.Does(sheet.Act("Try again", base+"/jobs/"+d.ID+"/retry"))})
	}
	slices.SortStableFunc(v.Points, func(a, b sheet.Point) int { return rank(a) - rank(b) })
	if v.page, err = p.start(c, back, "/health", sheet.Head{Title: "Health", Lead: "What runs by itself: when it was well last, and by when it has to be again."}); err != nil {
		return err
	}
	c.Face.Render(back.Status(), healthView(v))
	return nil
}

// points are what is watched, each with when it was well last.
func (p *Pages) points(r ui.Reader, rep upkeep.Report) (out []sheet.Point) {
	now := p.Clock.Now()
	for _, w := range rep.Watches {
		pt := sheet.Point{Name: upkeep.Title(w.Name), Chip: ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Well"}, Text: "Not well yet since it was set up", Sub: "Has to be well again by " + r.WhenIn(w.DueAt)}
		if !w.GoodAt.IsZero() {
			pt.Text = "Last good " + r.WhenIn(w.GoodAt)
		}
		if w.Failing() {
			pt.Chip = ui.Chip{Kind: ui.ChipLate, Icon: ui.IconAlert, Text: "Fails"}
			pt.Sub = r.When(w.BadAt) + ": " + w.Answer
		}
		switch {
		case w.Overdue(now):
			pt.Chip = ui.Chip{Kind: ui.ChipLate, Icon: ui.IconAlert, Text: "Overdue since " + r.WhenIn(w.DueAt)}
		case w.GoodAt.IsZero() && !w.Failing():
			pt.Chip = ui.Chip{Kind: ui.ChipPlain, Icon: ui.IconClock, Text: "Not tried yet"}
		}
		out = append(out, pt)
	}
	flow := func(name, last, waits string, bad bool) {
		chip := ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Nothing waits"}
		if bad {
			chip = ui.Chip{Kind: ui.ChipLate, Icon: ui.IconAlert, Text: "Waits"}
		}
		out = append(out, sheet.Point{Name: name, Text: last, Sub: waits, Chip: chip})
	}
	last, waits := "No mail yet", ""
	if !rep.Flow.LastIn.IsZero() {
		last = "Last mail " + r.WhenIn(rep.Flow.LastIn)
	}
	if !rep.Flow.Unread.IsZero() {
		waits = "The oldest that is not read came " + r.WhenIn(rep.Flow.Unread)
	}
	flow("Mail that comes in", last, waits, waits != "")
	last, waits = "No mail yet", ""
	if !rep.Flow.LastOut.IsZero() {
		last = "Last mail " + r.WhenIn(rep.Flow.LastOut)
	}
	if !rep.Flow.Unsent.IsZero() {
		waits = "The oldest that could not go out was made " + r.WhenIn(rep.Flow.Unsent)
	}
	flow("Mail that goes out", last, waits, waits != "")
	return out
}

// rank puts first what needs somebody.
func rank(p sheet.Point) int {
	if p.Chip.Kind == ui.ChipLate {
		return 0
	}
	return 1
}

func (p *Pages) revive(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("job", nil, func(*serve.Form) (string, error) {
		return base + "/health?done=revived", p.Upkeep.ReviveJob(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showHealth(c, b) })
}
