package live

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/id"
)

// Change is one ticket that changed, and its version since.
type Change struct{ Number, Version int64 }

// Batch is what changed since the last one, each ticket once. Lost: more may have changed than it says.
type Batch struct {
	Changes []Change
	Lost    bool
}

const (
	channel = "bothways_ticket"
	// mostPending is how many changed tickets are kept by number; beyond that, everything is to be read again.
	mostPending = 2000
	// mostPayload is below PostgreSQL's limit for one NOTIFY, 8,000 bytes.
	mostPayload = 7000
	// tellTimeout bounds how long the other nodes are waited for.
	tellTimeout = 10 * time.Second
)

// Hub passes on which tickets have changed. It is safe for concurrent use.
type Hub struct {
	db   *db.DB
	log  *slog.Logger
	node string // names this node's own notes, which it has passed on already

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu        sync.Mutex
	watchers  map[*watcher]struct{}
	pending   map[int64]int64 // number → version; not passed on yet
	lost      bool
	passing   bool // a goroutine passes on
	telling   bool // a goroutine tells other nodes that they missed something
	listening bool
	shut      bool
	heard     int64 // changes so far, ours and those of other nodes

	giving sync.Mutex // held while watchers are called
}

type watcher struct{ fn func(Batch) }

// New makes a hub. It starts nothing.
func New(d *db.DB, log *slog.Logger) *Hub {
	h := &Hub{db: d, log: log, node: id.New(), watchers: map[*watcher]struct{}{}, pending: map[int64]int64{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	return h
}

// Changed notes that a ticket changed. Call it after the commit; it never waits.
func (h *Hub) Changed(number, version int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard++
	if h.shut || len(h.watchers) == 0 && h.db.Engine() == db.SQLite {
		return
	}
	if h.pending[number] < version {
		h.pending[number] = version
	}
	if len(h.pending) > mostPending {
		h.pending, h.lost = map[int64]int64{}, true
	}
	if !h.passing {
		h.passing = true
		h.wg.Add(1)
		go h.pass()
	}
}

// Mark names what this node has heard of so far. Taken before a page is read and again once its reader watches, it is the same
// when nothing changed between the two; marks of two nodes are never the same.
func (h *Hub) Mark() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.node + "-" + strconv.FormatInt(h.heard, 10)
}

// Watch has fn called with what changes from now on, on any node; calls do not overlap, and fn must not wait. The first watcher makes the hub listen to other nodes. The function that it returns ends it.
func (h *Hub) Watch(fn func(Batch)) (end func()) {
	w := &watcher{fn}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[w] = struct{}{}
	if !h.listening && !h.shut && h.db.Engine() == db.PostgreSQL {
		h.listening = true
		h.wg.Add(1)
		go h.listen()
	}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, w)
	}
}

// Done is closed when the hub is.
func (h *Hub) Done() <-chan struct{} { return h.ctx.Done() }

// Close ends the hub after what is pending was passed on.
func (h *Hub) Close() {
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.stop()
	h.wg.Wait()
}

// pass passes on what is pending until nothing is.
func (h *Hub) pass() {
	defer h.wg.Done()
	for {
		h.mu.Lock()
		if len(h.pending) == 0 && !h.lost {
			h.passing = false
			h.mu.Unlock()
			return
		}
		b := Batch{Lost: h.lost, Changes: make([]Change, 0, len(h.pending))}
		for n, v := range h.pending {
			b.Changes = append(b.Changes, Change{n, v})
		}
		h.pending, h.lost = map[int64]int64{}, false
		h.mu.Unlock()
		h.deliver(b)
		h.tell(b)
	}
}

// deliver gives a batch to this node's watchers.
func (h *Hub) deliver(b Batch) {
	h.mu.Lock()
	fns := make([]func(Batch), 0, len(h.watchers))
	for w := range h.watchers {
		fns = append(fns, w.fn)
	}
	h.mu.Unlock()
	h.giving.Lock()
	defer h.giving.Unlock()
	for _, fn := range fns {
		fn(b)
	}
}

// tell gives a batch to the other nodes. What can't be told now is told later as something they missed.
func (h *Hub) tell(b Batch) {
	if h.db.Engine() == db.SQLite {
		return
	}
	for _, p := range payloads(h.node, b) {
		if err := h.notify(p); err != nil {
			h.log.Warn("other nodes were not told which tickets changed; trying again", "error", err)
			h.mu.Lock()
			defer h.mu.Unlock()
			if !h.telling && !h.shut {
				h.telling = true
				h.wg.Add(1)
				go h.tellLater()
			}
			return
		}
	}
}

func (h *Hub) notify(payload string) error {
	ctx, cancel := context.WithTimeout(context.Background(), tellTimeout)
	defer cancel()
	return h.db.Notify(ctx, channel, payload)
}

// tellLater tells the other nodes that they missed something, as soon as that can be told.
func (h *Hub) tellLater() {
	defer h.wg.Done()
	for h.pause(time.Second) {
		h.mu.Lock()
		h.telling = false // what can't be told from here on needs telling anew
		h.mu.Unlock()
		if h.notify(payloads(h.node, Batch{Lost: true})[0]) == nil {
			return
		}
		h.mu.Lock()
		if h.telling { // somebody else goes on
			h.mu.Unlock()
			return
		}
		h.telling = true
		h.mu.Unlock()
	}
}

// pause waits for about d; false when the hub was closed.
func (h *Hub) pause(d time.Duration) bool {
	select {
	case <-h.ctx.Done():
		return false
	case <-time.After(d + time.Duration(id.Jitter(int64(d)))):
		return true
	}
}

// listen hears what other nodes tell until Close. Each time it begins to hear, something may have been missed.
func (h *Hub) listen() {
	defer h.wg.Done()
	const least, most = 250 * time.Millisecond, 8 * time.Second
	for wait := least; ; wait = min(2*wait, most) {
		err := h.db.Listen(h.ctx, channel, func() {
			wait = least
			h.deliver(Batch{Lost: true})
		}, func(p string) {
			if b, node := read(p); node != h.node {
				h.mu.Lock()
				h.heard++
				h.mu.Unlock()
				h.deliver(b)
			}
		})
		if h.ctx.Err() != nil {
			return
		}
		h.log.Warn("other nodes are not heard; trying again", "error", err)
		if !h.pause(wait) {
			return
		}
	}
}

// payloads writes a batch as notes of the size PostgreSQL takes: "node 1042:17 1043:2", or "node *" when something is lost.
func payloads(node string, b Batch) []string {
	if b.Lost {
		return []string{node + " *"}
	}
	var out []string
	var s strings.Builder
	for _, c := range b.Changes {
		if s.Len() == 0 {
			s.WriteString(node)
		}
		s.WriteString(" " + strconv.FormatInt(c.Number, 10) + ":" + strconv.FormatInt(c.Version, 10))
		if s.Len() > mostPayload {
			out = append(out, s.String())
			s.Reset()
		}
	}
	if s.Len() > 0 {
		out = append(out, s.String())
	}
	return out
}

// read is the inverse of payloads. What can't be read counts as lost: a newer node may say more than we know.
func read(p string) (b Batch, node string) {
	node, rest, _ := strings.Cut(p, " ")
	for f := range strings.FieldsSeq(rest) {
		n, v, ok := strings.Cut(f, ":")
		number, err1 := strconv.ParseInt(n, 10, 64)
		version, err2 := strconv.ParseInt(v, 10, 64)
		if !ok || err1 != nil || err2 != nil {
			return Batch{Lost: true}, node
		}
		b.Changes = append(b.Changes, Change{number, version})
	}
	return b, node
}
