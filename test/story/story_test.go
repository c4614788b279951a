package story

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"bothways/internal/app"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/migrate/dbtest"
)

var folder = flag.String("stories", ".", "folder of *.txtar stories")

// begin is where the clock of a story stands that does not set it: a Monday morning.
var begin = time.Date(2026, 1, 12, 8, 0, 0, 0, time.UTC)

func TestStory(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(*folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in %s: %v", *folder, err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".txtar")
		t.Run(name, func(t *testing.T) {
			for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
				t.Run(string(e), func(t *testing.T) {
					t.Parallel()
					tell(t, e, txtar.Parse(body))
				})
			}
		})
	}
}

// tell runs one story on one engine.
func tell(t *testing.T, e db.Engine, a *txtar.Archive) {
	lines := strings.Split(string(a.Comment), "\n")
	s := &story{t: t, clk: clock.NewFake(firstClock(lines)), post: &post{}, vars: map[string]string{}, dir: t.TempDir(), files: map[string][]byte{}, sessions: map[string]string{}}
	for _, f := range a.Files {
		s.files[f.Name] = f.Data
		path := filepath.Join(s.dir, filepath.Clean("/"+f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url := dbtest.URL(t, e)
	c, _, err := config.Load("story", config.Sources{Env: func(string) string { return "" }, Args: []string{
		"--database", url, "--data", s.dir, "--mail-from", "desk@desk.example", "--mail-levels", "levels@desk.example", "--base-url", "https://desk.example", "--authserv-id", "mx.desk.example"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.app, err = app.New(context.Background(), c, app.Options{Clock: s.clk, Transport: s.post}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.app.Stop(); err != nil {
			t.Error(err)
		}
	})
	for i, line := range lines {
		s.line = i + 1
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			s.do(line)
		}
	}
}

// firstClock is where a story sets its clock first, so that the installation is made then.
func firstClock(lines []string) time.Time {
	for _, line := range lines {
		if verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); verb == "clock" {
			if at, err := time.Parse(time.RFC3339, strings.TrimSpace(rest)); err == nil {
				return at
			}
		}
	}
	return begin
}

// post is the outside: every mail arrives at once and is kept.
type post struct{ sent []box.Outbound }

// Deliver implements box.Transport.
func (p *post) Deliver(_ context.Context, m box.Outbound) (string, error) {
	p.sent = append(p.sent, m)
	return "250 kept", nil
}
