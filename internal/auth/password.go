package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// Limits of a password: NIST SP 800-63B asks for length, not for kinds of characters.
const (
	minPassword = 10
	maxPassword = 1024 // bytes; more is refused before any hashing (CVE-2023-30082)
)

// params are argon2id's costs.
type params struct {
	memory  uint32 // KiB
	passes  uint32
	lanes   uint8
	keySize uint32
}

// recommended is the second recommended option of RFC 9106 §4 (64 MiB, three passes, four lanes): about 0.1 s on two cores.
var recommended = params{memory: 64 * 1024, passes: 3, lanes: 4, keySize: 32}

// hasher computes at most two hashes at once, so that sign-ins cannot take the memory or the cores from everybody else.
type hasher struct {
	params  params
	slots   chan struct{}
	waiting atomic.Int64
	dummy   string // what a person without a password is compared to
}

const (
	hashesAtOnce = 2
	maxWaiting   = 64
	saltSize     = 16
)

func newHasher(p params) *hasher {
	h := &hasher{params: p, slots: make(chan struct{}, hashesAtOnce)}
	h.dummy = p.encode(id.Bytes(saltSize), id.Bytes(int(p.keySize)))
	return h
}

// take waits for a slot. Errors: TooMany when too many wait already, Unavailable when the caller gave up.
func (h *hasher) take(ctx context.Context) (release func(), err error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, errs.New(errs.TooMany, "auth.hash", "Very many people are signing in at this moment. Try again in a minute.")
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, errs.Wrap(errs.Unavailable, "auth.hash", ctx.Err(), "This took too long and was stopped. Try again.")
	}
}

// make hashes a password into a PHC string. The caller holds a slot.
func (h *hasher) make(password string) string {
	salt := id.Bytes(saltSize)
	return h.params.encode(salt, h.params.key(password, salt))
}

// verify compares a password with a stored hash, or with the dummy when there is none: the same work either way. outdated says
// that the stored hash has other costs than today's.
func (h *hasher) verify(password, stored string) (ok, outdated bool) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	p, salt, want, err := decodePHC(stored)
	if err != nil {
		p, salt, want, _ = decodePHC(h.dummy)
		known = false
	}
	same := subtle.ConstantTimeCompare(p.key(password, salt), want) == 1
	return same && known, p != h.params
}

func (p params) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, p.passes, p.memory, p.lanes, p.keySize)
}

func (p params) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.passes, p.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// decodePHC reads a PHC string, within bounds that no hash of ours leaves.
func decodePHC(s string) (p params, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	bad := errs.New(errs.Internal, "auth.decodePHC", "a stored password hash is not readable")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, bad
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil || n != 3 {
		return p, nil, nil, bad
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, nil, nil, bad
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, nil, nil, bad
	}
	p.keySize = uint32(len(key))
	if p.memory < 8 || p.memory > 1<<20 || p.passes < 1 || p.passes > 20 || p.lanes < 1 || p.lanes > 16 || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return p, nil, nil, bad
	}
	return p, salt, key, nil
}

// tooLong refuses what could only be there to keep the server busy, before anything is computed.
func tooLong(op, password string) error {
	if len(password) > maxPassword {
		return errs.New(errs.TooLarge, op, "A password has at most %d bytes. Choose a shorter one.", maxPassword)
	}
	return nil
}

// CheckPassword says what is wrong with a password somebody chose; own are the person's addresses and name, which it must not
// be. Errors: TooLarge, Invalid.
func CheckPassword(password string, own ...string) error {
	const op = "auth.CheckPassword"
	if err := tooLong(op, password); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(password); n < minPassword {
		return errs.In(op, "password", "It has %d characters; it needs at least %d. A few words are easy to keep in mind.", n, minPassword)
	}
	if strings.Trim(password, password[:1]) == "" {
		return errs.In(op, "password", "It is one character again and again. Choose another.")
	}
	key := text.Fold(password)
	for _, o := range own {
		local, _, _ := strings.Cut(o, "@")
		if key == text.Fold(o) || key == text.Fold(local) {
			return errs.In(op, "password", "It is your own address or name, which everybody knows. Choose another.")
		}
	}
	return nil
}
