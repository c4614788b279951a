package browser

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"bothways/test/browser/chromium"
)

// asked counts what the browser asks the server for: ahead of time, and otherwise.
type asked struct {
	mu           sync.Mutex
	ahead, other map[string]int
}

func (w *world) count() *asked {
	c, next := &asked{ahead: map[string]int{}, other: map[string]int{}}, w.server.Config.Handler
	w.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		if r.Header.Get("Sec-Purpose") != "" {
			c.ahead[r.Method+" "+r.URL.Path]++
		} else {
			c.other[r.Method+" "+r.URL.Path]++
		}
		c.mu.Unlock()
		next.ServeHTTP(rw, r)
	})
	return c
}

func (c *asked) of(what string) (ahead, otherwise int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead[what], c.other[what]
}

func (w *world) here(ref string) int {
	w.t.Helper()
	d, err := w.app.Desk.Writing.On(ctx, w.actor(kofi).PersonID, w.ticket(ref).ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(d.Here)
}

// J never waits: the next ticket's page is there before it is asked for. It was read and nothing else: nobody is on that ticket, and
// it is as it was. Where data is to be saved nothing is fetched.
func TestTheNextTicketIsFetchedAhead(t *testing.T) {
	w := newWorld(t)
	c := w.count()
	x := w.tab(amara, chromium.Desktop).Go("/desk")
	refs := rows(x, "provider")
	next := "/desk/tickets/" + refs[1]
	before := w.ticket(refs[1])
	x.Then(func() { x.Click(`.q a[href="/desk/tickets/` + refs[0] + `"]`) })
	until(t, "the next one is fetched", func() bool { n, _ := c.of("GET " + next); return n == 1 })
	if n := w.here(refs[1]); n != 0 {
		t.Errorf("fetched ahead, %d people are on it", n)
	}
	if after := w.ticket(refs[1]); after.Version != before.Version || after.ChangedAt != before.ChangedAt {
		t.Errorf("fetching changed it: %+v, %+v", before, after)
	}
	for what := range c.ahead {
		if what != "GET "+next {
			t.Errorf("this is fetched ahead, too: %s", what)
		}
	}
	goes(x, "j")
	if x.Path() != next {
		t.Fatalf("j leads to %s", x.Path())
	}
	until(t, "now its reader is there", func() bool { return w.here(refs[1]) == 1 })
	if ahead, otherwise := c.of("GET " + next); ahead != 1 || otherwise != 0 {
		t.Errorf("with j it was asked for again: %d and %d", ahead, otherwise)
	}

	y := w.tab(kofi, chromium.Desktop)
	y.MustEvalOnNewDocument(`Object.defineProperty(navigator, 'connection', {value: {saveData: true, effectiveType: '4g'}})`)
	y.Go("/desk")
	y.Then(func() { y.Click(`.q a[href="/desk/tickets/` + refs[2] + `"]`) })
	time.Sleep(2 * time.Second)
	if y.MustEval(`() => document.querySelectorAll('a[data-next]').length`).Int() != 0 {
		t.Error("a page is fetched ahead although data is to be saved")
	}
}
