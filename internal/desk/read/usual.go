package read

import (
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/people"
)

// Usual is how long like requests took: half of them less, half more. With N below what the caller takes for enough it says nothing.
type Usual struct {
	Median time.Duration
	N      int
}

// lately is how many of the last like tickets are looked at.
const lately = 500

// Usual tells for each kind how long the last closed tickets of a site took to their solution: a figure of the site, of nobody in it.
// Errors: as auth.Can.
func (s *Reader) Usual(ctx context.Context, by auth.Actor, site people.Site) (map[ticket.Kind]Usual, error) {
	if err := auth.Can(by, auth.SiteRead, site.Object()); err != nil {
		return nil, err
	}
	out := map[ticket.Kind]Usual{}
	for _, k := range []ticket.Kind{ticket.Incident, ticket.ServiceRequest, ticket.Question, ticket.Complaint} {
		all, err := store.Solved(ctx, s.db.Read(), site.ID, string(k), lately)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 {
			slices.Sort(all)
			out[k] = Usual{time.Duration(all[len(all)/2]) * time.Microsecond, len(all)}
		}
	}
	return out, nil
}
