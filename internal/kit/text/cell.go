package text

import "strings"

// Cell makes a value safe as a cell of a sheet: one that a spreadsheet program would take for a formula gets a quote in front, which
// such programs do not show. Uncell takes it away again.
func Cell(s string) string {
	if startsFormula(s) {
		return "'" + s
	}
	return s
}

// Uncell is the value that Cell made safe.
func Uncell(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && startsFormula(rest) {
		return rest
	}
	return s
}

func startsFormula(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }
