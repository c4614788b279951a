package auth

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// TestAttack51_UnknownIsAsUnknownAsWrong: the same words, the same work, the same locking for an address nobody has.
func TestAttack51_UnknownIsAsUnknownAsWrong(t *testing.T) {
	each(t, func(w world) {
		for i := range maxFailures + 2 {
			ip := func(net int) string { return fmt.Sprintf("198.51.%d.%d", net+i, i) }
			_, known := w.signIn("anna", "wrong wrong wrong", ip(1))
			_, unknown := w.SignIn(w.ctx, Credentials{Account: "Nobody@Example.org ", Password: "wrong wrong wrong", IP: ip(100)})
			if known == nil || unknown == nil || errs.KindOf(known) != errs.KindOf(unknown) || errs.Sentence(known) != errs.Sentence(unknown) {
				w.t.Fatalf("attempt %d: %v, %v", i, known, unknown)
			}
			if locked := errs.Is(known, errs.TooMany); locked != (i >= maxFailures) {
				w.t.Fatalf("attempt %d: locked %v", i, locked)
			}
		}
	})
	// The work: a person without a password costs a whole hash of today's costs.
	h := newHasher(recommended)
	stored := h.make("correct horse battery")
	known, unknown := time.Hour, time.Hour
	for range 5 { // in turns, so that what else the machine does meets both
		for _, of := range []struct {
			stored string
			best   *time.Duration
		}{{stored, &known}, {"", &unknown}} {
			elapsed := clock.Stopwatch()
			h.verify("wrong wrong wrong", of.stored)
			*of.best = min(*of.best, elapsed())
		}
	}
	if known > 30*unknown || unknown > 30*known { // without the work it is a thousandth
		t.Fatalf("a known person takes %v, an unknown one %v", known, unknown)
	}
	if ok, _ := h.verify("", ""); ok {
		t.Fatal("no password is nobody's password")
	}
}

// TestAttack52_ThrottledByAccountAndNetwork: ten failures in ten minutes, of an account or of a network.
func TestAttack52_ThrottledByAccountAndNetwork(t *testing.T) {
	each(t, func(w world) {
		device, err := w.NewDevice(w.ctx, "anna")
		w.must(err)
		for i := range maxFailures {
			_, err := w.signIn("anna", "wrong wrong wrong", fmt.Sprintf("203.0.%d.7", i))
			w.want(err, errs.Unauthenticated)
		}
		_, err = w.signIn("anna", "correct horse battery", "192.0.2.9")
		w.want(err, errs.TooMany)
		if until, ok := ThrottledUntil(err); !ok || !until.Equal(start.Add(failureWindow)) || !strings.Contains(errs.Sentence(err), "10 minutes") {
			w.t.Fatalf("%v %v %v", until, ok, err)
		}
		// From a device they have signed in on the person still gets in; another's mark or a made-up one does not help.
		in := func(device string) error {
			_, err := w.SignIn(w.ctx, Credentials{PersonID: "anna", Password: "correct horse battery", IP: "192.0.2.9", Device: device})
			return err
		}
		w.must(in(device))
		other, err := w.NewDevice(w.ctx, "eve")
		w.must(err)
		for _, d := range []string{other, device + "x", ".", "x.y", "", strings.Replace(device, ".", "x.", 1)} {
			w.want(in(d), errs.TooMany)
		}
		w.clk.Advance(failureWindow)
		_, err = w.signIn("anna", "correct horse battery", "192.0.2.9")
		w.must(err)
		// One network, many accounts: IPv4 by /24, IPv6 by /64, mapped addresses as IPv4.
		for i := range maxFailures {
			ip := []string{fmt.Sprintf("192.0.2.%d", i), fmt.Sprintf("::ffff:192.0.2.%d", 100+i)}[i%2]
			_, err := w.signIn(fmt.Sprint("victim", i), "wrong wrong wrong", ip)
			w.want(err, errs.Unauthenticated)
			_, err = w.signIn(fmt.Sprint("victim6", i), "wrong wrong wrong", fmt.Sprintf("2001:db8::%d", i))
			w.want(err, errs.Unauthenticated)
		}
		_, err = w.signIn("anna", "correct horse battery", "192.0.2.200")
		w.want(err, errs.TooMany)
		_, err = w.signIn("anna", "correct horse battery", "2001:db8:0:0:ffff::1")
		w.want(err, errs.TooMany)
		_, err = w.signIn("anna", "correct horse battery", "2001:db8:0:1::1")
		w.must(err)
		w.clk.Advance(failureWindow)
		w.must(w.Sweep(w.ctx))
		if strings.Contains(w.dump(), "net:") {
			w.t.Fatal("swept failures are gone")
		}
	})
}

