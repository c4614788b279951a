package ticket

import "time"

// Act names a ticket, the version the caller read (0 = any) and the words that go with a command.
type Act struct {
	Number  int64
	Version int64
	Body    string // a public message that goes with it
	Reason  string // for the record
	// Was is what the fields that it sets held when the caller read them, by their names (see Fields): of two people who set two
	// fields at once both are right, and who sets the same one learns of the other first.
	Was  map[string]string
	Work Work // time that was spent on it
}

// Work is working time that goes with an act.
type Work struct {
	Minutes int    // 0 = nothing is noted
	Kind    string // work (also ""), travel, walk_up or favour
	Note    string
}

// Asked makes a message a blocking question: it opens the customer's turn when it reached them.
type Asked struct {
	Need   string // what is needed: "a yes or no", "the serial number"
	Due    time.Time
	Metric string // answer (also ""), supply_facts, test or acknowledge
}

// Spoken is what became of a message.
type Spoken struct {
	Ticket  Ticket
	Message Message
}

// Upload is a file on its way in, or out with a mail.
type Upload struct {
	Name string
	Body []byte
}
