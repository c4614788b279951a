package admin

import (
	"errors"

	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// act does one thing to a person and comes back to their page.
func (p *Pages) act(c *area.Call, form, done string, fields map[string]string, do func(id string, f *serve.Form) error) error {
	id, err := c.PathID("id")
	if err != nil {
		return err
	}
	return c.Take(form, fields, func(f *serve.Form) (string, error) {
		return Base + "/people/" + id + "?done=" + done, do(id, f)
	}, func(b *area.Returned) error { return p.showPerson(c, b) })
}

func (p *Pages) change(c *area.Call) error {
	return p.act(c, "edit", "saved", area.Fields("name", "organisation", "site", "zone"), func(id string, f *serve.Form) error {
		name, org, site, zone, mailed := f.Value("name"), f.Value("organisation"), f.Value("site"), f.Value("zone"), f.Value("mailed") != ""
		in := people.PersonChange{ID: id, Version: area.Version(f), Name: &name, Zone: &zone, Mailed: &mailed, SiteID: &site}
		if org != "" {
			in.OrgID = &org
		}
		_, err := p.People.UpdatePerson(c.Ctx(), c.By, in)
		return err
	})
}

func (p *Pages) addAddress(c *area.Call) error {
	return p.act(c, "add", "address", area.Fields("address"), func(id string, f *serve.Form) error {
		_, err := p.People.AddAddress(c.Ctx(), c.By, id, f.Value("address"), true)
		if errs.Is(err, errs.Conflict) {
			err = asField(err, "address")
		}
		return err
	})
}

// asField puts what a refusal says at the field it is about.
func asField(err error, field string) error {
	var e *errs.E
	if errors.As(err, &e) && len(e.Fields) == 0 {
		out := *e
		out.Fields = []errs.Field{{Path: field, Msg: e.Msg}}
		return &out
	}
	return err
}

func (p *Pages) verifyAddress(c *area.Call) error {
	return p.act(c, "state", "verified", nil, func(_ string, f *serve.Form) error {
		return p.People.VerifyAddress(c.Ctx(), c.By, f.Value("address"))
	})
}

func (p *Pages) removeAddress(c *area.Call) error {
	return p.act(c, "state", "removed", nil, func(_ string, f *serve.Form) error {
		return p.People.RemoveAddress(c.Ctx(), c.By, f.Value("address"))
	})
}

func (p *Pages) disable(c *area.Call) error {
	return p.act(c, "state", "disabled", nil, func(id string, _ *serve.Form) error { return p.People.DisablePerson(c.Ctx(), c.By, id) })
}

func (p *Pages) enable(c *area.Call) error {
	return p.act(c, "state", "enabled", nil, func(id string, _ *serve.Form) error { return p.People.EnablePerson(c.Ctx(), c.By, id) })
}

func (p *Pages) signOut(c *area.Call) error {
	return p.act(c, "state", "signed-out", nil, func(id string, _ *serve.Form) error {
		if err := p.People.Manageable(c.Ctx(), p.DB.Read(), c.By, id); err != nil {
			return err
		}
		return p.Auth.EndAll(c.Ctx(), c.By, id)
	})
}

// mailPassword mails them a link to choose a password.
func (p *Pages) mailPassword(c *area.Call) error {
	return p.act(c, "state", "password-link", nil, func(id string, _ *serve.Form) error { return p.Account.MailPassword(c.Ctx(), c.By, id) })
}

// addressForm is a hidden form's address field.
func addressForm(address string) ui.Hidden { return ui.Hidden{Name: "address", Value: address} }
