package view

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/filter"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Audience is who sees a view.
type Audience string

// The audiences.
const (
	Own   Audience = "own"   // whoever made it
	Team  Audience = "team"  // the members of a team
	Staff Audience = "staff" // everybody in IT
)

// Bounds.
const (
	MaxName = 60
	mostOwn = 50
)

// View is a filter with a name.
type View struct {
	ID        string
	OwnerID   string
	Name      string
	Query     string
	Audience  Audience
	TeamID    string // of Team
	Position  int64
	ChangedAt time.Time
	Version   int64
}

// Object is the view as the authoriser sees it.
func (v View) Object() auth.Object {
	return auth.Object{Kind: "view", ID: v.ID, Parties: []string{v.OwnerID}}
}

// seenBy says whether somebody sees the view in their list.
func (v View) seenBy(by auth.Actor) bool {
	switch {
	case v.OwnerID == by.PersonID:
		return true
	case v.Audience == Staff:
		return by.Staff()
	case v.Audience == Team:
		return slices.Contains(by.Teams, v.TeamID)
	}
	return false
}

// Input is what a view is made of.
type Input struct {
	Name     string
	Query    string
	Audience Audience // "" is Own
	TeamID   string
}

// Service keeps views. It is safe for concurrent use.
type Service struct {
	db  *db.DB
	clk clock.Clock
}

// New makes the service.
func New(d *db.DB, clk clock.Clock) *Service { return &Service{db: d, clk: clk} }

