package filter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// Of is a column that a test looks at. Who turns tests into SQL maps each to an identifier of their own.
type Of uint8

// The columns of tests.
const (
	OfNumber Of = iota + 1
	OfTurn
	OfState
	OfOpen
	OfPriority
	OfImpact
	OfUrgency
	OfKind
	OfSensitivity
	OfChannel
	OfOrg
	OfSiteID
	OfRegionName
	OfTeamID
	OfAssignee
	OfRequester
	OfAffected
	OfSubmitter
	OfWatcher // of somebody who takes part
	OfTag     // of a tag's folded key
	OfDue
	OfMade
	OfChanged
	OfResolved
	OfClosed
	OfSince
	OfSubject // words and phrases
	OfMatter
	OfServiceID
)

// Seldom says of a column that most tickets have nothing in it, and that its index leaves those out.
func (o Of) Seldom() bool { return o == OfSensitivity || o == OfMatter || o == OfServiceID }

// Test is one look at one column.
type Test struct {
	Of       Of
	In       []string // the column is one of these; nothing matches none
	From, To int64    // of numbers and instants: From <= column < To; what has no instant is in no range
	Ranged   bool
	Yes      bool   // of OfOpen: has not ended
	None     bool   // of OfDue: nothing is due
	Words    string // of OfSubject: folded words that follow each other, the last of them begun
}

// Cond holds when one of its tests does, or with Not when none does.
type Cond struct {
	Not    bool
	Either []Test
}

// Bound is a query with names and instants put in.
type Bound struct {
	Conds    []Cond // all of them hold
	Sort     Sort
	Columns  []Column
	Problems []Problem // of reading and of names
	Notes    []string  // what the reader has to know: a name that several have
}

// Asks says whether a column is asked for, so that a list need not add a default of its own.
func (b Bound) Asks(of Of) bool {
	for _, c := range b.Conds {
		for _, t := range c.Either {
			if t.Of == of {
				return true
			}
		}
	}
	return false
}

// Named is somebody or something with a name.
type Named struct{ ID, Name string }

// Names finds whom and what people mean, as far as the reader may know of them; near are names that are like it.
type Names interface {
	Find(ctx context.Context, what What, name string) (found []Named, near []string, err error)
}

// Reader is for whom a query is bound.
type Reader struct {
	PersonID string
	For      []string // whom they stand in for: what is assigned to those is theirs meanwhile
	Teams    []string
	Now      time.Time // in the reader's zone
	Names    Names
}

// Bind puts names and instants in. Errors: those of Names.
func (q Query) Bind(ctx context.Context, r Reader) (Bound, error) {
	b := binder{q: q, r: r, out: Bound{Sort: q.Sort, Columns: q.Columns, Problems: q.Problems}}
	for _, t := range q.Terms {
		tests, err := b.tests(ctx, t)
		if err != nil {
			return Bound{}, err
		}
		if t.Field == AtDoor {
			tests, t.Not = doors(t)
		}
		if tests != nil {
			b.out.Conds = append(b.out.Conds, Cond{Not: t.Not, Either: tests})
		}
	}
	return b.out, nil
}

// Desk is the condition that a ticket is at the service desk's door.
func Desk() Cond {
	return Cond{Not: true, Either: []Test{{Of: OfTeamID, In: []string{people.LevelsTeam}}}}
}

// doors are the tests of which door: the second one's is that of its team, the desk's is every other. Both are no condition.
func doors(t Term) (tests []Test, not bool) {
	levels, desk := false, false
	for _, v := range t.Values {
		levels, desk = levels || v.Text == "levels", desk || v.Text == "desk"
	}
	if levels == desk {
		return nil, false
	}
	return Desk().Either, t.Not != desk
}

type binder struct {
	q   Query
	r   Reader
	out Bound
}

// tests are the alternatives of a term; nil leaves the term out.
func (b *binder) tests(ctx context.Context, t Term) ([]Test, error) {
	if t.Field == Word {
		return []Test{{Of: OfSubject, Words: strings.Join(text.Words(t.Values[0].Text), " ")}}, nil
	}
	f, _ := find(string(t.Field))
	switch f.sort {
	case names:
		return b.named(ctx, f, t)
	case words:
		return wordTests(t), nil
	case numbers, past, ahead:
		return b.ranges(f, t), nil
	default:
		out := Test{Of: OfTag}
		for _, v := range t.Values {
			if v.Text == None && !v.Quoted {
				out.In = append(out.In, "")
				continue
			}
			out.In = append(out.In, text.Fold(v.Text))
		}
		return []Test{out}, nil
	}
}

var wordColumns = map[Field]Of{
	Turn: OfTurn, State: OfState, Priority: OfPriority, Impact: OfImpact, Urgency: OfUrgency, Kind: OfKind, Sensitivity: OfSensitivity, Channel: OfChannel,
	Matter: OfMatter,
}

// wordTests are those of a field with a list. Open and ended are of another column.
func wordTests(t Term) []Test {
	one := Test{Of: wordColumns[t.Field]}
	var out []Test
	for _, v := range t.Values {
		switch {
		case t.Field == State && v.Text == openStates:
			out = append(out, Test{Of: OfOpen, Yes: true})
		case (t.Field == State || t.Field == Turn) && v.Text == endedStates:
			out = append(out, Test{Of: OfOpen})
		case v.Text == None:
			one.In = append(one.In, "")
		default:
			one.In = append(one.In, v.Text)
		}
	}
	if len(one.In) > 0 {
		out = append(out, one)
	}
	return out
}

