package serve

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// sandboxed is the policy of what people sent in: a browser that shows it all the same runs nothing of it.
const sandboxed = "default-src 'none'; frame-ancestors 'none'; sandbox"

// Download begins the answer with a file: never shown, never run, never guessed (attacks.md rows 6, 7, 8).
func Download(w http.ResponseWriter, name, typ string, size int64) {
	h := w.Header()
	h.Set("Content-Security-Policy", sandboxed)
	h.Set("Content-Type", typ)
	h.Set("Content-Disposition", Disposition(name))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
}

// Disposition names a download (RFC 6266): in plain ASCII for old readers, and as it is (RFC 8187).
func Disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	out := mime.FormatMediaType("attachment", map[string]string{"filename": plain})
	if plain != name {
		out += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return out
}
