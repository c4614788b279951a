package crash

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// sink is the mail server the desk sends through. It takes everything and notes every delivery.
type sink struct {
	addr string
	mu   sync.Mutex
	got  map[string][]delivery // by Message-ID
}

// delivery is one mail the sink answered 250 for.
type delivery struct {
	to         string
	begun, end time.Time // MAIL FROM, and just before the 250
}

func newSink(t *testing.T) *sink { return newSinkAt(t, "127.0.0.1:0") }

func newSinkAt(t *testing.T, addr string) *sink {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{addr: ln.Addr().String(), got: map[string][]delivery{}}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sinkSession{sink: s}, nil }))
	srv.Domain = "sink.test"
	srv.ErrorLog = silent{} // clients that are killed are the point here
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(ln)
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
	})
	return s
}

// deliveries is a copy of what arrived.
func (s *sink) deliveries() map[string][]delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string][]delivery, len(s.got))
	for id, all := range s.got {
		out[id] = append([]delivery{}, all...)
	}
	return out
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

type sinkSession struct {
	sink  *sink
	begun time.Time
	to    string
}

func (s *sinkSession) Reset()        {}
func (s *sinkSession) Logout() error { return nil }

func (s *sinkSession) Mail(string, *smtp.MailOptions) error {
	s.begun = time.Now()
	return nil
}

func (s *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

// Data takes a mail, a little slowly, so that there is something in flight when the desk dies.
func (s *sinkSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	time.Sleep(time.Duration(rand.IntN(4)) * time.Millisecond)
	if rand.IntN(20) == 0 {
		time.Sleep(30 * time.Millisecond)
	}
	id := strings.Trim(strings.TrimSpace(m.Header.Get("Message-ID")), "<>")
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.got[id] = append(s.sink.got[id], delivery{s.to, s.begun, time.Now()})
	return nil
}
