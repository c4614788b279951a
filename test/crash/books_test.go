package crash

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/migrate"
	"bothways/internal/people"
)

// enrol makes the persons that are known, before anything is served.
func enrol(t *testing.T, database string, known []string) {
	t.Helper()
	ctx := context.Background()
	d := open(t, database)
	defer func() { _ = d.Close() }()
	if _, err := migrate.Up(ctx, d); err != nil {
		t.Fatal(err)
	}
	p := people.New(d, clock.System{})
	if _, err := p.EnsureBase(ctx, ""); err != nil {
		t.Fatal(err)
	}
	org, err := p.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Customer"})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range known {
		if _, err := p.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: address, Address: address, Verified: true, OrgID: org.ID}); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, database string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), database)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// pass sets the times of waiting jobs back, as if so much time had passed. It leaves out rows that a process which was stopped in
// the middle of a transaction has locked.
func pass(t *testing.T, database string, by time.Duration) {
	t.Helper()
	d := open(t, database)
	defer func() { _ = d.Close() }()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		query := `UPDATE job_row SET run_at = run_at - $1, lease = lease - $1 WHERE kind LIKE 'mail.%'`
		if d.Engine() == db.PostgreSQL {
			query += ` AND id IN (SELECT id FROM job_row FOR UPDATE SKIP LOCKED)`
		}
		_, err := tx.Exec(context.Background(), query, by.Microseconds())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// work is what is left to do, with and without what waits for a later time.
type work struct {
	unread, unsent, dead, later int
}

func (w work) String() string {
	return fmt.Sprintf("%d mails not read, %d not sent, %d jobs given up, %d jobs of mail wait", w.unread, w.unsent, w.dead, w.later)
}

func left(t *testing.T, d *db.DB) work {
	t.Helper()
	var w work
	one := func(to *int, query string, args ...any) {
		if err := d.Read().QueryRow(context.Background(), query, args...).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	one(&w.unread, `SELECT COUNT(*) FROM mail_inbound WHERE state = 'stored'`)
	one(&w.unsent, `SELECT COUNT(*) FROM mail_outbound WHERE state IN ('queued', 'sending', 'maybe')`)
	one(&w.dead, `SELECT COUNT(*) FROM job_row WHERE state = 'dead'`)
	one(&w.later, `SELECT COUNT(*) FROM job_row WHERE state = 'ready' AND kind LIKE 'mail.%' AND (run_at > $1 OR lease > $1)`, clock.Micros(clock.System{}.Now()))
	return w
}

// inbound is a row of mail_inbound with what hangs on it.
type inbound struct {
	id, messageID, state, sum, ticket, item, reason string
	raw                                             []byte
	messages                                        int // on tickets, that came of this mail
}

func inbounds(t *testing.T, d *db.DB) map[string][]inbound {
	t.Helper()
	rows, err := d.Read().Query(context.Background(), `SELECT i.id, i.message_id, i.state, i.sha256, i.ticket_id, i.item_id, i.reason, i.raw,
(SELECT COUNT(*) FROM desk_message m JOIN desk_ticket k ON k.id = m.ticket_id WHERE m.mail_id = i.id AND m.ticket_id = i.ticket_id) FROM mail_inbound i`)
	all, err := db.Collect(rows, err, func(s db.Scanner) (inbound, error) {
		var m inbound
		err := s.Scan(&m.id, &m.messageID, &m.state, &m.sum, &m.ticket, &m.item, &m.reason, &m.raw, &m.messages)
		return m, err
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]inbound{}
	for _, m := range all {
		out[m.messageID] = append(out[m.messageID], m)
	}
	return out
}

// outbound is a row of the outbox.
type outbound struct {
	ticket, kind, recipient, messageID, state, answer string
	attempts                                          int
}

func outbounds(t *testing.T, d *db.DB) []outbound {
	t.Helper()
	rows, err := d.Read().Query(context.Background(), `SELECT ticket_id, kind, recipient, message_id, state, answer, attempts FROM mail_outbound ORDER BY id`)
	all, err := db.Collect(rows, err, func(s db.Scanner) (outbound, error) {
		var m outbound
		err := s.Scan(&m.ticket, &m.kind, &m.recipient, &m.messageID, &m.state, &m.answer, &m.attempts)
		return m, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// count is the result of a query of one number.
func count(t *testing.T, d *db.DB, query string) int {
	t.Helper()
	var n int
	if err := d.Read().QueryRow(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// checkIn holds that each letter is exactly one ticket or message, with the bytes that were sent. resent is how many attempts of
// clients ended without an answer. It gives the tickets by the Message-ID that opened them.
func checkIn(t *testing.T, d *db.DB, letters []letter, resent int64) map[string]string {
	t.Helper()
	byID := inbounds(t, d)
	tickets := map[string]string{}
	stored, extra, messages := 0, 0, 0
	for _, l := range letters {
		taken := 0
		for _, m := range byID[l.id] {
			stored++
			sum := sha256.Sum256(m.raw)
			if hex.EncodeToString(sum[:]) != m.sum || m.sum != l.sum() {
				t.Errorf("the stored bytes of %s are not those that were sent: %d bytes, sent %d", l.id, len(m.raw), len(l.raw))
			}
			switch m.state {
			case "ticket":
				taken++
				tickets[l.id] = m.ticket
			case "message":
				taken++
				messages++
			case "duplicate":
				extra++
			default:
				t.Errorf("%s was acknowledged and is %s (%s)", l.id, m.state, m.reason)
			}
			if want := map[bool]int{true: 1}[m.state != "duplicate"]; m.messages != want {
				t.Errorf("%s is %s and made %d messages on its ticket, want %d", l.id, m.state, m.messages, want)
			}
		}
		if taken != 1 {
			t.Errorf("%s was acknowledged and is %d tickets or messages", l.id, taken)
		}
	}
	if n := count(t, d, `SELECT COUNT(*) FROM mail_inbound`); n != stored {
		t.Errorf("%d mails are stored, %d of them are of these letters", n, stored)
	}
	if int64(extra) > resent {
		t.Errorf("%d mails are stored twice, only %d attempts ended without an answer", extra, resent)
	}
	if n := count(t, d, `SELECT COUNT(*) FROM desk_ticket`); n != len(tickets) {
		t.Errorf("there are %d tickets, %d mails opened one", n, len(tickets))
	}
	if n := count(t, d, `SELECT COUNT(*) FROM desk_message`); n != len(letters) {
		t.Errorf("there are %d messages of %d mails", n, len(letters))
	}
	if n := count(t, d, `SELECT COUNT(*) - COUNT(DISTINCT number) FROM desk_ticket`); n != 0 {
		t.Errorf("%d tickets share a number with another", n)
	}
	t.Logf("in: %d letters, %d tickets, %d messages, %d stored a second time (%d attempts without an answer)", len(letters), len(tickets), messages, extra, resent)
	return tickets
}

// checkOut holds that each ticket's opening was told once, that all of it arrived, and that nothing arrived twice but what was in
// flight when a process was stopped: one mail a worker and stop at most, and never twice between two stops.
func checkOut(t *testing.T, d *db.DB, s *sink, tickets map[string]string, stops []time.Time) {
	t.Helper()
	told := map[string]int{}
	known := map[string]outbound{}
	got := s.deliveries()
	for _, m := range outbounds(t, d) {
		known[m.messageID] = m
		if m.kind == "opened" {
			told[m.ticket]++
		}
		arrived := got[m.messageID]
		if m.state != "sent" || len(arrived) == 0 {
			t.Errorf("the mail %s to %s is %s (%s) and arrived %d times", m.messageID, m.recipient, m.state, m.answer, len(arrived))
		}
		if len(arrived) > m.attempts {
			t.Errorf("the mail %s arrived %d times, its row says %d attempts", m.messageID, len(arrived), m.attempts)
		}
	}
	for id, ticket := range tickets {
		if told[ticket] == 0 && len(told) >= answersAnHour && strings.HasSuffix(id, "@"+strangers) {
			continue
		}
		if told[ticket] != 1 {
			t.Errorf("the ticket of %s was acknowledged by %d mails", id, told[ticket])
		}
	}
	repeated := 0
	for id, all := range got {
		if _, ok := known[id]; !ok {
			t.Errorf("a mail %s arrived at %s that is in no outbox", id, all[0].to)
		}
		slices.SortFunc(all, func(a, b delivery) int { return a.begun.Compare(b.begun) })
		for i := 1; i < len(all); i++ {
			repeated++
			between := func(at time.Time) bool { return at.Add(inSockets).After(all[i-1].begun) && at.Before(all[i].end) }
			if !slices.ContainsFunc(stops, between) {
				t.Errorf("%s arrived twice, at %s and %s, and no process was stopped in between", id, all[i-1].end.Format(time.StampMilli), all[i].end.Format(time.StampMilli))
			}
		}
	}
	if most := workers * len(stops); repeated > most {
		t.Errorf("%d mails arrived once more, more than %d workers can have had in flight at %d stops", repeated, workers, len(stops))
	}
	t.Logf("out: %d mails, %d arrived once more after %d stops", len(known), repeated, len(stops))
}

// inSockets is how long after a stop a busy machine may still read what the process had written into its sockets before.
const inSockets = time.Second

// answersAnHour is how many openings the desk tells in an hour before it answers strangers no more.
const answersAnHour = 200

// workers is how many jobs a process does at once.
const workers = 6

// checkVerify runs `bothways verify`.
func checkVerify(t *testing.T, database string) {
	t.Helper()
	if code, out := command(t, "verify", "--database", database); code != 0 {
		t.Errorf("bothways verify ends with %d:\n%s", code, out)
	}
}
