package approval

import (
	"context"
	"slices"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
)

// Ask is something that waits for consent, or that was decided.
type Ask struct {
	ID          string
	Kind        string // of what is to be approved: "agreement", "request", …
	ObjectID    string
	Title       string // what is asked, in a line
	Digest      string // of exactly what is to be approved, as its Subject gives it
	Rule        Rule
	AskedBy     string
	AskedAt     time.Time
	BarAsker    bool      // who asked may not vote
	Executor    string    // who carries it out and may not vote; "" when nobody is barred for it
	ExpiresAt   time.Time // zero is never
	EscalatedAt time.Time // zero while it is not
	State       State
	DecidedAt   time.Time
	Reason      string // of a withdrawal, or why it is void
	Version     int64
	Votes       []Vote
}

// Object is the ask as the authoriser sees it: the asker, and who is asked, are its parties.
func (a Ask) Object() auth.Object {
	return auth.Object{Kind: "approval", ID: a.ID, Parties: append(a.asked(), a.AskedBy)}
}

// asked lists who holds a seat, the escalation's people once it came to them.
func (a Ask) asked() []string {
	var out []string
	for _, s := range a.Rule.Stages {
		out = append(out, s.Seats...)
	}
	if !a.EscalatedAt.IsZero() {
		out = append(out, a.Rule.Escalate...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// barred says whether somebody may not vote, because they asked or carry it out.
func (a Ask) barred(personID string) bool {
	return a.BarAsker && personID == a.AskedBy || a.Executor != "" && personID == a.Executor
}

// Standing is what the votes come to by now.
func (a Ask) Standing() Standing { return Weigh(a.Rule, a.Votes) }

// open lists the seats that may be voted from at the moment: stage and holder.
func (a Ask) open() [][2]string {
	if a.State != Pending {
		return nil
	}
	var out [][2]string
	for _, s := range a.Standing().Stages {
		if s.Asked && s.State == Pending {
			for _, seat := range s.Missing {
				out = append(out, [2]string{s.Name, seat})
			}
		}
	}
	return out
}

// Voted says whether somebody has voted, and what.
func (a Ask) Voted(personID string) (Vote, bool) {
	i := slices.IndexFunc(a.Votes, func(v Vote) bool { return v.Voter == personID })
	if i < 0 {
		return Vote{}, false
	}
	return a.Votes[i], true
}

// Subject is a kind of thing that is approved; the package that owns it plugs itself.
type Subject interface {
	// Digest is of exactly what is to be approved, as it is at the moment: SHA-256 in hexadecimal. Errors: NotFound when it is gone.
	Digest(ctx context.Context, q db.Querier, objectID string) (string, error)
	// May says whether a seat of a stage may still be filled by a voter, its holder or who stands in: a role may have ended since they were
	// asked, and not everybody may stand in.
	May(ctx context.Context, q db.Querier, objectID, stage, holder, voter string) (bool, error)
	// Decided does what follows, in the transaction that decided. An error undoes the vote.
	Decided(ctx context.Context, tx *db.Tx, a Ask) error
}

// Substitutes says who stands in for whom, beside what was delegated here: the absences of package people.
type Substitutes interface {
	// StandsFor gives for whom somebody acts at an instant, and until when; a zero instant is until nobody knows.
	StandsFor(ctx context.Context, q db.Querier, personID string, at time.Time) (map[string]time.Time, error)
	// Enabled says whether somebody exists and may sign in.
	Enabled(ctx context.Context, q db.Querier, personID string) (bool, error)
}

// Notice is an occasion on which people are told of an ask.
type Notice string

// The occasions.
const (
	NoticeAsked     Notice = "asked"     // they are asked to vote
	NoticeEscalated Notice = "escalated" // it came to them because nobody else voted in time
	NoticeDecided   Notice = "decided"   // to who asked and who voted
	NoticeEnded     Notice = "ended"     // withdrawn, void or expired: nothing is asked of them any more
)

// Teller tells people by mail, in the transaction of what it tells.
type Teller interface {
	TellApproval(ctx context.Context, tx *db.Tx, n Notice, a Ask, persons []string) error
}
