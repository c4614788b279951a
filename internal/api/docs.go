package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"bothways/internal/api/paper"
)

// reference serves the specification and the page made of it. Both are public: they say what could be asked, nothing of what is
// there. The page needs no script and nothing from elsewhere.
func (h *Handler) reference(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.refuse(w, r, &problem{
			Type: urn + "method-not-allowed", Title: http.StatusText(http.StatusMethodNotAllowed), Status: http.StatusMethodNotAllowed,
			Detail: "This address does not take that method. It takes: GET.", header: http.Header{"Allow": {http.MethodGet}},
		})
		return
	}
	var err error
	h.paper.once.Do(func() {
		h.paper.spec, err = json.Marshal(h.api.OpenAPI())
		h.paper.page = []byte(paper.Page(h.api.OpenAPI(), specPath))
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	head := w.Header()
	head.Set("Cache-Control", "no-cache")
	if r.URL.Path == specPath {
		head.Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(h.paper.spec)
		return
	}
	sum := sha256.Sum256([]byte(paper.Style))
	head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	head.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(h.paper.page)
}
