package box_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
)

type noJobs struct{}

func (noJobs) Add(context.Context, *db.Tx, string, string, time.Time) error { return nil }

// TestMailboxes lists who is mailed by address: each once, with how many mails, from any address on, and by the beginning of one.
func TestMailboxes(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
		b := box.New(d, clk, noJobs{}, box.InApp{})
		for i, to := range []string{"helen@n.example", "owen@n.example", "helen@n.example", "h_x@n.example", "hax@n.example"} {
			clk.Advance(time.Minute)
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := b.Send(ctx, tx, box.Outbound{Kind: "reply", Recipient: to, Subject: "x", MessageID: fmt.Sprint(i)})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		list := func(after, prefix string, limit int) (out []string) {
			all, err := b.Mailboxes(ctx, after, prefix, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range all {
				if m.Address == "helen@n.example" && (m.Mails != 2 || m.Newest.Minute() != 3) {
					t.Errorf("Helen has %d mails, the newest of %s", m.Mails, m.Newest)
				}
				out = append(out, m.Address)
			}
			return out
		}
		first := list("", "", 2)
		rest := list(first[len(first)-1], "", 10)
		if all := append(first, rest...); len(first) != 2 || len(all) != 4 {
			t.Errorf("%v and then %v", first, rest)
		}
		for prefix, want := range map[string]int{"h": 3, "HELEN": 1, "h_": 1, "%": 0, "owen@n.example": 1, "zz": 0} {
			if got := list("", prefix, 10); len(got) != want {
				t.Errorf("%q finds %v", prefix, got)
			}
		}
	})
}
