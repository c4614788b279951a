package calendar

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Defaults are the calendars every installation has.
type Defaults struct {
	Service Definition // "Service hours": Monday to Friday, 08:00 to 18:00
	Office  Definition // "Office hours": Monday to Friday, 09:00 to 17:00
	Always  Definition // "Always": every hour of every day
}

// EnsureDefaults makes, in a zone, the calendars of Defaults that do not exist by name; those that do stay as they are. It may
// be called at every start, by several nodes at once. Errors: Invalid for a zone that does not exist.
func (s *Service) EnsureDefaults(ctx context.Context, zone string) (Defaults, error) {
	hours := func(from, to string, days ...string) Spec {
		week := map[string][][2]string{}
		for _, d := range days {
			week[d] = [][2]string{{from, to}}
		}
		return Spec{TZ: zone, Week: week}
	}
	var out Defaults
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, c := range []struct {
			to   *Definition
			name string
			spec Spec
		}{
			{&out.Service, "Service hours", hours("08:00", "18:00", weekdays[1:6]...)},
			{&out.Office, "Office hours", hours("09:00", "17:00", weekdays[1:6]...)},
			{&out.Always, "Always", hours("00:00", "24:00", weekdays[:]...)},
		} {
			w := db.NewWhere().And("c.name_key = ?", text.Fold(c.name))
			d, err := scanDefinition(tx.QueryRow(ctx, sqlCalendars+w.SQL(), w.Args()...))
			if errs.Is(err, errs.NotFound) {
				d, err = s.insert(ctx, tx, auth.SystemActor(), c.name, c.spec)
			}
			if err != nil {
				return err
			}
			*c.to = d
		}
		return nil
	})
	if err != nil {
		return Defaults{}, err
	}
	return out, nil
}
