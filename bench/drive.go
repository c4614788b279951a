package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// figures are what one round of a load gave.
type figures struct {
	rate          float64 // a second
	p50, p95, p99 time.Duration
	cpu           time.Duration // of the product for one request
}

func (f figures) String() string { return fmt.Sprintf("%s/s", thousands(f.rate)) }

func (f figures) delays() string {
	out := fmt.Sprintf("p50 %s  p95 %s  p99 %s", millis(f.p50), millis(f.p95), millis(f.p99))
	if f.cpu > 0 {
		out += "  cpu " + millis2(f.cpu)
	}
	return out
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func millis2(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

func thousands(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%d,%03d", int(v)/1000, int(v)%1000)
	}
	return fmt.Sprintf("%.0f", v)
}

// drive does n requests from several clients at once. work makes a client's own function; its argument counts the requests of all.
func drive(clients, n int, work func(client int) (do func(i int) error, done func(), err error)) (figures, error) {
	delays := make([][]time.Duration, clients)
	fails := make([]error, clients)
	jobs := make(chan int, n)
	for i := range n {
		jobs <- i
	}
	close(jobs)
	var ready, all sync.WaitGroup
	begin := make(chan struct{})
	for c := range clients {
		ready.Add(1)
		all.Add(1)
		go func() {
			defer all.Done()
			do, done, err := work(c)
			ready.Done()
			if err != nil {
				fails[c] = err
				return
			}
			defer done()
			<-begin
			for i := range jobs {
				start := time.Now()
				if fails[c] = do(i); fails[c] != nil {
					return
				}
				delays[c] = append(delays[c], time.Since(start))
			}
		}()
	}
	ready.Wait()
	start := time.Now()
	close(begin)
	all.Wait()
	took := time.Since(start)
	for _, err := range fails {
		if err != nil {
			return figures{}, err
		}
	}
	every := slices.Sorted(slices.Values(slices.Concat(delays...)))
	at := func(q float64) time.Duration { return every[min(len(every)-1, int(q*float64(len(every))))] }
	return figures{rate: float64(n) / took.Seconds(), p50: at(0.50), p95: at(0.95), p99: at(0.99)}, nil
}

// round does n requests and gives what came out.
type round func(n int) (figures, error)

// interleave warms each up with a quarter of a round and then runs them in turn, so that what else the machine does disturbs all of
// them alike. It gives each one's rounds.
func interleave(rounds, n int, each ...round) ([][]figures, error) {
	out := make([][]figures, len(each))
	for i := range rounds + 1 {
		for k, do := range each {
			m := n
			if i == 0 {
				m = max(1, n/4)
			}
			f, err := do(m)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out[k] = append(out[k], f)
			}
		}
	}
	return out, nil
}

// median runs rounds after a warm-up and gives the one in the middle by rate.
func median(rounds, n int, do round) (figures, error) {
	all, err := interleave(rounds, n, do)
	if err != nil {
		return figures{}, err
	}
	return typical(all[0]), nil
}

// typical is the round in the middle by rate.
func typical(all []figures) figures {
	all = slices.SortedFunc(slices.Values(all), func(a, b figures) int { return cmp.Compare(a.rate, b.rate) })
	return all[len(all)/2]
}

// ratio is the median of the rounds' rates against another's of the same turn.
func ratio(of, to []figures) float64 {
	var all []float64
	for i := range of {
		all = append(all, of[i].rate/to[i].rate)
	}
	return middleOf(all)
}

func middleOf(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}
