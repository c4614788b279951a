package search_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/fulltext"
	"bothways/internal/kit/errs"
	"bothways/internal/search"
)

// want checks what somebody finds, in the order of rank.
func (w *world) want(by auth.Actor, q string, tickets ...desk.Ticket) {
	w.t.Helper()
	var numbers []int64
	for _, t := range tickets {
		numbers = append(numbers, t.Number)
	}
	got, n := w.find(by, q)
	if !slices.Equal(got, numbers) || n != len(numbers) {
		w.t.Errorf("%q: %v (%d), want %v", q, got, n, numbers)
	}
}

// TestFoundAtOnce: subject, messages, notes and the text of files are found as soon as they are written, by who may read them.
func TestFoundAtOnce(t *testing.T) {
	each(t, func(w *world) {
		a := w.open(w.helen, "Projector in Häusler room is dark", "It was fine on Friday.\n\nThe lamp SN-PF3K9Z is old.", desk.Upload{Name: "log.txt", Body: []byte("lampfailure code 0x8007")})
		w.want(w.agent, "projector", a)
		w.want(w.helen, "haeusler proj", a)
		w.want(w.agent, "pf3k", a)
		w.want(w.agent, "lampfailure", a)
		w.want(w.helen, "log.txt", a)
		w.say(w.agent, a, "We ordered a **replacement** bulb.", desk.Upload{Name: "offer.html", Body: []byte("<p>Price: <b>ninety</b></p><script>hidden()</script>")})
		w.want(w.helen, "replacement", a)
		w.want(w.helen, "ninety", a)
		w.want(w.helen, "hidden")
		w.note(a, "The budget is exhausted", desk.Upload{Name: "secret.csv", Body: []byte("cost;unspeakable")})
		w.want(w.agent, "exhausted", a)
		w.want(w.agent, "unspeakable", a)
		w.want(w.helen, "exhausted")
		w.want(w.helen, "unspeakable")
		w.want(w.helen, "secret.csv")
		w.want(w.contact, "budget")
		w.want(w.contact, "replacement", a)

		subject := "Beamer in Häusler room"
		must(w, func() (desk.Ticket, error) {
			return w.desk.Change(ctx, w.agent, desk.Act{Number: a.Number}, desk.Change{Subject: &subject})
		})
		w.want(w.helen, "beamer", a)
		w.want(w.helen, "projector")
	})
}

// TestWordsTogetherAndApart: every word has to be there, wherever in the ticket; together is better.
func TestWordsTogetherAndApart(t *testing.T) {
	each(t, func(w *world) {
		apart := w.open(w.helen, "Scanner broken", "It stands in the warehouse")
		together := w.open(w.helen, "Scanner in the warehouse", "x")
		w.open(w.helen, "Scanner", "elsewhere")
		halfHidden := w.open(w.helen, "Scanner again", "elsewhere")
		w.note(halfHidden, "really in the warehouse")
		w.want(w.helen, "scanner warehouse", together, apart)
		w.want(w.agent, "scanner warehouse", together, halfHidden, apart)
		w.want(w.helen, `"in the warehouse"`, together, apart)
		w.want(w.helen, `"warehouse in"`)
		w.want(w.helen, "scanner warehouse nowhere")
		w.want(w.helen, `"`, []desk.Ticket{}...)
	})
}

// TestRank: the subject before the text, the text before files; whole words before beginnings; the newest first among equals.
func TestRank(t *testing.T) {
	each(t, func(w *world) {
		file := w.open(w.helen, "One", "nothing", desk.Upload{Name: "a.csv", Body: []byte("vpn,1")})
		later := w.open(w.helen, "Two", "nothing")
		w.say(w.helen, later, "it is the vpn")
		first := w.open(w.helen, "Three", "vpn gone")
		old := w.open(w.helen, "vpn old", "nothing")
		begun := w.open(w.helen, "vpnclient", "nothing")
		young := w.open(w.helen, "vpn young", "nothing")
		w.want(w.helen, "vpn", young, old, first, later, file, begun)
		var got []int64
		for cursor, n := "", 0; n == 0 || cursor != ""; n++ {
			r := w.page(w.helen, search.Input{Q: "vpn", Limit: 2, Cursor: cursor})
			for _, h := range r.Items {
				got = append(got, h.Number)
			}
			if r.Count != 6 || n > 3 {
				t.Fatal(r.Count, n)
			}
			cursor = r.Next
		}
		if want := []int64{young.Number, old.Number, first.Number, later.Number, file.Number, begun.Number}; !slices.Equal(got, want) {
			t.Errorf("in pages %v, want %v", got, want)
		}
		if _, err := w.search.Tickets(ctx, w.helen, search.Input{Q: "vpn", Cursor: "no"}); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
	})
}

