package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bothways/internal/kit/text"
)

// Bounds of what is read. What is beyond is a problem, not an error.
const (
	MaxText   = 500 // runes
	maxTerms  = 40
	maxValues = 40 // of one term
)

// Query is what somebody wrote, as far as it can be read. The zero value asks for everything.
type Query struct {
	Text     string // as written, cut to MaxText
	Terms    []Term // all of them hold
	Sort     Sort
	Columns  []Column
	Problems []Problem
	pieces   []Term // the terms with what says how to show them
}

// Term is one condition: a field with values, of which one is enough, or a word.
type Term struct {
	Pos, End int // bytes of Query.Text, with a sign before it
	Field    Field
	Not      bool
	Values   []Value
}

// Value is one value of a term, as written.
type Value struct {
	Text     string
	Quoted   bool
	Pos, End int // bytes of Query.Text
	span     span
}

// Problem is a piece that could not be read.
type Problem struct {
	Pos, End int    // bytes of Query.Text
	Word     string // the piece
	Msg      string // what is so, a sentence
	Try      string // what would be right, as the language writes it; "" when there is no guess
}

// At is the place of the problem as people count characters, from 1.
func (q Query) At(p Problem) int { return utf8.RuneCountInString(q.Text[:p.Pos]) + 1 }

// Parse reads a query. It never fails: what it can't read is in Problems.
func Parse(s string) Query {
	q := Query{Text: text.Line(s)}
	if n := utf8.RuneCountInString(q.Text); n > MaxText {
		q.Text = string([]rune(q.Text)[:MaxText])
		q.problem(len(q.Text), len(q.Text), "This is longer than 500 characters; the rest of it was left out.", "")
	}
	p := parser{q: &q, s: q.Text}
	for p.space(); p.i < len(p.s); p.space() {
		if len(q.Terms) == maxTerms {
			q.problem(p.i, len(p.s), "These are more than 40 conditions; the rest of them was left out.", "")
			break
		}
		p.term()
	}
	return q
}

func (q *Query) problem(pos, end int, msg, try string) {
	q.Problems = append(q.Problems, Problem{Pos: pos, End: end, Word: text.Cut(q.Text[pos:end], 60), Msg: msg, Try: try})
}

type parser struct {
	q *Query
	s string
	i int
}

func (p *parser) space() {
	for p.i < len(p.s) && p.s[p.i] == ' ' {
		p.i++
	}
}

// term reads one condition.
func (p *parser) term() {
	t := Term{Pos: p.i}
	if rest := p.s[p.i:]; len(rest) > 1 && rest[0] == '-' && rest[1] != ' ' && rest[1] != '-' {
		t.Not = true
		p.i++
	}
	name, ok := p.fieldName()
	if !ok && p.either() {
		return
	}
	if !ok {
		v := p.value("")
		t.End = p.i
		p.word(t, v)
		return
	}
	nameAt := p.i
	p.i += len(name) + 1
	for {
		v := p.value(",")
		t.Values = append(t.Values, v)
		if p.i >= len(p.s) || p.s[p.i] != ',' {
			break
		}
		p.i++
	}
	t.End = p.i
	p.field(t, strings.ToLower(name), nameAt)
}

// either passes over "OR" and the condition after it where that is on the field of the one before, and says how it is written here.
func (p *parser) either() bool {
	rest, ok := strings.CutPrefix(p.s[p.i:], "OR ")
	if !ok || len(p.q.pieces) == 0 {
		return false
	}
	before := p.q.pieces[len(p.q.pieces)-1]
	next, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	name, _, isField := strings.Cut(p.s[before.Pos:before.End], ":")
	other, value, _ := strings.Cut(next, ":")
	if !isField || before.Not || !strings.EqualFold(name, other) || value == "" || strings.ContainsAny(value, "\"“”„") || strings.TrimSpace(p.s[before.End:p.i]) != "" {
		return false
	}
	p.i = len(p.s) - len(strings.TrimLeft(rest, " ")) + len(next)
	p.q.problem(before.Pos, p.i, "One of several is written with a comma, not with OR.", p.s[before.Pos:before.End]+","+value)
	return true
}