// TestAttack52_ManyAtOnce: guesses that arrive together are counted before they are tried.
func TestAttack52_ManyAtOnce(t *testing.T) {
	each(t, func(w world) {
		var wg sync.WaitGroup
		var tried atomic.Int64
		for range 50 {
			wg.Go(func() {
				if _, err := w.signIn("anna", "wrong wrong wrong", "192.0.2.1"); errs.Is(err, errs.Unauthenticated) {
					tried.Add(1)
				}
			})
		}
		wg.Wait()
		if n := tried.Load(); n != maxFailures {
			w.t.Fatalf("%d guesses were tried, want %d", n, maxFailures)
		}
	})
}

// TestAttack59_LongPasswordsCostNothing: beyond 1 kB refused before any hashing, on every way in.
func TestAttack59_LongPasswordsCostNothing(t *testing.T) {
	each(t, func(w world) {
		long := strings.Repeat("a b", 4<<20)
		w.hash = newHasher(params{memory: 1 << 20, passes: 20, lanes: 1, keySize: 32}) // would take minutes
		_, err := w.signIn("anna", long, "192.0.2.1")
		w.want(err, errs.TooLarge)
		w.want(w.SetPassword(w.ctx, SystemActor(), "anna", long), errs.TooLarge)
		_, err = w.ChangePassword(w.ctx, Credentials{PersonID: "anna", Password: "x"}, long)
		w.want(err, errs.TooLarge)
		if strings.Contains(w.dump(), "session.refuse") {
			w.t.Fatal("a refused length is no attempt")
		}
	})
	h := newHasher(cheap)
	var held []func()
	for range 2 {
		release, err := h.take(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, release)
	}
	if free := cap(h.slots) - len(h.slots); free != 0 {
		t.Fatalf("%d more hashes could run at once", free)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.take(ctx); !errs.Is(err, errs.Unavailable) {
		t.Fatalf("no more than two at once: %v", err)
	}
	h.waiting.Store(maxWaiting)
	if _, err := h.take(context.Background()); !errs.Is(err, errs.TooMany) {
		t.Fatal(err)
	}
	h.waiting.Store(0)
	for _, release := range held {
		release()
	}
}

func TestPasswordRules(t *testing.T) {
	for p, k := range map[string]errs.Kind{
		"short":                     errs.Invalid,
		"aaaaaaaaaaaaaa":            errs.Invalid,
		"Anna.Muster@Example.org":   errs.Invalid,
		"anna.muster":               errs.Invalid,
		"Ánna Müster":               errs.Invalid,
		strings.Repeat("ab c", 256): 255, // 1024 bytes
		strings.Repeat("é ", 400):   errs.TooLarge,
		"two words of mine":         255,
	} {
		err := CheckPassword(p, "anna.muster@example.org", "Anna Muster")
		if k == 255 && err != nil || k != 255 && !errs.Is(err, k) {
			t.Errorf("%.30q: %v", p, err)
		}
	}
}

func TestHashIsPHCAndUpgraded(t *testing.T) {
	h := newHasher(recommended)
	s := h.make("correct horse battery")
	if !strings.HasPrefix(s, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Fatal(s)
	}
	if ok, outdated := h.verify("correct horse battery", s); !ok || outdated {
		t.Fatal(ok, outdated)
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=65536,t=3,p=4$$", "$argon2id$v=19$m=4294967295,t=3,p=4$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5"} {
		if _, _, _, err := decodePHC(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
		if ok, _ := newHasher(cheap).verify("", bad); ok {
			t.Errorf("%q was matched", bad)
		}
	}
	each(t, func(w world) {
		w.hash = newHasher(params{memory: 128, passes: 1, lanes: 1, keySize: 32})
		_, err := w.signIn("anna", "correct horse battery", "")
		w.must(err)
		if !strings.Contains(w.dump(), "$m=128,") {
			w.t.Fatal("a hash of old costs is made anew when its password is typed")
		}
		_, err = w.signIn("anna", "correct horse battery", "")
		w.must(err)
	})
}

func BenchmarkHash(b *testing.B) {
	h := newHasher(recommended)
	for b.Loop() {
		h.make("correct horse battery")
	}
}
