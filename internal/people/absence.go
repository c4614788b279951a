package people

import (
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Absence is somebody away from an instant to another, and who stands in.
type Absence struct {
	ID           string
	PersonID     string
	SubstituteID string // "" for the team
	From         time.Time
	Until        time.Time // the return; zero: nobody knows yet
	MadeBy       string
	Version      int64
}

// At says whether the absence holds at an instant: from From on, before Until.
func (a Absence) At(at time.Time) bool {
	return !a.From.After(at) && (a.Until.IsZero() || at.Before(a.Until))
}

// overlaps says whether two absences share an instant.
func (a Absence) overlaps(b Absence) bool {
	return (b.Until.IsZero() || a.From.Before(b.Until)) && (a.Until.IsZero() || b.From.Before(a.Until))
}

// Away is who is away at one instant, and the substitute each named: person to substitute, "" for nobody.
type Away map[string]string

// Holder is who acts for a person: themselves while they are here, else the substitute, or theirs when they are away as well.
// "" is nobody: the chain ends, or leads back. via are those in between.
func (a Away) Holder(personID string) (holder string, via []string) {
	for holder = personID; ; {
		next, away := a[holder]
		switch {
		case !away:
			return holder, via
		case next == "" || next == personID || slices.Contains(via, next):
			return "", via
		}
		if holder = next; a.has(next) {
			via = append(via, next)
		}
	}
}

func (a Away) has(personID string) bool { _, ok := a[personID]; return ok }

// For lists whom a person acts for, themselves left out, sorted.
func (a Away) For(personID string) []string {
	var out []string
	for away := range a {
		if holder, _ := a.Holder(away); holder == personID && away != personID {
			out = append(out, away)
		}
	}
	slices.Sort(out)
	return out
}

// AwayAt reads who is away at an instant. A substitute who is disabled is nobody.
func AwayAt(ctx context.Context, q db.Querier, at time.Time) (Away, error) {
	rows, err := q.Query(ctx, sqlAwayAt, clock.Micros(at))
	all, err := db.Collect(rows, err, func(s db.Scanner) (pair [2]string, err error) { return pair, s.Scan(&pair[0], &pair[1]) })
	if err != nil {
		return nil, err
	}
	out := Away{}
	for _, p := range all {
		out[p[0]] = p[1]
	}
	return out, nil
}

// AwayNow is AwayAt for the present instant.
func (s *Service) AwayNow(ctx context.Context, q db.Querier) (Away, error) {
	return AwayAt(ctx, q, s.clk.Now())
}

// AbsenceInput is what AddAbsence needs.
type AbsenceInput struct {
	PersonID     string
	SubstituteID string    // "" leaves it to the team
	From         time.Time // zero: now
	Until        time.Time // the return; zero: nobody knows yet
}

// AddAbsence says that somebody is away. Everybody may for themselves. Errors: as auth.Can; NotFound; Invalid; Conflict for a
// time that another of their absences has.
func (s *Service) AddAbsence(ctx context.Context, by auth.Actor, in AbsenceInput) (Absence, error) {
	const op = "people.AddAbsence"
	var a Absence
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := PersonByID(ctx, tx, in.PersonID)
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.AbsenceManage, p.Object()); err != nil {
			return err
		}
		a = Absence{ID: id.New(), PersonID: p.ID, SubstituteID: in.SubstituteID, From: in.From, Until: in.Until, MadeBy: by.ID(), Version: 1}
		if a.From.IsZero() {
			a.From = s.clk.Now()
		}
		if err := s.checkAbsence(ctx, tx, by, op, a); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlAbsenceInsert, a.ID, a.PersonID, a.SubstituteID, clock.Micros(a.From), clock.Micros(a.Until), a.MadeBy); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "person.absence", p.ID, absenceChange(Absence{}, a))
	})
	if err != nil {
		return Absence{}, err
	}
	return a, nil
}

func absenceChange(old, a Absence) map[string]any {
	return map[string]any{"absence": a.ID, "substitute": [2]string{old.SubstituteID, a.SubstituteID}, "from": a.From, "until": a.Until}
}

func (s *Service) checkAbsence(ctx context.Context, tx *db.Tx, by auth.Actor, op string, a Absence) error {
	c := checker{op: op}
	if !a.Until.IsZero() && !a.Until.After(a.From) {
		c.bad("until", "The return is not after the beginning. Give a later day or hour, or none when nobody knows yet.")
	} else if !a.Until.IsZero() && !a.Until.After(s.clk.Now()) {
		c.bad("until", "This time has passed. Give a return that is to come.")
	}
	switch sub, err := PersonByID(ctx, tx, a.SubstituteID); {
	case a.SubstituteID == "":
	case a.SubstituteID == a.PersonID:
		c.bad("substitute", "Nobody stands in for themselves. Name somebody else, or leave it to the team.")
	case errs.Is(err, errs.NotFound) || err == nil && auth.Can(by, auth.PersonRead, sub.Object()) != nil && by.OrgID != sub.OrgID:
		c.bad("substitute", "There is nobody of that address. Write the mail address of a colleague.")
	case err != nil:
		return err
	case sub.Disabled() || sub.Stranger():
		c.bad("substitute", "This person can't stand in: they are disabled or not placed yet. Name somebody else.")
	}
	if err := c.err(); err != nil {
		return err
	}
	all, err := absencesOf(ctx, tx, a.PersonID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID != a.ID && o.overlaps(a) {
			return errs.New(errs.Conflict, op, "They are away in that time already. End or change that absence, or choose another time.").Reason("absence-overlaps")
		}
	}
	return nil
}

