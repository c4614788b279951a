package people

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Shift is a span of a day in which somebody is on duty. One that does not end after it begins goes on into the next day.
type Shift struct {
	From     string `json:"from"`      // HH:MM on the wall clock of the roster's zone
	Until    string `json:"until"`     // HH:MM; 24:00 is the end of the day
	PersonID string `json:"person_id"` //
}

// Plan says who is on duty when: every week, and what dates have instead of their weekday.
type Plan struct {
	Week  map[string][]Shift `json:"week"`  // "mon" to "sun"
	Dates map[string][]Shift `json:"dates"` // 2026-12-24; an empty list: nobody
}

// Roster is a team's duty roster.
type Roster struct {
	TeamID  string
	Zone    string
	Plan    Plan
	Version int64 // 0 while the team has none
}

// Weekdays are the keys of Plan.Week, Monday first.
var Weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Duty is a shift as it falls: who, from when to when.
type Duty struct {
	PersonID    string
	From, Until time.Time
}

// Between lists the shifts of a roster that touch [from, until), the first first. A wall clock that is set back makes a shift
// longer, as it makes the night longer; one that skips an hour makes it shorter.
func (r Roster) Between(from, until time.Time) []Duty {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil
	}
	var out []Duty
	first := from.In(zone).AddDate(0, 0, -1)
	for d := time.Date(first.Year(), first.Month(), first.Day(), 12, 0, 0, 0, zone); d.Before(until.Add(36 * time.Hour)); d = d.AddDate(0, 0, 1) {
		for _, s := range r.Plan.on(d) {
			a, b := minuteOf(s.From), minuteOf(s.Until)
			if b <= a {
				b += 24 * 60
			}
			duty := Duty{s.PersonID, wall(d, a), wall(d, b)}
			if duty.From.Before(until) && from.Before(duty.Until) {
				out = append(out, duty)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Duty) int { return a.From.Compare(b.From) })
	return out
}

// At lists who is on duty at an instant.
func (r Roster) At(at time.Time) []Duty {
	return slices.DeleteFunc(r.Between(at, at.Add(time.Second)), func(d Duty) bool { return d.From.After(at) })
}

// on gives a date's shifts.
func (p Plan) on(d time.Time) []Shift {
	if s, ok := p.Dates[d.Format(time.DateOnly)]; ok {
		return s
	}
	return p.Week[Weekdays[(int(d.Weekday())+6)%7]]
}

func wall(d time.Time, minute int) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, minute, 0, 0, d.Location())
}

// minuteOf reads HH:MM, -1 when it is none.
func minuteOf(s string) int {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || len(h) != 2 || len(m) != 2 || err1 != nil || err2 != nil || hour < 0 || minute < 0 || minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return -1
	}
	return hour*60 + minute
}

// ValidShift says whether the hours of a shift can be read.
func ValidShift(s Shift) bool {
	from, until := minuteOf(s.From), minuteOf(s.Until)
	return from >= 0 && until >= 0 && from < 24*60
}

// maxShifts bounds a roster; maxDates its exceptions: some years of them.
const (
	maxShifts = 200
	maxDates  = 1000
)

// check collects what is wrong with a roster; people are the team's members.
func (r Roster) check(members []Person) error {
	c := checker{op: "people.SetRoster"}
	c.zone("zone", r.Zone, false)
	n := 0
	shifts := func(path string, all []Shift) {
		n += len(all)
		for i, s := range all {
			at := path + "." + strconv.Itoa(i)
			switch {
			case !ValidShift(s):
				c.bad(at, "Write from and until as HH:MM on the 24-hour clock, such as 08:00 and 16:00.")
			case !slices.ContainsFunc(members, func(p Person) bool { return p.ID == s.PersonID }):
				c.bad(at, "This person is not a member of the team. Add them first, or choose a member.")
			}
		}
	}
	for day, all := range r.Plan.Week {
		if !slices.Contains(Weekdays, day) {
			c.bad("week", "A weekday is one of mon, tue, wed, thu, fri, sat, sun.")
		}
		shifts("week."+day, all)
	}
	for date, all := range r.Plan.Dates {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			c.bad("dates", "This is no date. Write one as 2026-12-24.")
		}
		shifts("dates."+date, all)
	}
	if n > maxShifts+2*maxDates || len(r.Plan.Dates) > maxDates {
		c.bad("dates", "The roster has more than "+strconv.Itoa(maxDates)+" dates. Take out those that have passed.")
	}
	slices.SortFunc(c.fields, func(a, b errs.Field) int { return strings.Compare(a.Path, b.Path) })
	return c.err()
}

// RosterOf reads a team's roster; one that has none gives an empty one in UTC.
func RosterOf(ctx context.Context, q db.Querier, teamID string) (Roster, error) {
	r, err := scanRoster(q.QueryRow(ctx, sqlRoster, teamID))
	if errs.Is(err, errs.NotFound) {
		return Roster{TeamID: teamID, Zone: "UTC"}, nil
	}
	return r, err
}

// OnDuty lists who of a team is on duty now, by its roster.
func (s *Service) OnDuty(ctx context.Context, q db.Querier, teamID string) ([]string, error) {
	r, err := RosterOf(ctx, q, teamID)
	if err != nil || r.Version == 0 {
		return nil, err
	}
	var out []string
	for _, d := range r.At(s.clk.Now()) {
		out = append(out, d.PersonID)
	}
	return out, nil
}

// Roster reads a team's roster for staff. Errors: as Teams; NotFound.
func (s *Service) Roster(ctx context.Context, by auth.Actor, teamID string) (Roster, error) {
	if _, _, err := s.Members(ctx, by, teamID); err != nil {
		return Roster{}, err
	}
	return RosterOf(ctx, s.db.Read(), teamID)
}

// SetRoster writes a team's roster anew. Its Version is as read; 0 is for one that does not exist yet. Errors: as auth.Can;
// NotFound; Invalid, naming every shift that is wrong; Stale when somebody changed it meanwhile.
func (s *Service) SetRoster(ctx context.Context, by auth.Actor, r Roster) (Roster, error) {
	const op = "people.SetRoster"
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if !id.Valid(r.TeamID) {
			return errs.New(errs.NotFound, op, "There is nothing here that you can see.")
		}
		if err := auth.Can(by, auth.TeamManage, auth.Object{Kind: "team", ID: r.TeamID, TeamID: r.TeamID}); err != nil {
			return err
		}
		if _, err := TeamByID(ctx, tx, r.TeamID); err != nil {
			return err
		}
		members, err := StaffOfTeam(ctx, tx, r.TeamID)
		if err != nil {
			return err
		}
		if err := r.check(members); err != nil {
			return err
		}
		old, err := RosterOf(ctx, tx, r.TeamID)
		if err != nil {
			return err
		}
		plan, err := json.Marshal(r.Plan)
		if err != nil {
			return err
		}
		var n int64
		if r.Version == 0 {
			n, err = tx.Exec(ctx, sqlRosterInsert, r.TeamID, r.Zone, string(plan))
		} else {
			n, err = tx.Exec(ctx, sqlRosterUpdate, r.Zone, string(plan), r.TeamID, r.Version)
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return stale(op)
		}
		return s.audit(ctx, tx, by, "team.roster", r.TeamID, map[string]any{"zone": [2]string{old.Zone, r.Zone}, "before": old.Plan, "after": r.Plan})
	})
	if err != nil {
		return Roster{}, err
	}
	return RosterOf(ctx, s.db.Read(), r.TeamID)
}
