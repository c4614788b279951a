package worklog

import (
	"strconv"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/sheet"
)

type listPage struct {
	page
	Table sheet.Table
	Form  ui.Form
	Known []ui.Option
}

// aside is what was set aside as no request, for a second person to look at.
func (p *Pages) aside(c *area.Call) error {
	l, err := p.Desk.List(c.Ctx(), c.By, desk.Filter{States: []desk.State{desk.NotATicket}}, c.Query("cursor"), 50)
	if err != nil {
		return err
	}
	t := sheet.Table{Caption: "Tickets that were set aside, newest first", Nothing: "Nothing is set aside.", Pages: c.Pages("Set aside", l.Next),
		Cols: []sheet.Col{{Label: "Ticket"}, {Label: "From"}, {Label: "Set aside"}, {Label: "Looked at by"}, {}}}
	for i := range l.Items {
		k := &l.Items[i]
		look, err := p.Desk.Looked(c.Ctx(), c.By, k.Number)
		if err != nil {
			return err
		}
		by := sheet.Text("Nobody yet")
		if look.PersonID != "" {
			who, err := people.PersonByID(c.Ctx(), p.DB.Read(), look.PersonID)
			if err != nil {
				return err
			}
			by = sheet.Cell{Text: who.Name, At: look.At}
		}
		at := "/desk/tickets/" + k.Ref()
		row := sheet.Row{{Text: k.Subject, Href: at, Sub: k.Ref()}, sheet.Text(k.RequesterName), sheet.When(k.ClosedAt), by, {}}
		if auth.Can(c.By, auth.TicketWork, k.Object(nil)) == nil {
			row[4] = sheet.Does(asideActs(at, k.Ref(), look.PersonID == ""))
		}
		t.Rows = append(t.Rows, row)
	}
	v := listPage{Table: t}
	if v.page, err = p.start(c, nil, "/desk/aside", sheet.Head{Title: "Set aside", Lead: "What was no request. A second person looks at it, and for 30 days it is taken back with one click."}); err != nil {
		return err
	}
	c.Face.Render(200, listView(v))
	return nil
}

// tags are the tags in use.
func (p *Pages) tags(c *area.Call) error { return p.showTags(c, nil) }

func (p *Pages) showTags(c *area.Call, back *area.Returned) error {
	all, err := p.Desk.KnownTags(c.Ctx(), c.By, "")
	if err != nil {
		return err
	}
	v := listPage{Table: sheet.Table{Caption: "Tags in use", Nothing: "No tag is in use.", NothingText: "Tags are put on a ticket under More.", Cols: []sheet.Col{{Label: "Tag"}, {Label: "Tickets", Right: true}}}}
	for _, u := range all {
		v.Table.Rows = append(v.Table.Rows, sheet.Row{sheet.Link(u.Label, "/desk?q=tag:"+u.Key), sheet.Text(strconv.Itoa(u.Tickets))})
		v.Known = append(v.Known, ui.Option{Value: u.Label, Label: u.Label})
	}
	if len(all) > 0 && auth.Can(c.By, auth.TagManage, auth.Object{Kind: "tag"}) == nil {
		v.Form = back.Form("rename", "/desk/tags", nil)
	}
	if v.page, err = p.start(c, back, "/desk/tags", sheet.Head{Title: "Tags", Lead: "Words that IT puts on tickets to find them again. Customers do not see them."}, v.Form); err != nil {
		return err
	}
	c.Face.Render(back.Status(), listView(v))
	return nil
}

func (p *Pages) renameTag(c *area.Call) error {
	return c.Take("rename", area.Fields("tag=to"), func(f *serve.Form) (string, error) {
		_, err := p.Desk.RenameTag(c.Ctx(), c.By, f.Value("from"), f.Value("to"))
		return "/desk/tags?done=renamed", err
	}, func(b *area.Returned) error { return p.showTags(c, b) })
}
