package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// A POST that names itself is carried out at most once. Before it runs, a claim with the digest of what it says is committed;
// after it, its answer is written over the claim. Of two at once the second finds the claim and is told to wait. What was refused
// changed nothing, so its claim is taken back and the caller may mend it under the same key.
//
// The claim and the act are two transactions. If the process ends between the act's commit and the answer's, the claim stays
// without an answer: a repeat is then told that nobody knows (and never carried out a second time), which is the safe side.

const (
	keepAnswers = 48 * time.Hour
	mostWorking = 10 * time.Minute // longer than any request runs: a claim as old as this lost its process
	mostKey     = 200
)

// stored is a claim, and its answer once there is one.
type stored struct {
	digest string
	status int64 // 0: no answer yet
	head   string
	body   []byte
	at     time.Time
}

// answerHeaders are the headers that are part of an answer.
var answerHeaders = []string{"Content-Type", "ETag", "Location"}

// once carries out a POST with an Idempotency-Key once.
func (h *Handler) once(c huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(c)
	key := r.Header.Get(host.IdempotencyHeader)
	if key == "" || r.Method != http.MethodPost {
		next(c)
		return
	}
	if len(key) > mostKey || !printable(key) {
		h.refuse(w, r, errs.In("api.once", host.IdempotencyHeader, "It is not 1 to 200 printable ASCII characters. A UUID is a good one."))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, c.Operation().MaxBodyBytes))
	if err != nil {
		h.refuse(w, r, newProblem(http.StatusRequestTimeout, ""))
		return
	}
	r = r.WithContext(r.Context()) // a copy of its own: the body is put back in it
	r.Body = io.NopCloser(bytes.NewReader(body))
	k := claim{h: h, person: callOf(r.Context()).by.PersonID, key: key, digest: digest(r, body)}
	found, err := k.take(r.Context())
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if found != nil {
		h.repeat(w, r, c, *found, k.digest)
		return
	}
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	ended := false
	defer func() {
		k.end(context.WithoutCancel(r.Context()), rec, ended)
		if ended { // else the handler panics, and rescue answers
			rec.send()
		}
	}()
	next(humago.NewContext(c.Operation(), r, rec))
	ended = true
}

// digest is what makes two requests the same.
func digest(r *http.Request, body []byte) string {
	d := sha256.New()
	_, _ = io.WriteString(d, r.Method+" "+r.URL.Path+"\n")
	_, _ = d.Write(body)
	return hex.EncodeToString(d.Sum(nil))
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// claim is the right to carry out one named request.
type claim struct {
	h                   *Handler
	person, key, digest string
}

// take claims the request; when it was claimed before, it gives what is stored.
func (k claim) take(ctx context.Context) (*stored, error) {
	var found *stored
	err := k.h.DB.Write(ctx, func(tx *db.Tx) error {
		found = nil
		n, err := tx.Exec(ctx, sqlClaim, k.person, k.key, k.digest, []byte{}, clock.Micros(k.h.clk.Now()))
		if err != nil || n == 1 {
			return err
		}
		a, err := scanStored(tx.QueryRow(ctx, sqlClaimed, k.person, k.key))
		found = &a
		return err
	})
	return found, err
}

// end writes the answer over the claim, or takes the claim back when nothing was done. What was done and could not be answered
// keeps its claim.
func (k claim) end(ctx context.Context, rec *recorder, ended bool) {
	acted := callOf(ctx).acted
	done := ended && rec.status < http.StatusMultipleChoices
	if !done && acted {
		return
	}
	err := k.h.DB.Write(ctx, func(tx *db.Tx) error {
		if !done {
			_, err := tx.Exec(ctx, sqlRelease, k.person, k.key)
			return err
		}
		head := map[string]string{}
		for _, name := range answerHeaders {
			if v := rec.Header().Get(name); v != "" {
				head[name] = v
			}
		}
		b, err := json.Marshal(head)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlAnswer, rec.status, string(b), rec.body.Bytes(), k.person, k.key)
		return err
	})
	if err != nil {
		k.h.log.WarnContext(ctx, "the answer to a named request could not be kept", "error", err)
	}
}

// repeat answers a request that was claimed before. Rights are those of now, not of then.
func (h *Handler) repeat(w http.ResponseWriter, r *http.Request, c huma.Context, a stored, same string) {
	const op = "api.repeat"
	switch {
	case a.digest != same:
		h.refuse(w, r, errs.In(op, host.IdempotencyHeader, "It was used for another request already. Send this one with a new key.").Reason("idempotency-key-reused"))
	case a.status == 0 && h.clk.Now().Sub(a.at) < mostWorking:
		w.Header().Set("Retry-After", "1")
		h.refuse(w, r, errs.New(errs.Conflict, op, "The same request is being carried out. Send it again in a moment for its answer.").Reason("idempotency-in-progress"))
	case a.status == 0:
		h.refuse(w, r, errs.New(errs.Conflict, op, "The server stopped while it carried out this request, and whether it was done is not known. Look, and send it with a new key if it was not.").Reason("idempotency-outcome-unknown"))
	default:
		if err := h.stillReads(r.Context(), callOf(r.Context()).by, c.Param("number")); err != nil {
			h.refuse(w, r, err)
			return
		}
		var head map[string]string
		if err := json.Unmarshal([]byte(a.head), &head); err != nil {
			h.refuse(w, r, err)
			return
		}
		for k, v := range head {
			w.Header().Set(k, v)
		}
		w.Header().Set("Idempotency-Replayed", "true")
		w.WriteHeader(int(a.status))
		_, _ = w.Write(a.body)
	}
}

func (h *Handler) stillReads(ctx context.Context, by auth.Actor, ref string) error {
	if ref == "" {
		return nil
	}
	number, err := desk.ParseRef(ref)
	if err != nil {
		return err
	}
	_, err = h.Desk.Get(ctx, by, number)
	return err
}

// Prune forgets answers older than 48 hours and says how many. A job calls it now and then.
func (h *Handler) Prune(ctx context.Context) (int64, error) {
	var n int64
	err := h.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, sqlPrune, clock.Micros(h.clk.Now().Add(-keepAnswers)))
		return err
	})
	return n, err
}

// recorder holds an answer back until it is kept: who has got it may repeat the request at once.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// send gives the answer to the caller.
func (r *recorder) send() {
	r.ResponseWriter.WriteHeader(r.status)
	_, _ = r.ResponseWriter.Write(r.body.Bytes())
}

// Unwrap serves http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
