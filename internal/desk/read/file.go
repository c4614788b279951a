package read

import (
	"context"
	"io"

	"bothways/internal/blob"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/mail/box"
)

// mostMailed is how many bytes of files go with a mail; relays refuse more. Larger ones are named, and read on the page.
const mostMailed = 10 << 20

// MailedFiles are the attachments that go with a mail: those of the public message it carries, as far as they fit. It serves the
// relay and asks for no right.
func (s *Reader) MailedFiles(ctx context.Context, m box.Outbound) ([]ticket.Upload, error) {
	if m.ItemID == "" || m.Automatic {
		return nil, nil
	}
	files, err := store.MessageFiles(ctx, s.db.Read(), m.TicketID)
	if err != nil {
		return nil, err
	}
	var out []ticket.Upload
	left := int64(mostMailed)
	for _, f := range files[m.ItemID] {
		if f.Size > left {
			continue
		}
		r, err := blob.Open(ctx, s.db.Read(), f.SHA256)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		left -= f.Size
		out = append(out, ticket.Upload{Name: f.Name, Body: body})
	}
	return out, nil
}
