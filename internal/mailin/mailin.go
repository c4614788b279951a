// Package mailin takes mail in over LMTP (RFC 2033) and SMTP (RFC 5321).
//
// It acknowledges a mail only when box.Receive has made its bytes durable: a 250 is a promise. What can't be stored now is a
// 4yz answer, and the sender keeps it. Reading the mail is a job's work, later.
package mailin

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
)

// Limits of one connection.
const (
	readTimeout   = 2 * time.Minute
	writeTimeout  = time.Minute
	maxRecipients = 100
	maxLine       = 1 << 20 // RFC 5321 asks for 998; what comes in is longer
	// maxConnections bounds the memory that mails on their way in can take; more wait.
	maxConnections = 64
)

// Server listens for mail.
type Server struct {
	smtp *smtp.Server
	log  *slog.Logger
	ln   net.Listener
	done chan struct{}
}

// Options say how a server listens.
type Options struct {
	Addr   string
	LMTP   bool
	Domain string // in the greeting, and whose mail SMTP takes
	Max    int64  // bytes of a mail
}

// Listen takes the address and starts to serve. Errors: Unavailable when the address is taken.
func Listen(b *box.Box, o Options, log *slog.Logger) (*Server, error) {
	ln, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, "mailin.Listen", err, "The mail address %s can't be listened on: %v. Choose another port, or stop what uses it.", o.Addr, err)
	}
	ln = netutil.LimitListener(ln, maxConnections)
	s := smtp.NewServer(backend{box: b, log: log, domain: o.Domain, lmtp: o.LMTP})
	s.LMTP, s.Domain = o.LMTP, o.Domain
	s.ReadTimeout, s.WriteTimeout = readTimeout, writeTimeout
	s.MaxMessageBytes, s.MaxRecipients, s.MaxLineLength = o.Max, maxRecipients, maxLine
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quiet{log}
	srv := &Server{smtp: s, log: log, ln: ln, done: make(chan struct{})}
	go func() {
		defer close(srv.done)
		if err := s.Serve(ln); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			log.Error("mail is no longer taken", "address", o.Addr, "error", err)
		}
	}()
	return srv, nil
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.ln.Addr().String() }

// Close ends the server: mails whose storing has begun are answered first.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.smtp.Shutdown(ctx)
	if err != nil {
		err = s.smtp.Close()
	}
	<-s.done
	return err
}

// quiet sends the library's words to our log.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, v ...any) {
	q.log.Debug("mail connection", "words", format, "args", v)
}
func (q quiet) Println(v ...any) { q.log.Debug("mail connection", "args", v) }

type backend struct {
	box    *box.Box
	log    *slog.Logger
	domain string
	lmtp   bool
}

// NewSession implements smtp.Backend.
func (b backend) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{b: b}, nil }

type session struct {
	b    backend
	from string
	to   []string
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt implements smtp.Session. By SMTP, from the outside, only mail to the desk's domain is taken; LMTP speaks to our own
// mail server, which has decided that.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.b.lmtp {
		if i := strings.LastIndexByte(to, '@'); i < 0 || !strings.EqualFold(to[i+1:], s.b.domain) {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "mail for this domain is not taken here"}
		}
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session: nil becomes the 250.
func (s *session) Data(r io.Reader) error {
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(r); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	if _, err := s.b.box.Receive(ctx, s.from, strings.Join(s.to, ","), buf.Bytes()); err != nil {
		s.b.log.Error("a mail could not be stored; its sender keeps it", "error", err)
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "it could not be stored now, try again later"}
	}
	return nil
}
