package desk

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/kit/errs"
)

// JobTimer is the kind of the job that wakes a ticket up; its item is the ticket's id.
const JobTimer = "ticket.timer"

// mostSteps bounds the steps of one waking: after an outage one notice moves another, so there are never many at once.
const mostSteps = 20

// Timer wakes a ticket: it takes every step of the ladders that is due by now, each once, and asks for the next waking. end
// commits it with the removal of the job.
func (s *Service) Timer(ctx context.Context, ticketID string, end func(fn func(tx *db.Tx) error) error) error {
	return end(func(tx *db.Tx) error {
		err := s.onTicket(ctx, tx, ticketID, "timer", func(a *act) error {
			a.touched = true
			for range mostSteps {
				r, err := a.read(a.all())
				if err != nil {
					return err
				}
				t, due := dueTimer(r, a.now.Unix())
				if !due {
					return nil
				}
				if err := a.step(t); err != nil {
					return err
				}
			}
			return nil
		})
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	})
}

func dueTimer(r agreement.Result, now int64) (agreement.Timer, bool) {
	for _, t := range r.Timers {
		if t.At <= now && t.Action != agreement.ActionWaitEnd {
			return t, true
		}
	}
	return agreement.Timer{}, false
}

// step takes one step of a ladder: it is an event, and somebody is told. The occasions of a letter are called as the steps are.
func (a *act) step(t agreement.Timer) error {
	d := data{Ref: t.Ref, Metric: t.Metric, Step: t.Step, Action: t.Action, Party: t.Party}
	if t.Price.Minor > 0 { // a charge or a credit: what it is for stands in the version
		d.Minor, d.Currency, d.VersionID = t.Price.Minor, t.Price.Currency, a.papers[len(a.papers)-1].ID
	}
	if _, err := a.append(string(agreement.StepTaken), d); err != nil {
		return err
	}
	told := Message{MadeAt: a.now}
	switch t.Action {
	case agreement.ActionRequeue:
		if a.t.AssigneeID == "" {
			return nil
		}
		_, err := a.append(evAssigned, data{Before: a.t.AssigneeID})
		a.t.AssigneeID = ""
		return err
	case agreement.ActionLapse:
		if err := a.end(agreement.CauseLapsed); err != nil {
			return err
		}
		m, err := a.needOf(t.Ref)
		if err != nil {
			return err
		}
		told.Need = m.Need
	case agreement.ActionClose:
		if err := a.end(agreement.CauseSilence); err != nil {
			return err
		}
	}
	a.tell(tellKind(t.Action), told, &d)
	return nil
}

// needOf is the message of the event that asked.
func (a *act) needOf(seq int64) (Message, error) {
	for _, e := range a.stream {
		if e.Seq == seq {
			m, err := store.MessageByID(a.ctx, a.tx, record.DataOf(e).Message, a.t.ID)
			if errs.Is(err, errs.NotFound) {
				return Message{}, nil
			}
			return m, err
		}
	}
	return Message{}, nil
}

// Moved is a promise whose due instant a correction moved.
type Moved struct {
	Number int64
	Metric agreement.Metric
	Before int64 // unix seconds, 0 for none
	After  int64
}

// Rederive reads every open ticket's ledger again, after a calendar was corrected or to prove the cache. With fix, what
// differs is written, with an event that says so; it tells which tickets moved. Errors: Denied.
func (s *Service) Rederive(ctx context.Context, fix bool) ([]Moved, error) {
	var moved []Moved
	after := ""
	for {
		ids, err := store.OpenAfter(ctx, s.db.Read(), after)
		if err != nil || len(ids) == 0 {
			return moved, err
		}
		for _, ticketID := range ids {
			m, err := s.rederive(ctx, ticketID, fix)
			if err != nil {
				return moved, err
			}
			moved = append(moved, m...)
			after = ticketID
		}
	}
}

// WouldMove tells which open tickets would move if everything were read again in this context (see calendar.Supposing), of the first
// most; more says that there are others. Nothing is written.
func (s *Service) WouldMove(ctx context.Context, most int) (moved []Moved, more bool, err error) {
	for after, n := "", 0; ; {
		ids, err := store.OpenAfter(ctx, s.db.Read(), after)
		if err != nil || len(ids) == 0 {
			return moved, false, err
		}
		for _, ticketID := range ids {
			if n++; n > most {
				return moved, true, nil
			}
			m, err := s.rederive(ctx, ticketID, false)
			if err != nil {
				return moved, false, err
			}
			moved = append(moved, m...)
			after = ticketID
		}
	}
}

func (s *Service) rederive(ctx context.Context, ticketID string, fix bool) ([]Moved, error) {
	var moved []Moved
	shows := "" // the ticket that shows this one's promise too
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		moved, shows = nil, ""
		return s.onTicket(ctx, tx, ticketID, "rederive", func(a *act) error {
			cached := a.t
			a.derive(a.result)
			if err := a.lead(); err != nil {
				return err
			}
			if same := a.t; same.TurnSide == cached.TurnSide && same.State == cached.State && same.DueMicros() == cached.DueMicros() {
				a.t = cached
				return nil
			}
			moved = append(moved, Moved{a.t.Number, a.t.DueMetric, unix(cached.DueAt), unix(a.t.DueAt)})
			if !fix {
				a.t = cached
				return nil
			}
			if _, err := a.append(evCorrected, data{Due: unix(a.t.DueAt), Until: unix(cached.DueAt), Metric: a.t.DueMetric, Correction: true}); err != nil {
				return err
			}
			survivor, err := store.Survivor(ctx, tx, ticketID)
			if errs.Is(err, errs.NotFound) {
				return nil
			}
			shows = survivor.ID
			return err
		})
	})
	if err != nil || shows == "" {
		return moved, err
	}
	more, err := s.rederive(ctx, shows, fix)
	return append(moved, more...), err
}
