package mine

import (
	"context"
	"strconv"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/mail/box"
	"bothways/internal/people"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// Addresses of the profile's forms.
const (
	atProfile   = "/profile"
	atAddresses = atProfile + "/addresses"
)

func (p *Pages) profile(c *area.Call) error { return p.showProfile(c, nil) }

// mostMails is how many of the last mails are listed.
const mostMails = 12

func (p *Pages) showProfile(c *area.Call, back *area.Returned) error {
	pref, err := people.PreferenceOf(c.Ctx(), p.DB.Read(), c.Me.ID)
	if err != nil {
		return err
	}
	page := portal.ProfilePage{
		Frame: c.Face.Portal("Profile", atProfile), About: about(c.Me), Zones: zones(c.Me), Languages: []ui.Option{{Value: "", Label: "As the desk speaks"}, {Value: "en", Label: "English"}},
		Want: back.Form("want", atProfile, map[string]string{
			"zone": c.Me.OwnZone, "language": pref.Language, "copies": yes(pref.Copies), "quiet_from": quietTime(pref.Quiet, pref.Quiet.From), "quiet_until": quietTime(pref.Quiet, pref.Quiet.Until),
		}),
		Password: back.Form("password", atProfile+"/password", nil),
		Mailed:   mailed(pref, c.By),
	}
	if p.Box.Mails() {
		page.Add = back.Form("add", atAddresses, nil)
	} else {
		page.AddNote = "This desk sends no mail, so an address can’t be confirmed here. Ask the service desk to add one."
	}
	if err := p.addresses(c, &page, back); err != nil {
		return err
	}
	if page.Mails, err = p.mails(c); err != nil {
		return err
	}
	if err := p.sessions(c, &page); err != nil {
		return err
	}
	c.Face.Render(back.Status(), portal.Profile(page))
	return nil
}

func about(m people.Person) []ui.Fact {
	facts := []ui.Fact{{Name: "Name", Value: m.Name}, {Name: "Organisation", Value: m.OrgName}}
	if m.SiteName != "" {
		facts = append(facts, ui.Fact{Name: "Site", Value: m.SiteName})
	}
	return facts
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func quietTime(q people.Quiet, minutes int) string {
	if q.None() {
		return ""
	}
	return pad(minutes/60) + ":" + pad(minutes%60)
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// someZones are those offered to choose from; one's own is always among them. By the API any other can be set.
var someZones = []string{
	"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Buenos_Aires", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi",
	"Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Atlantic/Reykjavik", "Australia/Brisbane", "Australia/Perth", "Australia/Sydney",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv",
	"Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich",
	"Pacific/Auckland", "Pacific/Honolulu", "UTC",
}

func zones(m people.Person) []ui.Option {
	site := "As my site"
	if m.OwnZone == "" {
		site += " (" + place(m.Zone) + ")"
	}
	out := []ui.Option{{Value: "", Label: site}}
	own := m.OwnZone == ""
	for _, z := range someZones {
		own = own || z == m.OwnZone
		out = append(out, ui.Option{Value: z, Label: place(z)})
	}
	if !own {
		out = append(out, ui.Option{Value: m.OwnZone, Label: place(m.OwnZone)})
	}
	return out
}

// place is a zone as people name it: "London, Europe".
func place(zone string) string {
	region, city, ok := strings.Cut(strings.ReplaceAll(zone, "_", " "), "/")
	if !ok {
		return region
	}
	return city + ", " + region
}

// mailed says what is mailed on which occasion, and whether it can be switched off.
func mailed(pref people.Preference, by auth.Actor) []ui.Fact {
	copies := "Yes. You can switch them off above."
	if !pref.Copies {
		copies = "No, you switched them off above."
	}
	out := []ui.Fact{
		{Name: "Answers, questions, solutions", Value: "Always, at once: they are people’s words to you."},
		{Name: "“We have it”", Value: "Once for each request you make by mail or here, so that you know it arrived."},
		{Name: "Reminders, and what follows", Value: "Always: they are agreed beforehand, in your working hours, at most one a day for a request."},
		{Name: "“We are late”", Value: "Always: you have a right to hear it from us."},
		{Name: "Copies of what you follow", Value: copies},
	}
	if by.Holds(auth.SiteContact) {
		out = append(out, ui.Fact{Name: "Late answers at your site", Value: "Always: you are the site’s contact, and it is a step of the agreement."})
	}
	if by.Staff() {
		out = append(out, ui.Fact{Name: "Promises of IT that come close", Value: "Always: whoever has the ticket, or its team, is warned."})
	}
	return out
}

func (p *Pages) addresses(c *area.Call, page *portal.ProfilePage, back *area.Returned) error {
	all, err := people.Addresses(c.Ctx(), p.DB.Read(), c.Me.ID)
	for i, a := range all {
		row := portal.AddressRow{Address: a.Address, First: i == 0, Verified: a.Verified}
		act := func(name string) ui.Form {
			f := ui.Form{ID: name + "-" + strconv.Itoa(i), Action: atProfile + "/" + name, Hidden: []ui.Hidden{{Name: "address", Value: a.Address}}}
			if back != nil && back.Name == name && back.Values["address"] == a.Address {
				f.Errors = back.Form(name, "", nil).Errors
			}
			return f
		}
		if i > 0 && a.Verified {
			row.Make = act("address-first")
		}
		if len(all) > 1 {
			row.Remove = act("address-remove")
		}
		page.Addresses = append(page.Addresses, row)
	}
	return err
}

// mailKinds name the mails of the desk.
var mailKinds = map[string]string{
	"opened": "We have your request", "reply": "An answer", "question": "A question", "solution": "A solution", "wait": "An agreed wait", "remind": "A reminder", "tell_contact": "Late at your site",
	"pause": "Paused", "lapse": "Closed for now", "close": "Closed", "tell_customer": "We are late", "warn": "A promise of IT comes close", "address": "Is this your address?",
}

func (p *Pages) mails(c *area.Call) ([]portal.MailRow, error) {
	all, err := p.Box.ToPerson(c.Ctx(), p.DB.Read(), c.Me.ID, mostMails)
	if err != nil {
		return nil, err
	}
	keys, err := p.keys(c.Ctx(), all)
	if err != nil {
		return nil, err
	}
	var out []portal.MailRow
	for i := range all {
		m := &all[i]
		row := portal.MailRow{Subject: m.Subject, Text: mailKinds[m.Kind], At: m.MadeAt}
		if row.Text == "" {
			row.Text = "From the desk"
		}
		row.Text += ", to " + m.Recipient + ", because " + m.Because
		switch {
		case m.State == box.Failed:
			row.State = "Did not arrive"
		case m.State == box.Shown:
			row.State = "Shown here"
		case m.State == box.Sent:
		case m.NextAt.After(c.Reader.Now) && m.Attempts == 0:
			row.State = "Waits until " + c.Reader.Hour(m.NextAt)
		default:
			row.State = "On its way"
		}
		if ref := keys[m.TicketID]; ref != "" {
			row.Href = "/requests/" + ref
		}
		out = append(out, row)
	}
	return out, nil
}

// keys are the numbers of the tickets that mails are about, by their ids.
func (p *Pages) keys(ctx context.Context, all []box.Outbound) (map[string]string, error) {
	var ids []string
	for i := range all {
		if all[i].TicketID != "" {
			ids = append(ids, all[i].TicketID)
		}
	}
	known, err := p.Desk.Keys(ctx, ids...)
	out := map[string]string{}
	for id, k := range known {
		out[id] = "BW-" + strconv.FormatInt(k.Number, 10)
	}
	return out, err
}

func (p *Pages) sessions(c *area.Call, page *portal.ProfilePage) error {
	all, err := p.Auth.Sessions(c.Ctx(), c.By, p.Session(c.R))
	for i, s := range all {
		row := portal.SessionRow{Browser: s.Browser, This: s.This, Text: "Since " + c.Reader.Full(s.MadeAt) + ", last used " + c.Reader.WhenIn(s.SeenAt)}
		if row.Browser == "" {
			row.Browser = "A browser that does not say which"
		}
		if !s.This {
			row.End = ui.Form{ID: "end-" + strconv.Itoa(i), Action: atProfile + "/session-end", Hidden: []ui.Hidden{{Name: "session", Value: s.ID}}}
		}
		page.Sessions = append(page.Sessions, row)
	}
	if len(all) > 1 {
		page.EndOthers = ui.Form{ID: "end-others", Action: atProfile + "/sessions-end"}
	}
	return err
}

// take reads a form, does what it asks, and leads back to the profile.
func (p *Pages) take(c *area.Call, name, done string, fields map[string]string, do func(f *serve.Form) error) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	if err = do(f); err == nil {
		return c.Redirect(atProfile + "?done=" + done)
	}
	back, ok := area.CameBack(name, f, err, fields)
	if !ok {
		return err
	}
	for _, secret := range []string{"old", "new", "again"} {
		delete(back.Values, secret)
	}
	return p.showProfile(c, back)
}

// want takes zone, language, quiet hours and copies.
func (p *Pages) want(c *area.Call) error {
	return p.take(c, "want", "profile", area.Fields("zone", "language", "quiet_hours=quiet_from", "quiet_from", "quiet_until"), func(f *serve.Form) error {
		zone, language, copies := f.Value("zone"), f.Value("language"), f.Value("copies") == "yes"
		from, err := minutes("quiet_from", f.Value("quiet_from"))
		if err != nil {
			return err
		}
		until, err := minutes("quiet_until", f.Value("quiet_until"))
		if err != nil {
			return err
		}
		if (f.Value("quiet_from") == "") != (f.Value("quiet_until") == "") {
			return errs.In("mine.want", "quiet_until", "Quiet hours have a beginning and an end. Name both, or none.")
		}
		_, _, err = p.People.ChangeProfile(c.Ctx(), c.By, people.ProfileChange{Zone: &zone, Language: &language, Copies: &copies, Quiet: &people.Quiet{From: from, Until: until}})
		return err
	})
}

// minutes reads an hour as forms send it. Errors: Invalid, naming the field.
func minutes(field, s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(text.Cut(m, 2))
	if !ok || err1 != nil || err2 != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, errs.In("mine.want", field, "%q is no hour of a day. Write it like 20:00.", text.Cut(text.Line(s), 20))
	}
	return hour*60 + minute, nil
}

func (p *Pages) addAddress(c *area.Call) error {
	return p.take(c, "add", "address", area.Fields("address"), func(f *serve.Form) error {
		_, err := p.Account.ClaimAddress(c.Ctx(), c.By, f.Value("address"))
		if errs.Is(err, errs.TooMany) {
			return errs.In("mine.address", "address", "%s", errs.Sentence(err))
		}
		return err
	})
}

func (p *Pages) firstAddress(c *area.Call) error {
	return p.take(c, "address-first", "address-first", nil, func(f *serve.Form) error { return p.People.MakeFirst(c.Ctx(), c.By, f.Value("address")) })
}

func (p *Pages) removeAddress(c *area.Call) error {
	return p.take(c, "address-remove", "address-remove", nil, func(f *serve.Form) error { return p.People.DropAddress(c.Ctx(), c.By, f.Value("address")) })
}

func (p *Pages) showClaim(c *area.Call) error {
	secret := c.R.PathValue("secret")
	page := portal.ConfirmPage{Frame: c.Face.Portal("Confirm an address", atProfile), Back: ui.Link{Label: "To my profile", Href: atProfile}}
	claim, err := p.People.ClaimOf(c.Ctx(), c.By, secret)
	switch {
	case errs.Is(err, errs.NotFound):
		page.Gone = errs.Sentence(err)
		c.Face.Render(errs.NotFound.HTTP(), portal.ConfirmAddress(page))
		return nil
	case err != nil:
		return err
	}
	page.Address, page.Form = claim.Address, ui.Form{ID: "confirm", Action: atAddresses + "/" + secret}
	c.Face.Render(200, portal.ConfirmAddress(page))
	return nil
}

func (p *Pages) confirmAddress(c *area.Call) error {
	_, err := p.People.ConfirmAddress(c.Ctx(), c.By, c.R.PathValue("secret"))
	if err == nil {
		return c.Redirect(atProfile + "?done=address-confirmed")
	}
	if kind := errs.KindOf(err); kind != errs.NotFound && kind != errs.Conflict {
		return err
	}
	page := portal.ConfirmPage{Frame: c.Face.Portal("Confirm an address", atProfile), Back: ui.Link{Label: "To my profile", Href: atProfile}, Gone: errs.Sentence(err)}
	c.Face.Render(errs.KindOf(err).HTTP(), portal.ConfirmAddress(page))
	return nil
}

// password changes the reader's password; every other session of theirs ends with it.
func (p *Pages) password(c *area.Call) error {
	return p.take(c, "password", "password", area.Fields("old", "password=new", "again"), func(f *serve.Form) error {
		if f.Values["new"] != f.Values["again"] {
			return errs.In("mine.password", "again", "The two are not the same. Type the new one twice.")
		}
		all, err := people.Addresses(c.Ctx(), p.DB.Read(), c.Me.ID)
		if err != nil {
			return err
		}
		own := []string{c.Me.Name}
		for _, a := range all {
			own = append(own, a.Address)
		}
		secret, err := p.Auth.ChangePassword(c.Ctx(), auth.Credentials{PersonID: c.Me.ID, Account: c.Me.Address, Password: f.Values["old"], IP: serve.Peer(c.R), Browser: serve.Browser(c.R)}, f.Values["new"], own...)
		switch {
		case errs.Is(err, errs.Unauthenticated):
			return errs.In("mine.password", "old", "This is not the one you have. Type it as you did when you signed in.")
		case err != nil:
			return err
		}
		p.Renew(c.W, secret)
		return nil
	})
}

func (p *Pages) endSession(c *area.Call) error {
	return p.take(c, "session-end", "session-end", nil, func(f *serve.Form) error {
		err := p.Auth.EndSession(c.Ctx(), c.By, f.Value("session"))
		if errs.Is(err, errs.NotFound) {
			return nil // ended already is ended
		}
		return err
	})
}

func (p *Pages) endOthers(c *area.Call) error {
	return p.take(c, "sessions-end", "sessions-end", nil, func(*serve.Form) error { return p.Auth.EndOthers(c.Ctx(), c.By, p.Session(c.R)) })
}
