package browser

import (
	"slices"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"bothways/test/browser/chromium"
)

// How a phone on slow 4G loads, as Lighthouse has it: 1.6 Mbit/s, 150 ms, a processor a quarter as fast.
const (
	slowDown, slowUp = 1.6e6 / 8, 750e3 / 8 // bytes a second
	slowLatency      = 150                  // ms
	slowCPU          = 4
)

// most of a page may move after it was first drawn: the bound between good and not, as browsers measure it.
const mostShift = 0.1

// A first visit with nothing cached: when the first text stands is reported (a machine that is busy says nothing about the page,
// so nothing is asserted); that what stands does not move is.
func TestFirstVisitOnSlow4G(t *testing.T) {
	w := newWorld(t)
	for _, v := range []struct{ as, path string }{
		{"", "/sign-in"}, {helen, "/"}, {helen, "/requests/new"}, {helen, "/requests/" + w.ref(vpn)}, {amara, "/desk"}, {amara, "/desk/tickets/" + w.ref(vpn)},
	} {
		t.Run(v.as+v.path, func(t *testing.T) {
			var times []int
			for range 3 {
				ms, shift := w.slowly(v.as, v.path)
				if times = append(times, ms); shift > mostShift {
					t.Errorf("what stands moves by %.3f, the most is %.1f", shift, mostShift)
				}
			}
			slices.Sort(times)
			t.Logf("first text after %d ms, the middle of %v", times[1], times)
		})
	}
}

// slowly opens a page in a profile of its own, and says when its first text stood and how much moved after that.
func (w *world) slowly(as, path string) (ms int, shift float64) {
	w.t.Helper()
	x := w.tab(as, chromium.Phone)
	for _, emulate := range []interface{ Call(proto.Client) error }{
		proto.NetworkEmulateNetworkConditions{Latency: slowLatency, DownloadThroughput: slowDown, UploadThroughput: slowUp},
		proto.EmulationSetCPUThrottlingRate{Rate: slowCPU},
	} {
		if err := emulate.Call(x); err != nil {
			w.t.Fatal(err)
		}
	}
	x.MustEvalOnNewDocument(`(() => {
		window.moved = 0
		new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.moved += e.value }).observe({type: 'layout-shift', buffered: true})
	})()`)
	x.Go(path)
	x.MustEval(`() => document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 300))))`)
	ms = x.MustEval(`() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1)`).Int()
	shift = x.MustEval(`() => window.moved`).Num()
	x.MustClose()
	return ms, shift
}
