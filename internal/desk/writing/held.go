package writing

import (
	"context"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Take gives the files of a draft that a message names and removes them here; the message keeps them from now on. An id that is
// not the person's, the ticket's and the mode's is not there. Errors: NotFound.
func Take(ctx context.Context, tx *db.Tx, personID, ticketID string, m Mode, ids []string) ([]File, error) {
	out, err := find(ctx, tx, personID, ticketID, m, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range out {
		if _, err := tx.Exec(ctx, sqlDropUpload, f.ID, ticketID, personID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func find(ctx context.Context, q db.Querier, personID, ticketID string, m Mode, ids []string) ([]File, error) {
	out := make([]File, 0, len(ids))
	for _, uploadID := range ids {
		if !id.Valid(uploadID) {
			return nil, notThere("writing.take")
		}
		f, err := scanFile(q.QueryRow(ctx, sqlUpload, uploadID, ticketID, personID, string(m)))
		if errs.Is(err, errs.NotFound) {
			return nil, notThere("writing.take")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Forget removes a draft with the files it still has.
func Forget(ctx context.Context, tx *db.Tx, personID, ticketID string, m Mode) error {
	if _, err := tx.Exec(ctx, sqlDropDraft, personID, ticketID, string(m)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlDropUploads, ticketID, personID, string(m))
	return err
}

// Once names what is sent. It says under which id the same person sent it before; "" when this is the first time, and then it is
// named itemID from now on.
func Once(ctx context.Context, tx *db.Tx, personID, once, ticketID, itemID string, at time.Time) (before string, err error) {
	n, err := tx.Exec(ctx, sqlSend, personID, once, ticketID, itemID, clock.Micros(at))
	if err != nil || n == 1 {
		return "", err
	}
	if err := tx.QueryRow(ctx, sqlSentAs, personID, once, ticketID).Scan(&before); errs.Is(err, errs.NotFound) {
		return "", errs.New(errs.Conflict, "writing.once", "This was sent under a name that was used for another ticket. Load the page again and send it once more.")
	} else if err != nil {
		return "", err
	}
	return before, nil
}

// Hold keeps an answer until it leaves. Its files, named by their ids, are taken out of the draft; where it was the draft, that is
// gone: it is the answer now. Errors: NotFound for a file that is not there.
func Hold(ctx context.Context, tx *db.Tx, h *Held, uploadIDs []string, draft bool) error {
	var err error
	if h.Files, err = find(ctx, tx, h.PersonID, h.TicketID, Reply, uploadIDs); err != nil {
		return err
	}
	for _, f := range h.Files {
		if _, err := tx.Exec(ctx, sqlHoldUpload, h.ID, f.ID); err != nil {
			return err
		}
	}
	if err := addHeld(ctx, tx, h); err != nil || !draft {
		return err
	}
	return Forget(ctx, tx, h.PersonID, h.TicketID, Reply)
}

// HeldByID gives an answer that waits to leave. Errors: NotFound.
func HeldByID(ctx context.Context, q db.Querier, heldID string) (Held, error) {
	h, err := scanHeld(q.QueryRow(ctx, sqlHeld, heldID))
	if err != nil {
		return h, err
	}
	rows, err := q.Query(ctx, sqlHeldUploads, heldID)
	h.Files, err = db.Collect(rows, err, scanFile)
	return h, err
}

// HeldOf lists the answers of a ticket that wait to leave, without their files.
func HeldOf(ctx context.Context, q db.Querier, ticketID string) ([]Held, error) {
	rows, err := q.Query(ctx, sqlHeldOf, ticketID)
	return db.Collect(rows, err, scanHeld)
}

// Release removes an answer that has become its message.
func Release(ctx context.Context, tx *db.Tx, heldID string) error {
	if _, err := tx.Exec(ctx, sqlEndUploads, heldID); err != nil {
		return err
	}
	return drop(ctx, tx, heldID)
}

// drop removes a held answer once: of two that would, the second finds it gone.
func drop(ctx context.Context, tx *db.Tx, heldID string) error {
	n, err := tx.Exec(ctx, sqlDropHeld, heldID)
	if err == nil && n == 0 {
		return errs.New(errs.Stale, "writing.drop", "It has left, or was taken back, at the same moment. Load the page again.")
	}
	return err
}

// Return makes a held answer a draft again, before what its writer has begun since. why says why it could not be sent; "" when it
// was taken back.
func Return(ctx context.Context, tx *db.Tx, h Held, why string, at time.Time) (Draft, error) {
	have, err := draftIn(ctx, tx, h.PersonID, h.TicketID, Reply)
	if err != nil {
		return have, err
	}
	d := Draft{personID: h.PersonID, TicketID: h.TicketID, Mode: Reply, Body: h.Body, Need: h.Need, Why: why, Version: have.Version + 1, SavedAt: at, After: "ours", Minutes: h.Minutes}
	switch {
	case h.Metric == "confirm":
		d.After, d.Need = "confirm", ""
	case h.Need != "":
		d.After = "customer"
	}
	if !h.Due.IsZero() {
		d.Due = h.Due.UTC().Format(time.RFC3339)
	}
	if b := strings.TrimSpace(have.Body); b != "" && b != strings.TrimSpace(h.Body) {
		d.Body = strings.TrimRight(h.Body, "\n") + "\n\n" + have.Body
	}
	if _, err := tx.Exec(ctx, sqlFreeUploads, h.ID); err != nil {
		return d, err
	}
	if err := drop(ctx, tx, h.ID); err != nil {
		return d, err
	}
	return d, saveDraft(ctx, tx, &d)
}
