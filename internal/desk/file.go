package desk

import (
	"context"
	"io"

	"bothways/internal/blob"
	"bothways/internal/desk/extract"
	"bothways/internal/desk/store"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/mail/box"
)

// Upload is a file on its way in.
type Upload struct {
	Name string
	Body []byte
}

// keep stores files by their content and gives their rows.
func (a *act) keep(files []Upload) ([]File, error) {
	var out []File
	for _, f := range files {
		if a.s.conf.MaxUpload > 0 && int64(len(f.Body)) > a.s.conf.MaxUpload {
			return nil, errs.New(errs.TooLarge, "desk.keep", "The file %s has %d MB; the limit is %d MB. Everything else you typed is still there.", blob.FileName(f.Name), len(f.Body)>>20, a.s.conf.MaxUpload>>20)
		}
		ref, err := blob.Put(a.ctx, a.tx, f.Body, a.now)
		if err != nil {
			return nil, err
		}
		out = append(out, File{ID: id.New(), SHA256: ref.SHA256, Name: blob.FileName(f.Name), Type: blob.Sniff(f.Body), Size: ref.Size, Text: extract.Text(f.Name, f.Body)})
	}
	return out, nil
}

// mostMailed is how many bytes of files go with a mail; relays refuse more. Larger ones are named, and read on the page.
const mostMailed = 10 << 20

// MailedFiles are the attachments that go with a mail: those of the public message it carries, as far as they fit. It serves the
// relay and asks for no right.
func (s *Service) MailedFiles(ctx context.Context, m box.Outbound) ([]Upload, error) {
	if m.ItemID == "" || m.Automatic {
		return nil, nil
	}
	files, err := store.MessageFiles(ctx, s.db.Read(), m.TicketID)
	if err != nil {
		return nil, err
	}
	var out []Upload
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
		out = append(out, Upload{Name: f.Name, Body: body})
	}
	return out, nil
}
