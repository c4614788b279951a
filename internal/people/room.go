package people

import (
	"context"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Room is a place inside a site that software and devices go to: a classroom.
type Room struct {
	ID       string
	SiteID   string
	Name     string
	Seats    int64     // 0 when nobody said
	ClosedAt time.Time // zero while it is used
	Version  int64
}

// RoomInput is what PutRoom writes: a new room of a site, or another state of one that exists.
type RoomInput struct {
	ID      string // "" makes a new one
	SiteID  string // of a new one
	Version int64  // as read; 0 takes whatever it is
	Name    string
	Seats   int64
	Closed  bool
}

// Rooms lists the rooms of a site somebody may read, by name. Errors: as auth.Can.
func (s *Service) Rooms(ctx context.Context, by auth.Actor, siteID string) ([]Room, error) {
	q := s.db.Read()
	site, err := SiteByID(ctx, q, siteID)
	if err != nil {
		return nil, err
	}
	if err := auth.Can(by, auth.SiteRead, site.Object()); err != nil {
		return nil, err
	}
	return list(ctx, q, sqlRooms, db.NewWhere().And("r.site_id = ?", siteID), " ORDER BY r.name_key, r.id", scanRoom)
}

// PutRoom makes or changes a room. Errors: as auth.Can of its site; NotFound; Invalid; Stale when somebody changed it meanwhile;
// Conflict for a name the site uses already.
func (s *Service) PutRoom(ctx context.Context, by auth.Actor, in RoomInput) (Room, error) {
	const op = "people.PutRoom"
	var r Room
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old := Room{SiteID: in.SiteID}
		if in.ID != "" {
			var err error
			if old, err = one(ctx, tx, sqlRooms, db.NewWhere().And("r.id = ?", in.ID), "", scanRoom); err != nil {
				return err
			}
		}
		site, err := SiteByID(ctx, tx, old.SiteID)
		if errs.Is(err, errs.NotFound) && in.ID == "" {
			return errs.In(op, "site", "There is no such site.")
		}
		if err != nil {
			return err
		}
		if err := auth.Can(by, auth.SiteManage, site.Object()); err != nil {
			return err
		}
		if in.Version != 0 && in.Version != old.Version {
			return stale(op)
		}
		c := checker{op: op}
		r = old
		if r.Name, r.Seats = c.name("name", in.Name), in.Seats; r.Seats < 0 || r.Seats > 100_000 {
			c.bad("seats", "Write how many seats it has, from 0 to 100,000.")
		}
		switch {
		case !in.Closed:
			r.ClosedAt = time.Time{}
		case old.ClosedAt.IsZero():
			r.ClosedAt = s.clk.Now()
		}
		if err := c.err(); err != nil {
			return err
		}
		return s.writeRoom(ctx, tx, by, old, &r)
	})
	if err != nil {
		return Room{}, err
	}
	return r, nil
}

func (s *Service) writeRoom(ctx context.Context, tx *db.Tx, by auth.Actor, old Room, r *Room) error {
	const op = "people.PutRoom"
	var n int64
	if err := tx.QueryRow(ctx, sqlRoomTaken, r.SiteID, text.Fold(r.Name), r.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return taken(op, "a room", r.Name)
	}
	change := map[string]any{"site": r.SiteID, "seats": [2]int64{old.Seats, r.Seats}, "closed": [2]bool{!old.ClosedAt.IsZero(), !r.ClosedAt.IsZero()}, "renamed": old.ID != "" && old.Name != r.Name}
	if old.ID == "" {
		r.ID, r.Version = id.New(), 1
		if _, err := tx.Exec(ctx, sqlRoomInsert, r.ID, r.SiteID, r.Name, text.Fold(r.Name), r.Seats, clock.Micros(r.ClosedAt)); err != nil {
			return err
		}
		return s.audit(ctx, tx, by, "room.create", r.ID, change)
	}
	rows, err := tx.Exec(ctx, sqlRoomUpdate, r.Name, text.Fold(r.Name), r.Seats, clock.Micros(r.ClosedAt), r.ID, old.Version)
	if err != nil {
		return err
	}
	if rows == 0 {
		return stale(op)
	}
	r.Version = old.Version + 1
	return s.audit(ctx, tx, by, "room.update", r.ID, change)
}
