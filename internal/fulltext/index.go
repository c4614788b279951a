package fulltext

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"bothways/internal/db"
	"bothways/internal/kit/errs"
)

// Kind says what a document is of its owner. The order is that of an id's lowest bits; it may be added to, never changed.
type Kind int64

// The kinds. Internal ones are kept in an index of their own.
const (
	Title        Kind = 1 // a subject
	Lead         Kind = 2 // the text an owner began with
	Text         Kind = 3
	InternalText Kind = 4
	File         Kind = 5
	InternalFile Kind = 6
	Person       Kind = 7 // owners of this kind have numbers of their own
)

// internal says whether a document of this kind is for those who may read internal text.
func (k Kind) internal() bool { return k == InternalText || k == InternalFile }

// An id is the owner's number, a counter within the owner, and the kind.
const (
	ownerBits = 28
	kindBits  = 4
)

// Owner is the owner's number in a document's id.
func Owner(id int64) int64 { return id >> ownerBits }

// KindOf is the kind in a document's id.
func KindOf(id int64) Kind { return Kind(id & (1<<kindBits - 1)) }

// Document is something to be found.
type Document struct {
	Kind  Kind
	Owner int64  // a number by which owners are ordered, the newest highest; set by Put for persons
	Item  string // the id of the thing: the same thing is indexed once
	Text  string
}

// maxText is how much of a text is indexed, in bytes.
const maxText = 1 << 20

// digest says what was indexed, to find out later whether it still is what is there.
func (d Document) digest() string {
	sum := sha256.Sum256([]byte("1\x00" + strconv.FormatInt(int64(d.Kind), 10) + "\x00" + d.Text))
	return hex.EncodeToString(sum[:12])
}

// Put indexes a document in the transaction that writes it, or indexes it again when its text has changed.
func Put(ctx context.Context, tx *db.Tx, d Document) error { return put(ctx, tx, d, false) }

// Renew is Put that writes the index anew whether the text has changed or not.
func Renew(ctx context.Context, tx *db.Tx, d Document) error { return put(ctx, tx, d, true) }

func put(ctx context.Context, tx *db.Tx, d Document, always bool) error {
	if len(d.Text) > maxText {
		d.Text = strings.ToValidUTF8(d.Text[:maxText], "")
	}
	digest := d.digest()
	var id, top int64
	var had string
	low := d.Owner << ownerBits
	if err := tx.QueryRow(ctx, sqlPlace, d.Item, low, low|(1<<ownerBits-1)).Scan(&id, &had, &top); err != nil {
		return err
	}
	moved := id != 0 && (KindOf(id) != d.Kind || d.Kind != Person && Owner(id) != d.Owner)
	switch {
	case id != 0 && had == digest && !moved && !always:
		return nil
	case id != 0:
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
	}
	if id == 0 || moved {
		var err error
		if id, err = place(ctx, tx, d, top); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, sqlInsertDocument, id, d.Item, digest); err != nil {
		return err
	}
	return write(ctx, tx, id, tokens(d.Text))
}

// place chooses a new document's id: after top, the owner's last.
func place(ctx context.Context, tx *db.Tx, d Document, top int64) (int64, error) {
	if d.Kind == Person {
		n, err := tx.Next(ctx, "fulltext_person", 1)
		return n<<ownerBits | 1<<kindBits | int64(Person), err
	}
	n := (top&(1<<ownerBits-1))>>kindBits + 1
	if d.Owner <= 0 || n >= 1<<(ownerBits-kindBits) {
		return 0, errs.New(errs.Internal, "fulltext.Put", "no place for %s of owner %d", d.Item, d.Owner)
	}
	return d.Owner<<ownerBits | n<<kindBits | int64(d.Kind), nil
}

// Remove takes a document out of the index, in the transaction that removes the thing.
func Remove(ctx context.Context, tx *db.Tx, item string) error {
	var id, top int64
	var had string
	if err := tx.QueryRow(ctx, sqlPlace, item, int64(0), int64(0)).Scan(&id, &had, &top); err != nil || id == 0 {
		return err
	}
	return remove(ctx, tx, id)
}

func remove(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, sqlDeleteDocument, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, deleteOf[tableOf(KindOf(id))], id)
	return err
}

func tableOf(k Kind) string {
	switch {
	case k == Person:
		return tablePerson
	case k.internal():
		return tableInternal
	}
	return tablePublic
}

func write(ctx context.Context, tx *db.Tx, id int64, words []string) error {
	table := tableOf(KindOf(id))
	if tx.Engine() == db.SQLite {
		_, err := tx.Exec(ctx, insertLite[table], id, strings.Join(words, " "))
		return err
	}
	_, err := tx.Exec(ctx, insertPostgres[table], id, vector(words))
	return err
}

// Vector is a text as PostgreSQL's index holds it, for who fills that index with many documents at once.
func Vector(text string) string { return vector(tokens(text)) }

// Limits of PostgreSQL's text search: places of one word, and the last place that counts.
const (
	maxPlaces = 255
	lastPlace = 16383
)

// vector is tokens as PostgreSQL reads a tsvector.
func vector(words []string) string {
	places := make(map[string][]int, len(words))
	var order []string
	for i, w := range words {
		p := places[w]
		if p == nil {
			order = append(order, w)
		}
		if len(p) < maxPlaces && w != gap {
			places[w] = append(p, min(i+1, lastPlace))
		}
	}
	var b strings.Builder
	for _, w := range order {
		if w == gap {
			continue
		}
		b.WriteString(lexeme(w))
		sep := byte(':')
		for _, n := range places[w] {
			b.WriteByte(sep)
			b.WriteString(strconv.Itoa(n))
			sep = ','
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// Replace makes the documents of the owners after one and up to another those given: what is not among them is removed. With
// always each is written anew.
func Replace(ctx context.Context, tx *db.Tx, after, upTo int64, docs []Document, always bool) error {
	have, err := between(ctx, tx, (after+1)<<ownerBits, (upTo+1)<<ownerBits)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, d := range docs {
		keep[d.Item] = true
	}
	for _, e := range have {
		if !keep[e.item] && KindOf(e.id) != Person {
			if err := remove(ctx, tx, e.id); err != nil {
				return err
			}
		}
	}
	for _, d := range docs {
		if err := put(ctx, tx, d, always); err != nil {
			return err
		}
	}
	return nil
}
