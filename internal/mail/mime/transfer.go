package mime

import (
	"bytes"
	"io"
	"strings"
)

// newDecoder undoes a content transfer encoding while it is read; known is false for one nobody knows, whose bytes are
// then given as they are.
func newDecoder(encoding string, src []byte) (r io.Reader, known bool) {
	switch encoding {
	case "base64":
		return &base64Decoder{src: src}, true
	case "quoted-printable":
		return &qpDecoder{src: src}, true
	case "x-uuencode", "x-uue", "uuencode", "uue":
		if _, body, _, ok := findUU(src); ok {
			return &uuDecoder{src: body}, true
		}
		return bytes.NewReader(src), true
	case "", "7bit", "8bit", "binary":
		return bytes.NewReader(src), true
	}
	return bytes.NewReader(src), false
}

// encodingName tidies "Content-Transfer-Encoding: Base64 (comment)".
func encodingName(v string) string {
	v = strings.ToLower(strings.Trim(v, " \t\"';"))
	if i := strings.IndexAny(v, " \t;("); i >= 0 {
		v = v[:i]
	}
	switch v {
	case "7-bit", "8-bit", "8bits", "7bits", "none", "us-ascii", "7bit,", "8bit,":
		return "8bit"
	case "quoted_printable", "quotedprintable", "quoted-printible":
		return "quoted-printable"
	case "base-64", "b64":
		return "base64"
	}
	return v
}

// base64Decoder skips what is no base64, goes on after padding in mid-text (joined attachments) and stops at a line of
// plain text after it (footers that lists append).
type base64Decoder struct {
	src    []byte
	acc    uint32
	have   int
	padded bool
}

func (d *base64Decoder) Read(p []byte) (int, error) {
	if len(p) < 3 {
		return 0, io.ErrShortBuffer
	}
	n := 0
	for n+3 <= len(p) {
		for d.have < 4 && len(d.src) > 0 {
			c := d.src[0]
			d.src = d.src[1:]
			v := b64value[c]
			switch {
			case v < 64:
				d.acc = d.acc<<6 | uint32(v)
				d.have++
				d.padded = false
			case c == '=':
				n += d.flush(p[n:])
				d.padded = true
			case c == '\n' && d.padded:
				if !base64Line(d.src) {
					d.src = nil
				}
			}
			if n+3 > len(p) {
				return n, nil
			}
		}
		if d.have < 4 {
			n += d.flush(p[n:])
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		p[n], p[n+1], p[n+2] = byte(d.acc>>16), byte(d.acc>>8), byte(d.acc)
		n += 3
		d.acc, d.have = 0, 0
	}
	return n, nil
}

// flush writes what an unfinished group of four still holds.
func (d *base64Decoder) flush(p []byte) int {
	n := 0
	switch d.have {
	case 2:
		p[0] = byte(d.acc >> 4)
		n = 1
	case 3:
		p[0], p[1] = byte(d.acc>>10), byte(d.acc>>2)
		n = 2
	}
	d.acc, d.have = 0, 0
	return n
}

func base64Line(b []byte) bool {
	line, _ := nextLine(b, 0)
	line = bytes.TrimRight(bytes.TrimSpace(line), "=")
	for _, c := range line {
		if b64value[c] > 63 {
			return false
		}
	}
	return true
}

var b64value = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	return t
}()

// qpDecoder reads quoted-printable; what is no valid escape is taken literally.
type qpDecoder struct {
	src []byte
	out []byte // decoded and not yet handed over
}

func (d *qpDecoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 {
		if len(d.src) == 0 {
			return 0, io.EOF
		}
		const chunk = 16 << 10 // one line at a time, and a line without an end in pieces
		end, eol := len(d.src), 0
		if i := bytes.IndexByte(d.src[:min(len(d.src), chunk)], '\n'); i >= 0 {
			end, eol = i, 1
			if i > 0 && d.src[i-1] == '\r' {
				end, eol = i-1, 2
			}
		} else if end > chunk {
			end = chunk
			for end > chunk-3 && bytes.IndexByte(d.src[end-2:end], '=') >= 0 {
				end--
			}
		}
		d.out = qpLine(d.src[:end], d.src[end:end+eol])
		d.src = d.src[end+eol:]
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

func qpLine(line, eol []byte) []byte {
	if len(eol) > 0 {
		line = bytes.TrimRight(line, " \t") // added on the way: RFC 2045 6.7 rule 3
	}
	out := make([]byte, 0, len(line)+len(eol))
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c != '=' {
			out = append(out, c)
			continue
		}
		if i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
			out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
			i += 2
			continue
		}
		if len(bytes.TrimSpace(line[i+1:])) == 0 { // soft line end
			return out
		}
		out = append(out, c)
	}
	return append(out, eol...)
}
