package store

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/clock"
)

func scanParticipant(s db.Scanner) (ticket.Participant, error) {
	var p ticket.Participant
	err := s.Scan(&p.PersonID, &p.Role, &p.Because)
	return p, err
}

// Linked is a link with the id of the ticket at its other end.
type Linked struct {
	ticket.Link
	ID string
}

func scanLink(s db.Scanner) (Linked, error) {
	var l Linked
	var at int64
	err := s.Scan(&l.Other, &l.Kind, &at, &l.ID)
	l.MadeAt = clock.FromMicros(at)
	return l, err
}

// SetParticipant lets somebody take part in a ticket; requester and affected person keep their role.
func SetParticipant(ctx context.Context, tx *db.Tx, ticketID, personID, role, because string) error {
	_, err := tx.Exec(ctx, sqlSetParticipant, ticketID, personID, role, because)
	return err
}

// ForceParticipant sets somebody's role, whatever it was.
func ForceParticipant(ctx context.Context, tx *db.Tx, ticketID, personID, role, because string) error {
	_, err := tx.Exec(ctx, sqlForceParticipant, ticketID, personID, role, because)
	return err
}

// DropParticipant ends that somebody watches a ticket, or waits to be let in.
func DropParticipant(ctx context.Context, tx *db.Tx, ticketID, personID string) error {
	_, err := tx.Exec(ctx, sqlDropParticipant, ticketID, personID)
	return err
}

// Participants are who takes part in a ticket, by role.
func Participants(ctx context.Context, q db.Querier, ticketID string) ([]ticket.Participant, error) {
	rows, err := q.Query(ctx, sqlParticipants, ticketID)
	return db.Collect(rows, err, scanParticipant)
}

// InsertLink joins two tickets and says whether they were not joined so before. at is in microseconds.
func InsertLink(ctx context.Context, tx *db.Tx, ticketID, otherID, kind, by string, at int64) (bool, error) {
	n, err := tx.Exec(ctx, sqlInsertLink, ticketID, otherID, kind, by, at)
	return n == 1, err
}

// Links are the tickets joined to one, oldest link first.
func Links(ctx context.Context, q db.Querier, ticketID string) ([]Linked, error) {
	rows, err := q.Query(ctx, sqlLinks, ticketID)
	return db.Collect(rows, err, scanLink)
}

// AddAgreement puts a ticket under a version of an agreement, as the n-th from 0.
func AddAgreement(ctx context.Context, tx *db.Tx, ticketID string, n int, versionID string) error {
	_, err := tx.Exec(ctx, sqlInsertAgreement, ticketID, n, versionID)
	return err
}

// Agreements are the ids of the versions a ticket was under, in order.
func Agreements(ctx context.Context, q db.Querier, ticketID string) ([]string, error) {
	rows, err := q.Query(ctx, sqlAgreements, ticketID)
	return db.Collect(rows, err, db.One[string])
}
