// Package id makes identifiers and secrets. It is the only caller of random sources.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	mrand "math/rand/v2"

	"github.com/google/uuid"
)

// New is a UUIDv7 (RFC 9562 §5.7) as text: unique, and sorted by the time it was made.
func New() string {
	if s := seeded.Load(); s != nil {
		return s.next()
	}
	return uuid.Must(uuid.NewV7()).String()
}

// Valid says whether s has the shape of an id made by New.
func Valid(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// Secret is 256 random bits in base64url behind a prefix that scanners can look for.
func Secret(prefix string) string {
	return prefix + base64.RawURLEncoding.EncodeToString(Bytes(32))
}

// Bytes is n random bytes.
func Bytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24: it ends the process instead
	return b
}

// Digest is what is stored of a secret of high entropy: its SHA-256 in hex. It is no password hash.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Jitter is a random share of n in [0,n): spreads retries so that they do not come together.
func Jitter(n int64) int64 {
	if n <= 0 {
		return 0
	}
	return mrand.Int64N(n)
}
