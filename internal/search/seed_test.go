package search_test

import (
	"fmt"

	"bothways/internal/db"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/people"
)

// insertTicket writes a ticket's row as the desk's store does, without the rest of its life.
func insertTicket(tx *db.Tx, number int64, site people.Site, person, subject string) error {
	id := fmt.Sprintf("00000000-0000-7000-8000-%012d", number)
	err := store.Insert(ctx, tx, ticket.Ticket{
		ID: id, Number: number, Kind: ticket.Incident, Subject: subject, Channel: "portal", OrgID: site.OrgID, SiteID: site.ID, Region: site.Region,
		SubmitterID: person, RequesterID: person, AffectedID: person, Impact: ticket.Medium, Urgency: ticket.Medium, Priority: "medium", State: ticket.New, Open: true,
		TurnSide: "provider", Version: 1,
	})
	if err != nil {
		return err
	}
	return store.SetParticipant(ctx, tx, id, person, ticket.Requester, "asks")
}
