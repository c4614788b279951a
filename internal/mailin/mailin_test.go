package mailin_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/mailin"
	"bothways/internal/migrate/dbtest"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func listen(t *testing.T, d *db.DB, o mailin.Options) string {
	t.Helper()
	o.Addr, o.Domain, o.Max = "127.0.0.1:0", "desk.example", 1<<20
	s, err := mailin.Listen(box.New(d, clock.System{}, job.New(d, clock.System{}, quiet), nil), o, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.Addr()
}

func client(t *testing.T, addr string, lmtp bool) *smtp.Client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClient(conn)
	if lmtp {
		c = smtp.NewClientLMTP(conn)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func send(c *smtp.Client, lmtp bool, to, body string) error {
	if err := c.Mail("a@x.example", nil); err != nil {
		return err
	}
	if err := c.Rcpt(to, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, body); err != nil {
		return err
	}
	if lmtp {
		_, err = w.CloseWithLMTPResponse()
		return err
	}
	return w.Close()
}

func stored(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read().QueryRow(context.Background(), `SELECT COUNT(*) FROM mail_inbound`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const mail = "From: a@x.example\r\nSubject: hi\r\n\r\nhello\r\n"

// TestAcknowledgedIsStored: a 250 is a promise, and what can't be stored is the sender's still.
func TestAcknowledgedIsStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := client(t, listen(t, d, mailin.Options{LMTP: true}), true)
		for range 3 {
			if err := send(c, true, "desk@desk.example", mail); err != nil {
				t.Fatal(err)
			}
		}
		if n := stored(t, d); n != 3 {
			t.Fatalf("%d of 3 acknowledged mails are stored", n)
		}
		if err := send(c, true, "desk@desk.example", mail+strings.Repeat("x\r\n", 600_000)); err == nil {
			t.Error("a mail beyond the limit was taken")
		}
		if n := stored(t, d); n != 3 {
			t.Fatalf("%d mails are stored", n)
		}
	})
}

func TestWhatCantBeStoredIsTheSendersStill(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	c := client(t, listen(t, d, mailin.Options{LMTP: true}), true)
	if err := send(c, true, "desk@desk.example", mail); err != nil {
		t.Fatal(err)
	}
	_ = d.Close()
	err := send(c, true, "desk@desk.example", mail)
	if err == nil || !strings.Contains(err.Error(), "could not be stored now") {
		t.Fatalf("with the database gone: %v", err)
	}
}

// TestAttack78_SMTPIsNoOpenRelay: from the outside only mail to the desk's own domain is taken.
func TestAttack78_SMTPIsNoOpenRelay(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	addr := listen(t, d, mailin.Options{})
	for _, to := range []string{"victim@elsewhere.example", "desk@desk.example.evil.example", "desk%elsewhere@relay.example"} {
		if err := send(client(t, addr, false), false, to, mail); err == nil {
			t.Errorf("mail to %s was taken", to)
		}
	}
	if err := send(client(t, addr, false), false, "desk+tag@Desk.Example", mail); err != nil {
		t.Error(err)
	}
	if n := stored(t, d); n != 1 {
		t.Fatalf("%d mails are stored, want 1", n)
	}
}
