package mail

import (
	"strings"
	"testing"
)

// FuzzAddress: whatever stands in an address field, what comes out is one line; and what is valid can be written and read back.
func FuzzAddress(f *testing.F) {
	f.Add(`"Doe, Ann" <a@example.org>, Team: b@x.org, (c) d@x.org;`)
	f.Add("=?utf-8?Q?J=C3=B6rg?= <j@x.org\r\nBcc: b@x.org>")
	f.Add(`"\"(<@:;,`)
	f.Fuzz(func(t *testing.T, field string) {
		for _, a := range ParseAddresses(field) {
			for _, s := range []string{a.Name, a.Address} {
				if strings.ContainsAny(s, "\r\n\x00\u2028\u2029\u0085") || strings.ToValidUTF8(s, "") != s {
					t.Fatalf("%q gave %q", field, s)
				}
			}
			if ValidateAddress(a.Address) != nil {
				continue
			}
			o := outgoing()
			o.To = []Address{a}
			raw, err := Compose(o)
			if err != nil {
				t.Fatalf("%q: %v", a.Address, err)
			}
			if m := Parse(raw, Limits{}); len(m.To) != 1 || m.To[0].Address != a.Address {
				t.Fatalf("%q became %v", a, m.To)
			}
		}
	})
}
