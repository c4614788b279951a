package admin

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/intake"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

// imports lists the lists that were uploaded, with the form for another.
func (p *Pages) imports(c *area.Call) error { return p.showImports(c, nil) }

func (p *Pages) showImports(c *area.Call, back *area.Returned) error {
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	l, err := p.Intake.Runs(c.Ctx(), c.By, cursor, 20)
	if err != nil {
		return err
	}
	v := importsPage{Form: back.Form("upload", Base+"/imports", nil), Table: sheet.Table{
		Caption: "Lists, the newest first", Cols: []sheet.Col{{Label: "List"}, {Label: "Uploaded"}, {Label: "By"}, {Label: "Rows", Right: true}, {Label: "State"}},
		Pages: c.Pages("Lists", l.Next), Nothing: "No list yet.", NothingText: "Lists that were uploaded stay here, with what became of each row.",
	}}
	if v.Orgs, err = p.orgOptions(c, "None: each row names its own"); err != nil {
		return err
	}
	var ids []string
	for i := range l.Items {
		ids = append(ids, l.Items[i].MadeBy)
	}
	who, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i := range who {
		names[who[i].ID] = who[i].Name
	}
	for i := range l.Items {
		r := &l.Items[i]
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(r.FileName, Base+"/imports/"+r.ID), sheet.When(r.MadeAt), sheet.Text(names[r.MadeBy]), sheet.Text(ui.Count(int(r.RowCount))), sheet.Chips(runChip(r.State))})
	}
	if v.Frame, err = p.frame(c, "Take in a list", "/people", v.Form); err != nil {
		return err
	}
	v.Head = sheet.Head{Title: "Take in a list of people", Crumb: crumb("Lists", ui.Link{Label: "People", Href: Base + "/people"}), Lead: "You see what a list would do before anything is done. People are known by their mail address: taking a list in twice changes nothing twice."}
	c.Face.Render(back.Status(), importsView(v))
	return nil
}

func runChip(s intake.State) ui.Chip {
	switch s {
	case intake.Running:
		return ui.Chip{Kind: ui.ChipIT, Icon: ui.IconClock, Text: "Running"}
	case intake.Complete:
		return ui.Chip{Kind: ui.ChipGood, Icon: ui.IconCheck, Text: "Done"}
	case intake.Stopped:
		return ui.Chip{Kind: ui.ChipSoon, Icon: ui.IconPause, Text: "Stopped"}
	}
	return ui.Chip{Kind: ui.ChipPlain, Text: "Not started"}
}

func (p *Pages) upload(c *area.Call) error {
	return c.Take("upload", area.Fields("files", "organisation"), func(f *serve.Form) (string, error) {
		if len(f.Files) == 0 || len(f.Files[0].Body) == 0 {
			return "", errs.In("web.upload", "files", "Choose a file: the sheet saved as CSV.")
		}
		r, err := p.Intake.Upload(c.Ctx(), c.By, f.Files[0].Name, f.Value("organisation"), f.Files[0].Body)
		return Base + "/imports/" + r.ID, err
	}, func(b *area.Returned) error { return p.showImports(c, b) })
}

// rowsShown is how many rows of a kind a page shows.
const rowsShown = 100

// run is one list: what it would do, how far it is, or what it did.
func (p *Pages) run(c *area.Call) error { return p.showRun(c, nil) }

func (p *Pages) showRun(c *area.Call, back *area.Returned) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	r, err := p.Intake.Get(c.Ctx(), c.By, id)
	if err != nil {
		return err
	}
	v := runPage{Run: r, Told: back.Told(), Here: Base + "/imports/" + id}
	if v.Frame, err = p.frame(c, r.FileName, "/people"); err != nil {
		return err
	}
	v.Head = sheet.Head{Title: r.FileName, Crumb: crumb("List", ui.Link{Label: "People", Href: Base + "/people"}, ui.Link{Label: "Lists", Href: Base + "/imports"})}
	only := intake.Outcome(c.Query("show"))
	switch r.State {
	case intake.Shown:
		err = p.preview(c, &v, only)
	default:
		err = p.progress(c, &v, only)
	}
	if err != nil {
		return err
	}
	if r.State == intake.Running {
		v.Frame.Doc.Scripts = append(v.Frame.Doc.Scripts, "progress.js")
	}
	c.Face.Render(back.Status(), runView(v))
	return nil
}

var outcomeWords = map[intake.Outcome][2]string{ // what it would do, what it did
	intake.Created: {"new", "created"}, intake.Changed: {"to change", "changed"}, intake.Unchanged: {"as they are", "as they were"}, intake.Failed: {"to mend", "not taken in"},
}

func figures(here string, counts map[intake.Outcome]int, only intake.Outcome, tense int) []sheet.Figure {
	var out []sheet.Figure
	for _, o := range intake.Outcomes() {
		out = append(out, sheet.Figure{Label: outcomeWords[o][tense], Value: ui.Count(counts[o]), Href: query(here, "show", string(o)), Hot: o == intake.Failed && counts[o] > 0, Current: o == only})
	}
	return out
}

