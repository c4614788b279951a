package blob

import (
	"bytes"
	"path"
	"strings"

	"bothways/internal/kit/text"
)

// FileName makes a name that is data and nothing else: no folders, no control or direction characters, not empty, not only
// dots, at most 150 characters with its ending kept.
func FileName(s string) string {
	s = text.Line(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Trim(path.Base("/"+s), " ")
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, s)
	if strings.Trim(s, "._ ") == "" {
		return "file"
	}
	if r := []rune(s); len(r) > 150 {
		ext := []rune(path.Ext(s))
		if len(ext) > 20 {
			ext = nil
		}
		s = string(r[:150-len(ext)]) + string(ext)
	}
	return s
}

// signatures is the short list of types we say by our own look; all else is application/octet-stream. Nothing on it can run
// in a browser.
var signatures = []struct {
	magic string
	typ   string
}{
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
	{"GIF87a", "image/gif"},
	{"GIF89a", "image/gif"},
	{"%PDF-", "application/pdf"},
	{"PK\x03\x04", "application/zip"},
}

// Sniff says what a file is by its first bytes, never by what its sender says.
func Sniff(body []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(body, []byte(s.magic)) {
			return s.typ
		}
	}
	if len(body) >= 12 && string(body[:4]) == "RIFF" && string(body[8:12]) == "WEBP" {
		return "image/webp"
	}
	return "application/octet-stream"
}
