// Package logfile reads the files that logs come in, row by row: tables with a head, and event logs of IEEE 1849 (XES), packed or not.
// What a row means is not known here.
package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// counted counts what was read of a file, packed as it lies there.
type counted struct {
	io.Reader
	n *int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}

// File is one file of a log.
type File struct {
	Name string // without its folder
	file *os.File
	in   *bufio.Reader
}

// Open opens a file, unpacking it when it is packed. read counts its bytes as they lie there. Errors: NotFound, Invalid.
func Open(path string, read *int64) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.Wrap(errs.NotFound, "replay", err, "The log %s can't be read: %v.", path, errors.Unwrap(err))
	}
	s := &File{Name: filepath.Base(path), file: f, in: bufio.NewReaderSize(counted{f, read}, 1<<16)}
	if magic, err := s.in.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(s.in)
		if err != nil {
			_ = f.Close()
			return nil, errs.Wrap(errs.Invalid, "replay", err, "The log %s looks packed and can't be unpacked: %v.", path, err)
		}
		s.in = bufio.NewReaderSize(z, 1<<16)
	}
	return s, nil
}

// Close closes it.
func (s *File) Close() { _ = s.file.Close() }

// broken is an error in a file's shape, after which nothing of it can be read.
func (s *File) broken(err error) error {
	return errs.Wrap(errs.Invalid, "replay", err, "The log %s ends before it is whole, or is damaged: %v. Nothing of it is kept.", s.Name, err)
}

// Cells gives the cell of a column; "" where there is none.
type Cells func(column string) string

// Visit is told of every row: its line or number, its cells, and what is wrong with it ("" nothing).
type Visit func(n int64, get Cells, why string) error

// What can be wrong with a row of a table.
const (
	WhyCells  = "it has more or fewer cells than the head"
	WhyQuotes = "its quotes do not close"
)

// CSV reads a table with a head, which begin is told; its error ends the reading. Errors: Invalid for what is no table.
func (s *File) CSV(ctx context.Context, begin func(head []string) error, fn Visit) error {
	if mark, err := s.in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = s.in.Discard(3)
	}
	r := csv.NewReader(s.in)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = s.separator(), -1, true
	first, err := r.Read()
	if errors.Is(err, io.EOF) {
		return errs.New(errs.Invalid, "replay", "The log %s is empty.", s.Name)
	}
	if err != nil {
		return s.broken(err)
	}
	h := head{at: map[string]int{}, asked: map[string]int{}}
	for i, name := range first {
		h.names = append(h.names, text.Line(name))
		h.at[Column(name)] = i
	}
	if err := begin(h.names); err != nil {
		return err
	}
	for ctx.Err() == nil {
		record, err := r.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			if err := fn(int64(bad.StartLine), nil, WhyQuotes); err != nil {
				return err
			}
			continue
		case err != nil:
			return s.broken(err)
		}
		line, _ := r.FieldPos(0)
		why := ""
		if len(record) != len(h.names) {
			why = WhyCells
		}
		if err := fn(int64(line), func(name string) string { return h.cell(record, name) }, why); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// head is the head of a table.
type head struct {
	names []string
	at    map[string]int
	asked map[string]int // columns as they were asked for
}

func (h *head) cell(record []string, name string) string {
	i, asked := h.asked[name]
	if !asked {
		i = -1
		if k, ok := h.at[Column(name)]; ok {
			i = k
		}
		h.asked[name] = i
	}
	if i < 0 || i >= len(record) {
		return ""
	}
	return record[i]
}

// Column is a column's name as it is looked for: "Incident ID", incident_id and "incident id" are one.
func Column(s string) string { return strings.Join(text.Words(s), "_") }

// separator is the one that the head has most of.
func (s *File) separator() rune {
	ahead, _ := s.in.Peek(8192)
	head, _, _ := bytes.Cut(ahead, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t|" {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// XES reads an event log of IEEE 1849. A trace's attributes are cells whose names begin with "case:". Errors: Invalid for what is
// not whole.
func (s *File) XES(ctx context.Context, fn Visit) error {
	d := xml.NewDecoder(s.in)
	d.Strict = true
	x := xesReader{trace: map[string]string{}, event: map[string]string{}}
	for ctx.Err() == nil {
		t, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && x.closed:
			return nil
		case errors.Is(err, io.EOF):
			return s.broken(errors.New("there is no end of the log"))
		case err != nil:
			return s.broken(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			x.start(e)
		case xml.EndElement:
			if !x.end(e.Name.Local) {
				continue
			}
			x.n++
			if err := fn(x.n, x.cell, ""); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// xesReader knows where in an XES log it is.
type xesReader struct {
	trace, event map[string]string
	path         []string
	n            int64
	closed       bool
}

func (x *xesReader) cell(name string) string {
	if of, ok := strings.CutPrefix(name, "case:"); ok {
		return x.trace[of]
	}
	return x.event[name]
}

var xesValues = []string{"string", "date", "int", "float", "boolean", "id"}

func (x *xesReader) start(e xml.StartElement) {
	name, depth := e.Name.Local, len(x.path)
	x.path = append(x.path, name)
	switch {
	case name == "trace" && depth == 1:
		clear(x.trace)
	case name == "event" && depth == 2:
		clear(x.event)
	case slices.Contains(xesValues, name) && depth > 1 && (x.path[depth-1] == "trace" || x.path[depth-1] == "event"):
		key, value := "", ""
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "key":
				key = a.Value
			case "value":
				value = a.Value
			}
		}
		if x.path[depth-1] == "event" {
			x.event[key] = value
		} else {
			x.trace[key] = value
		}
	}
}

// end says whether an event was read whole.
func (x *xesReader) end(name string) bool {
	if n := len(x.path); n > 0 {
		x.path = x.path[:n-1]
	}
	x.closed = x.closed || name == "log" && len(x.path) == 0
	return name == "event" && len(x.path) == 2 && x.path[1] == "trace"
}
