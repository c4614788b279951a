package calendar

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"bothways/internal/kit/errs"
)

const (
	maxLine     = 4 << 20  // bytes of one line
	maxDocument = 64 << 20 // bytes of an input that is one JSON document over several lines
)

// EvalStream answers requests, one JSON object a line, with one JSON object a line:
// {"result":…,"explanation":[{"from","to","counted","reason"}]}. Blank lines are skipped. An object with a "vectors"
// list is answered entry by entry. An input whose first line is an unfinished JSON value may also be a file of vectors,
// or requests, laid out over several lines.
//
// A line it cannot answer gives {"error":"line 3: …"} and the rest goes on; the returned error (errs.Invalid) then says
// how many there were. A right question whose instant is never reached gives {"result":null,"error":"…"} and is no
// failure. It stops early only when reading or writing fails.
func EvalStream(in io.Reader, out io.Writer) error {
	s := &stream{r: bufio.NewReaderSize(in, 64<<10), w: bufio.NewWriterSize(out, 64<<10)}
	err := s.run()
	if flushErr := s.w.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("calendar: write the answers: %w", flushErr)
	}
	if err == nil && s.bad > 0 {
		err = errs.New(errs.Invalid, "calendar.eval", "%d of %d requests could not be answered; each says why in its place.", s.bad, s.asked)
	}
	return err
}

type stream struct {
	r          *bufio.Reader
	w          *bufio.Writer
	eval       evaluator
	line       []byte // of the current line
	number     int    // of the current line, from 1
	asked, bad int
	buf        []byte // of one answer
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (s *stream) run() error {
	for {
		tooLong, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("calendar: read line %d: %w", s.number, err)
		}
		line := s.line
		if s.number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		line = bytes.TrimSpace(line)
		switch {
		case tooLong:
			err = s.refuse(s.place(), invalid("request", "The line is longer than 4 MB; write one request a line."))
		case len(line) == 0:
		case s.asked == 0 && unfinished(line):
			err = s.document(line)
		default:
			err = s.request(s.place(), line)
		}
		if err == nil && s.r.Buffered() == 0 {
			err = s.w.Flush() // somebody may be waiting at the other end of a pipe
		}
		if err != nil {
			return fmt.Errorf("calendar: answer line %d: %w", s.number, err)
		}
	}
}

// next reads a line into s.line; of one that is too long it keeps nothing.
func (s *stream) next() (tooLong bool, err error) {
	s.line = s.line[:0]
	s.number++
	for {
		part, err := s.r.ReadSlice('\n')
		if len(s.line)+len(part) > maxLine {
			tooLong, s.line = true, s.line[:0]
		} else if !tooLong {
			s.line = append(s.line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && (tooLong || len(s.line) > 0):
			return tooLong, nil
		}
		return tooLong, err
	}
}

func (s *stream) place() string { return "line " + strconv.Itoa(s.number) }

// request answers one value, which may be a list of vectors.
func (s *stream) request(place string, line []byte) error {
	if bytes.Contains(line, []byte(`"vectors"`)) {
		var file struct {
			Vectors []json.RawMessage `json:"vectors"`
		}
		if json.Unmarshal(line, &file) == nil && file.Vectors != nil {
			for i, v := range file.Vectors {
				at := "vector " + strconv.Itoa(i+1)
				if place != "" {
					at = place + ", " + at
				}
				if err := s.one(at, v); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return s.one(place, line)
}

// document takes the whole input as JSON values laid out over several lines, if that is what it is (a file of vectors,
// or requests as a pretty-printer writes them); if not, its lines are answered one by one.
func (s *stream) document(first []byte) error {
	rest, err := io.ReadAll(io.LimitReader(s.r, maxDocument))
	if err != nil {
		return err
	}
	s.r = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(rest), s.r), 64<<10)
	values := jsonValues(append(append(bytes.Clone(first), '\n'), rest...))
	if len(rest) == maxDocument || len(values) == 0 {
		return s.request(s.place(), first)
	}
	s.r = bufio.NewReader(bytes.NewReader(nil))
	for i, v := range values {
		place := ""
		if len(values) > 1 {
			place = "entry " + strconv.Itoa(i+1)
		}
		if err := s.request(place, v); err != nil {
			return err
		}
	}
	return nil
}

// jsonValues splits text into its JSON values; nil if it is not made of such alone.
func jsonValues(text []byte) (values []json.RawMessage) {
	dec := json.NewDecoder(bytes.NewReader(text))
	for {
		var v json.RawMessage
		switch err := dec.Decode(&v); {
		case err == io.EOF:
			return values
		case err != nil:
			return nil
		}
		values = append(values, v)
	}
}

// unfinished says whether text is the beginning of a JSON value.
func unfinished(text []byte) bool {
	var syntax *json.SyntaxError
	err := json.Unmarshal(text, new(json.RawMessage))
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(text)) && syntax.Error() == "unexpected end of JSON input"
}

func (s *stream) one(place string, request []byte) error {
	a, err := s.eval.eval(request)
	switch {
	case errors.Is(err, ErrNeverOpen):
		s.asked++
		s.buf = append(s.buf[:0], `{"result":null,"error":`...)
		s.buf = append(appendString(s.buf, errs.Sentence(err)), `,"explanation":[]}`...)
	case err != nil:
		return s.refuse(place, err)
	default:
		s.asked++
		s.buf = a.append(s.buf[:0])
	}
	s.buf = append(s.buf, '\n')
	_, err = s.w.Write(s.buf)
	return err
}

func (s *stream) refuse(place string, cause error) error {
	s.asked++
	s.bad++
	text := errs.Sentence(cause)
	if place != "" {
		text = place + ": " + text
	}
	s.buf = appendString(append(s.buf[:0], `{"error":`...), text)
	s.buf = append(s.buf, '}', '\n')
	_, err := s.w.Write(s.buf)
	return err
}

func (a answer) append(b []byte) []byte {
	b = append(b, `{"result":`...)
	switch a.kind {
	case 't':
		b = append(appendInstant(append(b, '"'), a.n), '"')
	case 'n':
		b = strconv.AppendInt(b, a.n, 10)
	default:
		b = strconv.AppendBool(b, a.b)
	}
	b = append(b, `,"explanation":[`...)
	for i, s := range a.spans {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendInstant(append(b, `{"from":"`...), s.From)
		b = appendInstant(append(b, `","to":"`...), s.To)
		b = strconv.AppendBool(append(b, `","counted":`...), s.Open)
		b = append(appendString(append(b, `,"reason":`...), s.Reason), '}')
	}
	return append(b, "]}"...)
}

// appendString writes a JSON string without escaping <, > and &, which mean nothing here.
func appendString(b []byte, text string) []byte {
	plain := true
	for i := range len(text) {
		plain = plain && text[i] >= ' ' && text[i] < 0x7f && text[i] != '"' && text[i] != '\\'
	}
	if plain {
		return append(append(append(b, '"'), text...), '"')
	}
	quoted := bytes.Buffer{}
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	if enc.Encode(text) != nil { // a string always encodes
		return append(b, `""`...)
	}
	return append(b, bytes.TrimSuffix(quoted.Bytes(), []byte{'\n'})...)
}
