package gallery_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/web/asset"
	"bothways/internal/web/gallery"
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

func browser(t *testing.T) *rod.Browser {
	t.Helper()
	bin, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("a browser is needed with CI=true: install chromium")
		}
		t.Skip("no chromium on this machine: install it to look at the pages in a browser")
	}
	l := launcher.New().Bin(bin).NoSandbox(true).Leakless(false).Set("disable-background-networking").Set("hide-scrollbars").Set("force-prefers-reduced-motion")
	u, err := l.Launch()
	if err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	b := rod.New().ControlURL(u)
	if err := b.Connect(); err != nil {
		t.Fatalf("connect to chromium: %v", err)
	}
	t.Cleanup(func() { _ = b.Close(); l.Kill(); l.Cleanup() })
	return b
}

type view struct {
	width, height int
	dark          bool
	name          string
}

var views = []view{{1440, 900, false, "desktop-light"}, {1440, 900, true, "desktop-dark"}, {390, 844, false, "phone-light"}, {390, 844, true, "phone-dark"}}

func open(t *testing.T, b *rod.Browser, url string, v view) *rod.Page {
	t.Helper()
	p := b.MustPage("").Timeout(60 * time.Second)
	p.MustSetViewport(v.width, v.height, 1, v.width < 500)
	scheme := "light"
	if v.dark {
		scheme = "dark"
	}
	if err := (proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}).Call(p); err != nil {
		t.Fatal(err)
	}
	p.MustEvalOnNewDocument(`addEventListener('securitypolicyviolation', e => { (window.__csp ||= []).push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample) })`)
	p.MustNavigate(url).MustWaitLoad()
	return p
}

// TestBrowser looks at every page of the gallery in a real browser. It runs
// when BOTHWAYS_BROWSER is set, because it takes a minute. BOTHWAYS_AXE names a
// copy of axe.min.js; BOTHWAYS_SHOTS a folder for pictures; BOTHWAYS_PAGES
// limits it to some pages.
func TestBrowser(t *testing.T) {
	if os.Getenv("BOTHWAYS_BROWSER") == "" {
		t.Skip("set BOTHWAYS_BROWSER=1 to look at the pages in a browser")
	}
	var axe string
	if f := os.Getenv("BOTHWAYS_AXE"); f != "" {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(src)
	}
	s, b := serve(t), browser(t)
	for _, pg := range gallery.Pages("") {
		if only := os.Getenv("BOTHWAYS_PAGES"); only != "" && !strings.Contains(","+only+",", ","+pg.Name+",") {
			continue
		}
		for _, v := range views {
			t.Run(pg.Name+"/"+v.name, func(t *testing.T) {
				p := open(t, b, s.URL+gallery.Prefix+pg.Name, v)
				defer p.MustClose()
				check(t, p, axe)
				shoot(t, p, pg.Name+"-"+v.name)
				// What opens on demand is looked at open: menus, explanations, folds.
				if p.MustEval(`() => { const d = [...document.querySelectorAll('details:not([open])')]; for (const x of d) { x.removeAttribute('name'); x.open = true } return d.length }`).Int() > 0 && !v.dark {
					check(t, p, axe)
					shoot(t, p, pg.Name+"-"+v.name+"-open")
				}
			})
		}
		t.Run(pg.Name+"/reflow", func(t *testing.T) {
			p := open(t, b, s.URL+gallery.Prefix+pg.Name, view{320, 640, false, ""})
			defer p.MustClose()
			if w := p.MustEval(`() => document.scrollingElement.scrollWidth`).Int(); w > 320 {
				wide := p.MustEval(`() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 320.5).slice(0, 6).map(e => e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + Math.round(e.getBoundingClientRect().right)).join('; ')`).Str()
				t.Errorf("scrolls sideways at 320 px: %d px wide: %s", w, wide)
			}
			if over := p.MustEval(`() => { const m = document.querySelector('main'); return m.scrollWidth - m.clientWidth }`).Int(); over > 0 {
				t.Errorf("main scrolls sideways at 320 px by %d px", over)
			}
		})
	}
}

func check(t *testing.T, p *rod.Page, axe string) {
	t.Helper()
	if v := p.MustEval(`() => (window.__csp || []).join('\n')`).Str(); v != "" {
		t.Errorf("content security policy: %s", v)
	}
	if ids := p.MustEval(`() => { const n = {}; for (const e of document.querySelectorAll('[id]')) n[e.id] = (n[e.id] || 0) + 1; return Object.keys(n).filter(k => n[k] > 1).join(' ') }`).Str(); ids != "" {
		t.Errorf("ids used twice: %s", ids)
	}
	if dangling := p.MustEval(`() => [...document.querySelectorAll('[aria-labelledby],[aria-describedby],label[for],a[href^="#"]')].flatMap(e => (e.getAttribute('aria-labelledby') || '').split(' ').concat((e.getAttribute('aria-describedby') || '').split(' '), e.htmlFor || '', (e.getAttribute('href') || '').startsWith('#') ? e.getAttribute('href').slice(1) : '')).filter(i => i && !document.getElementById(i)).join(' ')`).Str(); dangling != "" {
		t.Errorf("names of nothing: %s", dangling)
	}
	if axe == "" {
		return
	}
	// The debugger may evaluate what the page's policy forbids the page.
	if _, err := p.Eval(`src => { (0, eval)(src); return 0 }`, axe); err != nil {
		t.Fatalf("load axe: %v", err)
	}
	raw := p.MustEval(`() => axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' | ' + (n.any[0]?.message || n.failureSummary || '').slice(0, 200))}))))`).Str()
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("axe %s: %s\n  %s", f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
	}
}

func shoot(t *testing.T, p *rod.Page, name string) {
	t.Helper()
	dir := os.Getenv("BOTHWAYS_SHOTS")
	if dir == "" {
		return
	}
	if strings.HasPrefix(name, "parts-desktop") {
		p.MustSetViewport(1440, 4200, 1, false) // its frame scrolls inside; show all of it
	}
	full := strings.HasPrefix(p.MustEval(`() => document.body.className`).Str(), "portal")
	img, err := p.Screenshot(full, &proto.PageCaptureScreenshot{Format: proto.PageCaptureScreenshotFormatPng})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), img, 0o644); err != nil {
		t.Fatal(err)
	}
}
