// Package passage counts how often tickets went from one door to the other, out of their record: nothing is kept twice.
//
// It owns no table; it reads the declared view desk_passage of events door_passed, which package desk writes. Who may call: the
// edges. What somebody may not read is in none of their counts.
package passage

import (
	"context"
	"encoding/json"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/desk/record"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// Passage is one ticket that went from a door to the other.
type Passage struct {
	TicketID string
	Number   int64
	Subject  string
	At       time.Time
	From, To agreement.Door
	ByID     string // who passed it on
	TeamID   string // who had it after that
	PersonID string // "" = nobody in particular
}

// Counts are how many went each way.
type Counts struct{ ToLevels, ToDesk int }

func (c *Counts) add(p *Passage) {
	if p.To == agreement.DoorLevels {
		c.ToLevels++
	} else {
		c.ToDesk++
	}
}

// Month is one of the calendar's, in the zone of whoever asks.
type Month struct {
	Begins time.Time
	Counts
}

// Report is what went from door to door in a period.
type Report struct {
	From, Until time.Time
	Counts
	Months []Month   // the first one first, those without any too
	Newest []Passage // the newest first
	More   bool      // there are more than were counted
}

// Bounds of a report.
const (
	mostCounted = 20_000
	mostMonths  = 120
)

// Book reads passages. It is safe for concurrent use.
type Book struct{ db *db.DB }

// NewBook makes a book.
func NewBook(d *db.DB) *Book { return &Book{d} }

// Between reports what went from door to door from an instant to another, with months in a zone and at most limit of the newest.
// Errors: Invalid for a period that ends before it begins or is longer than ten years.
func (b *Book) Between(ctx context.Context, by auth.Actor, from, until time.Time, zone *time.Location, limit int) (Report, error) {
	r := Report{From: from, Until: until}
	switch {
	case !until.After(from):
		return r, errs.In("desk.passage", "to", "The period ends before it begins. Give a later day.")
	case until.After(from.AddDate(0, mostMonths, 0)):
		return r, errs.In("desk.passage", "from", "The period is longer than ten years. Give a later day.")
	}
	r.Months = months(from.In(zone), until)
	w := db.NewWhere().And("p.at >= ? AND p.at < ?", clock.Micros(from), clock.Micros(until))
	read.Visible(by, auth.TicketRead, w)
	all, err := between(ctx, b.db.Read(), w, mostCounted+1)
	if err != nil {
		return r, err
	}
	if r.More = len(all) > mostCounted; r.More {
		all = all[:mostCounted]
	}
	for i := range all {
		p := &all[i]
		r.add(p)
		for k := len(r.Months) - 1; k >= 0; k-- {
			if !p.At.Before(r.Months[k].Begins) || k == 0 {
				r.Months[k].add(p)
				break
			}
		}
	}
	r.Newest = all[:min(len(all), limit)]
	return r, nil
}

// months are those that a period touches.
func months(from, until time.Time) []Month {
	var out []Month
	for at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, from.Location()); at.Before(until); at = at.AddDate(0, 1, 0) {
		out = append(out, Month{Begins: at})
	}
	return out
}

// of reads what an event of the record says.
func (p *Passage) of(data string) error {
	var d record.Data
	if err := json.Unmarshal([]byte(data), &d); err != nil {
		return err
	}
	p.From, p.To, p.TeamID, p.PersonID = agreement.Door(d.Before), agreement.Door(d.Action), d.Team, d.Party
	return nil
}
