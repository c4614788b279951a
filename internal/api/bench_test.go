package api_test

import (
	"net/http/httptest"
	"testing"

	"bothways/internal/db"
	"bothways/internal/migrate/dbtest"
)

// The benchmarks show what the API adds; bench/ measures the program. Eight clients: -cpu 2 with parallelism 4.

func bench(b *testing.B, status int, call func(w *world) (method, path string, body any)) {
	w := newWorld(b, dbtest.Open(b, db.SQLite))
	b.SetParallelism(4)
	b.ReportAllocs()
	method, path, body := call(w)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			rec := httptest.NewRecorder()
			w.h.ServeHTTP(rec, w.request(agent, method, path, body))
			if rec.Code != status {
				b.Errorf("%d %s", rec.Code, rec.Body)
			}
		}
	})
}

func BenchmarkCreate(b *testing.B) {
	bench(b, 201, func(*world) (string, string, any) {
		return "POST", "tickets", obj{"subject": "Printer prints blank", "description": "Since this morning.", "requester": "anna@acme.example"}
	})
}

func BenchmarkGet(b *testing.B) {
	bench(b, 200, func(w *world) (string, string, any) { return "GET", "tickets/" + w.open(), nil })
}

func BenchmarkList(b *testing.B) {
	bench(b, 200, func(w *world) (string, string, any) {
		for range 60 {
			w.open()
		}
		return "GET", "tickets?sort=due&turn=provider&open=true", nil
	})
}

func BenchmarkTurns(b *testing.B) {
	bench(b, 200, func(w *world) (string, string, any) { return "GET", "tickets/" + w.open() + "/turns", nil })
}

func BenchmarkMessages(b *testing.B) {
	bench(b, 200, func(w *world) (string, string, any) {
		n := w.open()
		for range 20 {
			w.post(anna, "tickets/"+n+"/messages", obj{"body": "hello"}).is(201)
		}
		return "GET", "tickets/" + n + "/messages", nil
	})
}
