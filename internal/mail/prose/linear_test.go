package prose_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"bothways/internal/mail/prose"
)

// TestAttack71_EightTimesTheTextIsNoSquareOfTheWork: what mail programs and attackers repeat costs in proportion. Eight times the
// input may cost twenty-four times the time at the worst moment of a busy machine; a square would be sixty-four.
func TestAttack71_EightTimesTheTextIsNoSquareOfTheWork(t *testing.T) {
	const size = 16 << 10
	for _, unit := range []string{
		"<", "&amp", "&amp;", "@", ">>>> ", "> ", ">\n", "<div>", "<div></div>", "<p class=MsoNormal><span style='mso-fareast-language:EN-US'><o:p>&nbsp;</o:p></span></p>", "<!--[if gte mso 9]>", "<!--", "<![CDATA[", "<table><tr><td>", "<a href=x>", "<blockquote>", "<script>", "<style>",
		"On Mon, Jan 12, 2026 at 9:00 AM Helen wrote:\n", "-----Original Message-----\n", "From: a\nSent: b\nTo: c\nSubject: d\n", "-- \n", "_", "________________________________\n", "\n", " \n", "\u00a0", "a ", "ß", "\u202e", "[x](", "http://", "a@b.c ", "\"", "'", "(",
	} {
		for name, work := range map[string]func(string){"HTML": func(s string) { prose.HTML(s, math.MaxInt32) }, "Reply": func(s string) { prose.Reply(s) }, "Unflow": func(s string) { prose.Unflow(s, true) }} {
			measure := func(n int) time.Duration {
				in, best := strings.Repeat(unit, n/len(unit)), time.Duration(math.MaxInt64)
				for range 5 {
					start := time.Now()
					work(in)
					best = min(best, time.Since(start))
				}
				return best
			}
			if small, large := measure(size), measure(8*size); large > 24*small && large > 50*time.Millisecond {
				t.Errorf("%s of %q: %v for %d kB, %v for %d kB", name, unit, small, size>>10, large, 8*size>>10)
			}
		}
	}
}
