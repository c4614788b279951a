// Package letter is the words of the desk's mails: what is said on each occasion to one reader, in their zone.
//
// Every mail says whose turn it is, what is needed by when, and what happens otherwise (DESIGN.md §9). Automatic mails hold
// no words of the ticket: what a stranger wrote is echoed to nobody. Pure; package desk calls it.
package letter

import (
	"fmt"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/kit/text"
)

// Occasion is a reason to tell somebody something.
type Occasion string

// The occasions. The first four are a person's or the desk's words to the customer, the others the ledger's.
const (
	Opened   Occasion = "opened"        // we have your request
	Reply    Occasion = "reply"         // a message, nothing asked
	Question Occasion = "question"      // a message that opens their turn
	Solution Occasion = "solution"      // does it work?
	Wait     Occasion = "wait"          // an agreed wait
	Remind   Occasion = "remind"        // their turn goes on
	Contact  Occasion = "tell_contact"  // their site's contact hears of it
	Away     Occasion = "away"          // who is asked is away and nobody stands in: to their site's contact
	Pause    Occasion = "pause"         // reminders stop
	Lapse    Occasion = "lapse"         // closed, one word reopens
	Silence  Occasion = "close"         // closed after a solution and silence
	Late     Occasion = "tell_customer" // IT is late
	Warn     Occasion = "warn"          // IT will be late: to staff
	Charge   Occasion = "charge"        // as agreed, because no answer came
	Credit   Occasion = "credit"        // as agreed, because IT missed what it promised
	Noted    Occasion = "noted"         // what they said, or what was done for them, as IT wrote it down
	Merged   Occasion = "merged"        // two requests go on as one
	Unmerged Occasion = "unmerged"      // and no longer do
	Passed   Occasion = "passed"        // the other door has it now
)

// Letter is what a mail says, before it is written for one reader.
type Letter struct {
	Occasion Occasion
	Ref      string         // the ticket's number as people write it
	Subject  string         // the ticket's
	Turn     agreement.Side // whose turn it is
	Author   string         // a person's name, "" for the desk
	Words    string         // of the message
	Files    []string       // names of its attachments
	Need     string         // what is asked
	Asks     agreement.Metric
	Due      time.Time // of what is asked, or of IT's promise
	Asked    time.Time // an earlier date that the agent wished for
	Next     []agreement.Timer
	Reopen   time.Time // until when one word reopens it
	Now      time.Time
	Late     agreement.Metric
	Desk     string // what mails call the desk
	BaseURL  string // of the pages
	Amount   string // of a charge or a credit
	What     string // it is for
	Into     string // merged: the number of the ticket that goes on
	Levels   bool   // passed: to the second door; else to the service desk
}

// Reader is who reads it.
type Reader struct {
	Zone    *time.Location
	Because string // why they are told
	Follows bool   // it is not theirs to answer
}

// Write makes the mail for one reader.
func (l Letter) Write(to Reader) (subject, body string) {
	w := writing{l, to}
	switch l.Occasion {
	case Opened:
		return w.opened()
	case Reply, Question, Solution:
		return w.message()
	case Noted:
		return w.noted()
	case Merged:
		return w.title("goes on in " + w.Into), w.text("We work on "+w.Ref+" together with "+w.Into+", because it is the same matter. You find both conversations there, and every promise we made you holds.", "If it is another matter, say so: answer this mail, or press \"It is another matter\" on the page below.")
	case Unmerged:
		return w.title("goes on by itself again"), w.text("We wrote to you that we work on " + w.Ref + " together with " + w.Into + ". That is taken back: " + w.Ref + " goes on by itself again. It is our turn, and every promise we made you holds.")
	case Passed:
		return w.passed()
	case Wait:
		return w.title("we wait until " + w.day(l.Due)), w.text("You agreed that we wait until " + w.at(l.Due) + ". Until then it is nobody's turn; after that it is ours again. If you did not agree to this, answer this mail and it is our turn at once.")
	case Remind:
		return w.remind()
	case Contact:
		return w.contact()
	case Away:
		return w.title("who was asked is away"), w.text("We need "+w.Need+" on "+w.Ref+", and who we asked at your site is away with nobody to stand in.", "Who can answer instead? Answer this mail. The time counts in your site’s hours, and reminders go on as agreed.")
	case Pause:
		return w.title("paused"), w.text("Paused. Your words start it again: answer this mail.", w.consequences())
	case Lapse:
		return w.title("closed for now"), w.text("We closed this because we heard nothing about what we needed from you: "+l.Need+".", "Nothing is lost. One word reopens it until "+w.at(l.Reopen)+": answer this mail, or press Reopen on the page below.")
	case Silence:
		return w.title("closed"), w.text("We told you what we did and heard nothing, so we take it that it works and closed this.", "If it does not, one word reopens it until "+w.at(l.Reopen)+": answer this mail, or press Reopen on the page below.")
	case Late:
		return w.title("we are late"), w.text("We promised you " + promised(l.Late) + " and missed it. It is still our turn, and we are on it.")
	case Charge:
		return w.title("a charge, as agreed"), w.text("We have not heard what we needed from you, so a charge is noted on this request, as the agreement states: "+w.Amount+", "+w.What+".", "It is still your turn: answer this mail. If you see it otherwise, challenge it on the page below.")
	case Credit:
		return w.title("a credit for you, as agreed"), w.text("We promised you " + promised(l.Late) + " and missed it, so a credit for you is noted on this request, as the agreement states: " + w.Amount + ", " + w.What + ". It is still our turn, and we are on it.")
	case Warn:
		return w.title("due " + w.at(l.Due)), w.text("IT promised " + promised(l.Late) + " by " + w.at(l.Due) + " on \"" + l.Subject + "\". It is IT's turn.")
	}
	return w.title("news"), w.text()
}

