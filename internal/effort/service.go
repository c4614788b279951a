package effort

import (
	"context"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Keeper keeps working time in the transaction of the act it goes with: desk.Timekeeper.
type Keeper struct{ Clock clock.Clock }

// Keep implements desk.Timekeeper. Errors: Invalid.
func (k Keeper) Keep(ctx context.Context, tx *db.Tx, by auth.Actor, ticketID, act string, w desk.Work) error {
	_, err := k.keep(ctx, tx, by, ticketID, act, w)
	return err
}

func (k Keeper) keep(ctx context.Context, tx *db.Tx, by auth.Actor, ticketID, act string, w desk.Work) (Entry, error) {
	w, err := check(w)
	if err != nil {
		return Entry{}, err
	}
	zone, err := zoneOf(ctx, tx, by.PersonID)
	if err != nil {
		return Entry{}, err
	}
	now := k.Clock.Now().UTC()
	day := dayOf(now, zone)
	e := Entry{ID: id.New(), TicketID: ticketID, PersonID: by.PersonID, Act: act, Kind: Kind(w.Kind), Minutes: w.Minutes, Note: w.Note, MadeAt: now, ChangedAt: now, Version: 1,
		Day: time.Unix(day*86400, 0).UTC()}
	return e, insert(ctx, tx, e, day)
}

func zoneOf(ctx context.Context, q db.Querier, personID string) (*time.Location, error) {
	p, err := people.PersonByID(ctx, q, personID)
	if errs.Is(err, errs.NotFound) {
		return time.UTC, nil
	}
	if err != nil {
		return nil, err
	}
	return p.Location(), nil
}

// Service is working time for the edges. It is safe for concurrent use.
type Service struct {
	db   *db.DB
	clk  clock.Clock
	desk *desk.Service
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, tickets *desk.Service) *Service {
	return &Service{db: d, clk: clk, desk: tickets}
}

// noteVerb is what noting time on a ticket takes: it is internal, as a note is.
const noteVerb = auth.TicketNoteWrite

// Log notes time on a ticket. Errors: Invalid, NotFound, Denied.
func (s *Service) Log(ctx context.Context, by auth.Actor, number int64, w desk.Work) (Entry, error) {
	t, err := s.ticket(ctx, by, number, noteVerb)
	if err != nil {
		return Entry{}, err
	}
	var e Entry
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if e, err = (Keeper{s.clk}).keep(ctx, tx, by, t.ID, "", w); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "effort.log", e, nil)
	})
	e.Number = t.Number
	return e, err
}

// ticket loads one on which the actor may do something.
func (s *Service) ticket(ctx context.Context, by auth.Actor, number int64, v auth.Verb) (desk.Ticket, error) {
	t, err := s.desk.Get(ctx, by, number)
	if err != nil {
		return t, err
	}
	parts, err := s.desk.Participants(ctx, by, number)
	if err != nil {
		return t, err
	}
	return t, auth.Can(by, v, t.Object(parts))
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb string, e Entry, change any) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "effort", ObjectID: e.ID, Change: change})
}

// figures are what the audit trail keeps of an entry: no words.
func figures(e Entry) map[string]any {
	return map[string]any{"ticket": e.TicketID, "kind": e.Kind, "minutes": e.Minutes, "day": e.Day.Format("2006-01-02")}
}

// own loads an entry that its author may still change: theirs, and of today.
func (s *Service) own(ctx context.Context, tx *db.Tx, by auth.Actor, entryID string) (Entry, error) {
	gone := errs.New(errs.NotFound, "effort", "There is no such entry of yours.")
	if !id.Valid(entryID) {
		return Entry{}, gone
	}
	e, err := scan(tx.QueryRow(ctx, sqlByID, entryID))
	if errs.Is(err, errs.NotFound) || err == nil && e.PersonID != by.PersonID {
		return e, gone
	}
	if err != nil {
		return e, err
	}
	zone, err := zoneOf(ctx, tx, by.PersonID)
	if err != nil {
		return e, err
	}
	if dayOf(s.clk.Now(), zone) != dayOf(e.Day, time.UTC) {
		return e, errs.New(errs.Conflict, "effort", "This entry is of %s, and entries are changed on their own day. Note what is missing as a new one.", e.Day.Format("2 January")).Reason("another-day")
	}
	return e, nil
}

