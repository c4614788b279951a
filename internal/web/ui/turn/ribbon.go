package turn

import (
	"strconv"
	"time"

	"bothways/internal/web/ui"
)

// Ribbon is a ticket's life as spans of whose turn it was: the drawing and the
// table below it come from the same spans.
type Ribbon struct {
	// Spans follow each other without gap or overlap, oldest first.
	Spans []Span
	// Marks are reminders, promises and hand-overs on a lane.
	Marks []Mark
	// Hours are the service hours within the life, oldest first. When given,
	// the drawing shows only these; nights and weekends are folded away. The
	// table always shows wall time beside them.
	Hours []Period
	// ITName and YouName label the lanes: "IT" and "Helen" (or "You").
	ITName, YouName string
	// Ended is set once the ticket is closed: no marker for "now".
	Ended bool
}

// Span is one turn: who owed the next move, from when to when, and what
// began it ("Helen answered by mail").
type Span struct {
	Side     ui.Side
	From, To time.Time
	Who      string
	Cause    string
}

// Mark is an instant worth a dot on a lane, with its sentence.
type Mark struct {
	Side ui.Side
	At   time.Time
	Text string
}

// Period is a stretch of time, end excluded.
type Period struct{ From, To time.Time }

// Geometry of the drawing, in CSS pixels of its fixed height.
const (
	laneHeight = 18
	itLane     = 2
	youLane    = 24
	itMiddle   = itLane + laneHeight/2
	youMiddle  = youLane + laneHeight/2
)

type ribbonBar struct{ class, x, width, y, height, title string }
type ribbonLine struct{ x string }
type ribbonDay struct {
	x, label    string
	line, tight bool
}
type ribbonDot struct{ x, y, title string }

// ribbonView is a ribbon turned into coordinates: percent of the width, so
// that the drawing needs no script to fit its place.
type ribbonView struct {
	bars    []ribbonBar
	passes  []ribbonLine
	days    []ribbonDay
	dots    []ribbonDot
	nowX    string
	nowY    string
	nowHue  string
	it, you laneTotal
	folded  bool
	label   string
}

type laneTotal struct {
	wall, shown time.Duration
	percent     int
}

// scale maps instants to percent of the width, counting service hours only
// when these are known.
type scale struct {
	hours    []Period
	from, to time.Time
	total    time.Duration
}

func newScale(rb Ribbon) scale {
	s := scale{from: rb.Spans[0].From, to: rb.Spans[len(rb.Spans)-1].To}
	for _, p := range rb.Hours {
		if !p.To.After(s.from) || !p.From.Before(s.to) {
			continue
		}
		p.From, p.To = later(p.From, s.from), earlier(p.To, s.to)
		s.hours = append(s.hours, p)
		s.total += p.To.Sub(p.From)
	}
	if s.total <= 0 { // no service hour within the life: show wall time
		s.hours, s.total = nil, s.to.Sub(s.from)
	}
	return s
}

func (s scale) before(t time.Time) time.Duration {
	if s.hours == nil {
		return min(max(t.Sub(s.from), 0), s.total)
	}
	var d time.Duration
	for _, p := range s.hours {
		if !t.After(p.From) {
			break
		}
		d += earlier(p.To, t).Sub(p.From)
	}
	return d
}

func (s scale) at(t time.Time) float64 {
	if s.total <= 0 {
		return 0
	}
	return float64(s.before(t)) / float64(s.total) * 100
}

// view computes the drawing. It returns false for a ribbon without a span of
// any length, which is then not drawn.
func (rb Ribbon) view(r ui.Reader) (ribbonView, bool) {
	if len(rb.Spans) == 0 || !rb.Spans[len(rb.Spans)-1].To.After(rb.Spans[0].From) {
		return ribbonView{}, false
	}
	s := newScale(rb)
	v := ribbonView{folded: s.hours != nil}
	for i, sp := range rb.Spans {
		x, end := s.at(sp.From), s.at(sp.To)
		v.addBar(r, rb, sp, x, end)
		if i > 0 {
			v.passes = append(v.passes, ribbonLine{pct(x)})
		}
		v.count(sp, s)
	}
	v.it.percent, v.you.percent = share(v.it.shown, s.total), share(v.you.shown, s.total)
	v.days = days(r, s)
	for _, m := range rb.Marks {
		y := itMiddle
		if m.Side == ui.Customer {
			y = youMiddle
		}
		v.dots = append(v.dots, ribbonDot{x: pct(s.at(m.At)), y: strconv.Itoa(y), title: r.When(m.At) + ": " + m.Text})
	}
	last := rb.Spans[len(rb.Spans)-1]
	if !rb.Ended {
		v.nowX, v.nowY, v.nowHue = "100%", strconv.Itoa(itMiddle), "now "+last.Side.Hue()
		if last.Side == ui.Customer {
			v.nowY = strconv.Itoa(youMiddle)
		}
	}
	v.label = rb.sentence(v, last)
	return v, true
}