// TestPassages: what is shown is text with what was found apart, never markup.
func TestPassages(t *testing.T) {
	each(t, func(w *world) {
		long := strings.Repeat("many words stand before it ", 40) + "<b>Häusler</b> said so " + strings.Repeat("and many after ", 40)
		a := w.open(w.helen, "A question", long)
		h := w.page(w.agent, search.Input{Q: "haeusler"}).Items[0]
		if got := marked(h.Passage); !strings.Contains(got, "<b>[Häusler]</b> said so") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > 300 {
			t.Errorf("%q", got)
		}
		if h.Kind != fulltext.Lead || h.Author != w.helen.PersonID || h.At.IsZero() || marked(h.Subject) != "A question" {
			t.Errorf("%+v", h)
		}
		w.note(a, "internal canary here")
		h = w.page(w.agent, search.Input{Q: "canary"}).Items[0]
		if h.Kind != fulltext.InternalText || marked(h.Passage) != "internal [canary] here" {
			t.Errorf("%+v %q", h, marked(h.Passage))
		}
		w.say(w.agent, a, "see file", desk.Upload{Name: "Übersicht.txt", Body: []byte("Seriennummer 4711-XY-1")})
		h = w.page(w.helen, search.Input{Q: "711xy"}).Items[0]
		if h.Kind != fulltext.File || h.File != "Übersicht.txt" || marked(h.Passage) != "Übersicht.txt: Seriennummer [4711-XY-1]" {
			t.Errorf("%+v %q", h, marked(h.Passage))
		}
		h = w.page(w.helen, search.Input{Q: "question"}).Items[0]
		if h.Kind != fulltext.Title || h.Passage != nil || marked(h.Subject) != "A [question]" {
			t.Errorf("%+v", h)
		}
	})
}

// TestRights: hits and counts are those of what somebody may read.
func TestRights(t *testing.T) {
	each(t, func(w *world) {
		mine := w.open(w.helen, "shared words", "x")
		twin := w.open(w.tara, "shared words", "x")
		hanna := w.person("Hanna Lund", w.lund.OrgID, w.lund.ID)
		lund := w.open(hanna, "shared words", "x")
		w.note(lund, "lundnote")
		w.note(mine, "leedsnote")
		w.want(w.helen, "shared", mine)
		w.want(w.tara, "shared", twin)
		w.want(w.contact, "shared", mine)
		w.want(w.local, "shared", lund)
		w.want(w.agent, "shared", lund, twin, mine)
		w.want(w.local, "lundnote", lund)
		w.want(w.local, "leedsnote")
		w.want(w.agent, "leedsnote", mine)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Watch(ctx, w.agent, desk.Act{Number: mine.Number}, "lars.lund@people.example", true)
		})
		w.want(w.local, "shared", lund, mine)
		w.want(w.local, "leedsnote")
		w.want(w.local, "shared leedsnote")
		w.want(w.local, "shared lundnote", lund)
		portal := w.agent
		portal.Scopes = []string{string(auth.TicketRead)}
		w.want(portal, "leedsnote")
		w.want(portal, "shared", lund, twin, mine)
		none := w.agent
		none.Scopes = []string{"person.read"}
		w.want(none, "shared")
		w.want(auth.Actor{}, "shared")
		for by, want := range map[*auth.Actor]int64{&w.helen: 0, &w.tara: twin.Number, &w.agent: twin.Number} {
			for _, q := range []string{desk.Ref(twin.Number), fmt.Sprint(twin.Number), " bw " + fmt.Sprint(twin.Number), "#" + fmt.Sprint(twin.Number)} {
				if n, err := w.search.Ticket(ctx, *by, q); n != want || err != nil {
					t.Errorf("%q: %d %v, want %d", q, n, err, want)
				}
			}
		}
		for _, q := range []string{"", "BW-", "999999", "0", "-1", "99999999999999999999", "1001x"} {
			if n, err := w.search.Ticket(ctx, w.agent, q); n != 0 || err != nil {
				t.Errorf("%q: %d %v", q, n, err)
			}
		}
		narrowed := w.page(w.agent, search.Input{Q: "shared", Narrow: func(c *db.Where) { c.And("t.site_id = ?", w.lund.ID) }})
		if narrowed.Count != 1 || narrowed.Items[0].Number != lund.Number {
			t.Error(narrowed)
		}
	})
}

