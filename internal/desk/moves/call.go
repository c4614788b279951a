package moves

import (
	"context"
	"strings"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// UnknownCaller has no mailbox (RFC 2606): nobody is mailed, and nobody can sign in as them.
const UnknownCaller = "unknown-caller@nobody.invalid"

// Channel reads the way something was said. Errors: Invalid.
func Channel(s string) (string, error) {
	switch s {
	case "", "phone":
		return "phone", nil
	case "walk_up":
		return s, nil
	}
	return "", errs.In("desk.log", "channel", "It is neither phone nor walk_up.")
}

// Noted reads what a call was about: its first line is the subject. done says that it took some minutes and is over.
func Noted(what, name string, known, done bool, minutes int) (subject, body string, err error) {
	k := ticket.Checks{}
	body = k.Body("what", what, false)
	first, _, _ := strings.Cut(body, "\n")
	subject = text.Cut(text.Line(first), ticket.MaxSubject-1)
	if minutes == 0 && done {
		k.Bad("minutes", "It is empty. Say how many minutes it took; what is done in passing counts too.")
	}
	if name = text.Cut(text.Line(name), 100); name != "" && !known {
		body = "From " + name + ":\n\n" + body
	}
	return subject, body, k.Err("desk.log")
}

// Caller finds who called: a person whom the actor may know of, or somebody nobody knows. A mail address is read by other, which
// may make a person of it.
func Caller(ctx context.Context, tx *db.Tx, dir *people.Service, by auth.Actor, who string, other func(address string) (people.Person, error)) (people.Person, error) {
	who = strings.TrimSpace(who)
	switch {
	case who == "":
		p, _, err := dir.ResolveSender(ctx, tx, UnknownCaller, "Unknown caller")
		return p, err
	case strings.Contains(who, "@"):
		return other(who)
	}
	if id.Valid(who) {
		p, err := people.PersonByID(ctx, tx, who)
		if err == nil && (p.ID == by.PersonID || auth.Can(by, auth.PersonRead, p.Object()) == nil) {
			return p, nil
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return p, err
		}
	}
	return people.Person{}, errs.In("desk.log", "who", "There is nobody %q. Write a mail address, or leave it empty and write the name.", ticket.Short(who))
}
