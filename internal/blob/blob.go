// Package blob keeps files by the SHA-256 of their bytes, in the database in chunks, so that a file and what refers to it are
// committed together and backed up together on both engines (ADR 3).
//
// It owns blob_object and blob_chunk. The same bytes are kept once. Who may read a file is decided by what refers to it.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"time"

	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
)

// chunkSize is how much is held in memory of a file that streams through.
const chunkSize = 256 << 10

// Ref names stored bytes.
type Ref struct {
	SHA256 string // hex
	Size   int64
}

// Put stores bytes in the caller's transaction.
func Put(ctx context.Context, tx *db.Tx, body []byte, at time.Time) (Ref, error) {
	sum := sha256.Sum256(body)
	r := Ref{hex.EncodeToString(sum[:]), int64(len(body))}
	n, err := tx.Exec(ctx, sqlInsert, r.SHA256, r.Size, clock.Micros(at))
	if err != nil || n == 0 { // 0: these bytes are here already
		return r, err
	}
	for i := 0; len(body) > 0; i++ {
		c := body[:min(chunkSize, len(body))]
		if _, err := tx.Exec(ctx, sqlInsertChunk, r.SHA256, i, c); err != nil {
			return r, err
		}
		body = body[len(c):]
	}
	return r, nil
}

// Reader streams stored bytes, checking them against their digest: Read gives Internal at the end when they differ.
type Reader struct {
	ctx  context.Context
	q    db.Querier
	ref  Ref
	n    int
	left int64
	buf  []byte
	sum  hash.Hash
}

// Open begins to read stored bytes. Errors: NotFound.
func Open(ctx context.Context, q db.Querier, sha string) (*Reader, error) {
	r := &Reader{ctx: ctx, q: q, ref: Ref{SHA256: sha}, sum: sha256.New()}
	if err := q.QueryRow(ctx, sqlHave, sha).Scan(&r.ref.Size); err != nil {
		return nil, err
	}
	r.left = r.ref.Size
	return r, nil
}

// Size is how many bytes there are in all.
func (r *Reader) Size() int64 { return r.ref.Size }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if len(r.buf) == 0 {
		if r.left == 0 {
			if hex.EncodeToString(r.sum.Sum(nil)) != r.ref.SHA256 {
				return 0, errs.New(errs.Internal, "blob.Read", "stored bytes of %s differ from their digest", r.ref.SHA256)
			}
			return 0, io.EOF
		}
		var body []byte
		if err := r.q.QueryRow(r.ctx, sqlChunk, r.ref.SHA256, r.n).Scan(&body); err != nil {
			return 0, err
		}
		if len(body) == 0 || int64(len(body)) > r.left {
			return 0, errs.New(errs.Internal, "blob.Read", "chunk %d of %s has a wrong length", r.n, r.ref.SHA256)
		}
		r.n++
		r.left -= int64(len(body))
		_, _ = r.sum.Write(body)
		r.buf = body
	}
	n := copy(p, r.buf)
	r.buf = r.buf[n:]
	return n, nil
}
