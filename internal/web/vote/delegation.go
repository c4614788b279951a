package vote

import (
	"bothways/internal/approval"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui/sheet"
)

func (p *Pages) delegations(c *area.Call, given []approval.Delegation, names map[string]string) sheet.Table {
	t := sheet.Table{
		Caption: "Who votes for whom", Cols: []sheet.Col{{Label: "Whose votes"}, {Label: "Who votes"}, {Label: "From"}, {Label: "Until"}, {}},
		Nothing: "Nobody votes for you.", NothingText: "While you are away, your substitute does. Say so here when it is only about decisions.",
	}
	for _, d := range given {
		row := sheet.Row{sheet.Text(names[d.From]), sheet.Text(names[d.To]), sheet.When(d.Begins), sheet.When(d.Until), {}}
		if d.From == c.Me.ID {
			row[4] = sheet.Does(sheet.Act("Take back", Base+"/delegations/"+d.ID+"/end"))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *Pages) delegate(c *area.Call) error {
	return c.Take("delegation", area.Fields("to=person", "until", "from", "kind"), func(f *serve.Form) (string, error) {
		in := approval.DelegationInput{}
		var err error
		if in.Until, err = area.Instant(c.Reader.Zone, "until", f.Value("until")); err != nil {
			return "", err
		}
		if in.Begins, err = area.Instant(c.Reader.Zone, "from", f.Value("from")); err != nil {
			return "", err
		}
		x, err := people.PersonByAddress(c.Ctx(), p.DB.Read(), f.Value("person"))
		switch {
		case errs.Is(err, errs.NotFound), err == nil && x.OrgID != c.By.OrgID:
			return "", errs.In("web.vote", "to", "There is nobody of that address among your colleagues. Write the mail address of one.")
		case err != nil:
			return "", err
		}
		in.To = x.ID
		_, err = p.Approvals.Delegate(c.Ctx(), c.By, in)
		return Base + "?done=delegated", err
	}, func(b *area.Returned) error { return p.showList(c, b) })
}

func (p *Pages) endDelegation(c *area.Call) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	if err := p.Approvals.EndDelegation(c.Ctx(), c.By, id); err != nil {
		return err
	}
	return c.Redirect(Base + "?done=delegation-ended")
}