var rangeColumns = map[Field]Of{Number: OfNumber, Due: OfDue, Made: OfMade, Changed: OfChanged, Waiting: OfSince, Resolved: OfResolved, Closed: OfClosed}

// ranges are those of numbers and instants. What has no instant (nothing due, not closed) is in none of them.
func (b *binder) ranges(f *about, t Term) []Test {
	var out []Test
	for _, v := range t.Values {
		s := v.span
		if f.sort != numbers {
			if v.Text == None {
				out = append(out, Test{Of: OfDue, None: true})
				continue
			}
			s, _ = instants(f.sort, v.Text, b.r.Now)
			s.from = max(s.from, 1) // 0 is no instant
		}
		out = append(out, Test{Of: rangeColumns[t.Field], Ranged: true, From: s.from, To: s.to})
	}
	return out
}

var nameColumns = map[Field][]Of{
	Site: {OfSiteID}, Team: {OfTeamID}, Organise: {OfOrg}, Region: {OfRegionName}, Assignee: {OfAssignee}, Requester: {OfRequester},
	Affected: {OfAffected}, Submitter: {OfSubmitter}, Watcher: {OfWatcher}, Service: {OfServiceID}, Person: {OfRequester, OfAffected},
}

// mostNamed is how many of those that a name could mean are told.
const mostNamed = 4

// named are the tests of a field whose values are names. A name that several have means all of them, and the reader is told;
// a name that nobody has is a problem.
func (b *binder) named(ctx context.Context, f *about, t Term) ([]Test, error) {
	var ids []string
	for _, v := range t.Values {
		switch {
		case v.Quoted:
		case v.Text == None:
			ids = append(ids, "")
			continue
		case text.Fold(v.Text) == Me && (f.what == OfPerson || f.what == OfStaff):
			ids = append(ids, b.r.PersonID)
			if t.Field == Assignee {
				ids = append(ids, b.r.For...)
			}
			continue
		case f.what == OfTeam && (text.Fold(v.Text) == Mine || text.Fold(v.Text) == Me):
			ids = append(ids, b.r.Teams...)
			if len(b.r.Teams) == 0 {
				b.out.Notes = append(b.out.Notes, "You are in no team, so “team:mine” finds nothing.")
				ids = append(ids, nobody)
			}
			continue
		}
		found, near, err := b.r.Names.Find(ctx, f.what, v.Text)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			b.unknown(f, t, v, near)
		}
		if len(found) > 1 {
			b.out.Notes = append(b.out.Notes, severalSay(f.what, v.Text, found))
		}
		for _, n := range found {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var out []Test
	for _, of := range nameColumns[t.Field] {
		out = append(out, Test{Of: of, In: ids})
	}
	return out, nil
}

// nobody is an id that nothing has.
const nobody = "nobody"

func (b *binder) unknown(f *about, t Term, v Value, near []string) {
	folded := make([]string, len(near))
	for i, n := range near {
		folded[i] = text.Fold(n)
	}
	try := ""
	if best := nearest(text.Fold(v.Text), folded); best != "" {
		for i, n := range near {
			if folded[i] == best {
				try = Written(t.Field, n)
			}
		}
		if t.Not {
			try = "-" + try
		}
	}
	b.out.Problems = append(b.out.Problems, Problem{
		Pos: t.Pos, End: t.End, Word: text.Cut(b.q.Text[t.Pos:t.End], 60), Msg: fmt.Sprintf("There is no %s “%s” that you can see.", f.what, text.Cut(v.Text, 40)), Try: try,
	})
}

func severalSay(what What, name string, found []Named) string {
	var who []string
	for i, n := range found {
		if i == mostNamed && len(found) > mostNamed+1 {
			who = append(who, fmt.Sprintf("%d more", len(found)-i))
			break
		}
		who = append(who, n.Name)
	}
	return fmt.Sprintf("“%s” could be %d: %s. All of them are shown.", text.Cut(name, 40), len(found), strings.Join(who, ", "))
}

// Written writes a condition as the language has it, with quotation marks where they are needed.
func Written(f Field, value string) string {
	value = strings.Map(func(r rune) rune {
		if r == '"' || r == '“' || r == '”' || r == '„' {
			return -1
		}
		return r
	}, value)
	if value == "" || strings.ContainsAny(value, " ,:") || strings.HasPrefix(value, "-") {
		value = `"` + value + `"`
	}
	if f == Word {
		return value
	}
	return string(f) + ":" + value
}

// Without is the query without one of its terms.
func (q Query) Without(t Term) string {
	return text.Line(q.Text[:t.Pos] + " " + q.Text[t.End:])
}

// With is the query with a condition more, in the place of those on the same field.
func (q Query) With(f Field, value string) string {
	out := q.Drop(f)
	if value == "" {
		return out
	}
	return text.Line(out + " " + Written(f, value))
}

// Drop is the query without its conditions on a field.
func (q Query) Drop(f Field) string {
	var b strings.Builder
	at := 0
	for _, t := range q.pieces {
		if t.Field == f {
			b.WriteString(q.Text[at:t.Pos] + " ")
			at = t.End
		}
	}
	return text.Line(b.String() + q.Text[at:])
}
