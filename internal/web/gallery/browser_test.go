package gallery_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"bothways/internal/web/asset"
	"bothways/internal/web/gallery"
	"bothways/test/browser/chromium"
)

// serve answers the gallery and the assets as the product does: same policy.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for _, p := range gallery.Pages("") {
		mux.HandleFunc("GET "+gallery.Prefix+p.Name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", asset.Policy)
			if err := p.View.Render(r.Context(), w); err != nil {
				t.Errorf("render %s: %v", p.Name, err)
			}
		})
	}
	mux.HandleFunc("GET "+asset.Prefix+"{name}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		b, err := fs.ReadFile(asset.FS(), name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", asset.ContentType(name))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(b)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }

// TestBrowser looks at every page of the gallery in a real browser, as
// package test/browser says. BOTHWAYS_PAGES limits it to some pages.
func TestBrowser(t *testing.T) {
	s := serve(t)
	x := chromium.Open(t, s.URL, chromium.Desktop)
	for _, pg := range gallery.Pages("") {
		if only := os.Getenv("BOTHWAYS_PAGES"); only != "" && !strings.Contains(","+only+",", ","+pg.Name+",") {
			continue
		}
		t.Run(pg.Name, func(t *testing.T) {
			for _, v := range chromium.Views {
				x.Look(v)
				x.Go(gallery.Prefix + pg.Name)
				switch {
				case v.Dark:
					x.CheckColours(t)
				case v.Phone():
					x.Fits(t) // its rules are those of the narrowest window
				default:
					x.Check(t)
				}
				shoot(x, pg.Name+"-"+v.Name)
				// What opens on demand is looked at open: menus, explanations, folds.
				if x.MustEval(`() => { const d = [...document.querySelectorAll('details:not([open])')]; for (const x of d) { x.removeAttribute('name'); x.open = true } return d.length }`).Int() > 0 && !v.Dark {
					if !v.Phone() {
						x.Check(t)
					}
					shoot(x, pg.Name+"-"+v.Name+"-open")
				}
			}
			x.Look(chromium.Narrow)
			x.Go(gallery.Prefix + pg.Name)
			x.Check(t)
			x.MustEval(`() => { for (const d of document.querySelectorAll('details:not([open])')) { d.removeAttribute('name'); d.open = true } }`)
			x.Check(t)
			x.Innocent(t)
		})
	}
}

func shoot(x *chromium.Tab, name string) {
	if strings.HasPrefix(name, "parts-desktop") {
		x.MustSetViewport(1440, 4200, 1, false) // its frame scrolls inside; show all of it
	}
	x.Shoot(name, x.Has("body.portal"))
}
