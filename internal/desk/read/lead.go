package read

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/desk/store"
)

// A condition can lead: its index gives the tickets it holds for, and they are put in order. That is right when they are few, and
// how few they are is counted, up to a bound, and remembered for a while: guesses went wrong over a million tickets.

const (
	fewest  = 4000  // so many are read and put in order sooner than a page of one in two hundred is found along an order
	scanned = 30000 // so many are looked at in an index that holds what is asked for
	lasting = 5 * time.Minute
)

// sided are the columns whose indexes go on with the part; alone, those that lead by themselves; wide, those of which an index holds
// what has ended with all that is asked for and sorted by.
var (
	sided = []filter.Of{filter.OfSiteID, filter.OfTeamID, filter.OfAssignee, filter.OfOrg, filter.OfState, filter.OfMade, filter.OfChanged, filter.OfSince, filter.OfDue,
		filter.OfClosed, filter.OfResolved}
	alone = []filter.Of{filter.OfKind, filter.OfChannel, filter.OfPriority, filter.OfSensitivity, filter.OfMatter, filter.OfServiceID, filter.OfRegionName, filter.OfTag, filter.OfNumber}
	wide  = []filter.Of{filter.OfSiteID, filter.OfTeamID, filter.OfAssignee}
)

// lead says how a part is read: which condition leads, -1 for none, and over which index.
type lead struct {
	cond int
	wide bool // what has ended, over the index that holds the rest
}

var along = lead{cond: -1}

// leading chooses. The figures are of all tickets, whoever may read them: they change how a list is asked, never what is in it.
func (s *Reader) leading(ctx context.Context, p Part, conds []filter.Cond) (lead, error) {
	best, least, widest := along, math.MaxInt, along
	leastWide := math.MaxInt
	for i, c := range conds {
		if !canLead(c) {
			continue
		}
		bound := fewest
		if isLately(c) {
			bound = scanned // what ended lately lies together in no other order: along one it would be looked for among all
		}
		limit := bound + 1
		overWide := p == Ended && isWide(c)
		if overWide {
			limit = scanned + 1
		}
		n, err := s.weighed(ctx, p, c, limit)
		if err != nil {
			return along, err
		}
		if n <= bound && n < least {
			best, least = lead{cond: i}, n
		}
		if overWide && n < leastWide {
			widest, leastWide = lead{i, true}, n
		}
	}
	switch {
	case best.cond >= 0:
		return best, nil
	case leastWide <= scanned || widest.wide && len(conds) > 1:
		return widest, nil
	}
	return along, nil
}

// canLead says whether an index gives what a condition holds for.
func canLead(c filter.Cond) bool {
	if c.Not || len(c.Either) != 1 {
		return false
	}
	t := c.Either[0]
	switch {
	case !slices.Contains(sided, t.Of) && !slices.Contains(alone, t.Of):
		return false
	case t.None:
		return t.Of == filter.OfDue
	case t.Ranged:
		return t.From > 1 || t.To != math.MaxInt64
	case t.Of == filter.OfTag, t.Of.Seldom():
		return !slices.Contains(t.In, "")
	}
	return len(t.In) > 0
}

// isWide says whether the index of what has ended serves the condition.
func isWide(c filter.Cond) bool {
	return slices.Contains(wide, c.Either[0].Of) && len(c.Either[0].In) == 1
}

// weighed counts what a condition holds for in a part, up to a limit.
func (s *Reader) weighed(ctx context.Context, p Part, c filter.Cond, limit int) (int, error) {
	t := c.Either[0]
	hour := int64(time.Hour / time.Microsecond)
	key := fmt.Sprint(p, t.Of, t.From/hour, t.To/hour, strings.Join(t.In, "\x00"), limit)
	if n, ok := s.weights.get(key, s.clk.Now()); ok {
		return n, nil
	}
	w := db.NewWhere()
	if slices.Contains(sided, t.Of) {
		within(w, false, p != Ended, string(p.turn()))
	}
	test(w, t, nil, false)
	n, err := store.Few(ctx, s.db.Planned(), w, limit)
	if err == nil {
		s.weights.put(key, n, s.clk.Now())
	}
	return n, err
}

// put puts the part and the conditions into SQL so that the leading one's index serves and no other does.
func (l lead) put(w *db.Where, p Part, conds []filter.Cond, find finds) {
	if l.wide {
		w.And("NOT t.open") // as the index has it; nothing else is asked so
	} else {
		within(w, slices.Contains(alone, conds[l.cond].Either[0].Of), p != Ended, string(p.turn()))
	}
	for i, c := range conds {
		add(w, c, find, i != l.cond)
	}
}

// weights remembers counts for a while.
type weights struct {
	mu sync.Mutex
	of map[string]weight
}

type weight struct {
	n  int
	at time.Time
}

// mostWeights bounds what is remembered.
const mostWeights = 2000

func (k *weights) get(key string, now time.Time) (int, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.of[key]
	return v.n, ok && now.Sub(v.at) < lasting
}

func (k *weights) put(key string, n int, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= mostWeights {
		k.of = map[string]weight{}
	}
	k.of[key] = weight{n, now}
}
