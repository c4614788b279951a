package admin

import (
	"context"
	"encoding/json"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/people"
	"bothways/internal/upkeep"
)

type absenceView struct {
	ID           string     `json:"id"`
	PersonID     string     `json:"person_id"`
	SubstituteID string     `json:"substitute_id" doc:"Empty: the team acts."`
	From         time.Time  `json:"from"`
	Until        *time.Time `json:"until" doc:"null: nobody knows yet."`
	Version      int64      `json:"version"`
}

func absenceOf(a people.Absence) absenceView {
	return absenceView{a.ID, a.PersonID, a.SubstituteID, a.From.UTC(), host.Instant(a.Until), a.Version}
}

type calendarView struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Version int64         `json:"version"`
	Spec    calendar.Spec `json:"spec"`
}

func calendarOf(d calendar.Definition) calendarView {
	return calendarView{d.ID, d.Name, d.Version, d.Spec}
}

func (p *part) time() {
	on(p, "GET", "absences", auth.PersonRead, "List who is away or will be", func(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[absenceView], error) {
		all, err := p.People.Absences(ctx, by)
		if err != nil {
			return nil, err
		}
		var out []absenceView
		for _, a := range all {
			out = append(out, absenceOf(a))
		}
		return host.ListOf(out, ""), nil
	})
	on(p, "POST", "absences", auth.AbsenceManage, "Say that somebody is away, and who stands in", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			PersonID     string     `json:"person_id" format:"uuid"`
			SubstituteID string     `json:"substitute_id,omitempty"`
			From         *time.Time `json:"from,omitempty"`
			Until        *time.Time `json:"until,omitempty"`
		}
	}) (*one[absenceView], error) {
		b := in.Body
		a, err := p.People.AddAbsence(ctx, by, people.AbsenceInput{PersonID: b.PersonID, SubstituteID: b.SubstituteID, From: at(b.From), Until: at(b.Until)})
		return oneOf(absenceOf(a), err)
	})
	on(p, "POST", "absences/{id}/end", auth.AbsenceManage, "Say that somebody is back", func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return did(p.People.EndAbsence(ctx, by, in.ID))
	})
	p.calendars()
}

func (p *part) calendars() {
	on(p, "GET", "calendars", auth.CalendarRead, "List calendars, by name", func(ctx context.Context, by auth.Actor, in *Paged) (*host.ListOut[calendarView], error) {
		l, err := p.Calendars.List(ctx, by, in.Cursor, 0)
		if err != nil {
			return nil, err
		}
		var out []calendarView
		for _, d := range l.Items {
			out = append(out, calendarOf(d))
		}
		return host.ListOf(out, l.Next), nil
	})
	on(p, "POST", "calendars", auth.CalendarManage, "Create a calendar", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			Name string        `json:"name"`
			Spec calendar.Spec `json:"spec"`
		}
	}) (*one[calendarView], error) {
		d, err := p.Calendars.Create(ctx, by, in.Body.Name, in.Body.Spec)
		return oneOf(calendarOf(d), err)
	})
	on(p, "PATCH", "calendars/{id}", auth.CalendarManage, "Change a calendar", func(ctx context.Context, by auth.Actor, in *struct {
		Ref
		Body struct {
			Version int64          `json:"version,omitempty"`
			Name    *string        `json:"name,omitempty"`
			Spec    *calendar.Spec `json:"spec,omitempty"`
		}
	}) (*one[calendarView], error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		d, err := p.Calendars.Update(ctx, by, calendar.Change{ID: in.ID, Version: in.Body.Version, Name: in.Body.Name, Spec: in.Body.Spec})
		return oneOf(calendarOf(d), err)
	})
}

type watchView struct {
	Name    string     `json:"name"`
	GoodAt  *time.Time `json:"good_at" doc:"When it was well last."`
	DueAt   *time.Time `json:"due_at" doc:"By when it has to have been well again."`
	BadAt   *time.Time `json:"bad_at"`
	Answer  string     `json:"answer"`
	Overdue bool       `json:"overdue"`
}

type healthView struct {
	Alarms  []string    `json:"alarms" doc:"What is wrong, each in a sentence; empty when all is well."`
	Watches []watchView `json:"watches"`
	Waiting int64       `json:"jobs_due"`
	Dead    int64       `json:"jobs_given_up"`
}

type actView struct {
	At       time.Time `json:"at"`
	Actor    string    `json:"actor" doc:"Id of a person, or system."`
	Verb     string    `json:"verb"`
	Object   string    `json:"object"`
	ObjectID string    `json:"object_id"`
	Change   string    `json:"change" doc:"What changed, before and after, as JSON."`
	Reason   string    `json:"reason"`
}

type tokenView struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Scopes []string   `json:"scopes" nullable:"true" doc:"null: whatever the person may do."`
	MadeAt time.Time  `json:"made_at"`
	UsedAt *time.Time `json:"used_at"`
	EndsAt *time.Time `json:"ends_at"`
	Secret string     `json:"secret,omitempty" doc:"Of the token just made: this once."`
}

