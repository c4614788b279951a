package db

import (
	"slices"
	"strconv"
	"strings"
)

// Where collects conditions and numbers their placeholders: the only place where SQL is put together at run time. Conditions
// are constants of the caller's source; values are always bound.
type Where struct {
	conds []string
	args  []any
}

// NewWhere starts with arguments already used as $1…$n by the text before the conditions.
func NewWhere(args ...any) *Where { return &Where{args: args} }

// And adds a condition in which each ? stands for one of the arguments, in order.
func (w *Where) And(cond string, args ...any) *Where {
	var b strings.Builder
	i := 0
	for _, r := range cond {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(w.Arg(args[i]))
		i++
	}
	w.conds = append(w.conds, b.String())
	return w
}

// In adds "column IN (…)" for bound values; no value matches nothing.
func (w *Where) In(column string, values ...string) *Where {
	if len(values) == 0 {
		w.conds = append(w.conds, "1 = 0")
		return w
	}
	return in(w, column, values)
}

// InNumbers is In for numbers.
func (w *Where) InNumbers(column string, values ...int64) *Where {
	if len(values) == 0 {
		return w.In(column)
	}
	return in(w, column, values)
}

func in[T any](w *Where, column string, values []T) *Where {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return w.And(column+" IN (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
}

// InSub adds "head IN (…))" for bound values: head is a constant that opens one parenthesis more than it closes, such as
// "t.id IN (SELECT p.id FROM x p WHERE p.y".
func (w *Where) InSub(head string, values ...string) *Where {
	w.In(head, values...)
	if n := len(w.conds) - 1; len(values) > 0 {
		w.conds[n] += ")"
	}
	return w
}

// Not adds that none of the alternatives holds.
func (w *Where) Not(alternatives ...func(*Where)) *Where {
	w.Or(alternatives...)
	n := len(w.conds) - 1
	w.conds[n] = "NOT " + w.conds[n]
	return w
}

// Or adds a group of alternatives, each built by its own function on a Where that shares the numbering. No alternative
// matches nothing.
func (w *Where) Or(alternatives ...func(*Where)) *Where {
	var parts []string
	for _, f := range alternatives {
		sub := &Where{args: w.args}
		f(sub)
		w.args = sub.args
		if len(sub.conds) > 0 {
			parts = append(parts, "("+strings.Join(sub.conds, " AND ")+")")
		}
	}
	if len(parts) == 0 {
		parts = []string{"1 = 0"}
	}
	w.conds = append(w.conds, "("+strings.Join(parts, " OR ")+")")
	return w
}

// Never says that no row can meet the conditions: a group without alternatives, or a list without values, is among them.
func (w *Where) Never() bool {
	return slices.ContainsFunc(w.conds, func(c string) bool { return c == "1 = 0" || c == "(1 = 0)" })
}

// Always says that there is no condition.
func (w *Where) Always() bool { return len(w.conds) == 0 }

// Arg binds a value and gives its placeholder, for text after the conditions such as LIMIT.
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL is " WHERE …" or "" without conditions.
func (w *Where) SQL() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// Args are the values in the order of their numbers.
func (w *Where) Args() []any { return w.args }
