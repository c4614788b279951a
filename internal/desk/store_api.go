package desk

import "bothways/internal/db"

// served by the primary key: what lists of other things say of a ticket
const sqlKeys = `SELECT t.id, t.number, t.sensitivity FROM desk_ticket t`

func scanKey(s db.Scanner) (k Key, err error) {
	err = s.Scan(&k.ID, &k.Number, &k.Sensitivity)
	return k, err
}
