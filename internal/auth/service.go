package auth

import (
	"context"
	"sync"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Record is one act for the audit log.
type Record struct {
	At       time.Time
	Actor    string // person id, or "system"
	Verb     string
	Object   string
	ObjectID string
	Change   any
	Reason   string
}

// Recorder writes a record in the act's own transaction.
type Recorder func(ctx context.Context, tx *db.Tx, r Record) error

// Service keeps passwords, sessions, tokens and keys. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	clk    clock.Clock
	record Recorder
	hash   *hasher
	uses   uses
	keys   struct {
		sync.Mutex
		body map[string][]byte
	}
}

// New makes the service. Commands write their audit rows through record; without one they are refused.
func New(d *db.DB, clk clock.Clock, record Recorder) *Service {
	if record == nil {
		record = func(context.Context, *db.Tx, Record) error {
			return errs.New(errs.Internal, "auth", "no recorder: no audit, no act")
		}
	}
	return &Service{db: d, clk: clk, record: record, hash: newHasher(recommended)}
}

// Key gets the secret key of that name, n random bytes, and makes it when it does not exist. Two nodes that start at once
// get the same one. Errors: Internal when it exists with another length.
func (s *Service) Key(ctx context.Context, name string, n int) ([]byte, error) {
	s.keys.Lock()
	defer s.keys.Unlock()
	body := s.keys.body[name]
	if body == nil {
		var err error
		if body, err = s.loadKey(ctx, name, n); err != nil {
			return nil, err
		}
		if s.keys.body == nil {
			s.keys.body = map[string][]byte{}
		}
		s.keys.body[name] = body
	}
	if len(body) != n {
		return nil, errs.New(errs.Internal, "auth.Key", "key %s has %d bytes, wanted %d", name, len(body), n)
	}
	return append([]byte(nil), body...), nil
}

func (s *Service) loadKey(ctx context.Context, name string, n int) ([]byte, error) {
	var body []byte
	err := s.db.Read().QueryRow(ctx, sqlKey, name).Scan(&body)
	if !errs.Is(err, errs.NotFound) {
		return body, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlKeyInsert, name, id.Bytes(n)); err != nil {
			return err
		}
		return tx.QueryRow(ctx, sqlKey, name).Scan(&body)
	})
	return body, err
}

// Sweep forgets what has run out: sessions and counted failures. A job calls it now and then; nothing depends on when.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clk.Now()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlSessionSweep, clock.Micros(now), clock.Micros(now.Add(-sessionIdle))); err != nil {
			return err
		}
		// those of the last hour say how often somebody asked
		if _, err := tx.Exec(ctx, sqlLinkSweep, clock.Micros(now.Add(-time.Hour))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlFailureSweep, clock.Micros(now.Add(-failureWindow)))
		return err
	})
}

// uses collects when sessions and tokens were last used, so that checking one is a read and nothing else.
type uses struct {
	mu       sync.Mutex
	writing  sync.Mutex
	busy     bool
	tokens   map[string]int64 // id → instant
	sessions map[string]int64 // digest → instant
}

// useEvery is how exactly the last use is known.
const useEvery = time.Minute

// used notes a use when the stored one is older than a minute, and lets one goroutine write what has come together.
func (s *Service) used(token bool, key string, stored, now int64) {
	if now-stored < useEvery.Microseconds() {
		return
	}
	u := &s.uses
	u.mu.Lock()
	defer u.mu.Unlock()
	m := &u.sessions
	if token {
		m = &u.tokens
	}
	if *m == nil {
		*m = map[string]int64{}
	}
	(*m)[key] = now
	if u.busy {
		return
	}
	u.busy = true
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Flush(ctx) // a use that can't be written now is noted again by the next one
	}()
}

// Flush writes the uses noted so far. The app calls it before it closes the database.
func (s *Service) Flush(ctx context.Context) error {
	u := &s.uses
	u.writing.Lock()
	defer u.writing.Unlock()
	u.mu.Lock()
	tokens, sessions := u.tokens, u.sessions
	u.tokens, u.sessions, u.busy = nil, nil, false
	u.mu.Unlock()
	if len(tokens)+len(sessions) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for key, at := range tokens {
			if _, err := tx.Exec(ctx, sqlTokenUsed, at, key); err != nil {
				return err
			}
		}
		for key, at := range sessions {
			if _, err := tx.Exec(ctx, sqlSessionSeen, at, key); err != nil {
				return err
			}
		}
		return nil
	})
}
