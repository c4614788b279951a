package browser

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/cli/demo"
	"bothways/internal/config"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/web"
	"bothways/test/browser/chromium"
)

var ctx = context.Background()

// tuesday is when all of it happens: a working morning, the same in London and UTC.
var tuesday = time.Date(2026, 11, 24, 11, 5, 0, 0, time.UTC)

// The people of the demo who sign in here.
const (
	amara  = "amara.okafor@norvik-it.example"
	kofi   = "kofi.mensah@norvik-it.example"
	helen  = "helen.marsh@norvik.example"
	owen   = "owen.clarke@norvik.example"
	graham = "graham.pell@norvik.example"
	marek  = "marek.nowak@norvik.example"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer func() {
		if template.dir != "" {
			_ = os.RemoveAll(template.dir)
		}
	}()
	return chromium.Main(m)
}

// template is the demo's company as `bothways demo` makes it, built once.
var template struct {
	sync.Once
	dir string
	err error
}

func settings(t testing.TB, dir string) config.Config {
	t.Helper()
	c, _, err := config.Load("demo", config.Sources{Env: func(string) string { return "" }, Out: io.Discard,
		Args: []string{"--data", dir, "--database", "sqlite:" + filepath.Join(dir, "bothways.db")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	demo.Settings(&c, nil)
	c.UndoSend = 0 // an answer leaves at once, where a test does not say otherwise
	return c
}

// world is the demo, served to the browser. Its clock stands at tuesday until somebody moves it.
type world struct {
	t      testing.TB
	app    *app.App
	clk    *clock.Fake
	conf   config.Config
	server *httptest.Server
	origin string
	down   atomic.Bool // the program is being started again: nobody answers
}

func newWorld(t *testing.T, with ...func(*config.Config)) *world {
	t.Helper()
	if os.Getenv("BOTHWAYS_BROWSER") == "" {
		t.Skip("set BOTHWAYS_BROWSER=1 to try the program in a browser")
	}
	w := &world{t: t, clk: clock.NewFake(tuesday)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))
	template.Do(func() {
		if template.dir, template.err = os.MkdirTemp("", "bothways-browser-"); template.err == nil {
			template.err = demo.Build(ctx, settings(t, template.dir), demo.Plan{Now: tuesday, Seed: 1, Few: true}, quiet)
		}
	})
	if template.err != nil {
		t.Fatalf("build the demo: %v", template.err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(template.dir)); err != nil {
		t.Fatal(err)
	}
	conf := settings(t, dir)
	for _, set := range with {
		set(&conf)
	}
	srv := httptest.NewUnstartedServer(nil)
	w.server, w.origin = srv, "http://"+srv.Listener.Addr().String()
	conf.BaseURL = w.origin
	w.conf = conf
	w.start()
	srv.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.down.Load() {
			panic(http.ErrAbortHandler)
		}
		w.app.Handler.ServeHTTP(rw, r)
	})
	srv.Start()
	t.Cleanup(func() { srv.Close(); _ = w.app.Stop() })
	return w
}

// start starts the program.
func (w *world) start() {
	w.t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.New(ctx, w.conf, app.Options{Clock: w.clk, Log: quiet, Transport: box.InApp{}, Demo: true, Logins: demo.Logins(), Password: demo.Password})
	if err != nil {
		w.t.Fatal(err)
	}
	w.app = a
}

// tab opens a watched tab as somebody: signed in without the form, or as nobody where address is "".
func (w *world) tab(address string, v chromium.View) *chromium.Tab {
	w.t.Helper()
	x := chromium.Open(w.t, w.origin, v)
	if address == "" {
		return x
	}
	personID, err := w.app.People.SignInID(ctx, address)
	if err != nil {
		w.t.Fatal(err)
	}
	secret, err := w.app.Auth.SignIn(ctx, auth.Credentials{PersonID: personID, Account: address, Password: demo.Password, IP: "127.0.0.1"})
	if err != nil {
		w.t.Fatalf("sign %s in: %v", address, err)
	}
	c := web.SessionCookie(w.origin, secret)
	if err := x.SetCookies([]*proto.NetworkCookieParam{{Name: c.Name, Value: c.Value, URL: w.origin, HTTPOnly: true}}); err != nil {
		w.t.Fatal(err)
	}
	return x
}

// ref finds the number of a ticket of the demo by its subject.
func (w *world) ref(subject string) string {
	w.t.Helper()
	rows, err := w.app.Desk.List(ctx, auth.SystemActor(), desk.Filter{Words: subject}, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range rows.Items {
		if rows.Items[i].Subject == subject {
			return rows.Items[i].Ref()
		}
	}
	w.t.Fatalf("the demo has no ticket %q", subject)
	return ""
}

// ticket is how a ticket stands.
func (w *world) ticket(ref string) desk.Ticket {
	w.t.Helper()
	n, err := desk.ParseRef(ref)
	if err != nil {
		w.t.Fatal(err)
	}
	t, err := w.app.Desk.Get(ctx, auth.SystemActor(), n)
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// post hands mails to the desk as its mail server does, and has them read.
func (w *world) post(from string, raw []byte) {
	w.t.Helper()
	if _, err := w.app.Box.Receive(ctx, from, w.app.Config.MailFrom, raw); err != nil {
		w.t.Fatal(err)
	}
	if err := w.app.Jobs.RunDue(ctx); err != nil {
		w.t.Fatal(err)
	}
}
