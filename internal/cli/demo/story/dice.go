package story

// dice are chance that can be thrown again (splitmix64).
type dice struct{ s uint64 }

func (d *dice) next() uint64 {
	d.s += 0x9e3779b97f4a7c15
	z := d.s
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number of [0,n); 0 for n below 1.
func (d *dice) below(n int) int {
	if n < 1 {
		return 0
	}
	return int(d.next() % uint64(n))
}

// share is a number of [0,1).
func (d *dice) share() float64 { return float64(d.next()>>11) / (1 << 53) }

// is says yes in a share p of all throws.
func (d *dice) is(p float64) bool { return d.share() < p }

// between is a number of [a,b).
func (d *dice) between(a, b float64) float64 { return a + (b-a)*d.share() }

// one picks; the zero value of an empty list.
func one[T any](d *dice, of []T) (v T) {
	if len(of) > 0 {
		v = of[d.below(len(of))]
	}
	return v
}

// hash mixes a text into a number, for chance that hangs on a name.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
