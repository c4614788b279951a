// Package spill puts a log on disk in parts, so that reading one again needs the memory of one: what belongs together goes into one part, and
// parts that are each in order are merged into one order.
package spill

import (
	"bufio"
	"container/heap"
	"encoding/gob"
	"errors"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"bothways/internal/kit/errs"
)

// Parts is how many files a log is divided into by case: of one part all rows are in memory at a time.
const Parts = 64

// Spill is such parts. Close it whatever happens.
type Spill struct {
	dir  string
	open []*os.File
	buf  []*bufio.Writer
	enc  []*gob.Encoder
}

// New makes one in a folder of its own below dir. Errors: Unavailable for no room.
func New(dir, kind string) (*Spill, error) {
	s := &Spill{dir: filepath.Join(dir, kind)}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, NoRoom(err)
	}
	for i := range Parts {
		f, err := os.Create(s.path(i))
		if err != nil {
			s.Close()
			return nil, NoRoom(err)
		}
		w := bufio.NewWriterSize(f, 1<<14)
		s.open, s.buf, s.enc = append(s.open, f), append(s.buf, w), append(s.enc, gob.NewEncoder(w))
	}
	return s, nil
}

// NoRoom says that something could not be put on disk.
func NoRoom(err error) error {
	return errs.Wrap(errs.Unavailable, "replay", err, "The log can't be put on disk on its way: %v. Is there room in the folder for temporary files (TMPDIR)?", err)
}

func (s *Spill) path(i int) string { return filepath.Join(s.dir, strconv.Itoa(i)) }

// Part is where everything of a case goes.
func Part(caseName string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(caseName))
	return int(h.Sum32() % Parts)
}

// Put adds a value to a part.
func (s *Spill) Put(i int, v any) error {
	if err := s.enc[i].Encode(v); err != nil {
		return NoRoom(err)
	}
	return nil
}

// End writes what is left: it can be read from then on.
func (s *Spill) End() error {
	var all []error
	for i, w := range s.buf {
		all = append(all, w.Flush(), s.open[i].Close())
	}
	s.open = nil
	if err := errors.Join(all...); err != nil {
		return NoRoom(err)
	}
	return nil
}

// Close closes what is open.
func (s *Spill) Close() {
	for _, f := range s.open {
		_ = f.Close()
	}
}

// reading reads one part from its beginning.
type reading[T any] struct {
	f   *os.File
	dec *gob.Decoder
	now T
}

func open[T any](s *Spill, i int) (*reading[T], error) {
	f, err := os.Open(s.path(i))
	if err != nil {
		return nil, NoRoom(err)
	}
	return &reading[T]{f: f, dec: gob.NewDecoder(bufio.NewReaderSize(f, 1<<14))}, nil
}

// next reads one more; false at the end, when the file is closed.
func (r *reading[T]) next() (bool, error) {
	var v T // gob leaves fields alone that are zero
	err := r.dec.Decode(&v)
	if err == nil {
		r.now = v
		return true, nil
	}
	_ = r.f.Close()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return false, NoRoom(err)
}

// Each gives what is in a part, in the order it was put there, and removes it.
func Each[T any](s *Spill, i int, fn func(T) error) error {
	in, err := open[T](s, i)
	if err != nil {
		return err
	}
	for {
		more, err := in.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := fn(in.now); err != nil {
			_ = in.f.Close()
			return err
		}
	}
	if err := os.Remove(s.path(i)); err != nil { // its room is needed for what comes
		return NoRoom(err)
	}
	return nil
}

// merged is the parts of which something is left, the next value on top.
type merged[T any] struct {
	all   []*reading[T]
	order func(a, b T) int
}

func (m *merged[T]) Len() int           { return len(m.all) }
func (m *merged[T]) Less(i, j int) bool { return m.order(m.all[i].now, m.all[j].now) < 0 }
func (m *merged[T]) Swap(i, j int)      { m.all[i], m.all[j] = m.all[j], m.all[i] }
func (m *merged[T]) Push(x any)         { m.all = append(m.all, x.(*reading[T])) }
func (m *merged[T]) Pop() any {
	last := m.all[len(m.all)-1]
	m.all = m.all[:len(m.all)-1]
	return last
}

// Merge gives what is in all parts, each of which is in order, in that order.
func Merge[T any](s *Spill, order func(a, b T) int, fn func(T) error) error {
	m := &merged[T]{order: order}
	defer func() {
		for _, r := range m.all {
			_ = r.f.Close()
		}
	}()
	for i := range Parts {
		r, err := open[T](s, i)
		if err != nil {
			return err
		}
		if more, err := r.next(); err != nil {
			return err
		} else if more {
			m.all = append(m.all, r)
		}
	}
	heap.Init(m)
	for len(m.all) > 0 {
		if err := fn(m.all[0].now); err != nil {
			return err
		}
		more, err := m.all[0].next()
		switch {
		case err != nil:
			return err
		case more:
			heap.Fix(m, 0)
		default:
			heap.Pop(m)
		}
	}
	return nil
}
