package replay

import (
	"cmp"
	"slices"
	"strconv"
)

// arrange sorts the rows of a case by time, leaves out those before it was opened, and finds the row of the second file.
func (m *Map) arrange(rows []row, report func(row, string)) (log []row, table *row) {
	opened := int64(0)
	for i := range rows {
		r := &rows[i]
		switch {
		case r.Table:
			table = r
			continue
		case r.Opened != 0 && opened == 0:
			opened = r.Opened
		case r.Opened != 0 && r.Opened != opened:
			report(*r, whyNotOpened)
		}
		log = append(log, *r)
	}
	for i := 1; i < len(log); i++ {
		if log[i].At < log[i-1].At && log[i].At >= opened {
			report(log[i], whyPlace)
		}
	}
	slices.SortStableFunc(log, func(a, b row) int { return cmp.Or(cmp.Compare(a.At, b.At), byOrder(a.Order, b.Order)) })
	log = slices.DeleteFunc(log, func(r row) bool {
		if r.At >= opened {
			return false
		}
		report(r, whyBefore)
		return true
	})
	if opened != 0 {
		begins := row{Case: rows[0].Case, At: opened, Means: MeansOpened}
		if len(log) > 0 {
			begins.Facts, begins.File, begins.N = log[0].Facts, log[0].File, log[0].N
		}
		log = slices.Insert(log, 0, begins)
	}
	return log, table
}

// byOrder compares what rows of one instant say of their order: as numbers where they are.
func byOrder(a, b string) int {
	x, err := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err == nil && err2 == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}

// fromTable makes rows of the instants of a case of which the log has none.
func (m *Map) fromTable(table row) []row {
	var log []row
	for i, at := range table.Times {
		if at > 0 {
			r := table
			r.Table, r.At, r.Means, r.Times = false, at, m.Cases.Times[i].Means, nil
			log = append(log, r)
		}
	}
	slices.SortStableFunc(log, func(a, b row) int { return cmp.Compare(a.At, b.At) })
	return log
}
