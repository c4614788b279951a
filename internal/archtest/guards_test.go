package archtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// takeOut is given to take each guard out in turn and see the row's test fail. It builds a test program for each, so it is not
// part of every run.
var takeOut = flag.Bool("guards", false, "take the guards against attacks out, one at a time, and see their tests fail")

// guard is a line that keeps an attack out, and the test that has to fail without it.
type guard struct {
	row       int
	what      string // is taken out, in a few words
	file      string
	was, now  string // the code, which is in the file once, and what is there without the guard
	dir, test string
}

// What makes text of what people wrote: mails, and Markdown.
const (
	escaped   = `b.WriteString(html.EscapeString(line))`
	sanitised = `strings.TrimSpace(policy.Sanitize(b.String()))`
)

var guards = []guard{
	{1, "text of a mail is escaped", "internal/web/ui/prose.go", escaped, `b.WriteString(strings.Clone(line)); _ = html.EscapeString`, "internal/web", "TestAttack01_MailHTMLIsNeverMarkup"},
	{2, "the list of elements is ours and short", "internal/web/ui/markup/markup.go", `p := bluemonday.NewPolicy()`, `p := bluemonday.UGCPolicy()`, "internal/web/ui/markup", "TestAttack02_NestedTagsAreAnAllowList"},
	{3, "links name pages and mail alone", "internal/web/ui/markup/markup.go", `p.AllowURLSchemes("mailto")`, `p.AllowURLSchemes("mailto", "javascript", "data")`, "internal/web/ui/markup", "TestAttack03_LinksLeadToPagesAndMail"},
	{3, "a link to a path is none", "internal/web/ui/markup/markup.go", `p.AllowRelativeURLs(false)`, `p.AllowRelativeURLs(true)`, "internal/web/ui/markup", "TestAttack03_LinksLeadToPagesAndMail"},
	{4, "the subject is escaped", "internal/web/ui/staff/ticket_templ.go", "templ.JoinStringErrs(subject)\n", "templ.JoinStringErrs(subject); _, _ = templ_7745c5c3_Buffer.WriteString(subject)\n", "internal/web", "TestAttack04_TitlesAndNamesAreText"},
	{5, "what was written is sanitised", "internal/web/ui/markup/markup.go", sanitised, `src`, "internal/web", "TestAttack05_WhatStaffWriteIsNoMarkupEither"},
	{6, "a file is a download", "internal/web/serve/download.go", `h.Set("Content-Disposition", Disposition(name))`, `h.Set("Content-Disposition", "inline")`, "internal/web", "TestAttack06_NothingUploadedIsShown"},
	{6, "a file runs in a sandbox", "internal/web/serve/download.go", `h.Set("Content-Security-Policy", sandboxed)`, ``, "internal/web", "TestAttack06_NothingUploadedIsShown"},
	{7, "the type is ours", "internal/blob/name.go", `return "application/octet-stream"`, `return "text/html"`, "internal/web", "TestAttack07_TheSendersTypeIsNotEchoed"},
	{11, "text of a mail is escaped", "internal/web/ui/prose.go", escaped, `b.WriteString(strings.Clone(line)); _ = html.EscapeString`, "internal/web", "TestAttack11_NothingIsLoadedFromElsewhere"},
	{17, "who may not read a ticket is refused", "internal/auth/can.go", "if allowed(a, v, o) {", "if allowed(a, v, o) || v == TicketRead {", "internal/web", "TestAttack17_AForeignTicketDoesNotExist"},
	{17, "what one can't see answers as what is not there", "internal/auth/can.go", "if !sees(a, info, o) {", "if false {", "internal/api", "TestAttack17_ForeignAndUnknownTicketsAreOneAnswer"},
	{18, "a customer's pages read as a customer", "internal/web/visit.go", "a.Scopes = []string{string(auth.TicketRead)}\n", "\n", "internal/web", "TestAttack18_NoWordOfANoteReachesACustomer"},
	{18, "notes are for who may read them", "internal/desk/read/read.go", "if err := auth.Can(by, auth.TicketNoteRead, t.Object(parts)); err != nil {", "if err := auth.Can(by, auth.TicketRead, t.Object(parts)); err != nil {", "internal/api", "TestAttack18_NotesReachNoCustomer"},
	{19, "a file is read with its ticket", "internal/desk/store/store.go", "FROM desk_message_file WHERE id = $1 AND ticket_id = $2`", "FROM desk_message_file WHERE id = $1 AND (ticket_id = $2 OR 1 = 1)`", "internal/api", "TestAttack19_FilesBelongToTheirTicket"},
	{19, "a file is read with its ticket", "internal/desk/store/store.go", "FROM desk_message_file WHERE id = $1 AND ticket_id = $2`", "FROM desk_message_file WHERE id = $1 AND (ticket_id = $2 OR 1 = 1)`", "internal/web", "TestAttack19_AnAttachmentIsReadWithItsTicket"},
	{22, "lists and counts hold what one may read", "internal/auth/filter.go", "if a.Kind == System {\n\t\treturn\n\t}\n\tif a.Kind != Person", "if v == TicketRead || a.Kind == System {\n\t\treturn\n\t}\n\tif a.Kind != Person", "internal/web", "TestAttack22_WhatOneMayNotReadCountsNowhere"},
	{22, "searches hold what one may read", "internal/auth/filter.go", "if a.Kind == System {\n\t\treturn\n\t}\n\tif a.Kind != Person", "if v == TicketRead || a.Kind == System {\n\t\treturn\n\t}\n\tif a.Kind != Person", "internal/web", "TestAttack22_TheCommandMenuFindsWhatItsReaderMayRead"},
	{24, "each change is told to who may read it", "internal/web/live/serve.go", "if auth.Can(by, auth.TicketRead, all[i].Object) == nil {", "if true {", "internal/web/live", "TestAttack24_AStreamTellsNothing"},
	{24, "a stream ends with the rights it began with", "internal/web/live/serve.go", "case !sameRights(by, c.By):", "case false && !sameRights(by, c.By):", "internal/web/live", "TestAttack24_AStreamIsCutWithTheRight"},
	{40, "who asks or carries out does not vote", "internal/approval/ask.go", `return a.BarAsker && personID == a.AskedBy || a.Executor != "" && personID == a.Executor`, `return false`, "internal/approval", "TestAttack40_WhoAsksDoesNotApprove"},
	{40, "nobody proposes for both sides", "internal/agreement/contract/service.go", `case provider && customer:`, `case false:`, "internal/agreement/contract", "TestAttack40_NobodySpeaksForBoth"},
	{40, "nobody judges what is their own", "internal/desk/dispute/settle.go", `if concerns(t, stream, by.PersonID) {`, `if false && concerns(t, stream, by.PersonID) {`, "internal/desk", "TestAttack40_NobodyJudgesTheirOwn"},
	{42, "a wait needs the customer's consent", "internal/agreement/read.go", `if !e.Consent || until <= l.at {`, `if until <= l.at {`, "internal/agreement", "TestAttack42_ParkingNeverHelps"},
	{42, "what was broken stays broken", "internal/agreement/obligation.go", "if !o.agreed || o.broken {\n\t\treturn\n\t}\n\to.everBound = true", "if !o.agreed {\n\t\treturn\n\t}\n\to.broken, o.everBound = false, true", "internal/desk", "TestAttack42_NoManoeuvreHelps"},
	{42, "nobody lets their own side off", "internal/desk/claim.go", "return errs.New(errs.Denied, \"desk.waive\", \"This is a promise of IT's", "return nil\n}\n\nfunc (a *act) unguarded() error {\n\treturn errs.New(errs.Denied, \"desk.waive\", \"This is a promise of IT's", "internal/desk", "TestAttack42_NobodyLetsTheirOwnSideOff"},
	{45, "the session from before ends", "internal/web/session.go", "if old, err := v.r.Cookie(s.cookies.session); err == nil {", "if old, err := v.r.Cookie(s.cookies.session); err == nil && false {", "internal/web", "TestAttack45_ASessionIsNewWithEachSignIn"},
	{46, "a digest is kept, not the secret", "internal/auth/session.go", "insertSession(ctx, tx, id.Digest(secret), c, now)", "insertSession(ctx, tx, secret, c, now)", "internal/auth", "TestAttack46_NoSecretAtRest"},
	{46, "an address that is gone on to holds no secret", "internal/web/visit.go", "v.w.Header().Set(\"Location\", path)", "if c, err := v.r.Cookie(v.cookies.session); err == nil {\n\t\tpath += \"?s=\" + c.Value\n\t}\n\tv.w.Header().Set(\"Location\", path)", "internal/web", "TestAttack46_TheSessionIsNeverInAPage"},
	{49, "a link is used once", "internal/auth/link.go", "if n == 0 {", "if n < 0 {", "internal/auth", "TestAttack49_OneOfManyAtOnce"},
	{49, "the digest of a link is kept", "internal/auth/link.go", "sqlLinkInsert, id.Digest(secret)", "sqlLinkInsert, secret", "internal/auth", "TestAttack49_LinksCannotBeGuessedOrUsedTwice"},
	{49, "a link dies with its address", "internal/desk/account/account.go", "if personID != l.PersonID {", "if personID != l.PersonID && false {", "internal/web", "TestAttack49_ALinkTellsNobodyWhoIsHere"},
	{60, "other origins are refused", "internal/web/web.go", "if err := csrf.Check(r); err != nil {", "if err := csrf.Check(r); err != nil && false {", "internal/web", "TestAttack60_NothingIsDoneFromAnotherOrigin"},
	{60, "other origins are refused", "internal/web/web.go", "if err := csrf.Check(r); err != nil {", "if err := csrf.Check(r); err != nil && false {", "internal/app", "TestAttack60_TheRunningServerAnswersItsOwnPagesAlone"},
	{61, "next is a path of ours", "internal/web/serve/address.go", `if len(s) == 0 || s[0] != '/' || strings.HasPrefix(s, "//") || strings.Contains(s, ` + "`\\`" + `) {`, `if len(s) == 0 {`, "internal/web/serve", "TestAttack61_NextIsAPathOfOurs"},
	{62, "no page is kept", "internal/web/serve/page.go", `h.Set("Cache-Control", "no-store")`, ``, "internal/web", "TestAttack62_CookiesAndCaches"},
	{69, "a head has to come in time", "internal/app/app.go", "ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 2 * time.Minute,", "", "internal/app", "TestAttack69_SlowClientsAreLetGo"},
	{72, "the relay's password is in no error", "internal/app/app.go", "return box.NewRelay(a.Config.Relay, a.Config.MailFrom, a.Letter)", "a.log.Debug(\"the relay\", \"at\", a.Config.Relay)\n\treturn box.NewRelay(a.Config.Relay, a.Config.MailFrom, a.Letter)", "internal/app", "TestAttack72_NoSecretIsLoggedOrKept"},
}

