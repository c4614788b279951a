package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// Reply tokens prove that a mail answers a mail of ours: a ticket number can be guessed and a subject can be copied, a
// token cannot (P12, attacks.md row 76). They stand in the address a reply goes to ("desk+TOKEN@example.org") and in the
// Message-ID it refers to.
//
// A token is lower-case base32 without padding: relays fold the case of addresses, and digits and letters survive
// everything. It holds the ticket number and an HMAC-SHA256 of it cut to 128 bits (RFC 2104 section 5 allows half).

// tagBytes is how much of the HMAC is kept: 128 bits.
const tagBytes = 16

// tokenMark starts every token, so that another plus-address of the desk is not taken for one.
const tokenMark = "t"

var tokenCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// The purposes keep a token of one kind from being accepted as another.
const (
	purposeReply = "bothways reply token v1"
	purposeID    = "bothways message id v1"
)

func tag(key []byte, purpose string, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose))
	h.Write([]byte{0})
	h.Write(data)
	return h.Sum(nil)[:tagBytes]
}

// NewReplyToken makes the token of a ticket by its number: 29 to 40 characters of a to z and 2 to 7. The same number and
// key always give the same token; key should be 32 random bytes that never change, as old mails are answered for years.
func NewReplyToken(key []byte, number int64) string {
	n := numberBytes(number)
	return tokenMark + tokenCode.EncodeToString(append(tag(key, purposeReply, n), n...))
}

// CheckReplyToken gives the ticket number that a token stands for; ok is false for anything we did not make with this key.
// Upper case is accepted. The comparison takes the same time for every wrong tag.
func CheckReplyToken(key []byte, token string) (number int64, ok bool) {
	token = strings.ToLower(token)
	if len(token) > 64 || !strings.HasPrefix(token, tokenMark) {
		return 0, false
	}
	b, err := tokenCode.DecodeString(token[len(tokenMark):])
	if err != nil || len(b) <= tagBytes || len(b) > tagBytes+8 {
		return 0, false
	}
	n := b[tagBytes:]
	if !hmac.Equal(b[:tagBytes], tag(key, purposeReply, n)) {
		return 0, false
	}
	var full [8]byte
	copy(full[8-len(n):], n)
	number = int64(binary.BigEndian.Uint64(full[:])) // #nosec G115: made from an int64
	if tokenCode.EncodeToString(b) != token[len(tokenMark):] || string(numberBytes(number)) != string(n) {
		return 0, false // one spelling only
	}
	return number, true
}

// numberBytes is the number without its leading zero bytes: short numbers make short addresses.
func numberBytes(number int64) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(number)) // #nosec G115: the bits are kept as they are
	i := 0
	for i < 7 && b[i] == 0 {
		i++
	}
	return b[i:]
}

// maxLocal is the longest local part SMTP carries (RFC 5321 4.5.3.1.1).
const maxLocal = 64

// ReplyAddress puts a token into a desk's address: "desk@example.org" becomes "desk+TOKEN@example.org". A local part that
// leaves no room is cut, so its server must accept what remains (tag addresses are routed by the part before the plus); ok
// is false then, and the address is given without a token: the Message-ID still carries the proof.
func ReplyAddress(address, token string) (reply string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 1 || i+1+len(token) > maxLocal {
		return address, false
	}
	return address[:i] + "+" + token + address[i:], true
}

// TokenOf finds the token in an address a mail was sent to, or "".
func TokenOf(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return ""
	}
	_, token, _ := strings.Cut(address[:i], "+")
	if j := strings.LastIndexByte(token, '+'); j >= 0 { // desk+team+TOKEN
		token = token[j+1:]
	}
	return strings.ToLower(token)
}

// MessageID makes the id of an outgoing mail from our own id of it (1 to 40 characters of letters, digits, "-", "_"), without
// angle brackets. It is fixed: a retry after an unknown outcome sends the same mail (P14).
func MessageID(key []byte, id, domain string) string {
	return id + "." + tokenCode.EncodeToString(tag(key, purposeID, []byte(id))) + "@" + domain
}

// CheckMessageID gives our own id back from a Message-ID that we made; ok is false for everybody else's. The domain is not
// looked at: it may have changed since. Case may have been folded on the way only in the tag, never in the id.
func CheckMessageID(key []byte, messageID string) (id string, ok bool) {
	local, _, found := strings.Cut(strings.Trim(messageID, "<> "), "@")
	i := strings.LastIndexByte(local, '.')
	if !found || i < 1 || i > 40 {
		return "", false
	}
	id = local[:i]
	got, err := tokenCode.DecodeString(strings.ToLower(local[i+1:]))
	if err != nil || !hmac.Equal(got, tag(key, purposeID, []byte(id))) {
		return "", false
	}
	return id, true
}
