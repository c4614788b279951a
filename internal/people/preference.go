package people

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

// Languages are those that pages and mails are written in.
func Languages() []string { return []string{"en"} }

// mostQuiet is how long quiet hours can be: automatic mails wait, and must get through every day.
const mostQuiet = 16 * 60

// Quiet is the part of a person's day in which nothing automatic is mailed to them: minutes after midnight in their own zone. It
// may go over midnight; equal ends are none.
type Quiet struct{ From, Until int }

// None says whether there are no quiet hours.
func (q Quiet) None() bool { return q.From == q.Until }

// minutes is how long they are.
func (q Quiet) minutes() int { return (q.Until - q.From + 24*60) % (24 * 60) }

// Next is the first minute at or after an instant that is not in the quiet hours, in the person's zone.
func (q Quiet) Next(at time.Time, zone *time.Location) time.Time {
	if q.None() {
		return at
	}
	t := at
	for range 26 * 60 { // a zone may put its clock back in the middle of them
		local := t.In(zone)
		if m := local.Hour()*60 + local.Minute(); (m-q.From+24*60)%(24*60) >= q.minutes() {
			return t
		}
		t = t.Truncate(time.Minute).Add(time.Minute)
	}
	return at
}

// Preference is what somebody wants of the desk.
type Preference struct {
	Language string // "" is the desk's own
	Quiet    Quiet
	Copies   bool // copies of requests that they follow
}

// PreferenceOf reads what a person wants; who has said nothing is mailed at any hour and gets copies.
func PreferenceOf(ctx context.Context, q db.Querier, personID string) (Preference, error) {
	p := Preference{Copies: true}
	err := q.QueryRow(ctx, sqlPreference, personID).Scan(&p.Language, &p.Quiet.From, &p.Quiet.Until, &p.Copies)
	if errs.Is(err, errs.NotFound) {
		return p, nil
	}
	return p, err
}

// ProfileChange is what somebody changes of their own; nil leaves as it is.
type ProfileChange struct {
	Zone     *string // "" for the site's
	Language *string
	Quiet    *Quiet
	Copies   *bool
}

// ChangeProfile changes what is somebody's own to say: their zone, language, quiet hours, copies. A new zone is told to OnChange.
// Errors: as auth.Can; Invalid.
func (s *Service) ChangeProfile(ctx context.Context, by auth.Actor, in ProfileChange) (Person, Preference, error) {
	var p Person
	var pref Preference
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.own(ctx, tx, by)
		if err != nil {
			return err
		}
		was, err := PreferenceOf(ctx, tx, old.ID)
		if err != nil {
			return err
		}
		p, pref = old, was
		set(&p.OwnZone, in.Zone)
		set(&pref.Language, in.Language)
		set(&pref.Quiet, in.Quiet)
		set(&pref.Copies, in.Copies)
		c := checker{op: "people.ChangeProfile"}
		p.OwnZone = c.zone("zone", p.OwnZone, true)
		if pref.Language != "" && !slices.Contains(Languages(), pref.Language) {
			c.bad("language", "Pages and mails are not written in it yet. Choose one of: "+strings.Join(Languages(), ", ")+".")
		}
		c.quiet("quiet_hours", pref.Quiet)
		if err := c.err(); err != nil {
			return err
		}
		return s.storeProfile(ctx, tx, by, old, was, &p, pref)
	})
	return p, pref, err
}

func (c *checker) quiet(path string, q Quiet) {
	switch {
	case q.From < 0 || q.From >= 24*60 || q.Until < 0 || q.Until >= 24*60:
		c.bad(path, "These are no hours of a day. Write them like 20:00 and 07:00.")
	case q.minutes() > mostQuiet:
		c.bad(path, "They are longer than 16 hours. Leave at least 8 hours of the day, so that agreed reminders reach you.")
	}
}

func (s *Service) storeProfile(ctx context.Context, tx *db.Tx, by auth.Actor, old Person, was Preference, p *Person, pref Preference) error {
	if pref != was {
		if _, err := tx.Exec(ctx, sqlSetPreference, p.ID, pref.Language, pref.Quiet.From, pref.Quiet.Until, pref.Copies); err != nil {
			return err
		}
	}
	if p.OwnZone != old.OwnZone {
		if _, err := tx.Exec(ctx, sqlSetZone, p.OwnZone, p.ID); err != nil {
			return err
		}
		if err := s.changed(ctx, tx, "person", p.ID); err != nil {
			return err
		}
	}
	if pref == was && p.OwnZone == old.OwnZone {
		return nil
	}
	if err := s.audit(ctx, tx, by, "person.profile", p.ID, map[string]any{
		"zone": [2]string{old.OwnZone, p.OwnZone}, "language": [2]string{was.Language, pref.Language},
		"quiet": [2]Quiet{was.Quiet, pref.Quiet}, "copies": [2]bool{was.Copies, pref.Copies},
	}); err != nil {
		return err
	}
	s.forgetAfter(tx, p.ID)
	var err error
	*p, err = PersonByID(ctx, tx, p.ID)
	return err
}

// own loads the actor's own record, which they may change. Errors: as auth.Can.
func (s *Service) own(ctx context.Context, q db.Querier, by auth.Actor) (Person, error) {
	p, err := PersonByID(ctx, q, by.PersonID)
	if err != nil {
		return Person{}, err
	}
	return p, auth.Can(by, auth.ProfileChange, p.Object())
}
