package intake

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// State is how far a list has come.
type State string

// The states.
const (
	Shown    State = "shown"   // nothing was done yet
	Running  State = "running" // it is taken in
	Complete State = "done"    // every row is settled
	Stopped  State = "stopped" // somebody stopped it, or it lost its rights; it can go on
)

// JobRun is the kind of the job that takes a list in; its item is the run.
const JobRun = "intake.run"

// Run is a list that was uploaded.
type Run struct {
	ID       string
	MadeBy   string
	MadeAt   time.Time
	FileName string
	OrgID    string // of rows that name none; "" for none
	State    State
	RowCount int64 // number of rows, the head left out
	DoneRow  int64 // number of the last row that was settled, as the list counts them
	DoneAt   time.Time
	Answer   string // why it stopped
}

// Done is a row that was settled.
type Done struct {
	N        int64
	Outcome  Outcome
	PersonID string
	Reason   string
}

// Jobs is the queue that takes lists in.
type Jobs interface {
	Add(ctx context.Context, tx *db.Tx, kind, item string, at time.Time) error
}

// Service takes lists of people in. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	clk    clock.Clock
	people *people.Service
	jobs   Jobs
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, p *people.Service, jobs Jobs) *Service {
	return &Service{db: d, clk: clk, people: p, jobs: jobs}
}

// Upload keeps a list and changes nothing. orgID is the organisation of rows that name none, "" for none. Errors: as auth.Somewhere;
// Invalid; TooLarge.
func (s *Service) Upload(ctx context.Context, by auth.Actor, fileName, orgID string, body []byte) (Run, error) {
	const op = "intake.Upload"
	if err := auth.Somewhere(by, auth.PersonManage); err != nil {
		return Run{}, err
	}
	if orgID != "" {
		o, err := people.OrganisationByID(ctx, s.db.Read(), orgID)
		if errs.Is(err, errs.NotFound) || err == nil && o.Kind == people.Unassigned {
			return Run{}, errs.In(op, "organisation", "There is no such organisation. Choose one of the list.")
		}
		if err != nil {
			return Run{}, err
		}
	}
	sh, err := Read(body)
	if err != nil {
		return Run{}, err
	}
	sum := sha256.Sum256(body)
	name := text.Cut(text.Line(path.Base(strings.ReplaceAll(fileName, "\\", "/"))), 200)
	r := Run{ID: id.New(), MadeBy: by.ID(), MadeAt: s.clk.Now(), FileName: name, OrgID: orgID, State: Shown, RowCount: int64(len(sh.Rows))}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlRunInsert, r.ID, r.MadeBy, clock.Micros(r.MadeAt), r.FileName, r.OrgID, hex.EncodeToString(sum[:]), body, r.RowCount); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "import.upload", r.ID, map[string]any{"rows": r.RowCount, "sha256": hex.EncodeToString(sum[:])})
	})
	return r, err
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb, runID string, change map[string]any) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "import", ObjectID: runID, Change: change})
}

// Get reads a run: its maker's, and everybody's to who manages persons everywhere. Errors: NotFound.
func (s *Service) Get(ctx context.Context, by auth.Actor, runID string) (Run, error) {
	return s.get(ctx, s.db.Read(), by, runID)
}

func (s *Service) get(ctx context.Context, q db.Querier, by auth.Actor, runID string) (Run, error) {
	w := db.NewWhere().And("r.id = ?", runID)
	r, err := scanRun(q.QueryRow(ctx, sqlRuns+w.SQL(), w.Args()...))
	if err != nil {
		return Run{}, err
	}
	if err := auth.Somewhere(by, auth.PersonManage); err != nil {
		return Run{}, err
	}
	if r.MadeBy != by.ID() && auth.Can(by, auth.PersonManage, auth.Object{Kind: "person"}) != nil {
		return Run{}, errs.New(errs.NotFound, "intake.Get", "There is nothing here that you can see.")
	}
	return r, nil
}