// Change puts other figures in an entry, on its own day, by its author. Errors: Invalid, NotFound, Conflict.
func (s *Service) Change(ctx context.Context, by auth.Actor, entryID string, w desk.Work) (Entry, error) {
	w, err := check(w)
	if err != nil {
		return Entry{}, err
	}
	var e Entry
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if e, err = s.own(ctx, tx, by, entryID); err != nil {
			return err
		}
		before := figures(e)
		now := s.clk.Now().UTC()
		n, err := tx.Exec(ctx, sqlUpdate, w.Kind, w.Minutes, w.Note, clock.Micros(now), e.ID, e.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Stale, "effort", "The entry was changed at the same moment. Read it again.")
		}
		e.Kind, e.Minutes, e.Note, e.ChangedAt, e.Version = Kind(w.Kind), w.Minutes, w.Note, now, e.Version+1
		return s.audit(ctx, tx, by, "effort.change", e, map[string]any{"before": before, "after": figures(e)})
	})
	if err != nil {
		return e, err
	}
	return e, s.name(ctx, by, []*Entry{&e})
}

// Remove takes an entry back, on its own day, by its author. Errors: NotFound, Conflict.
func (s *Service) Remove(ctx context.Context, by auth.Actor, entryID string) (Entry, error) {
	var e Entry
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if e, err = s.own(ctx, tx, by, entryID); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, sqlDelete, e.ID, e.Version); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "effort.remove", e, map[string]any{"before": figures(e)})
	})
	if err != nil {
		return e, err
	}
	return e, s.name(ctx, by, []*Entry{&e})
}

// Of lists the time that went into a ticket and into those merged into it, oldest first. Errors: NotFound for who may not read
// its notes.
func (s *Service) Of(ctx context.Context, by auth.Actor, number int64) ([]Entry, error) {
	t, err := s.ticket(ctx, by, number, auth.TicketNoteRead)
	if err != nil {
		return nil, errs.New(errs.NotFound, "effort", "There is nothing here that you can see.")
	}
	merged, err := s.desk.Merged(ctx, by, number)
	if err != nil {
		return nil, err
	}
	ids, numbers := []string{t.ID}, map[string]int64{t.ID: t.Number}
	for _, m := range merged {
		ids, numbers[m.ID] = append(ids, m.ID), m.Number
	}
	all, err := of(ctx, s.db.Read(), ids...)
	for i := range all {
		all[i].Number = numbers[all[i].TicketID]
	}
	return all, err
}

// Spent is how many minutes went into a ticket by itself, without those merged into it, for who has it read as an object already.
// Errors: NotFound for who may not read its notes.
func (s *Service) Spent(ctx context.Context, by auth.Actor, o auth.Object) (int, error) {
	if auth.Can(by, auth.TicketNoteRead, o) != nil {
		return 0, errs.New(errs.NotFound, "effort", "There is nothing here that you can see.")
	}
	return minutesOf(ctx, s.db.Read(), o.ID)
}

// Minutes is the sum of entries.
func Minutes(all []Entry) int {
	n := 0
	for i := range all {
		n += all[i].Minutes
	}
	return n
}

// WeekOf lists what somebody noted in the week of a day, and what everybody in IT noted: the load is shown. Of tickets that the
// reader may not read the minutes alone are told. Errors: Denied for who is not of IT.
func (s *Service) WeekOf(ctx context.Context, by auth.Actor, personID string, day time.Time) ([]Entry, []Sum, error) {
	if !by.Staff() {
		return nil, nil, errs.New(errs.NotFound, "effort", "There is nothing here that you can see.")
	}
	from := Week(day).Unix() / 86400
	all, err := between(ctx, s.db.Read(), personID, from, from+7)
	if err != nil {
		return nil, nil, err
	}
	list := make([]*Entry, len(all))
	for i := range all {
		list[i] = &all[i]
	}
	if err := s.name(ctx, by, list); err != nil {
		return nil, nil, err
	}
	everybody, err := sums(ctx, s.db.Read(), from, from+7)
	return all, everybody, err
}

// name gives entries the numbers of their tickets, and takes the words of those that the reader may not read.
func (s *Service) name(ctx context.Context, by auth.Actor, all []*Entry) error {
	ids := map[string]bool{}
	var list []string
	for _, e := range all {
		if !ids[e.TicketID] {
			ids[e.TicketID] = true
			list = append(list, e.TicketID)
		}
	}
	keys, err := s.desk.Keys(ctx, list...)
	if err != nil {
		return err
	}
	reads := map[string]bool{}
	for _, k := range keys {
		_, err := s.ticket(ctx, by, k.Number, auth.TicketNoteRead)
		if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied) {
			return err
		}
		reads[k.ID] = err == nil
	}
	for _, e := range all {
		if reads[e.TicketID] {
			e.Number = keys[e.TicketID].Number
		} else if e.PersonID != by.PersonID {
			e.Note = ""
		}
	}
	return nil
}

// Zone is the zone in which somebody's working days are counted.
func (s *Service) Zone(ctx context.Context, personID string) (*time.Location, error) {
	return zoneOf(ctx, s.db.Read(), personID)
}
