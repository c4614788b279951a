package queue

import (
	"slices"
	"strings"

	"bothways/internal/desk/filter"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// sortWords name the orders, and the same turned round.
var sortWords = map[filter.Sort]string{
	{By: filter.ByDue}: "Time left", {By: filter.ByMade}: "Newest", {By: filter.ByMade, Back: true}: "Oldest", {By: filter.ByChanged}: "Last changed",
	{By: filter.ByChanged, Back: true}: "Longest unchanged", {By: filter.ByPriority}: "Priority", {By: filter.BySince}: "Longest on this turn",
}

var sorts = []filter.Sort{{By: filter.ByDue}, {By: filter.ByPriority}, {By: filter.ByMade}, {By: filter.ByMade, Back: true}, {By: filter.ByChanged}, {By: filter.ByChanged, Back: true}, {By: filter.BySince}}

// defaultColumns is the table somebody gets who has chosen none yet.
const defaultColumns = "due,requester,site,assignee,priority,changed"

// filterOf is the filter as the page shows it: the line, what was read and what was not, and where one can go from here.
func filterOf(a asked) staff.Filter {
	f := staff.Filter{Action: "/desk", Query: a.q.Text, Notes: a.b.Notes, Words: help, Sorted: sortWords[filter.Sort{By: filter.ByDue}]}
	for _, t := range a.q.Terms {
		f.Terms = append(f.Terms, staff.FilterTerm{Text: a.q.Text[t.Pos:t.End], Without: Address(a.q.Without(t))})
	}
	for _, s := range a.b.Problems {
		slip := staff.FilterSlip{At: a.q.At(s), Before: a.q.Text[:s.Pos], Word: a.q.Text[s.Pos:s.End], After: a.q.Text[s.End:], Text: s.Msg, Try: s.Try}
		if s.Try != "" {
			slip.TryHref = Address(strings.TrimSpace(slip.Before + s.Try + slip.After))
		}
		f.Slips = append(f.Slips, slip)
	}
	now := a.b.Sort
	if now.By == filter.ByNumber {
		now.By = filter.ByMade
	}
	if w := sortWords[now]; w != "" {
		f.Sorted = w
	}
	for _, s := range sorts {
		to := a.q.With(filter.SortBy, s.String())
		if s == sorts[0] {
			to = a.q.Drop(filter.SortBy)
		}
		f.Sorts = append(f.Sorts, ui.Link{Label: sortWords[s], Href: Address(to), Current: s == now || s == sorts[0] && now.By == ""})
	}
	f.Columns, f.Table, f.List = columnsOf(a), len(a.b.Columns) > 0, Address(a.q.Drop(filter.ColumnsAre))
	if a.q.Text != "" {
		f.Clear = "/desk"
	}
	return f
}

// columnsOf are the columns, each with the address that adds it to those there are or takes it out.
func columnsOf(a asked) []ui.Link {
	have := a.b.Columns
	if len(have) == 0 {
		return append([]ui.Link{{Label: "Show a table", Href: Address(a.q.With(filter.ColumnsAre, "") + withColumns(defaultColumns, a.q.Text))}}, []ui.Link(nil)...)
	}
	var out []ui.Link
	for _, c := range filter.Columns() {
		var next []string
		for _, h := range have {
			if h != c {
				next = append(next, string(h))
			}
		}
		on := slices.Contains(have, c)
		if !on {
			next = append(next, string(c))
		}
		href := a.q.Drop(filter.ColumnsAre)
		if len(next) > 0 {
			href += withColumns(strings.Join(next, ","), href)
		}
		out = append(out, ui.Link{Label: columnWords[c], Href: Address(href), Current: on})
	}
	return out
}

func withColumns(list, before string) string {
	if before == "" {
		return string(filter.ColumnsAre) + ":" + list
	}
	return " " + string(filter.ColumnsAre) + ":" + list
}

// help is the language by examples that can be tried. It is the same for everybody.
var help = func() []staff.FilterWord {
	var out []staff.FilterWord
	for _, h := range filter.Fields() {
		says := h.Says
		if len(h.Words) > 0 && h.Field != filter.State && h.Field != filter.ColumnsAre && h.Field != filter.SortBy {
			says += ": " + strings.Join(h.Words, ", ")
		}
		out = append(out, staff.FilterWord{Example: h.Example, Says: says, Href: Address(h.Example)})
	}
	return out
}()
