package auth

import (
	"context"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// SessionInfo is one of somebody's sessions, as they see it.
type SessionInfo struct {
	ID      string // names it to its owner; it opens nothing
	Browser string // "" when it did not say
	MadeAt  time.Time
	SeenAt  time.Time
	EndsAt  time.Time
	This    bool // the one that asks
}

// shortID is how much of a digest names a session.
const shortID = 16

// Sessions lists the actor's own sessions that have not ended, the last used first. secret is the one that asks. Errors: as Can.
func (s *Service) Sessions(ctx context.Context, by Actor, secret string) ([]SessionInfo, error) {
	if err := Can(by, ProfileChange, Object{Kind: "person", ID: by.PersonID}); err != nil {
		return nil, err
	}
	return s.sessionsOf(ctx, by.PersonID, id.Digest(secret))
}

// SessionsOf lists a person's sessions that have not ended, the last used first, for who may manage their tokens. Errors: as Can.
func (s *Service) SessionsOf(ctx context.Context, by Actor, personID string) ([]SessionInfo, error) {
	if err := Can(by, TokenManage, Object{Kind: "person", ID: personID}); err != nil {
		return nil, err
	}
	return s.sessionsOf(ctx, personID, "")
}

func (s *Service) sessionsOf(ctx context.Context, personID, this string) ([]SessionInfo, error) {
	rows, err := s.db.Read().Query(ctx, sqlSessionsOf, personID)
	all, err := db.Collect(rows, err, scanSession)
	now := s.clk.Now()
	var out []SessionInfo
	for _, i := range all {
		if now.Before(i.EndsAt) && now.Sub(i.SeenAt) < sessionIdle {
			i.This = i.ID == this
			i.ID = i.ID[:shortID]
			out = append(out, i)
		}
	}
	return out, err
}

// EndSession ends one of the actor's own sessions. Errors: as Can; NotFound.
func (s *Service) EndSession(ctx context.Context, by Actor, sessionID string) error {
	if err := Can(by, ProfileChange, Object{Kind: "person", ID: by.PersonID}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, sqlSessionsOf, by.PersonID)
		all, err := db.Collect(rows, err, scanSession)
		if err != nil {
			return err
		}
		for _, i := range all {
			if len(sessionID) == shortID && strings.HasPrefix(i.ID, sessionID) {
				if _, err := tx.Exec(ctx, sqlSessionDelete, i.ID); err != nil {
					return err
				}
				return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: by.ID(), Verb: "session.end", Object: "person", ObjectID: by.PersonID})
			}
		}
		return errs.New(errs.NotFound, "auth.EndSession", "This session has ended already.")
	})
}

// EndOthers ends every session of the actor's but the one that asks. Errors: as Can.
func (s *Service) EndOthers(ctx context.Context, by Actor, secret string) error {
	if err := Can(by, ProfileChange, Object{Kind: "person", ID: by.PersonID}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, sqlSessionEndMore, by.PersonID, id.Digest(secret))
		if err != nil {
			return err
		}
		return s.record(ctx, tx, Record{At: s.clk.Now(), Actor: by.ID(), Verb: "session.end_others", Object: "person", ObjectID: by.PersonID, Change: map[string]any{"sessions": n}})
	})
}

func scanSession(s db.Scanner) (SessionInfo, error) {
	var i SessionInfo
	var made, seen, ends int64
	err := s.Scan(&i.ID, &made, &seen, &ends, &i.Browser)
	i.MadeAt, i.SeenAt, i.EndsAt = clock.FromMicros(made), clock.FromMicros(seen), clock.FromMicros(ends)
	return i, err
}
