package dispute

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/kit/errs"
)

// State is how a dispute stands.
type State string

// The states. Settled and Withdrawn are final.
const (
	Open      State = "open"     // nothing is proposed
	Proposed  State = "proposed" // a proposal waits for the customer's signature
	Settled   State = "settled"
	Withdrawn State = "withdrawn" // by the side that challenged: it stands as it was counted
)

// States lists them.
func States() []State { return []State{Open, Proposed, Settled, Withdrawn} }

// Subject is what is challenged: a promise of the ticket by its id, or a span of one turn.
type Subject struct {
	Obligation string
	From       time.Time
	Until      time.Time
}

// Span says whether it is about a span.
func (s Subject) Span() bool { return s.Obligation == "" }

const spanPrefix = "span-"

// Key writes a subject as forms carry it: the id of the promise, or span-FROM-UNTIL in Unix seconds.
func (s Subject) Key() string {
	if !s.Span() {
		return s.Obligation
	}
	return fmt.Sprintf("%s%d-%d", spanPrefix, s.From.Unix(), s.Until.Unix())
}

// ParseSubject reads what Key wrote. What is no span is the id of a promise.
func ParseSubject(key string) Subject {
	rest, ok := strings.CutPrefix(key, spanPrefix)
	from, until, two := strings.Cut(rest, "-")
	a, err := strconv.ParseInt(from, 10, 64)
	b, err2 := strconv.ParseInt(until, 10, 64)
	if !ok || !two || err != nil || err2 != nil {
		return Subject{Obligation: key}
	}
	return Subject{From: time.Unix(a, 0).UTC(), Until: time.Unix(b, 0).UTC()}
}

// Dispute is something one side challenged.
type Dispute struct {
	ID         string
	TicketID   string
	Number     int64 // of the ticket
	OrgID      string
	SiteID     string
	Region     string
	Subject    Subject
	Metric     agreement.Metric // of a promise
	Ref        int64            // sequence of the event that began the promise
	Counted    string           // how it was counted: the state of the promise, or whose turn the span was
	Side       agreement.Side   // who challenged
	RaisedBy   string
	RaisedAt   time.Time
	Reason     string
	State      State
	TermAt     time.Time // until when it is to be settled
	FurtherAt  time.Time // when it went where the agreement says; zero while it has not
	SettledAs  string    // kept, broken, or whose turn it was
	EndedAt    time.Time
	Seq        int64 // of the event that challenged
	Version    int64
	Proposals  []Proposal // oldest first
	Escalation string     // where the agreement says it goes; only Get fills it in
}

// Proposal is how a service level manager would have it stand.
type Proposal struct {
	ID        string
	DisputeID string
	As        string
	Reason    string
	AuthorID  string
	MadeAt    time.Time
	AskID     string // the approval in which both sides sign it
	State     ProposalState
	EndedAt   time.Time
}

// ProposalState is how a proposal stands.
type ProposalState string

// The states of a proposal. All but Waiting are final.
const (
	Waiting ProposalState = "waiting"
	Agreed  ProposalState = "agreed"
	Refused ProposalState = "refused"
	Ended   ProposalState = "ended" // taken back, run out, or void
)

// Answers are what can be proposed of a subject.
func (s Subject) Answers() []string {
	if s.Span() {
		return []string{string(agreement.SideProvider), string(agreement.SideCustomer), string(agreement.SideSupplier), string(agreement.SideNobody)}
	}
	return []string{agreement.RulingKept, agreement.RulingBroken}
}

// digest is of everything that is signed: SHA-256 of its canonical JSON, in hexadecimal.
func digest(d Dispute, p Proposal) (string, error) {
	body, err := json.Marshal(struct {
		Dispute, Ticket, Subject, Counted, As, Reason string
	}{d.ID, d.TicketID, d.Subject.Key(), d.Counted, p.As, p.Reason})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// usual is how many days there are to settle a dispute where the agreement names none.
const usual = 30

// toSettle is how long there is to settle something that was challenged under terms.
func toSettle(t agreement.Terms) time.Duration {
	days := t.DisputeDays
	if days == 0 {
		days = usual
	}
	return time.Duration(days) * 24 * time.Hour
}

// inTime refuses what is challenged too late. ended is when the promise or the span ended; zero while it goes on.
func inTime(op string, t agreement.Terms, ended, now time.Time) error {
	if t.DisputeDays == 0 || ended.IsZero() || !now.After(ended.AddDate(0, 0, t.DisputeDays)) {
		return nil
	}
	return errs.New(errs.Conflict, op, "It ended on %s, and under the agreement it could be challenged for %d days after that. Write to service levels if it should be looked at all the same.",
		ended.Format("2 January 2006"), t.DisputeDays).Reason("dispute-term-over")
}

// turnOf finds the turn a span lies in. Errors: Invalid, naming the field.
func turnOf(op string, r agreement.Result, s Subject, now time.Time) (agreement.Turn, error) {
	from, until := s.From.Unix(), s.Until.Unix()
	switch {
	case s.From.IsZero() || s.Until.IsZero():
		return agreement.Turn{}, errs.In(op, "obligation", "Choose what is counted otherwise than it was: a promise, or the span of a turn.")
	case from >= until:
		return agreement.Turn{}, errs.In(op, "until", "The span ends before it begins. Give a later end.")
	case until > now.Unix():
		return agreement.Turn{}, errs.In(op, "until", "The span ends in the future. What is to come is not challenged; give an end that has passed.")
	}
	for _, t := range r.Turns {
		if t.Since <= from && until <= r.Until(t) {
			if t.Side == agreement.SideNobody && t.Cause == string(agreement.Closed) {
				break
			}
			return t, nil
		}
	}
	return agreement.Turn{}, errs.In(op, "from", "The span lies in no single turn of this ticket. Choose one turn, or a part of one.")
}
