package mime

import (
	"bytes"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// sample is how much of a text is looked at to guess its charset.
const sample = 64 << 10

// guess finds the likeliest charset of bytes that are no UTF-8. It knows the scripts that arrive unlabelled in mails:
// Japanese, Chinese, Korean, Cyrillic; everything else is windows-1252.
func guess(b []byte) (encoding.Encoding, string) {
	if len(b) > sample {
		b = b[:sample]
	}
	if i := bytes.IndexByte(b, 0x1b); i >= 0 && i+2 < len(b) && (b[i+1] == '$' || b[i+1] == '(') {
		return japanese.ISO2022JP, "iso-2022-jp"
	}
	t := tally(b)
	switch {
	case t.high == 0:
		return charmap.Windows1252, "windows-1252"
	case t.sjis*3 >= t.high/2 && t.sjisBad*20 <= t.high && t.sjis > 0:
		return japanese.ShiftJIS, "shift_jis"
	case t.odd*20 > t.runs || t.pairs < 2:
		return western1(b, t)
	case t.low == 0 && t.high >= 4: // the letters of Cyrillic charsets; Chinese uses the lower half as well
		if e, name := western1(b, t); name != "windows-1252" {
			return e, name
		}
	}
	switch {
	case t.kana*5 >= t.pairs:
		return japanese.EUCJP, "euc-jp"
	case t.hanzi*10 >= t.pairs*7 && t.runs*3 <= t.pairs*2:
		if t.hangul == t.hanzi && t.pairs >= 5 {
			return korean.EUCKR, "euc-kr"
		}
		return simplifiedchinese.GB18030, "gb18030"
	}
	return western1(b, t)
}

// western1 tells the Cyrillic charsets from windows-1252 by their commonest letters.
func western1(b []byte, t counts) (encoding.Encoding, string) {
	if t.high*5 < t.letters*2 || t.high < 2*t.runs { // few letters above ASCII, or lonely ones
		return charmap.Windows1252, "windows-1252"
	}
	type candidate struct {
		e      encoding.Encoding
		name   string
		common string // о е а и н т с р
	}
	best, score := candidate{charmap.Windows1252, "windows-1252", ""}, t.high/5
	for _, c := range []candidate{
		{charmap.Windows1251, "windows-1251", "\xee\xe5\xe0\xe8\xed\xf2\xf1\xf0"},
		{charmap.KOI8R, "koi8-r", "\xcf\xc5\xc1\xc9\xce\xd4\xd3\xd2"},
		{charmap.ISO8859_5, "iso-8859-5", "\xde\xd5\xd0\xd8\xdd\xe2\xe1\xe0"},
		{charmap.CodePage866, "cp866", "\xae\xa5\xa0\xa8\xad\xe2\xe1\xe0"},
	} {
		n := 0
		for _, x := range b {
			if bytes.IndexByte([]byte(c.common), x) >= 0 {
				n++
			}
		}
		if n > score {
			best, score = c, n
		}
	}
	return best.e, best.name
}

type counts struct {
	high, low, letters  int // bytes above ASCII; those below 0xC0; those above and ASCII letters
	runs, odd, pairs    int // runs of bytes above ASCII, those of odd length, the pairs in the even ones
	hanzi, hangul, kana int // pairs that are common in GB 2312, in EUC-KR, in EUC-JP
	sjis, sjisBad       int // kana in Shift_JIS, and what cannot be Shift_JIS
}

func tally(b []byte) counts {
	var c counts
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			if b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
				c.letters++
			}
			i++
			continue
		}
		j := i
		for j < len(b) && b[j] >= 0x80 {
			if b[j] < 0xc0 {
				c.low++
			}
			j++
		}
		c.high += j - i
		c.letters += j - i
		c.runs++
		if (j-i)%2 == 1 {
			c.odd++
		}
		for k := i; k+1 < j; k += 2 {
			c.pair(b[k], b[k+1])
		}
		i = j
	}
	c.countSJIS(b)
	return c
}

func (c *counts) pair(x, y byte) {
	c.pairs++
	if y < 0xa1 || x < 0xa1 || x > 0xf7 {
		return
	}
	if x == 0xa4 || x == 0xa5 {
		c.kana++
	}
	if x >= 0xb0 || x <= 0xa3 {
		c.hanzi++
	}
	if x >= 0xb0 && x <= 0xc8 || x <= 0xa3 {
		c.hangul++
	}
}

// countSJIS counts kana in Shift_JIS, whose second byte may be ASCII, and bytes that cannot be.
func (c *counts) countSJIS(b []byte) {
	for i := 0; i < len(b); i++ {
		x := b[i]
		if x < 0x80 {
			continue
		}
		if x >= 0xa1 && x <= 0xdf { // half-width kana: possible, proves nothing
			continue
		}
		if i+1 >= len(b) || b[i+1] < 0x40 || b[i+1] == 0x7f || b[i+1] > 0xfc || x == 0x80 || x == 0xa0 || x > 0xfc {
			c.sjisBad++
			continue
		}
		if y := b[i+1]; x == 0x82 && y >= 0x9f && y <= 0xf1 || x == 0x83 && y >= 0x40 && y <= 0x96 || x == 0x81 && y >= 0x40 && y <= 0x5b {
			c.sjis++
		}
		i++
	}
}
