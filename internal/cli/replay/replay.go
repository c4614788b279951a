package replay

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/migrate"
	"bothways/internal/replay"
	"bothways/internal/report/score"
)

// Order is what somebody asked for.
type Order struct {
	Format   string
	Files    []string
	MapFile  string // "" is none
	Problems string // file for the rows that were not taken as they stand; "" is none
}

// ReadMap reads the map of an order. Errors: NotFound, Invalid.
func (o Order) ReadMap() (*replay.Map, error) {
	if o.MapFile == "" {
		return replay.MapFor(o.Format, nil)
	}
	raw, err := os.ReadFile(o.MapFile)
	if err != nil {
		return nil, errs.Wrap(errs.NotFound, "cli.replay", err, "The map %s can't be read: %v.", o.MapFile, errors.Unwrap(err))
	}
	return replay.MapFor(o.Format, raw)
}

// ours are the names of files that a folder for a replay may hold.
var ours = []string{"bothways.db", "bothways.db-wal", "bothways.db-shm", problemsName}

const problemsName = "replay-problems.csv"

// Prepare looks whether a replay may go where the settings say, and brings the database up. Errors: Conflict for a place that holds
// something else.
func Prepare(ctx context.Context, conf config.Config, clk clock.Clock) (err error) {
	if path, ok := strings.CutPrefix(conf.Database, "sqlite:"); ok && filepath.Dir(path) == filepath.Clean(conf.Data) {
		all, err := os.ReadDir(conf.Data)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return errs.Wrap(errs.Unavailable, "cli.replay", err, "The folder %s can't be read: %v.", conf.Data, err)
		}
		if i := slices.IndexFunc(all, func(e os.DirEntry) bool { return !slices.Contains(ours, e.Name()) }); i >= 0 {
			return errs.New(errs.Conflict, "cli.replay", "The folder %s holds something else (%s). Give the replay one of its own: --data DIR, where DIR is empty or not there yet.", conf.Data, text.Cut(all[i].Name(), 60))
		}
		if err := os.MkdirAll(conf.Data, 0o700); err != nil {
			return errs.Wrap(errs.Unavailable, "cli.replay", err, "The folder %s can't be made: %v.", conf.Data, err)
		}
	}
	d, err := db.Open(ctx, conf.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := replay.Fresh(ctx, d, clk); errs.Is(err, errs.Conflict) { // before the schema of somebody's installation is touched
		return err
	}
	if _, err := migrate.Up(ctx, d); err != nil {
		return err
	}
	return replay.Fresh(ctx, d, clk)
}

// Result is what became of a log, and the record of both sides.
type Result struct {
	replay.Report
	Card score.Card
}

// Run replays into an app whose database is being filled. Progress goes to told, a line at a time.
func Run(ctx context.Context, a *app.App, by auth.Actor, o Order, m *replay.Map, told io.Writer) (r Result, err error) {
	tally := score.NewTally()
	in := replay.Input{Format: o.Format, Files: o.Files, Map: m, Tell: progress(told), Wrote: func(l outcome.Reading) { count(tally, l) }}
	if o.Problems != "" {
		f, err := os.Create(o.Problems)
		if err != nil {
			return r, errs.Wrap(errs.Unavailable, "cli.replay", err, "The report %s can't be written: %v.", o.Problems, errors.Unwrap(err))
		}
		w := csv.NewWriter(f)
		defer func() { w.Flush(); err = errors.Join(err, w.Error(), f.Close()) }()
		if err := w.Write([]string{"file", "row", "case", "taken", "why"}); err != nil {
			return r, err
		}
		in.Problem = func(p replay.Problem) error {
			taken := "yes"
			if p.Skipped {
				taken = "no"
			}
			return w.Write([]string{text.Cell(p.File), strconv.FormatInt(p.Row, 10), text.Cell(p.Case), taken, p.Why})
		}
	}
	r.Report, err = replay.Run(ctx, replay.Deps{DB: a.DB, Clock: a.Clock, People: a.People, Calendars: a.Calendars, Book: a.Book}, by, in)
	r.Card = tally.Card()
	return r, err
}

// count adds a ticket to the record of both sides.
func count(t *score.Tally, l outcome.Reading) {
	for _, o := range outcome.Of(l) {
		t.Promise(score.Promise{
			Side: o.Side, Metric: o.Metric, State: o.State, Stands: o.Stands, Reason: o.Reason, Target: o.Target, Used: o.Used, Started: o.Started, Due: o.Due,
			Ended: o.Ended, Decided: o.Decided,
		})
	}
	a := outcome.AccountOf(l)
	if a.Ended == 0 {
		return
	}
	spans := make([]score.Span, len(a.Spent))
	for i, s := range a.Spent {
		spans[i] = score.Span(s)
	}
	t.Ticket(a.Ended, spans)
}

// ProblemsIn is where the report goes if nobody says otherwise.
func ProblemsIn(conf config.Config) string {
	if path, ok := strings.CutPrefix(conf.Database, "sqlite:"); ok {
		return filepath.Join(filepath.Dir(path), problemsName)
	}
	return ""
}

// every is how often progress is told.
const every = time.Second

func progress(out io.Writer) func(replay.Progress) {
	took, last := clock.Stopwatch(), -every
	return func(p replay.Progress) {
		now := took()
		if now-last < every {
			return
		}
		last = now
		if p.Tickets == 0 {
			_, _ = fmt.Fprintf(out, "read %d rows, %d %% of the log\n", p.Rows, 100*p.Read/max(1, p.Size))
			return
		}
		_, _ = fmt.Fprintf(out, "wrote %d of %d tickets, %.0f s\n", p.Tickets, p.Cases, now.Seconds())
	}
}
