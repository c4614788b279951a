package accord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/catalog"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/web/serve"
)

// Some of what an agreement says is written as lines, one each, with semicolons: "E-mail; solution; high; 4". So a form without a script
// takes any number of them.

// promiseLine is such a line: whose or for what, what is promised, at which priority, within how many working hours.
type promiseLine struct {
	who      string
	metric   agreement.Metric
	priority agreement.Priority
	seconds  int64
	at       string // "Line 2: "
}

const everyPriority = "every"

// write is a line as it is written.
func (l promiseLine) write() string {
	p := string(l.priority)
	if p == "" {
		p = everyPriority
	}
	return strings.Join([]string{l.who, contract.Word(l.metric), p, hoursOf(l.seconds)}, "; ")
}

// readLines reads lines of promises. The first that can't be read is told, with what to write instead.
func readLines(s string) ([]promiseLine, error) {
	var out []promiseLine
	for i, line := range strings.Split(s, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		l := promiseLine{at: fmt.Sprintf("Line %d: ", i+1)}
		wrong := func(why string, args ...any) error {
			return errs.New(errs.Invalid, "web.accord", "%s%s", l.at, fmt.Sprintf(why, args...))
		}
		parts := strings.Split(line, ";")
		for k := range parts {
			parts[k] = strings.TrimSpace(parts[k])
		}
		if len(parts) == 3 {
			parts = []string{parts[0], parts[1], everyPriority, parts[2]}
		}
		if len(parts) != 4 || parts[0] == "" {
			return nil, wrong("write four things with semicolons between them, like: E-mail; solution; high; 4")
		}
		l.who = parts[0]
		var ok bool
		if l.metric, ok = contract.Metric(parts[1]); !ok {
			return nil, wrong("%q is nothing that can be promised. Write one of: %s.", text.Cut(parts[1], 40), words())
		}
		if p := strings.ToLower(parts[2]); p != everyPriority && p != "" {
			if l.priority = agreement.Priority(p); !slices.Contains(agreement.Priorities(), l.priority) {
				return nil, wrong("%q is no priority. Write one of: %s, or every.", text.Cut(parts[2], 40), text.Join(agreement.Priorities()))
			}
		}
		if l.seconds, ok = hours(parts[3]); !ok || l.seconds == 0 {
			return nil, wrong("%q is no length in hours. Write it like 4 or 0.5.", text.Cut(parts[3], 40))
		}
		out = append(out, l)
	}
	return out, nil
}

func words() string {
	var out []string
	for _, m := range agreement.Metrics() {
		out = append(out, contract.Word(m))
	}
	return strings.Join(out, ", ")
}

// levelsField is the form's field for a promise at the second door.
func levelsField(m agreement.Metric) string { return "levels." + string(m) }

// plainTarget says whether a target is one of the form's own fields: for every service, and at the desk or at either door.
func plainTarget(t agreement.Target) bool {
	return t.Service == "" && t.Door != agreement.DoorLevels
}

// levelsTarget says whether it is one of the second door's, at every priority.
func levelsTarget(t agreement.Target) bool {
	return t.Service == "" && t.Door == agreement.DoorLevels && t.Priority == ""
}

// serviceTarget says whether it is written as a line.
func serviceTarget(t agreement.Target) bool { return t.Service != "" && t.Door == "" }

// fillLines writes what terms say in lines.
func fillLines(out map[string]string, t agreement.Terms, n contract.Names) {
	var own, covered []string
	for _, x := range t.Targets {
		switch {
		case serviceTarget(x):
			own = append(own, promiseLine{who: n.Service(x.Service), metric: x.Metric, priority: x.Priority, seconds: x.Seconds}.write())
		case levelsTarget(x):
			out[levelsField(x.Metric)] = hoursOf(x.Seconds)
		}
	}
	for _, id := range t.Services {
		covered = append(covered, n.Service(id))
	}
	out["own"], out["covered"] = strings.Join(own, "\n"), strings.Join(covered, "\n")
	for name, all := range map[string][]agreement.Inner{"teams": t.Teams, "suppliers": t.Suppliers} {
		var lines []string
		for _, x := range all {
			lines = append(lines, promiseLine{who: x.Who, metric: x.Metric, priority: x.Priority, seconds: x.Seconds}.write())
		}
		out[name] = strings.Join(lines, "\n")
	}
}

