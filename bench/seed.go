package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/text"
)

// crowd fills a world with open tickets: the rows of one that was really made, with people, times and words of their own. Their
// ledgers are not re-read by lists, so their events stay as they are.
type crowd struct {
	sample  *sample
	persons []string
	next    int64 // number
	now     time.Time
}

// things are the words subjects are made of.
var things = strings.Fields("printer laptop scanner badge monitor dock phone headset tablet forklift-terminal scale camera router licence mailbox calendar share database report invoice")

var woes = strings.Fields("blank slow broken missing frozen loud locked wrong late double empty unreadable offline hot noisy")

// conversations opens a ticket for each length and lets agent and customer speak in turn. It gives their references.
func conversations(a *app.App, by auth.Actor, lengths ...int) ([]string, error) {
	ctx := context.Background()
	who, err := actor(ctx, a, customer(0))
	if err != nil {
		return nil, err
	}
	who.Channel, by.Channel = "portal", "desk"
	var refs []string
	for _, n := range lengths {
		t, err := openOne(ctx, a, by, customer(0))
		if err != nil {
			return nil, err
		}
		for i := 1; i < n; i++ { // the description is the first
			speaker := by
			if i%2 == 0 {
				speaker = who
			}
			in := desk.SpeakInput{Number: t.Number, Body: fmt.Sprintf("Message %d.\n\n%s", i, description)}
			if i%10 == 1 {
				in.Question = &desk.QuestionInput{Need: "the serial number"}
			}
			if _, err := a.Desk.Speak(ctx, speaker, in); err != nil {
				return nil, err
			}
			if err := a.Jobs.RunDue(ctx); err != nil { // the mail arrives
				return nil, err
			}
		}
		refs = append(refs, t.Ref())
	}
	return refs, nil
}

// grow adds tickets until there are about so many.
func (c *crowd) grow(ctx context.Context, b *bench, w *world, have, want int) error {
	pool, begin, err := b.raw(w.url)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	const at = 1000
	for have < want {
		var tickets [][]row
		for len(tickets) < at && have < want {
			tickets = append(tickets, c.another())
			have++
		}
		if err := write(ctx, pool, begin, tickets); err != nil {
			return err
		}
	}
	if _, err := pool.ExecContext(ctx, `UPDATE db_sequence SET value = $1 WHERE name = 'ticket'`, c.next); err != nil {
		return err
	}
	if b.engine == "postgres" { // what autovacuum does within a minute
		_, err = pool.ExecContext(ctx, "ANALYZE")
	}
	return err
}

// write commits many tickets, by COPY where there is one.
func write(ctx context.Context, pool *sql.DB, begin string, tickets [][]row) error {
	w, err := newWriter(ctx, pool, begin)
	if err != nil {
		return err
	}
	defer w.close()
	copied := false
	err = w.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return nil
		}
		copied = true
		return pgx.BeginFunc(ctx, c.Conn(), func(tx pgx.Tx) error {
			for k, r := range tickets[0] {
				var values [][]any
				for _, t := range tickets {
					values = append(values, t[k].values)
				}
				if _, err := tx.CopyFrom(ctx, pgx.Identifier{r.table}, r.columns, pgx.CopyFromRows(values)); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil || copied {
		return err
	}
	return w.write(ctx, tickets...)
}

// another is the rows of one more ticket.
func (c *crowd) another() []row {
	c.next++
	rows := c.sample.copy(c.next)
	kept := rows[:0]
	person := c.persons[rand.IntN(len(c.persons))]
	made := c.now.Add(-time.Duration(rand.Int64N(int64(90 * 24 * time.Hour))))
	due := c.now.Add(time.Duration(rand.Int64N(int64(30*24*time.Hour))) - 2*24*time.Hour)
	words := fmt.Sprintf("The %s at place %d is %s", things[rand.IntN(len(things))], c.next, woes[rand.IntN(len(woes))])
	for _, r := range rows {
		switch r.table {
		case "desk_ticket":
			r.set("requester_id", person)
			r.set("affected_id", person)
			r.set("subject", words)
			r.set("subject_key", " "+strings.Join(text.Words(words), " ")+" ")
			r.set("made_at", made.UnixMicro())
			r.set("turn_since", made.UnixMicro())
			r.set("changed_at", made.UnixMicro())
			r.set("due_at", due.UnixMicro())
			if rand.IntN(10) < 3 {
				r.set("turn_side", "customer")
				r.set("state", "waiting_for_customer")
			}
		case "desk_participant":
			r.set("person_id", person)
		case "job_row":
			if r.get("kind") == "mail.send" {
				continue
			}
			r.set("run_at", c.now.Add(24*time.Hour+time.Duration(rand.Int64N(int64(30*24*time.Hour)))).UnixMicro())
		case "mail_outbound":
			r.set("person_id", person)
			r.set("state", "sent")
		}
		kept = append(kept, r)
	}
	return kept
}

func (r row) set(column string, v any) {
	for i, c := range r.columns {
		if c == column {
			r.values[i] = v
		}
	}
}

func (r row) get(column string) any {
	for i, c := range r.columns {
		if c == column {
			return r.values[i]
		}
	}
	return nil
}
