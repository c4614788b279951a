package browser

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

// hostile is a mail of a known customer that tries the same thing everywhere: as name, as subject, as HTML, as the name and the
// content of a file. Its sender is proven, so that nothing is held back.
func hostile(i int, payload string) []byte {
	var b bytes.Buffer
	word := func(s string) string { return mime.BEncoding.Encode("utf-8", s) }
	fmt.Fprintf(&b, "Authentication-Results: mx.norvik-it.example; dmarc=pass header.from=norvik.example\r\nFrom: %s <%s>\r\nTo: <desk@norvik-it.example>\r\n", word(payload), helen)
	fmt.Fprintf(&b, "Subject: %s\r\nDate: %s\r\nMessage-ID: <attack-%d@norvik.example>\r\nMIME-Version: 1.0\r\n", word(payload), tuesday.Format("Mon, 02 Jan 2006 15:04:05 -0700"), i)
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	b64(&b, "<html><head><title>"+payload+"</title></head><body><p>Before it.</p>\r\n"+payload+"\r\n<p>After it.</p></body></html>")
	fmt.Fprintf(&b, "--edge\r\nContent-Type: image/svg+xml\r\nContent-Disposition: attachment; filename*=utf-8''%s\r\nContent-Transfer-Encoding: base64\r\n\r\n", escaped(payload+".svg"))
	b64(&b, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('file')"><script>alert('file')</script></svg>`)
	b.WriteString("--edge--\r\n")
	return b.Bytes()
}

func b64(b *bytes.Buffer, s string) {
	for s := base64.StdEncoding.EncodeToString([]byte(s)); s != ""; {
		n := min(76, len(s))
		b.WriteString(s[:n] + "\r\n")
		s = s[n:]
	}
}

// escaped is the form of RFC 2231.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// intruders names everything in a page that a sender could have put there and no page of ours has.
const intruders = `() => {
	const out = []
	const say = e => out.push(e.outerHTML.slice(0, 120))
	for (const e of document.querySelectorAll('*')) {
		const tag = e.tagName.toLowerCase()
		if (tag === 'template' && /^t-[a-z]+$/.test(e.id) && !e.closest('.msg, .note, .prose')) continue // the composer's own parts, outside all that was said
		if (['iframe', 'frame', 'object', 'embed', 'applet', 'base', 'style', 'img', 'image', 'picture', 'source', 'video', 'audio', 'math', 'foreignobject', 'animate', 'set', 'template', 'noscript', 'marquee', 'xmp', 'plaintext', 'isindex', 'portal', 'x'].includes(tag)) say(e)
		if (tag === 'script' && !(e.getAttribute('src') || '').startsWith('/web/')) say(e)
		if (tag === 'link' && !(e.getAttribute('href') || '').startsWith('/web/')) say(e)
		if (tag === 'meta' && e.hasAttribute('http-equiv')) say(e)
		if (tag === 'form' && new URL(e.getAttribute('action'), location).origin !== location.origin) say(e)
		for (const a of e.attributes) {
			const v = a.value.replace(/[\u0000-\u0020]/g, '').toLowerCase()
			if (a.name.startsWith('on') || ['style', 'srcdoc', 'srcset', 'poster', 'background', 'formaction', 'ping'].includes(a.name)) say(e)
			if (['href', 'xlink:href', 'src', 'action', 'data'].includes(a.name) && /^(javascript|vbscript|data):/.test(v)) say(e)
		}
	}
	for (const id of ['forms', 'root', 'location', 'x']) if (document.getElementById(id)) out.push('#' + id)
	if (document.querySelectorAll('#main').length !== 1) out.push('#main')
	return out.join('\n')
}`

// TestAttack01_StoredXSS opens what hostile mails, replies and notes became, as agent and as customer: no dialog, no report of
// the policy, no request that leaves the origin, nothing in the page that a sender put there; the words are shown as words.
func TestAttack01_StoredXSS(t *testing.T) {
	w := newWorld(t)
	personID, err := w.app.People.SignInID(ctx, amara)
	if err != nil {
		t.Fatal(err)
	}
	agent, err := w.app.People.ActorOf(ctx, personID)
	if err != nil {
		t.Fatal(err)
	}
	agent.Channel = "desk"
	refs := make([]string, len(payloads))
	for i, p := range payloads {
		w.post(helen, hostile(i, p))
		refs[i] = w.newest()
		n := w.ticket(refs[i]).Number
		if _, err := w.app.Desk.Speak(ctx, agent, desk.SpeakInput{Number: n, Body: p, Question: &desk.QuestionInput{Need: p}}); err != nil {
			t.Fatalf("%q: %v", p, err)
		}
		if _, err := w.app.Desk.AddNote(ctx, agent, desk.NoteInput{Number: n, Body: p}); err != nil {
			t.Fatalf("%q: %v", p, err)
		}
		if err := w.app.Jobs.RunDue(ctx); err != nil {
			t.Fatal(err)
		}
	}
	it, you := w.tab(amara, chromium.Desktop), w.tab(helen, chromium.Desktop)
	look := func(x *chromium.Tab, path string) {
		t.Helper()
		x.Go(path)
		if got := x.MustEval(intruders).Str(); got != "" {
			t.Errorf("%s has\n%s", path, got)
		}
	}
	for i, p := range payloads {
		look(it, "/desk/tickets/"+refs[i])
		shown(t, it, p)
		look(you, "/requests/"+refs[i])
		shown(t, you, p)
		if t.Failed() {
			t.Errorf("that was payload %d: %q", i, p)
		}
	}
	for _, path := range []string{"/desk", "/desk?q=script", "/desk?turn=customer", "/desk?requester=" + w.ticket(refs[0]).RequesterID, "/desk?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"} {
		look(it, path)
	}
	for _, path := range []string{"/", "/requests", "/inbox", "/requests/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/sign-in?next=javascript:alert(1)"} {
		look(you, path)
	}
	you.Go("/inbox")
	for _, href := range you.MustEval(`() => [...document.querySelectorAll('.reqrow')].slice(0, 12).map(a => a.getAttribute('href'))`).Arr() {
		look(you, href.Str())
	}
}

// shown fails the test when a subject is not shown as it was sent.
func shown(t *testing.T, x *chromium.Tab, payload string) {
	t.Helper()
	for _, c := range payload {
		if c < ' ' {
			return // control characters are taken out, on purpose
		}
	}
	if got := x.MustEval(`() => document.querySelector('h1').textContent.trim()`).Str(); got != payload {
		t.Errorf("the subject %q is shown as %q", payload, got)
	}
}

// newest is the number of the ticket that came last.
func (w *world) newest() string {
	w.t.Helper()
	rows, err := w.app.Desk.List(ctx, auth.SystemActor(), desk.Filter{}, "", 1)
	if err != nil || len(rows.Items) == 0 {
		w.t.Fatalf("no ticket: %v", err)
	}
	return rows.Items[0].Ref()
}
