package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
)

// session is an app held open on a fake clock, as stories hold it.
type session struct {
	t   *testing.T
	app *app.App
	clk *clock.Fake
}

func held(t *testing.T, engine db.Engine) *session {
	t.Helper()
	conf, _, err := config.Load("serve", config.Sources{Env: func(string) string { return "" }, Args: []string{"--data", t.TempDir(), "--database", dbtest.URL(t, engine)}, Out: io.Discard}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, clk: clock.NewFake(time.Date(2026, 12, 21, 9, 0, 0, 0, time.UTC))}
	if s.app, err = app.New(context.Background(), conf, app.Options{Clock: s.clk, Log: slog.New(slog.DiscardHandler), Transport: box.InApp{}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.app.Stop() })
	return s
}

// cli runs a line of words; a word may not hold blanks but for what stands in quotes.
func (s *session) cli(line string) (code int, out, errOut string) {
	s.t.Helper()
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	var o, e bytes.Buffer
	code = Run(context.Background(), s.app, args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func (s *session) must(line string) string {
	s.t.Helper()
	code, out, errOut := s.cli(line)
	if code != 0 {
		s.t.Fatalf("cli %s: %d %s", line, code, errOut)
	}
	return out
}

// TestRunHolidayMovesTickets adds a holiday afterwards, on an app that is open, and wants to be told which tickets moved.
func TestRunHolidayMovesTickets(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			s := held(t, engine)
			s.must("init --admin-email admin@it.example --organisation IT")
			s.must("organisation add Norvik")
			s.must("site add Leeds --zone Europe/London --data somewhere/else")
			s.must("person add --email helen@norvik.example --name 'Helen Marsh' --site Leeds")
			helen, err := s.app.People.FindPerson(context.Background(), "helen@norvik.example")
			if err != nil {
				t.Fatal(err)
			}
			by, err := s.app.People.ActorOf(context.Background(), helen.ID)
			if err != nil {
				t.Fatal(err)
			}
			s.clk.Set(time.Date(2026, 12, 24, 16, 0, 0, 0, time.UTC)) // two working hours before the evening
			if _, err := s.app.Desk.Open(context.Background(), by, desk.OpenInput{Subject: "Printer", Description: "It is dark."}); err != nil {
				t.Fatal(err)
			}
			out := s.must("calendar holiday add --calendar 'Service hours' --date 12-25 --name 'Christmas Day'")
			if want := "BW-1001 first response: 2026-12-25T10:00:00Z → 2026-12-28T10:00:00Z\n"; !strings.Contains(out, want) {
				t.Errorf("want %q in %q", want, out)
			}
			if out := s.must("calendar holiday add --calendar 'Service hours' --date 2027-08-02"); strings.Contains(out, "BW-") {
				t.Errorf("a holiday far away moved %q", out)
			}
			if out := s.must("doctor --rederive"); strings.Contains(out, "wrong") || !strings.Contains(out, "1 tickets checked") {
				t.Error(out)
			}
			if out := s.must("ticket show bw1001"); !strings.Contains(out, "2026-12-28T10:00:00Z") || !strings.Contains(out, "It is dark.") {
				t.Error(out)
			}
			if out := s.must("verify"); strings.Contains(out, "WRONG") || !strings.Contains(out, "1 of 1 chains") {
				t.Error(out)
			}
		})
	}
}