// AbsenceChange is what ChangeAbsence changes; nil leaves as it is.
type AbsenceChange struct {
	ID           string
	Version      int64 // as read; 0 takes whatever it is
	SubstituteID *string
	Until        *time.Time // zero: nobody knows yet
}

// ChangeAbsence moves a return or names another substitute. Errors: as AddAbsence; Stale; Conflict for one that is over.
func (s *Service) ChangeAbsence(ctx context.Context, by auth.Actor, in AbsenceChange) (Absence, error) {
	const op = "people.ChangeAbsence"
	return s.onAbsence(ctx, by, op, in.ID, in.Version, "person.change_absence", func(tx *db.Tx, a *Absence) error {
		set(&a.SubstituteID, in.SubstituteID)
		set(&a.Until, in.Until)
		return s.checkAbsence(ctx, tx, by, op, *a)
	})
}

// EndAbsence says that somebody is back, or never leaves: an absence that has not begun is taken back. Errors: as ChangeAbsence.
func (s *Service) EndAbsence(ctx context.Context, by auth.Actor, absenceID string) error {
	_, err := s.onAbsence(ctx, by, "people.EndAbsence", absenceID, 0, "person.end_absence", func(_ *db.Tx, a *Absence) error {
		a.Until = s.clk.Now()
		if a.Until.Before(a.From) {
			a.Until = a.From // of no length: it never holds
		}
		return nil
	})
	return err
}

func (s *Service) onAbsence(ctx context.Context, by auth.Actor, op, absenceID string, version int64, verb string, fn func(tx *db.Tx, a *Absence) error) (Absence, error) {
	var a Absence
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if a, err = one(ctx, tx, sqlAbsences, db.NewWhere().And("b.id = ?", absenceID), "", scanAbsence); err != nil {
			return err
		}
		p, err := PersonByID(ctx, tx, a.PersonID)
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.AbsenceManage, p.Object()); err != nil {
			return err
		}
		old := a
		if version != 0 && version != old.Version {
			return stale(op)
		}
		if !a.Until.IsZero() && !a.Until.After(s.clk.Now()) {
			return errs.New(errs.Conflict, op, "This absence is over. Add a new one.")
		}
		if err := fn(tx, &a); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, sqlAbsenceUpdate, a.SubstituteID, clock.Micros(a.Until), a.ID, old.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return stale(op)
		}
		a.Version = old.Version + 1
		return s.audit(ctx, tx, by, verb, p.ID, absenceChange(old, a))
	})
	if err != nil {
		return Absence{}, err
	}
	return a, nil
}

func absencesOf(ctx context.Context, q db.Querier, personID string) ([]Absence, error) {
	return list(ctx, q, sqlAbsences, db.NewWhere().And("b.person_id = ?", personID), " ORDER BY b.from_at, b.id", scanAbsence)
}

// AbsencesOf lists a person's absences, those that are over too, the first first. Errors: as auth.Can.
func (s *Service) AbsencesOf(ctx context.Context, by auth.Actor, personID string) ([]Absence, error) {
	q := s.db.Read()
	p, err := PersonByID(ctx, q, personID)
	if err != nil {
		return nil, err
	}
	if err := auth.Can(by, auth.PersonRead, p.Object()); err != nil {
		return nil, err
	}
	return absencesOf(ctx, q, personID)
}

// maxAbsences bounds one reading of Absences: nobody plans more for a company that fits one desk.
const maxAbsences = 500

// Absences lists who is away or will be, of the persons somebody may read, the first first.
func (s *Service) Absences(ctx context.Context, by auth.Actor) ([]Absence, error) {
	w := db.NewWhere().And("(b.until_at = 0 OR b.until_at > ?)", clock.Micros(s.clk.Now())).And("(b.until_at = 0 OR b.until_at > b.from_at)")
	auth.FilterFor(by, auth.PersonRead, w, auth.Columns{Org: "p.org_id", Site: "p.site_id", Region: "s.region", Self: "p.id"})
	return list(ctx, s.db.Read(), sqlAbsences, w, " ORDER BY b.from_at, b.id LIMIT "+w.Arg(maxAbsences), scanAbsence)
}
