package outcome

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/event"
)

// Job is the kind of the job that derives the outcomes of every ticket again; its item is the id of the last ticket that was.
const Job = "desk.outcomes"

// Rederive reads the ledgers of the next tickets after one, some hundreds, and compares what is kept of their promises; with fix it
// is corrected. last is the last ticket it read, "" when there are no more.
func (b *Book) Rederive(ctx context.Context, after string, fix bool) (found []Difference, last string, err error) {
	ids, err := store.After(ctx, b.db.Read(), after)
	for _, ticketID := range ids {
		d, _, err := b.compare(ctx, b.db.Read(), ticketID)
		if err == nil && fix && len(d) > 0 {
			err = b.db.Write(ctx, func(tx *db.Tx) error {
				_, ledger, err := b.compare(ctx, tx, ticketID)
				if err != nil {
					return err
				}
				return Keep(ctx, tx, ticketID, ledger)
			})
		}
		if err != nil {
			return found, last, err
		}
		found, last = append(found, d...), ticketID
	}
	return found, last, err
}

// RederiveAll corrects what is kept of every ticket's promises.
func (b *Book) RederiveAll(ctx context.Context) error {
	for after := ""; ; {
		_, last, err := b.Rederive(ctx, after, true)
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

func (b *Book) compare(ctx context.Context, q db.Querier, ticketID string) ([]Difference, []Outcome, error) {
	t, err := store.ByID(ctx, q, ticketID)
	if err != nil {
		return nil, nil, err
	}
	stream, err := event.Of(ctx, q, t.ID, 0)
	if err != nil {
		return nil, nil, err
	}
	events, err := record.Ledger(stream)
	if err != nil {
		return nil, nil, err
	}
	versions, _, err := b.facts.Facts(ctx, q, t)
	if err != nil {
		return nil, nil, err
	}
	now := b.clk.Now().Truncate(time.Second).Unix()
	ledger := Of(t, stream, agreement.Clock(events, agreement.Facts{Versions: versions, Now: now, NeverLapse: t.NeverLapses()}))
	kept, err := load(ctx, q, t.ID)
	return differences(t.Number, kept, ledger, t.ChangedAt.Unix()), ledger, err
}
