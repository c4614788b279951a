package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/text"
)

// A subject (an account, a network, a known device) may fail this often in this time.
const (
	maxFailures   = 10
	failureWindow = 10 * time.Minute
)

// Throttled is the cause of a TooMany error: when to try again. Edges make Retry-After of it.
type Throttled struct{ Until time.Time }

// Error is the text for the log.
func (t *Throttled) Error() string { return "throttled until " + t.Until.Format(time.RFC3339) }

// ThrottledUntil finds when to try again in an error of SignIn; false when it is none of being too many.
func ThrottledUntil(err error) (time.Time, bool) {
	var t *Throttled
	if errors.As(err, &t) {
		return t.Until, true
	}
	return time.Time{}, false
}

// subjects are what an attempt is counted on. An account nobody has is counted like one that exists, so that being locked
// tells nothing. From a device the person has signed in on before, an attempt counts on that device alone: a stranger who
// fails for somebody does not lock them out (OWASP, device cookies).
func (s *Service) subjects(ctx context.Context, c Credentials) ([]string, error) {
	if c.PersonID != "" && c.Device != "" {
		ok, err := s.knownDevice(ctx, c.PersonID, c.Device)
		if err != nil {
			return nil, err
		}
		if ok {
			return []string{"device:" + id.Digest(c.Device)}, nil
		}
	}
	account := "person:" + c.PersonID
	if c.PersonID == "" {
		account = "address:" + id.Digest(text.Address(c.Account))
	}
	if n := network(c.IP); n != "" {
		return []string{account, "net:" + n}, nil
	}
	return []string{account}, nil
}

// network is the /24 or /64 an address is in: whoever has one address of it has them all. "" for no address at all.
func network(ip string) string {
	if ip == "" {
		return ""
	}
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if a.IsLoopback() || a.IsPrivate() {
		return "" // a reverse proxy, or everybody of one house: counting them together would lock all of them out
	}
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// attempt counts an attempt as failed before it is known to be, so that many at once cannot slip through. Errors: TooMany, which
// begins with the words of many.
func (s *Service) attempt(ctx context.Context, subjects []string, many string) error {
	now := s.clk.Now()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var until time.Time
		for _, subject := range subjects {
			var n, since int64
			err := tx.QueryRow(ctx, sqlFailureAdd, subject, clock.Micros(now), clock.Micros(now.Add(-failureWindow))).Scan(&n, &since)
			if err != nil {
				return err
			}
			if u := clock.FromMicros(since).Add(failureWindow); n > maxFailures && u.After(until) {
				until = u
			}
		}
		if until.IsZero() {
			return nil
		}
		return errs.Wrap(errs.TooMany, "auth.SignIn", &Throttled{until}, "%s Try again in %s.", many, minutes(until.Sub(now)))
	})
}

func minutes(d time.Duration) string {
	n := int((d + time.Minute - 1) / time.Minute)
	if n <= 1 {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// succeeded takes the attempt back: the account begins anew, its network keeps what others failed.
func succeeded(ctx context.Context, tx *db.Tx, subjects []string) error {
	for i, subject := range subjects {
		q := sqlFailureClear
		if i > 0 {
			q = sqlFailureUndo
		}
		if _, err := tx.Exec(ctx, q, subject); err != nil {
			return err
		}
	}
	return nil
}

// deviceKey names the key that known devices are marked with.
const deviceKey = "auth.device"

// NewDevice marks a device as one this person has signed in on. The edge gives it to the browser after a sign-in and hands it
// to the next SignIn: see [Credentials]. It opens nothing.
func (s *Service) NewDevice(ctx context.Context, personID string) (string, error) {
	key, err := s.Key(ctx, deviceKey, 32)
	if err != nil {
		return "", err
	}
	nonce := base64.RawURLEncoding.EncodeToString(id.Bytes(16))
	return nonce + "." + deviceMark(key, personID, nonce), nil
}

func (s *Service) knownDevice(ctx context.Context, personID, device string) (bool, error) {
	nonce, mark, ok := strings.Cut(device, ".")
	if !ok || len(nonce) != 22 {
		return false, nil
	}
	key, err := s.Key(ctx, deviceKey, 32)
	if err != nil {
		return false, err
	}
	return hmac.Equal([]byte(mark), []byte(deviceMark(key, personID, nonce))), nil
}

func deviceMark(key []byte, personID, nonce string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(personID + "." + nonce))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
