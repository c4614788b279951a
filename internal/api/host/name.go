package host

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Person is somebody as an answer names them. The address is left out where the reader may not know it: staff's, and that of
// people of other organisations, for customers.
type Person struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty" doc:"Mail address; left out where the reader may not know it."`
}

// Identified names something by its id in the address.
type Identified struct {
	ID string `path:"id"`
}

// Book knows the names that answers show, read in as few statements as there are kinds of them.
type Book struct {
	by      auth.Actor
	Persons map[string]people.Person
	Teams   map[string]string
	Sites   map[string]string
	Orgs    map[string]string
}

// Names looks up persons and teams by their ids; ids of nothing stay without a name.
func Names(ctx context.Context, r db.Querier, by auth.Actor, ids ...string) (*Book, error) {
	b := &Book{by: by, Persons: map[string]people.Person{}, Teams: map[string]string{}, Sites: map[string]string{}, Orgs: map[string]string{}}
	seen := map[string]bool{}
	var ask []string
	for _, v := range ids {
		if id.Valid(v) && !seen[v] {
			seen[v] = true
			ask = append(ask, v)
		}
	}
	found, err := people.PersonsByID(ctx, r, ask...)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		b.Persons[p.ID], b.Orgs[p.OrgID] = p, p.OrgName
		if p.SiteID != "" {
			b.Sites[p.SiteID] = p.SiteName
		}
	}
	for _, v := range ask {
		if _, ok := b.Persons[v]; ok {
			continue
		}
		t, err := people.TeamByID(ctx, r, v)
		if err == nil {
			b.Teams[v] = t.Name
		} else if !errs.Is(err, errs.NotFound) {
			return nil, err
		}
	}
	return b, nil
}

// Person is somebody by their id, nil when there is none.
func (b *Book) Person(personID string) *Person {
	p, ok := b.Persons[personID]
	if !ok {
		return nil
	}
	out := &Person{Name: p.Name}
	if b.by.Staff() || p.ID == b.by.PersonID || p.OrgID == b.by.OrgID && !b.by.Stranger {
		out.Address = p.Address
	}
	return out
}

// Party names a party of the ledger, which is a person or a team.
func (b *Book) Party(partyID string) string {
	if p, ok := b.Persons[partyID]; ok {
		return p.Name
	}
	return b.Teams[partyID]
}
