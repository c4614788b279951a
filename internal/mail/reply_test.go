package mail

import (
	"math"
	"strings"
	"testing"
)

var key = []byte("0123456789abcdef0123456789abcdef")

func TestReplyToken(t *testing.T) {
	for _, n := range []int64{0, 1, 255, 256, 1001, 1 << 40, math.MaxInt64, -1, math.MinInt64} {
		token := NewReplyToken(key, n)
		if got, ok := CheckReplyToken(key, token); !ok || got != n {
			t.Errorf("%d: %q gives %d %v", n, token, got, ok)
		}
		if got, ok := CheckReplyToken(key, strings.ToUpper(token)); !ok || got != n {
			t.Errorf("%d: a relay that folds case breaks it", n)
		}
		if len(token) > 40 || token != strings.ToLower(token) {
			t.Errorf("%q", token)
		}
		if _, ok := CheckReplyToken([]byte("another key"), token); ok {
			t.Errorf("%d: another key accepts it", n)
		}
		address, ok := ReplyAddress("service-desk@example.org", token)
		if local, _, _ := strings.Cut(address, "@"); !ok || len(local) > 64 || TokenOf(address) != token || ValidateAddress(address) != nil {
			t.Errorf("%q %v", address, ok)
		}
	}
}

// TestAttack76_TokensCannotBeGuessedOrMoved: no other ticket's token, no changed letter, no token of another kind.
func TestAttack76_TokensCannotBeGuessedOrMoved(t *testing.T) {
	token := NewReplyToken(key, 1001)
	other := NewReplyToken(key, 1002)
	forged := []string{
		"", "1001", "t1001", token[:len(token)-1], token + "a", token + "aaaaaaaa", " " + token, "x" + token[1:],
		other[:27] + token[27:], token[:27] + other[27:], strings.Repeat("a", 64), strings.Repeat("a", 10000),
		"t" + strings.TrimSuffix(strings.Split(MessageID(key, "1001", "x"), ".")[1], "@x"),
	}
	for i := 1; i < len(token); i++ { // every letter counts, the bits in the last one too
		for _, c := range "abcdefghijklmnopqrstuvwxyz234567" {
			if byte(c) != token[i] {
				forged = append(forged, token[:i]+string(c)+token[i+1:])
			}
		}
	}
	for _, f := range forged {
		if n, ok := CheckReplyToken(key, f); ok {
			t.Errorf("%q was taken for ticket %d", f, n)
		}
	}
	if _, ok := ReplyAddress(strings.Repeat("a", 40)+"@example.org", token); ok {
		t.Error("an address that is too long got a token")
	}
}

func TestMessageID(t *testing.T) {
	id := MessageID(key, "0190a0b0-1234-7abc-8def-0123456789ab", "example.org")
	if !validID(id) {
		t.Fatal(id)
	}
	for _, s := range []string{id, "<" + id + ">", strings.Replace(id, "example.org", "other.example", 1)} {
		if got, ok := CheckMessageID(key, s); !ok || got != "0190a0b0-1234-7abc-8def-0123456789ab" {
			t.Errorf("%q: %q %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "@", "x@y", ".@", strings.Replace(id, "0190", "0191", 1), strings.Replace(id, ".", "..", 1), "a" + id, strings.Repeat("a", 100) + "." + id,
		"1." + NewReplyToken(key, 1)[1:] + "@example.org"} {
		if got, ok := CheckMessageID(key, s); ok {
			t.Errorf("%q was taken for %q", s, got)
		}
	}
}

// FuzzReplyToken: only what we made is accepted, and it comes back as it was.
func FuzzReplyToken(f *testing.F) {
	f.Add("", int64(0))
	f.Add(NewReplyToken(key, 1001), int64(1001))
	f.Add("t"+strings.Repeat("a", 28), int64(-1))
	f.Fuzz(func(t *testing.T, token string, number int64) {
		if n, ok := CheckReplyToken(key, token); ok && NewReplyToken(key, n) != strings.ToLower(token) {
			t.Fatalf("%q was accepted as %d", token, n)
		}
		if n, ok := CheckReplyToken(key, NewReplyToken(key, number)); !ok || n != number {
			t.Fatalf("%d came back as %d %v", number, n, ok)
		}
		if id, ok := CheckMessageID(key, token); ok && !strings.HasPrefix(MessageID(key, id, ""), id) {
			t.Fatalf("%q was accepted as %q", token, id)
		}
	})
}
