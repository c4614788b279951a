package prose

import "strings"

// Unflow joins the soft line ends of format=flowed text (RFC 3676); delsp drops the blank that marked them.
func Unflow(text string, delsp bool) string {
	out := make([]byte, 0, len(text))
	soft, depth := false, 0
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		body := strings.TrimPrefix(line[d:], " ") // stuffed
		if soft && d == depth && body != "-- " {
			out = append(out, body...)
		} else {
			if len(out) > 0 {
				out = append(out, '\n')
			}
			if d > 0 {
				out = append(append(out, line[:d]...), ' ')
			}
			out = append(out, body...)
		}
		soft, depth = strings.HasSuffix(body, " ") && body != "-- ", d
		if soft && delsp {
			out = out[:len(out)-1]
		}
	}
	return string(out)
}