// hoursShown says what the drawing's width stands for.
func (v ribbonView) hoursShown() string {
	if v.folded {
		return "Service hours only."
	}
	return "Every hour shown."
}

func (v *ribbonView) addBar(r ui.Reader, rb Ribbon, sp Span, x, end float64) {
	if end-x <= 0 {
		return
	}
	y, h := itLane, laneHeight
	switch sp.Side {
	case ui.Customer:
		y = youLane
	case ui.Nobody: // between the lanes: nobody owes a move
		y, h = itLane+laneHeight, youLane-itLane-laneHeight
	}
	v.bars = append(v.bars, ribbonBar{
		class: sp.Side.Hue(), x: pct(x), width: pct(max(end-x, .4)),
		y: strconv.Itoa(y), height: strconv.Itoa(h),
		title: rb.name(sp) + ": " + r.When(sp.From) + " to " + r.Until(sp.From, sp.To),
	})
}

func (v *ribbonView) count(sp Span, s scale) {
	shown := s.before(sp.To) - s.before(sp.From)
	switch sp.Side {
	case ui.Provider:
		v.it.wall += sp.To.Sub(sp.From)
		v.it.shown += shown
	case ui.Customer:
		v.you.wall += sp.To.Sub(sp.From)
		v.you.shown += shown
	}
}

func (rb Ribbon) name(sp Span) string {
	if sp.Who != "" {
		return sp.Who
	}
	switch sp.Side {
	case ui.Provider:
		return rb.ITName
	case ui.Customer:
		return rb.YouName
	case ui.Supplier:
		return "Supplier"
	default:
		return "Nobody"
	}
}

// sentence is what the drawing says, for whoever does not see it.
func (rb Ribbon) sentence(v ribbonView, last Span) string {
	out := "Whose turn it has been. " +
		rb.ITName + ": " + ui.Span(v.it.shown) + ", " + strconv.Itoa(v.it.percent) + " percent. " +
		rb.YouName + ": " + ui.Span(v.you.shown) + ", " + strconv.Itoa(v.you.percent) + " percent."
	if !rb.Ended {
		out += " Now: " + rb.name(last) + "."
	}
	return out
}

// days places a label at the first shown instant of each day, leaving out
// what would overlap; tight labels vanish in narrow places.
func days(r ui.Reader, s scale) []ribbonDay {
	starts := s.dayStarts(r)
	format := "Mon 2"
	if len(starts) > 10 {
		format = "2 Jan"
	}
	var out []ribbonDay
	lastAny, lastWide := -100.0, -100.0
	for i, t := range starts {
		x := s.at(t)
		if i > 0 && (x-lastAny < 9 || x > 95) {
			continue
		}
		d := ribbonDay{x: pct(x), label: r.In(t).Format(format), line: i > 0}
		d.tight = x-lastWide < 24 || x > 88
		if !d.tight {
			lastWide = x
		}
		lastAny = x
		out = append(out, d)
	}
	return out
}

func (s scale) dayStarts(r ui.Reader) []time.Time {
	out := []time.Time{s.from}
	day := r.In(s.from).YearDay()
	if s.hours == nil {
		d := r.In(s.from)
		for n := 1; n < 400; n++ {
			t := time.Date(d.Year(), d.Month(), d.Day()+n, 0, 0, 0, 0, d.Location())
			if !t.Before(s.to) {
				break
			}
			out = append(out, t)
		}
		return out
	}
	for _, p := range s.hours {
		if d := r.In(p.From).YearDay(); d != day {
			day = d
			out = append(out, p.From)
		}
	}
	return out
}

func pct(x float64) string {
	var b [12]byte
	return string(append(strconv.AppendFloat(b[:0], x, 'f', 2, 64), '%'))
}

func share(part, whole time.Duration) int {
	if whole <= 0 {
		return 0
	}
	return int((part*200 + whole) / (whole * 2))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// life is the wall time from the first turn's start to the last one's end.
func (rb Ribbon) life() time.Duration {
	if len(rb.Spans) == 0 {
		return 0
	}
	return rb.Spans[len(rb.Spans)-1].To.Sub(rb.Spans[0].From)
}
