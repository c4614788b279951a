package asked

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// Service keeps who has read what is asked of them. It is safe for concurrent use.
type Service struct {
	db   *db.DB
	clk  clock.Clock
	book *agreement.Book
}

// New makes the service.
func New(d *db.DB, clk clock.Clock, book *agreement.Book) *Service {
	return &Service{db: d, clk: clk, book: book}
}

// Sheet is a version with whether the reader has said that they have read it.
type Sheet struct {
	Paper agreement.Paper
	Lines []Line
	Asks  bool      // it asks this reader: it holds for them
	Read  time.Time // zero: not yet
}

// Get reads a version for somebody. Errors: NotFound, as auth.Can.
func (s *Service) Get(ctx context.Context, by auth.Actor, versionID string) (Sheet, error) {
	p, err := s.paper(ctx, by, versionID)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{Paper: p, Lines: Lines(p), Asks: s.asks(by, p)}
	out.Read, err = readAt(ctx, s.db.Read(), versionID, by.PersonID)
	return out, err
}

func (s *Service) paper(ctx context.Context, by auth.Actor, versionID string) (agreement.Paper, error) {
	if !id.Valid(versionID) {
		return agreement.Paper{}, errs.New(errs.NotFound, "asked", "There is nothing here that you can see.")
	}
	p, err := s.book.Paper(ctx, s.db.Read(), versionID)
	if err != nil || p.OrgID == "" { // what holds for everybody is everybody's to read
		return p, err
	}
	return p, auth.Can(by, auth.AgreementRead, auth.Object{Kind: "agreement", OrgID: p.OrgID, SiteID: p.SiteID})
}

// asks says whether a version holds for somebody, as a customer.
func (s *Service) asks(by auth.Actor, p agreement.Paper) bool {
	if by.Staff() && p.OrgID == "" {
		return false // what holds for every customer asks nothing of IT
	}
	return by.PersonID != "" && (p.OrgID == "" || p.OrgID == by.OrgID) && (p.SiteID == "" || p.SiteID == by.SiteID)
}

// Acknowledge notes that the actor has read what a version asks of them; said again, it changes nothing. Errors: NotFound, as auth.Can;
// Conflict for a version that asks nothing of them.
func (s *Service) Acknowledge(ctx context.Context, by auth.Actor, versionID string) (Sheet, error) {
	p, err := s.paper(ctx, by, versionID)
	if err != nil {
		return Sheet{}, err
	}
	if !s.asks(by, p) {
		return Sheet{}, errs.New(errs.Conflict, "asked.Acknowledge", "This version asks nothing of you: it is with other people. Read the one that holds for you, under Service levels.").Reason("not-asked")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.clk.Now()
		added, err := noteRead(ctx, tx, versionID, by, now)
		if err != nil || !added {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{At: now, Actor: by.ID(), Verb: "agreement.acknowledge", Object: "agreement", ObjectID: versionID})
	})
	if err != nil {
		return Sheet{}, err
	}
	return s.Get(ctx, by, versionID)
}

// Share is how many of the people whom a version asks something have said that they have read it.
type Share struct {
	Read, People int64
}

// Percent is Read of People, of a hundred; ok is false where there is nobody.
func (s Share) Percent() (int64, bool) {
	if s.People == 0 {
		return 0, false
	}
	return 100 * s.Read / s.People, true
}

// ShareOf counts the readers of a version at a site, or with "" among all it is with. Who may know is for the caller to decide.
func (s *Service) ShareOf(ctx context.Context, q db.Querier, p agreement.Paper, siteID string) (Share, error) {
	if siteID == "" {
		siteID = p.SiteID
	}
	var out Share
	var err error
	if out.Read, err = countRead(ctx, q, p.ID, siteID); err != nil {
		return out, err
	}
	out.People, err = people.CountEnabled(ctx, q, p.OrgID, siteID)
	return out, err
}
