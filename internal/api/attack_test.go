package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bothways/internal/db"
)

// outsiders are those who must not learn of notes.
var outsiders = []string{nobody, anna, carl, tina, stranger, contact}

// TestAttack18_NotesReachNoCustomer puts a canary into a note, its file's name and its file's bytes, and looks for it and for the
// note's ids in everything customers can get: every route, also the answers to what they send.
func TestAttack18_NotesReachNoCustomer(t *testing.T) {
	each(t, func(w *world) {
		n := w.open()
		note := w.post(agent, "tickets/"+n+"/notes", obj{"body": "canary-7f3a: he is on sick leave", "files": []obj{{"name": "canary-7f3a.txt", "content": "Y2FuYXJ5LTdmM2E="}}}).is(201)
		w.post(agent, "tickets/"+n+"/take", nil).is(200)
		secrets := []string{"canary", "sick leave", note.str("id"), note.str("files.0.id"), note.str("files.0.sha256")}
		look := func(a answer) {
			t.Helper()
			for _, s := range secrets {
				if bytes.Contains(a.raw, []byte(s)) || strings.Contains(fmt.Sprint(a.head), s) {
					t.Errorf("%s: holds %q: %s", a.what, s, a.raw)
				}
			}
		}
		for _, op := range w.operations() {
			if op.method != "GET" {
				continue
			}
			for _, who := range outsiders {
				look(w.do(who, "GET", strings.NewReplacer("{number}", n, "{id}", note.str("files.0.id")).Replace(op.path), nil))
			}
		}
		for _, q := range []string{"canary", "7f3a", "sick"} {
			look(w.get(anna, "tickets?q="+q))
		}
		unknown := w.get(anna, "tickets/"+n+"/nothing-like-this")
		for _, path := range []string{"/notes", "/files/" + note.str("files.0.id"), "/notes/" + note.str("id")} {
			if a := w.get(anna, "tickets/"+n+path); a.status != 404 || !bytes.Equal(a.raw, unknown.raw) {
				t.Errorf("%s: %d %s, want %s", a.what, a.status, a.raw, unknown.raw)
			}
		}
		for _, c := range []struct {
			path string
			body obj
		}{{"/notes", obj{"body": "x"}}, {"/messages", obj{"body": "hello"}}, {"/watch", nil}, {"/withdraw", nil}} {
			look(w.post(anna, "tickets/"+n+c.path, c.body))
		}
		if got := w.get(agent, "tickets/"+n+"/files/"+note.str("files.0.id")).is(200); string(got.raw) != "canary-7f3a" {
			t.Errorf("staff reads %q", got.raw)
		}
	})
}

// TestAttack19_FilesBelongToTheirTicket swaps ids, tickets and readers of attachments, and asks for parts and heads of them.
func TestAttack19_FilesBelongToTheirTicket(t *testing.T) {
	each(t, func(w *world) {
		n, other := w.open(), w.open()
		id := publicFile(w, n)
		mine := w.get(anna, "tickets/"+n+"/files/"+id).is(200)
		if string(mine.raw) != "hello" {
			t.Fatalf("%q", mine.raw)
		}
		nothing := w.get(tina, "tickets/BW-999999").is(404)
		for _, path := range []string{"tickets/" + other + "/files/" + id, "tickets/" + n + "/files/" + strings.Replace(id, id[:8], "00000000", 1), "tickets/" + n + "/files/x", "tickets/" + n + "/files/%00"} {
			if a := w.get(anna, path); a.status != 404 || !bytes.Equal(a.raw, nothing.raw) {
				t.Errorf("%s: %d %s", a.what, a.status, a.raw)
			}
		}
		for _, who := range []string{tina, carl, stranger, hillIT, netIT, nobody} {
			for _, method := range []string{"GET", "HEAD"} {
				r := w.request(who, method, "tickets/"+n+"/files/"+id, nil)
				r.Header.Set("Range", "bytes=0-1")
				if a := w.send(r); a.status != 404 && a.status != 401 || a.head.Get("Content-Disposition") != "" || bytes.Contains(a.raw, []byte("hello")) {
					t.Errorf("%s %s: %d", who, a.what, a.status)
				}
			}
		}
	})
}

