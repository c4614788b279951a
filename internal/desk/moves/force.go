package moves

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
)

// ComeIntoForce puts every open ticket that a version is for under it: a decision that acts from the instant the version is in force, so
// time used stays used. Where a site has an agreement of its own, the organisation's is not for it. Done again, it does nothing more.
func (s *Commands) ComeIntoForce(ctx context.Context, paper agreement.Paper) error {
	for after := ""; ; {
		ids, err := store.OpenOf(ctx, s.lent.DB.Read(), paper.OrgID, paper.SiteID, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, ticketID := range ids {
			if err := s.comeUnder(ctx, paper, ticketID); err != nil {
				return err
			}
			after = ticketID
		}
	}
}

func (s *Commands) comeUnder(ctx context.Context, paper agreement.Paper, ticketID string) error {
	return s.lent.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := store.ByID(ctx, tx, ticketID)
		if err != nil || !t.Open {
			return err
		}
		holds, err := s.lent.Reader.InForce(ctx, tx, t, s.lent.Clock.Now())
		if err != nil || holds.ID != paper.ID { // a later one holds by now, or the site's own
			return err
		}
		_, err = s.lent.In(ctx, tx, auth.SystemActor(), t, ticket.Act{Number: t.Number}, auth.TicketWork, "come-into-force", func(d *Deed) error {
			return d.Under(paper)
		})
		return err
	})
}
