package people_test

import (
	"testing"

	"bothways/internal/auth"
	"bothways/internal/fulltext"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// TestFindByWords: a person is found by any part of name and addresses as they are now, by who may read them.
func TestFindByWords(t *testing.T) {
	each(t, func(w *world) {
		find := func(by auth.Actor, q, want string) {
			w.t.Helper()
			ps, _, err := w.Find(w.ctx, by, fulltext.Parse(q), 10)
			if err != nil || names(ps) != want {
				w.t.Errorf("%q: %s %v, want %s", q, names(ps), err, want)
			}
		}
		anna := w.person("Anna Müller", "anna.m@acme.example", "", w.a1.ID)
		w.person("Nils ohne Mail", "", "", w.a1.ID)
		w.person("Anna Müller", "anna.m@twin.example", "", w.b1.ID)
		kollege := w.person("Kollege", "", w.a.ID, "")
		for _, q := range []string{"mueller anna", "müll", "nna.m@ac", "anna.m@acme.example", "acm"} {
			find(w.actor(kollege), q, "")
		}
		contact := w.person("Kontakt", "", w.a.ID, "")
		w.grant(contact, auth.SiteContact, auth.Organisation, w.a.ID)
		for _, q := range []string{"mueller anna", "müll", "nna.m@ac", "anna.m@acme.example"} {
			find(w.actor(contact), q, "Anna Müller")
		}
		find(w.actor(w.root), "mueller anna", "Anna Müller,Anna Müller")
		find(w.actor(w.root), "ohne", "Nils ohne Mail")
		find(w.actor(w.root), "", "")
		if _, more, err := w.Find(w.ctx, w.actor(w.root), fulltext.Parse("anna"), 1); err != nil || !more {
			w.t.Error(more, err)
		}

		name := "Anna Schmidt"
		_, err := w.UpdatePerson(w.ctx, sys, people.PersonChange{ID: anna.ID, Name: &name})
		w.must(err)
		_, err = w.AddAddress(w.ctx, sys, anna.ID, "schmidt@acme.example", true)
		w.must(err)
		w.must(w.RemoveAddress(w.ctx, sys, "anna.m@acme.example"))
		find(w.actor(w.root), "schmidt@", "Anna Schmidt")
		find(w.actor(contact), "anna.m@acme", "")
		find(w.actor(contact), "müller", "")
		_, err = w.AddAddress(w.ctx, sys, anna.ID, "anna.m@twin.example", true)
		w.want(err, errs.Conflict)
		find(w.actor(w.root), "twin.example", "Anna Müller")
		w.must(w.DisablePerson(w.ctx, sys, anna.ID))
		find(w.actor(w.root), "schmidt", "")
	})
}
