package load

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Words of subjects and messages. Their ranks follow Zipf: a few stand in a tenth of all texts, most in few.
var (
	things = strings.Fields("printer laptop scanner badge monitor dock phone headset tablet terminal scale camera router licence mailbox calendar share database report invoice projector keyboard charger adapter beamer gateway turnstile plotter thermostat intercom")
	woes   = strings.Fields("blank slow broken missing frozen loud locked wrong late double empty unreadable offline hot noisy stuck dim crooked unreachable outdated")
	common = strings.Fields("the since this morning we tried restart again still nothing happens after update please look when you can it worked yesterday room floor screen shows message error number cable network password account folder file open close print send receive team colleague meeting today tomorrow week supplier order delivery warehouse office door light power button driver version setting language region meeting customer invoice label roll paper tray toner queue server share drive mail calendar invite call line sound picture camera light dark key card reader gate north south east west line packing station machine test result photo attached log serial model year lease return desk chair lamp window heating water coffee")
)

// pick takes one of words, the first ones most often.
func pick(r *rand.Rand, words []string) string {
	n := len(words)
	i := int(float64(n) * r.Float64() * r.Float64())
	return words[min(i, n-1)]
}

// Serial is the n-th device's serial number: a word that stands in one ticket alone.
func Serial(n int) string { return fmt.Sprintf("ZT-%03d-%07d", n%997, n) }

func subject(r *rand.Rand, place int) string {
	return fmt.Sprintf("The %s at place %d is %s", pick(r, things), place, pick(r, woes))
}

// body is a message of some thirty words, now and then with a serial number.
func body(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range 20 + r.IntN(25) {
		if i > 0 {
			b.WriteByte(' ')
		}
		if r.IntN(9) == 0 {
			b.WriteString(pick(r, things))
		} else {
			b.WriteString(pick(r, common))
		}
	}
	if n >= 0 {
		b.WriteString(". Serial " + Serial(n))
	}
	b.WriteByte('.')
	return b.String()
}
