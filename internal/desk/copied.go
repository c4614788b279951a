package desk

import (
	"slices"

	"bothways/internal/desk/audience"
	"bothways/internal/desk/store"
	"bothways/internal/mail"
	"bothways/internal/people"
)

// inCopy is the field of a watcher's event that a mail wrote which names them: they are not let in yet.
const inCopy = "copied"

// wait has people wait for somebody to let them in, and writes it into the history. Until then they read nothing and get nothing.
func (a *act) wait(all []people.Person, because string) error {
	for _, p := range all {
		if slices.ContainsFunc(a.people, func(w Participant) bool { return w.PersonID == p.ID }) {
			continue
		}
		w := Participant{PersonID: p.ID, Role: Pending, Because: because}
		if err := store.SetParticipant(a.ctx, a.tx, a.t.ID, w.PersonID, w.Role, w.Because); err != nil {
			return err
		}
		a.people = append(a.people, w)
		if _, err := a.append(evWatcher, data{Party: p.ID, Field: inCopy}); err != nil {
			return err
		}
	}
	return nil
}

// copies puts those whom the mail names before the desk. Only a person's mail does, and one that failed no check.
func (c *intake) copies(ticketID string, from people.Person) error {
	if c.verdict.Class != mail.ClassPerson || c.in.Auth == string(mail.AuthFail) {
		return nil
	}
	all, err := audience.Named(c.ctx, c.tx, c.s.people, c.msg, from, c.s.conf.mailboxes().All()...)
	if err != nil || len(all) == 0 {
		return err
	}
	return c.s.onTicket(c.ctx, c.tx, ticketID, "copied", func(a *act) error { return a.wait(all, "named in a mail of "+from.Name) })
}