// Runs lists the runs somebody may see, newest first. Errors: as auth.Somewhere.
func (s *Service) Runs(ctx context.Context, by auth.Actor, c page.Cursor, limit int) (page.List[Run], error) {
	if err := auth.Somewhere(by, auth.PersonManage); err != nil {
		return page.List[Run]{}, err
	}
	limit = page.Limit(limit)
	w := db.NewWhere()
	if auth.Can(by, auth.PersonManage, auth.Object{Kind: "person"}) != nil {
		w.And("r.made_by = ?", by.ID())
	}
	if c.Tie != "" {
		w.And("r.id < ?", c.Tie)
	}
	rows, err := s.db.Read().Query(ctx, sqlRuns+w.SQL()+" ORDER BY r.id DESC LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanRun)
	if err != nil {
		return page.List[Run]{}, err
	}
	return page.Of(all, limit, func(r Run) page.Cursor { return page.Cursor{Key: 1, Tie: r.ID} }), nil
}

// Preview is what a list would do now.
type Preview struct {
	Run    Run
	Sheet  Sheet
	Counts map[Outcome]int
	Rows   []Row
}

// Preview says what a list would do, row by row, and does nothing. Errors: as Get.
func (s *Service) Preview(ctx context.Context, by auth.Actor, runID string) (Preview, error) {
	q := s.db.Read()
	r, err := s.get(ctx, q, by, runID)
	if err != nil {
		return Preview{}, err
	}
	sh, err := s.sheet(ctx, q, r.ID)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Run: r, Sheet: sh, Counts: map[Outcome]int{}}
	where, err := s.places(ctx, by, r.OrgID)
	if err != nil {
		return p, err
	}
	seen := map[string]int{}
	for rest := sh.Rows; len(rest) > 0; rest = rest[min(len(rest), batch):] {
		rows, err := s.plan(ctx, q, by, sh, where, rest[:min(len(rest), batch)], seen)
		if err != nil {
			return p, err
		}
		p.Rows = append(p.Rows, rows...)
	}
	for i := range p.Rows {
		p.Counts[p.Rows[i].Outcome]++
	}
	return p, nil
}

// batch is how many rows are looked up at once.
const batch = 200

func (s *Service) sheet(ctx context.Context, q db.Querier, runID string) (Sheet, error) {
	var body []byte
	if err := q.QueryRow(ctx, sqlRunBody, runID).Scan(&body); err != nil {
		return Sheet{}, err
	}
	return Read(body)
}

// Counts counts the rows that were settled, by outcome. Errors: as Get.
func (s *Service) Counts(ctx context.Context, by auth.Actor, runID string) (map[Outcome]int, error) {
	if _, err := s.Get(ctx, by, runID); err != nil {
		return nil, err
	}
	out := map[Outcome]int{}
	rows, err := s.db.Read().Query(ctx, sqlRowCounts, runID)
	_, err = db.Collect(rows, err, func(sc db.Scanner) (struct{}, error) {
		var o Outcome
		var n int
		err := sc.Scan(&o, &n)
		out[o] = n
		return struct{}{}, err
	})
	return out, err
}

// Settled lists rows that were settled, in order; outcome "" lists all. Errors: as Get.
func (s *Service) Settled(ctx context.Context, by auth.Actor, runID string, outcome Outcome, c page.Cursor, limit int) (page.List[Done], error) {
	if _, err := s.Get(ctx, by, runID); err != nil {
		return page.List[Done]{}, err
	}
	limit = page.Limit(limit)
	q := s.db.Read()
	query, args := sqlRows, []any{runID, c.Key, limit + 1}
	if outcome != "" {
		query, args = sqlRowsOf, []any{runID, string(outcome), c.Key, limit + 1}
	}
	rows, err := q.Query(ctx, query, args...)
	all, err := db.Collect(rows, err, scanDone)
	if err != nil {
		return page.List[Done]{}, err
	}
	return page.Of(all, limit, func(d Done) page.Cursor { return page.Cursor{Key: d.N, Tie: "n"} }), nil
}

// Report writes what became of every row as CSV. Errors: as Get; those of the writer.
func (s *Service) Report(ctx context.Context, by auth.Actor, runID string, out io.Writer) error {
	w := csv.NewWriter(out)
	_ = w.Write([]string{"row", "outcome", "person", "reason"}) // the writer keeps its first error for Flush
	for c := (page.Cursor{}); ; {
		l, err := s.Settled(ctx, by, runID, "", c, page.MaxLimit)
		if err != nil {
			return err
		}
		for _, d := range l.Items {
			_ = w.Write([]string{strconv.FormatInt(d.N, 10), string(d.Outcome), d.PersonID, text.Cell(d.Reason)})
		}
		if l.Next == "" {
			break
		}
		if c, err = page.Parse(l.Next); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
