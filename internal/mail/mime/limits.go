package mime

import (
	"fmt"
	"time"

	"bothways/internal/kit/clock"
)

// Limits caps what one mail may cost. A zero field means the default of Default, so that no caller can switch a cap off
// by forgetting it.
type Limits struct {
	Depth       int                         // nested multiparts
	Parts       int                         // parts of all levels
	Headers     int                         // fields in one header block
	HeaderBytes int                         // bytes in one header block
	Params      int                         // parameters of one field
	Text        int                         // bytes of one text that are decoded for reading
	Memory      int64                       // bytes of decoded contents kept in memory
	Time        time.Duration               // for the whole mail
	Stopwatch   func() func() time.Duration // what measures Time; nil is the machine's clock
}

// Default is what attacks.md row 81 asks for: depth 32, 1000 parts, 1000 headers or 256 kB, 2 s and 64 MB, of which
// 40 MB may be decoded contents.
func Default() Limits {
	return Limits{
		Depth: 32, Parts: 1000, Headers: 1000, HeaderBytes: 256 << 10, Params: 64,
		Text: 4 << 20, Memory: 40 << 20, Time: 2 * time.Second, Stopwatch: clock.Stopwatch,
	}
}

func (l Limits) filled() Limits {
	d := Default()
	fill := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	fill(&l.Depth, d.Depth)
	fill(&l.Parts, d.Parts)
	fill(&l.Headers, d.Headers)
	fill(&l.HeaderBytes, d.HeaderBytes)
	fill(&l.Params, d.Params)
	fill(&l.Text, d.Text)
	if l.Memory <= 0 {
		l.Memory = d.Memory
	}
	if l.Time <= 0 {
		l.Time = d.Time
	}
	if l.Stopwatch == nil {
		l.Stopwatch = d.Stopwatch
	}
	return l
}

// Budget is what is left of the limits while one mail is worked on.
type Budget struct {
	Limits
	Lines    int // lines of header and boundary looked at: the work the walk has done
	elapsed  func() time.Duration
	left     int64
	late     bool
	problems []string
	seen     map[string]bool
}

// maxProblems keeps the list of an attacker's mail readable.
const maxProblems = 50

// NewBudget starts the clock.
func NewBudget(l Limits) *Budget {
	l = l.filled()
	return &Budget{Limits: l, elapsed: l.Stopwatch(), left: l.Memory, seen: map[string]bool{}}
}

// Take reserves n bytes of memory, or says that they are not to be had.
func (b *Budget) Take(n int) bool {
	if int64(n) > b.left {
		return false
	}
	b.left -= int64(n)
	return true
}

// Late says that the time is used up; what is not done by then is left out.
func (b *Budget) Late() bool {
	if !b.late && b.elapsed() > b.Time {
		b.late = true
		b.Problem("reading took longer than %s: the rest was left out", b.Time)
	}
	return b.late
}

// Problem notes what was wrong with the mail, each sentence once.
func (b *Budget) Problem(format string, args ...any) {
	p := fmt.Sprintf(format, args...)
	if b.seen[p] || len(b.problems) >= maxProblems {
		return
	}
	b.seen[p] = true
	b.problems = append(b.problems, p)
}

// Problems lists what was wrong, in the order it was met.
func (b *Budget) Problems() []string { return b.problems }
