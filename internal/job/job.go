package job

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Limits.
const (
	MaxAttempts = 30               // then the job rests as dead
	leaseFor    = 2 * time.Minute  // longer than any handler runs
	claimAtOnce = 16               // rows leased in one transaction
	pollEvery   = time.Second      // how soon work that another node wrote is seen
	maxBackoff  = 30 * time.Minute // between attempts
)

// Job is a leased row.
type Job struct {
	ID       string
	Kind     string
	Item     string
	RunAt    time.Time // when it fell due
	Attempts int64     // this one included
	fence    int64
}

// Handler does a job. It prepares outside a transaction and ends with one call of finish, whose function runs in the
// transaction that also removes the row; when it returns without that call, or with an error, the job is tried again.
// The function may Add the same kind and item for a later time.
type Handler func(ctx context.Context, j Job, finish Finish) error

// Finish commits a job's result with the removal of its row. Errors: Stale when another node holds the job by now.
type Finish func(fn func(tx *db.Tx) error) error

// Queue runs jobs of the kinds it has handlers for.
type Queue struct {
	db       *db.DB
	clk      clock.Clock
	log      *slog.Logger
	handlers map[string]Handler
	wake     chan struct{}
	stop     context.CancelFunc // takes no more
	cut      context.CancelFunc // ends what runs
	wg       sync.WaitGroup
}

// New makes a queue that runs nothing yet.
func New(d *db.DB, clk clock.Clock, log *slog.Logger) *Queue {
	return &Queue{db: d, clk: clk, log: log, handlers: map[string]Handler{}, wake: make(chan struct{}, 1)}
}

// Handle names the handler of a kind. Call it before Start.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Add asks for a job from an instant on, in the caller's transaction. Asking again for the same kind and item moves it to the
// new time. Due work starts as soon as the transaction is committed.
func (q *Queue) Add(ctx context.Context, tx *db.Tx, kind, item string, at time.Time) error {
	if _, err := tx.Exec(ctx, sqlAdd, id.New(), kind, item, clock.Micros(at)); err != nil {
		return err
	}
	if !at.After(q.clk.Now()) {
		tx.AfterCommit(q.Wake)
	}
	return nil
}

// Remove takes back a job that was asked for.
func (q *Queue) Remove(ctx context.Context, tx *db.Tx, kind, item string) error {
	_, err := tx.Exec(ctx, sqlRemove, kind, item)
	return err
}

// Wake makes the workers look for due work at once.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Start runs workers until Stop.
func (q *Queue) Start(workers int) {
	taking, stopTaking := context.WithCancel(context.Background())
	ctx, cancel := context.WithCancel(context.Background())
	q.stop, q.cut = stopTaking, cancel
	work := make(chan Job)
	for range workers {
		q.wg.Add(1)
		go func() {
			defer q.wg.Done()
			for j := range work {
				q.run(ctx, j)
			}
		}()
	}
	q.wg.Add(1)
	go func() {
		defer q.wg.Done()
		defer close(work)
		q.feed(taking, work)
	}()
}

// patience is how long Stop waits for running jobs before it cuts them off; what they hold falls due again.
const patience = 8 * time.Second

// Stop starts no more jobs, gives back those that were leased and not begun, and lets running ones end.
func (q *Queue) Stop() {
	if q.stop == nil {
		return
	}
	q.stop()
	ended := make(chan struct{})
	go func() { q.wg.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-q.clk.After(patience):
		q.cut()
		<-ended
	}
	q.cut()
}