func tokenOf(t auth.TokenInfo, secret string) tokenView {
	return tokenView{t.ID, t.Name, t.Scopes, t.MadeAt.UTC(), host.Instant(t.UsedAt), host.Instant(t.EndsAt), secret}
}

func (p *part) machine() {
	on(p, "GET", "health", auth.SystemRun, "Read what runs by itself: last good, due by, jobs given up", func(ctx context.Context, by auth.Actor, _ *struct{}) (*one[healthView], error) {
		r, err := p.Upkeep.Look(ctx, by)
		v := healthView{Alarms: append([]string{}, r.Alarms...), Watches: []watchView{}, Waiting: r.Jobs.Waiting, Dead: r.Jobs.Dead}
		for _, w := range r.Watches {
			v.Watches = append(v.Watches, watchView{w.Name, host.Instant(w.GoodAt), host.Instant(w.DueAt), host.Instant(w.BadAt), w.Answer, w.Overdue(p.Upkeep.Now())})
		}
		return oneOf(v, err)
	})
	acts := map[string]struct {
		summary string
		do      func(*upkeep.Service, context.Context, auth.Actor, string) error
	}{
		"mail/outbound/{id}/retry":   {"Try a mail that waits, or that failed, at once", (*upkeep.Service).RetryMail},
		"mail/outbound/{id}/give-up": {"End the tries of a mail that waits", (*upkeep.Service).GiveUpMail},
		"jobs/{id}/retry":            {"Try a job that was given up again", (*upkeep.Service).ReviveJob},
	}
	for path, a := range acts {
		on(p, "POST", path, auth.SystemRun, a.summary, func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			return did(a.do(p.Upkeep, ctx, by, in.ID))
		})
	}
	on(p, "GET", "audit", auth.AuditRead, "List who changed what, newest first", func(ctx context.Context, by auth.Actor, in *struct {
		Actor  string    `query:"actor"`
		Object string    `query:"object"`
		ID     string    `query:"object_id"`
		Verb   string    `query:"verb" doc:"person.create, or the beginning of several: person.*"`
		From   time.Time `query:"from"`
		Until  time.Time `query:"until"`
		Paged
	}) (*host.ListOut[actView], error) {
		c, err := in.at()
		if err != nil {
			return nil, err
		}
		l, err := p.Upkeep.Audit(ctx, by, audit.Filter{Actor: in.Actor, Object: in.Object, ObjectID: in.ID, Verb: in.Verb, From: in.From, Until: in.Until}, c, 0)
		if err != nil {
			return nil, err
		}
		var out []actView
		for _, e := range l.Items {
			raw, _ := e.Change.(json.RawMessage)
			out = append(out, actView{e.At.UTC(), e.Actor, e.Verb, e.Object, e.ObjectID, string(raw), e.Reason})
		}
		return host.ListOf(out, l.Next), nil
	})
	p.tokens()
}

func (p *part) tokens() {
	whose := func(by auth.Actor, personID string) string {
		if personID == "" {
			return by.PersonID
		}
		return personID
	}
	on(p, "GET", "tokens", auth.TokenManage, "List tokens: yours, or a person's", func(ctx context.Context, by auth.Actor, in *struct {
		Person string `query:"person" format:"uuid" doc:"Id; left out: you."`
	}) (*host.ListOut[tokenView], error) {
		all, err := p.Auth.Tokens(ctx, by, whose(by, in.Person))
		if err != nil {
			return nil, err
		}
		var out []tokenView
		for _, t := range all {
			out = append(out, tokenOf(t, ""))
		}
		return host.ListOf(out, ""), nil
	})
	on(p, "POST", "tokens", auth.TokenManage, "Make a token; its secret is in this answer alone", func(ctx context.Context, by auth.Actor, in *struct {
		Body struct {
			PersonID string     `json:"person_id,omitempty"`
			Name     string     `json:"name"`
			Scopes   []string   `json:"scopes,omitempty"`
			EndsAt   *time.Time `json:"ends_at,omitempty"`
		}
	}) (*one[tokenView], error) {
		b := in.Body
		if b.PersonID != "" {
			if _, err := p.People.Person(ctx, by, b.PersonID); err != nil {
				return nil, err
			}
		}
		secret, t, err := p.Auth.CreateToken(ctx, by, whose(by, b.PersonID), b.Name, b.Scopes, at(b.EndsAt))
		return oneOf(tokenOf(t, secret), err)
	})
	on(p, "POST", "tokens/{id}/revoke", auth.TokenManage, "End a token at once", func(ctx context.Context, by auth.Actor, in *Act) (*done, error) {
		if err := in.check(); err != nil {
			return nil, err
		}
		return did(p.Auth.RevokeToken(ctx, by, in.ID))
	})
}
