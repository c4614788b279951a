package prose

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reply gives what the person wrote in a mail: without the history it quotes, the line that announces it, copied headers,
// the signature and what phones add. Answers between or under quotations are kept. When nothing else is in the text, the
// text itself is given: rather too much than nothing.
func Reply(text string) string {
	if strings.Count(text, "\n") > maxLines {
		return text
	}
	t := newTrimmer(text)
	t.run()
	kept := t.kept
	for len(kept) > 0 && (kept[len(kept)-1] == "" || len(kept[len(kept)-1]) < maxLine && rule.MatchString(kept[len(kept)-1])) {
		kept = kept[:len(kept)-1]
	}
	for len(kept) > 0 && kept[0] == "" {
		kept = kept[1:]
	}
	if len(kept) == 0 {
		return strings.Trim(strings.Join(t.lines, "\n"), "\n")
	}
	return strings.Join(kept, "\n")
}

// maxLines is beyond what anybody types; such a text is left alone.
const maxLines = 20000

type trimmer struct {
	lines []string
	ends  []bool // the line ends like an announcement
	kept  []string
	any   bool // something of substance was kept
}

func newTrimmer(text string) *trimmer {
	t := &trimmer{}
	text = strings.ReplaceAll(text, "\u00a0", " ")
	for line := range strings.Lines(text) {
		t.lines = append(t.lines, strings.TrimRight(line, " \t\r\n"))
	}
	t.ends = make([]bool, len(t.lines))
	for i, line := range t.lines {
		t.ends[i] = ends(line)
	}
	return t
}

func (t *trimmer) run() {
	for i := 0; i < len(t.lines); {
		if end := t.announcement(i); end > 0 {
			next := t.skipBlank(end)
			quoted := next < len(t.lines) && isQuote(t.lines[next])
			if !quoted && t.any {
				return // unmarked history follows
			}
			i = end
			continue
		}
		if end := t.copied(i); end > 0 {
			if t.any {
				return
			}
			i = end
			continue
		}
		line := t.lines[i]
		long := len(line) > maxLine
		switch {
		case isQuote(line):
			i = t.quoteEnd(i)
		case t.signature(i):
			i = t.signatureEnd(i)
		case isFooter(line):
			i++
		default:
			t.kept = append(t.kept, line)
			t.any = t.any || long || line != "" && !rule.MatchString(line)
			i++
		}
	}
}

// maxLine is longer than any line that mail programs write themselves.
const maxLine = 500

func isQuote(line string) bool {
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, " >") || strings.HasPrefix(line, "&gt;")
}

// isFooter says whether a phone or a program added the line.
func isFooter(line string) bool {
	if line == "" || len(line) > 120 {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(line, "* _"))
	for _, s := range footerStarts {
		if strings.HasPrefix(low, s) {
			return footers.MatchString(low)
		}
	}
	return false
}

func (t *trimmer) skipBlank(i int) int {
	for i < len(t.lines) && t.lines[i] == "" {
		i++
	}
	return i
}

// quoteEnd is the end of a quotation; a short unmarked line between marked ones was wrapped on its way.
func (t *trimmer) quoteEnd(i int) int {
	for i < len(t.lines) {
		switch {
		case isQuote(t.lines[i]):
			i++
		case t.lines[i] != "" && len(t.lines[i]) < 30 && i+1 < len(t.lines) && isQuote(t.lines[i+1]) && len(t.lines[i-1]) > 60:
			i++
		default:
			return i
		}
	}
	return i
}

// maxAnnouncement is how many lines an announcement may be broken into.
const maxAnnouncement = 6

// announcement says where "On Monday somebody wrote:" ends when it starts at line i, else 0.
func (t *trimmer) announcement(i int) int {
	line := strings.TrimLeft(t.lines[i], " *_-")
	if line == "" || len(line) > maxLine || isQuote(t.lines[i]) {
		return 0
	}
	if (strings.HasPrefix(line, "20") || strings.HasPrefix(line, "19")) && stamp.MatchString(line) && (strings.Contains(line, "GMT") || strings.HasSuffix(line, ":") || mailLike.MatchString(line) || strings.HasSuffix(line, "<")) {
		end := i + 1
		if strings.HasSuffix(line, "<") && end < len(t.lines) {
			end++
		}
		return end
	}
	if !slices.Contains(t.ends[i:min(i+maxAnnouncement, len(t.ends))], true) {
		return 0
	}
	intro := introWords.MatchString(line)
	joined := ""
	for j := i; j < len(t.lines) && j < i+maxAnnouncement; j++ {
		open := strings.Count(joined, "<") > strings.Count(joined, ">") // a bracket that was broken over lines
		if j > i && t.lines[j] == "" && !open && !announcing(line) {    // "A WD19." above it is somebody's words
			return 0
		}
		if j > i && isQuote(t.lines[j]) && !open || len(joined)+len(t.lines[j]) > maxLine {
			return 0
		}
		joined += " " + t.lines[j]
		if !t.ends[j] {
			if j == i && !intro && !announcing(line) {
				return 0
			}
			continue
		}
		when, who := dateLike.MatchString(joined), mailLike.MatchString(joined)
		if !wroteIn(joined) {
			if intro && when && who && signed.MatchString(joined) { // "1 January 10:00 Somebody <address>:"
				return j + 1
			}
			return 0
		}
		next := t.skipBlank(j + 1)
		quoted := next < len(t.lines) && isQuote(t.lines[next])
		if intro && (when || who || quoted) || when && who || j == i && (who || when || quoted) {
			return j + 1
		}
		return 0
	}
	return 0
}

