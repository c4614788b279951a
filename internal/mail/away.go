package mail

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"bothways/internal/mail/field"
)

// untilWords come before the date somebody is back.
var untilWords = regexp.MustCompile(`(?i)\b(until|till|through|thru|to|back|return(?:ing)?|again|from|bis|ab|am|zurück|wieder|jusqu'?au|retour|dès|partir|hasta|regreso|vuelvo|fino|rientro|tot|terug|t/m|até|volto|till och med|tillbaka|do|od|dnia|по|до|с)\b[^\d\n.!?]{0,40}$`)

var (
	isoDay     = regexp.MustCompile(`\b(20\d\d)-(\d\d)-(\d\d)\b`)
	dottedDay  = regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?((?:20)?\d\d)\b)?`)
	slashedDay = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})(?:/((?:20)?\d\d))?\b`)
	dayMonth   = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?(\p{L}{3,10})\.?,?(?:\s+(?:de\s+)?(20\d\d))?`)
	monthDay   = regexp.MustCompile(`(?i)\b(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b,?(?:\s+(20\d\d))?`)
	appleEnd   = regexp.MustCompile(`endDate=(20\d\d)-(\d\d)-(\d\d)`)
)

// maxAway is the longest absence that is believed.
const maxAway = 400 * 24 * time.Hour

// awayUntil finds the last day that an out-of-office reply names after a word like "until"; best effort. The day is later
// than the mail and within a year, or the zero time is given.
func (m *Message) awayUntil() time.Time {
	if a := appleEnd.FindStringSubmatch(m.header.Get("x-apple-criteria")); a != nil {
		return day(atoi(a[1]), atoi(a[2]), atoi(a[3]))
	}
	ref := m.Date
	if ref.IsZero() {
		return time.Time{}
	}
	text := m.Subject + "\n" + first(m.ReplyText, 4000)
	var best time.Time
	consider := func(at int, y, mon, d int) {
		t := resolve(ref, y, mon, d)
		if t.IsZero() || t.Before(ref.Add(-24*time.Hour)) || t.Sub(ref) > maxAway || !t.After(best) {
			return
		}
		if line := text[max(0, at-80):at]; untilWords.MatchString(strings.ToValidUTF8(line, "")) || strings.HasSuffix(strings.TrimRight(line, " "), "-") || strings.HasSuffix(strings.TrimRight(line, " "), "–") {
			best = t
		}
	}
	each := func(re *regexp.Regexp, use func(g []string) (y, mon, d int)) {
		for _, at := range re.FindAllStringSubmatchIndex(text, 40) {
			g := make([]string, len(at)/2)
			for i := range g {
				if at[2*i] >= 0 {
					g[i] = text[at[2*i]:at[2*i+1]]
				}
			}
			y, mon, d := use(g)
			consider(at[0], y, mon, d)
		}
	}
	each(isoDay, func(g []string) (int, int, int) { return atoi(g[1]), atoi(g[2]), atoi(g[3]) })
	each(dottedDay, func(g []string) (int, int, int) { return atoi(g[3]), atoi(g[2]), atoi(g[1]) })
	each(dayMonth, func(g []string) (int, int, int) { return atoi(g[3]), int(field.Month(g[2])), atoi(g[1]) })
	each(monthDay, func(g []string) (int, int, int) { return atoi(g[3]), int(field.Month(g[1])), atoi(g[2]) })
	each(slashedDay, func(g []string) (int, int, int) {
		a, b := atoi(g[1]), atoi(g[2])
		switch {
		case a > 12 || a == b:
			return atoi(g[3]), b, a
		case b > 12:
			return atoi(g[3]), a, b
		}
		return 0, 0, 0 // day and month cannot be told apart: no date is better than a wrong one
	})
	return best
}

// resolve fills in a year that was not said: the next such day.
func resolve(ref time.Time, y, mon, d int) time.Time {
	if mon < 1 || mon > 12 || d < 1 || d > 31 {
		return time.Time{}
	}
	if y > 0 && y < 100 {
		y += 2000
	}
	if y > 0 {
		return day(y, mon, d)
	}
	t := day(ref.Year(), mon, d)
	if t.Before(ref.Add(-48 * time.Hour)) {
		t = day(ref.Year()+1, mon, d)
	}
	return t
}

func day(y, mon, d int) time.Time { return time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC) }

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
