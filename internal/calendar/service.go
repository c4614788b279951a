package calendar

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// Definition is a stored calendar: what it is called and what it was last said to be. Its table is calendar_calendar.
type Definition struct {
	ID      string
	Name    string
	Version int64 // counts the changes
	Spec    Spec
}

// Changed says that a calendar was changed: a correction of fact, after which everything timed by it is read anew.
type Changed struct {
	ID      string
	Version int64 // the new one
	Before  *Calendar
	After   *Calendar
	What    string // in words: "holiday 2026-12-24 (Christmas Eve) added"
}

// Service stores calendars and keeps them compiled. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	clk      clock.Clock
	onChange []func(ctx context.Context, tx *db.Tx, c Changed) error
	mu       sync.RWMutex
	kept     map[string]compiled
}

// compiled is a calendar kept ready.
type compiled struct {
	cal     *Calendar
	version int64
	checked time.Time
}

// New makes the service.
func New(d *db.DB, clk clock.Clock) *Service {
	return &Service{db: d, clk: clk, kept: map[string]compiled{}}
}

// OnChange has fn called in the transaction of every change of a calendar; its error undoes the change. Not to be called
// while commands run.
func (s *Service) OnChange(fn func(ctx context.Context, tx *db.Tx, c Changed) error) {
	s.onChange = append(s.onChange, fn)
}

// Create stores a new calendar. Errors: as auth.Can; Invalid, naming every wrong field; Conflict for a name in use.
func (s *Service) Create(ctx context.Context, by auth.Actor, name string, spec Spec) (Definition, error) {
	if err := auth.Can(by, auth.CalendarManage, auth.Object{Kind: "calendar"}); err != nil {
		return Definition{}, err
	}
	var d Definition
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = s.insert(ctx, tx, by, name, spec)
		return err
	})
	return d, err
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, by auth.Actor, name string, spec Spec) (Definition, error) {
	d := Definition{ID: id.New(), Name: text.Line(name), Version: 1, Spec: spec.clone()}
	_, body, err := d.check()
	if err != nil {
		return Definition{}, err
	}
	n, err := tx.Exec(ctx, sqlInsert, d.ID, d.Name, text.Fold(d.Name), body)
	if err != nil {
		return Definition{}, err
	}
	if n == 0 {
		return Definition{}, nameTaken(d.Name)
	}
	return d, s.audit(ctx, tx, by, "calendar.create", d.ID, map[string]any{"spec": spec})
}

// check gives the calendar compiled and as it is stored.
func (d Definition) check() (cal *Calendar, body string, err error) {
	if n := utf8.RuneCountInString(d.Name); n == 0 || n > 200 {
		return nil, "", errs.In("calendar", "name", "Give the calendar a name of 1 to 200 characters.")
	}
	if cal, err = Compile(d.Spec); err != nil {
		return nil, "", err
	}
	b, err := json.Marshal(d.Spec)
	return cal, string(b), err
}

func nameTaken(name string) error {
	return errs.New(errs.Conflict, "calendar", "There is a calendar called %q already. Give another name.", name).Reason("name-taken")
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb, calendarID string, change map[string]any) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "calendar", ObjectID: calendarID, Change: change})
}

// Change is what Update changes; nil leaves as it is.
type Change struct {
	ID      string
	Version int64 // as read; 0 takes whatever it is
	Name    *string
	Spec    *Spec
	What    string // the change in words; "" for a general one
}

// Update changes a calendar. Errors: as auth.Can; NotFound; Invalid, naming every wrong field; Stale when somebody changed it
// meanwhile; Conflict for a name in use.
func (s *Service) Update(ctx context.Context, by auth.Actor, in Change) (Definition, error) {
	return s.change(ctx, by, in.ID, in.Version, func(d *Definition) (string, error) {
		if in.Name != nil {
			d.Name = *in.Name
		}
		if in.Spec == nil {
			return "name changed", nil
		}
		d.Spec = in.Spec.clone()
		if in.What != "" {
			return in.What, nil
		}
		return "hours changed", nil
	})
}

