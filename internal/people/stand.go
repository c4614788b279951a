package people

import (
	"context"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// StandsFor gives whom somebody acts for at an instant, because those are away and named them, directly or through others who are away
// as well; and until when: the first return on the way. A zero instant is until nobody knows.
func (s *Service) StandsFor(ctx context.Context, q db.Querier, personID string, at time.Time) (map[string]time.Time, error) {
	away, err := AwayAt(ctx, q, at)
	if err != nil {
		return nil, err
	}
	out := map[string]time.Time{}
	for _, who := range away.For(personID) {
		_, via := away.Holder(who)
		w := db.NewWhere().In("b.person_id", append(via, who)...).And("b.from_at <= ?", clock.Micros(at)).And("b.until_at > ?", clock.Micros(at))
		var until int64
		if err := q.QueryRow(ctx, sqlFirstReturn+w.SQL(), w.Args()...).Scan(&until); err != nil {
			return nil, err
		}
		out[who] = clock.FromMicros(until)
	}
	return out, nil
}

// Enabled says whether somebody exists and may sign in.
func (s *Service) Enabled(ctx context.Context, q db.Querier, personID string) (bool, error) {
	p, err := PersonByID(ctx, q, personID)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && !p.Disabled(), err
}