// TestFilesAreDownloads checks what a file comes with, whatever its name and content (attacks 6 to 8).
func TestFilesAreDownloads(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	for sent, want := range map[string]string{
		"a.html": "a.html", "../../etc/passwd": "passwd", "..\\x.svg": "x.svg", "Ünïcode \"q\" €.txt": "Ünïcode _q_ €.txt",
		"x\r\nSet-Cookie: a=b": "x Set-Cookie_ a=b", "": "file", "\u202egpj.exe": "gpj.exe", "a;b%41.txt": "a;b%41.txt",
	} {
		id := w.post(anna, "tickets/"+n+"/messages", obj{"files": []obj{{"name": sent, "content": "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="}}}).is(201).str("files.0.id")
		a := w.get(agent, "tickets/"+n+"/files/"+id).is(200)
		kind, params, err := mime.ParseMediaType(a.head.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != want {
			t.Errorf("%q: %s %v, want %q", sent, a.head.Get("Content-Disposition"), err, want)
		}
		for k, v := range map[string]string{
			"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store", "Content-Length": "25",
		} {
			if a.head.Get(k) != v {
				t.Errorf("%q: %s is %q", sent, k, a.head.Get(k))
			}
		}
	}
	big := strings.Repeat("QUFB", 400_000) // 1.2 MB: more than one piece
	id := w.post(anna, "tickets/"+n+"/messages", obj{"files": []obj{{"name": "big.bin", "content": big}}}).is(201).str("files.0.id")
	if a := w.get(anna, "tickets/"+n+"/files/"+id).is(200); len(a.raw) != 1_200_000 {
		t.Errorf("%d bytes", len(a.raw))
	}
	w.post(anna, "tickets/"+n+"/messages", obj{"files": []obj{{"name": "a"}, {"name": "b", "content": "***"}}}).is(422)
}

// TestAttack20_NothingIsAttachedById sends ids of another ticket's file, message and note with what is written: no such field
// exists, and nothing is written.
func TestAttack20_NothingIsAttachedById(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	id := publicFile(w, n)
	other := w.post(tina, "tickets", obj{"subject": "Mine"}).is(201).str("number")
	for _, body := range []obj{
		{"body": "x", "file_ids": []string{id}}, {"body": "x", "files": []obj{{"id": id}}}, {"body": "x", "files": []obj{{"name": "a", "content": "", "sha256": "00"}}},
		{"body": "x", "files": []string{id}}, {"body": "x", "reply_to": id}, {"body": "x", "draft": id},
	} {
		w.post(tina, "tickets/"+other+"/messages", body).is(422)
	}
	if k := len(w.get(tina, "tickets/"+other+"/messages").is(200).items()); k != 1 {
		t.Errorf("%d messages", k)
	}
}

// TestAttack25_ReferencesStayInTheOrganisation names people, agreements, teams and tickets of another organisation.
func TestAttack25_ReferencesStayInTheOrganisation(t *testing.T) {
	each(t, func(w *world) {
		foreign := w.foreignAgreement()
		n := w.open()
		for _, body := range []obj{
			{"subject": "x", "requester": "tina@twin.example"}, {"subject": "x", "affected": "tina@twin.example"}, {"subject": "x", "affected": "nobody@twin.example"},
			{"subject": "x", "requester": "carl@acme.example"}, {"subject": "x", "affected": "agent@it.example"}, {"subject": "x", "requester": "a\u0000@x.example"},
		} {
			w.post(anna, "tickets", body).is(422)
		}
		known, unknown := w.post(anna, "tickets", obj{"subject": "x", "affected": "tina@twin.example"}), w.post(anna, "tickets", obj{"subject": "x", "affected": "ghost@twin.example"})
		if !bytes.Equal(known.raw, unknown.raw) {
			t.Errorf("a customer can tell who exists:\n%s\n%s", known.raw, unknown.raw)
		}
		w.post(anna, "tickets", obj{"subject": "x", "affected": "carl@acme.example"}).is(201)
		for _, v := range []string{foreign, "00000000-0000-7000-8000-000000000000", "x", "a\u0000"} {
			w.do(agent, "PATCH", "tickets/"+n, obj{"agreement": v}).is(422).equal(obj{"errors.0.location": "agreement"})
		}
		other := w.post(tina, "tickets", obj{"subject": "Mine"}).is(201).str("number")
		for _, c := range []struct {
			path string
			body obj
		}{
			{"link", obj{"other": other}}, {"link", obj{"other": "BW-999999"}}, {"link", obj{"other": "x"}},
		} {
			w.post(lead, "tickets/"+n+"/"+c.path, c.body).is(404)
		}
		w.post(agent, "tickets/"+n+"/assign", obj{"assignee": "tina@twin.example"}).is(422)
		w.post(agent, "tickets/"+n+"/assign", obj{"team": "No such team"}).is(422)
		w.post(agent, "tickets/"+n+"/ask-supplier", obj{"supplier": "Network"}).is(422)
		if found, ghost := w.post(anna, "tickets/"+n+"/watch", obj{"person": "tina@twin.example"}), w.post(anna, "tickets/"+n+"/watch", obj{"person": "ghost@twin.example"}); found.status != 403 || !bytes.Equal(found.raw, ghost.raw) {
			t.Errorf("watch tells who exists: %s %s", found.raw, ghost.raw)
		}
		for _, v := range w.get(tina, "agreements").is(200).items() {
			if v.(obj)["name"] == "Of Acme" {
				t.Error("Twin reads what Acme signed")
			}
		}
	})
}

// foreignAgreement writes a version that Twin signed and gives its id.
func (w *world) foreignAgreement() string {
	w.t.Helper()
	papers, err := w.book.List(ctx)
	w.must(err)
	terms, err := json.Marshal(papers[0].Terms)
	w.must(err)
	const id = "11111111-1111-7111-8111-111111111111"
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO agreement_agreement (id, org_id, name, made_at) VALUES ($1, $2, $3, $4)`, id, w.twin.ID, "Of Twin", int64(1)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO agreement_version (id, agreement_id, number, service_calendar_id, customer_calendar_id, terms, from_at) VALUES ($1, $2, 1, $3, $4, $5, 0)`,
			id, id, papers[0].ServiceCalendar, papers[0].CustomerCalendar, string(terms))
		return err
	}))
	return id
}

