package auth

import (
	"context"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlKey       = `SELECT body FROM auth_key WHERE name = $1`
	sqlKeyInsert = `INSERT INTO auth_key (name, body) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`

	sqlPassword    = `SELECT hash FROM auth_password WHERE person_id = $1`
	sqlPasswordSet = `INSERT INTO auth_password (person_id, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`
	sqlPasswordUpgrade = `UPDATE auth_password SET hash = $1 WHERE person_id = $2 AND hash = $3`

	// one row a subject; a window that has passed begins anew
	sqlFailureAdd = `INSERT INTO auth_failure (subject, failures, since) VALUES ($1, 1, $2)
ON CONFLICT (subject) DO UPDATE SET
  failures = CASE WHEN auth_failure.since <= $3 THEN 1 ELSE auth_failure.failures + 1 END,
  since = CASE WHEN auth_failure.since <= $3 THEN excluded.since ELSE auth_failure.since END
RETURNING failures, since`
	sqlFailureUndo  = `UPDATE auth_failure SET failures = failures - 1 WHERE subject = $1 AND failures > 0`
	sqlFailureClear = `DELETE FROM auth_failure WHERE subject = $1`
	sqlFailureSweep = `DELETE FROM auth_failure WHERE since <= $1`

	sqlLink       = `SELECT person_id, address, ends_at FROM auth_link WHERE digest = $1`
	sqlLinkInsert = `INSERT INTO auth_link (digest, person_id, address, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)`
	// one of several at once deletes it
	sqlLinkUse      = `DELETE FROM auth_link WHERE digest = $1 AND ends_at > $2`
	sqlLinkDeleteOf = `DELETE FROM auth_link WHERE person_id = $1`
	sqlLinkSweep    = `DELETE FROM auth_link WHERE ends_at <= $1`
	// served by auth_link_person
	sqlLinksOf = `SELECT COUNT(*) FROM auth_link WHERE person_id = $1 AND made_at > $2`

	sqlSession       = `SELECT person_id, seen_at, ends_at FROM auth_session WHERE digest = $1`
	sqlSessionInsert = `INSERT INTO auth_session (digest, person_id, made_at, seen_at, ends_at, browser) VALUES ($1, $2, $3, $4, $5, $6)`
	sqlSessionSeen   = `UPDATE auth_session SET seen_at = $1 WHERE digest = $2 AND seen_at < $1`
	sqlSessionDelete = `DELETE FROM auth_session WHERE digest = $1`
	sqlSessionSweep  = `DELETE FROM auth_session WHERE ends_at <= $1 OR seen_at <= $2`
	// served by auth_session_person
	sqlSessionsOf     = `SELECT digest, made_at, seen_at, ends_at, browser FROM auth_session WHERE person_id = $1 ORDER BY seen_at DESC, digest`
	sqlSessionEndMore = `DELETE FROM auth_session WHERE person_id = $1 AND digest <> $2`
	sqlSessionEndAll  = `DELETE FROM auth_session WHERE person_id = $1`

	// served by auth_token's unique digest: the one read of a call with a token
	sqlToken       = `SELECT id, person_id, name, scopes, made_at, used_at, ends_at FROM auth_token WHERE digest = $1`
	sqlTokenByID   = `SELECT id, person_id, name, scopes, made_at, used_at, ends_at FROM auth_token WHERE id = $1`
	sqlTokenInsert = `INSERT INTO auth_token (id, digest, person_id, name, scopes, made_at, used_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`
	sqlTokenUsed   = `UPDATE auth_token SET used_at = $1 WHERE id = $2 AND used_at < $1`
	sqlTokenDelete = `DELETE FROM auth_token WHERE id = $1`
	// served by auth_token_person
	sqlTokensOf      = `SELECT id, person_id, name, scopes, made_at, used_at, ends_at FROM auth_token WHERE person_id = $1 ORDER BY id`
	sqlTokenDeleteOf = `DELETE FROM auth_token WHERE person_id = $1`
)

// allScopes is how a token without limits is stored: an empty text must never come to mean everything.
const allScopes = "*"

func scanToken(s db.Scanner) (TokenInfo, error) {
	var t TokenInfo
	var scopes string
	var made, used, ends int64
	err := s.Scan(&t.ID, &t.PersonID, &t.Name, &scopes, &made, &used, &ends)
	t.MadeAt, t.UsedAt, t.EndsAt = clock.FromMicros(made), clock.FromMicros(used), clock.FromMicros(ends)
	if scopes != allScopes {
		t.Scopes = append([]string{}, strings.Fields(scopes)...)
	}
	return t, err
}

func storeScopes(scopes []string) string {
	if scopes == nil {
		return allScopes
	}
	return strings.Join(scopes, " ")
}

// EndEverything ends every session, token and link of a person in the caller's transaction: for people, which disables persons.
func EndEverything(ctx context.Context, tx *db.Tx, personID string) error {
	if _, err := tx.Exec(ctx, sqlSessionEndAll, personID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlLinkDeleteOf, personID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlTokenDeleteOf, personID)
	return err
}

func insertSession(ctx context.Context, tx *db.Tx, digest string, c Credentials, now time.Time) error {
	at := clock.Micros(now)
	_, err := tx.Exec(ctx, sqlSessionInsert, digest, c.PersonID, at, at, clock.Micros(now.Add(sessionLife)), c.Browser)
	return err
}
