package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bothways/bench/load"
	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/migrate"
)

// firstNumber is that of the generator's tickets: far above what the product's own counter reaches.
const firstNumber = 10_000_000

const sqlLast = `SELECT COALESCE(MAX(number), 0) FROM desk_ticket`

// filled makes a world of n tickets. PostgreSQL's is a copy of one that SQLite filled.
func (b *bench) filled(name string, n int) (*full, error) {
	if b.engine == "sqlite" {
		w, err := b.world(name, 50)
		if err != nil {
			return nil, err
		}
		return b.fill(w, n)
	}
	at, err := b.database(name)
	if err != nil {
		return nil, err
	}
	return b.copied(at, n)
}

// kept is the world at an address: as it is when it is full, else made there.
func (b *bench) kept(at string) (*full, error) {
	if path, ok := strings.CutPrefix(at, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			w, err := b.worldAt(at, 50)
			if err != nil {
				return nil, err
			}
			return b.fill(w, b.tickets)
		}
		return b.open(at)
	}
	d, err := db.Open(context.Background(), at)
	if err != nil {
		return nil, err
	}
	full, err := migrate.Up(context.Background(), d)
	_ = d.Close()
	if err != nil {
		return nil, err
	}
	if full.From > 0 {
		return b.open(at)
	}
	return b.copied(at, b.tickets)
}

// open reads a world that was kept.
func (b *bench) open(at string) (*full, error) {
	ctx := context.Background()
	d, err := db.Open(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Close() }()
	if _, err := migrate.Up(ctx, d); err != nil {
		return nil, err
	}
	var last int64
	if err := d.Read().QueryRow(ctx, sqlLast).Scan(&last); err != nil {
		return nil, err
	}
	w := &world{url: at}
	f := &full{world: w, first: firstNumber, n: int(last-firstNumber) + 1}
	if w.token, err = b.token(at); err != nil {
		return nil, err
	}
	return f, nil
}

// fill fills a world of SQLite.
func (b *bench) fill(w *world, n int) (*full, error) {
	f := &full{world: w, first: firstNumber, n: n}
	return f, b.inside(w, func(a *app.App, _ auth.Actor) error {
		ctx, start := context.Background(), time.Now()
		cast, err := load.People(ctx, a, 40, 12, 20, 5000)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "bench: %d people after %s\n", len(cast.Customers), time.Since(start).Round(time.Second))
		err = load.Fill(ctx, a, cast, load.Shape{Seed: b.seed, Tickets: n, Messages: 3, Open: 10, First: f.first}, 0, func(done int) {
			fmt.Fprintf(os.Stderr, "bench: %d tickets after %s\n", done, time.Since(start).Round(time.Second))
		})
		fmt.Fprintf(os.Stderr, "bench: filled after %s\n", time.Since(start).Round(time.Second))
		return err
	})
}

// copied fills a database of PostgreSQL from a world of SQLite: the one that was named, else a new one.
func (b *bench) copied(at string, n int) (*full, error) {
	from := *copied
	if from == "" {
		from = "sqlite:" + filepath.Join(b.dir, "million.db")
		w, err := b.worldAt(from, 50)
		if err != nil {
			return nil, err
		}
		if _, err := b.fill(w, n); err != nil {
			return nil, err
		}
		defer func() { _ = os.Remove(strings.TrimPrefix(from, "sqlite:")) }()
	}
	ctx, start := context.Background(), time.Now()
	source, err := db.Open(ctx, from)
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	to, err := db.Open(ctx, at)
	if err != nil {
		return nil, err
	}
	_, err = migrate.Up(ctx, to)
	if err == nil {
		err = load.Copy(ctx, source, to, func(table string, rows int64) {
			if rows >= 100_000 {
				fmt.Fprintf(os.Stderr, "bench: %d of %s after %s\n", rows, table, time.Since(start).Round(time.Second))
			}
		})
	}
	_ = to.Close()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "bench: copied after %s\n", time.Since(start).Round(time.Second))
	return b.open(at)
}

// worldAt makes a world at an address.
func (b *bench) worldAt(at string, customers int) (*world, error) {
	secret := filepath.Join(b.dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return nil, err
	}
	if _, err := b.command("init", "--data", b.dir, "--database", at, "--admin-email", agent, "--admin-password-file", secret); err != nil {
		return nil, err
	}
	token, err := b.token(at)
	if err != nil {
		return nil, err
	}
	w := &world{at, token}
	return w, w.enrol(customers)
}

// token makes the agent a token.
func (b *bench) token(at string) (string, error) {
	out, err := b.command("token", "create", "--data", b.dir, "--database", at, "--person", agent)
	if err != nil {
		return "", err
	}
	i := strings.Index(out, "bw_")
	if i < 0 {
		return "", fmt.Errorf("token create printed no token: %s", out)
	}
	return strings.Fields(out[i:])[0], nil
}
