package crash

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// powerCutFS names a program that mounts a folder which remembers what was synced: started with -mnt, -live and -durable, it drops on
// SIGUSR1 all that was not, and writes the number of cuts to DURABLE.cuts.
const powerCutFS = "BOTHWAYS_POWER_CUT_FS"

// TestPowerCut is row 3 of the faults: the process dies and everything that was not synced is gone. What was acknowledged is there.
func TestPowerCut(t *testing.T) {
	program := os.Getenv(powerCutFS)
	if program == "" {
		t.Skipf("%s names no program that mounts a file system which can lose power", powerCutFS)
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"mnt", "live", "durable"} {
		if err := os.Mkdir(at(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	fs := exec.Command(program, "-mnt", at("mnt"), "-live", at("live"), "-durable", at("durable"))
	fs.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := fs.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = fs.Process.Signal(syscall.SIGTERM)
		_ = fs.Wait()
	})
	until(t, "the file system to be mounted", 10*time.Millisecond, func() (bool, string) {
		body, err := os.ReadFile("/proc/self/mountinfo")
		return strings.Contains(string(body), at("mnt")), string(body) + " " + errorText(err)
	})
	cuts := ""
	cut := func() {
		if err := fs.Process.Signal(syscall.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		until(t, "the power to be cut", 5*time.Millisecond, func() (bool, string) {
			body, err := os.ReadFile(at("durable.cuts"))
			same := string(body) == cuts
			cuts = string(body)
			return !same, errorText(err)
		})
	}

	database := "sqlite:" + at("mnt/bothways.db")
	letters, known := bag(*mails)
	enrol(t, database, known)
	s := newSink(t)
	n := newNode(t, "serve", database, s.addr)
	n.up()
	p := &post{t: t}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		p.send(letters, clients, func(int, int) string { return n.lmtp })
	}()
	var stops []time.Time
	for i := range *kills {
		after := int64((float64(i) + rand.Float64()) * float64(len(letters)) / float64(*kills+1))
		until(t, "the mails before a cut", time.Millisecond, func() (bool, string) { return p.acked.Load() >= after, "too few acknowledged" })
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		stops = append(stops, time.Now())
		n.kill()
		cut()
		n.up()
	}
	<-sent
	finish(t, n, database)
	d := open(t, database)
	defer func() { _ = d.Close() }()
	tickets := checkIn(t, d, letters, p.refused.Load())
	checkOut(t, d, s, tickets, stops)
	checkVerify(t, database)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
