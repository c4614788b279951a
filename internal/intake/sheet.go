package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Limits of a list.
const (
	MaxBytes  = 8 << 20
	maxRows   = 20_000
	maxFields = 60
	maxCell   = 2000
)

// The encodings that are told apart.
const (
	UTF8    = "UTF-8"
	UTF16   = "UTF-16"
	Windows = "Windows-1252"
)

// Columns a list may have, as forms and answers call them.
const (
	Name         = "name"
	Address      = "address"
	Organisation = "organisation"
	SiteName     = "site"
	Zone         = "zone"
	Mailed       = "mailed"
	given        = "given"  // part of a name
	family       = "family" // part of a name
)

// headers are the ways columns are headed, folded, letters and digits alone.
var headers = map[string]string{
	"name": Name, "fullname": Name, "displayname": Name, "person": Name, "vollername": Name, "anzeigename": Name,
	"firstname": given, "givenname": given, "forename": given, "vorname": given,
	"lastname": family, "surname": family, "familyname": family, "nachname": family,
	"address": Address, "mail": Address, "email": Address, "mailaddress": Address, "emailaddress": Address, "emailadresse": Address, "mailadresse": Address, "userprincipalname": Address,
	"organisation": Organisation, "organization": Organisation, "org": Organisation, "company": Organisation, "customer": Organisation, "firma": Organisation, "companyname": Organisation,
	"site": SiteName, "location": SiteName, "office": SiteName, "officelocation": SiteName, "place": SiteName, "standort": SiteName,
	"zone": Zone, "timezone": Zone, "tz": Zone, "zeitzone": Zone,
	"mailed": Mailed, "getsmail": Mailed, "mails": Mailed,
}

// Sheet is a list as it was read.
type Sheet struct {
	Encoding string
	Comma    rune
	Columns  []string // what each column is, "" for one that is not used
	Rows     []line
}

// line is a row of a sheet. N is its number as spreadsheet programs count, the head being 1.
type line struct {
	N      int
	cells  []string
	broken bool // its quotes do not close
}

// Has says whether the sheet has a column.
func (s Sheet) Has(column string) bool { return slices.Contains(s.Columns, column) }

// Unused lists the columns that are not used, by their number from 1.
func (s Sheet) Unused() (out []int) {
	for i, c := range s.Columns {
		if c == "" {
			out = append(out, i+1)
		}
	}
	return out
}

// cell is a row's value of a column, in one line.
func (s Sheet) cell(r line, column string) string {
	i := slices.Index(s.Columns, column)
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return text.Line(text.Uncell(strings.TrimSpace(r.cells[i])))
}

// Read reads a list in any of the usual encodings, with commas, semicolons or tabs. Errors: Invalid, TooLarge.
func Read(body []byte) (Sheet, error) {
	const op = "intake.Read"
	if len(body) > MaxBytes {
		return Sheet{}, errs.New(errs.TooLarge, op, "The file has more than %d MB. Split it and take the parts in one after the other.", MaxBytes>>20)
	}
	words, encoding, err := decode(body)
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Encoding: encoding, Comma: comma(words)}
	r := csv.NewReader(strings.NewReader(words))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = s.Comma, -1, false
	for n := 0; ; n++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		l := line{N: n + 1, cells: cells}
		if err != nil {
			var slip *csv.ParseError
			if !errors.As(err, &slip) {
				return Sheet{}, errs.Wrap(errs.Invalid, op, err, "The file can’t be read.")
			}
			l.N, l.broken = slip.StartLine, true
		} else {
			l.N, _ = r.FieldPos(0)
		}
		if len(s.Rows) > maxRows {
			return Sheet{}, errs.New(errs.TooLarge, op, "The list has more than 20,000 rows. Split it and take the parts in one after the other.")
		}
		s.Rows = append(s.Rows, l)
	}
	if len(s.Rows) < 2 {
		return Sheet{}, errs.In(op, "files", "The list has no row below its head. The first row names the columns, such as name, address and site; the others are people.")
	}
	return s, s.head(op)
}

// head reads what the columns are.
func (s *Sheet) head(op string) error {
	first := s.Rows[0]
	s.Rows = s.Rows[1:]
	if first.broken || len(first.cells) > maxFields {
		return errs.In(op, "files", "The first row can’t be read as the names of columns. Write one such as: name, address, site.")
	}
	for _, c := range first.cells {
		what := headers[strings.Join(text.Words(c), "")]
		if what != "" && slices.Contains(s.Columns, what) {
			return errs.In(op, "files", "Two columns are headed as the same thing (%s). Take one out.", what)
		}
		s.Columns = append(s.Columns, what)
	}
	if !s.Has(Address) {
		return errs.In(op, "files", "No column is headed as the mail address. Head it “address” or “email”: people are known by it.")
	}
	return nil
}

// decode gives the text of a file.
func decode(body []byte) (words, encoding string, err error) {
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return "", "", errs.In("intake.Read", "files", "This is a workbook, not a list. Open it in the spreadsheet program and save the sheet as CSV.")
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")):
		b, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(body)
		if err != nil {
			return "", "", errs.Wrap(errs.Invalid, "intake.Read", err, "The file can’t be read.")
		}
		words, encoding = string(b), UTF16
	case utf8.Valid(body):
		words, encoding = strings.TrimPrefix(string(body), "\uFEFF"), UTF8
	default:
		b, err := charmap.Windows1252.NewDecoder().Bytes(body)
		if err != nil {
			return "", "", errs.Wrap(errs.Invalid, "intake.Read", err, "The file can’t be read.")
		}
		words, encoding = string(b), Windows
	}
	if strings.ContainsRune(words, 0) {
		return "", "", errs.In("intake.Read", "files", "This is no text. Save the sheet as CSV and choose that file.")
	}
	return words, encoding, nil
}

// comma is what separates the columns: whatever the first line has most of, outside quotes.
func comma(words string) rune {
	count, quoted := map[rune]int{}, false
	for _, r := range words {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n' && len(count) > 0:
			return most(count)
		case r == ',' || r == ';' || r == '\t':
			count[r]++
		case r == '\n':
			return ','
		}
	}
	return most(count)
}

func most(count map[rune]int) rune {
	best := ','
	for _, r := range []rune{'\t', ';'} {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}