type writing struct {
	Letter
	to Reader
}

// at is an instant as the reader's clock says it: a day and an hour, never "soon".
func (w writing) at(t time.Time) string { return At(t, w.to.Zone) }

func (w writing) day(t time.Time) string { return t.In(w.to.Zone).Format("Mon 2 Jan") }

// subject says the number and whose turn it is. It holds no words of the ticket in automatic mails: what a stranger wrote is
// echoed to nobody.
func (w writing) title(what string) string { return w.Ref + ": " + what }

func (w writing) text(paragraphs ...string) string {
	var b strings.Builder
	for _, p := range paragraphs {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString(p + "\n\n")
		}
	}
	b.WriteString("-- \n" + w.Desk + " · " + w.Ref + "\n")
	if w.BaseURL != "" {
		page := "/requests/"
		if w.Occasion == Warn {
			page = "/desk/tickets/"
		}
		b.WriteString(w.BaseURL + page + w.Ref + "\n")
	}
	b.WriteString("You get this because " + w.to.Because + ".\n")
	return b.String()
}

func (w writing) opened() (string, string) {
	first := "Thank you. We have your request; its number is " + w.Ref + "."
	turn := "It is our turn."
	if !w.Due.IsZero() {
		turn = "It is our turn: you hear from one of us by " + w.at(w.Due) + "."
	}
	return w.title("we have your request"), w.text(first, turn, "To add something, answer this mail.")
}

// passed says who has it since it went to the other door. Nothing was wrong with where it came in.
func (w writing) passed() (string, string) {
	who, title := "The service desk has "+w.Ref+" now: it is for what you need help with today.", "the service desk has it now"
	if w.Levels {
		who, title = "Service level management has "+w.Ref+" now: who looks after levels, price, exceptions and how promises are kept can decide it.", "service level management has it now"
	}
	if w.Author != "" {
		who += " You hear from " + w.Author + "."
	}
	turn := "It is still our turn, and the time we have used counts on."
	switch {
	case w.Turn != agreement.SideProvider:
		turn = ""
	case !w.Due.IsZero():
		turn = "It is still our turn, and the time we have used counts on: you hear from us by " + w.at(w.Due) + "."
	}
	return w.title(title), w.text(who, "Everything that was said went along, so you need not write it again.", turn, "To add something, answer this mail.")
}

func (w writing) noted() (string, string) {
	turn := ""
	switch w.Turn {
	case agreement.SideProvider:
		turn = "It is our turn."
		if !w.Due.IsZero() {
			turn = "It is our turn: you hear from one of us by " + w.at(w.Due) + "."
		}
	case agreement.SideNobody:
		turn = "It is done. If it is not, one word reopens it until " + w.at(w.Reopen) + ": answer this mail."
	}
	from := w.Author
	if from == "" {
		from = w.Desk
	}
	return w.title("noted"), w.text(from+" noted what you talked about. You read it on the page below.", turn, "Is it not what you said? Answer this mail.")
}

func (w writing) message() (string, string) {
	from := w.Desk
	if w.Author != "" {
		from = w.Author + ", " + w.Desk
	}
	subject := "[" + w.Ref + "] " + text.Cut(text.Line(w.Letter.Subject), 120)
	files := ""
	if len(w.Files) > 0 {
		files = "With " + strings.Join(w.Files, ", ") + "; also on the page below."
	}
	if w.to.Follows {
		return subject, w.text(w.Words, files, "— "+from, "You follow this request. What it asks is for who asked, or for whom it is.")
	}
	return subject, w.text(w.Words, files, "— "+from, w.whoseTurn(), w.consequences())
}

