package moves

import (
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// copies are the messages that a new ticket begins with, oldest first; they ask nothing any more.
func copies(d *Deed, messages []string) ([]ticket.Message, error) {
	if len(messages) == 0 || len(messages) > ticket.MaxFiles {
		return nil, errs.In("desk.split", "messages", "Choose which messages the new ticket begins with, 50 at the most.")
	}
	files, err := store.MessageFiles(d.Ctx, d.Tx, d.Ticket.ID)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(messages)
	slices.Sort(ids) // ids are in the order of time
	var all []ticket.Message
	theirs := false
	for _, messageID := range slices.Compact(ids) {
		if !id.Valid(messageID) {
			return nil, ticket.NotHere("desk.split")
		}
		m, err := store.MessageByID(d.Ctx, d.Tx, messageID, d.Ticket.ID)
		if err != nil {
			return nil, err
		}
		theirs = theirs || m.Side == string(agreement.SideCustomer)
		m.ID, m.EventSeq, m.Need, m.NeedDue, m.Metric = id.New(), 1, "", time.Time{}, ""
		for _, f := range files[messageID] {
			f.ID = id.New()
			m.Files = append(m.Files, f)
		}
		all = append(all, m)
	}
	if !theirs {
		return nil, errs.In("desk.split", "messages", "None of these is the customer's. A new ticket begins with what they said.")
	}
	return all, nil
}

// begin writes the messages that follow the first, and from where they come.
func begin(d *Deed, origin ticket.Ticket, rest []ticket.Message) error {
	for _, m := range rest {
		m.TicketID = d.Ticket.ID
		if err := store.InsertMessage(d.Ctx, d.Tx, m); err != nil {
			return err
		}
	}
	if err := store.Reindex(d.Ctx, d.Tx, d.Ticket.ID); err != nil { // the text of copied files is read again
		return err
	}
	return d.note(record.SplitFrom, record.Data{Party: origin.ID, Step: len(rest) + 1})
}
