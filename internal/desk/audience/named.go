package audience

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/mail"
	"bothways/internal/people"
)

// mostNamed is how many people one mail can bring before the desk; its original names the others.
const mostNamed = 20

// Named are the people whom a mail names beside its sender and our own addresses, in the order of its headers, each once: those
// whom somebody may let in. IT's own people are not among them: they read the ticket by their rights. A mail of somebody we know
// makes a person of one we do not; a stranger's does not.
func Named(ctx context.Context, tx *db.Tx, dir *people.Service, m *mail.Message, from people.Person, ours ...string) ([]people.Person, error) {
	var out []people.Person
	for _, a := range slices.Concat(m.To, m.Cc) {
		if len(out) == mostNamed {
			break
		}
		if a.Address == "" || Addressed([]string{a.Address}, ours...) {
			continue
		}
		p, err := people.PersonByAddress(ctx, tx, a.Address)
		if errs.Is(err, errs.NotFound) && !from.Stranger() {
			p, _, err = dir.ResolveSender(ctx, tx, a.Address, a.Name)
		}
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.ID != from.ID && !p.Disabled() && p.OrgKind != people.Provider && !slices.ContainsFunc(out, func(o people.Person) bool { return o.ID == p.ID }) {
			out = append(out, p)
		}
	}
	return out, nil
}

// Addressed says whether one of the addresses a mail was sent to is one of ours.
func Addressed(to []string, ours ...string) bool {
	return slices.ContainsFunc(to, func(a string) bool {
		return slices.ContainsFunc(ours, func(o string) bool { return o != "" && plain(a) == plain(o) })
	})
}

// plain is an address without what follows a plus: our reply addresses are the desk's.
func plain(address string) string {
	local, domain, _ := strings.Cut(text.Address(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}