// provenRows have to be in the list of guards.
var provenRows = []int{1, 2, 3, 4, 5, 17, 18, 19, 22, 24, 40, 42, 45, 46, 60}

// Marks in attackDoc between which the list of guards is written.
const (
	guardsBegin = "<!-- guards: go test ./internal/archtest -update -->"
	guardsEnd   = "<!-- guards end -->"
)

// guardTable writes the list of guards into the page.
func guardTable(body string) string {
	head, rest, ok := strings.Cut(body, guardsBegin)
	_, tail, ended := strings.Cut(rest, guardsEnd)
	if !ok || !ended {
		return body
	}
	var b strings.Builder
	b.WriteString("\n| Row | Guard | In | Fails without it |\n|---|---|---|---|\n")
	for _, g := range guards {
		fmt.Fprintf(&b, "| %d | %s | `%s` | `%s` %s |\n", g.row, g.what, g.file, g.dir, g.test)
	}
	return head + guardsBegin + b.String() + guardsEnd + tail
}

// TestEveryGuardIsThere: the code of each guard is where the list says, its test exists, and the rows that need one have one.
func TestEveryGuardIsThere(t *testing.T) {
	tr := mustRepo(t)
	names, _ := attackTests(tr)
	for _, g := range guards {
		body, err := os.ReadFile(filepath.Join(tr.root, filepath.FromSlash(g.file)))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(body, []byte(g.was)); n != 1 {
			t.Errorf("guards: row %d: %s has %d times %q. Say in guards_test.go where the guard is now.", g.row, g.file, n, g.was)
		}
		if !slices.Contains(names[g.row], fmt.Sprintf("`%s` %s", g.dir, g.test)) {
			t.Errorf("guards: row %d has no test %s in %s. Name the one that fails without the guard.", g.row, g.test, g.dir)
		}
	}
	for _, row := range provenRows {
		if !slices.ContainsFunc(guards, func(g guard) bool { return g.row == row }) {
			t.Errorf("guards: nothing is taken out for row %d. Add it to guards_test.go.", row)
		}
	}
}

