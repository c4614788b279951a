package approval_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bothways/internal/approval"
)

// reference decides by the words of the rule and nothing else: after each vote it looks at all there are, from the beginning.
func reference(r approval.Rule, votes []approval.Vote) (state approval.State, counted int, by int64) {
	type mark struct{ stage, seat string }
	said := map[mark]bool{}
	voters := map[string]bool{}
	verdict := func(s approval.Stage) approval.State {
		yes, no := 0, 0
		for _, seat := range s.Seats {
			if c, ok := said[mark{s.Name, seat}]; ok && c {
				yes++
			} else if ok {
				no++
			}
		}
		switch {
		case s.Veto && no > 0 || len(s.Seats)-no < s.Quorum:
			return approval.Refused
		case yes >= s.Quorum:
			return approval.Approved
		}
		return approval.Pending
	}
	whole := func() approval.State {
		n := 0
		for _, s := range r.Stages {
			switch verdict(s) {
			case approval.Refused:
				return approval.Refused
			case approval.Approved:
				n++
			}
		}
		if n == len(r.Stages) {
			return approval.Approved
		}
		return approval.Pending
	}
	for _, v := range votes {
		if voters[v.Voter] {
			continue
		}
		for i, s := range r.Stages {
			if s.Name != v.Stage || !slices.Contains(s.Seats, v.Seat) || verdict(s) != approval.Pending {
				continue
			}
			if _, taken := said[mark{s.Name, v.Seat}]; taken {
				continue
			}
			if r.Ordered && slices.ContainsFunc(r.Stages[:i], func(b approval.Stage) bool { return verdict(b) != approval.Approved }) {
				continue
			}
			said[mark{s.Name, v.Seat}], voters[v.Voter] = v.Consent, true
			counted++
			if st := whole(); st != approval.Pending {
				return st, counted, v.Seq
			}
		}
	}
	return approval.Pending, counted, 0
}

// TestP10 weighs 10,000 sequences of votes, among them votes out of turn, for seats that are none, twice, and after the decision.
func TestP10(t *testing.T) {
	rnd := rand.New(rand.NewPCG(10, 10))
	seen := map[approval.State]int{}
	for n := range 10_000 {
		r := randomRule(rnd)
		if err := r.Check("test"); err != nil {
			t.Fatalf("%d: %+v: %v", n, r, err)
		}
		votes := randomVotes(rnd, r)
		want, counted, by := reference(r, votes)
		got := approval.Weigh(r, votes)
		sum := 0
		for _, s := range got.Stages {
			sum += s.Consent + s.Against
		}
		if got.State != want || got.By != by || sum != counted {
			t.Fatalf("%d: rule %+v\nvotes %+v\ngot %+v, want %s by %d with %d counted", n, r, votes, got, want, by, counted)
		}
		// what was decided stays decided, whatever is said later
		if want != approval.Pending {
			later := append(slices.Clone(votes), randomVotes(rnd, r)...)
			for i := range later {
				later[i].Seq = int64(i + 1)
			}
			if again := approval.Weigh(r, later); again.State != want || again.By != by {
				t.Fatalf("%d: a later vote made %s of %s", n, again.State, want)
			}
		}
		seen[want]++
	}
	for _, s := range []approval.State{approval.Pending, approval.Approved, approval.Refused} {
		if seen[s] < 500 {
			t.Errorf("only %d of the sequences end %s", seen[s], s)
		}
	}
}

func randomRule(rnd *rand.Rand) approval.Rule {
	r := approval.Rule{Ordered: rnd.IntN(2) == 0}
	for i := range 1 + rnd.IntN(3) {
		s := approval.Stage{Name: fmt.Sprint("s", i), Veto: rnd.IntN(3) == 0}
		for _, p := range rnd.Perm(6)[:1+rnd.IntN(4)] {
			s.Seats = append(s.Seats, fmt.Sprint("p", p))
		}
		s.Quorum = 1 + rnd.IntN(len(s.Seats))
		r.Stages = append(r.Stages, s)
	}
	return r
}

func randomVotes(rnd *rand.Rand, r approval.Rule) []approval.Vote {
	var out []approval.Vote
	for i := range rnd.IntN(14) {
		v := approval.Vote{Seq: int64(i + 1), Stage: fmt.Sprint("s", rnd.IntN(len(r.Stages)+1)), Seat: fmt.Sprint("p", rnd.IntN(7)), Consent: rnd.IntN(3) > 0}
		if s := r.Stages[rnd.IntN(len(r.Stages))]; rnd.IntN(3) > 0 {
			v.Stage, v.Seat = s.Name, s.Seats[rnd.IntN(len(s.Seats))]
		}
		if v.Voter = v.Seat; rnd.IntN(4) == 0 {
			v.Voter = fmt.Sprint("p", rnd.IntN(7))
		}
		out = append(out, v)
	}
	return out
}

func TestARefusalStaysARefusal(t *testing.T) {
	r := approval.Rule{Stages: []approval.Stage{
		{Name: "a", Seats: []string{"1", "2"}, Quorum: 1}, {Name: "b", Seats: []string{"3"}, Quorum: 1, Veto: true},
	}}
	st := approval.Weigh(r, []approval.Vote{
		{Seq: 1, Stage: "a", Seat: "1", Voter: "1", Consent: true}, {Seq: 2, Stage: "b", Seat: "3", Voter: "3"}, {Seq: 3, Stage: "b", Seat: "3", Voter: "4", Consent: true},
	})
	if st.State != approval.Refused || st.By != 2 {
		t.Fatalf("%+v", st)
	}
}
