package mime

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

// Open reads the decoded contents of a part from the mail itself, whatever their size. Texts that were sent as lines have
// LF line ends: CR LF is how lines travel (RFC 2045 section 2.7), not what was in the file.
func (p *Part) Open() io.Reader { return bufio.NewReader(p.open()) }

// open is Open for callers that read in large pieces.
func (p *Part) open() io.Reader {
	r, _ := newDecoder(p.Encoding, p.Body)
	if p.lines() {
		return &lineReader{r: r}
	}
	return r
}

// lines says whether the part is certainly a text that travelled as lines: sent without an encoding that keeps line ends,
// and ASCII throughout. Anything else is kept byte for byte.
func (p *Part) lines() bool {
	switch {
	case p.Encoding == "base64" || p.Encoding == "binary" || !isASCII(p.Body) || bytes.IndexByte(p.Body, 0) >= 0:
		return false
	case p.Encoding == "quoted-printable":
		return (strings.HasPrefix(p.Type, "text/") || strings.HasPrefix(p.Type, "message/")) && !highEscape(p.Body)
	}
	return plain(p.Encoding)
}

// highEscape says whether quoted-printable has a byte above ASCII in it.
func highEscape(b []byte) bool {
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '=' && isHex(b[i+1]) && isHex(b[i+2]) && unhex(b[i+1]) >= 8 {
			return true
		}
	}
	return false
}

// lineReader turns CR LF into LF.
type lineReader struct {
	r  io.Reader
	cr bool // a CR was read and not yet given on
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(p) < 64 {
		return 0, io.ErrShortBuffer
	}
	start := 0
	if l.cr {
		p[0], start, l.cr = '\r', 1, false
	}
	n, err := l.r.Read(p[start:])
	n += start
	out := 0
	for i := 0; i < n; i++ {
		if p[i] == '\r' {
			if i+1 == n && err == nil {
				l.cr = true
				break
			}
			if i+1 < n && p[i+1] == '\n' {
				continue
			}
		}
		p[out] = p[i]
		out++
	}
	return out, err
}

// Content is a decoded part.
type Content struct {
	Data   []byte // nil when the budget did not allow it; Open still reads it
	Size   int64
	SHA256 string
}

// Decode reads a part: always its size and digest, and its bytes as far as the budget goes.
func (p *Part) Decode(b *Budget) Content {
	if _, known := newDecoder(p.Encoding, nil); !known {
		b.Problem("the transfer encoding %s is unknown; its bytes were kept as they are", quote(p.Encoding))
	}
	if plain(p.Encoding) && (!p.lines() || !bytes.Contains(p.Body, []byte("\r\n"))) {
		sum := sha256.Sum256(p.Body)
		return Content{Data: p.Body, Size: int64(len(p.Body)), SHA256: hex.EncodeToString(sum[:])}
	}
	if b.Late() {
		return Content{Size: int64(len(p.Body))}
	}
	size := len(p.Body)
	if p.Encoding == "base64" {
		size = size/4*3 + 3
	}
	h := sha256.New()
	if !b.Take(size) {
		b.Problem("a file is too large to be kept in memory; it is in the original")
		n, _ := io.Copy(h, p.open())
		return Content{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}
	}
	data := make([]byte, 0, size)
	data = readUpTo(data, p.open(), size+8)
	h.Write(data)
	return Content{Data: data, Size: int64(len(data)), SHA256: hex.EncodeToString(h.Sum(nil))}
}

// Prefix decodes at most n bytes of the part; cut says that there is more.
func (p *Part) Prefix(n int, b *Budget) (data []byte, cut bool) {
	if plain(p.Encoding) {
		if len(p.Body) > n {
			return p.Body[:n], true
		}
		return p.Body, false
	}
	size := min(n, len(p.Body))
	if !b.Take(size) {
		b.Problem("a text is too large to be read; it is in the original")
		return nil, true
	}
	data = readUpTo(make([]byte, 0, size+512), p.open(), n)
	return data[:min(len(data), n)], len(data) >= n
}

func plain(encoding string) bool {
	switch encoding {
	case "", "7bit", "8bit", "binary":
		return true
	}
	_, known := newDecoder(encoding, nil)
	return !known
}

// readUpTo is io.ReadAll into a slice that was sized beforehand; it stops when there are limit bytes or a few more.
func readUpTo(dst []byte, r io.Reader, limit int) []byte {
	for len(dst) < limit {
		if cap(dst)-len(dst) < 64 {
			dst = append(dst, make([]byte, 512)...)[:len(dst)]
		}
		n, err := r.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if err != nil {
			return dst
		}
	}
	return dst
}
