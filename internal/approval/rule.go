package approval

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"bothways/internal/kit/errs"
)

// Rule says whose consent an ask needs.
type Rule struct {
	Stages  []Stage       `json:"stages"`
	Ordered bool          `json:"ordered,omitempty"` // a stage is asked when those before it have consented; else all at once
	For     time.Duration `json:"for,omitempty"`     // how long there is to vote, 0 is without end
	// When the time runs out, Escalate are asked to take any seat that is still empty, and there is Grace more. Without them the ask expires.
	Escalate []string      `json:"escalate,omitempty"`
	Grace    time.Duration `json:"grace,omitempty"`
}

// Stage is a group of seats of which a number has to consent.
type Stage struct {
	Name   string   `json:"name"`           // a word of whoever asks: "provider", "customer", "board"
	Seats  []string `json:"seats"`          // persons, each once
	Quorum int      `json:"quorum"`         // how many have to consent, at least 1
	Veto   bool     `json:"veto,omitempty"` // one refusal refuses; else it does when a quorum has become impossible
}

// Bounds of a rule.
const (
	maxStages = 10
	maxSeats  = 100
	maxFor    = 366 * 24 * time.Hour
)

// Check says what is wrong with a rule. Errors: Invalid with every field.
func (r Rule) Check(op string) error {
	e := errs.New(errs.Invalid, op, "These approvers can't be asked.")
	bad := func(path, format string, args ...any) {
		e.Fields = append(e.Fields, errs.Field{Path: path, Msg: fmt.Sprintf(format, args...)})
	}
	if len(r.Stages) == 0 || len(r.Stages) > maxStages {
		bad("stages", "There have to be 1 to %d stages.", maxStages)
	}
	for i, s := range r.Stages {
		path := fmt.Sprintf("stages[%d]", i)
		seats := slices.Clone(s.Seats)
		slices.Sort(seats)
		switch {
		case len(seats) == 0 || len(seats) > maxSeats:
			bad(path+".seats", "A stage has 1 to %d approvers.", maxSeats)
		case seats[0] == "":
			bad(path+".seats", "An approver is missing.")
		case len(slices.Compact(seats)) != len(s.Seats):
			bad(path+".seats", "Somebody is named twice.")
		case s.Quorum < 1 || s.Quorum > len(s.Seats):
			bad(path+".quorum", "The quorum is %d; of %d approvers it is 1 to %d.", s.Quorum, len(s.Seats), len(s.Seats))
		}
		if slices.ContainsFunc(r.Stages[:i], func(o Stage) bool { return o.Name == s.Name }) {
			bad(path+".name", "Two stages are called %q.", s.Name)
		}
	}
	if r.For < 0 || r.For > maxFor || r.Grace < 0 || r.Grace > maxFor {
		bad("for", "The time to vote is 0 (without end) to %d days.", int(maxFor.Hours()/24))
	}
	if len(r.Escalate) > 0 && (r.For == 0 || r.Grace == 0) {
		bad("escalate", "Who is asked when time runs out needs a time that runs out, and a time for themselves.")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// State is how an ask stands.
type State string

// The states. All but Pending are final.
const (
	Pending   State = "pending"
	Approved  State = "approved"
	Refused   State = "refused"
	Expired   State = "expired"
	Withdrawn State = "withdrawn" // by who asked
	Void      State = "void"      // what was to be approved has changed
)

// Vote is what somebody said, once and for ever.
type Vote struct {
	ID      string
	Seq     int64     // 1, 2, 3, … of the ask
	Stage   string    // by name
	Seat    string    // whose seat it was
	Voter   string    // who voted: the same person, or one who stood in
	Until   time.Time // until when the voter stood in; zero for one's own seat, and when nobody knows
	Consent bool
	Reason  string
	At      time.Time
}

// Stood says whether the voter stood in for the seat's holder.
func (v Vote) Stood() bool { return v.Voter != v.Seat }

// Standing is what the votes come to.
type Standing struct {
	State  State // Pending, Approved or Refused
	Stages []StageStanding
	By     int64 // Seq of the vote that decided; 0 while pending
}

// StageStanding is what the votes of one stage come to.
type StageStanding struct {
	Name             string
	State            State
	Asked            bool // its turn has come: it may be voted in
	Consent, Against int
	Missing          []string // seats that have not voted
}

// Weigh reads a decision out of votes, in their order. It is a pure function: the same rule and votes give the same standing. A vote
// counts when its stage was asked at that moment and still undecided, its seat is one of the stage's that has none yet, and its voter
// has not voted before on the ask; after the decision none counts. A stage consents when its quorum has, and refuses when that has
// become impossible or, with a veto, at the first refusal. One stage that refuses refuses the whole, whatever another said.
func Weigh(r Rule, votes []Vote) Standing {
	st := Standing{State: Pending, Stages: make([]StageStanding, len(r.Stages))}
	for i, s := range r.Stages {
		st.Stages[i] = StageStanding{Name: s.Name, State: Pending, Missing: slices.Clone(s.Seats)}
	}
	st.ask(r)
	voted := map[string]bool{}
	ordered := slices.Clone(votes)
	slices.SortStableFunc(ordered, func(a, b Vote) int { return cmp.Compare(a.Seq, b.Seq) })
	for _, v := range ordered {
		k := slices.IndexFunc(st.Stages, func(s StageStanding) bool { return s.Name == v.Stage })
		if k < 0 || voted[v.Voter] || !st.Stages[k].take(r.Stages[k], v) {
			continue
		}
		voted[v.Voter] = true
		if st.decide(); st.State != Pending {
			st.By = v.Seq
			break
		}
		st.ask(r)
	}
	return st
}

// ask opens the stages whose turn it is.
func (st *Standing) ask(r Rule) {
	for i := range st.Stages {
		st.Stages[i].Asked = true
		if r.Ordered && st.Stages[i].State == Pending {
			return
		}
	}
}

func (s *StageStanding) take(rule Stage, v Vote) bool {
	at := slices.Index(s.Missing, v.Seat)
	if at < 0 || !s.Asked || s.State != Pending {
		return false
	}
	s.Missing = slices.Delete(s.Missing, at, at+1)
	if v.Consent {
		s.Consent++
	} else {
		s.Against++
	}
	switch {
	case !v.Consent && rule.Veto, s.Consent+len(s.Missing) < rule.Quorum:
		s.State = Refused
	case s.Consent >= rule.Quorum:
		s.State = Approved
	}
	return true
}

func (st *Standing) decide() {
	all := true
	for _, s := range st.Stages {
		if s.State == Refused {
			st.State = Refused
			return
		}
		all = all && s.State == Approved
	}
	if all {
		st.State = Approved
	}
}
