package consent

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
)

var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func TestWords(t *testing.T) {
	teller := Teller{Config: Config{Name: "Service desk", BaseURL: "https://desk.example/"}}
	ask := approval.Ask{ID: "a1", Title: "Standard 2026, version 2, for Leeds", AskedBy: "asker", ExpiresAt: start.Add(48 * time.Hour), State: approval.Pending}
	decided := ask
	decided.State, decided.DecidedAt = approval.Refused, start
	decided.Votes = []approval.Vote{{Voter: "voter", Seat: "voter", Reason: "The hours are too short."}}
	back := ask
	back.State, back.Reason = approval.Withdrawn, "We wait for the budget."
	further := ask
	further.Rule.Escalate = []string{"boss"}
	for name, c := range map[string]struct {
		n       approval.Notice
		a       approval.Ask
		who     string
		subject string
		says    []string
	}{
		"asked":     {approval.NoticeAsked, further, "voter", "Your decision: Standard 2026, version 2, for Leeds", []string{"Decide by Wed 25 Nov 2026, 10:00 UTC. After that it ends undecided by you, and somebody else is asked.", "https://desk.example/approvals/a1", "An answer to this mail decides nothing."}},
		"escalated": {approval.NoticeEscalated, ask, "boss", "Your decision: Standard 2026, version 2, for Leeds", []string{"have not decided in time, so it comes to you"}},
		"refused":   {approval.NoticeDecided, decided, "asker", "Decided: Standard 2026, version 2, for Leeds", []string{"is not approved since Mon 23 Nov 2026, 10:00 UTC", "The hours are too short.", "You get this because you asked for it."}},
		"voter":     {approval.NoticeDecided, decided, "voter", "Decided: Standard 2026, version 2, for Leeds", []string{"You get this because you decided on it."}},
		"withdrawn": {approval.NoticeEnded, back, "voter", "Nothing to decide any more: Standard 2026, version 2, for Leeds", []string{"was taken back", "We wait for the budget."}},
	} {
		subject, body, because := teller.write(c.n, c.a, c.who, time.UTC)
		if subject != c.subject || because == "" {
			t.Errorf("%s: the subject is %q", name, subject)
		}
		for _, want := range c.says {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the mail does not say %q:\n%s", name, want, body)
			}
		}
	}
}

// TestWhoIsMailed: everybody who is told, once each, but who is not mailed, disabled or gone; in their own zone, after their quiet hours.
func TestWhoIsMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, sys, clk := context.Background(), auth.SystemActor(), clock.NewFake(start)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		dir := people.New(d, clk)
		base, err := dir.EnsureBase(ctx, "IT")
		must(err)
		person := func(name, address string, silent bool) string {
			p, err := dir.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: address, Verified: true, OrgID: base.Provider.ID, Zone: "Europe/Berlin", NotMailed: silent})
			must(err)
			return p.ID
		}
		anna, quiet := person("Anna", "anna@it.example", false), person("Silent", "silent@it.example", true)
		jobs := job.New(d, clk, nil)
		b := box.New(d, clk, jobs, relay{})
		teller := Teller{Box: b, Clock: clk, Config: Config{Name: "Service desk", Domain: "it.example", BaseURL: "https://desk.example", Key: []byte("k")}}
		must(d.Write(ctx, func(tx *db.Tx) error {
			return teller.TellApproval(ctx, tx, approval.NoticeAsked, approval.Ask{ID: "a1", Title: "This", ExpiresAt: start.Add(time.Hour)}, []string{anna, quiet, "00000000-0000-7000-8000-0000000000ff"})
		}))
		var n int
		var recipient, subject, body string
		must(d.Read().QueryRow(ctx, `SELECT COUNT(*), MAX(recipient), MAX(subject), MAX(body) FROM mail_outbound`).Scan(&n, &recipient, &subject, &body))
		if n != 1 || recipient != "anna@it.example" || subject != "Your decision: This" || !strings.Contains(body, "12:00 CET") {
			t.Fatalf("%d mails, the last to %s: %s\n%s", n, recipient, subject, body)
		}
	})
}

// relay takes every mail.
type relay struct{}

func (relay) Deliver(context.Context, box.Outbound) (string, error) { return "250 ok", nil }
