package crash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is the binary all tests run, built once.
var program struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program.dir != "" {
		_ = os.RemoveAll(program.dir)
	}
	os.Exit(code)
}

// binary builds cmd/bothways from the tree this test stands in.
func binary(t *testing.T) string {
	t.Helper()
	program.once.Do(func() {
		if program.dir, program.err = os.MkdirTemp("", "bothways-crash"); program.err != nil {
			return
		}
		program.path = filepath.Join(program.dir, "bothways")
		build := exec.Command("go", "build", "-o", program.path, "./cmd/bothways")
		build.Dir = filepath.Join("..", "..")
		if out, err := build.CombinedOutput(); err != nil {
			program.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if program.err != nil {
		t.Fatalf("build the program: %v", program.err)
	}
	return program.path
}

// node is one `serve` process; it is started again under the same addresses.
type node struct {
	t       *testing.T
	name    string
	args    []string
	http    string
	lmtp    string
	log     *tail    // of the running process
	before  string   // what the one before said last
	wrapper []string // a program in front of ours: strace
	cmd     *exec.Cmd
	gone    chan struct{} // closed when the process has ended
}

// newNode prepares a node that is not started yet.
func newNode(t *testing.T, name, database, relay string) *node {
	n := &node{t: t, name: name, http: freeAddress(t), lmtp: freeAddress(t), log: &tail{}}
	n.args = []string{"serve", "--data", t.TempDir(), "--database", database, "--listen", n.http, "--lmtp", n.lmtp,
		"--smtp-relay", relay, "--mail-from", deskAddress}
	t.Cleanup(func() {
		n.kill()
		if t.Failed() {
			t.Logf("the last words of %s:\n%s\n%s", name, n.before, n.log)
		}
	})
	return n
}

// freeAddress is a loopback address that nobody listens on at this moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// start runs the process; it does not wait until it serves.
func (n *node) start() {
	n.t.Helper()
	n.before, n.log = n.log.String(), &tail{}
	args := append(append([]string{}, n.wrapper...), append([]string{binary(n.t)}, n.args...)...)
	c := exec.Command(args[0], args[1:]...)
	c.Stdout, c.Stderr = n.log, n.log
	// A test process that is ended itself leaves no child behind.
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		n.t.Fatalf("start %s: %v", n.name, err)
	}
	gone := make(chan struct{})
	go func() {
		_ = c.Wait()
		close(gone)
	}()
	n.cmd, n.gone = c, gone
}

// up starts the process and waits until it takes mail.
func (n *node) up() {
	n.t.Helper()
	n.start()
	n.ready()
}

// ready waits until the process has started: it says its addresses when it takes mail and answers.
func (n *node) ready() {
	n.t.Helper()
	until(n.t, n.name+" to serve", 2*time.Millisecond, func() (bool, string) {
		if n.ended() {
			n.t.Fatalf("%s ended by itself:\n%s", n.name, n.log)
		}
		return strings.Contains(n.log.String(), "pages and API") && strings.Contains(n.log.String(), n.lmtp), n.log.String()
	})
	res, err := http.Get("http://" + n.http + "/readyz")
	if err != nil {
		n.t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		n.t.Fatalf("%s serves and is not ready: %s", n.name, res.Status)
	}
}

func (n *node) ended() bool {
	select {
	case <-n.gone:
		return true
	default:
		return false
	}
}

// signal sends one to our own child.
func (n *node) signal(s os.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		n.t.Fatalf("signal %s: %v", n.name, err)
	}
}

// kill is SIGKILL, then waiting for the process to be gone.
func (n *node) kill() {
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Kill()
	<-n.gone
}

// stop ends the process in order.
func (n *node) stop() {
	n.t.Helper()
	n.signal(syscall.SIGTERM)
	<-n.gone
	if code := n.cmd.ProcessState.ExitCode(); code != 0 {
		n.t.Errorf("%s ended with code %d after SIGTERM", n.name, code)
	}
}

// command runs another command of the program and gives its exit code and output.
func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out, err := exec.CommandContext(ctx, binary(t), args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run %v: %v", args, err)
	}
	if exit != nil {
		return exit.ExitCode(), string(out)
	}
	return 0, string(out)
}

// until waits for something; it gives up only shortly before `go test` would, to be able to say what it waited for.
func until(t *testing.T, what string, every time.Duration, done func() (bool, string)) {
	t.Helper()
	end, limited := t.Deadline()
	for {
		ok, state := done()
		if ok {
			return
		}
		if limited && time.Until(end) < 20*time.Second {
			t.Fatalf("waited for %s in vain: %s", what, state)
		}
		time.Sleep(every)
	}
}

// tail keeps the last of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const mostLog = 24 << 10

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Write(p)
	if over := l.buf.Len() - mostLog; over > 0 {
		l.buf.Next(over)
	}
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(l.buf.String())
}
