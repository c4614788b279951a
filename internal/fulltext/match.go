package fulltext

import (
	"slices"
	"strings"

	"bothways/internal/db"
)

// fts5 is a query in SQLite's syntax; every word is a quoted string.
func (q Query) fts5(terms ...term) string {
	var all []string
	for _, t := range terms {
		var any []string
		row := `"` + strings.Join(t.keys, " ") + `"`
		if q.begins(t) {
			row += " *"
		}
		any = append(any, row)
		if t.joined != "" {
			any = append(any, `"`+t.joined+`"`+star(q.begins(t)))
		}
		for _, c := range q.codesOf(t) {
			any = append(any, `"`+strings.Join(c, " ")+`"`)
		}
		all = append(all, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

func star(on bool) string {
	if on {
		return " *"
	}
	return ""
}

// tsquery is a query in PostgreSQL's syntax; every word is a quoted lexeme.
func (q Query) tsquery(terms ...term) string {
	var all []string
	for _, t := range terms {
		any := []string{lexemes(t.keys, q.begins(t))}
		if t.joined != "" {
			any = append(any, lexemes([]string{t.joined}, q.begins(t)))
		}
		for _, c := range q.codesOf(t) {
			any = append(any, lexemes(c, false))
		}
		all = append(all, "("+strings.Join(any, " | ")+")")
	}
	return strings.Join(all, " & ")
}

func lexemes(row []string, prefix bool) string {
	quoted := make([]string, len(row))
	for i, k := range row {
		quoted[i] = lexeme(k)
	}
	s := strings.Join(quoted, " <-> ")
	if prefix {
		s += ":*"
	}
	return "(" + s + ")"
}

var lexemeEscape = strings.NewReplacer(`'`, `''`, `\`, `\\`)

func lexeme(k string) string { return "'" + lexemeEscape.Replace(k) + "'" }

// begins says whether the last word of a term may go on.
func (q Query) begins(t term) bool { return t.prefix && (!q.exact || t.tails) }

// codesOf are the rows of pieces that a term may be found by.
func (q Query) codesOf(t term) [][]string {
	var out [][]string
	for _, c := range t.codes {
		if g := trigrams(c); g != nil {
			out = append(out, g)
		}
	}
	for _, c := range t.loose {
		if g := trigrams(c); q.wide && g != nil {
			out = append(out, g)
		}
	}
	return out
}

// expression is a query for an engine: the value bound in [Match].
func (q Query) expression(e db.Engine, terms ...term) string {
	if e == db.SQLite {
		return q.fts5(terms...)
	}
	return q.tsquery(terms...)
}

// Begins says whether a word of the query may go on, which makes it costly to ask SQLite again and again.
func (q Query) Begins() bool { return slices.ContainsFunc(q.terms, q.begins) }

// Match is the condition that the document f, a row of one of the indexes, has every word of the query in itself.
func (q Query) Match(w *db.Where, e db.Engine) { q.match(w, e, q.terms...) }

// MatchEach is Match for documents that a statement has found by their ids: PostgreSQL reads each, and leaves the index of words out.
func (q Query) MatchEach(w *db.Where, e db.Engine) {
	if e == db.SQLite {
		q.Match(w, e)
		return
	}
	w.And("(f."+matches(e)+") IS TRUE", q.expression(e, q.terms...))
}

func (q Query) match(w *db.Where, e db.Engine, terms ...term) {
	w.And("f."+matches(e), q.expression(e, terms...))
}

func matches(e db.Engine) string {
	if e == db.SQLite {
		return "words MATCH ?"
	}
	return "words @@ CAST(? AS tsquery)"
}

// Where is the condition that the owner whose number stands in the column has every word of the query in what may be read: in
// public documents, and in internal ones where notes, which adds a condition of its own, holds. Without notes (nil) internal
// documents are not asked at all. Words may stand in different documents of an owner.
func (q Query) Where(w *db.Where, e db.Engine, number string, notes func(*db.Where)) {
	if q.Empty() {
		w.Or()
		return
	}
	for _, t := range q.terms {
		q.has(w, e, number, t, notes)
	}
}

// Item is the condition that the person whose id stands in the column is found by every word of the query, also in pieces.
func (q Query) Item(w *db.Where, e db.Engine, id string) {
	if q.Empty() {
		w.Or()
		return
	}
	q, _ = q.Widely()
	w.And(id+" IN (SELECT d.item FROM fulltext_document d WHERE d.id IN (SELECT g.rowid FROM "+tablePerson+" g WHERE g."+matches(e)+"))", q.expression(e, q.terms...))
}

// has is the condition for one term: that the owner is in a list made once, or asked of each owner by itself.
func (q Query) has(w *db.Where, e db.Engine, number string, t term, notes func(*db.Where)) {
	in := func(table string) func(*db.Where) {
		return func(w *db.Where) {
			cond := number + " IN (SELECT g.rowid >> 28 FROM " + table + " g WHERE g." + matches(e) + ")"
			if q.probed && !(e == db.SQLite && q.begins(t)) { // there, what may go on is made anew for each owner
				cond = "EXISTS (SELECT 1 FROM " + table + " g WHERE g." + matches(e) + " AND g.rowid >= (" + number + ") << 28 AND g.rowid < (" + number + " + 1) << 28)"
			}
			w.And(cond, q.expression(e, t))
		}
	}
	if notes == nil {
		in(tablePublic)(w)
		return
	}
	w.Or(in(tablePublic), func(w *db.Where) {
		in(tableInternal)(w)
		notes(w)
	})
}

// Terms is how many words, phrases and codes are looked for.
func (q Query) Terms() int { return len(q.terms) }
