package chart

import (
	"strconv"
	"strings"

	"bothways/internal/web/ui"
)

// Head is one side's share, large, with how it went.
type Head struct {
	Side ui.Side
	Name string
	// Share is of a thousand; None says that nothing was kept or broken yet, Few that there was too little to call it a share.
	Share     int64
	None, Few bool
	Kept      int64
	Counted   int64
	KeptHref  string // opens what was kept
	AllHref   string // opens all of it
	Trend     Trend
	Text      string
}

// big is the figure: "98.6" of a hundred, or what was counted.
func (h Head) big() string {
	switch {
	case h.None:
		return "–"
	case h.Few:
		return ui.Count(int(h.Kept))
	}
	return Percent(h.Share)
}

// unit stands small behind the figure.
func (h Head) unit() string {
	switch {
	case h.None:
		return ""
	case h.Few:
		return " of " + ui.Count(int(h.Counted))
	}
	return "%"
}

// Percent writes a share of a thousand as one of a hundred: "98.6", "81".
func Percent(permille int64) string {
	out := strconv.FormatInt(permille/10, 10)
	if d := permille % 10; d != 0 {
		out += "." + strconv.FormatInt(d, 10)
	}
	return out
}

// Trend is a line of shares, week by week.
type Trend struct {
	Side   ui.Side
	Label  string
	Values []int64 // of a thousand; below 0 where a week has none
	Floor  int64   // the share at the bottom of the drawing: the same for both sides
}

// The size of a trend.
const (
	trendLeft   = 34
	trendWidth  = 250
	trendHeight = 64
)

// lines are the stretches of the trend without a gap, as points, and where it ends.
func (t Trend) lines() (lines []string, x, y string) {
	step := 0.0
	if len(t.Values) > 1 {
		step = (trendWidth - trendLeft - 4) / float64(len(t.Values)-1)
	}
	var points []string
	end := func() {
		if len(points) > 1 {
			lines = append(lines, strings.Join(points, " "))
		}
		points = nil
	}
	for i, v := range t.Values {
		if v < 0 {
			end()
			continue
		}
		x, y = number(trendLeft+float64(i)*step), number(t.height(v))
		points = append(points, x+","+y)
	}
	end()
	return lines, x, y
}

// height is where a share stands, all on top.
func (t Trend) height(permille int64) float64 {
	return 4 + (1000-float64(permille))*(trendHeight-8)/float64(max(1000-t.Floor, 1))
}

func (t Trend) floor() string { return Percent(t.Floor) + "%" }

// Level gives trends that are read together one scale: the lowest of all, rounded down to a fifth, is at the bottom.
func Level(trends ...*Trend) {
	lowest := int64(800)
	for _, t := range trends {
		for _, v := range t.Values {
			if v >= 0 {
				lowest = min(lowest, v)
			}
		}
	}
	for _, t := range trends {
		t.Floor = lowest / 200 * 200
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// line is the class of a side's line.
func line(s ui.Side) string { return "l-" + s.Hue() }

// Wing is one side of a pair of promises.
type Wing struct {
	Text  string // "A first reply within 4 h"; "" is nothing agreed
	Share string // "99%", "12 of 14"
	Width int    // of a hundred; below 0 draws no bar
	Links []ui.Link
	Note  string // "half used 2 h or less, nine of ten 3 h"
}

// Pair is a promise facing the one it depends on.
type Pair struct {
	About   string
	IT, You Wing
}

func (w Wing) width() string { return strconv.Itoa(w.Width) + "%" }

func (w Wing) rest() string { return strconv.Itoa(100-w.Width) + "%" }

// Part is one part of a whole.
type Part struct {
	Hue   string // it, you, else, mute2
	Label string
	Share string // "32%"
	Width float64
	at    float64
}

// Hues of parts that are no side's.
const (
	HueSupplier = "else"
	HuePause    = "mute2"
)

func (p Part) x() string { return number(p.at) + "%" }

func (p Part) width() string { return number(p.Width) + "%" }

func (p Part) swatch() string {
	if p.Hue == HuePause {
		return "swatch m2"
	}
	return "swatch " + p.Hue
}

// laid puts parts one after the other.
func laid(parts []Part) []Part {
	out := make([]Part, len(parts))
	at := 0.0
	for i, p := range parts {
		p.at = at
		at += p.Width
		out[i] = p
	}
	return out
}

// Stack is a column of a drawing over weeks.
type Stack struct {
	Label string // under the column; "" is none
	Title string // read out
	Parts [4]float64
}

// Stacks are columns of parts: IT's, the customer's, a supplier's, an agreed wait.
type Stacks struct {
	Label string // the sentence
	Unit  string // "h"
	All   []Stack
}

// The size of a drawing over weeks.
const (
	stacksLeft   = 34
	stacksRight  = 385
	stacksTop    = 12
	stacksBottom = 118
)

type block struct{ class, x, y, width, height, title string }

type label struct{ x, y, text string }

type stacksView struct {
	blocks []block
	under  []label
	left   []label
}

var stackClasses = [4]string{"it", "you", "else", "mute"}

func (s Stacks) view() stacksView {
	var v stacksView
	top := 0.0
	for _, c := range s.All {
		top = max(top, c.Parts[0]+c.Parts[1]+c.Parts[2]+c.Parts[3])
	}
	top = nice(top)
	scale := (stacksBottom - stacksTop) / top
	v.left = []label{
		{"28", number(stacksBottom - top*scale + 4), strconv.FormatFloat(top, 'f', -1, 64) + " " + s.Unit}, {"28", number(stacksBottom - top*scale/2 + 4), strconv.FormatFloat(top/2, 'f', -1, 64)},
	}
	step := (stacksRight - stacksLeft) / float64(max(len(s.All), 1))
	for i, c := range s.All {
		x, y := stacksLeft+float64(i)*step, float64(stacksBottom)
		for k, part := range c.Parts {
			if h := part * scale; h > 0 {
				y -= h
				v.blocks = append(v.blocks, block{stackClasses[k], number(x), number(y), number(max(step*.74, 1)), number(h), c.Title})
			}
		}
		if c.Label != "" {
			v.under = append(v.under, label{number(x), "134", c.Label})
		}
	}
	return v
}

// nice is a round figure that is not below v.
func nice(v float64) float64 {
	for unit := 1.0; ; unit *= 10 {
		for _, m := range [...]float64{1, 2, 4, 6, 8} {
			if m*unit >= v {
				return m * unit
			}
		}
	}
}

// Help is what would help most.
type Help struct {
	Side        ui.Side
	Title, Text string
	Way         ui.Link
}

// Site is one site on the scale that all share.
type Site struct {
	Name    string
	Me      bool
	Few     bool
	IT, You int64 // of a thousand
	Label   string
	Note    string
	Href    string
}

func (s Site) class() string {
	if s.Me {
		return "sm1 me"
	}
	return "sm1"
}

// Band is where a side stands among others: of a thousand.
type Band struct {
	Side                    ui.Side
	Label                   string // the sentence
	Lowest, Middle, Highest int64
	Own                     int64 // below 0: nothing to show
}

func share(permille int64) string { return number(float64(permille)/10) + "%" }

func between(a, b int64) string { return number(float64(b-a)/10) + "%" }
