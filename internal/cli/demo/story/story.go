package story

import (
	"slices"
	"time"
)

// Verb is what is done in an act.
type Verb string

// The verbs. Each is a command of the desk, or a mail.
const (
	Open         Verb = "opens"         // by form, telephone or program: Channel
	Mail         Verb = "mails"         // a mail that opens the ticket
	Sort         Verb = "sorts"         // kind, impact and urgency
	Take         Verb = "assigns"       // to Person, in Team where it is named
	Say          Verb = "says"          // IT, or a customer on the page
	Ask          Verb = "asks"          // Need; Facts where it is facts that are needed
	Note         Verb = "notes"         //
	Resolve      Verb = "resolves"      //
	Reply        Verb = "replies"       // a mail that answers the newest one of the desk
	Away         Verb = "is away"       // an automatic answer to it
	Bounce       Verb = "bounces"       // the newest mail to them comes back
	Confirm      Verb = "confirms"      //
	Reject       Verb = "rejects"       //
	Return       Verb = "returns"       // the question that is open
	Withdraw     Verb = "withdraws"     //
	Discard      Verb = "discards"      // it was no ticket
	AskSupplier  Verb = "asks supplier" // Team
	SupplierBack Verb = "hears from the supplier"
	Wait         Verb = "agrees a wait" // until Until
	Watch        Verb = "adds"          // Person as a watcher
	Link         Verb = "links"         // to the case Other
	Merge        Verb = "merges"        // into the case Other
	Waive        Verb = "waives"        // what the customer owes
	Dispute      Verb = "disputes"      // the last promise that was broken
)

// Act is one thing somebody did.
type Act struct {
	At           time.Time
	Who          string // key of a person
	Verb         Verb
	Channel      string
	Text, Need   string
	Facts        bool
	Person, Team string
	Until        time.Time
	Picture      bool // with a photo of the screen
	Other        *Case
}

// Case is one ticket's story.
type Case struct {
	Topic, Subject        string
	Kind, Impact, Urgency string
	Requester             string // key, or for a stranger their address
	Stranger              string // name of a sender whom nobody knows
	Header                string // further line of the head of the mail that opens it
	Acts                  []Act
}

// Person is who asks.
type Person struct {
	Key, Name, Place, Tongue string
	Female                   bool
}

// Crew is a team that works on requests.
type Crew struct {
	Team    string
	Members []string
}

// Setting is who there is and when they work.
type Setting struct {
	Seed        uint64
	From, Until time.Time
	PerDay      float64 // requests on an ordinary working day
	Events      bool    // an outage, a move and a roll-out too
	People      []Person
	Hours       map[string]Hours // by place
	Service     Hours
	Crews       map[string]Crew // by the teams of the text files; local IT by "local@" and the place
	Contacts    map[string]string
	Levels      string            // who looks after the service levels
	Names       map[string]string // of those who work
}

// Year tells everything from From to Until, acts after that left out, ordered by the first act. Errors are those of the text files.
func Year(s Setting) ([]*Case, error) {
	b, err := library()
	if err != nil {
		return nil, err
	}
	y := &year{Setting: s, book: b, open: map[string]time.Time{}}
	y.places()
	for d := s.From; d.Before(s.Until); d = d.AddDate(0, 0, 1) {
		y.day(d)
	}
	if s.Events {
		y.outage()
		y.move()
		y.rollout()
	}
	slices.SortStableFunc(y.told, func(a, b *Case) int { return a.Acts[0].At.Compare(b.Acts[0].At) })
	return y.cut(), nil
}

type year struct {
	Setting
	book  *book
	by    map[string][]Person
	told  []*Case
	count uint64
	open  map[string]time.Time // until when somebody has a request that waits for them
}

func (y *year) places() {
	y.by = map[string][]Person{}
	for _, p := range y.People {
		y.by[p.Place] = append(y.by[p.Place], p)
	}
}

// cut leaves out what is later than Until.
func (y *year) cut() []*Case {
	var out []*Case
	for _, c := range y.told {
		slices.SortStableFunc(c.Acts, func(a, b Act) int { return a.At.Compare(b.At) })
		n := 0
		for n < len(c.Acts) && !c.Acts[n].At.After(y.Until) {
			n++
		}
		if c.Acts = c.Acts[:n]; n > 0 {
			out = append(out, c)
		}
	}
	return out
}

// weekday is how much is asked on a day of the week: what broke on Friday is told on Monday.
var weekday = map[time.Weekday]float64{time.Monday: 1.45, time.Tuesday: 1.1, time.Wednesday: 1, time.Thursday: 0.95, time.Friday: 0.75, time.Saturday: 0.06, time.Sunday: 0.05}

// season is how much is asked in a month.
var season = map[time.Month]float64{time.January: 1.1, time.February: 1, time.March: 1.05, time.April: 0.95, time.May: 1, time.June: 0.9, time.July: 0.6, time.August: 0.75, time.September: 1.25,
	time.October: 1.1, time.November: 1.05, time.December: 0.85}

// day tells what is asked on one day.
func (y *year) day(d time.Time) {
	at := d.In(y.Service.Zone)
	_, m, dom := at.Date()
	load := y.PerDay * weekday[at.Weekday()] * season[m]
	quiet := m == time.December && dom >= 22 || m == time.January && dom < 4
	if quiet {
		load *= 0.25
	}
	if y.Service.closed(at) && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
		load *= 0.1
	}
	dc := &dice{y.Seed ^ hash(at.Format("2006-01-02"))}
	n := int(load + dc.between(0, 1) + dc.between(-1.5, 1.5)*load/4)
	for range n {
		y.asked(dc, d)
	}
	if back := m == time.January && dom >= 4 && dom <= 8 && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday; back {
		for range int(y.PerDay / 3) {
			y.tell(dc, y.topic("new-year"), one(dc, y.People), d)
		}
	}
	if dc.is(0.08 * y.PerDay / 8) {
		y.spam(dc, d)
	}
	if dc.is(0.05*y.PerDay/8) && !y.Service.closed(at) {
		y.machine(dc, d)
	}
	if dc.is(0.05*y.PerDay/8) && !y.Service.closed(at) {
		y.stranger(dc, d)
	}
}

func (y *year) asked(dc *dice, d time.Time) {
	sum := 0
	for i := range y.book.topics {
		sum += y.book.topics[i].weight
	}
	k := dc.below(sum)
	for i := range y.book.topics {
		if k -= y.book.topics[i].weight; k < 0 {
			y.tell(dc, &y.book.topics[i], one(dc, y.People), d)
			return
		}
	}
}

func (y *year) topic(name string) *topic {
	for i := range y.book.topics {
		if y.book.topics[i].name == name {
			return &y.book.topics[i]
		}
	}
	return &topic{}
}

// moment is when on a day somebody writes: most in the morning and after lunch, in their own hours; at the weekend, any time.
func (y *year) moment(dc *dice, p Person, d time.Time) time.Time {
	h := y.Hours[p.Place]
	at := h.at(d.In(h.Zone), 0, h.From)
	long := float64(h.To - h.From)
	m := dc.between(-10, long*0.4)
	if dc.is(0.45) {
		m = dc.between(long*0.4, long+15)
	}
	return at.Add(time.Duration(m * float64(time.Minute))).Add(time.Duration(dc.below(60)) * time.Second)
}
