package live_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/migrate/dbtest"
)

func told(t desk.Ticket) string {
	return fmt.Sprintf(`ticket {"ticket":"%s","version":%d}`, t.Ref(), t.Version)
}

// TestEachReaderIsToldOfTheirTickets: every change is told once, with its version, to whoever may read the ticket and to nobody else.
func TestEachReaderIsToldOfTheirTickets(t *testing.T) {
	each(t, func(t *testing.T, e db.Engine) {
		w := newCompany(t, e)
		helen, owen, amara, bruno := w.open(w.helen.secret), w.open(w.owen.secret), w.open(w.amara.secret), w.open(w.bruno.secret)
		if e == db.PostgreSQL { // it begins to hear the other nodes now, so the first may have missed something
			helen.want(again)
		}
		hers := w.ask(w.helen, "VPN drops")
		helen.want(told(hers))
		amara.want(told(hers))
		hers = w.say(w.amara, hers)
		helen.want(told(hers))
		amara.want(told(hers))
		his := w.ask(w.owen, "Payroll file")
		owen.want(told(his)) // and of nothing before it
		bruno.want(told(his))
		amara.want(told(his))
		hers = w.say(w.helen, hers)
		helen.want(told(hers)) // and not of his
	})
}

// TestTwoNodes: what happens on one node is told by the other.
func TestTwoNodes(t *testing.T) {
	url := dbtest.URL(t, db.PostgreSQL)
	w := peopled(newNode(t, url, nil))
	other := newNode(t, url, nil)
	there := other.open(w.amara.secret)
	there.want("again {}")
	k := w.ask(w.helen, "VPN drops")
	there.want(told(k))
	for range 5 {
		k = other.say(w.amara, k)
		there.want(told(k))
		k = w.say(w.helen, k)
		there.want(told(k))
	}
}

// TestAStreamOutlivesTheLimitsOfAnAnswer: the server's times for a whole request and a whole answer are for pages.
func TestAStreamOutlivesTheLimitsOfAnAnswer(t *testing.T) {
	const limit = time.Second
	w := peopled(newNode(t, dbtest.URL(t, db.SQLite), func(s *http.Server) { s.ReadTimeout, s.WriteTimeout = limit, limit }))
	s := w.open(w.helen.secret)
	time.Sleep(2*limit + limit/2)
	s.want(told(w.ask(w.helen, "VPN drops")))
}

// TestStreamsEndWithTheServer at once, and no new one is begun.
func TestStreamsEndWithTheServer(t *testing.T) {
	w := newCompany(t, db.SQLite)
	s := w.open(w.helen.secret)
	w.Live.Close()
	s.ended()
	res := w.get(ctx, "GET", "/live", w.helen.secret)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("a stream of a server that stops: %d", res.StatusCode)
	}
}

// TestTheOldestBrowserMakesRoom: a person has six streams; the seventh ends the first, which is told so.
func TestTheOldestBrowserMakesRoom(t *testing.T) {
	w := newCompany(t, db.SQLite)
	var all []*stream
	for range 7 {
		all = append(all, w.open(w.helen.secret))
	}
	all[0].want("elsewhere {}")
	all[0].ended()
	k := w.ask(w.helen, "VPN drops")
	for _, s := range all[1:] {
		s.want(told(k))
	}
	owen := w.open(w.owen.secret) // one person's streams are not another's
	owen.want(told(w.ask(w.owen, "Payroll file")))
}

// TestStreamsHoldNoConnection: more streams than the pool of the database has connections, and none of those is in use.
func TestStreamsHoldNoConnection(t *testing.T) {
	w := newCompany(t, db.PostgreSQL)
	var all []*stream
	for _, p := range []person{w.owen, w.amara, w.bruno, w.person("Ewa", w.owens.ID), w.helen} {
		for range 6 {
			all = append(all, w.open(p.secret))
		}
	}
	k := w.ask(w.owen, "Payroll file")
	for _, s := range all[:18] {
		for s.next() != told(k) {
		}
	}
	used := w.DB.Raw().Stats().InUse
	for try := 0; used != 0 && try < 500; try++ { // some are still asking whether their reader may be told
		time.Sleep(10 * time.Millisecond)
		used = w.DB.Raw().Stats().InUse
	}
	if used != 0 {
		t.Errorf("%d idle streams hold %d connections", len(all), used)
	}
}

// TestHeadIsAnsweredAtOnce: asking whether the address is there opens no stream.
func TestHeadIsAnsweredAtOnce(t *testing.T) {
	w := newCompany(t, db.SQLite)
	res := w.get(ctx, "HEAD", "/live", w.helen.secret)
	_ = res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	res = w.get(ctx, "GET", "/live", "")
	_ = res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("nobody is answered %d", res.StatusCode)
	}
}

var onlyAnID = regexp.MustCompile(`^ticket \{"ticket":"BW-\d+","version":\d+\}$`)
