package agreement

import (
	"slices"
	"sync"
	"testing"
	"time"

	"bothways/internal/calendar"
)

// The oracle walks a ledger step by step (a second or a minute) and knows no calendar arithmetic: whether a step is
// open it looks up on the wall clock of the zone, what is used it counts one step at a time.

// world is a stretch of time cut into steps, with the calendars' open steps.
type world struct {
	base, unit int64
	n          int
	open       [][]bool // per calendar
}

func (w *world) at(step int) int64 { return w.base + int64(step)*w.unit }

var worldSpecs = []calendar.Spec{
	{TZ: "Europe/Paris", Week: week("mon tue wed thu fri", "09:00", "17:00")},
	{TZ: "Asia/Riyadh", Week: week("sun mon tue wed thu", "08:00", "18:00")},
	{TZ: "Europe/Berlin", Week: week("sun mon tue wed thu fri sat", "22:00", "06:00")},
	{TZ: "America/New_York", Week: week("mon tue wed thu fri sat sun", "08:00", "12:00", "13:30", "18:00"), YearlyHolidays: []string{"03-30", "10-26"}},
	{TZ: "Pacific/Auckland", Week: week("mon tue wed thu fri sat sun", "00:00", "24:00"), Holidays: []string{"2026-03-31"}},
	{TZ: "Europe/Berlin", Week: week("sat sun mon tue", "00:30", "03:30")},
}

func week(days string, times ...string) map[string][][2]string {
	out := map[string][][2]string{}
	for len(days) >= 3 {
		for i := 0; i+1 < len(times); i += 2 {
			out[days[:3]] = append(out[days[:3]], [2]string{times[i], times[i+1]})
		}
		days = days[min(4, len(days)):]
	}
	return out
}

func compile(t testing.TB, s calendar.Spec) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wallOpen looks one instant up on the wall clock.
func wallOpen(s calendar.Spec, zone *time.Location, at int64) bool {
	local := time.Unix(at, 0).In(zone)
	now := local.Hour()*3600 + local.Minute()*60 + local.Second()
	return slices.ContainsFunc(framesOf(s, local), func(f [2]int) bool {
		return f[0] <= now && (now < f[1] || f[1] <= f[0])
	}) || slices.ContainsFunc(framesOf(s, time.Date(local.Year(), local.Month(), local.Day()-1, 12, 0, 0, 0, zone)), func(f [2]int) bool {
		return f[1] <= f[0] && now < f[1]
	})
}

func framesOf(s calendar.Spec, day time.Time) [][2]int {
	if slices.Contains(s.Holidays, day.Format("2006-01-02")) || slices.Contains(s.YearlyHolidays, day.Format("01-02")) {
		return nil
	}
	var out [][2]int
	names := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for _, f := range s.Week[names[day.Weekday()]] {
		out = append(out, [2]int{clockTime(f[0]), clockTime(f[1])})
	}
	return out
}

func clockTime(s string) int {
	return int(s[0]-'0')*36000 + int(s[1]-'0')*3600 + int(s[3]-'0')*600 + int(s[4]-'0')*60
}

func newWorld(base time.Time, unit int64, n int) *world {
	w := &world{base: base.Unix(), unit: unit, n: n}
	for _, s := range worldSpecs {
		zone, err := time.LoadLocation(s.TZ)
		if err != nil {
			panic(err)
		}
		open := make([]bool, n)
		for i := range open {
			open[i] = wallOpen(s, zone, w.at(i))
		}
		w.open = append(w.open, open)
	}
	always := make([]bool, n)
	for i := range always {
		always[i] = true
	}
	w.open = append(w.open, always) // a calendar that is nil
	return w
}

// stepper is the oracle's reading of one ledger.
type stepper struct {
	w        *world
	versions []oracleVersion
	version  int
	priority Priority
	service  string
	door     Door
	team     string
	now      int // step

	opened, closed, responded bool
	resolved, confirming      bool
	waived1                   bool // the first response
	start, end                int
	waitUntil                 int // step, -1 = no wait
	waitSeq                   int64
	base, shown               Turn
	turns                     []Turn
	owes                      []*owe
	needless, repeated        int
}

type oracleVersion struct {
	service, customer int // calendars of the world
	Version
}

type owe struct {
	id             string
	metric         Metric
	seq            int64
	started, ended int // steps, ended -1
	used           int64
	target, ext    int64
	asked          int64
	reached        int64
	met, firstMet  int64
	due            int64 // -1 = beyond the world
	agreed, bound  bool
	broken, waived bool
	disputed       bool
	byClosing      bool
	reason         string
}

func (s *stepper) v() oracleVersion {
	if s.version < len(s.versions) {
		return s.versions[s.version]
	}
	return oracleVersion{service: len(worldSpecs), customer: len(worldSpecs)}
}

