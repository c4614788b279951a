package desk

import "bothways/internal/web/ui/staff"

// QueuePage is the queue: our turn, their turn, supplier or nobody, each
// ordered by the promise that breaks first (the order given).
type QueuePage struct {
	Frame staff.Frame
	Title string
	// Count is the number beside the title; may be "".
	Count  string
	Filter staff.Filter
	Groups []staff.QueueGroup
}

func (p QueuePage) empty() bool {
	for _, g := range p.Groups {
		if len(g.Rows) > 0 || g.Nothing != "" {
			return false
		}
	}
	return true
}
