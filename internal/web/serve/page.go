package serve

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"bothways/internal/web/asset"
)

// Headers sets what every answer carries. secure is for installations that are opened over https.
func Headers(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", asset.Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// mostKept is the largest buffer that is kept for the next page.
const mostKept = 1 << 20

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level that exists: cannot fail
	return z
}}

// worthZipping is the size from which compressing costs less than sending.
const worthZipping = 1200

// Page writes a page, compressed when the browser takes it. Nothing is sent before the whole of it is there: when it can't be
// drawn, the error is returned and another page can be written.
func Page(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= mostKept {
			b.Reset()
			buffers.Put(b)
		}
	}()
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding, HX-Request") // a part of a page has the page's address
	if b.Len() < worthZipping || !TakesGzip(r) {
		h.Set("Content-Length", strconv.Itoa(b.Len()))
		w.WriteHeader(status)
		_, _ = w.Write(b.Bytes())
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := zippers.Get().(*gzip.Writer)
	z.Reset(w)
	_, _ = z.Write(b.Bytes())
	_ = z.Close()
	zippers.Put(z)
	return nil
}

// JSON writes an answer for a script of ours.
func JSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // cannot happen: they are structs of strings
		status, b = http.StatusInternalServerError, []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// WantsJSON says whether a script asks, which draws the answer itself.
func WantsJSON(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

// TakesGzip says whether the browser reads gzip (RFC 9110 §12.5.3).
func TakesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "gzip" || name == "*" {
			weight, ok := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q=")
			if n, err := strconv.ParseFloat(weight, 64); !ok || err != nil || n > 0 {
				return true
			}
		}
	}
	return false
}
