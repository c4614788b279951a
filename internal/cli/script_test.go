package cli

import (
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // scripts spoil databases with it

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/migrate/dbtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bothways": func() {
		os.Exit(Main(Env{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}))
	}})
}

// TestScripts runs the commands as a shell would: testdata/*.txt.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"PORT", "PORT2"} {
				addr, err := freeAddress("127.0.0.1:0")
				if err != nil {
					return err
				}
				_, port, err := net.SplitHostPort(addr)
				if err != nil {
					return err
				}
				e.Setenv(name, port)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond != "postgres" {
				return false, errors.New("unknown condition")
			}
			return os.Getenv("CI") == "true" || reachable("127.0.0.1:5432") || os.Getenv("BOTHWAYS_TEST_POSTGRES") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails": fails, "answers": answers, "sqlite": spoil, "token": keepToken, "postgres": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Setenv("PG", dbtest.URL(t, db.PostgreSQL))
			},
		},
	})
}

func reachable(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}

// fails CODE PROGRAM ARGS…: runs it and wants that exit code and one line on standard error, no result.
func fails(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("want exit code %d: %v", want, err)
	}
	said := ts.ReadFile("stderr")
	if !strings.HasPrefix(said, "bothways: ") || strings.Count(said, "\n") != 1 {
		ts.Fatalf("want one sentence on standard error, got %q", said)
	}
	for _, word := range []string{"panic", "goroutine", "fault of the program", "sql: ", "errs."} {
		if strings.Contains(said, word) {
			ts.Fatalf("%q tells of the inside: %s", word, said)
		}
	}
}

// answers URL TEXT: waits until the page has the text; the end of the whole run ends it too.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	last := ""
	for elapsed := clock.Stopwatch(); elapsed() < 10*time.Minute; time.Sleep(50 * time.Millisecond) {
		r, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if last = string(body); err == nil && strings.Contains(last, args[1]) {
			return
		}
	}
	ts.Fatalf("%s does not answer %q: %s", args[0], args[1], last)
}

// sqlite FILE STATEMENT: changes a database behind the program's back.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	d, err := sql.Open("sqlite", "file:"+ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = d.Exec(args[1])
	ts.Check(errors.Join(err, d.Close()))
}

// token: the last output is a token and nothing else; it is kept as $TOKEN.
func keepToken(ts *testscript.TestScript, _ bool, _ []string) {
	out := ts.ReadFile("stdout")
	if !strings.HasPrefix(out, "bw_") || strings.Count(out, "\n") != 1 || strings.ContainsAny(out, " \t") {
		ts.Fatalf("not a token alone: %q", out)
	}
	ts.Setenv("TOKEN", strings.TrimSpace(out))
}
