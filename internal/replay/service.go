package replay

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
	"bothways/internal/replay/logfile"
	"bothways/internal/replay/spill"
)

// Deps is what a replay stands on. The database is being filled (db.Fill) and holds nobody.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	People    *people.Service
	Calendars *calendar.Service
	Book      *agreement.Book
}

// Input is what is replayed.
type Input struct {
	Format  string
	Files   []string // packed by gzip, or not
	Map     *Map
	Temp    string                // a folder for temporary files; "" is the machine's
	Problem func(Problem) error   // is told of every row that went to the report, if not nil
	Tell    func(Progress)        // is told how far it is, if not nil
	Wrote   func(outcome.Reading) // is told of every ticket that was written, if not nil
}

// firstOf is how many rows a report names of one reason.
const firstOf = 5

// batch is how many tickets one command writes.
const batch = 250

// Fresh refuses a database that holds somebody. Errors: Conflict.
func Fresh(ctx context.Context, d *db.DB, clk clock.Clock) error {
	l, err := people.New(d, clk).Persons(ctx, auth.SystemActor(), people.PersonFilter{Disabled: true}, "", 1)
	if err == nil && len(l.Items) > 0 {
		err = errs.New(errs.Conflict, "replay", "%s holds an installation already. Give the replay a folder of its own: --data DIR, where DIR is empty or not there yet.", d)
	}
	return err
}

// Run replays a log. Nothing is kept of one that fails: the filling of the database ends with its error. Errors: NotFound and Invalid for a
// file that cannot be read at all, Unavailable for no room, and that of a cancelled context.
func Run(ctx context.Context, d Deps, by auth.Actor, in Input) (Report, error) {
	if err := Fresh(ctx, d.DB, d.Clock); err != nil {
		return Report{}, err
	}
	temp, err := os.MkdirTemp(in.Temp, "bothways-replay-")
	if err != nil {
		return Report{}, spill.NoRoom(err)
	}
	defer func() { _ = os.RemoveAll(temp) }()
	r := &run{Deps: d, Input: in, ctx: ctx, by: by, temp: temp, now: d.Clock.Now().Unix(), reasons: map[string]*Reason{}}
	for _, stage := range []func() error{r.read, r.tellAll, r.write} {
		if err := stage(); err != nil {
			_ = d.DB.Write(context.WithoutCancel(ctx), func(*db.Tx) error { return err }) // so that the filling keeps nothing
			return r.report, err
		}
	}
	for _, x := range r.reasons {
		r.report.Reasons = append(r.report.Reasons, *x)
	}
	slices.SortFunc(r.report.Reasons, func(a, b Reason) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.Why, b.Why)
	})
	return r.report, nil
}

// run is one replay.
type run struct {
	Deps
	Input
	ctx      context.Context
	by       auth.Actor
	temp     string
	now      int64
	rows     *spill.Spill
	stories  *spill.Spill
	progress Progress
	reasons  map[string]*Reason
	report   Report
}

// problem notes a row that went to the report.
func (r *run) problem(p Problem) error {
	p.Skipped = skipped(p.Why)
	x := r.reasons[p.Why]
	if x == nil {
		x = &Reason{Why: p.Why, Skipped: p.Skipped}
		r.reasons[p.Why] = x
	}
	if x.Count++; len(x.First) < firstOf {
		x.First = append(x.First, p)
	}
	if r.Problem == nil {
		return nil
	}
	return r.Problem(p)
}

func (r *run) tell() {
	if r.Tell != nil {
		r.Tell(r.progress)
	}
}

// read puts every row that can be read where the rows of its case are.
func (r *run) read() (err error) {
	for _, path := range r.Files {
		info, err := os.Stat(path)
		if err != nil || info.IsDir() {
			return errs.New(errs.NotFound, "replay", "There is no log %s. Check the path and who may read it.", path)
		}
		r.progress.Size += info.Size()
	}
	if r.rows, err = spill.New(r.temp, "rows"); err != nil {
		return err
	}
	defer r.rows.Close()
	found := map[bool]bool{}
	for _, path := range r.Files {
		table, err := r.readFile(path)
		if err != nil {
			return err
		}
		found[table] = true
	}
	if !found[false] && (r.Map.Cases == nil || len(r.Map.Cases.Times) == 0) {
		return errs.In("replay", "map.cases.times", "There is no file of rows, and the map names no instants of cases.")
	}
	return r.rows.End()
}

