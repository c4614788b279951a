package web_test

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/web"
)

// allPages are the routes that are read.
func allPages(*scene) (out []web.Route) {
	for _, r := range web.Routes() {
		if r.Method == "GET" && r.Path != "/live" {
			out = append(out, r)
		}
	}
	return out
}

// withFile is a mail with one attachment, whose headers are as the sender wrote them.
func withFile(id int, headers, body string) []byte {
	return fmt.Appendf(nil, "Authentication-Results: mx.norvik.example; dmarc=pass header.from=norvik.example\r\nFrom: Helen Marsh <helen@norvik.example>\r\nTo: desk@norvik.example\r\nSubject: File %d\r\nMessage-ID: <file-%d@norvik.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\nContent-Type: text/plain\r\n\r\nHere.\r\n--edge\r\n%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--edge--\r\n",
		id, id, headers, base64.StdEncoding.EncodeToString([]byte(body)))
}

// fileOf is the first file of a ticket's messages.
func (w *world) fileOf(n int64) desk.File {
	w.t.Helper()
	p := must(w, func() (files []desk.File, err error) {
		l, err := w.desk.Messages(ctx, auth.SystemActor(), n, "", 0)
		for _, m := range l.Items {
			files = append(files, m.Files...)
		}
		return files, err
	})
	if len(p) != 1 {
		w.t.Fatalf("BW-%d has %d files", n, len(p))
	}
	return p[0]
}

// harmless checks that an answer is a download that no browser shows, runs or guesses about.
func harmless(t *testing.T, what string, a answer, types ...string) {
	t.Helper()
	h := a.Header()
	kind, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] == "" {
		t.Errorf("%s: Content-Disposition %q", what, h.Get("Content-Disposition"))
	}
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: policy %q, %q", what, csp, h.Get("X-Content-Type-Options"))
	}
	ok := false
	for _, typ := range types {
		ok = ok || h.Get("Content-Type") == typ
	}
	if !ok || len(h.Values("Content-Type")) != 1 {
		t.Errorf("%s: Content-Type %q", what, h.Values("Content-Type"))
	}
}

// TestAttack06_NothingUploadedIsShown: scripts in pictures, pages and documents, under every name, uploaded and by mail: each is a
// download of the type its first bytes say, and of those only the ones that hold no script.
func TestAttack06_NothingUploadedIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "Files")
	i := 0
	for typ, body := range map[string]string{
		"application/octet-stream svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream html": "<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream xml": `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
		"application/pdf": "%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj", "image/gif": "GIF89a/*" + strings.Repeat("x", 40) + "*/=alert(1)//", "image/png": "\x89PNG\r\n\x1a\n<script>alert(1)</script>", "application/octet-stream mht": "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
	} {
		want, _, _ := strings.Cut(typ, " ")
		for _, ext := range []string{"png", "svg", "html", "xhtml", "pdf", "js", "txt", "svgz", "xml", ""} {
			i++
			name := strings.TrimSuffix(fmt.Sprintf("f%d.%s", i, ext), ".")
			w.upload(&w.helen, fmt.Sprintf("/requests/BW-%d/message", n), name, body, "body", name).want(http.StatusSeeOther)
		}
		m := w.fileOf(w.arrive(withFile(i, "Content-Type: image/png; name=a.png\r\nContent-Disposition: inline; filename=a.png", body)))
		for path, as := range map[string]*person{"/desk/tickets/BW-%d/files/": &w.amara, "/requests/BW-%d/files/": &w.helen} {
			var last int64
			w.check(w.db.Read().QueryRow(ctx, "SELECT MAX(number) FROM desk_ticket").Scan(&last))
			harmless(t, typ+" by mail", w.get(as, fmt.Sprintf(path, last)+m.ID).want(http.StatusOK), want)
		}
	}
	l := must(w, func() (files []desk.File, err error) {
		p, err := w.desk.Messages(ctx, auth.SystemActor(), n, "", 200)
		for _, m := range p.Items {
			files = append(files, m.Files...)
		}
		return files, err
	})
	if len(l) != 70 {
		t.Fatalf("%d files", len(l))
	}
	for _, f := range l {
		a := w.get(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d/files/%s", n, f.ID)).want(http.StatusOK)
		want := "application/octet-stream"
		for magic, typ := range map[string]string{"%PDF": "application/pdf", "GIF89a": "image/gif", "\x89PNG": "image/png"} {
			if strings.HasPrefix(a.Body.String(), magic) {
				want = typ
			}
		}
		harmless(t, f.Name, a, want)
	}
	if w.get(&w.amara, fmt.Sprintf("/desk/tickets/BW-%d", n)).doc().Find("img, object, embed, iframe").Length() != 0 {
		t.Error("a file is shown in the page")
	}
}

// TestAttack07_TheSendersTypeIsNotEchoed: no type that a mail names reaches an answer: neither a line more, nor a character set, nor 4 kB.
func TestAttack07_TheSendersTypeIsNotEchoed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, typ := range []string{"text/html", "text/html; charset=utf-7", "text/html\r\n X: y", "text/html; x=\"a\r\n b\"", "image/svg+xml", "application/xhtml+xml", strings.Repeat("x/", 2000), "text/html\nSet-Cookie: a=b", "multipart/x-mixed-replace; boundary=x", "=?utf-8?B?dGV4dC9odG1s?="} {
		n := w.arrive(withFile(100+i, "Content-Type: "+typ+"\r\nContent-Disposition: attachment; filename=a.bin", "<script>alert(1)</script>"))
		a := w.get(&w.helen, fmt.Sprintf("/requests/BW-%d/files/%s", n, w.fileOf(n).ID)).want(http.StatusOK)
		harmless(t, fmt.Sprintf("%.40q", typ), a, "application/octet-stream")
		if a.Header().Get("X") != "" || a.Header().Get("Set-Cookie") != "" {
			t.Errorf("%.40q: %v", typ, a.Header())
		}
	}
}

// TestAttack08_AFileNameIsDataAndNothingElse: traversal, directions, invisible and control characters, 4 kB, nothing:
// the download has one plain name, one header line, and no place is chosen by it.
func TestAttack08_AFileNameIsDataAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, name := range []string{"../../etc/passwd", `..\..\x`, "/etc/cron.d/x", `C:\boot.ini`, ".htaccess", "\u200b.htaccess", "invoice\u202egpj.exe", "a\x00.png", "CON", "nul.txt", strings.Repeat("n", 4096) + ".txt", "", "...", "a\r\nSet-Cookie: x=y", "\ufeff", "a\u2028b.txt", "x; filename=evil.js", `"`} {
		n := w.arrive(withFile(200+i, "Content-Type: application/x-y\r\nContent-Disposition: attachment; filename*=utf-8''"+percent(name), "body"))
		a := w.get(&w.helen, fmt.Sprintf("/requests/BW-%d/files/%s", n, w.fileOf(n).ID)).want(http.StatusOK)
		harmless(t, fmt.Sprintf("%.20q", name), a, "application/octet-stream")
		_, params, _ := mime.ParseMediaType(a.Header().Get("Content-Disposition"))
		got := params["filename"]
		if strings.ContainsAny(got, "/\\\r\n\x00") || strings.ContainsAny(got, "\u200b\u202e\ufeff\u2028") || len(got) > 255 || a.Header().Get("Set-Cookie") != "" {
			t.Errorf("%.40q became %.60q", name, got)
		}
	}
}