// columnsOf reads the columns of every table of the desk, of people and of agreements out of the migrations.
func columnsOf(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range []string{"00002_parties.sql", "00003_desk.sql"} {
		body, err := os.ReadFile("../migrate/sql/" + f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\s+([a-z_0-9]+)\s+(?:TEXT|BIGINT|BOOLEAN|BYTEA)`).FindAllStringSubmatch(string(body), -1) {
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
	}
	if len(out) < 60 {
		t.Fatalf("only %d columns: %v", len(out), out)
	}
	return out
}

// TestAttack26_FieldsNobodyMaySet sends every column of our tables to every route that writes, as somebody who may write there:
// what is no field of the request is refused by name, and nothing changes.
func TestAttack26_FieldsNobodyMaySet(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	columns := append(columnsOf(t), "Subject", "SUBJECT", "Body", "id ", "__proto__", "constructor", "roles", "is_admin", "organisation", "submitter", "as", "")
	before := w.get(agent, "tickets/"+n).raw
	for _, op := range w.operations() {
		if op.method == "GET" || len(w.spec().Paths["/api/v1/"+op.path][strings.ToLower(op.method)].Body.Content) == 0 {
			continue // what has no body reads none
		}
		path := strings.NewReplacer("{number}", n, "{id}", "00000000-0000-7000-8000-000000000000").Replace(op.path)
		known, body := w.fields(op)
		var none answer
		if body == "" {
			none = w.do(agent, op.method, path, nil)
		}
		for _, c := range columns {
			if slices.Contains(known, c) {
				continue
			}
			for _, v := range []any{"x", nil} {
				a := w.do(agent, op.method, path, obj{c: v})
				if body == "" { // nothing is read of what is sent: the answer is the one to no body
					if a.status != none.status || a.status < 400 || !bytes.Equal(a.raw, none.raw) {
						t.Errorf("%s with %q: %d %s, without %d %s", a.what, c, a.status, a.raw, none.status, none.raw)
					}
					continue
				}
				if a.status != 422 || !slices.ContainsFunc(a.at("errors").([]any), func(e any) bool { return strings.HasSuffix(e.(obj)["location"].(string), c) }) {
					t.Errorf("%s with %q: %d %s", a.what, c, a.status, a.raw)
				}
			}
		}
	}
	if after := w.get(agent, "tickets/"+n).raw; !bytes.Equal(before, after) {
		t.Errorf("changed:\n%s\n%s", before, after)
	}
	w.do(agent, "PATCH", "tickets/"+n, obj{"subject": "Other"}).is(200)
	w.do(anna, "PATCH", "tickets/"+n, obj{"subject": "Mine"}).is(403)
}

// fields are what the specification says a route takes, and of which type its body is, "" when it takes none. Every body is an object.
func (w *world) fields(op operation) (known []string, body string) {
	w.t.Helper()
	spec := w.spec()
	content := spec.Paths["/api/v1/"+op.path][strings.ToLower(op.method)].Body.Content
	for typ, m := range content {
		s := spec.resolve(m.Schema)
		if typ != "application/json" || s == nil || s.Type != "object" {
			w.t.Errorf("%s %s takes %s, which is not tried with fields nobody may set: say how", op.method, op.path, typ)
			continue
		}
		body = typ
		for name := range s.Properties {
			known = append(known, name)
		}
	}
	return known, body
}

// TestAttack32_AnswersHoldWhatIsListedAndNoSecret asks every reading route as everybody: every field of every answer is in the
// specification, and no secret of the installation is in any of them. Asking by a column that is no parameter is refused.
func TestAttack32_AnswersHoldWhatIsListedAndNoSecret(t *testing.T) {
	w := onSQLite(t)
	n := w.open()
	asked(w, n)
	fileID, mailID := publicFile(w, n), received(w, n)
	w.post(agent, "tickets/"+n+"/notes", obj{"body": "x", "files": []obj{{"name": "a", "content": ""}}}).is(201)
	w.post(lead, "tickets/"+n+"/obligations/"+firstResponse(w, n)+"/dispute", obj{"reason": "x"}).is(200)
	w.post(agent, "tickets/"+n+"/take", nil).is(200)
	var secrets []string
	for _, secret := range w.tokens {
		secrets = append(secrets, secret, secret[3:20])
	}
	secrets = append(secrets, strings.Repeat("k", 32), "$argon2", "digest", "password")
	for _, op := range w.operations() {
		if op.method != "GET" {
			continue
		}
		for _, who := range actors {
			path := strings.NewReplacer("{number}", n, "mail/inbound/{id}", "mail/inbound/"+mailID, "{id}", fileID).Replace(op.path)
			a := w.do(who, "GET", path, nil)
			if strings.Contains(a.head.Get("Content-Type"), "json") {
				w.spec().check(a, op)
			}
			for _, s := range secrets {
				if bytes.Contains(a.raw, []byte(s)) {
					t.Errorf("%s: holds %q", a.what, s)
				}
			}
		}
		for _, q := range []string{"password=x", "digest=x", "raw=x", "order=secret", "limit[]=1", "__proto__[x]=1"} {
			w.get(agent, strings.NewReplacer("{number}", n, "{id}", fileID).Replace(op.path)+"?"+q).is(422)
		}
	}
	w.get(agent, "tickets?sort=subject_key").is(422)
	if a := w.get(anna, "tickets/"+n).is(200); bytes.Contains(a.raw, []byte("agent@it.example")) || a.str("assignee.name") != "Ada Gent" {
		t.Errorf("customers see staff's name and not their address: %s", a.raw)
	}
}

// TestAttack66_HostileParameters sends what breaks out of statements, patterns, numbers and cursors to every parameter of every
// list: never an internal error, and never more rows than without it.
func TestAttack66_HostileParameters(t *testing.T) {
	each(t, func(w *world) {
		n := w.open()
		hostile := []string{
			"'", "''", `"`, "' OR 1=1 --", "'; DROP TABLE desk_ticket; --", "%", "_", "!", `\`, "*", "(", "NEAR(a b)", "subject:x", "a' || (SELECT 1) || '", "\x00", "a\x00b", "\xff\xfe", "1e999", "-1", "0", "1.5",
			"99999999999999999999", "١٢", "NaN", "null", "[]", "{}", "${7*7}", strings.Repeat("a", 5000), strings.Repeat("a ", 3000), "ﷺ", "\u202e", "WzEsIiJd", "WzEsIlx1MDAwMCJd", "WzEsIngnIE9SIDE9MSJd",
			"WzAsImFcdTAwMDBiIl0", "WzFlOTk5LCJ4Il0", "WzksIm4iXQ", "bnVsbA", "true;", "due, (SELECT 1)", "closed,'", "provider'", "new,new,new",
		}
		for _, path := range []string{"tickets", "tickets/" + n + "/messages", "tickets/" + n + "/notes", "tickets/" + n + "/events", "people", "sites", "teams", "mail/inbound", "mail/outbound"} {
			for _, param := range []string{"q", "cursor", "limit", "state", "turn", "sort", "open"} {
				for _, v := range hostile {
					for _, who := range []string{agent, anna} {
						a := w.get(who, path+"?"+param+"="+url.QueryEscape(v))
						if a.status >= 500 || a.status != 200 && (a.status < 400 || !strings.HasPrefix(a.str("type"), "urn:bothways:")) {
							t.Errorf("%s: %d %s", a.what, a.status, a.raw)
						}
					}
				}
			}
		}
		patternsAreNoWords(w)
		for _, v := range hostile { // second order: what was stored is read back and searched for
			if a := w.post(anna, "tickets", obj{"subject": v, "description": v, "sensitivity": ""}); a.status != 201 && a.status != 422 {
				t.Errorf("subject %q: %d %s", v, a.status, a.raw)
			}
			for path, body := range map[string]obj{
				"messages": {"body": v}, "assign": {"assignee": v}, "watch": {"person": v}, "wait": {"until": "2026-12-01T10:00:00Z", "reason": v}, "link": {"other": v, "kind": v}, "ask-supplier": {"supplier": v},
				"obligations/" + url.PathEscape(v) + "/waive": {"reason": v}, "messages/" + url.PathEscape(v) + "/no-turn": nil, "notes": {"files": []obj{{"name": v, "content": ""}}},
			} {
				if a := w.post(agent, "tickets/"+n+"/"+path, body); a.status >= 500 {
					t.Errorf("%s %q: %d %s", path, v, a.status, a.raw)
				}
			}
		}
		w.get(agent, "tickets?limit=200").is(200)
		w.get(agent, "tickets?limit=201").is(200)
		if strings.Contains(w.log.String(), "request failed") {
			t.Errorf("logged: %s", w.log)
		}
	})
}

// patternsAreNoWords: what stands for any characters in SQL stands for nothing in a query. Alone it is a slip, in a word it is no letter.
func patternsAreNoWords(w *world) {
	w.t.Helper()
	w.post(anna, "tickets", obj{"subject": "Zeppelin"}).is(201)
	for q, want := range map[string]int{"zeppelin": 1, "zepp": 1, "z%n": 0, "%ppelin": 0, "zep_elin": 0, "_eppelin": 0, "zeppelin_": 1, "z*n": 0} {
		if rows := w.get(agent, "tickets?q="+url.QueryEscape(q)).is(200).items(); len(rows) != want {
			w.t.Errorf("%q: %d rows, want %d", q, len(rows), want)
		}
	}
	for _, q := range []string{"%", "_", "%%", "*", "!", "zeppelin %"} {
		for _, who := range []string{agent, anna} {
			w.get(who, "tickets?q="+url.QueryEscape(q)).is(422).equal(obj{"errors.0.location": "q"})
		}
	}
	if rows := w.get(agent, "tickets?q=-").is(200).items(); len(rows) < 2 {
		w.t.Errorf("a minus alone is no condition: %d rows", len(rows))
	}
}