// announcing says whether a line that has no word of time in front may be the first of a broken announcement.
func announcing(line string) bool {
	return strings.Contains(line, "<") || mailLike.MatchString(line) || dateLike.MatchString(line)
}

// ends says whether a line ends like an announcement: in a colon, or in the dashes some webmailers draw.
func ends(line string) bool {
	s := strings.TrimRight(line, " *_")
	return len(line) <= maxLine && (strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, "---"))
}

// wroteIn says whether a text has the word "wrote", not as a part of another word.
func wroteIn(s string) bool {
	s = strings.ToLower(s)
	for _, w := range wroteWords {
		for rest := s; ; {
			i := strings.Index(rest, w)
			if i < 0 {
				break
			}
			before, _ := utf8.DecodeLastRuneInString(rest[:i])
			after, _ := utf8.DecodeRuneInString(rest[i+len(w):])
			if w[0] >= 0xe0 || !unicode.IsLetter(before) && !unicode.IsLetter(after) { // no blanks in Chinese
				return true
			}
			rest = rest[i+len(w):]
		}
	}
	return false
}

// copied says where a header that was copied into the text ends when it starts at line i, else 0.
func (t *trimmer) copied(i int) int {
	line := t.lines[i]
	if line == "" || len(line) > 300 {
		return 0
	}
	if strings.IndexByte(" \t-_=*>", line[0]) >= 0 || strings.HasPrefix(line, "—") { // marks come first: spare the search for every line of a text
		if m := titled.FindStringSubmatch(line); m != nil && oneOf(titles, strings.ToLower(m[1])) {
			return t.headerEnd(i + 1)
		}
	}
	if oneOf(bare, strings.ToLower(strings.Trim(line, " *_"))) {
		return t.headerEnd(i + 1)
	}
	if rule.MatchString(line) {
		return 0
	}
	first := keyOf(line)
	if first == 0 || first == keyTo {
		return 0
	}
	seen, n := 0, 0
	for j := i; j < min(len(t.lines), i+20) && n < 9; j++ {
		if t.lines[j] == "" {
			if j > i+1 && keyOf(t.lines[min(j+1, len(t.lines)-1)]) == 0 {
				break
			}
			continue
		}
		n++
		seen |= keyOf(t.lines[j])
	}
	kinds := 0
	for k := seen; k > 0; k &= k - 1 {
		kinds++
	}
	if kinds >= 3 && seen&keyFrom != 0 {
		return t.headerEnd(i)
	}
	return 0
}

// headerEnd steps over copied header lines.
func (t *trimmer) headerEnd(i int) int {
	i = t.skipBlank(i)
	start := i
	for i < len(t.lines) && i < start+14 {
		if t.lines[i] == "" {
			if next := t.skipBlank(i); next < len(t.lines) && keyOf(t.lines[next]) != 0 && next < i+2 {
				i = next
				continue
			}
			return i
		}
		if keyOf(t.lines[i]) == 0 && i == start {
			return start
		}
		i++
	}
	return i
}

// keyOf is what kind of header line this is, or 0.
func keyOf(line string) int {
	line = strings.TrimLeft(line, " \t*_|")
	i := strings.IndexAny(line, ":：")
	if i < 1 || i > 40 {
		return 0
	}
	return headerKeys[strings.ToLower(strings.TrimRight(line[:i], " *_"))]
}

func oneOf(list []string, s string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// maxSignature is how many lines may follow "--" for it to be a signature.
const maxSignature = 16

// signature says whether line i is "-- " or "--" over a block short enough to be a signature.
func (t *trimmer) signature(i int) bool {
	line := t.lines[i]
	if line != "--" && line != "—" && line != "- --" {
		return false
	}
	n := 0
	for j := i + 1; j < min(len(t.lines), i+4*maxSignature) && !isQuote(t.lines[j]); j++ {
		if t.lines[j] != "" {
			n++
		}
		if t.ends[j] && wroteIn(t.lines[j]) {
			break
		}
	}
	return n <= maxSignature
}

// signatureEnd is where the signature ends: at a quotation, an announcement or a copied header.
func (t *trimmer) signatureEnd(i int) int {
	for i++; i < len(t.lines); i++ {
		if isQuote(t.lines[i]) || t.announcement(i) > 0 || t.copied(i) > 0 {
			return i
		}
	}
	return i
}