// TestRunPlacesAStranger adds somebody whom the desk knows from a mail alone.
func TestRunPlacesAStranger(t *testing.T) {
	s := held(t, db.SQLite)
	s.must("organisation add Norvik")
	if _, err := s.app.Box.Receive(context.Background(), "anna@norvik.example", "desk@localhost", []byte("From: Anna <anna@norvik.example>\r\nSubject: Hello\r\n\r\nI need help.\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Jobs.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := s.cli("token create --person anna@norvik.example"); code != 65 || !strings.Contains(errOut, "place") {
		t.Errorf("a stranger got a token: %d %s", code, errOut)
	}
	if out := s.must("person add --email anna@norvik.example --name 'Anna Berg'"); out != "Anna Berg <anna@norvik.example> of Norvik\n" {
		t.Error(out)
	}
	s.must("token create --person anna@norvik.example")
	if out := s.must("verify"); !strings.Contains(out, "1 mails came in: 1 made tickets") || strings.Contains(out, "WRONG") {
		t.Error(out)
	}
}

// TestRunRefuses shows what does not run inside an open app, and that help does.
func TestRunRefuses(t *testing.T) {
	s := held(t, db.SQLite)
	for _, line := range []string{"serve", "demo", "migrate", "config show"} {
		if code, _, errOut := s.cli(line); code != 65 || !strings.Contains(errOut, "from a shell") {
			t.Errorf("%s: %d %s", line, code, errOut)
		}
	}
	if out := s.must("serve --help"); !strings.Contains(out, "--smtp-relay") {
		t.Error(out)
	}
	if code, _, errOut := s.cli("nonsense"); code != 64 || !strings.HasPrefix(errOut, "bothways: ") {
		t.Errorf("%d %s", code, errOut)
	}
}

// TestEveryCommand shows that each says what it is, how it is written, and reads its own examples.
func TestEveryCommand(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if c.about == "" || seen[c.name] || strings.HasSuffix(c.about, ".") {
			t.Errorf("%s: wants one line of its own that says what it does", c.name)
		}
		seen[c.name] = true
		if h := c.help(); !strings.Contains(h, "Usage: bothways "+c.name) {
			t.Errorf("%s: its help does not say how it is written", c.name)
		}
		for _, f := range strings.Fields(strings.NewReplacer("[", " ", "]", " ", "|", " ", "…", " ").Replace(c.params)) {
			if name, ok := strings.CutPrefix(f, "--"); ok && c.flagSet().Lookup(name) == nil {
				t.Errorf("%s: --%s of its usage is no flag", c.name, name)
			}
		}
		for _, e := range c.examples {
			_, line, ok := strings.Cut(e, "bothways "+c.name)
			if !ok {
				continue // the second line of one
			}
			for _, f := range strings.Fields(line) {
				if name, ok := strings.CutPrefix(f, "--"); ok && c.flagSet().Lookup(name) == nil {
					t.Errorf("%s: --%s of an example is no flag", c.name, name)
				}
			}
		}
	}
}

// TestArrange shows flags and arguments in any order.
func TestArrange(t *testing.T) {
	fs := (&command{setup: setupPersonAdd}).flagSet()
	for in, want := range map[string]string{
		"a --name N b":            "--name N -- a b",
		"--not-mailed a --site=S": "--not-mailed --site=S -- a",
		"- --data d -- --name":    "--data d -- - --name",
		"--name":                  "--name --",
	} {
		if got := strings.Join(arrange(fs, strings.Fields(in)), " "); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestFreePort shows that port 0 becomes one that links in mails can name.
func TestFreePort(t *testing.T) {
	conf := config.Config{Listen: "127.0.0.1:0", BaseURL: "http://127.0.0.1:0"}
	settlePort(&conf)
	if conf.Listen == "127.0.0.1:0" || conf.BaseURL != "http://"+conf.Listen {
		t.Errorf("%+v", conf)
	}
	conf = config.Config{Listen: "127.0.0.1:0", BaseURL: "https://desk.example.org"}
	settlePort(&conf)
	if conf.BaseURL != "https://desk.example.org" {
		t.Errorf("%+v", conf)
	}
}

// TestDemoFolderGoesAway shows that the demo leaves nothing behind, whatever ends it.
func TestDemoFolderGoesAway(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var e bytes.Buffer
	if code := run(ctx, Env{Args: []string{"demo", "--listen", "127.0.0.1:0"}, Out: io.Discard, Err: &e, Getenv: func(string) string { return "" }}, nil); code != interrupted {
		t.Errorf("code %d: %s", code, e.String())
	}
	if left, err := filepath.Glob(filepath.Join(tmp, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
