package writing

import (
	"strings"
	"time"
)

// Mode says what is being written.
type Mode string

// The modes.
const (
	Reply Mode = "reply"
	Note  Mode = "note"
)

// Valid says whether it is one of the modes.
func (m Mode) Valid() bool { return m == Reply || m == Note }

// MostBody bounds a draft, in bytes; it is what a message may hold.
const MostBody = 1 << 20

// Draft is what somebody has written so far. Version 0 is a draft that does not exist.
type Draft struct {
	TicketID string
	Mode     Mode
	Body     string
	After    string // whose turn it is after sending, as the form says it
	Need     string
	Due      string // as typed
	Why      string // it came back: why it could not be sent
	Version  int64
	SavedAt  time.Time
	Files    []File
	Minutes  int // of work, on one that was just taken back; not kept

	// Writer names the page that writes and Step counts what it has saved. A page overtakes itself by Step alone (its last words
	// may arrive before its last but one); two pages meet by Version.
	Writer string
	Step   int64

	personID string
}

// File is an uploaded file that waits for its message.
type File struct {
	ID     string
	SHA256 string
	Name   string
	Type   string
	Size   int64
}

// Empty says whether there is nothing in it that somebody would miss.
func (d *Draft) Empty() bool {
	return strings.TrimSpace(d.Body) == "" && strings.TrimSpace(d.Need) == "" && len(d.Files) == 0
}

// Mine is a draft with the ticket it is on.
type Mine struct {
	Draft
	Number  int64
	Subject string
}

// verdict is what becomes of a draft that arrives while another is kept.
type verdict uint8

const (
	takes verdict = iota // it is the newer one
	late                 // the same page has saved something newer already
	meets                // another page has saved something the writer has not seen
)

// meet decides. A draft that was sent or emptied meanwhile is no version to meet: what is typed is kept.
func meet(have, in *Draft) verdict {
	switch {
	case have.Version == 0 || have.Version == in.Version && have.Writer != in.Writer:
		return takes
	case in.Writer != "" && have.Writer == in.Writer:
		if in.Step > have.Step {
			return takes
		}
		return late
	case have.Version == in.Version, have.Body == in.Body && have.Need == in.Need && have.Due == in.Due && have.After == in.After:
		return takes
	}
	return meets
}

// Held is an answer that leaves at an instant unless it is taken back. Its message will have its id.
type Held struct {
	ID       string
	TicketID string
	PersonID string
	Channel  string
	Body     string
	Need     string
	Due      time.Time
	Metric   string
	Seen     int64    // the newest event its writer had seen
	Known    []string // held answers of others that its writer had seen
	Files    []File
	Minutes  int // of work that is noted with it
	WorkKind string
	WorkNote string
	MadeAt   time.Time
	LeavesAt time.Time
}

// Presence is somebody who has a ticket open.
type Presence struct {
	PersonID string
	Writing  bool
}
