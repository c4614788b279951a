package export

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Counts is how many lines of each type were written.
type Counts map[string]int

// Write writes everything to out, a line each, in an order that the same content always has. What changes meanwhile may be in it
// in part. Errors are those of the reads and of out.
func Write(ctx context.Context, a *app.App, out io.Writer) (Counts, error) {
	b := bufio.NewWriterSize(out, 1<<16)
	e := &exporter{ctx: ctx, a: a, by: auth.SystemActor(), to: json.NewEncoder(b), n: Counts{}}
	e.to.SetEscapeHTML(false)
	for _, part := range []func() error{e.organisations, e.sites, e.teams, e.persons, e.tickets, e.mailsIn, e.mailsOut} {
		if err := part(); err != nil {
			return e.n, err
		}
	}
	return e.n, b.Flush()
}

type exporter struct {
	ctx context.Context
	a   *app.App
	by  auth.Actor
	to  *json.Encoder
	n   Counts
}

// fields are the fields of a line; encoding sorts them by name.
type fields map[string]any

func (e *exporter) line(kind string, f fields) error {
	for name, v := range f {
		switch v := v.(type) {
		case time.Time:
			f[name] = v.UTC().Format(time.RFC3339Nano)
			if v.IsZero() {
				delete(f, name)
			}
		case string:
			if v == "" {
				delete(f, name)
			}
		}
	}
	f["type"] = kind
	e.n[kind]++
	return e.to.Encode(f)
}

// each visits every row of a list, page by page.
func each[T any](fetch func(cursor string) (page.List[T], error), visit func(T) error) error {
	for cursor := ""; ; {
		l, err := fetch(cursor)
		if err != nil {
			return err
		}
		for _, row := range l.Items {
			if err := visit(row); err != nil {
				return err
			}
		}
		if cursor = l.Next; cursor == "" {
			return nil
		}
	}
}

func parsed[T any](fetch func(c page.Cursor) (page.List[T], error)) func(string) (page.List[T], error) {
	return func(cursor string) (page.List[T], error) {
		c, err := page.Parse(cursor)
		if err != nil {
			return page.List[T]{}, err
		}
		return fetch(c)
	}
}

func (e *exporter) organisations() error {
	return each(func(c string) (page.List[people.Organisation], error) {
		return e.a.People.Organisations(e.ctx, e.by, c, page.MaxLimit)
	}, func(o people.Organisation) error {
		return e.line("organisation", fields{"id": o.ID, "name": o.Name, "kind": o.Kind, "made_at": o.MadeAt})
	})
}

func (e *exporter) sites() error {
	return each(func(c string) (page.List[people.Site], error) {
		return e.a.People.Sites(e.ctx, e.by, "", c, page.MaxLimit)
	}, func(s people.Site) error {
		return e.line("site", fields{"id": s.ID, "organisation": s.OrgID, "name": s.Name, "zone": s.Zone, "region": s.Region, "calendar": s.CalendarID, "made_at": s.MadeAt})
	})
}

func (e *exporter) teams() error {
	return each(func(c string) (page.List[people.Team], error) {
		return e.a.People.Teams(e.ctx, e.by, c, page.MaxLimit)
	}, func(t people.Team) error {
		_, members, err := e.a.People.Members(e.ctx, e.by, t.ID)
		if err != nil {
			return err
		}
		ids := make([]string, len(members))
		for i := range members {
			ids[i] = members[i].ID
		}
		return e.line("team", fields{"id": t.ID, "name": t.Name, "kind": t.Kind, "made_at": t.MadeAt, "members": ids})
	})
}

func (e *exporter) persons() error {
	return each(func(c string) (page.List[people.Person], error) {
		return e.a.People.Persons(e.ctx, e.by, people.PersonFilter{Disabled: true}, c, page.MaxLimit)
	}, e.person)
}

func (e *exporter) person(p people.Person) error {
	addresses, err := people.Addresses(e.ctx, e.a.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	grants, err := people.GrantsOf(e.ctx, e.a.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	var mails []fields
	for _, a := range addresses {
		mails = append(mails, fields{"address": a.Address, "verified": a.Verified})
	}
	var roles []fields
	for _, g := range grants {
		roles = append(roles, fields{"role": g.Role, "scope": g.Scope, "scope_id": g.ScopeID, "from": g.From.Unix()})
	}
	return e.line("person", fields{"id": p.ID, "name": p.Name, "organisation": p.OrgID, "site": p.SiteID, "zone": p.OwnZone, "mailed": p.Mailed,
		"addresses": mails, "roles": roles, "made_at": p.MadeAt, "disabled_at": p.DisabledAt})
}

func (e *exporter) mailsIn() error {
	return each(parsed(func(c page.Cursor) (page.List[box.Inbound], error) {
		return e.a.Box.Inbounds(e.ctx, "", c, page.MaxLimit)
	}), func(m box.Inbound) error {
		return e.line("mail_in", fields{"id": m.ID, "received_at": m.ReceivedAt, "from": m.From, "state": m.State, "class": m.Class, "sender": m.Auth,
			"ticket": m.TicketID, "message": m.ItemID, "reason": m.Reason})
	})
}

// mailsOut leaves Message-IDs and reply addresses out: they are signed with the installation's key. What a mail says is the message
// it is about.
func (e *exporter) mailsOut() error {
	return each(parsed(func(c page.Cursor) (page.List[box.Outbound], error) {
		return e.a.Box.Outbounds(e.ctx, "", "", c, page.MaxLimit)
	}), func(m box.Outbound) error {
		return e.line("mail_out", fields{"id": m.ID, "ticket": m.TicketID, "message": m.ItemID, "kind": m.Kind, "person": m.PersonID, "to": m.Recipient,
			"because": m.Because, "subject": m.Subject, "state": m.State, "made_at": m.MadeAt, "done_at": m.DoneAt})
	})
}

func (e *exporter) tickets() error {
	return each(func(c string) (page.List[desk.Row], error) {
		return e.a.Desk.List(e.ctx, e.by, desk.Filter{}, c, page.MaxLimit)
	}, e.ticket)
}
