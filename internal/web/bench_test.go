package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"bothways/internal/desk"
	"bothways/internal/web"
)

// visits measures a page as a browser asks for it, compressed, by as many at once as there are processors.
func visits(b *testing.B, w *world, as *person, path string) {
	b.Helper()
	b.ReportAllocs()
	open, leave := context.WithCancel(ctx) // a browser may leave at any time, which each statement is told of
	defer leave()
	before := cpu()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w.clk.Advance(time.Microsecond) // what is kept for seconds is kept while the clock moves
			r := httptest.NewRequest("GET", base+path, nil).WithContext(open)
			r.Header.Set("Accept-Encoding", "gzip")
			r.AddCookie(web.SessionCookie(base, as.secret))
			rec := httptest.NewRecorder()
			w.pages.ServeHTTP(rec, r)
			if rec.Code != http.StatusOK {
				b.Fatalf("%s: %d", path, rec.Code)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/page")
}

// cpu is the processor time of this process so far: it says most where the machine is shared.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkQueue(b *testing.B) {
	w := newWorld(b)
	for i := range 300 {
		must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.helen.Actor, desk.OpenInput{Subject: fmt.Sprintf("VPN drops when I dock laptop %d", i), Description: "Since Monday it drops twice a day."})
		})
	}
	b.ResetTimer()
	visits(b, w, &w.amara, "/desk?q=turn%3Aprovider")
}

// busy is a ticket with twenty messages, half of them IT's questions.
func busy(b *testing.B) (*world, int64) {
	b.Helper()
	w := newWorld(b)
	n := w.ask(&w.helen, "VPN drops when I dock my laptop")
	for range 10 {
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.amara.Actor, desk.SpeakInput{Number: n, Body: "Does it also happen with the cable straight in the laptop?\n\nThe dock may be the cause.", Question: &desk.QuestionInput{Need: "a yes or no"}})
		})
		w.advance(20 * time.Minute)
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen.Actor, desk.SpeakInput{Number: n, Body: "No, without the dock it is fine.\nHelen"})
		})
		w.advance(10 * time.Minute)
	}
	for i := range 30 {
		must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.helen.Actor, desk.OpenInput{Subject: fmt.Sprintf("Another %d", i), Description: "x"})
		})
	}
	return w, n
}

func BenchmarkTicket(b *testing.B) {
	w, n := busy(b)
	b.ResetTimer()
	visits(b, w, &w.amara, "/desk/tickets/"+desk.Ref(n))
}

func BenchmarkRequest(b *testing.B) {
	w, n := busy(b)
	b.ResetTimer()
	visits(b, w, &w.helen, "/requests/"+desk.Ref(n))
}

func BenchmarkHome(b *testing.B) {
	w, _ := busy(b)
	b.ResetTimer()
	visits(b, w, &w.helen, "/")
}
