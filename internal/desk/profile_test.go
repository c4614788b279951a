package desk_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/account"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

var confirmLink = regexp.MustCompile(`/profile/addresses/(\S+)`)

func (w *world) account() *account.Service {
	return &account.Service{DB: w.db, People: w.peo, Box: w.box, Config: account.Config{Name: "Service desk", Domain: "desk.example", BaseURL: "https://desk.example", Key: []byte("k")}}
}

// TestAddressIsProven: an address is somebody's when they opened the link mailed to it, signed in as who asked; once.
func TestAddressIsProven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tom := w.person("Tom Hale", "tom@norvik.example", w.site.OrgID, w.site.ID)
		claim := func(by auth.Actor, address string) string {
			t.Helper()
			must(w, func() (people.Claim, error) { return w.account().ClaimAddress(ctx, by, address) })
			w.run()
			sent := w.post.to(strings.ToLower(address))
			if len(sent) == 0 {
				return ""
			}
			if strings.Contains(sent[0].Body, "Helen") || strings.Contains(sent[0].Body, "helen@") {
				t.Errorf("the mail names who asked: %s", sent[0].Body)
			}
			return confirmLink.FindStringSubmatch(sent[0].Body)[1]
		}
		secret := claim(w.helen, "Helen.Home@home.example")
		if secret == "" {
			t.Fatal("no mail")
		}
		if _, err := w.peo.ConfirmAddress(ctx, tom, secret); !errs.Is(err, errs.NotFound) {
			t.Errorf("Tom opens Helen's link: %v", err)
		}
		must(w, func() (people.Claim, error) { return w.peo.ConfirmAddress(ctx, w.helen, secret) })
		if _, err := w.peo.ConfirmAddress(ctx, w.helen, secret); !errs.Is(err, errs.NotFound) {
			t.Errorf("the link works twice: %v", err)
		}
		p := must(w, func() (people.Person, error) {
			return people.PersonByAddress(ctx, w.db.Read(), "helen.home@home.example")
		})
		if p.ID != w.helen.PersonID || p.Address != "helen@norvik.example" {
			t.Errorf("it is %s's, the first address is %s", p.Name, p.Address)
		}
		w.check(w.peo.MakeFirst(ctx, w.helen, "helen.home@home.example"))
		w.open("To my new first address")
		if len(w.post.to("helen.home@home.example")) != 1 {
			t.Error("mails do not go to the first address")
		}
		// whose an address is, is told to nobody: not in the answer, and by no mail
		if got := claim(w.helen, "tom@norvik.example"); got != "" {
			t.Errorf("a mail went to Tom: %s", got)
		}
		late := claim(w.helen, "late@home.example")
		w.clk.Advance(25 * time.Hour)
		if _, err := w.peo.ConfirmAddress(ctx, w.helen, late); !errs.Is(err, errs.NotFound) {
			t.Errorf("a link of yesterday: %v", err)
		}
		w.check(w.peo.DropAddress(ctx, w.helen, "helen@norvik.example"))
		if err := w.peo.DropAddress(ctx, w.helen, "helen.home@home.example"); !errs.Is(err, errs.Conflict) {
			t.Errorf("the last address goes: %v", err)
		}
		if err := w.peo.DropAddress(ctx, w.helen, "tom@norvik.example"); !errs.Is(err, errs.NotFound) {
			t.Errorf("Helen removes Tom's address: %v", err)
		}
	})
}

// TestAddressesFloodNobody: two mails a day to an address, five a day by a person.
func TestAddressesFloodNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		refused := 0
		for i := range 12 {
			_, err := w.account().ClaimAddress(ctx, w.helen, []string{"a@x.example", "b@x.example", "c@x.example", "d@x.example"}[i%4])
			if errs.Is(err, errs.TooMany) {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		w.run()
		if len(w.post.sent) != 5 || refused != 7 {
			t.Errorf("%d mails went out, %d were refused", len(w.post.sent), refused)
		}
	})
}

// TestQuietHours: what is automatic waits for the end of them; people's words do not, and the ledger does not either.
func TestQuietHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		quiet := people.Quiet{From: 8 * 60, Until: 13*60 + 30}
		_, _, err := w.peo.ChangeProfile(ctx, w.helen, people.ProfileChange{Quiet: &quiet})
		w.check(err)
		n := w.open("At nine").Number // the acknowledgement is automatic
		if got := w.post.to("helen@norvik.example"); len(got) != 0 {
			t.Errorf("mailed in quiet hours: %s", got[0].Subject)
		}
		before := w.turns(n)
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "On it."})
		})
		w.run()
		if got := w.post.to("helen@norvik.example"); len(got) != 1 || got[0].Kind != "reply" {
			t.Errorf("an answer of a person waits: %+v", got)
		}
		w.clk.Set(time.Date(2026, 1, 12, 13, 29, 59, 0, time.UTC))
		w.run()
		if len(w.post.to("helen@norvik.example")) != 0 {
			t.Error("a minute too early")
		}
		w.clk.Set(time.Date(2026, 1, 12, 13, 30, 0, 0, time.UTC))
		w.run()
		if len(w.post.to("helen@norvik.example")) != 1 {
			t.Error("it does not come after the quiet hours")
		}
		if got := w.turns(n); got != before {
			t.Errorf("quiet hours moved a turn: %s, %s", before, got)
		}
		long := people.Quiet{From: 0, Until: 17 * 60}
		if _, _, err := w.peo.ChangeProfile(ctx, w.helen, people.ProfileChange{Quiet: &long}); !errs.Is(err, errs.Invalid) {
			t.Errorf("17 quiet hours: %v", err)
		}
	})
}

// TestCopiesAreAChoice: who follows a request can do without the mails; who asked can't, and neither can who is asked.
func TestCopiesAreAChoice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tom := w.person("Tom Hale", "tom@norvik.example", w.site.OrgID, w.site.ID)
		n := w.open("Folder").Number
		must(w, func() (desk.Ticket, error) {
			return w.desk.Watch(ctx, w.agent, desk.Act{Number: n}, "tom@norvik.example", true)
		})
		no := false
		for _, by := range []auth.Actor{tom, w.helen} {
			_, _, err := w.peo.ChangeProfile(ctx, by, people.ProfileChange{Copies: &no})
			w.check(err)
		}
		w.post.sent = nil
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "On it."})
		})
		w.run()
		if len(w.post.to("tom@norvik.example")) != 0 || len(w.post.to("helen@norvik.example")) != 1 {
			t.Error("Tom gets copies, or Helen no answer")
		}
	})
}
