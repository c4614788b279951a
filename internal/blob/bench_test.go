package blob_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bothways/internal/blob"
	"bothways/internal/db"
	"bothways/internal/kit/id"
	"bothways/internal/migrate/dbtest"
)

// BenchmarkPut stores a megabyte durably: in the database of each engine, and as a file with fsync for comparison (ADR 3).
func BenchmarkPut(b *testing.B) {
	const size = 1 << 20
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		b.Run(string(e), func(b *testing.B) {
			d := dbtest.Open(b, e)
			b.SetBytes(size)
			for b.Loop() {
				body := id.Bytes(size)
				if err := d.Write(context.Background(), func(tx *db.Tx) error {
					_, err := blob.Put(context.Background(), tx, body, time.Unix(9, 0))
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("file", func(b *testing.B) {
		dir := b.TempDir()
		b.SetBytes(size)
		for b.Loop() {
			f, err := os.Create(filepath.Join(dir, id.New()))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := f.Write(id.Bytes(size)); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
