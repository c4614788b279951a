package calendar

// Span is a stretch of time that counts or does not, and why, in plain words: "open", "night", "weekend",
// "closed day", "holiday: Christmas Day", "break", "lunch", "between shifts" and the like.
type Span struct {
	From, To int64
	Open     bool
	Reason   string
}

// Explain lays out [from, to): the spans are contiguous, cover it exactly, and neighbours differ. Its open spans add up
// to Between(from, to). It is nil if to is not after from. It has no bound but the interval: ask for bounded ones.
func (c *Calendar) Explain(from, to int64) []Span {
	if to <= from {
		return nil
	}
	a, b := clamp(from), clamp(to)
	out := make([]Span, 0, min((b-a)/(7*daySeconds)*c.weekly+c.weekly, 1<<14))
	if from < minInstant {
		out = join(out, from, min(to, minInstant), false, reasonNoRange)
	}
	c.walk(a, b, func(from, to int64, s *segment) {
		out = join(out, from, to, s.open, s.reason)
	})
	if to > maxInstant {
		out = join(out, max(from, maxInstant), to, false, reasonNoRange)
	}
	return out
}

func join(out []Span, from, to int64, open bool, reason string) []Span {
	if n := len(out); n > 0 && out[n-1].Open == open && out[n-1].Reason == reason {
		out[n-1].To = to
		return out
	}
	return append(out, Span{from, to, open, reason})
}