// placed says which field of the form something of the terms stands in, and where in it.
type placed struct{ field, at string }

// reading takes lines out of a form and remembers where each thing stood.
type reading struct {
	ctx   context.Context
	p     *Pages
	f     *serve.Form
	orgID string
	where map[string]placed // by the service's path
	bad   func(path, msg string)
}

// targets are those of the form: base, then the second door's, then those for one service. What the form can't show stays as it was.
func (r *reading) targets(base, old []agreement.Target) []agreement.Target {
	out := base
	warn := func(m agreement.Metric) int {
		most := 0
		for _, t := range old {
			if t.Metric == m {
				most = max(most, t.WarnPercent)
			}
		}
		return most
	}
	add := func(t agreement.Target, field, at string) {
		t.Side, t.WarnPercent = t.Metric.Side(), warn(t.Metric)
		r.where[fmt.Sprintf("targets[%d]", len(out))] = placed{field, at}
		out = append(out, t)
	}
	for i, t := range base {
		r.where[fmt.Sprintf("targets[%d]", i)] = placed{field: field(t.Metric, firstOf(t.Priority))}
	}
	for _, m := range atLevels {
		s, ok := hours(r.f.Value(levelsField(m)))
		switch {
		case !ok:
			r.bad(levelsField(m), "It is no length in hours. Write it like 4 or 0.5, or leave it empty when nothing is promised.")
		case s > 0:
			add(agreement.Target{Metric: m, Door: agreement.DoorLevels, Seconds: s}, levelsField(m), "")
		}
	}
	lines, err := readLines(r.f.Values["own"])
	if err != nil {
		r.bad("own", errs.Sentence(err))
	}
	for _, l := range lines {
		id, err := r.service(l.who)
		if err != nil {
			r.bad("own", l.at+errs.Sentence(err))
			continue
		}
		add(agreement.Target{Metric: l.metric, Priority: l.priority, Seconds: l.seconds, Service: id}, "own", l.at)
	}
	for _, t := range old {
		if !plainTarget(t) && !levelsTarget(t) && !serviceTarget(t) {
			add(t, "own", "")
		}
	}
	return out
}

func firstOf(p agreement.Priority) agreement.Priority {
	if p == "" {
		return agreement.PriorityMedium
	}
	return p
}

func (r *reading) service(name string) (string, error) {
	s, err := catalog.Find(r.ctx, r.p.DB.Read(), r.orgID, name)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Invalid, "web.accord", "There is no service %q for this customer. Write the name of one that is offered.", text.Cut(name, 40))
	}
	return s.ID, err
}

// covered are the services the agreement is for, a name each line; none is all.
func (r *reading) covered() []string {
	var out []string
	for i, line := range strings.Split(r.f.Values["covered"], "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		id, err := r.service(line)
		if err != nil {
			r.bad("covered", fmt.Sprintf("Line %d: %s", i+1, errs.Sentence(err)))
			continue
		}
		r.where[fmt.Sprintf("services[%d]", len(out))] = placed{"covered", fmt.Sprintf("Line %d: ", i+1)}
		out = append(out, id)
	}
	return out
}

// inner are what teams or suppliers promise beneath it.
func (r *reading) inner(name string) []agreement.Inner {
	lines, err := readLines(r.f.Values[name])
	if err != nil {
		r.bad(name, errs.Sentence(err))
	}
	var out []agreement.Inner
	for i, l := range lines {
		r.where[fmt.Sprintf("%s[%d]", name, i)] = placed{name, l.at}
		out = append(out, agreement.Inner{Who: l.who, Metric: l.metric, Priority: l.priority, Seconds: l.seconds})
	}
	return out
}

// at puts what the service says is wrong where the reader typed it.
func (r *reading) at(err error) error {
	var e *errs.E
	if !errors.As(err, &e) {
		return err
	}
	for i := range e.Fields {
		path := e.Fields[i].Path
		if k := strings.IndexByte(path, ']'); k > 0 {
			name, _, _ := strings.Cut(path, "[")
			if w, ok := r.where[path[:k+1]]; ok {
				e.Fields[i] = errs.Field{Path: w.field, Msg: w.at + e.Fields[i].Msg}
			} else if name == "prices" {
				e.Fields[i].Path = name
			}
		}
	}
	return err
}
