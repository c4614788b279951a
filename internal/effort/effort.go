package effort

import (
	"strings"
	"time"

	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Kind is what the time went into.
type Kind string

// The kinds. A favour is work outside of what was agreed: the extra mile.
const (
	Working Kind = "work"
	Travel  Kind = "travel"
	WalkUp  Kind = "walk_up"
	Favour  Kind = "favour"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Working, Travel, WalkUp, Favour} }

// MaxMinutes is the most one entry holds: a day.
const MaxMinutes = 24 * 60

// Entry is working time.
type Entry struct {
	ID        string
	TicketID  string
	Number    int64 // of the ticket; 0 for one that the reader may not read
	PersonID  string
	Act       string // the command it went with; "" when it was noted by itself
	Kind      Kind
	Minutes   int
	Note      string // "" for who may not read the ticket
	Day       time.Time
	MadeAt    time.Time
	ChangedAt time.Time
	Version   int64
}

// check reads what an entry is to hold. Errors: Invalid.
func check(w desk.Work) (desk.Work, error) {
	e := &errs.E{Kind: errs.Invalid, Op: "effort", Msg: "Something in what you sent needs changing."}
	if w.Minutes < 1 || w.Minutes > MaxMinutes {
		e.Fields = append(e.Fields, errs.Field{Path: "minutes", Msg: "It is not between 1 and 1440 minutes."})
	}
	w.Kind = strings.NewReplacer("-", "_", " ", "_").Replace(text.Fold(w.Kind))
	switch Kind(w.Kind) {
	case "":
		w.Kind = string(Working)
	case Working, Travel, WalkUp, Favour:
	default:
		e.Fields = append(e.Fields, errs.Field{Path: "kind", Msg: "It is none of work, travel, walk_up and favour."})
	}
	if w.Note = text.Line(w.Note); len([]rune(w.Note)) > 300 {
		e.Fields = append(e.Fields, errs.Field{Path: "note", Msg: "It is too long. Keep it to 300 characters."})
	}
	if len(e.Fields) > 0 {
		return w, e
	}
	return w, nil
}

// dayOf is the working day of an instant in a zone, as days since 1970.
func dayOf(at time.Time, zone *time.Location) int64 {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// Week is the Monday of the week a day lies in.
func Week(day time.Time) time.Time {
	y, m, d := day.Date()
	back := (int(day.Weekday()) + 6) % 7
	return time.Date(y, m, d-back, 0, 0, 0, 0, time.UTC)
}
