package answer

import (
	"context"
	"slices"
	"strings"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Service keeps saved answers. It is safe for concurrent use.
type Service struct {
	db  *db.DB
	clk clock.Clock
}

// New makes the service.
func New(d *db.DB, clk clock.Clock) *Service { return &Service{db: d, clk: clk} }

// Input is an answer to be saved: a new one without an ID.
type Input struct {
	ID      string
	Version int64 // expected, 0 = any
	Title   string
	Body    string
	Shared  bool
}

// mostOwn bounds what one person keeps.
const mostOwn = 500

// List gives the actor's own answers and the shared ones, each by title; words narrows them. Errors: Denied.
func (s *Service) List(ctx context.Context, by auth.Actor, words string) ([]Answer, error) {
	if err := auth.Can(by, auth.AnswerUse, auth.Object{}); err != nil {
		return nil, err
	}
	var out []Answer
	for _, query := range []string{sqlMine, sqlShared} {
		rows, err := s.db.Read().Query(ctx, query, by.PersonID)
		all, err := db.Collect(rows, err, scan)
		if err != nil {
			return nil, err
		}
		out = append(out, all...)
	}
	want := text.Words(words)
	return slices.DeleteFunc(out, func(a Answer) bool {
		have := " " + strings.Join(text.Words(a.Title+" "+a.Body), " ")
		return slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(have, " "+w) })
	}), nil
}

// Get gives an answer the actor may use. Errors: NotFound, the same for somebody else's own.
func (s *Service) Get(ctx context.Context, by auth.Actor, answerID string) (Answer, error) {
	return s.usable(ctx, s.db.Read(), by, answerID)
}

func (s *Service) usable(ctx context.Context, q db.Querier, by auth.Actor, answerID string) (Answer, error) {
	nothing := errs.New(errs.NotFound, "answer.get", "There is no such saved answer. It may have been removed.")
	if err := auth.Can(by, auth.AnswerUse, auth.Object{}); err != nil {
		return Answer{}, err
	}
	if !id.Valid(answerID) {
		return Answer{}, nothing
	}
	a, err := scan(q.QueryRow(ctx, sqlByID, answerID))
	if errs.Is(err, errs.NotFound) || err == nil && !a.Shared && a.OwnerID != by.PersonID {
		return Answer{}, nothing
	}
	return a, err
}

// MayChange says whether the actor may change or remove an answer they can use.
func MayChange(by auth.Actor, a Answer) bool {
	return a.OwnerID == by.PersonID || a.Shared && auth.Can(by, auth.AnswerManage, auth.Object{}) == nil
}

func (s *Service) changeable(ctx context.Context, q db.Querier, by auth.Actor, answerID string) (Answer, error) {
	a, err := s.usable(ctx, q, by, answerID)
	if err == nil && !MayChange(by, a) {
		err = errs.New(errs.Denied, "answer.change", "It was shared by somebody else, who can change it; so can an administrator. Save a copy as your own.")
	}
	return a, err
}

// Save keeps a new answer or changes one. Errors: Invalid, Denied, NotFound, Stale.
func (s *Service) Save(ctx context.Context, by auth.Actor, in Input) (Answer, error) {
	a := Answer{Title: text.Line(in.Title), Body: strings.TrimSpace(text.Body(in.Body)), Shared: in.Shared}
	if err := check(a); err != nil {
		return a, err
	}
	verb := "answer.change"
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clk.Now()
		a.ChangedAt = now
		if in.ID == "" {
			verb = "answer.create"
			if err := auth.Can(by, auth.AnswerUse, auth.Object{}); err != nil {
				return err
			}
			rows, err := tx.Query(ctx, sqlMine, by.PersonID)
			have, err := db.Collect(rows, err, scan)
			if err == nil && len(have) >= mostOwn {
				err = errs.In("answer.save", "title", "You keep %d answers already. Remove one you do not use any more.", mostOwn)
			}
			if err != nil {
				return err
			}
			a.ID, a.OwnerID, a.MadeAt, a.Version = id.New(), by.PersonID, now, 1
			if _, err := tx.Exec(ctx, sqlInsert, a.ID, a.OwnerID, a.Shared, a.Title, a.Body, clock.Micros(now), clock.Micros(now), a.Version, text.Fold(a.Title)); err != nil {
				return err
			}
			return s.audit(ctx, tx, by, verb, a)
		}
		old, err := s.changeable(ctx, tx, by, in.ID)
		if err != nil {
			return err
		}
		a.ID, a.OwnerID, a.MadeAt, a.Version = old.ID, old.OwnerID, old.MadeAt, old.Version+1
		n, err := int64(0), error(nil)
		if in.Version == 0 || in.Version == old.Version {
			n, err = tx.Exec(ctx, sqlUpdate, a.Shared, a.Title, a.Body, clock.Micros(now), text.Fold(a.Title), a.ID, old.Version)
		}
		if err == nil && n == 0 {
			err = errs.New(errs.Stale, "answer.save", "Somebody changed this answer since you opened it. Yours is kept here; look at theirs first.")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, by, verb, a)
	})
	return a, err
}

func check(a Answer) error {
	e := &errs.E{Kind: errs.Invalid, Op: "answer.save", Msg: "Something in what you sent needs changing."}
	bad := func(path, msg string) { e.Fields = append(e.Fields, errs.Field{Path: path, Msg: msg}) }
	switch n := len([]rune(a.Title)); {
	case n == 0:
		bad("title", "It is empty. Give it the words you will look for.")
	case n > MostTitle:
		bad("title", "It has more than 80 characters. Keep it to a few words.")
	}
	switch n := len([]rune(a.Body)); {
	case n == 0:
		bad("body", "It is empty. Write what the answer says.")
	case n > MostBody:
		bad("body", "It has more than 20,000 characters. Keep the long part in an article.")
	}
	if u := Unknown(a.Body); len(u) > 0 {
		bad("body", strings.Join(u, ", ")+": there is no such placeholder. Those there are stand below; write other words without braces.")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// Drop removes an answer. Errors: Denied, NotFound.
func (s *Service) Drop(ctx context.Context, by auth.Actor, answerID string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.changeable(ctx, tx, by, answerID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDrop, a.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "answer.remove", a)
	})
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, by auth.Actor, verb string, a Answer) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "answer", ObjectID: a.ID, Change: map[string]any{"shared": a.Shared, "version": a.Version}})
}
