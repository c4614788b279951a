package mine

import (
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/terms"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

// doors fills both doors of the first page: how long what usually takes at the reader's site, and the agreement in one card.
func (s *Pages) doors(c *area.Call, p *portal.HomePage) error {
	t, err := s.Terms.Of(c.Ctx(), c.By, c.Me)
	if err != nil {
		return err
	}
	usual := map[desk.Kind]desk.Usual{}
	if t.Site.ID != "" {
		if usual, err = s.Desk.Usual(c.Ctx(), c.By, t.Site); err != nil {
			return err
		}
	}
	p.Tiles = tiles(t, usual)
	p.Levels = secondDoor(t)
	p.About, err = s.about(c, t)
	return err
}

// about is the line under the greeting: the site, who its IT is, and until when the desk is open.
func (s *Pages) about(c *area.Call, t terms.Terms) (string, error) {
	parts := []string{}
	if t.Site.Name != "" {
		parts = append(parts, t.Site.Name)
		d, err := s.Source.Directory(c.Ctx())
		if err != nil {
			return "", err
		}
		var names []string
		for _, m := range d.LocalIT[t.Site.ID] {
			names = append(names, m.Name)
		}
		if len(names) > 0 {
			parts = append(parts, "your local IT is "+reading.List(names))
		}
	}
	if open := terms.Open(t.Version.Service, c.Reader); open != "" {
		parts = append(parts, "service desk "+open)
	}
	return strings.Join(parts, " · "), nil
}

// tiles are the kinds of requests. The figure is what half of the like requests of the site took, where there are enough of them;
// else it is the promise of a first reply.
func tiles(t terms.Terms, usual map[desk.Kind]desk.Usual) []door.Tile {
	reply := "Answer within " + ui.Span(terms.Length(t.Paper.Terms.Targets, agreement.MetricFirstResponse, agreement.PriorityMedium))
	var out []door.Tile
	for _, k := range [...]struct {
		kind  desk.Kind
		icon  ui.Icon
		title string
	}{
		{desk.Incident, ui.IconAlert, "Something is not working"}, {desk.ServiceRequest, ui.IconPlus, "I need something"},
		{desk.Question, ui.IconHelp, "I have a question"}, {desk.Complaint, ui.IconFlag, "Something should go better"},
	} {
		text := reply
		if u := usual[k.kind]; u.N >= terms.Enough {
			text = "Usually " + roughly(u.Median) + " (" + strconv.Itoa(u.N) + " like it)"
		}
		out = append(out, door.Tile{Href: "/requests/new?kind=" + string(k.kind), Icon: k.icon, Title: k.title, Text: text})
	}
	return out
}

// roughly is a length of time as people say it, by the clock on the wall.
func roughly(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < 90*time.Minute:
		return "about " + strconv.Itoa(max(10, int(d.Round(10*time.Minute)/time.Minute))) + " minutes"
	case d < 12*time.Hour:
		return "about " + strconv.Itoa(int(d.Round(time.Hour)/time.Hour)) + " hours"
	case d < 36*time.Hour:
		return "about a day"
	case d < 14*day:
		return "about " + strconv.Itoa(int(d.Round(day)/day)) + " days"
	}
	return "about " + strconv.Itoa(int(d.Round(7*day)/(7*day))) + " weeks"
}

// secondDoor is the agreement in one card.
func secondDoor(t terms.Terms) *portal.SecondDoor {
	d := &portal.SecondDoor{Href: "/levels", Title: "Promises kept in the last 90 days", Manager: managerOf(t)}
	if t.Site.Name != "" {
		d.Facts = append(d.Facts, ui.Fact{Name: "Your site", Value: t.Site.Name + ", " + t.Paper.Name})
	} else {
		d.Facts = append(d.Facts, ui.Fact{Name: "Agreement", Value: t.Paper.Name})
	}
	d.Facts = append(d.Facts, ui.Fact{Name: "Hours", Value: terms.Week(t.Service)})
	if len(t.Signs) > 0 {
		d.Facts = append(d.Facts, ui.Fact{Name: "Speaks for " + t.Whose(), Value: names(t.Signs)})
	}
	if t.Site.ID != "" {
		d.Shares = []door.Share{{Side: ui.Provider, Name: "IT", Text: share(t.Record.IT)}, {Side: ui.Customer, Name: t.Whose(), Text: share(t.Record.You)}}
	}
	return d
}

// share is how many were kept, where there were enough to say; else how many there were.
func share(c outcome.Count) string {
	if n := c.Kept + c.Missed; n < terms.Enough {
		return strconv.FormatInt(c.Kept, 10) + " of " + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(c.Percent(), 10) + "%"
}

// managerOf names who answers at the second door.
func managerOf(t terms.Terms) string {
	if len(t.Managers) == 0 {
		return "Service level management."
	}
	return t.Managers[0].Name + ", service level manager."
}
