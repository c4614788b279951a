package agreement

import "slices"

// Door is where a request goes in (S1). The empty one is either.
type Door string

// The doors: everything, and what is about levels, price and how promises are kept.
const (
	DoorDesk   Door = "service_desk"
	DoorLevels Door = "service_levels"
)

// Doors lists them.
func Doors() []Door { return []Door{DoorDesk, DoorLevels} }

// matter is what a ticket is about, as far as its targets depend on it.
type matter struct {
	priority Priority
	service  string // id, "" = none is named
	door     Door
}

// fits says how closely a target is meant for a matter; 0 is not at all. The door counts before the service, and both before the
// priority: what is promised for one service is promised for it whatever the others have.
func (t *Target) fits(m *matter) int8 {
	fit := int8(1)
	if t.Priority != "" {
		if t.Priority != m.priority {
			return 0
		}
		fit++
	}
	if t.Service != "" {
		if t.Service != m.service {
			return 0
		}
		fit += 2
	}
	if t.Door != "" {
		if t.Door != m.door {
			return 0
		}
		fit += 4
	}
	return fit
}

// same says whether two targets are meant for the same.
func (t Target) same(o Target) bool {
	return t.Metric == o.Metric && t.Priority == o.Priority && t.Service == o.Service && t.Door == o.Door
}

// TargetFor is what is promised of a metric for a ticket at a priority, about a service ("" for none that is named) and behind a door;
// the second answer is false when nothing is.
func TargetFor(all []Target, m Metric, p Priority, service string, d Door) (Target, bool) {
	about, best, at := matter{p, service, d}, int8(0), -1
	for i := range all {
		if all[i].Metric != m {
			continue
		}
		if fit := all[i].fits(&about); fit > best {
			best, at = fit, i
		}
	}
	if at < 0 || all[at].Seconds <= 0 {
		return Target{}, false
	}
	return all[at], true
}

// checkMatter says what is wrong with what a target is meant for. Only what the agreement covers has targets of its own.
func (c *checking) checkMatter(path string, x Target, covered []string) {
	if x.Door != "" && !slices.Contains(Doors(), x.Door) {
		c.bad(path+".door", "There are two doors: %s and %s; empty is either.", DoorDesk, DoorLevels)
	}
	if x.Service != "" && len(covered) > 0 && !slices.Contains(covered, x.Service) {
		c.bad(path+".service", "This agreement does not cover that service. Add it to those it covers, or leave its target out.")
	}
}