// fieldName looks ahead: letters, then a colon. An address of the web (http://…) is no field.
func (p *parser) fieldName() (string, bool) {
	rest := p.s[p.i:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' && r != '-' })
	if n <= 0 || rest[n] != ':' || strings.HasPrefix(rest[n:], "://") {
		return "", false
	}
	return rest[:n], true
}

// value reads one value up to a space or one of the stops outside of quotes.
func (p *parser) value(stops string) Value {
	v := Value{Pos: p.i}
	var b strings.Builder
	for p.i < len(p.s) && p.s[p.i] != ' ' && !strings.ContainsRune(stops, rune(p.s[p.i])) {
		if open := p.s[p.i:]; quoteOf(open) > 0 && b.Len() == 0 {
			p.i += quoteOf(open)
			end := strings.IndexFunc(p.s[p.i:], func(r rune) bool { return r == '"' || r == '”' || r == '“' || r == '„' })
			v.Quoted = true
			if end < 0 {
				b.WriteString(p.s[p.i:])
				p.i = len(p.s)
				p.q.problem(v.Pos, p.i, "A quotation mark opens here and none closes it.", p.s[v.Pos:]+`"`)
				break
			}
			b.WriteString(p.s[p.i : p.i+end])
			p.i += end
			p.i += quoteOf(p.s[p.i:])
			break
		}
		_, size := utf8.DecodeRuneInString(p.s[p.i:])
		b.WriteString(p.s[p.i : p.i+size])
		p.i += size
	}
	v.Text, v.End = strings.TrimSpace(b.String()), p.i
	return v
}

// quoteOf is the length of a quotation mark that s begins with, 0 for none. Phones type round ones.
func quoteOf(s string) int {
	for _, q := range [...]string{`"`, "“", "”", "„"} {
		if strings.HasPrefix(s, q) {
			return len(q)
		}
	}
	return 0
}

// word adds words without a field; one that is a ticket's number asks for that ticket.
func (p *parser) word(t Term, v Value) {
	if !v.Quoted {
		if n, ok := refOf(v.Text); ok {
			v.span = span{n, n + 1}
			t.Field, t.Values = Number, []Value{v}
			p.q.Terms, p.q.pieces = append(p.q.Terms, t), append(p.q.pieces, t)
			return
		}
	}
	if len(text.Words(v.Text)) == 0 {
		if v.Text != "" && v.Text != "-" {
			p.q.problem(t.Pos, t.End, "There are no letters or digits in “"+text.Cut(v.Text, 20)+"”, so there is nothing to look for.", "")
		}
		return
	}
	t.Values = []Value{v}
	p.q.Terms = append(p.q.Terms, t)
}

// field adds a condition on a field, or says what is wrong with it.
func (p *parser) field(t Term, name string, nameAt int) {
	f, ok := find(name)
	if !ok {
		p.unknownField(t, name, nameAt)
		return
	}
	t.Field = f.field
	var kept []Value
	for _, v := range t.Values {
		if v.Text == "" {
			if len(t.Values) == 1 {
				p.q.problem(t.Pos, t.End, "Nothing stands after “"+name+":”.", f.example)
			}
			continue
		}
		if len(kept) == maxValues {
			p.q.problem(v.Pos, t.End, "These are more than 40 values; the rest of them was left out.", "")
			break
		}
		if p.check(f, t, &v) {
			kept = append(kept, v)
		}
	}
	t.Values = kept
	p.q.pieces = append(p.q.pieces, t)
	if len(kept) > 0 && f.sort != order && f.sort != columns {
		p.q.Terms = append(p.q.Terms, t)
	}
}

func (p *parser) unknownField(t Term, name string, nameAt int) {
	try := ""
	if near := nearest(name, fieldNames()); near != "" {
		try = p.s[t.Pos:nameAt] + near + p.s[nameAt+len(name):t.End]
	}
	msg := "There is no field “" + text.Cut(name, 20) + "”."
	if try == "" {
		try = `"` + strings.Trim(strings.ReplaceAll(p.s[t.Pos:t.End], `"`, ""), " ") + `"`
		msg += " For the words themselves, put them in quotation marks."
	}
	p.q.problem(t.Pos, t.End, msg, try)
}

func fieldNames() []string {
	var out []string
	for i := range fields {
		out = append(append(out, string(fields[i].field)), fields[i].also...)
	}
	return out
}

// None is the value that asks for nothing or nobody; Me for oneself; Mine for one's own teams.
const (
	None = "none"
	Me   = "me"
	Mine = "mine"
)

// check reads a value of a field into its canonical form, or says what is wrong with it.
func (p *parser) check(f *about, t Term, v *Value) bool {
	folded := text.Fold(v.Text)
	if f.none && !v.Quoted && (folded == None || folded == "nobody" || folded == "-") {
		v.Text = None
		return true
	}
	switch f.sort {
	case names, labels:
		return true // known when it is bound
	case words:
		return p.checkWord(f, t, v, folded)
	case numbers:
		return p.checkNumber(t, v)
	case past, ahead:
		return p.checkTime(f, t, v)
	case order:
		back := strings.HasPrefix(folded, "-")
		if o, ok := listed(strings.TrimPrefix(folded, "-"), wordsOf(orders...)); ok {
			p.q.Sort = Sort{By: Order(o), Back: back}
			return true
		}
		p.wrongWord(f, t, v, folded, wordsOf(orders...))
		return false
	default:
		if c, ok := listed(folded, wordsOf(allColumns...)); ok {
			p.q.Columns = append(p.q.Columns, Column(c))
			return true
		}
		p.wrongWord(f, t, v, folded, wordsOf(allColumns...))
		return false
	}
}

func (p *parser) checkWord(f *about, t Term, v *Value, folded string) bool {
	if w, ok := listed(folded, f.words); ok {
		v.Text = w
		return true
	}
	p.wrongWord(f, t, v, folded, f.words)
	return false
}

// listed finds a word in a list however it is spelt: "In progress", in-progress, in_progress.
func listed(s string, list []word) (string, bool) {
	s = strings.NewReplacer(" ", "_", "-", "_", "’", "", "'", "").Replace(s)
	for _, w := range list {
		if w.value == s {
			return w.value, true
		}
		for _, a := range w.also {
			if a == s {
				return w.value, true
			}
		}
	}
	return "", false
}

func (p *parser) wrongWord(f *about, t Term, v *Value, folded string, list []word) {
	all := make([]string, len(list))
	for i, w := range list {
		all[i] = w.value
	}
	try := ""
	if near := nearest(folded, all); near != "" {
		try = string(f.field) + ":" + near
		if t.Not {
			try = "-" + try
		}
	}
	p.q.problem(t.Pos, t.End, "There is no "+string(f.field)+" “"+text.Cut(v.Text, 20)+"”. Write one of: "+strings.Join(all, ", ")+".", try)
}
