package report

import (
	"context"
	"encoding/json"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/id"
	"bothways/internal/report/score"
)

// Publication is a scorecard as it read when somebody published it for a review.
type Publication struct {
	ID          string
	AgreementID string
	SiteID      string
	Period
	PersonID string
	At       time.Time
	Figures  PublishedFigures
}

// PublishedFigures are what of a card is kept when it is published.
type PublishedFigures struct {
	Provider PublishedSide   `json:"provider"`
	Customer PublishedSide   `json:"customer"`
	Tickets  int64           `json:"tickets"`
	Time     []PublishedTime `json:"time"`
}

// PublishedSide is one column of a published card.
type PublishedSide struct {
	Total   PublishedCounts            `json:"total"`
	Metrics map[string]PublishedCounts `json:"metrics"`
}

// PublishedCounts are figures as they are published: what was decided, not what is owed, which changes by the hour.
type PublishedCounts struct {
	Due      int64 `json:"due"`
	Kept     int64 `json:"kept"`
	Broken   int64 `json:"broken"`
	Waived   int64 `json:"waived"`
	Disputed int64 `json:"disputed"`
	Silence  int64 `json:"silence"`
	Median   int64 `json:"median_seconds"` // 0 when nothing has ended
	Ninth    int64 `json:"p90_seconds"`
}

// PublishedTime is one side's time.
type PublishedTime struct {
	Side    agreement.Side `json:"side"`
	Wall    int64          `json:"wall_seconds"`
	Working int64          `json:"working_seconds"`
}

func countsOf(f score.Figures) PublishedCounts {
	c := PublishedCounts{Due: f.Due(), Kept: f.Kept, Broken: f.Broken, Waived: f.Waived, Disputed: f.Disputed, Silence: f.Silence}
	c.Median, _ = f.Used(50)
	c.Ninth, _ = f.Used(90)
	return c
}

func sideOf(c score.Column) PublishedSide {
	out := PublishedSide{Total: countsOf(c.Figures), Metrics: map[string]PublishedCounts{}}
	for _, l := range c.Metrics {
		out.Metrics[string(l.Metric)] = countsOf(l.Figures)
	}
	return out
}

// FiguresOf are what of a card is published.
func FiguresOf(c score.Card) PublishedFigures {
	out := PublishedFigures{Provider: sideOf(c.Provider), Customer: sideOf(c.Customer), Tickets: c.Tickets}
	for _, s := range c.Sides {
		out.Time = append(out.Time, PublishedTime{s.Side, s.Wall, s.Working})
	}
	return out
}

func (p *Publication) read(figures string) error { return json.Unmarshal([]byte(figures), &p.Figures) }

// Publish keeps a card as it reads now, for a review. Errors: as Card, and as auth.Can for auth.ScorecardPublish.
func (s *Service) Publish(ctx context.Context, by auth.Actor, q Query) (Publication, error) {
	c, err := s.Card(ctx, by, q)
	if err != nil {
		return Publication{}, err
	}
	if err := auth.Can(by, auth.ScorecardPublish, c.Object()); err != nil {
		return Publication{}, err
	}
	p := Publication{ID: id.New(), AgreementID: c.Paper.AgreementID, SiteID: c.Site.ID, Period: c.Period, PersonID: by.PersonID, At: c.At, Figures: FiguresOf(c.Card)}
	figures, err := json.Marshal(p.Figures)
	if err != nil {
		return p, err
	}
	return p, s.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertPublication(ctx, tx, p, string(figures)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{
			At: p.At, Actor: by.ID(), Verb: "scorecard.publish", Object: "scorecard", ObjectID: p.ID,
			Change: map[string]string{"agreement": p.AgreementID, "site": p.SiteID, "from": p.From.Format(time.RFC3339), "to": p.To.Format(time.RFC3339)},
		})
	})
}

// Published lists what was published of a place, the newest first. Errors: as Place.
func (s *Service) Published(ctx context.Context, by auth.Actor, agreementID, siteID string) ([]Publication, error) {
	p, err := s.Place(ctx, by, agreementID, siteID)
	if err != nil {
		return nil, err
	}
	return publications(ctx, s.db.Read(), p.Paper.AgreementID, p.Site.ID)
}

// Restated is what was published last of the same place and period where it reads otherwise now; ok is false when nothing was, or it reads
// the same.
func (s *Service) Restated(ctx context.Context, c Card) (p Publication, ok bool, err error) {
	all, err := publications(ctx, s.db.Read(), c.Paper.AgreementID, c.Site.ID)
	if err != nil {
		return p, false, err
	}
	now, err := json.Marshal(FiguresOf(c.Card))
	if err != nil {
		return p, false, err
	}
	for _, p := range all {
		if !p.From.Equal(c.From) || !p.To.Equal(c.To) {
			continue
		}
		was, err := json.Marshal(p.Figures)
		return p, err == nil && string(was) != string(now), err
	}
	return p, false, nil
}
