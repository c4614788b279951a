package ui

import "time"

// Author is who wrote a message or did something: IT or a customer.
type Author struct {
	Name string
	Side Side
	// You is set when the reader is the author; the name then reads "You".
	You bool
}

func (a Author) name() string {
	if a.You {
		return "You"
	}
	return a.Name
}

// PublicMessage is a message both sides see. It is the only kind of message
// the customer's pages accept: an internal note is another type, in a package
// those pages do not import.
type PublicMessage struct {
	ID   string
	From Author
	// Via says how it came or went: "by email", "on the page", "to Helen, by email".
	Via  string
	At   time.Time
	Body Prose
	// Quoted is the part of a mail below the new text, shown folded.
	Quoted Prose
	Files  []File
	// Asked is set when the message asked something that opened a turn.
	Asked *Asked
	// Original is where the mail as it arrived can be downloaded; staff only.
	Original string
	// Claim is a warning about the sender, in words: "The sender's address was
	// not confirmed." Empty when there is none.
	Claim string
	// Delivery tells how a message of ours fared when that is worth a line:
	// "Could not be delivered: mailbox full".
	Delivery string
}

// Asked is what a question needs and by when.
type Asked struct {
	Need string
	Due  time.Time
}

// File is an attachment.
type File struct {
	Name string
	Size int64
	Type string
	URL  string
}

// PublicEvent is a line in the conversation both sides see: a turn passed, a
// reminder sent, a solution confirmed.
type PublicEvent struct {
	Icon Icon
	// Lead is the part in bold: "Helen's turn". May be empty.
	Lead string
	Text string
	At   time.Time
}

// PublicEntry is one entry of the conversation as a customer may see it:
// exactly one of its fields is set.
type PublicEntry struct {
	Message *PublicMessage
	Event   *PublicEvent
}
