package score

import (
	"slices"

	"bothways/internal/agreement"
)

// Enough is how many promises were kept or broken before their share is compared with another.
const Enough = 20

// Promise is what became of one promise of one ticket, or how one that is owed stands. Instants are Unix seconds, 0 is none.
type Promise struct {
	Side     agreement.Side
	Metric   agreement.Metric
	Priority agreement.Priority
	State    agreement.State
	Stands   agreement.State // the state apart from a dispute
	Reason   string          // why it is waived or void
	Target   int64           // seconds of the side's working time
	Used     int64           // 0 while it is owed
	Started  int64
	Due      int64
	Ended    int64 // 0: still owed
	Decided  int64 // when it came to be what it is; 0 while it runs. The week of a trend
}

// Figures are how promises stood. Both sides' are made by the same [Figures.add].
type Figures struct {
	Kept, Broken, Waived, Disputed int64
	Running                        int64 // owed and not broken, at the instant of the reading
	Silence                        int64 // solutions accepted by silence
	Needless                       int64 // questions that had been answered already: IT's
	Owed                           int64 // of the broken, those still owed
	Over                           int64 // seconds by which the broken that ended passed their targets, in sum
	used                           []int64
	sorted                         bool
}

// Due is how many promises fell due.
func (f *Figures) Due() int64 { return f.Kept + f.Broken + f.Waived + f.Disputed }

// Counted is how many a share is of: kept or broken.
func (f *Figures) Counted() int64 { return f.Kept + f.Broken }

// Small says that there were too few to compare.
func (f *Figures) Small() bool { return f.Counted() < Enough }

// Permille is how many of a thousand were kept, rounded to the nearest; 1,000 only when all were and 0 only when none was. ok is false
// when there were none.
func (f *Figures) Permille() (share int64, ok bool) { return Permille(f.Kept, f.Counted()) }

// Permille rounds a part of a whole to a thousandth, without rounding the last one away.
func Permille(part, whole int64) (share int64, ok bool) {
	if whole <= 0 {
		return 0, false
	}
	share = (1000*part + whole/2) / whole
	switch {
	case share == 1000 && part < whole:
		share = 999
	case share == 0 && part > 0:
		share = 1
	}
	return share, true
}

// Used is the value at a rank of the working seconds that promises used, smallest first: percent 50 is the median, 90 the ninth decile.
// ok is false when nothing has ended.
func (f *Figures) Used(percent int64) (seconds int64, ok bool) {
	if len(f.used) == 0 {
		return 0, false
	}
	if !f.sorted {
		slices.Sort(f.used)
		f.sorted = true
	}
	n := int64(len(f.used))
	rank := (percent*n + 99) / 100 // nearest rank: the smallest that percent of all do not pass
	return f.used[min(max(rank, 1), n)-1], true
}

// Ended is how many promises the ranks are of.
func (f *Figures) Ended() int64 { return int64(len(f.used)) }

func (f *Figures) add(p *Promise) {
	switch p.State {
	case agreement.StateMet:
		f.Kept++
	case agreement.StateBreached:
		f.Broken++
		if p.Ended == 0 {
			f.Owed++
		} else if over := p.Used - p.Target; over > 0 {
			f.Over += over
		}
	case agreement.StateWaived:
		f.Waived++
		return
	case agreement.StateDisputed:
		f.Disputed++
		return
	case agreement.StateRunning, agreement.StatePaused:
		f.Running++
		return
	case agreement.StateVoid:
		switch p.Reason {
		case agreement.ReasonSilence:
			f.Silence++
		case agreement.ReasonReturned:
			f.Needless++
		}
		return
	default:
		return
	}
	if p.Ended != 0 {
		f.used, f.sorted = append(f.used, p.Used), false
	}
}
