package people

const (
	sqlPreference    = `SELECT language, quiet_from, quiet_until, copies FROM people_preference WHERE person_id = $1`
	sqlSetPreference = `INSERT INTO people_preference (person_id, language, quiet_from, quiet_until, copies) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person_id) DO UPDATE SET language = excluded.language, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, copies = excluded.copies`
	sqlSetZone     = `UPDATE people_person SET zone = $1, version = version + 1 WHERE id = $2`
	sqlAddressRank = `UPDATE people_address SET rank = $1 WHERE address = $2`

	sqlClaimInsert = `INSERT INTO people_claim (digest, person_id, address, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)`
	sqlClaim       = `SELECT person_id, address, ends_at FROM people_claim WHERE digest = $1`
	// used up with every other link to the same address; the rows stay for the budget until they are swept
	sqlClaimEnd   = `UPDATE people_claim SET ends_at = 0 WHERE person_id = $1 AND address = $2`
	sqlClaimsOf   = `SELECT COUNT(*) FROM people_claim WHERE person_id = $1 AND made_at > $2`
	sqlClaimsTo   = `SELECT COUNT(*) FROM people_claim WHERE address = $1 AND made_at > $2`
	sqlClaimSweep = `DELETE FROM people_claim WHERE made_at <= $1`
)
