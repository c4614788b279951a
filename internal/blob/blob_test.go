package blob_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/migrate/dbtest"
)

func TestBytesComeBackAndDamageIsSeen(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, size := range []int{0, 1, 256 << 10, 256<<10 + 1, 700_000} {
			body := bytes.Repeat([]byte{0, 'a', 0xff}, size/3+1)[:size]
			var ref blob.Ref
			for range 2 { // the same bytes twice are kept once
				if err := d.Write(ctx, func(tx *db.Tx) (err error) { ref, err = blob.Put(ctx, tx, body, time.Unix(9, 0)); return err }); err != nil {
					t.Fatal(err)
				}
			}
			r, err := blob.Open(ctx, d.Read(), ref.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, body) || r.Size() != int64(size) {
				t.Fatalf("size %d: %d bytes, %v", size, len(got), err)
			}
			if size < 700_000 {
				continue
			}
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE blob_chunk SET body = $1 WHERE sha256 = $2 AND n = 2`, bytes.Repeat([]byte{'x'}, 700_000-2*256<<10), ref.SHA256)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			r, _ = blob.Open(ctx, d.Read(), ref.SHA256)
			if _, err := io.ReadAll(r); !errs.Is(err, errs.Internal) {
				t.Fatalf("damaged bytes were read without a word: %v", err)
			}
		}
		if _, err := blob.Open(ctx, d.Read(), "00"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("%v", err)
		}
	})
}
