package queue

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// Page is the queue: our turn, their turn, supplier or nobody, each ordered by the promise that breaks first (the order given).
type Page struct {
	Frame staff.Frame
	Title string
	// Count is the number beside the title; may be "".
	Count  string
	Filter staff.Filter
	Groups []staff.QueueGroup
	// Picked is kept by the form of the chosen rows: the filter to come back to.
	Picked []ui.Hidden
}

func (p Page) empty() bool {
	for _, g := range p.Groups {
		if len(g.Rows) > 0 || g.Nothing != "" {
			return false
		}
	}
	return true
}

func (p Page) pickable() bool {
	for _, g := range p.Groups {
		for _, r := range g.Rows {
			if r.Pick {
				return true
			}
		}
	}
	return false
}

// failed is the frame of a page whose form came back: its title says so first.
func failed(f staff.Frame, form ui.Form) staff.Frame {
	f.Doc.Failed = f.Doc.Failed || form.Failed()
	return f
}
