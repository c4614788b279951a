package serve

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bothways/internal/kit/errs"
	"bothways/internal/web/asset"
)

// TestAttack61_NextIsAPathOfOurs tries the spellings by which browsers have been led to another host.
func TestAttack61_NextIsAPathOfOurs(t *testing.T) {
	for _, s := range []string{
		"", "//evil.test", `/\evil.test`, `\\evil.test`, `\/evil.test`, "/%09/evil.test", "/\t/evil.test", "https:evil.test", "https://evil.test", "http:/evil.test", "javascript:alert(1)",
		"/%5cevil.test", "/%2f/evil.test", "/%2F%2Fevil.test", "///evil.test", "/./\\evil.test", "/../evil.test", "/..//evil.test", "evil.test", " //evil.test", "/\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie",
		"/sign-in?next=//evil.test", "/sign-out", "@evil.test", "//evil.test@desk.example", "/\x00", "/%00", "?next=/", "#/desk", strings.Repeat("/a", 2000), "/%zz",
	} {
		if got := Next(s); got != "" {
			t.Errorf("Next(%q) = %q", s, got)
		}
	}
	for s, want := range map[string]string{"/": "/", "/desk?turn=provider&q=a%2Fb": "/desk?turn=provider&q=a%2Fb", "/requests/BW-1#x": "/requests/BW-1", "/desk?q=//x": "/desk?q=//x"} {
		if got := Next(s); got != want {
			t.Errorf("Next(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestDispositionNamesAndNothingElse(t *testing.T) {
	for name, want := range map[string]string{
		"plan.txt":            `attachment; filename=plan.txt`,
		"my plan.txt":         `attachment; filename="my plan.txt"`,
		"a\"b\r\nX: y.txt":    `attachment; filename="a_b__X: y.txt"; filename*=UTF-8''a%22b%0D%0AX%3A%20y.txt`,
		"Gdańsk 100%.png":     `attachment; filename="Gda_sk 100_.png"; filename*=UTF-8''Gda%C5%84sk%20100%25.png`,
		"x; filename=evil.js": `attachment; filename="x_ filename=evil.js"; filename*=UTF-8''x%3B%20filename%3Devil.js`,
	} {
		if got := Disposition(name); got != want || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q: %s\nwant %s", name, got, want)
		}
	}
}

func TestPageIsCompressedWhenTaken(t *testing.T) {
	long := templ.Raw("<p>" + strings.Repeat("whose turn ", 1000) + "</p>")
	for accept, zipped := range map[string]bool{"": false, "gzip, br": true, "br;q=1, gzip;q=0": false, "*": true, "GZIP;q=0.5": true, "identity": false} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		if err := Page(w, r, http.StatusTeapot, long); err != nil {
			t.Fatal(err)
		}
		body := io.Reader(w.Body)
		if (w.Header().Get("Content-Encoding") == "gzip") != zipped || w.Code != http.StatusTeapot || w.Header().Get("Vary") != "Accept-Encoding, HX-Request" {
			t.Errorf("%q: %d %v", accept, w.Code, w.Header())
		}
		if zipped {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		if b, _ := io.ReadAll(body); len(b) != 11_007 {
			t.Errorf("%q: %d bytes", accept, len(b))
		}
	}
}

func TestAssetsAreKeptForAYearUnderTheirDigest(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("GET "+asset.Prefix+"{name}", LoadAssets())
	get := func(path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	a := get(asset.URL(asset.Style), "Accept-Encoding", "gzip")
	if a.Code != 200 || a.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || a.Header().Get("Content-Encoding") != "gzip" || a.Header().Get("Content-Type") != "text/css; charset=utf-8" || a.Body.Len() > 20_000 {
		t.Errorf("%d %v %d bytes", a.Code, a.Header(), a.Body.Len())
	}
	for _, path := range []string{asset.Prefix + asset.Font, asset.Prefix + asset.Style + "?v=old"} {
		if b := get(path); b.Code != 200 || strings.Contains(b.Header().Get("Cache-Control"), "immutable") || get(path, "If-None-Match", b.Header().Get("ETag")).Code != http.StatusNotModified {
			t.Errorf("%s: %d %v", path, b.Code, b.Header())
		}
	}
	for _, path := range []string{asset.Prefix + "asset.go", asset.Prefix + "..%2fasset.go"} {
		if b := get(path); b.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, b.Code)
		}
	}
}

func TestAFormKeepsItsWordsWhenItsFilesAreTooLarge(t *testing.T) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("body", "my words")
	f, _ := m.CreateFormFile("files", "big.bin")
	_, _ = f.Write(make([]byte, mostBytes+1))
	_ = m.Close()
	r := httptest.NewRequest("POST", "/", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	form, err := ReadForm(httptest.NewRecorder(), r)
	if err != nil || form.Value("body") != "my words" || !errs.Is(form.TooBig, errs.TooLarge) || len(form.Files) != 0 {
		t.Fatalf("%v %+v", err, form)
	}
	for typ, body := range map[string]string{"application/x-www-form-urlencoded": "body=" + strings.Repeat("x", MostText), "multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=body\r\n\r\nend"} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", typ)
		if _, err := ReadForm(httptest.NewRecorder(), r); err == nil || errs.KindOf(err) == errs.Internal {
			t.Errorf("%s: %v", typ, err)
		}
	}
}
