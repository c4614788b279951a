package score

import "math"

// Sample is a mean and a spread, collected value by value (Welford).
type Sample struct {
	N    int64
	Mean float64
	m2   float64
}

// Add takes a value in.
func (s *Sample) Add(x float64) {
	s.N++
	d := x - s.Mean
	s.Mean += d / float64(s.N)
	s.m2 += d * (x - s.Mean)
}

// Variance is that of the population it was drawn from, estimated.
func (s *Sample) Variance() float64 {
	if s.N < 2 {
		return 0
	}
	return s.m2 / float64(s.N-1)
}

// EnoughTickets is how many tickets must have ended before and after for a difference of their means to be told.
const EnoughTickets = 30

// Effect is the difference of two means, after less before, with its 95 % interval.
type Effect struct {
	Before, After   Sample
	Difference      float64
	Lowest, Highest float64
}

// Clear says whether the interval leaves out no difference at all.
func (e Effect) Clear() bool { return e.Lowest > 0 || e.Highest < 0 }

// Compare gives the difference of two means by Welch's method, which takes no equal spreads for granted. ok is false when either sample is
// smaller than EnoughTickets, or neither varies: then nothing can be said.
func Compare(before, after Sample) (e Effect, ok bool) {
	e = Effect{Before: before, After: after, Difference: after.Mean - before.Mean}
	if before.N < EnoughTickets || after.N < EnoughTickets {
		return e, false
	}
	a, b := before.Variance()/float64(before.N), after.Variance()/float64(after.N)
	if a+b == 0 {
		return e, false
	}
	freedom := (a + b) * (a + b) / (a*a/float64(before.N-1) + b*b/float64(after.N-1)) // Welch and Satterthwaite
	half := student975(freedom) * math.Sqrt(a+b)
	e.Lowest, e.Highest = e.Difference-half, e.Difference+half
	return e, true
}

// student975 is the 97.5th percentile of Student's distribution, by the expansion of Cornish and Fisher about the normal one: to 0.0002 from
// nine degrees of freedom on, and there are never fewer than EnoughTickets-1.
func student975(freedom float64) float64 {
	const z = 1.959963984540054
	z3, z5, z7, z9 := math.Pow(z, 3), math.Pow(z, 5), math.Pow(z, 7), math.Pow(z, 9)
	n := freedom
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n) +
		(79*z9+776*z7+1482*z5-1920*z3-945*z)/(92160*n*n*n*n)
}
