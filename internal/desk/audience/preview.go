package audience

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/ticket"
	"bothways/internal/people"
)

// notMailed says why somebody gets no mail of an act by author; "" when they get one. had says that their address has it already.
func notMailed(p people.Person, author string, had bool) string {
	switch {
	case p.ID == author:
		return "it is their own"
	case p.Disabled():
		return "their account is closed"
	case p.Address == "":
		return "no address is known"
	case !p.Mailed:
		return "they read it on the page"
	case had:
		return "the same address has it already"
	}
	return ""
}

// reason says why somebody of a ticket is told on an occasion; "" when they are not.
func reason(w ticket.Participant, what letter.Occasion) string {
	switch w.Role {
	case ticket.Requester:
		return "you asked for this"
	case ticket.Affected:
		return "this is for you"
	case ticket.Watcher:
		if what == letter.Reply || what == letter.Question || what == letter.Solution {
			return "you follow this request"
		}
	}
	return ""
}

// wants says whether a follower wants copies by mail; who asks and who it is for always get theirs.
func wants(ctx context.Context, q db.Querier, w ticket.Participant) (bool, error) {
	if w.Role != ticket.Watcher {
		return true, nil
	}
	pref, err := people.PreferenceOf(ctx, q, w.PersonID)
	return pref.Copies, err
}

// Receiver is somebody of a ticket and whether a reply is mailed to them.
type Receiver struct {
	Person people.Person
	Gets   bool
	Why    string // why, or why not, as a colleague is told it
}

// Receivers says before a reply is sent who gets it and who does not, and why: by the rules of [Of]. cast are the people of the
// ticket by their ids; mails says whether the installation mails at all.
func Receivers(ctx context.Context, q db.Querier, parts []ticket.Participant, cast func(personID string) people.Person, author string, mails bool) ([]Receiver, error) {
	var out []Receiver
	seen := map[string]bool{}
	for _, w := range parts {
		p := cast(w.PersonID)
		if p.ID == "" {
			continue
		}
		r := Receiver{Person: p, Why: notMailed(p, author, seen[p.Address])}
		copies, err := true, error(nil)
		if r.Why == "" {
			copies, err = wants(ctx, q, w)
		}
		switch {
		case err != nil:
			return nil, err
		case reason(w, letter.Reply) == "":
			r.Why = "nobody has let them in yet"
		case !copies:
			r.Why = "they want no copies by mail"
		case r.Why == "" && !mails:
			r.Why = "this desk sends no mail; they read it on the page"
		case r.Why == "":
			r.Gets, r.Why = true, map[string]string{ticket.Requester: "they ask", ticket.Affected: "it is for them", ticket.Watcher: "they follow it"}[w.Role]
			seen[p.Address] = true
		}
		out = append(out, r)
	}
	return out, nil
}
