package calendar

import (
	"encoding/json"

	"bothways/internal/db"
)

const (
	// a calendar's row; its primary key, or its unique name_key, serves each
	sqlCalendars = `SELECT c.id, c.name, c.spec, c.version FROM calendar_calendar c`
	sqlVersion   = `SELECT version FROM calendar_calendar WHERE id = $1`
	sqlInsert    = `INSERT INTO calendar_calendar (id, name, name_key, spec, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (name_key) DO NOTHING`
	sqlTaken     = `SELECT COUNT(*) FROM calendar_calendar WHERE name_key = $1 AND id <> $2`
	sqlUpdate    = `UPDATE calendar_calendar SET name = $1, name_key = $2, spec = $3, version = version + 1 WHERE id = $4 AND version = $5`
)

func scanDefinition(s db.Scanner) (Definition, error) {
	var d Definition
	var spec string
	if err := s.Scan(&d.ID, &d.Name, &spec, &d.Version); err != nil {
		return Definition{}, err
	}
	return d, json.Unmarshal([]byte(spec), &d.Spec)
}
