package box

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"bothways/internal/kit/errs"
)

// Transport hands one mail to the outside. It answers with the relay's words, or with a *Failure.
type Transport interface {
	Deliver(ctx context.Context, m Outbound) (answer string, err error)
}

// Failure is why a mail is not known to have arrived.
type Failure struct {
	Final   bool // it never will (a 5yz answer to this mail)
	Unknown bool // the connection ended after the mail was handed over and before the answer
	Answer  string
}

// Error implements error.
func (f *Failure) Error() string { return f.Answer }

// Timeouts of the relay's answers (RFC 5321 §4.5.3.2 allows more; a relay nearby needs less).
const (
	dialTimeout    = 20 * time.Second
	commandTimeout = 60 * time.Second
	answerTimeout  = 100 * time.Second // shorter than a job's lease
)

// Relay is a Transport that submits to one SMTP server.
type Relay struct {
	addr, host string
	implicit   bool // TLS from the first byte
	plain      bool // no TLS: on loopback, or asked for
	user, pass string
	from       string // envelope sender
	build      func(Outbound) ([]byte, error)
}

// NewRelay reads HOST:PORT, smtp://user:pass@host:port or smtps://…; "?tls=none" allows an unencrypted connection to another
// machine, which is refused otherwise. from is the envelope sender; build makes the mail's bytes.
func NewRelay(address, from string, build func(Outbound) ([]byte, error)) (*Relay, error) {
	bad := func(why string) error {
		return errs.New(errs.Invalid, "box.NewRelay", "The relay's address can't be used: %s. Write HOST:PORT or smtp://user:password@host:port.", why)
	}
	if !strings.Contains(address, "://") {
		address = "smtp://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, bad("it is no smtp:// address")
	}
	r := &Relay{host: u.Hostname(), implicit: u.Scheme == "smtps", from: from, build: build}
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "465", false: "25"}[r.implicit]
	}
	r.addr = net.JoinHostPort(r.host, port)
	r.plain = !r.implicit && (u.Query().Get("tls") == "none" || r.host == "localhost" || net.ParseIP(r.host).IsLoopback())
	if u.User != nil {
		r.user = u.User.Username()
		r.pass, _ = u.User.Password()
	}
	return r, nil
}

// Deliver implements Transport.
func (r *Relay) Deliver(ctx context.Context, m Outbound) (string, error) {
	body, err := r.build(m)
	if err != nil {
		return "", &Failure{Final: true, Answer: "The mail can't be written: " + errs.Sentence(err)}
	}
	c, err := r.dial(ctx)
	if err != nil {
		return "", &Failure{Answer: fmt.Sprintf("The relay %s does not take mail now: %v", r.addr, err)}
	}
	defer func() { _ = c.Close() }()
	if err := c.Mail(r.from, nil); err != nil {
		return "", refusal("sender", err)
	}
	if err := c.Rcpt(m.Recipient, nil); err != nil {
		return "", refusal("recipient", err)
	}
	w, err := c.Data()
	if err != nil {
		return "", refusal("mail", err)
	}
	if _, err := w.Write(body); err != nil {
		return "", &Failure{Answer: fmt.Sprintf("The connection to the relay ended in the middle of the mail: %v", err)}
	}
	res, err := w.CloseWithResponse()
	if err != nil {
		var smtpErr *smtp.SMTPError
		if errors.As(err, &smtpErr) {
			return "", refusal("mail", err)
		}
		return "", &Failure{Unknown: true, Answer: fmt.Sprintf("The connection ended before the relay answered for the mail: %v", err)}
	}
	_ = c.Quit()
	return "250 " + res.StatusText, nil
}

func (r *Relay) dial(ctx context.Context) (*smtp.Client, error) {
	d := net.Dialer{Timeout: dialTimeout}
	conn, err := d.DialContext(ctx, "tcp", r.addr)
	if err != nil {
		return nil, err
	}
	var c *smtp.Client
	conf := &tls.Config{ServerName: r.host, MinVersion: tls.VersionTLS12}
	switch {
	case r.implicit:
		c = smtp.NewClient(tls.Client(conn, conf))
	case r.plain:
		c = smtp.NewClient(conn)
	default:
		if c, err = smtp.NewClientStartTLS(conn, conf); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("it offers no verified STARTTLS: %w (\"?tls=none\" allows an open connection)", err)
		}
	}
	c.CommandTimeout, c.SubmissionTimeout = commandTimeout, answerTimeout
	if r.user != "" {
		if err := c.Auth(sasl.NewPlainClient("", r.user, r.pass)); err != nil {
			_ = c.Close()
			return nil, fmt.Errorf("it refused our sign-in: %w", err)
		}
	}
	return c, nil
}

func refusal(what string, err error) error {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return &Failure{Final: e.Code >= 500, Answer: fmt.Sprintf("%d %s (to the %s)", e.Code, e.Message, what)}
	}
	if errors.Is(err, io.EOF) {
		return &Failure{Answer: "The relay hung up before it took the " + what + "."}
	}
	return &Failure{Answer: fmt.Sprintf("The relay did not answer about the %s: %v", what, err)}
}

// InApp is the demo's transport: every mail arrives at once in the in-app inbox, which shows the outbound rows.
type InApp struct{}

// Deliver implements Transport.
func (InApp) Deliver(context.Context, Outbound) (string, error) {
	return "kept for the inbox page", nil
}

// Probe says whether the relay answers, lets us in and would take a mail. Errors: what it said.
func (r *Relay) Probe(ctx context.Context) error {
	c, err := r.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.Noop(); err != nil {
		return err
	}
	return c.Quit()
}