func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// TestAttack11_NothingIsLoadedFromElsewhere: what mails name on other servers is a link at most, and the policy of every page names
// no origin but ours for anything that is loaded.
func TestAttack11_NothingIsLoadedFromElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, v := range []string{
		`<img src="//evil.test/a.png">`, `<img src="https://evil.test/b.png" width=1 height=1>`, `<link rel=stylesheet href="https://evil.test/c.css">`, `<style>@import url(https://evil.test/d.css); p{background:url(//evil.test/e.png)}</style>`, `<video poster="https://evil.test/f.png"></video>`,
		`<img srcset="https://evil.test/g.png 1x">`, `<p style="background:url(https://evil.test/h.png)">x</p>`, `![x](https://evil.test/i.png)`, `<svg><image href="https://evil.test/j.png"/></svg>`, `<input type=image src="https://evil.test/k.png">`, `<link rel=dns-prefetch href=//evil.test>`, `<a href="https://evil.test" ping="https://evil.test/l">x</a>`,
		`&lt;img src="https://evil.test/m.png"&gt;`, `&lt;link rel=stylesheet href="https://evil.test/n.css"&gt;`,
	} {
		n := w.arrive(htmlMail(300+i, v))
		for path, as := range map[string]*person{"/desk/tickets/BW-%d": &w.amara, "/requests/BW-%d": &w.helen} {
			a := w.get(as, fmt.Sprintf(path, n)).want(http.StatusOK)
			inert(t, v, a)
			for _, part := range strings.Split(a.Header().Get("Content-Security-Policy"), ";") {
				name, sources, _ := strings.Cut(strings.TrimSpace(part), " ")
				for _, src := range strings.Fields(sources) {
					if src != "'self'" && src != "'none'" && src != "data:" {
						t.Errorf("%s may load from %s", name, src)
					}
				}
			}
			for _, l := range a.doc().Find("a[href*='evil.test']").Nodes {
				rel := ""
				for _, at := range l.Attr {
					if at.Key == "rel" {
						rel = at.Val
					}
				}
				if !strings.Contains(rel, "noreferrer") || !strings.Contains(rel, "nofollow") {
					t.Errorf("%s: a link with rel %q", v, rel)
				}
			}
		}
	}
}
