package agreement

// InForce is the version that was in force on the ticket at an instant; nil when nothing was read.
func (r Result) InForce(at int64) *Version {
	if g := r.regimeAt(at); g != nil {
		return g.version
	}
	return nil
}

func (r Result) regimeAt(at int64) *regime {
	var last *regime
	for i := range r.regimes {
		if g := &r.regimes[i]; last == nil || g.from <= at {
			last = g
		}
	}
	return last
}

// Working is how much of a turn lay in the hours of whoever's it was: the customer's in the customer's calendar, everybody else's in the
// service calendar, as each stood in the version then in force.
func (r Result) Working(t Turn) int64 {
	sum := int64(0)
	for k := range r.regimes {
		from, to := max(t.Since, r.regimes[k].from), t.until(r.now)
		if k+1 < len(r.regimes) {
			to = min(to, r.regimes[k+1].from)
		}
		if from < to {
			sum += r.regimes[k].version.hours(t.Side).between(from, to)
		}
	}
	return sum
}

// Late is from when on the obligation at an index of Obligations is broken if nobody moves: the end of the first second of its side's time
// past its target. It is the same at every instant of the reading until somebody does. 0: it stands still, or has ended.
func (r Result) Late(i int) int64 {
	o := &r.Obligations[i]
	if o.Ended != 0 || o.Due == 0 || o.Stands != StateRunning && o.Stands != StateBreached {
		return 0
	}
	at, _ := r.regimeAt(o.Due).version.hours(o.Side).add(o.Due, 1)
	return at
}
