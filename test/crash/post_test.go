package crash

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

const deskAddress = "desk@bothways.test"

// letter is a mail that is sent until it is acknowledged.
type letter struct {
	id   string // Message-ID without angle brackets
	from string
	raw  []byte
}

func (l letter) sum() string {
	s := sha256.Sum256(l.raw)
	return hex.EncodeToString(s[:])
}

// strangers is the domain of senders the desk does not know.
const strangers = "elsewhere.test"

// perSender is how many mails a known person sends. The desk acknowledges three requests an hour to one address.
const perSender = 3

// bag makes n mails of known persons and strangers. The second mail of a person answers the first, the third has a file; a
// stranger sends one. Mails of a sender stand together, in their order.
func bag(n int) (letters []letter, known []string) {
	for s := 0; len(letters) < n; s++ {
		if s%10 == 9 {
			letters = append(letters, newLetter(fmt.Sprintf("stranger%d@%s", s, strangers), s, 0, ""))
			continue
		}
		from := fmt.Sprintf("person%d@customer.test", s)
		known = append(known, from)
		first := ""
		for k := 0; k < perSender && len(letters) < n; k++ {
			l := newLetter(from, s, k, first)
			letters = append(letters, l)
			if k == 0 {
				first = l.id
			}
		}
	}
	return letters, known
}

// newLetter writes the k-th mail of a sender; the second answers the first.
func newLetter(from string, sender, k int, first string) letter {
	l := letter{id: fmt.Sprintf("m%d.%d.%x@%s", sender, k, rand.Uint64(), strings.SplitN(from, "@", 2)[1]), from: from}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("From: Person %d <%s>", sender, from)
	line("To: <%s>", deskAddress)
	line("Date: Mon, 16 Nov 2026 08:%02d:00 +0000", k)
	line("Message-ID: <%s>", l.id)
	line("Subject: Request %d of person %d", k, sender)
	line("MIME-Version: 1.0")
	body := fmt.Sprintf("The printer in room %d prints blank pages.\r\n.a line that begins with a dot\r\nBlåbær, 漢字, and a number: %x\r\n", sender, rand.Uint64())
	switch k {
	case 1:
		line("In-Reply-To: <%s>", first)
		fallthrough
	case 0:
		line("Content-Type: text/plain; charset=utf-8")
		line("Content-Transfer-Encoding: 8bit")
		line("")
		b.WriteString(body)
	default:
		line("Content-Type: multipart/mixed; boundary=part")
		line("")
		line("--part\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s", body)
		line("--part\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"log %d.txt\"\r\n", sender)
		for range 20 {
			line("%s", strings.Repeat(fmt.Sprintf("%x", rand.Uint64()), 4))
		}
		line("--part--")
	}
	l.raw = []byte(b.String())
	return l
}

// post sends letters from several clients until each is acknowledged.
type post struct {
	t       *testing.T
	acked   atomic.Int64
	refused atomic.Int64 // attempts that ended without an acknowledgement
	mu      sync.Mutex
	codes   map[int]int // answers other than 250
}

// patience is how long a client waits for an answer before it hangs up and tries again, as mail servers do (they wait longer).
const patience = 3 * time.Second

// send runs clients until every letter is acknowledged. Each client takes whole senders, so that a person's mails arrive in their
// order. to gives the address for a client's next attempt.
func (p *post) send(letters []letter, clients int, to func(client, attempt int) string) {
	var wg sync.WaitGroup
	queues := make([][]letter, clients)
	who := map[string]int{}
	for _, l := range letters {
		c, ok := who[l.from]
		if !ok {
			c = len(who) % clients
			who[l.from] = c
		}
		queues[c] = append(queues[c], l)
	}
	for c := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			p.client(queues[c], func(attempt int) string { return to(c, attempt) })
		}()
	}
	wg.Wait()
}

func (p *post) client(letters []letter, to func(attempt int) string) {
	var c *smtp.Client
	attempt := 0
	for i := 0; i < len(letters); {
		var err error
		if c == nil {
			c, err = dial(to(attempt))
		}
		if err == nil {
			err = hand(c, letters[i])
		}
		if err == nil {
			p.acked.Add(1)
			i++
			continue
		}
		p.note(err)
		if c != nil {
			_ = c.Close()
			c = nil
		}
		attempt++
		time.Sleep(5 * time.Millisecond)
	}
	if c != nil {
		_ = c.Quit()
	}
}

func (p *post) note(err error) {
	p.refused.Add(1)
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.codes == nil {
			p.codes = map[int]int{}
		}
		p.codes[e.Code]++
	}
}

func dial(addr string) (*smtp.Client, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	c := smtp.NewClientLMTP(conn)
	c.CommandTimeout, c.SubmissionTimeout = patience, patience
	if err := c.Hello("client.test"); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// hand gives one letter; nil is the 250.
func hand(c *smtp.Client, l letter) error {
	if err := c.Mail(l.from, nil); err != nil {
		return err
	}
	if err := c.Rcpt(deskAddress, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(l.raw); err != nil {
		return err
	}
	_, err = w.CloseWithLMTPResponse()
	return err
}
