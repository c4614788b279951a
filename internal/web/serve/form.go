package serve

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"bothways/internal/kit/errs"
)

// Limits of what a form sends at once.
const (
	MostText  = 2 << 20  // of all fields together
	mostBytes = 64 << 20 // of all files together
	mostFiles = 50
	mostDrain = 256 << 20
)

// File is a file somebody chose.
type File struct {
	Name string
	Body []byte
}

// Form is what somebody sent.
type Form struct {
	Values map[string]string
	Files  []File
	TooBig error // the files did not fit; the words were kept
	Left   int   // files that nobody wanted: see ReadWords
}

// Value is what a field holds, without space around it.
func (f *Form) Value(name string) string { return strings.TrimSpace(f.Values[name]) }

// ReadForm reads a form of words, or of words and files. Words come first in every form of ours, so they are kept even when
// the files are too large. Errors: TooLarge, Invalid.
func ReadForm(w http.ResponseWriter, r *http.Request) (*Form, error) {
	typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && typ == "multipart/form-data" {
		return readUpload(r, true)
	}
	return readWords(w, r)
}

// ReadWords reads a form whose files nobody wants: from somebody who is not signed in, they are not even kept in memory.
// Errors: TooLarge, Invalid.
func ReadWords(w http.ResponseWriter, r *http.Request) (*Form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostDrain)
	typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && typ == "multipart/form-data" {
		return readUpload(r, false)
	}
	return readWords(w, r)
}

func readWords(w http.ResponseWriter, r *http.Request) (*Form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, MostText)
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, tooMuchText()
		}
		return nil, unreadable(err)
	}
	f := &Form{Values: map[string]string{}}
	for name, all := range r.PostForm {
		f.Values[name] = all[0]
	}
	return f, nil
}

func tooMuchText() error {
	return errs.New(errs.TooLarge, "serve.form", "This has more than %d MB of text. Send the long part as a file.", MostText>>20)
}

func unreadable(err error) error {
	return errs.Wrap(errs.Invalid, "serve.form", err, "The form can’t be read. Open the page again and send it once more.")
}

// uploads bounds how many forms with files are held in memory at once; more wait.
var uploads = make(chan struct{}, 6)

func readUpload(r *http.Request, files bool) (*Form, error) {
	if files {
		select {
		case uploads <- struct{}{}:
			defer func() { <-uploads }()
		case <-r.Context().Done():
			return nil, unreadable(r.Context().Err())
		}
	}
	m, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	f := &Form{Values: map[string]string{}}
	words, bytes := int64(MostText), int64(mostBytes)
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err == nil && !files && part.FileName() != "" {
			f.Left++
			_, err = io.Copy(io.Discard, part)
		} else if err == nil {
			err = f.take(part, &words, &bytes)
		} else {
			err = unreadable(err)
		}
		if err == nil {
			continue
		}
		_, _ = io.CopyN(io.Discard, r.Body, mostDrain) // a browser reads the answer only when all was taken
		if f.TooBig != nil {
			return f, nil
		}
		return nil, err
	}
}

// take reads one part of a form, within what is left of its limits.
func (f *Form) take(part *multipart.Part, words, bytes *int64) error {
	left, isFile := words, part.FileName() != ""
	if isFile {
		left = bytes
	}
	body, err := io.ReadAll(io.LimitReader(part, *left+1))
	if err != nil {
		return unreadable(err)
	}
	*left -= int64(len(body))
	switch {
	case *left < 0 && !isFile:
		return tooMuchText()
	case *left < 0 || len(f.Files) == mostFiles:
		f.TooBig = errs.New(errs.TooLarge, "serve.form", "The files have more than %d MB together, or there are more than %d. Your words are kept; choose fewer files and send the rest with a second message.", mostBytes>>20, mostFiles)
		return f.TooBig
	case isFile:
		f.Files = append(f.Files, File{part.FileName(), body})
	case part.FormName() != "" && len(body) > 0:
		f.Values[part.FormName()] = string(body)
	}
	return nil
}
