package outcome

import (
	"context"
	"fmt"
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
				return again(ctx, tx, ledger)
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

func (b *Book) compare(ctx context.Context, q db.Querier, ticketID string) ([]Difference, Reading, error) {
	var l Reading
	t, err := store.ByID(ctx, q, ticketID)
	if err != nil {
		return nil, l, err
	}
	stream, err := event.Of(ctx, q, t.ID, 0)
	if err != nil {
		return nil, l, err
	}
	events, err := record.Ledger(stream)
	if err != nil {
		return nil, l, err
	}
	versions, papers, err := b.facts.Facts(ctx, q, t)
	if err != nil {
		return nil, l, err
	}
	now := b.clk.Now().Truncate(time.Second).Unix()
	l = Reading{t, stream, papers, agreement.Clock(events, agreement.Facts{Versions: versions, Now: now, NeverLapse: t.NeverLapses()})}
	kept, err := load(ctx, q, t.ID)
	if err != nil {
		return nil, l, err
	}
	d := differences(t.Number, kept, Of(l), t.ChangedAt.Unix())
	account, err := loadAccount(ctx, q, t.ID)
	if err != nil {
		return nil, l, err
	}
	read, err := AccountOf(l).row()
	if read != account {
		d = append(d, Difference{t.Number, TheAccount, account.told(), read.told()})
	}
	return d, l, err
}

// told is an account in one line, for whoever looks for what differs.
func (r row) told() agreement.State {
	if r == (row{}) {
		return ""
	}
	return agreement.State(fmt.Sprintf("ended %d, under %s, at %s, spent %s, owed %s", r.ended, r.agreementID, r.siteID, r.spent, r.owed))
}

// TheAccount stands in a difference for the ticket's account.
const TheAccount = "account"

// again writes what a ledger says whatever is kept.
func again(ctx context.Context, tx *db.Tx, l Reading) error {
	days := stale{}
	if err := note(ctx, tx, l.Ticket.ID, Of(l), days); err != nil {
		return err
	}
	if err := noteAccount(ctx, tx, l, days); err != nil {
		return err
	}
	return days.write(ctx, tx)
}
