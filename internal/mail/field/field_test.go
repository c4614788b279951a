package field

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"bothways/internal/kit/errs"
)

// TestAddresses is a table of the shapes that address fields have in the wild (P16, P42).
func TestAddresses(t *testing.T) {
	for field, want := range map[string]string{
		`a@example.org`:                        `<a@example.org>`,
		`<a@example.org>`:                      `<a@example.org>`,
		`Ann <a@example.org>`:                  `Ann <a@example.org>`,
		`"Ann" <a@example.org>`:                `Ann <a@example.org>`,
		`"Doe, Ann" <a@example.org>, b@x.org`:  `Doe, Ann <a@example.org> | <b@x.org>`,
		`Doe, Ann <a@example.org>`:             `Doe <> | Ann <a@example.org>`,
		`a@example.org (Ann Doe)`:              `Ann Doe <a@example.org>`,
		`Ann (home) <a@example.org>`:           `Ann <a@example.org>`,
		`(Ann) <a@example.org>`:                `Ann <a@example.org>`,
		`Ann (a@example.org)`:                  `Ann <a@example.org>`,
		`"a@example.org" <a@example.org>`:      `a@example.org <a@example.org>`,
		`Ann a@example.org`:                    `Ann <a@example.org>`,
		`Ann <a@example.org`:                   `Ann <a@example.org>`,
		`"Ann <a@example.org>`:                 `Ann <a@example.org>`,
		`Ann <<a@example.org>>`:                `Ann <a@example.org>`,
		`<mailto:a@example.org>`:               `<a@example.org>`,
		`< a@example.org >`:                    `<a@example.org>`,
		`<a @ example.org>`:                    `<a@example.org>`,
		`a@example.org; b@example.org`:         `<a@example.org> | <b@example.org>`,
		`a@example.org,,b@example.org,`:        `<a@example.org> | <b@example.org>`,
		`Team: a@x.org, B <b@x.org>;, c@x.org`: `<a@x.org> | B <b@x.org> | <c@x.org>`,
		`undisclosed-recipients:;`:             ``,
		`undisclosed-recipients: ;, a@x.org`:   `<a@x.org>`,
		`=?utf-8?Q?J=C3=B6rg?= <j@x.org>`:      `Jörg <j@x.org>`,
		`=?utf-8?Q?Doe=2C_Ann?= <j@x.org>`:     `Doe, Ann <j@x.org>`,
		`=?utf-8?B?YUB4Lm9yZw==?=`:             `<a@x.org>`,
		"J\xf6rg <j@x.org>":                    `Jörg <j@x.org>`,
		"'Ann via List' <l@x.org>":             `Ann via List <l@x.org>`,
		`"Ann \"the\" Doe" <a@x.org>`:          `Ann "the" Doe <a@x.org>`,
		`"quoted local"@x.org`:                 `<"quoted local"@x.org>`,
		`"quoted local"@x.org>`:                `<"quoted local"@x.org>`,
		`Mail Delivery System <>`:              `Mail Delivery System <>`,
		`<>`:                                   ``,
		`root`:                                 `root <>`,
		`MAILER-DAEMON (Mail Delivery) <p@x>`:  `MAILER-DAEMON <p@x>`,
		`a@example.org.`:                       `<a@example.org>`,
		`Ann <a@x.org> <b@x.org>`:              `Ann <b@x.org>`,
		`<@relay.org:a@x.org>`:                 `<a@x.org>`,
		"Ann\u2028Bcc: x <a@x.org>":            `x <a@x.org>`,
		``:                                     ``,
		`,;:<>()"`:                             ``,
	} {
		var out []string
		for _, a := range Addresses(field, "", 100) {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s <%s>", a.Name, a.Address)))
		}
		if got := strings.Join(out, " | "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", field, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, good := range []string{"a@example.org", "a.b+c@example.co.uk", "o'neil@x.org", "a_b-c@x-y.org", "jörg@münchen.de", "a@localhost", "1@2.org"} {
		if err := Validate(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "a", "@x.org", "a@", "a b@x.org", "a@x.org\r\nBcc: b@x.org", "a@x\n.org", "a@x.org, b@x.org", "<a@x.org>", "a@b@x.org", `"a b"@x.org`,
		"a@x..org", "a@-x.org", "a@x.org.", "a\x00@x.org", "a@x.org\u2028", "a\u2028b@x.org", "a\u00a0@x.org", "a..b@x.org", ".a@x.org", "a@[127.0.0.1]",
		strings.Repeat("a", 65) + "@x.org", "a@" + strings.Repeat("x.", 130) + "org", "a@x\xff.org", "Ann <a@x.org>", "a@x.org;b", "a:b@x.org", "a@x_!.org", "=?utf-8?Q?a?=@x.org",
	} {
		if err := Validate(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q was accepted: %v", bad, err)
		}
	}
}

func TestDates(t *testing.T) {
	want := time.Date(2016, 4, 29, 21, 34, 45, 0, time.UTC)
	for _, s := range []string{
		"Fri, 29 Apr 2016 23:34:45 +0200", "29 Apr 2016 23:34:45 +0200 (CEST)", "Fri Apr 29 23:34:45 CEST 2016", "29-Apr-2016 23:34:45 +0200",
		"Fri, 29 Apr 16 21:34:45 GMT", "2016-04-29T23:34:45+02:00", "2016-04-29 21:34:45", "Friday, April 29, 2016 11:34:45 PM +0200", "29 Apr 2016 21:34:45",
	} {
		if got := Date(s); !got.Equal(want) {
			t.Errorf("%q: %v", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "99 Xxx 2016", "29 Apr 2016 29:34:45", strings.Repeat("1 ", 1000), "Fri, 29 Apr 1900 10:00:00 +0000"} {
		if got := Date(s); !got.IsZero() {
			t.Errorf("%q: %v", s, got)
		}
	}
}
