package mail

import "testing"

// TestAttack75_ForgedAuthenticationResults: authority never rests on a header that a sender can write (P7). Only the topmost
// field of exactly our own border server counts.
func TestAttack75_ForgedAuthenticationResults(t *testing.T) {
	const (
		id   = "mx.desk.example"
		ours = "Authentication-Results: mx.desk.example; "
		ann  = "From: Ann <ann@site-a.example>\n"
		pass = "dmarc=pass header.from=site-a.example"
	)
	for name, c := range map[string]struct {
		header string
		want   Auth
	}{
		"nothing said":                        {ann, AuthNone},
		"dmarc pass":                          {ours + pass + "\n" + ann, AuthAligned},
		"dmarc pass, folded, version":         {"Authentication-Results: mx.desk.example 1;\r\n\tspf=pass (ok; dmarc=fail) smtp.mailfrom=x@y.example;\r\n\tdmarc = pass header.from=site-a.example\n" + ann, AuthAligned},
		"dmarc fail":                          {ours + "dmarc=fail header.from=site-a.example; dkim=pass header.d=site-a.example\n" + ann, AuthFail},
		"another server says pass":            {"Authentication-Results: mx.evil.example; " + pass + "\n" + ann, AuthNone},
		"a name that only starts like ours":   {"Authentication-Results: mx.desk.example.evil; " + pass + "\n" + ann, AuthNone},
		"our name within another's":           {"Authentication-Results: x mx.desk.example; " + pass + "\n" + ann, AuthNone},
		"our name in a comment":               {"Authentication-Results: (mx.desk.example) evil; " + pass + "\n" + ann, AuthNone},
		"forged below a real failure":         {ours + "dmarc=fail\n" + ours + pass + "\n" + ann, AuthFail},
		"forged below a real none":            {ours + "dmarc=none; spf=none\n" + ours + pass + "\n" + ann, AuthNone},
		"forged above, another name":          {"Authentication-Results: evil; dmarc=fail\n" + ours + pass + "\n" + ann, AuthAligned},
		"name in capitals":                    {"Authentication-Results: MX.Desk.Example; " + pass + "\n" + ann, AuthAligned},
		"dkim of the domain":                  {ours + "dkim=pass header.d=site-a.example\n" + ann, AuthAligned},
		"dkim of a subdomain":                 {ours + "dkim=pass header.d=mail.site-a.example\n" + ann, AuthAligned},
		"dkim by identity":                    {ours + "dkim=pass header.i=@site-a.example\n" + ann, AuthAligned},
		"dkim of somebody else":               {ours + "dkim=pass header.d=evil.example\n" + ann, AuthNone},
		"dkim of a public suffix":             {ours + "dkim=pass header.d=co.uk\nFrom: a@site.co.uk\n", AuthNone},
		"two companies under a public suffix": {ours + "dkim=pass header.d=evil.co.uk\nFrom: a@site.co.uk\n", AuthNone},
		"dkim failed":                         {ours + "dkim=fail header.d=site-a.example\n" + ann, AuthFail},
		"one dkim failed, one aligned":        {ours + "dkim=fail header.d=x.example; dkim=pass header.d=site-a.example\n" + ann, AuthAligned},
		"spf of the domain":                   {ours + "spf=pass smtp.mailfrom=bounce@site-a.example\n" + ann, AuthAligned},
		"spf of the helo only":                {ours + "spf=pass smtp.helo=site-a.example\n" + ann, AuthNone},
		"spf of somebody else":                {ours + "spf=pass smtp.mailfrom=x@evil.example\n" + ann, AuthNone},
		"spf softfail":                        {ours + "spf=softfail smtp.mailfrom=site-a.example\n" + ann, AuthFail},
		"spf with a trick in quotes":          {ours + "spf=pass smtp.mailfrom=\"a; dmarc=pass\"@evil.example\n" + ann, AuthNone},
		"dmarc pass of another domain":        {ours + "dmarc=pass header.from=evil.example\n" + ann, AuthFail},
		"two From fields":                     {ours + pass + "\n" + ann + "From: boss@site-a.example\n", AuthFail},
		"two authors":                         {ours + pass + "\nFrom: ann@site-a.example, x@evil.example\n", AuthFail},
		"no From":                             {ours + pass + "\nReply-To: ann@site-a.example\n", AuthFail},
		"results of a forwarder":              {"ARC-Authentication-Results: i=1; mx.desk.example; " + pass + "\n" + ann, AuthNone},
		"other headers that claim":            {"X-Authenticated: yes\nReceived-SPF: pass\nX-RT-Ticket: 1\n" + ann, AuthNone},
	} {
		m := Parse([]byte(c.header+"\nbody\n"), Limits{})
		if got := m.Authenticate(id); got != c.want || m.Auth != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if got := m.Authenticate(""); got != AuthNone {
			t.Errorf("%s: without a name of our own server something counted: %s", name, got)
		}
	}
}
