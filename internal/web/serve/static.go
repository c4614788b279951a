package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"bothways/internal/web/asset"
)

// Assets are the files of package asset, compressed once at the start.
type Assets map[string]assetFile

type assetFile struct {
	plain, zipped []byte // zipped is nil where it saves nothing
	typ, tag, url string
}

// LoadAssets reads and compresses them.
func LoadAssets() Assets {
	out := Assets{}
	entries, _ := fs.ReadDir(asset.FS(), ".") // embedded: what can't be read is not served
	for _, e := range entries {
		body, err := fs.ReadFile(asset.FS(), e.Name())
		if err != nil {
			continue
		}
		sum := sha256.Sum256(body)
		f := assetFile{plain: body, typ: asset.ContentType(e.Name()), tag: `"` + hex.EncodeToString(sum[:8]) + `"`, url: asset.URL(e.Name())}
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = z.Write(body)
		_ = z.Close()
		if b.Len() < len(body)*9/10 {
			f.zipped = b.Bytes()
		}
		out[e.Name()] = f
	}
	return out
}

// ServeHTTP answers with the file whose name is the path's {name}. Under its own digest it may be kept for a year; under another, or none, the browser asks again.
func (a Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.typ)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", f.tag)
	h.Set("Cache-Control", "public, max-age=3600")
	if r.URL.RequestURI() == f.url {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if strings.Contains(r.Header.Get("If-None-Match"), f.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.zipped != nil && TakesGzip(r) {
		body = f.zipped
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
