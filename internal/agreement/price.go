package agreement

import (
	"fmt"
	"slices"
	"strings"
)

// Price is what something costs.
type Price struct {
	What     string `json:"what"`     // "One person, per month"
	Minor    int64  `json:"minor"`    // in the smallest unit of the currency: pence, cents
	Currency string `json:"currency"` // ISO 4217
}

// String is the amount in words: "41.20 GBP".
func (p Price) String() string {
	if p.Whole() {
		return fmt.Sprintf("%d %s", p.Minor, p.Currency)
	}
	return fmt.Sprintf("%d.%02d %s", p.Minor/100, p.Minor%100, p.Currency)
}

// Whole says whether the currency has no smaller unit.
func (p Price) Whole() bool { return slices.Contains(whole, p.Currency) }

// whole are the currencies without a smaller unit (ISO 4217, minor unit 0).
var whole = []string{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}

func (c *checking) prices(all []Price) {
	if len(all) > mostTargets {
		c.bad("prices", "There are more than %d.", mostTargets)
		return
	}
	for i, p := range all {
		c.price(fmt.Sprintf("prices[%d]", i), p)
	}
}

func (c *checking) price(path string, p Price) {
	if strings.TrimSpace(p.What) == "" || len(p.What) > 200 {
		c.bad(path+".what", "Say in at most 200 bytes what it is for.")
	}
	if p.Minor < 0 || p.Minor > 1e12 {
		c.bad(path+".minor", "It is an amount in the smallest unit of the currency, 0 or more.")
	}
	if len(p.Currency) != 3 || strings.ToUpper(p.Currency) != p.Currency || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.bad(path+".currency", "It is a currency of three letters (ISO 4217), such as GBP or EUR.")
	}
}

// priced checks that a charge or a credit says how much, and that no other step does.
func (c *checking) priced(path string, s Step) {
	money := s.Action == ActionCharge || s.Action == ActionCredit
	switch {
	case money && s.Price.Minor <= 0:
		c.bad(path+".price", "Say how much: a charge or a credit has an amount, a currency and what it is for.")
	case money:
		c.price(path+".price", s.Price)
	case s.Price != Price{}:
		c.bad(path+".price", "Only a charge or a credit has a price.")
	}
}

// Step is the step of a metric with that place on the ladder, as a Timer names it; false when there is none.
func (t Terms) Step(m Metric, index int) (Step, bool) {
	v := Version{Ladder: t.Ladder}
	if s := v.step(m, index); s != nil && index >= 0 {
		return *s, true
	}
	return Step{}, false
}
