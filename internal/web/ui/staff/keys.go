package staff

import (
	"strconv"

	"bothways/internal/web/ui"
)

// KeyGroup is a titled group of shortcuts.
type KeyGroup struct {
	Title string
	Keys  []Shortcut
}

// Shortcut is one thing the keyboard does.
type Shortcut struct {
	// ID is what the script knows it by; "" for what the browser or the field does itself.
	ID string
	// Keys are pressed one after another ("G", "I"); Or is another way to the same.
	Keys []string
	Or   []string
	Text string
	// Fixed keys can't be changed: they are no single character, or stand for more than one act.
	Fixed bool
}

// FoundGroup is a titled group of what was found, or can be gone to.
type FoundGroup struct {
	Title string
	Items []Found
	// More leads to all of them; "" when these are all.
	More string
}

// Found is one line of it.
type Found struct {
	Icon ui.Icon
	// Number stands before the label, in the type of numbers.
	Number, Label, Hint, Href string
}

func optionID(n int) string { return "p" + strconv.Itoa(n) }

func isFirst(n int) string { return strconv.FormatBool(n == 0) }
