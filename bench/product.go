package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx", to make databases
)

// bench is a run: where things are kept, and what came out.
type bench struct {
	settings
	table  table
	dir    string
	binary string
	server *sql.DB // PostgreSQL's, to make databases
	made   []string
}

func newBench(s settings) (*bench, error) {
	dir, err := os.MkdirTemp("", "bothways-bench")
	if err != nil {
		return nil, err
	}
	b := &bench{settings: s, dir: dir, binary: filepath.Join(dir, "bothways")}
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.binary, "bothways/cmd/bothways")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.close()
		return nil, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	if s.engine == "postgres" {
		if b.server, err = sql.Open("pgx", postgres()); err == nil {
			err = b.server.Ping()
		}
		if err != nil {
			b.close()
			return nil, fmt.Errorf("PostgreSQL at %s (set BOTHWAYS_TEST_POSTGRES): %w", postgres(), err)
		}
	}
	return b, nil
}

func postgres() string {
	if s := os.Getenv("BOTHWAYS_TEST_POSTGRES"); s != "" {
		return s
	}
	return "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
}

func (b *bench) close() {
	if b.keep {
		fmt.Fprintln(os.Stderr, "bench: kept", b.dir, b.made)
		return
	}
	for _, name := range b.made {
		_, _ = b.server.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
	}
	if b.server != nil {
		_ = b.server.Close()
	}
	_ = os.RemoveAll(b.dir)
}

// database makes an empty one and gives its address.
func (b *bench) database(name string) (string, error) {
	if b.engine == "sqlite" {
		dir := filepath.Join(b.dir, name)
		return "sqlite:" + filepath.Join(dir, "bothways.db"), os.MkdirAll(dir, 0o700)
	}
	full := fmt.Sprintf("bwbench_%d_%s", os.Getpid(), name)
	if _, err := b.server.Exec("CREATE DATABASE " + full); err != nil {
		return "", err
	}
	b.made = append(b.made, full)
	u, err := url.Parse(postgres())
	if err != nil {
		return "", err
	}
	u.Path = "/" + full
	return u.String(), nil
}

// command runs a command of the program.
func (b *bench) command(args ...string) (string, error) {
	out, err := exec.Command(b.binary, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("bothways %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// process is the product at work.
type process struct {
	cmd        *exec.Cmd
	http, lmtp string
	cold       time.Duration // from its start to its first answer
}

// serve starts the product; relay "" mails nobody.
func (b *bench) serve(database, relay string) (*process, error) {
	p := &process{}
	var err error
	if p.http, err = freeAddress(); err != nil {
		return nil, err
	}
	if p.lmtp, err = freeAddress(); err != nil {
		return nil, err
	}
	args := []string{"serve", "--data", b.dir, "--database", database, "--listen", p.http, "--lmtp", p.lmtp, "--mail-from", deskAddress}
	if relay != "" {
		args = append(args, "--smtp-relay", relay)
	}
	p.cmd = exec.Command(b.binary, args...)
	p.cmd.Stderr = complaints{}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for { // its first answer
		conn, err := net.Dial("tcp", p.http)
		if err == nil {
			_ = conn.Close()
			res, err := http.Get("http://" + p.http + "/readyz")
			if err == nil {
				_ = res.Body.Close()
				break
			}
		}
		if time.Since(start) > time.Minute {
			p.stop()
			return nil, errors.New("the program does not answer within a minute")
		}
		time.Sleep(500 * time.Microsecond)
	}
	p.cold = time.Since(start)
	lines := bufio.NewScanner(said)
	for lines.Scan() { // its addresses: everything is started
		if strings.Contains(lines.Text(), "database") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	return p, nil
}

// complaints passes on what the product says is wrong.
type complaints struct{}

func (complaints) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "level=") {
		_, _ = os.Stderr.Write(line)
	}
	return len(line), nil
}

// stop ends the process in order.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// cpu is the processor time the process has taken so far.
func (p *process) cpu() time.Duration {
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(body), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * (time.Second / 100) // USER_HZ
}

// costing notes what a load cost the process.
func (p *process) costing(do round) round {
	return func(n int) (figures, error) {
		before := p.cpu()
		f, err := do(n)
		f.cpu = (p.cpu() - before) / time.Duration(n)
		return f, err
	}
}

// memory is the resident set in MB.
func (p *process) memory() float64 {
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for _, l := range strings.Split(string(body), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String(), nil
}

// caller is one client's connection, kept open. It costs the driver little, because the two share the machine.
type caller struct {
	conn net.Conn
	r    *bufio.Reader
	head string
}

func dialHTTP(addr, headers string) (*caller, error) {
	conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &caller{conn, bufio.NewReaderSize(conn, 64<<10), "Host: " + addr + "\r\n" + headers}, nil
}

// call sends one request and reads its answer; it gives the length of the body.
func (c *caller) call(method, path, body string, want int) (int64, error) {
	req := method + " " + path + " HTTP/1.1\r\n" + c.head
	if method == http.MethodPost {
		req += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	if _, err := io.WriteString(c.conn, req+"\r\n"+body); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != want {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 2000))
		return 0, fmt.Errorf("%s %s answers %s: %s", method, path, res.Status, text)
	}
	return io.Copy(io.Discard, res.Body)
}

func (c *caller) close() { _ = c.conn.Close() }