// giveBack ends the leases of jobs that were not begun, so that the next start need not wait for them.
func (q *Queue) giveBack(jobs []Job) {
	ctx := context.Background()
	err := q.db.Write(ctx, func(tx *db.Tx) error {
		for _, j := range jobs {
			if _, err := tx.Exec(ctx, sqlHold, int64(0), j.ID, j.fence); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		q.log.Warn("leased jobs can't be given back; their leases end by themselves", "error", err)
	}
}

func (q *Queue) feed(ctx context.Context, work chan<- Job) {
	for {
		jobs, err := q.claim(context.WithoutCancel(ctx)) // a lease that was committed must be known
		if err != nil && ctx.Err() == nil {
			q.log.Error("jobs can't be leased", "error", err)
		}
		for i, j := range jobs {
			select {
			case work <- j:
			case <-ctx.Done():
				q.giveBack(jobs[i:])
				return
			}
		}
		if len(jobs) == claimAtOnce {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-q.wake:
		case <-q.clk.After(pollEvery):
		}
	}
}

// claim leases rows that are due.
func (q *Queue) claim(ctx context.Context) ([]Job, error) {
	now := q.clk.Now()
	rows, err := q.db.Read().Query(ctx, sqlDue, clock.Micros(now), claimAtOnce)
	due, err := db.Collect(rows, err, scanJob)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	var got []Job
	err = q.db.Write(ctx, func(tx *db.Tx) error {
		got = got[:0]
		for _, j := range due {
			n, err := tx.Exec(ctx, sqlLease, clock.Micros(now.Add(leaseFor)), j.ID, j.fence)
			if err != nil {
				return err
			}
			if n == 1 {
				j.fence++
				j.Attempts++
				got = append(got, j)
			}
		}
		return nil
	})
	return got, err
}

// run does one job and puts it back when it failed.
func (q *Queue) run(ctx context.Context, j Job) {
	h := q.handlers[j.Kind]
	if h == nil {
		return // a newer node's kind: its lease ends and that node takes it
	}
	done := false
	finish := func(fn func(tx *db.Tx) error) error {
		err := q.db.Write(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, sqlDone, j.ID, j.fence)
			if err != nil {
				return err
			}
			if n == 0 {
				return errs.New(errs.Stale, "job.finish", "another node has this job by now")
			}
			if err := fn(tx); err != nil {
				return err
			}
			return nil
		})
		done = err == nil
		return err
	}
	err := protect(ctx, h, j, finish)
	if done || errs.Is(err, errs.Stale) || ctx.Err() != nil {
		return
	}
	if err == nil {
		err = errors.New("the handler ended without finishing")
	}
	q.fail(ctx, j, err)
}

// Hold says in a transaction of the handler's that the job is still this node's, and leases it anew: what follows outside, a mail
// sent, is done by one node. Errors: Stale when another holds it by now.
func (q *Queue) Hold(ctx context.Context, tx *db.Tx, j Job) error {
	n, err := tx.Exec(ctx, sqlHold, clock.Micros(q.clk.Now().Add(leaseFor)), j.ID, j.fence)
	if err == nil && n == 0 {
		return errs.New(errs.Stale, "job.hold", "another node has this job by now")
	}
	return err
}

func (q *Queue) fail(ctx context.Context, j Job, cause error) {
	q.log.Warn("job failed", "kind", j.Kind, "item", j.Item, "attempt", j.Attempts, "error", cause)
	state, wait := "ready", min(maxBackoff, time.Second<<min(j.Attempts, 12))
	wait += time.Duration(id.Jitter(int64(wait) / 2)) // losers of a race do not meet again
	if j.Attempts >= MaxAttempts {
		state = "dead"
	}
	err := q.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlFail, clock.Micros(q.clk.Now().Add(wait)), state, cause.Error(), j.ID, j.fence)
		return err
	})
	if err != nil && ctx.Err() == nil {
		q.log.Error("a failed job can't be put back; its lease ends by itself", "kind", j.Kind, "item", j.Item, "error", err)
	}
}

// RunDue does everything that is due now, one job after the other, until nothing is: stories and tests call it instead of
// Start.
func (q *Queue) RunDue(ctx context.Context) error {
	for range 100_000 {
		jobs, err := q.claim(ctx)
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			return nil
		}
		for _, j := range jobs {
			q.run(ctx, j)
		}
	}
	return errs.New(errs.Internal, "job.RunDue", "jobs keep making jobs for the same instant")
}

// Next is when the next job falls due; the zero time when there is none.
func (q *Queue) Next(ctx context.Context) (time.Time, error) {
	var at int64
	err := q.db.Read().QueryRow(ctx, sqlNext).Scan(&at)
	return clock.FromMicros(at), err
}

// Health is what an operator looks at.
type Health struct {
	Waiting int64     // due and not done
	Dead    int64     // given up
	Oldest  time.Time // since when the oldest waits; zero when none does
}

// Health counts.
func (q *Queue) Health(ctx context.Context) (Health, error) {
	var h Health
	var oldest int64
	err := q.db.Read().QueryRow(ctx, sqlHealth, clock.Micros(q.clk.Now())).Scan(&h.Waiting, &h.Dead, &oldest)
	h.Oldest = clock.FromMicros(oldest)
	return h, err
}