// AddHoliday adds a holiday: a date (2026-12-24), or a day of every year (12-24). One that is there already gets the name.
// Errors: as Update.
func (s *Service) AddHoliday(ctx context.Context, by auth.Actor, calendarID, date, name string) (Definition, error) {
	name = text.Line(name)
	return s.change(ctx, by, calendarID, 0, func(d *Definition) (string, error) {
		days := &d.Spec.Holidays
		if _, yearly := parseYearly(date); yearly {
			days = &d.Spec.YearlyHolidays
		} else if _, ok := parseDate(date); !ok {
			return "", errs.In("calendar.AddHoliday", "date", "This is no day. Write one date as 2026-12-24, or a day of every year as 12-24.")
		}
		if !slices.Contains(*days, date) {
			*days = append(*days, date)
			slices.Sort(*days)
		}
		if name == "" {
			delete(d.Spec.HolidayNames, date)
			return "holiday " + date + " added", nil
		}
		if d.Spec.HolidayNames == nil {
			d.Spec.HolidayNames = map[string]string{}
		}
		d.Spec.HolidayNames[date] = name
		return "holiday " + date + " (" + name + ") added", nil
	})
}

// RemoveHoliday takes a holiday away, written as AddHoliday wrote it. Errors: as Update; Conflict when there is none on that day.
func (s *Service) RemoveHoliday(ctx context.Context, by auth.Actor, calendarID, date string) (Definition, error) {
	return s.change(ctx, by, calendarID, 0, func(d *Definition) (string, error) {
		had := len(d.Spec.Holidays) + len(d.Spec.YearlyHolidays)
		is := func(h string) bool { return h == date }
		d.Spec.Holidays = slices.DeleteFunc(d.Spec.Holidays, is)
		d.Spec.YearlyHolidays = slices.DeleteFunc(d.Spec.YearlyHolidays, is)
		if len(d.Spec.Holidays)+len(d.Spec.YearlyHolidays) == had {
			return "", errs.New(errs.Conflict, "calendar.RemoveHoliday", "The calendar has no holiday %q. Write it as the calendar lists it: 2026-12-24, or 12-24 for every year.", text.Cut(text.Line(date), 20))
		}
		d.Spec.dropNames()
		return "holiday " + date + " removed", nil
	})
}

// dropNames drops the names of days that are no holidays any more: a name may be that of a date or of a day of the year.
func (s *Spec) dropNames() {
	maps.DeleteFunc(s.HolidayNames, func(key, _ string) bool {
		if slices.Contains(s.Holidays, key) || slices.Contains(s.YearlyHolidays, key) {
			return false
		}
		if len(key) == 10 {
			return !slices.Contains(s.YearlyHolidays, key[5:])
		}
		return !slices.ContainsFunc(s.Holidays, func(h string) bool { return strings.HasSuffix(h, "-"+key) })
	})
}

// change is every command on an existing calendar: load, change, check, write, audit, tell.
func (s *Service) change(ctx context.Context, by auth.Actor, calendarID string, version int64, fn func(*Definition) (what string, err error)) (Definition, error) {
	if err := auth.Can(by, auth.CalendarManage, auth.Object{Kind: "calendar", ID: calendarID}); err != nil {
		return Definition{}, err
	}
	var d Definition
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := ByID(ctx, tx, calendarID)
		if err != nil {
			return err
		}
		if version != 0 && version != old.Version {
			return errs.New(errs.Stale, "calendar.Update", "Somebody changed this calendar since you read it. Read it again and repeat your change.")
		}
		d = Definition{ID: old.ID, Name: old.Name, Version: old.Version + 1, Spec: old.Spec.clone()}
		what, err := fn(&d)
		if err != nil {
			return err
		}
		return s.store(ctx, tx, by, old, &d, what)
	})
	if err != nil {
		return Definition{}, err
	}
	return d, nil
}

func (s *Service) store(ctx context.Context, tx *db.Tx, by auth.Actor, old Definition, d *Definition, what string) error {
	d.Name = text.Line(d.Name)
	before, err := Compile(old.Spec)
	if err != nil {
		return err
	}
	after, body, err := d.check()
	if err != nil {
		return err
	}
	var n int64
	if err := tx.QueryRow(ctx, sqlTaken, text.Fold(d.Name), d.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return nameTaken(d.Name)
	}
	if _, err := tx.Exec(ctx, sqlUpdate, d.Name, text.Fold(d.Name), body, d.ID, old.Version); err != nil {
		return err
	}
	if err := s.audit(ctx, tx, by, "calendar.update", d.ID, map[string]any{"what": what, "version": d.Version, "before": old.Spec, "after": d.Spec}); err != nil {
		return err
	}
	for _, fn := range s.onChange {
		if err := fn(ctx, tx, Changed{ID: d.ID, Version: d.Version, Before: before, After: after, What: what}); err != nil {
			return err
		}
	}
	version := d.Version
	tx.AfterCommit(func() { s.keep(d.ID, compiled{after, version, s.clk.Now()}) })
	return nil
}

