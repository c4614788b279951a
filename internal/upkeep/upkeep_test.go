package upkeep_test

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/upkeep"
)

var (
	ctx   = context.Background()
	admin = auth.Actor{Kind: auth.Person, PersonID: "a", Grants: []auth.Grant{{Role: auth.Administrator, Scope: auth.Everywhere}}}
	agent = auth.Actor{Kind: auth.Person, PersonID: "b", Grants: []auth.Grant{{Role: auth.Agent, Scope: auth.Everywhere}}}
)

// relay is a relay that is away until it is well.
type relay struct{ well bool }

func (r *relay) Deliver(context.Context, box.Outbound) (string, error) {
	if r.well {
		return "250 taken", nil
	}
	return "", &box.Failure{Answer: "connection refused"}
}

// hooks notes which mails were given up.
type hooks struct{ lost []string }

func (*hooks) Arrived(context.Context, *db.Tx, box.Outbound) error { return nil }
func (h *hooks) Undeliverable(_ context.Context, _ *db.Tx, m box.Outbound) error {
	h.lost = append(h.lost, m.ID)
	return nil
}

// TestTheOutboxIsLookedAfter: a relay that is away is an alarm after a quarter of an hour; a mail can be tried at once when it is back,
// or given up, once, with an audit row, by who runs the machinery alone.
func TestTheOutboxIsLookedAfter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clk, r, h := clock.NewFake(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), &relay{}, &hooks{}
		q := job.New(d, clk, slog.New(slog.NewTextHandler(io.Discard, nil)))
		b := box.New(d, clk, q, r)
		s := upkeep.New(d, clk, q, b, h)
		q.Handle(box.JobSend, func(ctx context.Context, j job.Job, f job.Finish) error {
			return b.Deliver(ctx, j.Item, func(tx *db.Tx) error { return q.Hold(ctx, tx, j) }, f, h)
		})
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var one, two box.Outbound
		must(d.Write(ctx, func(tx *db.Tx) (err error) {
			if one, err = b.Send(ctx, tx, box.Outbound{Kind: "reply", Recipient: "x@y.example", MessageID: "1@x"}); err != nil {
				return err
			}
			two, err = b.Send(ctx, tx, box.Outbound{Kind: "reply", Recipient: "z@y.example", MessageID: "2@x"})
			return err
		}))
		must(q.RunDue(ctx))
		alarms := func(by auth.Actor) []string {
			t.Helper()
			all, err := s.Alarms(ctx, by)
			must(err)
			return all
		}
		if got := alarms(admin); len(got) != 0 {
			t.Fatalf("at once: %v", got)
		}
		clk.Advance(16 * time.Minute)
		if got := alarms(agent); !slices.Contains(got, "Mail does not go out.") {
			t.Fatalf("after a quarter of an hour: %v", got)
		}
		if got := alarms(auth.Actor{Kind: auth.Person, PersonID: "c"}); got != nil {
			t.Fatalf("a customer is told: %v", got)
		}
		if err := s.RetryMail(ctx, agent, one.ID); !errs.Is(err, errs.Denied) {
			t.Fatalf("an agent retries: %v", err)
		}
		r.well = true
		must(s.RetryMail(ctx, admin, one.ID))
		must(s.GiveUpMail(ctx, admin, two.ID))
		must(q.RunDue(ctx))
		got, err := b.One(ctx, one.ID)
		must(err)
		lost, err := b.One(ctx, two.ID)
		must(err)
		if got.State != box.Sent || lost.State != box.Failed || len(h.lost) != 1 || h.lost[0] != two.ID {
			t.Fatalf("%s, %s, %v", got.State, lost.State, h.lost)
		}
		for _, err := range []error{s.RetryMail(ctx, admin, one.ID), s.GiveUpMail(ctx, admin, two.ID)} {
			if !errs.Is(err, errs.Conflict) {
				t.Fatalf("twice: %v", err)
			}
		}
		if all := alarms(admin); len(all) != 0 {
			t.Fatalf("afterwards: %v", all)
		}
		l, err := s.Audit(ctx, admin, audit.Filter{Verb: "mail.*"}, page.Cursor{}, 10)
		must(err)
		if len(l.Items) != 2 || l.Items[0].Verb != "mail.give_up" || l.Items[1].Verb != "mail.retry" {
			t.Fatalf("%+v", l.Items)
		}
		if _, err := s.Audit(ctx, agent, audit.Filter{}, page.Cursor{}, 10); !errs.Is(err, errs.Denied) {
			t.Fatalf("an agent reads the audit trail: %v", err)
		}
	})
}