// TestTwinCanary (attack 22): what somebody may not read changes neither their hits, nor counts, nor order, nor passages.
func TestTwinCanary(t *testing.T) {
	each(t, func(w *world) {
		for i := range 5 {
			a := w.open(w.helen, fmt.Sprint("canary cage ", i), "bird seed")
			w.say(w.helen, a, "the canary sings")
		}
		b := w.open(w.helen, "nothing like it", "plain")
		queries := []string{"canary", "can", "canary cage", "canary plain", "bird canary", "nary@", "anar", "sings", `"canary sings"`, "feather", "xq7", "plain feather"}
		views := func() map[string]search.Result {
			out := map[string]search.Result{}
			for _, q := range queries {
				for name, by := range map[string]auth.Actor{"helen": w.helen, "contact": w.contact, "local": w.local} {
					r := w.page(by, search.Input{Q: q, Limit: 3})
					r.Query = fulltext.Query{}
					out[name+" "+q] = r
				}
			}
			return out
		}
		before := views()
		for range 30 {
			twin := w.open(w.tara, "canary cage plain feather", "canary bird seed sings canary@nary.example XQ7-0001", desk.Upload{Name: "canary.txt", Body: []byte("canary feather")})
			w.note(twin, "canary sings feather")
		}
		w.note(b, "canary feather sings XQ7-0001", desk.Upload{Name: "canary.txt", Body: []byte("canary feather")})
		after := views()
		for q := range before {
			if !reflect.DeepEqual(before[q], after[q]) {
				t.Errorf("%s: %+v, with the canary %+v", q, before[q], after[q])
			}
		}
	})
}

// TestMoreThanAThousand: the newest thousand are ranked, the count says that there are more; few may be read, few are counted.
func TestMoreThanAThousand(t *testing.T) {
	each(t, func(w *world) {
		mine := w.open(w.helen, "flood of it", "x")
		rare := w.open(w.helen, "flood needle", "x")
		apart := w.open(w.helen, "flood", "it has a stack of hay")
		w.say(w.helen, apart, "and a thimble")
		w.check(w.db.Write(ctx, func(tx *db.Tx) error {
			for i := range 1100 {
				n := 1_000_000 + int64(i)
				if err := insertTicket(tx, n, w.twin, w.tara.PersonID, "flood of it"); err != nil {
					return err
				}
				if err := fulltext.Put(ctx, tx, fulltext.Document{Kind: fulltext.Lead, Owner: n, Item: fmt.Sprint("flood-", n), Text: "hay of floods"}); err != nil {
					return err
				}
			}
			return nil
		}))
		r := w.page(w.agent, search.Input{Q: "flood", Limit: 10})
		if r.Count != search.Many+1 || len(r.Items) != 10 || r.Items[0].Number != 1_001_099 {
			t.Errorf("%d, %d items, first %d", r.Count, len(r.Items), r.Items[0].Number)
		}
		if _, n := w.find(w.agent, "flood hay"); n != search.Many+1 {
			t.Errorf("two common words: %d", n)
		}
		w.want(w.helen, "flood", apart, rare, mine)
		w.want(w.agent, "flood needle", rare)
		w.want(w.agent, "flood thimble", apart)
		w.want(w.agent, "hay thimble", apart)
		if _, n := w.find(w.helen, "flood of it"); n != 2 {
			t.Errorf("common words, few may be read: %d", n)
		}
		seen, pages := map[int64]bool{}, 0
		for cursor := ""; pages == 0 || cursor != ""; pages++ {
			r := w.page(w.agent, search.Input{Q: "flood", Limit: 200, Cursor: cursor})
			for _, h := range r.Items {
				seen[h.Number] = true
			}
			cursor = r.Next
		}
		if len(seen) != search.Many || pages != 5 {
			t.Errorf("%d tickets on %d pages", len(seen), pages)
		}
	})
}

// TestHostile (attack 66, row 29): whatever is asked is answered, and nothing asked becomes SQL.
func TestHostile(t *testing.T) {
	each(t, func(w *world) {
		a := w.open(w.helen, "plain words", "x")
		for _, q := range []string{
			`"`, `'; DROP TABLE desk_ticket; --`, `NEAR("a" "b", 5)`, `words:plain`, `* OR *`, `plain* AND NOT words`, "\x00", "\xff", `%`, `_`, `\`, `{a b}:c`, `a:*&b|!c<->d`,
			strings.Repeat("plain ", 100_000), strings.Repeat("x", 1<<20), strings.Repeat(`"`, 1<<20), strings.Repeat("é", 1<<20), strings.Repeat("1.", 1<<19), strings.Repeat("漢", 1<<19),
		} {
			for _, by := range []auth.Actor{w.agent, w.helen, w.local} {
				w.page(by, search.Input{Q: q})
			}
		}
		w.want(w.agent, "plain words", a)
	})
}
