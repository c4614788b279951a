package outcome

import (
	"cmp"
	"encoding/json"
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/ticket"
)

// Account is one ticket's: what is still owed on it, and once it has ended where its time went. It says the same at every instant until
// somebody moves, so that what is kept of it can be proved.
type Account struct {
	AgreementID string // in force on the ticket: at its end, once it has ended
	OrgID       string
	SiteID      string
	Ended       int64   // Unix seconds; 0 while it is open
	Spent       []Spent // empty while it is open
	Owed        []Owed  // empty once it has ended
}

// Spent is how much of a ticket's life was one party's turn, in seconds. They add up to its life.
type Spent struct {
	Side    agreement.Side `json:"side"`
	Party   string         `json:"party,omitempty"` // a team's id, the site's for the customer, a supplier's name; "" of nobody
	Wall    int64          `json:"wall"`
	Working int64          `json:"working"` // in that side's hours
}

// Owed is a promise that is owed. Instants are Unix seconds.
type Owed struct {
	Obligation string             `json:"id"`
	Side       agreement.Side     `json:"side"`
	Metric     agreement.Metric   `json:"metric"`
	Priority   agreement.Priority `json:"priority,omitempty"`
	Target     int64              `json:"target"`
	Started    int64              `json:"started"`
	Due        int64              `json:"due,omitempty"`  // 0 while it stands still
	Late       int64              `json:"late,omitempty"` // from when on it is missed; 0 while it stands still
	Disputed   bool               `json:"disputed,omitempty"`
}

// State is how it stands at an instant.
func (o Owed) State(now int64) agreement.State {
	switch missed := o.Late != 0 && o.Late <= now; {
	case missed && o.Disputed:
		return agreement.StateDisputed
	case missed:
		return agreement.StateBreached
	}
	return agreement.StateRunning
}

// AccountOf reads a ticket's account out of its ledger.
func AccountOf(l Reading) Account {
	t, r := l.Ticket, l.Result
	a := Account{OrgID: t.OrgID, SiteID: t.SiteID}
	end := r.Current()
	if end.Side == agreement.SideNobody && end.Cause == string(agreement.Closed) {
		a.Ended = end.Since
	}
	_, a.AgreementID = l.inForce(cmp.Or(a.Ended, maxInstant))
	// what a merged ticket waited for the survivor waited for too, and what was no ticket was nobody's time
	if a.Ended != 0 && t.State != ticket.Merged && t.State != ticket.NotATicket {
		a.Spent = spentOf(t, r)
	}
	holders := holdersOf(l.Stream)
	for i := range r.Obligations {
		if o := &r.Obligations[i]; o.Ended == 0 && o.Target > 0 && o.Stands != agreement.StateVoid {
			a.Owed = append(a.Owed, Owed{
				Obligation: o.ID, Side: o.Side, Metric: o.Metric, Priority: holderAt(holders, maxInstant).priority, Target: o.Target, Started: o.Started,
				Due: due(o), Late: r.Late(i), Disputed: o.State == agreement.StateDisputed,
			})
		}
	}
	return a
}

// maxInstant is after everything.
const maxInstant = 1 << 40

// due is when a promise runs out, where that does not depend on what happens first.
func due(o *agreement.Obligation) int64 {
	if o.Stands == agreement.StatePaused {
		return 0
	}
	return o.Due
}

func spentOf(t ticket.Ticket, r agreement.Result) []Spent {
	var out []Spent
	for _, turn := range r.Turns {
		s := Spent{Side: turn.Side, Party: turn.Party, Wall: r.Until(turn) - turn.Since, Working: r.Working(turn)}
		switch s.Side {
		case agreement.SideCustomer:
			s.Party = t.SiteID // a person's own record is nobody's but theirs
		case agreement.SideNobody:
			s.Party = ""
		}
		if s.Wall == 0 {
			continue
		}
		if i := slices.IndexFunc(out, func(o Spent) bool { return o.Side == s.Side && o.Party == s.Party }); i >= 0 {
			out[i].Wall, out[i].Working = out[i].Wall+s.Wall, out[i].Working+s.Working
			continue
		}
		out = append(out, s)
	}
	return out
}

// row is an account as it is kept; two are equal when the ledger says the same.
type row struct {
	agreementID, orgID, siteID string
	ended                      int64
	spent, owed                string
}

func (a Account) row() (row, error) {
	spent, err := list(a.Spent)
	if err != nil {
		return row{}, err
	}
	owed, err := list(a.Owed)
	return row{a.AgreementID, a.OrgID, a.SiteID, a.Ended, spent, owed}, err
}

// list is JSON, "" of nothing.
func list[T any](all []T) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	out, err := json.Marshal(all)
	return string(out), err
}

func unlist[T any](s string, into *[]T) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), into)
}

func (r row) account() (Account, error) {
	a := Account{AgreementID: r.agreementID, OrgID: r.orgID, SiteID: r.siteID, Ended: r.ended}
	if err := unlist(r.spent, &a.Spent); err != nil {
		return a, err
	}
	return a, unlist(r.owed, &a.Owed)
}