func (s *stepper) openAt(side Side, step int) bool {
	cal := s.v().service
	if side == SideCustomer {
		cal = s.v().customer
	}
	return s.w.open[cal][step]
}

func (s *stepper) target(m Metric) int64 {
	for _, door := range []Door{s.door, ""} {
		for _, service := range []string{s.service, ""} {
			for _, p := range []Priority{s.priority, ""} {
				for _, t := range s.v().Targets {
					if t.Metric == m && t.Priority == p && t.Service == service && t.Door == door {
						return t.Seconds
					}
				}
			}
		}
	}
	return 0
}

func (s *stepper) isCounting(o *owe) bool {
	if o.ended >= 0 || !o.agreed {
		return false
	}
	if o.metric.Side() == SideCustomer {
		return s.shown.Side == SideCustomer
	}
	return s.shown.Side == SideProvider || s.shown.Side == SideSupplier && !s.v().SupplierStopsPromise
}

// tick lets one step pass.
func (s *stepper) tick() {
	for _, o := range s.owes {
		if s.opened && s.isCounting(o) && s.openAt(o.metric.Side(), s.now) {
			o.used += s.w.unit
			if o.used == o.target {
				o.reached = s.stretch(o, s.now+1)
			}
			o.broken = o.broken || o.used > o.target
		}
	}
	s.now++
}

// stretch is the instant of a step, or the explicit date if nothing is open until then.
func (s *stepper) stretch(o *owe, step int) int64 {
	for k := step; k < s.w.n && s.w.at(k) < o.asked; k++ {
		if s.openAt(o.metric.Side(), k) {
			return s.w.at(step)
		}
	}
	return max(s.w.at(step), o.asked)
}

// run is when o would be used up if it went on counting from a step.
func (s *stepper) run(o *owe, from int) int64 {
	left := o.target - o.used
	for k := from; ; k++ {
		if left == 0 {
			return s.stretch(o, k)
		}
		if k >= s.w.n {
			return -1
		}
		if s.openAt(o.metric.Side(), k) {
			left -= s.w.unit
		}
	}
}

func (s *stepper) retarget(o *owe) {
	t := s.target(o.metric)
	o.agreed = t > 0
	o.bound = o.bound || o.agreed
	switch {
	case o.broken:
		return
	case t == 0:
		o.target, o.reached = 0, 0
		return
	}
	if t = max(t, o.ext); t == o.target {
		return
	}
	o.target, o.reached = t, 0
	if o.used >= t {
		o.reached = s.w.at(s.now)
	}
}

func (s *stepper) begin(m Metric, e Event) *owe {
	o := &owe{id: string(m) + "-" + itoa(e.Seq), metric: m, seq: e.Seq, started: s.now, ended: -1}
	s.owes = append(s.owes, o)
	s.retarget(o)
	return o
}

func itoa(n int64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func (s *stepper) stop(o *owe, reason string, met bool) {
	if o == nil || o.ended >= 0 {
		return
	}
	if met {
		o.met = s.w.at(s.now)
		if o.firstMet == 0 {
			o.firstMet = o.met
		}
	}
	o.reason, o.ended, o.due = reason, s.now, o.reached
	if o.due == 0 && o.agreed {
		o.due = s.run(o, s.now)
	}
	o.broken = o.broken || o.agreed && o.used > o.target
}

func (s *stepper) goOn(o *owe) {
	if o == nil || o.ended < 0 || o.waived {
		return
	}
	o.ended, o.met, o.due, o.reason, o.byClosing = -1, 0, 0, "", false
	s.retarget(o)
}

func (s *stepper) last(m Metric) *owe {
	for _, o := range slices.Backward(s.owes) {
		if o.metric == m {
			return o
		}
	}
	return nil
}

func (s *stepper) show(t Turn, cause string, seq int64) {
	if len(s.turns) > 0 && t.Side != SideNobody && s.shown.Side == t.Side && s.shown.Party == t.Party &&
		(s.shown.Cause == "solution_proposed") == (cause == "solution_proposed") {
		return
	}
	t.Since, t.Cause, t.CauseSeq = s.w.at(s.now), cause, seq
	if n := len(s.turns); n > 0 {
		s.turns[n-1].Until = t.Since
	}
	s.turns, s.shown = append(s.turns, t), t
}

func (s *stepper) give(side Side, party string, e Event) {
	s.base = Turn{Side: side, Party: party}
	if s.waitUntil < 0 {
		s.show(s.base, string(e.Kind), e.Seq)
	}
}

var compiledWorld = sync.OnceValue(func() []*calendar.Calendar {
	var out []*calendar.Calendar
	for _, s := range worldSpecs {
		c, err := calendar.Compile(s)
		if err != nil {
			panic(err)
		}
		out = append(out, c)
	}
	return append(out, nil)
})
