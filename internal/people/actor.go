package people

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// actorLife is how long an actor is kept: a change on another node holds here after it; one on this node holds at once.
const actorLife = 2 * time.Second

// maxActors bounds the actors kept.
const maxActors = 4096

type cachedActor struct {
	actor auth.Actor
	me    Person // as they read of themselves; without an id until somebody asks
	at    time.Time
}

// ActorOf makes the actor of a person who is signed in: their grants in force now and their teams, in two statements, kept for
// two seconds. The edge sets Kind, Scopes and Channel when it is not a plain sign-in. Errors: Unauthenticated for a person
// who is disabled or does not exist.
func (s *Service) ActorOf(ctx context.Context, personID string) (auth.Actor, error) {
	now := s.clk.Now()
	s.actors.Lock()
	kept, ok := s.actors.byID[personID]
	gen := s.actors.gen
	s.actors.Unlock()
	if age := now.Sub(kept.at); ok && age >= 0 && age < actorLife {
		return kept.actor.Clone(), nil
	}
	a, err := loadActor(ctx, s.db.Read(), personID, now)
	if err != nil {
		return auth.Actor{}, err
	}
	s.actors.Lock()
	defer s.actors.Unlock()
	if s.actors.gen == gen {
		if s.actors.byID == nil || len(s.actors.byID) >= maxActors {
			s.actors.byID = map[string]cachedActor{}
		}
		s.actors.byID[personID] = cachedActor{actor: a.Clone(), at: now}
	}
	return a, nil
}

// Reader is ActorOf and the person, kept as long and forgotten together. Errors: as ActorOf.
func (s *Service) Reader(ctx context.Context, personID string) (auth.Actor, Person, error) {
	a, err := s.ActorOf(ctx, personID)
	if err != nil {
		return a, Person{}, err
	}
	s.actors.Lock()
	kept, gen := s.actors.byID[personID], s.actors.gen
	s.actors.Unlock()
	now := s.clk.Now()
	if age := now.Sub(kept.at); kept.me.ID != "" && age >= 0 && age < actorLife {
		return a, kept.me, nil
	}
	me, err := PersonByID(ctx, s.db.Read(), personID)
	if err != nil {
		return a, me, err
	}
	s.actors.Lock()
	defer s.actors.Unlock()
	if again, ok := s.actors.byID[personID]; ok && s.actors.gen == gen && again.at.Equal(kept.at) {
		again.me = me
		s.actors.byID[personID] = again
	}
	return a, me, nil
}

// ActorIn reads somebody as an actor as they are in a transaction, whatever is kept: for rights that are asked again where something is
// carried out. Errors: Unauthenticated for who is disabled or not there.
func (s *Service) ActorIn(ctx context.Context, q db.Querier, personID string) (auth.Actor, error) {
	return loadActor(ctx, q, personID, s.clk.Now())
}

func loadActor(ctx context.Context, q db.Querier, personID string, now time.Time) (auth.Actor, error) {
	a := auth.Actor{PersonID: personID, Kind: auth.Person}
	var disabled int64
	var kind string
	err := q.QueryRow(ctx, sqlActor, personID).Scan(&a.Name, &a.OrgID, &a.SiteID, &disabled, &kind)
	if errs.Is(err, errs.NotFound) || err == nil && disabled != 0 {
		return auth.Actor{}, errs.New(errs.Unauthenticated, "people.ActorOf", "This account is closed. Ask the service desk.").Reason("disabled")
	}
	if err != nil {
		return auth.Actor{}, err
	}
	a.Stranger = kind == Unassigned
	rows, err := q.Query(ctx, sqlActorRights, personID, clock.Micros(now))
	rights, err := db.Collect(rows, err, scanRight)
	if err != nil {
		return auth.Actor{}, err
	}
	for _, r := range rights {
		if r.role == "" {
			a.Teams = append(a.Teams, r.id)
		} else if !a.Stranger {
			a.Grants = append(a.Grants, r.grant())
		}
	}
	return a, nil
}

// forgetAfter drops what is kept of a person once the transaction is durable.
func (s *Service) forgetAfter(tx *db.Tx, personID string) {
	tx.AfterCommit(func() {
		s.actors.Lock()
		defer s.actors.Unlock()
		s.actors.gen++
		delete(s.actors.byID, personID)
	})
}

// forgetAllAfter drops what is kept of everybody once the transaction is durable: what they read of themselves names it.
func (s *Service) forgetAllAfter(tx *db.Tx) {
	tx.AfterCommit(func() {
		s.actors.Lock()
		defer s.actors.Unlock()
		s.actors.gen++
		clear(s.actors.byID)
	})
}
