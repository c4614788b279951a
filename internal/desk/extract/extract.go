// Package extract finds the text in attachments, so that they can be searched: plain text of any kind (logs, CSV, JSON) and HTML.
package extract

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"bothways/internal/mail/prose"
)

// MaxRead is how much of a file is looked at, in bytes.
const MaxRead = 1 << 20

const maxText = 256 << 10

// Text is what can be read in a file, "" when it is of no kind that holds text. What is in it decides, not what its name claims;
// the name tells HTML from text that only begins like it.
func Text(name string, body []byte) string {
	if len(body) > MaxRead {
		body = body[:MaxRead]
	}
	s, ok := decode(body)
	if !ok {
		return ""
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		s = prose.HTML(s, maxText)
	default:
		if looksHTML(s) {
			s = prose.HTML(s, maxText)
		}
	}
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// decode reads bytes as UTF-8, UTF-16 with its mark, or Windows-1252; false when they are no text.
func decode(body []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(body, []byte{0xff, 0xfe}):
		return wide(body[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(body, []byte{0xfe, 0xff}):
		return wide(body[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	head := body[:min(len(body), 8<<10)]
	odd := 0
	for _, c := range head {
		if c == 0 {
			return "", false
		}
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b {
			odd++
		}
	}
	if odd*50 > len(head) || len(body) == 0 || bytes.HasPrefix(body, []byte("%PDF")) {
		return "", false
	}
	if utf8.Valid(trimPartial(body)) {
		return string(trimPartial(body)), true
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(body)
	return string(out), err == nil && mostlyLetters(head)
}

// trimPartial leaves out a character that was cut off at the end.
func trimPartial(b []byte) []byte {
	for i := 1; i <= 3 && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// mostlyLetters tells an old text from bytes that are none.
func mostlyLetters(b []byte) bool {
	n := 0
	for _, c := range b {
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t' {
			n++
		}
	}
	return n*10 >= len(b)*7
}

func wide(b []byte, unit func([]byte) uint16) (string, bool) {
	out := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u := unit(b)
		if u == 0 {
			return "", false
		}
		out = append(out, u)
	}
	return string(utf16.Decode(out)), true
}

func looksHTML(s string) bool {
	head := strings.ToLower(strings.TrimSpace(s[:min(len(s), 512)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}
