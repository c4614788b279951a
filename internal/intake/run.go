package intake

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Start takes a list in, in the background. One that was stopped goes on where it was. Errors: as Get; Conflict for one that runs or
// is done.
func (s *Service) Start(ctx context.Context, by auth.Actor, runID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.get(ctx, tx, by, runID)
		if err != nil {
			return err
		}
		if r.MadeBy != by.ID() {
			return errs.New(errs.Denied, "intake.Start", "Only who uploaded a list can start it: it acts with their rights. Upload it yourself.")
		}
		if r.State != Shown && r.State != Stopped {
			return errs.New(errs.Conflict, "intake.Start", "This list is taken in already.")
		}
		if err := s.move(ctx, tx, r, Running, ""); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, by, "import.start", r.ID, map[string]any{"rows": r.RowCount, "from": r.DoneRow}); err != nil {
			return err
		}
		return s.jobs.Add(ctx, tx, JobRun, r.ID, s.clk.Now())
	})
}

// Stop ends a run after the row it is at; it can be started again. Errors: as Get; Conflict for one that does not run.
func (s *Service) Stop(ctx context.Context, by auth.Actor, runID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.get(ctx, tx, by, runID)
		if err != nil {
			return err
		}
		if r.State != Running {
			return errs.New(errs.Conflict, "intake.Stop", "This list is not being taken in.")
		}
		if err := s.move(ctx, tx, r, Stopped, "Stopped by hand."); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "import.stop", r.ID, map[string]any{"at": r.DoneRow})
	})
}

func (s *Service) move(ctx context.Context, tx *db.Tx, r Run, to State, answer string) error {
	done := int64(0)
	if to == Complete || to == Stopped {
		done = clock.Micros(s.clk.Now())
	}
	n, err := tx.Exec(ctx, sqlRunState, string(to), done, answer, r.ID, string(r.State))
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "intake.move", "It has changed meanwhile. Read the page again.")
	}
	return err
}

// How much is done in one go of the job, before others have their turn.
const (
	rowsAtOnce = 500
	timeAtOnce = 20 * time.Second
)

// errEnded ends a go: somebody stopped the run, or another node is further.
var errEnded = errs.New(errs.Stale, "intake.run", "the run is not where it was")

// Work does the job of a run: some rows, then it asks for the next go. end commits its result (see job.Finish).
func (s *Service) Work(ctx context.Context, runID string, end func(fn func(tx *db.Tx) error) error) error {
	q := s.db.Read()
	r, err := s.get(ctx, q, auth.SystemActor(), runID)
	if errs.Is(err, errs.NotFound) || err == nil && r.State != Running {
		return end(func(*db.Tx) error { return nil })
	}
	if err != nil {
		return err
	}
	by, err := s.people.ActorOf(ctx, r.MadeBy)
	if err == nil {
		by.Channel = "import"
		err = auth.Somewhere(by, auth.PersonManage)
	}
	if err != nil {
		if k := errs.KindOf(err); k == errs.Internal || k == errs.Unavailable {
			return err
		}
		return end(func(tx *db.Tx) error {
			return s.move(ctx, tx, r, Stopped, "Whoever started it may not change people any more.")
		})
	}
	left, err := s.rows(ctx, by, r)
	if err != nil && !errs.Is(err, errs.Stale) {
		return err
	}
	return end(func(tx *db.Tx) error {
		now, err := s.get(ctx, tx, auth.SystemActor(), runID)
		if err != nil || now.State != Running {
			return err
		}
		if left {
			return s.jobs.Add(ctx, tx, JobRun, r.ID, s.clk.Now())
		}
		return s.move(ctx, tx, now, Complete, "")
	})
}

// rows settles some rows; left says whether there are more.
func (s *Service) rows(ctx context.Context, by auth.Actor, r Run) (left bool, err error) {
	sh, err := s.sheet(ctx, s.db.Read(), r.ID)
	if err != nil {
		return false, err
	}
	where, err := s.places(ctx, by, r.OrgID)
	if err != nil {
		return false, err
	}
	ends, n := s.clk.Now().Add(timeAtOnce), 0
	seen := map[string]int{}
	for _, l := range sh.Rows {
		if int64(l.N) <= r.DoneRow {
			if _, in := sh.read(l); in.address != "" {
				seen[in.address] = l.N
			}
			continue
		}
		if n++; n > rowsAtOnce || s.clk.Now().After(ends) {
			return true, nil
		}
		if err := s.row(ctx, by, r, sh, where, l, seen); err != nil {
			return true, err
		}
	}
	return false, nil
}

// row settles one row: what it does and that it was done are one transaction.
func (s *Service) row(ctx context.Context, by auth.Actor, r Run, sh Sheet, where places, l line, seen map[string]int) error {
	settle := func(tx *db.Tx, d Done) error {
		n, err := tx.Exec(ctx, sqlRunStep, d.N, r.ID)
		if err == nil && n == 0 {
			err = errEnded
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlRowInsert, r.ID, d.N, string(d.Outcome), d.PersonID, d.Reason)
		return err
	}
	var plan Row
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		before := map[string]int{} // of its own: the transaction may run again
		if n, ok := seen[text.Address(sh.cell(l, Address))]; ok {
			before[text.Address(sh.cell(l, Address))] = n
		}
		rows, err := s.plan(ctx, tx, by, sh, where, []line{l}, before)
		if err != nil {
			return err
		}
		plan = rows[0]
		p, err := s.do(ctx, tx, by, plan)
		if err != nil {
			return err
		}
		return settle(tx, Done{int64(plan.N), plan.Outcome, p.ID, plan.Reason()})
	})
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Conflict, errs.Denied, errs.NotFound:
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			return settle(tx, Done{int64(l.N), Failed, "", "Row: " + errs.Sentence(err)})
		})
	}
	if _, in := sh.read(l); err == nil && in.address != "" {
		seen[in.address] = l.N
	}
	return err
}

func (s *Service) do(ctx context.Context, tx *db.Tx, by auth.Actor, r Row) (people.Person, error) {
	switch r.Outcome {
	case Created:
		return s.people.CreatePersonIn(ctx, tx, by, r.input)
	case Changed:
		return s.people.UpdatePersonIn(ctx, tx, by, r.change)
	}
	return r.Person, nil
}
