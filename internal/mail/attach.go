package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
)

// attach keeps a part as a file; within says that it is shown within a page.
func (r *reader) attach(p *mime.Part, within bool) {
	c := p.Decode(r.b)
	a := Attachment{
		Type: p.Type, Size: c.Size, SHA256: c.SHA256, Data: c.Data, part: p,
		ContentID: field.Angle(p.Header.Get("content-id")),
	}
	a.Inline = p.Disposition == "inline" || within && p.Disposition != "attachment"
	a.Sniffed = sniff(c.Data)
	r.names++
	a.Name = safeName(r.nameOf(p))
	if a.Name == "" {
		a.Name = fmt.Sprintf("part-%d%s", r.names, extension(p.Type))
	}
	r.m.Attachments = append(r.m.Attachments, a)
}

func (r *reader) attachFile(name string, data []byte) {
	sum := sha256.Sum256(data)
	r.names++
	if name = safeName(name); name == "" {
		name = fmt.Sprintf("part-%d", r.names)
	}
	r.m.Attachments = append(r.m.Attachments, Attachment{
		Name: name, Type: "application/octet-stream", Sniffed: sniff(data), Size: int64(len(data)),
		SHA256: hex.EncodeToString(sum[:]), Data: data,
	})
}

// nameOf is the name a part gives itself, else one made from what it says about its contents.
func (r *reader) nameOf(p *mime.Part) string {
	if n := p.Name(); n != "" {
		return n
	}
	title, ext := "", extension(p.Type)
	if p.Type == "message/rfc822" && r.names <= 50 {
		body, _ := p.Prefix(embeddedHeader, r.b)
		h, _ := mime.ReadHeader(body, mime.NewBudget(Limits{Headers: 200}))
		title = mime.Words(h.Get("subject"), p.Charset())
	}
	if title == "" {
		title = mime.Words(p.Header.Get("content-description"), p.Charset())
	}
	if title == "" {
		title = path.Base(mime.Words(p.Header.Get("content-location"), ""))
		if title == "." || title == "/" || strings.ContainsAny(title, ":?&") {
			title = ""
		}
	}
	if title == "" || strings.HasSuffix(strings.ToLower(title), ext) || strings.Contains(path.Ext(title), ".") && len(path.Ext(title)) == 4 {
		return title
	}
	return strings.ReplaceAll(title, "/", "-") + ext
}

// extensions are those of types that come without a name.
var extensions = map[string]string{
	"message/rfc822": ".eml", "message/global": ".eml", "text/rfc822-headers": ".txt", "message/delivery-status": ".txt",
	"message/disposition-notification": ".txt", "message/feedback-report": ".txt", "text/plain": ".txt", "text/html": ".html",
	"text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/csv": ".csv", "image/jpeg": ".jpg",
	"image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf",
	"application/ms-tnef": ".dat", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
	"application/pkcs7-mime": ".p7m", "application/zip": ".zip", "application/pgp-encrypted": ".txt",
}

func extension(t string) string {
	if e, ok := extensions[t]; ok {
		return e
	}
	return ".bin"
}

// maxFileName is what every file system takes.
const maxFileName = 200

// safeName makes a sender's file name one that can be shown: the last element only, no control, invisible or
// direction-changing characters (attacks.md row 8). It is "" when nothing is left.
func safeName(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(c rune) rune {
		switch {
		case c == utf8.RuneError, unicode.IsControl(c), unicode.Is(unicode.Cf, c), c == 0x2028, c == 0x2029:
			return -1
		case strings.ContainsRune(`<>:"|?*`, c):
			return '_'
		}
		return c
	}, s)
	s = strings.Trim(s, " ")
	if strings.Trim(s, ".") == "" {
		return ""
	}
	if len(s) > maxFileName {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		s = strings.ToValidUTF8(s[:maxFileName-len(ext)], "") + ext
	}
	return s
}

// magic are the first bytes of the types that are worth telling.
var magic = []struct{ prefix, typ string }{
	{"\x89PNG\r\n\x1a\n", "image/png"}, {"\xff\xd8\xff", "image/jpeg"}, {"GIF87a", "image/gif"}, {"GIF89a", "image/gif"},
	{"BM", "image/bmp"}, {"II*\x00", "image/tiff"}, {"MM\x00*", "image/tiff"},
	{"%PDF-", "application/pdf"}, {"PK\x03\x04", "application/zip"}, {"PK\x05\x06", "application/zip"}, {"\x1f\x8b", "application/gzip"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"}, {"{\\rtf", "application/rtf"}, {"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{"Rar!\x1a\x07", "application/vnd.rar"}, {"MZ", "application/vnd.microsoft.portable-executable"}, {"\x7fELF", "application/x-elf"},
	{"ID3", "audio/mpeg"}, {"OggS", "application/ogg"}, {"\x78\x9f\x3e\x22", "application/ms-tnef"}, {"#!", "text/x-script"},
	{"BEGIN:VCALENDAR", "text/calendar"}, {"BEGIN:VCARD", "text/vcard"},
}

// sniff says what the first bytes are, or "".
func sniff(b []byte) string {
	head := b[:min(len(b), 512)]
	for _, m := range magic {
		if strings.HasPrefix(string(head), m.prefix) {
			return m.typ
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" {
		switch string(head[8:12]) {
		case "WEBP":
			return "image/webp"
		case "WAVE":
			return "audio/wav"
		}
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		return "video/mp4"
	}
	text := strings.ToLower(strings.TrimLeft(string(head), " \t\r\n\ufeff"))
	for _, p := range []string{"<!doctype html", "<html", "<script", "<svg", "<?xml", "<body", "<iframe"} {
		if strings.HasPrefix(text, p) {
			if p == "<svg" || p == "<?xml" {
				return "text/xml"
			}
			return "text/html"
		}
	}
	return ""
}
