package ui

import "time"

// ChipKind is the look of a chip. Colour repeats what the words say.
type ChipKind string

// The kinds of chip.
const (
	ChipPlain ChipKind = "chip"
	ChipIT    ChipKind = "chip it"
	ChipYou   ChipKind = "chip you"
	ChipSoon  ChipKind = "chip soon"
	ChipLate  ChipKind = "chip late"
	ChipGood  ChipKind = "chip good"
)

// Chip is a short fact with an icon.
type Chip struct {
	Kind ChipKind
	Icon Icon
	Text string
	// Before is read out but not shown, where the place says it to the eye.
	Before string
}

// Due is the promise of a ticket that breaks first: what a queue is ordered by.
type Due struct {
	// Side is whose turn it is.
	Side Side
	// At is when the promise ends; zero when none runs.
	At time.Time
	// Left is the working time left; below zero once missed.
	Left   time.Duration
	Soon   bool
	Missed bool
	// Confirm is set when a solution waits for the customer's yes.
	Confirm bool
	// Whose is whose turn it is when it is not the reader's: "Helen’s"; "" is "Your".
	Whose string
	// Waiting says what the ticket waits for when no side owes a move
	// ("Scheduled Fri 27 Nov", "With the supplier").
	Waiting string
}

// StaffChip is the due time as staff read it in a row: working time left for
// our turn, the day for theirs.
func (r Reader) StaffChip(d Due) Chip {
	switch {
	case d.At.IsZero():
		text := d.Waiting
		if text == "" {
			text = "No promise runs"
		}
		return Chip{Kind: hueChip(d.Side), Icon: IconPause, Text: text}
	case d.Missed:
		return Chip{Kind: ChipLate, Icon: IconClock, Text: "Missed " + lower(r.Short(d.At))}
	case d.Side == Customer && d.Confirm:
		return Chip{Kind: r.soon(d, ChipYou), Icon: IconCheck, Text: "Confirm by " + lower(r.Short(d.At))}
	case d.Side == Customer:
		return Chip{Kind: r.soon(d, ChipYou), Icon: IconSwap, Text: "By " + lower(r.Short(d.At))}
	case d.Left > 0 && d.Left < 8*time.Hour && r.daysAway(d.At) == 0:
		return Chip{Kind: r.soon(d, ChipPlain), Icon: IconClock, Text: Span(d.Left), Before: "Time left: "}
	default:
		return Chip{Kind: r.soon(d, ChipPlain), Icon: IconClock, Text: r.Short(d.At), Before: "Due: "}
	}
}

// PortalChip is the same as a customer reads it: whose turn, by when.
func (r Reader) PortalChip(d Due) Chip {
	your := "Your"
	if d.Whose != "" {
		your = d.Whose
	}
	switch {
	case d.Side == Customer && d.At.IsZero():
		return Chip{Kind: ChipYou, Icon: IconClock, Text: your + " turn"}
	case d.Side == Customer && d.Missed:
		return Chip{Kind: ChipLate, Icon: IconClock, Text: your + " turn, was due " + lower(r.Short(d.At))}
	case d.Side == Customer:
		return Chip{Kind: r.soon(d, ChipYou), Icon: IconClock, Text: your + " turn, by " + lower(r.Short(d.At))}
	case d.Side == Provider && d.At.IsZero():
		return Chip{Kind: ChipIT, Icon: IconSwap, Text: "Our turn"}
	case d.Side == Provider && d.Missed:
		return Chip{Kind: ChipLate, Icon: IconSwap, Text: "Our turn, was due " + lower(r.Short(d.At))}
	case d.Side == Provider:
		return Chip{Kind: r.soon(d, ChipIT), Icon: IconSwap, Text: "Our turn, by " + lower(r.Short(d.At))}
	case d.Waiting != "":
		return Chip{Kind: ChipPlain, Icon: IconPause, Text: d.Waiting}
	case d.Side == Supplier:
		return Chip{Kind: ChipPlain, Icon: IconPause, Text: "With a supplier"}
	default:
		return Chip{Kind: ChipPlain, Icon: IconCheck, Text: "Nothing to do"}
	}
}

// nearby is how far ahead a promise can end and still call for the eye: the rest of the day and the first hours of the next.
// Further away it is a day and an hour like others, however much of it has run.
const nearby = 16 * time.Hour

func (r Reader) soon(d Due, k ChipKind) ChipKind {
	if d.Soon && d.At.Sub(r.Now) < nearby {
		return ChipSoon
	}
	return k
}

func hueChip(s Side) ChipKind {
	switch s {
	case Provider:
		return ChipIT
	case Customer:
		return ChipYou
	default:
		return ChipPlain
	}
}

// BtnKind is the look of a button. The main button is ink, never a brand
// colour, so that indigo keeps meaning IT.
type BtnKind string

// The kinds of button.
const (
	BtnPlain   BtnKind = "btn"
	BtnPrimary BtnKind = "btn primary"
	BtnQuiet   BtnKind = "btn quiet"
	BtnSmall   BtnKind = "btn s"
	BtnFaint   BtnKind = "btn s quiet"
	BtnBig     BtnKind = "btn big"
	BtnMain    BtnKind = "btn primary big"
)

// Tone is the look of a callout.
type Tone string

// The tones of a callout.
const (
	TonePlain Tone = "callout"
	ToneIT    Tone = "callout it"
	ToneYou   Tone = "callout you"
	ToneGood  Tone = "callout good"
	ToneLate  Tone = "callout late"
)

// Fact is one row of a list of facts. Href makes the value a link.
type Fact struct {
	Name, Value, Href string
}

// Pages leads through a keyset list. Empty addresses are not shown.
type Pages struct {
	First, Prev, Next string
	// Label says what is paged, for screen readers: "Our turn".
	Label string
}

func (p Pages) any() bool { return p.First != "" || p.Prev != "" || p.Next != "" }

// OneTap is one answer that is a form of its own: a button with everything it
// sends hidden behind it.
type OneTap struct {
	Label  string
	Action string
	Hidden []Hidden
	Main   bool
	// Href makes it a link instead of a form ("Suggest a time").
	Href string
}

func (o OneTap) kind() BtnKind {
	if o.Main {
		return BtnPrimary
	}
	return BtnPlain
}

// Step is one step of what happens next.
type Step struct {
	Side        Side
	Title, Text string
	Current     bool
}
