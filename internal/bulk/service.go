package bulk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Service changes many tickets. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	clk    clock.Clock
	desk   *desk.Service
	people *people.Service
	names  *naming.Directory
	gate   gate
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, tickets *desk.Service, p *people.Service, names *naming.Directory) *Service {
	return &Service{db: d, clk: clk, desk: tickets, people: p, names: names, gate: gate{clk: clk, running: map[string]int{}, began: map[string][]time.Time{}}}
}

// Plan says what a change would do to each of some tickets, and what it would not, and why. It writes nothing. A ticket that the
// actor may not read is one that does not exist. Errors: Invalid, TooLarge.
func (s *Service) Plan(ctx context.Context, by auth.Actor, numbers []int64, c Change) ([]Item, error) {
	numbers, err := counted(numbers)
	if err != nil {
		return nil, err
	}
	t, err := s.read(ctx, by, c)
	if err != nil {
		return nil, err
	}
	out := make([]Item, len(numbers))
	for i, n := range numbers {
		out[i] = s.plan(ctx, by, t, n)
	}
	return out, nil
}

// counted is the numbers once each, in the order given.
func counted(numbers []int64) ([]int64, error) {
	var out []int64
	for _, n := range numbers {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	switch {
	case len(out) == 0:
		return nil, errs.In("bulk", "pick", "No ticket is chosen. Choose some first.")
	case len(out) > MostTickets:
		return nil, errs.New(errs.TooLarge, "bulk", "These are %d tickets; at once it can be %d. Choose fewer.", len(out), MostTickets)
	}
	return out, nil
}

// Outcome is what became of one ticket.
type Outcome string

// The outcomes.
const (
	Done      Outcome = "done"
	Unchanged Outcome = "unchanged" // it was so already
	Refused   Outcome = "refused"
)

// Result is one ticket of a run.
type Result struct {
	Number  int64
	Outcome Outcome
	Status  int    // of a refusal, as HTTP says it: 403, 404, 409, 412
	Say     string // why it was refused or is unchanged
	Undone  Outcome
	UndoSay string // why it could not be taken back
	before  map[string]string
}

// Run is a change that was made.
type Run struct {
	ID       string
	ByID     string
	Change   Change
	MadeAt   time.Time
	Until    time.Time // when it can no longer be taken back
	UndoneAt time.Time
	Results  []Result
}

// Count says for how many tickets the outcome is o.
func (r Run) Count(o Outcome) int {
	n := 0
	for _, x := range r.Results {
		if x.Outcome == o {
			n++
		}
	}
	return n
}

// CanUndo says whether the run can be taken back at an instant.
func (r Run) CanUndo(now time.Time) bool {
	return r.UndoneAt.IsZero() && now.Before(r.Until) && r.Count(Done) > 0
}

// Pick is a ticket that is to be changed, and the version of it that was looked at; 0 is any.
type Pick struct {
	Number  int64
	Version int64
}

// Do makes a change: each ticket by the desk's own command, as the actor. What is refused says why, and the others are done.
// Errors: Invalid, TooLarge.
func (s *Service) Do(ctx context.Context, by auth.Actor, picks []Pick, c Change) (Run, error) {
	numbers := make([]int64, len(picks))
	versions := map[int64]int64{}
	for i, p := range picks {
		numbers[i], versions[p.Number] = p.Number, p.Version
	}
	numbers, err := counted(numbers)
	if err != nil {
		return Run{}, err
	}
	t, err := s.read(ctx, by, c)
	if err != nil {
		return Run{}, err
	}
	now := s.clk.Now()
	run := Run{ID: id.New(), ByID: by.PersonID, Change: c, MadeAt: now, Until: now.Add(UndoFor)}
	if err := s.begin(ctx, by, run); err != nil {
		return Run{}, err
	}
	for _, n := range numbers {
		r := s.one(ctx, by, t, n, versions[n])
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return insertItem(ctx, tx, run.ID, r) }); err != nil {
			return run, err
		}
		run.Results = append(run.Results, r)
	}
	return run, nil
}

func (s *Service) begin(ctx context.Context, by auth.Actor, run Run) error {
	change, err := json.Marshal(run.Change)
	if err != nil {
		return errs.Wrap(errs.Internal, "bulk.Do", err, "the change can't be kept")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertRun(ctx, tx, run, string(change)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: run.MadeAt, Actor: by.ID(), Verb: "bulk." + string(run.Change.Do), Object: "bulk", ObjectID: run.ID})
	})
}

// one changes one ticket.
func (s *Service) one(ctx context.Context, by auth.Actor, c told, number, version int64) Result {
	it := s.plan(ctx, by, c, number)
	r := Result{Number: number, before: beforeOf(c, it)}
	switch {
	case it.Refused:
		return r.refuse(it.kind, it.Not)
	case it.Not != "":
		r.Outcome, r.Say = Unchanged, it.Not
		return r
	}
	if _, err := s.command(ctx, by, c, it.Ticket, version); err != nil {
		return r.refuse(errs.KindOf(err), sentence(err))
	}
	r.Outcome = Done
	return r
}

func (r Result) refuse(kind errs.Kind, say string) Result {
	r.Outcome, r.Status, r.Say = Refused, kind.HTTP(), say
	return r
}

// sentence is what somebody is told of a refusal. That a field was set meanwhile names what it holds by ids; here it is said so.
func sentence(err error) string {
	if errs.Is(err, errs.Stale) {
		return "Somebody else changed it meanwhile. Look at it again."
	}
	return errs.Sentence(err)
}