// TestWithoutItsGuardARowIsRed takes each guard out, by an overlay that leaves the tree alone, and wants the row's test to fail,
// and to have been built and run.
func TestWithoutItsGuardARowIsRed(t *testing.T) {
	if !*takeOut {
		t.Skip("go test ./internal/archtest -run WithoutItsGuard -guards takes some minutes")
	}
	tr := mustRepo(t)
	root, err := filepath.Abs(tr.root)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range guards {
		t.Run(fmt.Sprintf("%02d_%s_%d", g.row, g.test, i), func(t *testing.T) {
			file := filepath.Join(root, filepath.FromSlash(g.file))
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			without, overlay := filepath.Join(dir, "without.go"), filepath.Join(dir, "overlay.json")
			list, err := json.Marshal(map[string]any{"Replace": map[string]string{file: without}})
			if err != nil {
				t.Fatal(err)
			}
			for name, content := range map[string][]byte{without: bytes.Replace(body, []byte(g.was), []byte(g.now), 1), overlay: list} {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command("go", "test", "-count=1", "-timeout", "2m", "-vet=off", "-overlay", overlay, "-run", "^"+g.test+"$", "./"+g.dir)
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			switch said := string(out); {
			case err == nil:
				t.Errorf("without %q in %s, %s is green: it proves nothing", g.what, g.file, g.test)
			case strings.Contains(said, "panic: test timed out") && strings.Contains(said, "\t"+g.test):
				t.Logf("row %d is red: it waits for ever for what does not come", g.row)
			case !strings.Contains(said, "--- FAIL: "+g.test):
				t.Errorf("it was not run: %s", said)
			default:
				for l := range strings.Lines(said) {
					if strings.Contains(l, "_test.go:") {
						t.Logf("row %d is red: %.200s", g.row, strings.TrimSpace(l))
						break
					}
				}
			}
		})
	}
}
