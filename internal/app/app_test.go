package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/people"
	"bothways/internal/web"
)

var ctx = context.Background()

func settings(t *testing.T, args ...string) config.Config {
	t.Helper()
	c, _, err := config.Load("serve", config.Sources{Env: func(string) string { return "" }, Out: os.Stderr, Args: append([]string{
		"--data", t.TempDir(), "--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0", "--mail-from", "desk@desk.example", "--base-url", "http://desk.example"}, args...)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, c config.Config) *app.App {
	t.Helper()
	a, err := app.New(ctx, c, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Transport: box.InApp{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAnAppStartsWorksAndStops: mail in over the wire becomes a ticket that the API shows; afterwards nothing is left running.
func TestAnAppStartsWorksAndStops(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			url := dbtest.URL(t, e)
			before := goleak.IgnoreCurrent()
			a := start(t, settings(t, "--database", url))
			conn, err := net.Dial("tcp", a.LMTPAddr())
			if err != nil {
				t.Fatal(err)
			}
			c := smtp.NewClientLMTP(conn)
			if err := c.SendMail("helen@norvik.example", []string{"desk@desk.example"}, strings.NewReader("From: helen@norvik.example\r\nMessage-ID: <1@norvik.example>\r\nSubject: Printer\r\n\r\nBlank pages.\r\n")); err != nil {
				t.Fatal(err)
			}
			_ = c.Close()
			agent, err := a.People.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: "Amara", Address: "amara@it.example", OrgID: mustBase(t, a).Provider.ID})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.People.Grant(ctx, auth.SystemActor(), people.GrantInput{PersonID: agent.ID, Role: auth.Agent, Scope: auth.Everywhere}); err != nil {
				t.Fatal(err)
			}
			token, _, err := a.Auth.CreateToken(ctx, auth.SystemActor(), agent.ID, "t", nil, a.Clock.Now().AddDate(1, 0, 0))
			if err != nil {
				t.Fatal(err)
			}
			var list struct{ Items []struct{ Subject string } }
			for len(list.Items) == 0 { // the worker reads it in its own time
				get(t, "http://"+a.Addr()+"/api/v1/tickets", token, &list)
			}
			if list.Items[0].Subject != "Printer" {
				t.Fatalf("%+v", list)
			}
			for _, path := range []string{"/healthz", "/readyz"} {
				if code := get(t, "http://"+a.Addr()+path, "", nil); code != 200 {
					t.Errorf("%s: %d", path, code)
				}
			}
			if err := a.Stop(); err != nil {
				t.Fatal(err)
			}
			if err := a.Stop(); err != nil {
				t.Errorf("a second stop: %v", err)
			}
			http.DefaultClient.CloseIdleConnections()
			goleak.VerifyNone(t, before)
		})
	}
}

func mustBase(t *testing.T, a *app.App) people.Base {
	t.Helper()
	b, err := a.People.EnsureBase(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func get(t *testing.T, url, token string, into any) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode
}

func TestATakenAddressIsSaidInASentence(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	for _, flag := range []string{"--listen", "--lmtp"} {
		a, err := app.New(ctx, settings(t, flag, ln.Addr().String()), app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			t.Fatal(err)
		}
		err = a.Start(ctx)
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Sentence(err), ln.Addr().String()) {
			t.Errorf("%s: %v", flag, err)
		}
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// TestTwoNodesStartAtOnce on one empty PostgreSQL: what every installation has is there once.
func TestTwoNodesShareWhatIsMadeOnce(t *testing.T) {
	url := dbtest.URL(t, db.PostgreSQL)
	done := make(chan *app.App, 2)
	for range 2 {
		c := settings(t, "--database", url)
		go func() {
			a, err := app.New(ctx, c, app.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err != nil {
				t.Error(err)
			}
			done <- a
		}()
	}
	var apps []*app.App
	for range 2 {
		if a := <-done; a != nil {
			apps = append(apps, a)
		}
	}
	for _, a := range apps {
		papers, err := a.Book.List(ctx)
		if err != nil || len(papers) != 1 {
			t.Errorf("%d default agreements, %v", len(papers), err)
		}
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// TestStopEndsOpenStreams: a server that stops waits for no page that listens to it.
func TestStopEndsOpenStreams(t *testing.T) {
	url := dbtest.URL(t, db.SQLite)
	before := goleak.IgnoreCurrent()
	a := start(t, settings(t, "--database", url))
	who, err := a.People.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: "Amara", Address: "amara@it.example", OrgID: mustBase(t, a).Provider.ID})
	if err != nil {
		t.Fatal(err)
	}
	const password = "correct horse battery staple 9"
	if err := a.Auth.SetPassword(ctx, auth.SystemActor(), who.ID, password); err != nil {
		t.Fatal(err)
	}
	secret, err := a.Auth.SignIn(ctx, auth.Credentials{PersonID: who.ID, Account: "amara@it.example", Password: password, IP: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, "http://"+a.Addr()+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(web.SessionCookie("http://desk.example", secret))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.ReadFull(res.Body, make([]byte, len("retry: 2000"))); err != nil {
		t.Fatal(err)
	}
	if err := a.Stop(); err != nil { // it gives open answers ten seconds, and says so when they take longer
		t.Error(err)
	}
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream did not end, it broke: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}
