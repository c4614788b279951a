package event

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Event is one thing that happened.
type Event struct {
	Stream  string // ticket id
	Seq     int64  // 1, 2, 3, … in the stream
	ID      string
	At      time.Time // whole seconds, UTC, never before the event before
	Kind    string
	Actor   string // person id or "system"
	Behalf  string // person id, when the actor acted for somebody else
	Channel string // mail, portal, desk, api, phone, cli, timer
	Data    string // JSON of ids, enums and figures; "{}" when there is none
	Digest  string // over this event and the digest before it
}

// Head is the end of a stream.
type Head struct {
	Stream string
	Seq    int64
	At     time.Time
	Digest string
}

// digest chains an event to the one before it: SHA-256 over the fields that make it, lengths first so that no two
// different events read the same. Texts of people are not among them.
func digest(prev string, e Event) string {
	h := sha256.New()
	for _, s := range []string{prev, e.Stream, strconv.FormatInt(e.Seq, 10), e.ID, strconv.FormatInt(e.At.Unix(), 10), e.Kind, e.Actor, e.Behalf, e.Channel, hashed(e.Data)} {
		_, _ = h.Write([]byte(strconv.Itoa(len(s)) + ":" + s))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
