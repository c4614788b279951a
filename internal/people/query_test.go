package people_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

func TestContactsAndStaff(t *testing.T) {
	each(t, func(w *world) {
		contacts := func(want string) {
			w.t.Helper()
			ps, err := w.Contacts(w.ctx, w.d.Read(), w.a1.ID)
			if err != nil || names(ps) != want {
				w.t.Fatal(names(ps), err)
			}
		}
		contacts("")
		anna, bert := w.person("Anna", "anna@acme.example", w.a.ID, ""), w.person("Bert", "bert@acme.example", "", w.a1.ID)
		w.grant(anna, auth.SiteContact, auth.Organisation, w.a.ID)
		contacts("Anna")
		g := w.grant(bert, auth.SiteContact, auth.Site, w.a1.ID)
		contacts("Bert")
		w.must(w.Revoke(w.ctx, sys, g.ID, ""))
		contacts("Anna")
		w.must(w.DisablePerson(w.ctx, sys, anna.ID))
		contacts("")
		_, err := w.Contacts(w.ctx, w.d.Read(), "nowhere")
		w.want(err, errs.NotFound)

		zoe, ida := w.person("Zoe", "zoe@it.example", w.base.Provider.ID, ""), w.person("ida", "ida@it.example", w.base.Provider.ID, "")
		w.must(w.AddMember(w.ctx, sys, w.base.Desk.ID, zoe.ID))
		w.must(w.AddMember(w.ctx, sys, w.base.Desk.ID, ida.ID))
		if ps, err := people.StaffOfTeam(w.ctx, w.d.Read(), w.base.Desk.ID); err != nil || names(ps) != "ida,Zoe" {
			w.t.Fatal(names(ps), err)
		}
		if got := w.verbs("team", w.base.Desk.ID); !slices.Equal(got, []string{"team.create", "team.add_member", "team.add_member"}) {
			w.t.Fatal(got)
		}
		w.want(w.AddMember(w.ctx, sys, "no team", ida.ID), errs.NotFound)
		w.want(w.AddMember(w.ctx, sys, w.base.Desk.ID, "nobody"), errs.NotFound)
	})
}

func TestFind(t *testing.T) {
	each(t, func(w *world) {
		anna := w.person("Anna Müller", "anna@acme.example", "", w.a1.ID)
		for _, key := range []string{anna.ID, "ANNA@acme.example", "anna muller"} {
			if p, err := w.FindPerson(w.ctx, key); err != nil || p.ID != anna.ID {
				w.t.Fatal(key, p, err)
			}
		}
		w.person("ANNA MÜLLER", "anna@twin.example", "", w.b1.ID)
		_, err := w.FindPerson(w.ctx, "Anna Müller")
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err), "anna@acme.example") || !strings.Contains(errs.Sentence(err), "anna@twin.example") {
			w.t.Fatal(err)
		}
		_, err = w.FindPerson(w.ctx, "Nobody")
		w.want(err, errs.NotFound)
		_, err = w.FindSite(w.ctx, "", "harbour")
		w.want(err, errs.Conflict)
		if s, err := w.FindSite(w.ctx, w.b.ID, "harbour"); err != nil || s.ID != w.b1.ID {
			w.t.Fatal(s, err)
		}
		if o, err := w.FindOrganisation(w.ctx, "unassigned"); err != nil || o != w.base.Unassigned {
			w.t.Fatal(o, err)
		}
		if o, err := w.FindTeam(w.ctx, "service desk"); err != nil || o != w.base.Desk {
			w.t.Fatal(o, err)
		}
		ps, err := people.PersonsByID(w.ctx, w.d.Read(), anna.ID, w.root.ID, "x")
		if err != nil || len(ps) != 2 {
			w.t.Fatal(ps, err)
		}
	})
}

func TestListsArePagedAndFiltered(t *testing.T) {
	each(t, func(w *world) {
		var want []string
		for i := range 23 {
			name := fmt.Sprintf("%c person_%%", 'a'+(i*7)%23)
			w.person(name, fmt.Sprintf("p%d@acme.example", i), "", w.a1.ID)
			want = append(want, name)
		}
		slices.Sort(want)
		var got []string
		cursor := ""
		for {
			l, err := w.Persons(w.ctx, sys, people.PersonFilter{OrgID: w.a.ID, SiteID: w.a1.ID}, cursor, 5)
			w.must(err)
			for _, p := range l.Items {
				got = append(got, p.Name)
			}
			if cursor = l.Next; cursor == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			w.t.Fatalf("%q", got)
		}
		for q, n := range map[string]int{"B person": 1, "p3@ACME.example": 1, "%": 0, "_": 0, "a%": 0, "a person_%": 1, "": 24 + 1} {
			l, err := w.Persons(w.ctx, sys, people.PersonFilter{Q: q}, "", 200)
			if err != nil || len(l.Items) != n && q != "" || q == "" && len(l.Items) != 24 {
				w.t.Errorf("%q: %d, %v", q, len(l.Items), err)
			}
		}
		if l, err := w.Persons(w.ctx, sys, people.PersonFilter{TeamID: w.base.Desk.ID}, "", 0); err != nil || len(l.Items) != 0 {
			w.t.Fatal(l, err)
		}
		_, err := w.Persons(w.ctx, sys, people.PersonFilter{}, "' OR 1=1", 0)
		w.want(err, errs.Invalid)
		if l, err := w.Sites(w.ctx, sys, "", "", 1); err != nil || len(l.Items) != 1 || l.Next == "" {
			w.t.Fatal(l, err)
		} else if l, err = w.Sites(w.ctx, sys, "", l.Next, 1); err != nil || len(l.Items) != 1 || l.Next != "" {
			w.t.Fatal(l, err)
		}
		if l, err := w.Organisations(w.ctx, sys, "", 0); err != nil || len(l.Items) != 4 {
			w.t.Fatal(l, err)
		}
	})
}