func (r *run) readFile(path string) (table bool, err error) {
	s, err := logfile.Open(path, &r.progress.Read)
	if err != nil {
		return false, err
	}
	defer s.Close()
	take := func(n int64, get logfile.Cells, why string) error {
		r.progress.Rows++
		r.report.Rows++
		if r.progress.Rows%1000 == 0 {
			r.tell()
		}
		return r.take(s.Name, n, get, why, table)
	}
	if r.Format == FormatXES {
		return false, s.XES(r.ctx, take)
	}
	return table, s.CSV(r.ctx, func(head []string) error { table, err = r.tableOf(s.Name, head); return err }, take)
}

// tableOf says whether a file has a row a case, by its head.
func (r *run) tableOf(file string, head []string) (table bool, err error) {
	missing := func(names []string) (out []string) {
		for _, n := range names {
			if !slices.ContainsFunc(head, func(h string) bool { return logfile.Column(h) == logfile.Column(n) }) {
				out = append(out, n)
			}
		}
		return out
	}
	lacks := missing(r.Map.needs(false))
	if len(lacks) == 0 {
		return false, nil
	}
	if r.Map.Cases != nil && len(missing(r.Map.needs(true))) == 0 {
		return true, nil
	}
	return false, errs.In("replay", "columns", "%s has no column %s. It has: %s. Name its columns in the map.", file, strings.Join(lacks, ", "), strings.Join(head, ", "))
}

// take reads a row and keeps it, or reports it.
func (r *run) take(file string, n int64, get logfile.Cells, why string, table bool) error {
	var x row
	if why == "" {
		if table {
			x, why = r.Map.tableRow(get, r.now)
		} else {
			x, why = r.Map.rowOf(get, r.now)
		}
	}
	x.File, x.N = file, n
	if why != "" {
		if err := r.problem(Problem{File: file, Row: n, Case: x.Case, Why: why}); err != nil || !table || x.Case == "" {
			return err
		}
	}
	return r.rows.Put(spill.Part(x.Case), x)
}

// tellAll makes stories of the cases, a part at a time.
func (r *run) tellAll() (err error) {
	if r.stories, err = spill.New(r.temp, "stories"); err != nil {
		return err
	}
	defer r.stories.Close()
	for i := range spill.Parts {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		cases, err := r.casesOf(i)
		if err != nil {
			return err
		}
		var all []story
		var failed error
		for _, rows := range cases {
			s, ok := r.Map.tell(rows, func(x row, why string) {
				if err := r.problem(Problem{File: x.File, Row: x.N, Case: x.Case, Why: why}); err != nil {
					failed = err
				}
			})
			if ok {
				all = append(all, s)
			}
		}
		r.report.Cases += int64(len(cases))
		slices.SortFunc(all, inOrder)
		for _, s := range all {
			r.progress.Cases++
			failed = first(failed, r.stories.Put(i, s))
		}
		if failed != nil {
			return failed
		}
	}
	return r.stories.End()
}

// casesOf groups the rows of a part by case, in the order of the log.
func (r *run) casesOf(i int) (out [][]row, err error) {
	at := map[string]int{}
	err = spill.Each(r.rows, i, func(x row) error {
		k, known := at[x.Case]
		if !known {
			k = len(out)
			at[x.Case] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], x)
		return nil
	})
	return out, err
}

// inOrder: tickets are numbered as their cases were opened.
func inOrder(a, b story) int {
	return cmp.Or(cmp.Compare(a.Opened, b.Opened), byOrder(a.Case, b.Case))
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// write writes the tickets in the order their cases were opened.
func (r *run) write() error {
	w, err := r.world(r.ctx, r.by, r.Map)
	if err != nil {
		return err
	}
	var waiting []cast
	err = spill.Merge(r.stories, inOrder, func(s story) error {
		c, err := w.cast(s)
		if err != nil {
			return fmt.Errorf("replay: case %s: %w", s.Case, err)
		}
		if waiting = append(waiting, c); len(waiting) < batch {
			return nil
		}
		err = r.writeSome(w, waiting)
		waiting = waiting[:0]
		return err
	})
	if err == nil && len(waiting) > 0 {
		err = r.writeSome(w, waiting)
	}
	return err
}

func (r *run) writeSome(w *world, all []cast) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	var done []written
	err := r.DB.Write(r.ctx, func(tx *db.Tx) error {
		done = done[:0] // a command may run more than once
		for _, c := range all {
			t, err := w.write(tx, c)
			if err != nil {
				return fmt.Errorf("replay: case %s: %w", c.Case, err)
			}
			done = append(done, t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range done {
		r.report.add(&done[i])
		if r.Wrote != nil {
			r.Wrote(done[i].reading)
		}
	}
	r.progress.Tickets = r.report.Tickets
	r.tell()
	return nil
}
