package live

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
)

const (
	// checkEvery is how often a stream asks whether its session still is.
	checkEvery = 2 * time.Second
	// beatEvery keeps what stands between us and the browser from closing a silent connection, and finds out who has gone.
	beatEvery = 20 * time.Second
	// writeTimeout is how long a browser may take to take an event.
	writeTimeout = 10 * time.Second
)

// Routes are the stream's.
func (s *Streams) Routes() []area.Route {
	return []area.Route{{Method: "GET", Path: "/live", Door: area.ForOpenPages, Verb: auth.TicketRead, Do: s.serve}}
}

// serve is one stream: events "ticket" with number and version, "again" when what the pages show has to be read again, and
// "ended" when the session has. Errors: Unavailable.
func (s *Streams) serve(c *area.Call) error {
	if c.R.Method == http.MethodHead {
		c.W.Header().Set("Content-Type", "text/event-stream")
		return nil
	}
	st, err := s.add(c.By.PersonID)
	if err != nil {
		return err
	}
	defer s.remove(st)
	o := out{w: c.W, rc: http.NewResponseController(c.W)}
	tick, beat := s.Clock.After(checkEvery), s.Clock.Now()
	o.begin()
	o.event("at", `{"at":"`+s.Hub.Mark()+`"}`)
	for o.err == nil {
		select {
		case <-c.Ctx().Done():
			return nil
		case <-s.Hub.Done():
			return nil
		case <-st.full:
			o.event("elsewhere", "{}")
			return nil
		case <-st.wake:
		case <-tick:
			tick = s.Clock.After(checkEvery)
		}
		by, err := c.Face.Again(c.Ctx())
		switch {
		case errs.Is(err, errs.Unauthenticated):
			o.event("ended", "{}")
			return nil
		case err != nil: // it can't be asked now: nothing is told without
			return nil
		case !sameRights(by, c.By): // what the pages show may be another by now
			o.event("again", "{}")
			return nil
		}
		all, lost := st.take()
		o.changes(by, all, lost)
		if now := s.Clock.Now(); now.Sub(beat) >= beatEvery {
			beat = now
			o.write(":\n\n")
		}
	}
	return nil
}

// sameRights says whether rights are what they were when the stream was opened.
func sameRights(a, b auth.Actor) bool {
	return a.OrgID == b.OrgID && a.SiteID == b.SiteID && a.Stranger == b.Stranger && slices.Equal(a.Grants, b.Grants) && slices.Equal(a.Teams, b.Teams)
}

// out writes events, each within its own time: the server's limit for a whole answer does not fit a stream.
type out struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

func (o *out) begin() {
	h := o.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	_ = o.rc.SetReadDeadline(time.Time{})
	o.w.WriteHeader(http.StatusOK)
	o.write("retry: 2000\n\n")
}

func (o *out) changes(by auth.Actor, all []desk.Standing, lost bool) {
	if lost {
		o.event("again", "{}")
	}
	slices.SortFunc(all, func(a, b desk.Standing) int { return int(a.Number - b.Number) })
	for i := range all {
		if auth.Can(by, auth.TicketRead, all[i].Object) == nil {
			o.event("ticket", fmt.Sprintf(`{"ticket":"%s","version":%d}`, desk.Ref(all[i].Number), all[i].Version))
		}
	}
}

func (o *out) event(name, data string) { o.write("event: " + name + "\ndata: " + data + "\n\n") }

func (o *out) write(s string) {
	if o.err != nil {
		return
	}
	_ = o.rc.SetWriteDeadline(clock.System{}.Now().Add(writeTimeout)) // a connection goes by the machine's clock
	if _, o.err = o.w.Write([]byte(s)); o.err == nil {
		o.err = o.rc.Flush()
	}
}
