package portal

import (
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/door"
)

// OwnPromises are the promises of both sides for one thing alone.
type OwnPromises struct {
	Title string
	Pairs []door.PromisePair
}

// LevelsPage is the second door: the agreement that holds for the reader, promise facing promise, and the way to whoever answers.
type LevelsPage struct {
	Frame ui.PortalFrame
	// Whose is the customer's side by name: "Leeds".
	Whose     string
	Agreement string
	// Since is the chip beside it: "Version 2, since Thu 1 Jan".
	Since string
	// Period says what the figures of the pairs count; "" when there are none.
	Period string
	Pairs  []door.PromisePair

	// Paper leads to the whole text of the version, All to every version and what is proposed.
	Paper, All ui.Link
	// Disputes leads to what either side sees otherwise than it was counted.
	Disputes ui.Link

	Hours  []ui.Fact // of both sides
	Speaks []ui.Fact // who speaks for each side
	Note   string    // what holds when a supplier has it, and how long one word reopens

	// Own are promises for one thing alone: this door, a service.
	Own []OwnPromises
	// Prices, Covered and Bounds are what it costs, the services it is for (none: all), and what is covered in words.
	Prices          []ui.Fact
	Covered, Bounds []string
	// Review is when both sides look at it again; "" is not agreed.
	Review string
	// Propose leads who speaks for the site to a proposal; without it they write.
	Propose ui.Link

	// What follows, as it is stated beforehand, on both sides.
	ITLadder, YouLadder, ConfirmLadder []door.Rung

	// Manager is who answers; Role what they are.
	Manager, Role string
	// Answers says by when: "Ingrid answers within 4 h of IT’s hours."
	Answers string
	// Write is the message to them: matter, subject and body. Sent says that it is on its way, with its request.
	Write ui.Form
	Kinds []ui.Option
}
