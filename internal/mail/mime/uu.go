package mime

import (
	"bytes"
	"io"
)

// findUU finds a uuencoded file in b: "begin 644 name" up to "end". It gives the name, the encoded lines and where the
// whole block begins and ends.
func findUU(b []byte) (name string, body []byte, at [2]int, ok bool) {
	from := 0
	for {
		i := bytes.Index(b[from:], []byte("begin "))
		if i < 0 {
			return "", nil, at, false
		}
		i += from
		from = i + 6
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, next := nextLine(b, i)
		mode, file, found := bytes.Cut(line[6:], []byte(" "))
		if !found || len(mode) < 3 || len(mode) > 4 || !isOctal(mode) || !uuLine(b, next) {
			continue
		}
		end, stop := len(b), len(b)
		if e := bytes.Index(b[next:], []byte("\nend")); e >= 0 {
			end = next + e + 1
			_, stop = nextLine(b, end)
		}
		return string(bytes.TrimSpace(file)), b[next:end], [2]int{i, stop}, true
	}
}

func isOctal(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '7' {
			return false
		}
	}
	return true
}

// uuLine says whether the line at pos has the length that its first byte claims.
func uuLine(b []byte, pos int) bool {
	line, _ := nextLine(b, pos)
	if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
		return false
	}
	want := 1 + (int((line[0]-' ')&63)+2)/3*4
	return len(line) >= want-3 && len(line) <= want+2
}

// uuDecoder reads the lines between begin and end.
type uuDecoder struct {
	src []byte
	out []byte
}

func (d *uuDecoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 {
		if len(d.src) == 0 {
			return 0, io.EOF
		}
		line, next := nextLine(d.src, 0)
		d.src = d.src[next:]
		if len(line) < 2 {
			continue
		}
		n := int((line[0] - ' ') & 63)
		out := make([]byte, 0, n+3)
		for i := 1; i < len(line) && len(out) < n; i += 4 {
			var g [4]byte
			for k := range g {
				if i+k < len(line) {
					g[k] = (line[i+k] - ' ') & 63
				}
			}
			out = append(out, g[0]<<2|g[1]>>4, g[1]<<4|g[2]>>2, g[2]<<6|g[3])
		}
		d.out = out[:min(n, len(out))]
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// UUFile is a file that somebody pasted into a text the way it was done before MIME.
type UUFile struct {
	Name string
	Data []byte
}

// CutUU takes the uuencoded files out of a text, at most limit of them.
func CutUU(text []byte, limit int, b *Budget) ([]byte, []UUFile) {
	var files []UUFile
	var kept []byte
	for len(files) < limit {
		name, body, at, ok := findUU(text)
		if !ok || !b.Take(len(body)) {
			break
		}
		data, _ := io.ReadAll(&uuDecoder{src: body})
		files = append(files, UUFile{Name: Words(name, ""), Data: data})
		kept = append(kept, text[:at[0]]...)
		text = text[at[1]:]
	}
	if len(files) == 0 {
		return text, nil
	}
	return append(kept, text...), files
}
