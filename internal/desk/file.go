package desk

import (
	"bothways/internal/blob"
	"bothways/internal/desk/extract"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// keep stores files by their content and gives their rows.
func (a *act) keep(files []Upload) ([]File, error) {
	var out []File
	for _, f := range files {
		if a.s.conf.MaxUpload > 0 && int64(len(f.Body)) > a.s.conf.MaxUpload {
			return nil, errs.New(errs.TooLarge, "desk.keep", "The file %s has %s; the limit is %d MB. Everything else you typed is still there.", blob.FileName(f.Name), writing.Megabytes(len(f.Body)), a.s.conf.MaxUpload>>20)
		}
		ref, err := blob.Put(a.ctx, a.tx, f.Body, a.now)
		if err != nil {
			return nil, err
		}
		out = append(out, File{ID: id.New(), SHA256: ref.SHA256, Name: blob.FileName(f.Name), Type: blob.Sniff(f.Body), Size: ref.Size, Text: extract.Text(f.Name, f.Body)})
	}
	return out, nil
}