// List gives the views that somebody sees, their own first, each in its order. Errors: NotFound for who is not in IT.
func (s *Service) List(ctx context.Context, by auth.Actor) ([]View, error) {
	if err := reads(by); err != nil {
		return nil, err
	}
	all, err := seen(ctx, s.db.Read(), by)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b View) int {
		mine := func(v View) int {
			if v.OwnerID == by.PersonID {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(mine(a), mine(b)), cmp.Compare(a.Position, b.Position), strings.Compare(text.Fold(a.Name), text.Fold(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

// reads says whether somebody has views at all. Errors: NotFound.
func reads(by auth.Actor) error {
	if !by.Staff() || !auth.InScopes(by.Scopes, auth.TicketRead) {
		return errs.New(errs.NotFound, "view", "There is nothing here that you can see.")
	}
	return nil
}

// Get gives a view that somebody may see. Errors: NotFound.
func (s *Service) Get(ctx context.Context, by auth.Actor, viewID string) (View, error) {
	return get(ctx, s.db.Read(), by, viewID)
}

func get(ctx context.Context, q db.Querier, by auth.Actor, viewID string) (View, error) {
	if err := reads(by); err != nil {
		return View{}, err
	}
	if !id.Valid(viewID) {
		viewID = "none"
	}
	v, err := byID(ctx, q, viewID)
	if err != nil {
		return View{}, err
	}
	if !v.seenBy(by) && (v.Audience == Own || auth.Can(by, auth.ViewKeep, v.Object()) != nil) {
		return View{}, errs.New(errs.NotFound, "view.Get", "There is nothing here that you can see.")
	}
	return v, nil
}

// Changes says whether somebody may change or delete a view that they see.
func Changes(by auth.Actor, v View) bool { return auth.Can(by, auth.ViewKeep, v.Object()) == nil }

// check reads an input. A team is one of the actor's own: nobody fills the list of a team they are not in.
func check(by auth.Actor, in Input, was View) (Input, error) {
	var wrong []errs.Field
	bad := func(path, msg string) { wrong = append(wrong, errs.Field{Path: path, Msg: msg}) }
	in.Name, in.Query = text.Line(in.Name), text.Line(in.Query)
	switch n := len([]rune(in.Name)); {
	case n == 0:
		bad("name", "It has no name. Write one, such as “Leeds, phones”.")
	case n > MaxName:
		bad("name", "It is longer than 60 characters. Write a shorter one.")
	}
	for _, p := range filter.Parse(in.Query).Problems {
		bad("query", "“"+p.Word+"”: "+p.Msg)
		break
	}
	switch in.Audience {
	case "":
		in.Audience = Own
	case Own, Staff:
	case Team:
		if !slices.Contains(by.Teams, in.TeamID) && (was.Audience != Team || was.TeamID != in.TeamID) {
			bad("team", "You are not in that team. Share it with one that you are in, or with everybody in IT.")
		}
	default:
		bad("audience", "Write own, team or staff.")
	}
	if in.Audience != Team {
		in.TeamID = ""
	}
	if len(wrong) > 0 {
		return in, &errs.E{Kind: errs.Invalid, Op: "view.check", Msg: "Something in what you sent needs changing.", Fields: wrong}
	}
	return in, nil
}

// Create keeps a filter. Errors: as auth.Can; Invalid; Conflict for a name the actor has given already.
func (s *Service) Create(ctx context.Context, by auth.Actor, in Input) (View, error) {
	if err := auth.Can(by, auth.ViewKeep, auth.Object{Kind: "view"}); err != nil {
		return View{}, err
	}
	in, err := check(by, in, View{})
	if err != nil {
		return View{}, err
	}
	now := s.clk.Now()
	v := View{ID: id.New(), OwnerID: by.PersonID, Name: in.Name, Query: in.Query, Audience: in.Audience, TeamID: in.TeamID, ChangedAt: now, Version: 1}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		own, last, err := countOwn(ctx, tx, by.PersonID)
		if err != nil {
			return err
		}
		if own >= mostOwn {
			return errs.New(errs.Conflict, "view.Create", "You have %d views. Delete one you no longer need first.", own)
		}
		v.Position = last + 1
		if err := insert(ctx, tx, v); err != nil {
			return named(err, v.Name)
		}
		return s.record(ctx, tx, by, "view.create", v)
	})
	return v, err
}

// named says whose name is taken.
func named(err error, name string) error {
	if !errs.Is(err, errs.Conflict) {
		return err
	}
	return &errs.E{Kind: errs.Conflict, Op: "view", Msg: "You have a view “" + name + "” already.", Fields: []errs.Field{{Path: "name", Msg: "You have a view “" + name + "” already. Write another name."}}}
}

// Update changes a view; version 0 is any. Errors: NotFound, Denied, Invalid, Conflict, Stale.
func (s *Service) Update(ctx context.Context, by auth.Actor, viewID string, version int64, in Input) (View, error) {
	var v View
	err := s.change(ctx, by, viewID, version, "view.update", func(tx *db.Tx, was View) error {
		in, err := check(by, in, was)
		if err != nil {
			return err
		}
		v = was
		v.Name, v.Query, v.Audience, v.TeamID, v.ChangedAt = in.Name, in.Query, in.Audience, in.TeamID, s.clk.Now()
		v.Version++
		return named(update(ctx, tx, v), v.Name)
	})
	return v, err
}

// Move puts a view of one's own one place up or down among one's own. Errors: NotFound, Denied.
func (s *Service) Move(ctx context.Context, by auth.Actor, viewID string, down bool) error {
	return s.change(ctx, by, viewID, 0, "view.move", func(tx *db.Tx, v View) error {
		all, err := ofOwner(ctx, tx, v.OwnerID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o View) bool { return o.ID == v.ID })
		j := i - 1
		if down {
			j = i + 1
		}
		if i < 0 || j < 0 || j >= len(all) {
			return nil // it is at the end already
		}
		all[i], all[j] = all[j], all[i]
		for n, o := range all {
			if err := setPosition(ctx, tx, o.ID, int64(n+1)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete takes a view away for everybody; version 0 is any. Errors: NotFound, Denied, Stale.
func (s *Service) Delete(ctx context.Context, by auth.Actor, viewID string, version int64) error {
	return s.change(ctx, by, viewID, version, "view.delete", func(tx *db.Tx, v View) error { return remove(ctx, tx, v.ID) })
}

// change runs a command on one view: load, authorise, apply, record.
func (s *Service) change(ctx context.Context, by auth.Actor, viewID string, version int64, verb string, fn func(*db.Tx, View) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, err := get(ctx, tx, by, viewID)
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.ViewKeep, v.Object()); err != nil {
			return err
		}
		if version != 0 && version != v.Version {
			return errs.New(errs.Stale, verb, "“%s” was changed since you read it. Read it again.", v.Name)
		}
		if err := fn(tx, v); err != nil {
			return err
		}
		return s.record(ctx, tx, by, verb, v)
	})
}

func (s *Service) record(ctx context.Context, tx *db.Tx, by auth.Actor, verb string, v View) error {
	return audit.Write(ctx, tx, audit.Entry{At: s.clk.Now(), Actor: by.ID(), Verb: verb, Object: "view", ObjectID: v.ID, Change: map[string]any{"audience": v.Audience, "team": v.TeamID}})
}
