package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// relay is the mail server the product sends through: it takes everything at once.
type relay struct {
	addr string
	srv  *smtp.Server
	n    atomic.Int64
}

func newRelay() (*relay, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{addr: ln.Addr().String()}
	r.srv = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &taker{r}, nil }))
	r.srv.Domain = "relay.test"
	go func() { _ = r.srv.Serve(ln) }()
	return r, nil
}

func (r *relay) count() int64 { return r.n.Load() }
func (r *relay) close()       { _ = r.srv.Close() }

type taker struct{ r *relay }

func (*taker) Reset()                               {}
func (*taker) Logout() error                        { return nil }
func (*taker) Mail(string, *smtp.MailOptions) error { return nil }
func (*taker) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (t *taker) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	t.r.n.Add(1)
	return err
}

// letter is a mail of about 1.5 kB.
func letter(from string, n int64) string {
	return fmt.Sprintf("From: Customer <%s>\r\nTo: <%s>\r\nDate: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <bench.%d@customer.test>\r\nSubject: %s (%d)\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n\r\n%s\r\n-- \r\nA. Customer\r\nPacking, Leeds\r\n",
		from, deskAddress, n, subject, n, strings.ReplaceAll(description, "\n", "\r\n"), strings.ReplaceAll(strings.Repeat(description+"\n", 2), "\n", "\r\n"))
}

// state counts what is left of mails, from a reading connection of this process.
type state struct{ pool *sql.DB }

func (s state) left(query string) (n int, err error) {
	err = s.pool.QueryRowContext(context.Background(), query).Scan(&n)
	return n, err
}

// gone waits until a query counts nothing and says how long it took since start.
func (s state) gone(start time.Time, query string) (time.Duration, error) {
	for {
		n, err := s.left(query)
		if err != nil || n == 0 {
			return time.Since(start), err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

const (
	sqlUnread = `SELECT COUNT(*) FROM mail_inbound WHERE state = 'stored'`
	sqlUnsent = `SELECT COUNT(*) FROM mail_outbound WHERE state IN ('queued', 'sending', 'maybe')`
)

// measureMail sends mails of known persons, three each, which is what is acknowledged in an hour, and waits until each is read.
func measureMail(b *bench) error {
	persons := (b.n*b.rounds + b.n/4 + 2) / 3
	w, err := b.world("mail", persons+1)
	if err != nil {
		return err
	}
	r, err := newRelay()
	if err != nil {
		return err
	}
	defer r.close()
	p, err := b.serve(w.url, r.addr)
	if err != nil {
		return err
	}
	defer p.stop()
	pool, _, err := b.raw(w.url)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	s := state{pool}
	var number atomic.Int64
	var accepted, sent []figures
	read, err := interleave(b.rounds, b.n, p.costing(func(n int) (figures, error) {
		start := time.Now()
		taken, err := drive(b.clients, n, func(int) (func(int) error, func(), error) {
			c, err := newLMTP(p.lmtp)
			if err != nil {
				return nil, nil, err
			}
			return func(int) error {
				k := number.Add(1) - 1
				from := customer(int(k / 3))
				return handOver(c, from, letter(from, k))
			}, func() { _ = c.Quit() }, nil
		})
		if err != nil {
			return figures{}, err
		}
		took, err := s.gone(start, sqlUnread)
		if err != nil {
			return figures{}, err
		}
		gone, err := s.gone(start, sqlUnsent)
		accepted = append(accepted, taken)
		sent = append(sent, figures{rate: float64(n) / gone.Seconds()})
		return figures{rate: float64(n) / took.Seconds()}, err
	}))
	if err != nil {
		return err
	}
	return b.judgeMail(typical(accepted[1:]), typical(read[0]), typical(sent[1:]), s) // the first of each was the warm-up
}

func (b *bench) judgeMail(accepted, read, sent figures, s state) error {
	tickets, err := s.left(`SELECT COUNT(*) FROM desk_ticket`)
	if err != nil {
		return err
	}
	answers, err := s.left(`SELECT COUNT(*) FROM mail_outbound`)
	if err != nil {
		return err
	}
	b.table.add(fmt.Sprintf("mail acknowledged by LMTP, %d clients", b.clients), accepted.String(), accepted.delays())
	b.table.judge("mail to ticket: stored, parsed, threaded, answer queued", read.String(), fmt.Sprintf("%d tickets, %d answers, cpu %s with the sending", tickets, answers, millis2(read.cpu)),
		"≥ 300/s", read.rate >= 300)
	b.table.add("  and its answer taken by the relay", sent.String(), "")
	return nil
}

func newLMTP(addr string) (*smtp.Client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return smtp.NewClientLMTP(conn), nil
}

func handOver(c *smtp.Client, from, raw string) error {
	if err := c.Mail(from, nil); err != nil {
		return err
	}
	if err := c.Rcpt(deskAddress, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, raw); err != nil {
		return err
	}
	_, err = w.CloseWithLMTPResponse()
	return err
}
