package approval_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/job"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

func person(id string) auth.Actor { return auth.Actor{Kind: auth.Person, PersonID: id} }

// thing is what is approved in these tests: a word that may change, and roles that may end.
type thing struct {
	mu      sync.Mutex
	word    string
	ended   map[string]bool
	decided []approval.State
	refuse  error
}

func (s *thing) Digest(context.Context, db.Querier, string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.word == "" {
		return "", errs.New(errs.NotFound, "thing", "gone")
	}
	return "digest of " + s.word, nil
}

func (s *thing) May(_ context.Context, _ db.Querier, _, _, holder, _ string) (bool, error) {
	return !s.ended[holder], nil
}

func (s *thing) Decided(_ context.Context, tx *db.Tx, a approval.Ask) error {
	if s.refuse != nil {
		return s.refuse
	}
	tx.AfterCommit(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.decided = append(s.decided, a.State)
	})
	return nil
}

// away are the absences: who, for whom, until when.
type away map[string]map[string]time.Time

func (a away) StandsFor(_ context.Context, _ db.Querier, p string, at time.Time) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for who, until := range a[p] {
		if at.Before(until) {
			out[who] = until
		}
	}
	return out, nil
}

func (a away) Enabled(_ context.Context, _ db.Querier, p string) (bool, error) {
	return !strings.HasPrefix(p, "no"), nil
}

type told struct {
	mu  sync.Mutex
	all []string
}

func (t *told) TellApproval(_ context.Context, tx *db.Tx, n approval.Notice, _ approval.Ask, persons []string) error {
	tx.AfterCommit(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.all = append(t.all, string(n)+" "+strings.Join(persons, " "))
	})
	return nil
}

func (t *told) take() []string {
	out := t.all
	t.all = nil
	return out
}

type world struct {
	*testing.T
	d    *db.DB
	clk  *clock.Fake
	s    *approval.Service
	of   *thing
	away away
	told *told
}

func each(t *testing.T, fn func(w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := &world{T: t, d: d, clk: clock.NewFake(start), of: &thing{word: "this", ended: map[string]bool{}}, away: away{}, told: &told{}}
		w.s = approval.New(d, w.clk, job.New(d, w.clk, nil), w.away, w.told)
		w.s.Register("test", w.of)
		fn(w)
	})
}

func one(quorum int, seats ...string) approval.Rule {
	return approval.Rule{Stages: []approval.Stage{{Name: "board", Seats: seats, Quorum: quorum}}}
}

func (w *world) ask(r approval.Request) (a approval.Ask, err error) {
	w.Helper()
	r.Kind, r.Title = "test", "This"
	if r.ObjectID == "" {
		r.ObjectID = "x"
	}
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		a, err = w.s.Ask(ctx, tx, person("asker"), r)
		return err
	})
	return a, err
}

func (w *world) asked(r approval.Request) approval.Ask {
	w.Helper()
	a, err := w.ask(r)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

func (w *world) vote(a approval.Ask, who string, consent bool) (approval.Ask, error) {
	b := approval.Ballot{Consent: consent, Digest: a.Digest}
	if !consent {
		b.Reason = "It costs more than it saves."
	}
	return w.s.Vote(ctx, person(who), a.ID, b)
}

func (w *world) wants(err error, kind errs.Kind, reason string) {
	w.Helper()
	var e *errs.E
	if !errs.Is(err, kind) || reason != "" && (!errors.As(err, &e) || e.Type != reason) {
		w.Fatalf("got %v, want %v %s", err, kind, reason)
	}
}