// preview fills what a list would do.
func (p *Pages) preview(c *area.Call, v *runPage, only intake.Outcome) error {
	pre, err := p.Intake.Preview(c.Ctx(), c.By, v.Run.ID)
	if err != nil {
		return err
	}
	if _, ok := outcomeWords[only]; !ok {
		only = firstOf(pre.Counts)
	}
	n := pre.Counts[intake.Created] + pre.Counts[intake.Changed]
	v.Head.Lead = fmt.Sprintf("Nothing is done yet. %s rows, read as %s with %s between the columns.", ui.Count(len(pre.Rows)), pre.Sheet.Encoding, commaName(pre.Sheet.Comma))
	v.Figures = figures(v.Here, pre.Counts, only, 0)
	if n > 0 {
		v.Start = "Take in " + count(n, "person", "people")
	}
	for _, i := range pre.Sheet.Unused() {
		v.Unused = append(v.Unused, strconv.Itoa(i))
	}
	v.Table = sheet.Table{Caption: "Rows " + outcomeWords[only][0], Nothing: "No row is " + outcomeWords[only][0] + "."}
	if only == intake.Failed {
		v.Table.Cols = []sheet.Col{{Label: "Row"}, {Label: "What to mend"}}
	} else {
		v.Table.Cols = []sheet.Col{{Label: "Row"}, {Label: "Name"}, {Label: "Address"}, {Label: "Place"}, {Label: "Changes"}}
	}
	for i := range pre.Rows {
		r := &pre.Rows[i]
		if r.Outcome != only {
			continue
		}
		if len(v.Table.Rows) == rowsShown {
			v.More = "The first " + strconv.Itoa(rowsShown) + " are shown; the report has all of them."
			break
		}
		row := sheet.Row{sheet.Text("Row " + strconv.Itoa(r.N)), sheet.Text(r.Reason())}
		if only != intake.Failed {
			name := sheet.Text(r.Name)
			if r.Person.ID != "" {
				name.Href = Base + "/people/" + r.Person.ID
			}
			row = sheet.Row{row[0], name, sheet.Text(r.Address), sheet.Text(r.Place), sheet.Text(strings.Join(r.Changes, ", "))}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return nil
}

// firstOf is what a list is opened at: what needs mending, else what is new.
func firstOf(counts map[intake.Outcome]int) intake.Outcome {
	for _, o := range []intake.Outcome{intake.Failed, intake.Created, intake.Changed} {
		if counts[o] > 0 {
			return o
		}
	}
	return intake.Unchanged
}

func commaName(r rune) string {
	switch r {
	case '\t':
		return "tabs"
	case ';':
		return "semicolons"
	}
	return "commas"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}

// progress fills how far a run is and what it did.
func (p *Pages) progress(c *area.Call, v *runPage, only intake.Outcome) error {
	counts, err := p.Intake.Counts(c.Ctx(), c.By, v.Run.ID)
	if err != nil {
		return err
	}
	done := 0
	for _, n := range counts {
		done += n
	}
	if _, ok := outcomeWords[only]; !ok {
		only = firstOf(counts)
	}
	cursor, err := c.Cursor()
	if err != nil {
		return err
	}
	l, err := p.Intake.Settled(c.Ctx(), c.By, v.Run.ID, only, cursor, rowsShown)
	if err != nil {
		return err
	}
	v.Figures = figures(v.Here, counts, only, 1)
	v.Bar = &sheet.Bar{Label: runChip(v.Run.State).Text, Done: int64(done), All: v.Run.RowCount, Text: ui.Count(done) + " of " + count(int(v.Run.RowCount), "row", "rows")}
	v.Answer, v.Report = v.Run.Answer, v.Here+"/report"
	v.Table = sheet.Table{Caption: "Rows " + outcomeWords[only][1], Cols: []sheet.Col{{Label: "Row"}, {Label: "Person"}, {Label: "Why"}}, Pages: c.Pages("Rows", l.Next), Nothing: "No row " + outcomeWords[only][1] + "."}
	var ids []string
	for _, d := range l.Items {
		if d.PersonID != "" {
			ids = append(ids, d.PersonID)
		}
	}
	who, err := people.PersonsByID(c.Ctx(), p.DB.Read(), ids...)
	if err != nil {
		return err
	}
	byID := map[string]people.Person{}
	for i := range who {
		byID[who[i].ID] = who[i]
	}
	for _, d := range l.Items {
		name := sheet.Cell{}
		if x, ok := byID[d.PersonID]; ok {
			name = sheet.Cell{Text: x.Name, Href: Base + "/people/" + x.ID, Sub: x.Address}
		}
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Text("Row " + strconv.FormatInt(d.N, 10)), name, sheet.Text(d.Reason)})
	}
	switch v.Run.State {
	case intake.Running:
		v.Stop, v.Bar.Again = true, v.Here
	case intake.Stopped:
		if v.Run.MadeBy == c.By.ID() {
			v.Start = "Go on"
		}
	}
	return nil
}

func (p *Pages) start(c *area.Call) error { return p.move(c, "started", p.Intake.Start) }
func (p *Pages) stop(c *area.Call) error  { return p.move(c, "stopped", p.Intake.Stop) }

// report sends what became of every row.
func (p *Pages) report(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := p.Intake.Report(c.Ctx(), c.By, id, &b); err != nil {
		return err
	}
	serve.Download(c.W, "people-"+id[:8]+".csv", "text/csv; charset=utf-8", int64(b.Len()))
	_, err = c.W.Write([]byte(b.String()))
	return err
}

func (p *Pages) move(c *area.Call, done string, do func(ctx context.Context, by auth.Actor, runID string) error) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take("move", nil, func(*serve.Form) (string, error) {
		return Base + "/imports/" + id + "?done=" + done, do(c.Ctx(), c.By, id)
	}, func(b *area.Returned) error { return p.showRun(c, b) })
}
