package mime

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// labels are names in use that no index knows, or that the indexes read too strictly.
var labels = map[string]encoding.Encoding{
	"cp932": japanese.ShiftJIS, "ms932": japanese.ShiftJIS, "windows-31j": japanese.ShiftJIS, "sjis": japanese.ShiftJIS,
	"cp936": simplifiedchinese.GB18030, "gb2312": simplifiedchinese.GB18030, "gbk": simplifiedchinese.GB18030,
	"gb18030": simplifiedchinese.GB18030, "gb_2312-80": simplifiedchinese.GB18030, "x-gbk": simplifiedchinese.GB18030,
	"cp949": korean.EUCKR, "ks_c_5601-1987": korean.EUCKR, "x-windows-949": korean.EUCKR, "uhc": korean.EUCKR,
	"cp950": traditionalchinese.Big5, "x-x-big5": traditionalchinese.Big5,
	"latin1": charmap.Windows1252, "latin-1": charmap.Windows1252, "ansi": charmap.Windows1252, "iso-8859-1-windows-3.1-latin-1": charmap.Windows1252,
	"latin9": charmap.ISO8859_15, "latin2": charmap.ISO8859_2, "macintosh": charmap.Macintosh, "x-mac-roman": charmap.Macintosh,
	"hz-gb-2312": simplifiedchinese.HZGB2312, "cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp866": charmap.CodePage866,
	"utf-16": unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf16": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
}

// western are the labels that senders put on everything; what is under them need not be that.
var western = map[string]bool{
	"": true, "us-ascii": true, "ascii": true, "iso-8859-1": true, "iso8859-1": true, "latin1": true, "windows-1252": true,
	"iso-8859-15": true, "cp1252": true, "ansi_x3.4-1968": true, "unknown-8bit": true, "x-unknown": true, "8bit": true, "7bit": true, "unknown": true,
	"default_charset": true, "default": true, "binary": true, "none": true, "_autodetect": true, "x-user-defined": true,
}

// lookup finds the encoding of a label, or nil.
func lookup(label string) encoding.Encoding {
	label = strings.ToLower(strings.Trim(label, " \t\"';"))
	if e, ok := labels[label]; ok {
		return e
	}
	if label == "iso-2022-kr" || label == "iso-2022-cn" { // the HTML index maps these to nothing
		return nil
	}
	for _, try := range []string{label, strings.Replace(label, "cp-", "cp", 1), strings.Replace(label, "cp", "windows-", 1), strings.Replace(label, "win-", "windows-", 1), strings.ReplaceAll(label, "_", "-"), strings.TrimPrefix(label, "x-"), strings.TrimPrefix(label, "iso-"), strings.TrimPrefix(label, "cs")} {
		if e, ok := labels[try]; ok {
			return e
		}
		if e, err := htmlindex.Get(try); err == nil && e != encoding.Replacement {
			return e
		}
		if e, err := ianaindex.MIME.Encoding(try); err == nil && e != nil {
			return e
		}
	}
	return nil
}

func isUTF8(label string) bool {
	return label == "utf-8" || label == "utf8" || label == "unicode-1-1-utf-8" || label == "x-utf_8j" || label == "utf-8n"
}

func isUTF7(label string) bool {
	return label == "utf-7" || label == "unicode-1-1-utf-7" || label == "unicode-2-0-utf-7" || label == "x-unicode-2-0-utf-7" || label == "utf7" || label == "csunicode11utf7"
}

// Text reads bytes as text in the labelled charset. A label that is wrong or unknown is not believed: what is valid
// UTF-8 is UTF-8, else the likeliest charset is used. The second value says what was wrong, or "".
func Text(b []byte, label string) (string, string) {
	label = strings.ToLower(strings.Trim(label, " \t\"';"))
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if isASCII(b) {
		switch {
		case isUTF7(label):
			return decodeUTF7(string(b)), ""
		case label == "hz-gb-2312" || strings.HasPrefix(label, "utf-16"), bytes.IndexByte(b, 0x1b) >= 0:
		default:
			return string(b), ""
		}
	}
	if isUTF8(label) || western[label] {
		if utf8.Valid(b) && bytes.IndexByte(b, 0x1b) < 0 {
			if label == "" || isUTF8(label) {
				return string(b), ""
			}
			return string(b), "a text is labelled " + label + " but is UTF-8"
		}
		return mislabelled(b, label)
	}
	if e := lookup(label); e != nil {
		if s, ok := decode(e, b); ok {
			return s, ""
		}
	}
	if utf8.Valid(b) {
		return string(b), "the charset " + quote(label) + " is unknown or wrong; the text was read as UTF-8"
	}
	e, name := guess(b)
	s, _ := decode(e, b)
	return s, "the charset " + quote(label) + " is unknown or wrong; the text was read as " + name
}

// mislabelled reads what is not the UTF-8 or Western text it is said to be.
func mislabelled(b []byte, label string) (string, string) {
	if isUTF8(label) && mostlyUTF8(b) {
		return repairUTF8(b), "a text labelled utf-8 has bytes that are not"
	}
	e, name := guess(b)
	s, _ := decode(e, b)
	switch {
	case name == "windows-1252" && (label == "" || strings.HasPrefix(label, "iso-8859-1") || label == "windows-1252" || label == "latin1"):
		if e := lookup(label); e != nil {
			s, _ = decode(e, b)
		}
		return s, ""
	case label == "":
		return s, "a text names no charset; it was read as " + name
	}
	return s, "a text is labelled " + label + " but is not; it was read as " + name
}

func quote(label string) string {
	if len(label) > 40 {
		label = label[:40]
	}
	return `"` + Printable(strings.ToValidUTF8(label, "?")) + `"`
}

// decode says false when the charset plainly does not fit: more than one letter in ten cannot be read.
func decode(e encoding.Encoding, b []byte) (string, bool) {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD"), false
	}
	bad := bytes.Count(out, []byte("\uFFFD"))
	return string(out), bad*10 <= utf8.RuneCount(out)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > bad
}

// repairUTF8 reads the bytes that are no UTF-8 as windows-1252.
func repairUTF8(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return s.String()
}
