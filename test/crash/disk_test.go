package crash

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// small is a file system of its own that is soon full.
func small(t *testing.T, size string) (dir string, resize func(options string)) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a tmpfs")
	}
	dir = t.TempDir()
	mount := func(options string) {
		t.Helper()
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
			t.Skipf("a tmpfs can't be mounted here: %v %s", err, out)
		}
	}
	mount("size=" + size)
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir, func(options string) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,"+options, dir).CombinedOutput(); err != nil {
			t.Fatalf("remount %s: %v %s", options, err, out)
		}
	}
}

// TestDiskFull is row 7 of the faults: on a full disk a mail is refused for now, with 452, what was acknowledged stays, and when there
// is room again mail is taken without a restart.
func TestDiskFull(t *testing.T) {
	dir, resize := small(t, "8m")
	database := "sqlite:" + filepath.Join(dir, "bothways.db")
	letters, known := bag(40)
	enrol(t, database, known)
	for i := range letters { // large ones, so that few fill the disk
		letters[i].raw = append(letters[i].raw, []byte(strings.Repeat(strings.Repeat("x", 76)+"\r\n", 4000))...)
	}
	s := newSink(t)
	n := newNode(t, "serve", database, s.addr)
	n.up()
	codes := map[int]int{}
	acked := handAll(t, n, letters, codes)
	if len(acked) == 0 || len(acked) == len(letters) {
		t.Fatalf("%d of %d mails fit on the disk: it has to be made fuller or emptier", len(acked), len(letters))
	}
	if len(codes) != 1 || codes[452] == 0 {
		t.Errorf("on a full disk mails were refused with %v, want 452 alone", codes)
	}
	t.Logf("%d acknowledged, refused: %v", len(acked), codes)
	if n.ended() {
		t.Fatal("the program ended on a full disk")
	}

	// What was handed to the relay when its answer could not be written is sent again: it was in flight.
	full := time.Now()
	resize("size=128m")
	var refused []letter
	for _, l := range letters {
		if !acked[l.id] {
			refused = append(refused, l)
		}
	}
	again := handAll(t, n, refused, codes)
	if len(again) != len(refused) {
		t.Errorf("with room again %d of %d mails were taken: %v", len(again), len(refused), codes)
	}
	finish(t, n, database)
	d := open(t, database)
	defer func() { _ = d.Close() }()
	tickets := checkIn(t, d, letters, int64(len(refused)))
	checkOut(t, d, s, tickets, []time.Time{full})
	checkVerify(t, database)
}

// handAll offers each letter once and gives the ids of those that were acknowledged; codes counts the other answers.
func handAll(t *testing.T, n *node, letters []letter, codes map[int]int) map[string]bool {
	t.Helper()
	acked := map[string]bool{}
	for _, l := range letters {
		c, err := dial(n.lmtp)
		if err != nil {
			t.Fatalf("the program does not answer any more: %v", err)
		}
		err = hand(c, l)
		_ = c.Close()
		var e *smtp.SMTPError
		switch {
		case err == nil:
			acked[l.id] = true
		case errors.As(err, &e):
			codes[e.Code]++
		default:
			t.Error(fmt.Errorf("neither an acknowledgement nor a refusal: %w", err))
		}
	}
	return acked
}
