package host

import (
	"encoding/base64"
	"strconv"
	"strings"

	"bothways/internal/desk"
	"bothways/internal/kit/errs"
)

// Numbered is the ticket that a request is about.
type Numbered struct {
	Number string `path:"number" example:"BW-1001"`
}

// At is a ticket, and the version of it that the caller has read.
type At struct {
	Numbered
	IfMatch string `header:"If-Match" doc:"The ETag of the answer you read: the command is refused with 412 when somebody changed the ticket since."`
}

// Act reads the ticket and the version that a command names.
func (a At) Act() (desk.Act, error) {
	number, err := desk.ParseRef(a.Number)
	if err != nil {
		return desk.Act{}, err
	}
	version, err := Version(a.IfMatch)
	return desk.Act{Number: number, Version: version}, err
}

// Version reads an ETag of ours, as If-Match names it: "v3". None, and *, is any version: 0. Errors: Stale for one that is none.
func Version(s string) (int64, error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "*" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(strings.Trim(s, `"`), "v")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= 0 {
		return 0, errs.New(errs.Stale, "api.version", `If-Match names no version of ours. Send the ETag of the answer you read, such as "v3", or leave it out.`)
	}
	return n, nil
}

// Tag is the ETag of a version.
func Tag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// NothingElse is a body without fields.
type NothingElse struct{}

// File is an attachment as an answer names it.
type File struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type" doc:"By our own look at its first bytes."`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// FilesOf are attachments as an answer names them.
func FilesOf(in []desk.File) []File {
	out := make([]File, len(in))
	for i, f := range in {
		out[i] = File{f.ID, f.Name, f.Type, f.Size, f.SHA256}
	}
	return out
}

// FileIn is a file that comes with a message.
type FileIn struct {
	Name    string `json:"name"`
	Content string `json:"content" format:"base64" doc:"The bytes in base64."`
}

// Uploads decodes files.
func Uploads(in []FileIn) ([]desk.Upload, error) {
	out := make([]desk.Upload, len(in))
	for i, f := range in {
		body, err := base64.StdEncoding.DecodeString(f.Content)
		if err != nil {
			return nil, errs.In("api.uploads", "files["+strconv.Itoa(i)+"].content", "It is not base64. Encode the file's bytes as RFC 4648 §4 says.")
		}
		out[i] = desk.Upload{Name: f.Name, Body: body}
	}
	return out, nil
}

// Addresses refuses what can't be looked up: PostgreSQL takes no NUL and no broken UTF-8.
func Addresses(in map[string]string) error {
	for path, s := range in {
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\uFFFD' }) {
			return errs.In("api.addresses", path, "It is no mail address. Write one such as anna@example.org.")
		}
	}
	return nil
}