// beforeOf is what a ticket held of what is changed.
func beforeOf(c told, it Item) map[string]string {
	f := desk.Fields(it.Ticket)
	switch c.Do {
	case Assign:
		return map[string]string{"assignee": f["assignee"]}
	case Pass:
		return map[string]string{"assignee": f["assignee"], "team": f["team"]}
	case Prioritise:
		return map[string]string{"impact": f["impact"], "urgency": f["urgency"]}
	}
	return map[string]string{}
}

// command runs the desk's own command. A version that was looked at counts for what has no fields to compare.
func (s *Service) command(ctx context.Context, by auth.Actor, c told, t desk.Ticket, version int64) (desk.Ticket, error) {
	act := desk.Act{Number: t.Number, Reason: c.Reason, Version: version}
	switch c.Do {
	case Assign:
		return s.desk.Assign(ctx, by, act, c.person.ID, "")
	case Pass:
		return s.desk.Assign(ctx, by, act, "", c.team.ID)
	case Prioritise:
		return s.desk.Change(ctx, by, act, desk.Change{Impact: optional(c.Impact), Urgency: optional(c.Urgency)})
	case Tag:
		return s.desk.Tag(ctx, by, act, []string{c.Change.Tag}, nil)
	case Untag:
		return s.desk.Tag(ctx, by, act, nil, []string{c.Change.Tag})
	case Wait:
		return s.desk.Wait(ctx, by, act, desk.WaitInput{Until: c.Until, Agreed: c.Agreed})
	}
	return s.desk.DiscardAsNoTicket(ctx, by, act)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Get gives a run of one's own. Errors: NotFound.
func (s *Service) Get(ctx context.Context, by auth.Actor, runID string) (Run, error) {
	if !id.Valid(runID) {
		runID = "none"
	}
	r, err := runByID(ctx, s.db.Read(), runID)
	if err == nil && (r.ByID != by.PersonID || !by.Staff()) {
		err = ticket.NotHere("bulk.Get")
	}
	if err != nil {
		return Run{}, err
	}
	r.Results, err = itemsOf(ctx, s.db.Read(), r.ID)
	return r, err
}

// Undo takes a run back: what each ticket held before, by the same commands, where nobody has set the same since. What can't be
// taken back says why. Errors: NotFound, Conflict when it was taken back already or is too long ago.
func (s *Service) Undo(ctx context.Context, by auth.Actor, runID string) (Run, error) {
	run, err := s.Get(ctx, by, runID)
	if err != nil {
		return Run{}, err
	}
	now := s.clk.Now()
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		if !now.Before(run.Until) {
			return errs.New(errs.Conflict, "bulk.Undo", "That was at %s and could be taken back for %d minutes. Change them back one by one, or together.", run.MadeAt.Format("15:04"), int(UndoFor.Minutes()))
		}
		first, err := setUndone(ctx, tx, run.ID, now)
		if err != nil {
			return err
		}
		if !first {
			return errs.New(errs.Conflict, "bulk.Undo", "This was taken back already.")
		}
		return audit.Write(ctx, tx, audit.Entry{At: now, Actor: by.ID(), Verb: "bulk.undo", Object: "bulk", ObjectID: run.ID})
	}); err != nil {
		return Run{}, err
	}
	run.UndoneAt = now
	for i := range run.Results {
		r := &run.Results[i]
		if r.Outcome != Done {
			continue
		}
		if err := s.back(ctx, by, run.Change, *r); err != nil {
			r.Undone, r.UndoSay = Refused, sentence(err)
		} else {
			r.Undone = Done
		}
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return updateItem(ctx, tx, run.ID, *r) }); err != nil {
			return run, err
		}
	}
	return run, nil
}

// back restores one ticket.
func (s *Service) back(ctx context.Context, by auth.Actor, c Change, r Result) error {
	act := desk.Act{Number: r.Number, Reason: strings.TrimSpace("taken back " + c.Reason)}
	var err error
	switch c.Do {
	case Assign, Pass:
		err = s.backToHolder(ctx, by, act, c, r)
	case Prioritise:
		act.Was = map[string]string{}
		for name, v := range map[string]string{"impact": c.Impact, "urgency": c.Urgency} {
			if v != "" {
				act.Was[name] = v
			}
		}
		_, err = s.desk.Change(ctx, by, act, desk.Change{Impact: optional(r.before["impact"]), Urgency: optional(r.before["urgency"])})
	case Tag:
		_, err = s.desk.Tag(ctx, by, act, nil, []string{c.Tag})
	case Untag:
		_, err = s.desk.Tag(ctx, by, act, []string{c.Tag}, nil)
	case Wait:
		_, err = s.desk.EndWait(ctx, by, act)
	default:
		_, err = s.desk.RestoreTicket(ctx, by, act)
	}
	return err
}

func (s *Service) backToHolder(ctx context.Context, by auth.Actor, act desk.Act, c Change, r Result) error {
	t, err := s.read(ctx, by, c)
	if err != nil {
		return err
	}
	if c.Do == Assign {
		act.Was = map[string]string{"assignee": t.person.ID}
		_, err = s.desk.Assign(ctx, by, act, r.before["assignee"], "")
		return err
	}
	act.Was = map[string]string{"assignee": "", "team": t.team.ID}
	if r.before["team"] == "" {
		return errs.New(errs.Conflict, "bulk.Undo", "It had no team before, and a ticket that has one keeps one. Pass it on to the right one.")
	}
	_, err = s.desk.Assign(ctx, by, act, r.before["assignee"], r.before["team"])
	return err
}