// ByID reads a calendar. Errors: NotFound.
func ByID(ctx context.Context, q db.Querier, calendarID string) (Definition, error) {
	w := db.NewWhere().And("c.id = ?", calendarID)
	return scanDefinition(q.QueryRow(ctx, sqlCalendars+w.SQL(), w.Args()...))
}

// Get reads a calendar for somebody. Errors: as auth.Can; NotFound.
func (s *Service) Get(ctx context.Context, by auth.Actor, calendarID string) (Definition, error) {
	if err := auth.Can(by, auth.CalendarRead, auth.Object{Kind: "calendar", ID: calendarID}); err != nil {
		return Definition{}, err
	}
	return ByID(ctx, s.db.Read(), calendarID)
}

// Find finds a calendar by id or name, for the command line. Errors: NotFound.
func (s *Service) Find(ctx context.Context, key string) (Definition, error) {
	w := db.NewWhere()
	if id.Valid(key) {
		w.And("c.id = ?", key)
	} else {
		w.And("c.name_key = ?", text.Fold(key))
	}
	d, err := scanDefinition(s.db.Read().QueryRow(ctx, sqlCalendars+w.SQL(), w.Args()...))
	if errs.Is(err, errs.NotFound) {
		return Definition{}, errs.New(errs.NotFound, "calendar.Find", "There is no calendar %q. Look at the list with: bothways calendar list", text.Cut(text.Line(key), 80))
	}
	return d, err
}

// List lists the calendars by name. Errors: as auth.Can; Invalid for a cursor that is none.
func (s *Service) List(ctx context.Context, by auth.Actor, cursor string, limit int) (page.List[Definition], error) {
	if err := auth.Can(by, auth.CalendarRead, auth.Object{Kind: "calendar"}); err != nil {
		return page.List[Definition]{}, err
	}
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Definition]{}, err
	}
	limit = page.Limit(limit)
	w := db.NewWhere().And("c.name_key > ?", c.Tie) // no name is empty
	tail := " ORDER BY c.name_key LIMIT " + w.Arg(limit+1)
	rows, err := s.db.Read().Query(ctx, sqlCalendars+w.SQL()+tail, w.Args()...)
	all, err := db.Collect(rows, err, scanDefinition)
	if err != nil {
		return page.List[Definition]{}, err
	}
	return page.Of(all, limit, func(d Definition) page.Cursor { return page.Cursor{Tie: text.Fold(d.Name)} }), nil
}

// checkEvery is how long a compiled calendar is used before its version is looked at again: a change made on another node
// holds here after it; one made on this node holds at once.
const checkEvery = 2 * time.Second

// Compiled gives a stored calendar ready to calculate with. Errors: NotFound.
func (s *Service) Compiled(ctx context.Context, calendarID string) (*Calendar, error) {
	return s.CompiledIn(ctx, s.db.Read(), calendarID)
}

// CompiledIn is Compiled inside a transaction of the caller's, on the same connection. Errors: NotFound.
func (s *Service) CompiledIn(ctx context.Context, q db.Querier, calendarID string) (*Calendar, error) {
	if c, ok := ctx.Value(supposed{calendarID}).(*Calendar); ok {
		return c, nil
	}
	now := s.clk.Now()
	s.mu.RLock()
	k, ok := s.kept[calendarID]
	s.mu.RUnlock()
	if age := now.Sub(k.checked); ok && age >= 0 && age < checkEvery {
		return k.cal, nil
	}
	var version int64
	if err := q.QueryRow(ctx, sqlVersion, calendarID).Scan(&version); err != nil {
		return nil, err
	}
	if !ok || k.version != version {
		d, err := ByID(ctx, q, calendarID)
		if err != nil {
			return nil, err
		}
		cal, err := Compile(d.Spec)
		if err != nil {
			return nil, err
		}
		k = compiled{cal: cal, version: d.Version}
	}
	k.checked = now
	if tx, ok := q.(*db.Tx); ok { // what it read may be its own change and never come to be
		tx.AfterCommit(func() { s.keep(calendarID, k) })
	} else {
		s.keep(calendarID, k)
	}
	return k.cal, nil
}

// keep keeps a compiled calendar unless a newer one is kept.
func (s *Service) keep(calendarID string, k compiled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[calendarID].version <= k.version {
		s.kept[calendarID] = k
	}
}