// YourTurn says what is needed of somebody by when, in their zone, which it names: the one sentence of mails, pages and the API. No full
// stop ends it.
func YourTurn(need string, due time.Time, zone *time.Location) string {
	s := "It is your turn. We need " + need
	if zone == nil {
		zone = time.UTC
	}
	if !due.IsZero() {
		s += " by " + At(due, zone)
	}
	return s
}

// turn says whose turn it is after this message, and what is needed by when.
func (w writing) whoseTurn() string {
	switch w.Occasion {
	case Question:
		s := YourTurn(w.Need, w.Due, w.to.Zone)
		if !w.Asked.IsZero() && w.Asked.Before(w.Due) {
			s += "; " + w.at(w.Asked) + " would help us most"
		}
		switch w.Asks {
		case agreement.MetricTest:
			return s + ". Try it, then answer this mail and say how it went; your words give us the turn."
		case agreement.MetricAcknowledge:
			return s + ". Read it, then answer \"read\"; your words give us the turn."
		}
		return s + ". Answer this mail; your words give us the turn."
	case Solution:
		s := "It is your turn. Does it work? Answer \"yes\", or say what is still wrong"
		if !w.Due.IsZero() {
			s += ", by " + w.at(w.Due)
		}
		return s + "."
	}
	switch w.Turn {
	case agreement.SideCustomer:
		return "It is still your turn; this message changes nothing about that."
	case agreement.SideNobody:
		return ""
	}
	if w.Due.IsZero() {
		return "It is our turn. No answer needed."
	}
	return "It is our turn until " + w.at(w.Due) + ". No answer needed."
}

// consequences says what happens if nobody moves, as the agreement states it.
func (w writing) consequences() string {
	var parts []string
	reminded := false
	for _, s := range w.Next {
		at := w.at(time.Unix(s.At, 0))
		switch s.Action {
		case agreement.ActionRemind:
			if !reminded {
				parts = append(parts, "we remind you on "+at)
				reminded = true
			}
		case agreement.ActionTellContact:
			parts = append(parts, "tell the contact of your site on "+at)
		case agreement.ActionPause:
			parts = append(parts, "pause this on "+at)
		case agreement.ActionCharge:
			parts = append(parts, "note a charge of "+s.Price.String()+" on "+at)
		case agreement.ActionLapse, agreement.ActionClose:
			parts = append(parts, "close it on "+at+" (one word reopens it)")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "If we hear nothing: " + strings.Join(parts, "; ") + "."
}

func (w writing) remind() (string, string) {
	if w.Need == "" {
		return w.title("does it work?"), w.text("We told you what we did. Does it work? Answer \"yes\", or say what is still wrong, by "+w.at(w.Due)+".", w.consequences())
	}
	last := ""
	for _, s := range w.Next {
		if s.Action == agreement.ActionPause {
			at := w.at(time.Unix(s.At, 0))
			if w.Due.IsZero() || !w.Due.After(time.Unix(s.At, 0)) {
				last = "We pause this on " + at + " if we hear nothing. Nothing is lost; one word reopens it."
			}
			break
		}
		if s.Action == agreement.ActionLapse {
			last = "We close this on " + w.at(time.Unix(s.At, 0)) + " if we hear nothing. Nothing is lost; one word reopens it."
			break
		}
	}
	body := "Still waiting for " + w.Need + "."
	switch {
	case w.Due.IsZero():
	case w.Due.After(w.Now):
		body = "Still waiting for " + w.Need + ", by " + w.at(w.Due) + "."
	default:
		body = "Still waiting for " + w.Need + ". We hoped for it by " + w.at(w.Due) + "."
	}
	if last == "" {
		last = w.consequences()
	}
	return w.title("it is still your turn"), w.text(body+" Stuck? Answer \"help\".", last)
}

func (w writing) contact() (string, string) {
	what := w.Need
	if what == "" {
		what = "whether the solution works"
	}
	return w.title("your site's turn"), w.text(
		fmt.Sprintf("We asked somebody at your site for %s and have not heard by %s. It is your site's turn on %s.", what, w.at(w.Due), w.Ref),
		"If they are away, who can answer instead? Answer this mail.", w.consequences())
}

func promised(m agreement.Metric) string {
	switch m {
	case agreement.MetricFirstResponse:
		return "a first answer"
	case agreement.MetricNextResponse:
		return "an answer"
	case agreement.MetricResolution:
		return "a solution"
	}
	return "a move"
}
