package app_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
	"bothways/internal/web"
)

const secretWord = "correct horse battery staple 9"

// agentOf makes an agent with a password, signed in.
func agentOf(t *testing.T, a *app.App) (actor auth.Actor, session, token string) {
	t.Helper()
	who, err := a.People.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: "Amara", Address: "amara@it.example", Verified: true, OrgID: mustBase(t, a).Provider.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.People.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: who.ID, Role: auth.Agent, Scope: auth.Everywhere}); err != nil {
		t.Fatal(err)
	}
	if err := a.Auth.SetPassword(ctx, auth.SystemActor(), who.ID, secretWord); err != nil {
		t.Fatal(err)
	}
	if session, err = a.Auth.SignIn(ctx, auth.Credentials{PersonID: who.ID, Account: "amara@it.example", Password: secretWord, IP: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if token, _, err = a.Auth.CreateToken(ctx, auth.SystemActor(), who.ID, "t", nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if actor, err = a.People.ActorOf(ctx, who.ID); err != nil {
		t.Fatal(err)
	}
	return actor, session, token
}

// TestAttack60_TheRunningServerAnswersItsOwnPagesAlone: over the wire, an unsafe request is refused with 403 when the browser says
// that it comes from elsewhere in any way, and taken from a page of the server; reading goes through and changes nothing.
func TestAttack60_TheRunningServerAnswersItsOwnPagesAlone(t *testing.T) {
	a := start(t, settings(t))
	defer func() { _ = a.Stop() }()
	_, session, token := agentOf(t, a)
	own := "http://" + a.Addr()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	events := func() (n int) {
		if err := a.DB.Read().QueryRow(ctx, "SELECT (SELECT COUNT(*) FROM event_entry) + (SELECT COUNT(*) FROM desk_ticket) + (SELECT COUNT(*) FROM audit_entry)").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	send := func(method, path, typ, body string, cookie bool, head map[string]string) int {
		t.Helper()
		r, err := http.NewRequest(method, own+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if typ != "" {
			r.Header.Set("Content-Type", typ)
		}
		if cookie {
			r.AddCookie(web.SessionCookie("http://desk.example", session))
		}
		for k, v := range head {
			r.Header.Set(k, v)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		return res.StatusCode
	}
	const form = "application/x-www-form-urlencoded"
	foreign := map[string]map[string]string{
		"cross-site": {"Sec-Fetch-Site": "cross-site"}, "same-site": {"Sec-Fetch-Site": "same-site"}, "unknown site": {"Sec-Fetch-Site": "elsewhere"}, "evil origin": {"Origin": "https://evil.test"}, "null origin": {"Origin": "null"},
		"sibling": {"Origin": "http://x.desk.example"}, "other scheme": {"Sec-Fetch-Site": "cross-site", "Origin": "https://desk.example"}, "other port": {"Origin": "http://desk.example:81"}, "cross-site with evil origin": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
		"same-site that names us in its referer": {"Sec-Fetch-Site": "same-site", "Referer": own + "/"}, "method override": {"Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "GET"},
	}
	routes := map[string]string{"/sign-in": "email=amara%40it.example&password=x", "/sign-out": "", "/sign-in/as": "who=x", "/requests": "subject=x&body=x", "/desk/tickets": "subject=x&requester=helen%40x.example&body=x", "/desk/log": "what=x", "/profile": "x=y", "/no/such/page": ""}
	before := events()
	for name, head := range foreign {
		for path, body := range routes {
			for _, typ := range []string{form, "text/plain", "multipart/form-data; boundary=x", "application/json", ""} {
				if code := send(http.MethodPost, path, typ, body, true, head); code != http.StatusForbidden {
					t.Errorf("POST %s (%s) from %s: %d", path, typ, name, code)
				}
			}
		}
		if code := send(http.MethodPost, "/api/v1/tickets", "text/plain", `{"subject":"x"}`, true, head); code != http.StatusForbidden && code != http.StatusUnauthorized {
			t.Errorf("POST to the API from %s with the session of a page: %d", name, code)
		}
	}
	for _, typ := range []string{"text/plain", form, "application/json"} { // a session of pages is no token
		if code := send(http.MethodPost, "/api/v1/tickets", typ, `{"subject":"x"}`, true, nil); code != http.StatusUnauthorized {
			t.Errorf("POST %s to the API with a cookie: %d", typ, code)
		}
	}
	for name, head := range map[string]map[string]string{"nothing": {}, "cross-site": {"Sec-Fetch-Site": "cross-site"}, "evil origin": {"Origin": "https://evil.test"}, "override": {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}} {
		for path, body := range routes {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				if code := send(method, path+"?_method=POST&"+body, "", "", true, head); code >= 500 {
					t.Errorf("%s %s, %s: %d", method, path, name, code)
				}
			}
		}
	}
	if after := events(); after != before {
		t.Errorf("%d things were written", after-before)
	}
	if code := send(http.MethodGet, "/desk", "", "", true, map[string]string{"Sec-Fetch-Site": "cross-site"}); code != http.StatusOK {
		t.Errorf("a link from another site: %d", code)
	}
	for name, head := range map[string]map[string]string{
		"same-origin": {"Sec-Fetch-Site": "same-origin"}, "typed": {"Sec-Fetch-Site": "none"}, "old browser here": {"Origin": own}, "behind a proxy": {"Origin": "http://desk.example"}, "a program": {}, "the base address, seen as another site by its name": {"Origin": "http://desk.example", "Sec-Fetch-Site": "cross-site"},
	} {
		if code := send(http.MethodPost, "/requests", form, "subject=x&body=x", true, head); code != http.StatusSeeOther {
			t.Errorf("POST as %s: %d", name, code)
		}
	}
	if code := send(http.MethodPost, "/api/v1/tickets", "application/json", `{"subject":"x"}`, false, map[string]string{"Authorization": "Bearer " + token}); code != http.StatusCreated {
		t.Errorf("a program with its token: %d", code)
	}
}

// TestAttack69_SlowClientsAreLetGo: who begins a request and does not finish its head is cut off, and others are served meanwhile.
func TestAttack69_SlowClientsAreLetGo(t *testing.T) {
	t.Parallel()
	a := start(t, settings(t))
	defer func() { _ = a.Stop() }()
	var wg sync.WaitGroup
	for _, begun := range []string{"", "GET / HT", "GET / HTTP/1.1\r\nHost: desk.example\r\nX-A: ", "POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 100\r\n"} {
		for range 10 {
			c, err := net.Dial("tcp", a.Addr())
			if err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				defer func() { _ = c.Close() }()
				_ = c.SetDeadline(time.Now().Add(time.Minute)) // the failure, not the measure
				if _, err := io.WriteString(c, begun); err != nil {
					t.Error(err)
				}
				if _, err := io.Copy(io.Discard, c); err != nil {
					t.Errorf("%q is still held: %v", begun, err)
				}
			})
		}
	}
	for range 20 {
		if code := get(t, "http://"+a.Addr()+"/readyz", "", nil); code != http.StatusOK {
			t.Errorf("others: %d", code)
		}
	}
	wg.Wait()
	if code := rawStatus(t, a.Addr(), "GET / HTTP/1.1\r\nHost: desk.example\r\nX-A: "+strings.Repeat("a", 1<<20)+"\r\n\r\n"); !strings.Contains(code, " 431 ") {
		t.Errorf("a head of 1 MB: %q", code)
	}
}

// rawStatus sends bytes and reads the first line that comes back.
func rawStatus(t *testing.T, addr, raw string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	go func() { _, _ = io.WriteString(c, raw) }()
	b := make([]byte, 64)
	n, _ := io.ReadFull(c, b)
	line, _, _ := strings.Cut(string(b[:n]), "\r\n")
	return line
}

// TestAttack68_AmbiguousRequestsAreRefused: two lengths, a length and chunks, folded heads, two hosts; and nobody is who a header
// says they are.
func TestAttack68_AmbiguousRequestsAreRefused(t *testing.T) {
	a := start(t, settings(t))
	defer func() { _ = a.Stop() }()
	for name, raw := range map[string]string{
		"two lengths":        "POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\na=bcd",
		"folded":             "GET / HTTP/1.1\r\nHost: desk.example\r\nX-A: b\r\n c\r\n d: e\r\nX\r\n\r\n",
		"space before colon": "GET / HTTP/1.1\r\nHost : desk.example\r\n\r\n",
		"two hosts":          "GET / HTTP/1.1\r\nHost: desk.example\r\nHost: evil.test\r\n\r\n",
		"no host":            "GET / HTTP/1.1\r\n\r\n",
		"no number":          "POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Length: +3\r\n\r\na=b",
		"unknown coding":     "POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n",
	} {
		if line := rawStatus(t, a.Addr(), raw); !strings.Contains(line, " 400 ") && !strings.Contains(line, " 501 ") {
			t.Errorf("%s: %q", name, line)
		}
	}
}

// lines collects what a logger writes.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestAttack72_NoSecretIsLoggedOrKept puts a word of its own into every credential that the program takes, makes each fail, and
// looks for them in the log at its most talkative, in every answer, and in every file of the data folder. A line of the log is one
// line, whatever an address has in it.
func TestAttack72_NoSecretIsLoggedOrKept(t *testing.T) {
	c := settings(t, "--smtp-relay", "smtp://desk:canary-relay-2f8@127.0.0.1:1")
	var log lines
	a, err := app.New(ctx, c, app.Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop() }()
	if err := a.Start(ctx); err != nil {
		t.Fatal(err)
	}
	agent, session, token := agentOf(t, a)
	canaries := []string{"canary-", secretWord, session, token, token[3:30]}
	own := "http://" + a.Addr()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	look := func(r *http.Request) {
		t.Helper()
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		for _, k := range canaries {
			if bytes.Contains(body, []byte(k)) {
				t.Errorf("%s %s answers with %q", r.Method, r.URL.Path, k)
			}
		}
	}
	request := func(method, path, body string, head ...string) *http.Request {
		r, err := http.NewRequest(method, own+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(head); i += 2 {
			r.Header.Set(head[i], head[i+1])
		}
		return r
	}
	const form = "application/x-www-form-urlencoded"
	look(request("POST", "/sign-in", url.Values{"email": {"amara@it.example"}, "password": {"canary-password-7d1"}}.Encode(), "Content-Type", form))
	look(request("POST", "/sign-in", url.Values{"email": {"nobody@it.example"}, "password": {"canary-password-7d2"}}.Encode(), "Content-Type", form))
	look(request("GET", "/api/v1/tickets", "", "Authorization", "Bearer bw_canary-token-91c"))
	look(request("GET", "/api/v1/tickets", "", "Authorization", "Basic canary-basic-91d"))
	look(request("GET", "/desk", "", "Cookie", "bothways_session=canary-cookie-5aa"))
	look(request("POST", "/profile/password", url.Values{"old": {"canary-old-1"}, "new": {"canary-new-2"}, "again": {"canary-new-3"}}.Encode(), "Content-Type", form, "Cookie", "bothways_session="+session))
	look(request("GET", "/api/v1/me", "", "Authorization", "Bearer "+token))
	look(request("GET", "/no/such/%0D%0Alevel=ERROR%20msg=forged", "", "Cookie", "bothways_session="+session))
	if _, err := a.Desk.Open(ctx, agent, desk.OpenInput{Subject: "x", Description: "x", Requester: "helen@norvik.example"}); err != nil {
		t.Fatal(err)
	}
	for failed := 0; failed == 0; { // the relay is not there: the letter is tried and fails
		if err := a.DB.Read().QueryRow(ctx, "SELECT COUNT(*) FROM mail_outbound WHERE attempts > 0").Scan(&failed); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Stop(); err != nil {
		t.Fatal(err)
	}
	said := log.String()
	for _, k := range canaries {
		if strings.Contains(said, k) {
			t.Errorf("the log says %q: %s", k, said)
		}
	}
	if strings.Contains(said, "\nlevel=ERROR msg=forged") {
		t.Error("an address writes a line of the log")
	}
	for l := range strings.Lines(said) {
		if !strings.HasPrefix(l, "time=") {
			t.Errorf("a line of the log begins with %.60q", l)
		}
	}
	files := 0
	if err := filepath.WalkDir(c.Data, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		for _, k := range canaries {
			if bytes.Contains(body, []byte(k)) {
				t.Errorf("%s keeps %q", filepath.Base(path), k)
			}
		}
		return err
	}); err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}
