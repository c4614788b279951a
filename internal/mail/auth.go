package mail

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"bothways/internal/mail/field"
	"bothways/internal/mail/mime"
)

// Auth says how far the sender of a mail was proven by our own border server.
type Auth string

// What Authenticate answers.
const (
	AuthNone    Auth = "none"    // nothing was proven
	AuthFail    Auth = "fail"    // something was checked and failed
	AuthAligned Auth = "aligned" // the domain of From: was proven
)

// Authenticate reads what the server authservID (RFC 8601) said about the sender, sets m.Auth and returns it. Only the
// topmost Authentication-Results field of exactly that name counts: anybody can write such a field into a mail, and our
// border server puts its own on top (and has to remove foreign ones that bear its name). Without a name nothing counts,
// nor does a mail that has no single author: then there is no domain that could be aligned (P7, attacks.md row 75).
//
// Aligned is dmarc=pass, or without a DMARC result a DKIM or SPF pass of the organisational domain of From:.
func (m *Message) Authenticate(authservID string) Auth {
	m.Auth = AuthNone
	if authservID == "" {
		return m.Auth
	}
	for _, v := range m.header.All("authentication-results") {
		id, results := authResults(v)
		if !strings.EqualFold(id, authservID) {
			continue
		}
		m.Auth = m.judge(results)
		break
	}
	return m.Auth
}

// result is one method of an Authentication-Results field.
type result struct {
	method, value string
	props         map[string]string
}

func (m *Message) judge(results []result) Auth {
	from := m.From.Domain()
	single := m.froms == 1 && len(m.Authors) == 1 && from != ""
	aligned, failed := false, false
	for _, r := range results {
		switch r.method {
		case "dmarc":
			if d := r.props["header.from"]; d != "" && !sameOrganisation(d, from) {
				failed = true
				continue
			}
			switch r.value {
			case "pass":
				aligned = true
			case "fail", "permerror":
				return AuthFail
			}
		case "dkim":
			d := r.props["header.d"]
			if d == "" {
				d = domainOf(r.props["header.i"])
			}
			aligned = aligned || r.value == "pass" && sameOrganisation(d, from)
			failed = failed || failure(r.value)
		case "spf":
			aligned = aligned || r.value == "pass" && sameOrganisation(domainOf(r.props["smtp.mailfrom"]), from)
			failed = failed || failure(r.value)
		}
	}
	switch {
	case aligned && single:
		return AuthAligned
	case failed || aligned:
		return AuthFail
	}
	return AuthNone
}

func failure(v string) bool {
	return v == "fail" || v == "softfail" || v == "permerror" || v == "policy" || v == "hardfail"
}

func domainOf(s string) string {
	s = strings.Trim(s, "<>\"")
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToLower(strings.TrimRight(s, "."))
}

// sameOrganisation is DMARC's relaxed alignment: the same registered domain.
func sameOrganisation(a, b string) bool {
	a, b = domainOf(a), domainOf(b)
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	x, err1 := publicsuffix.EffectiveTLDPlusOne(a)
	y, err2 := publicsuffix.EffectiveTLDPlusOne(b)
	return err1 == nil && err2 == nil && x == y
}

// authResults reads "id 1; dkim=pass (comment) header.d=example.org; spf=…".
func authResults(v string) (string, []result) {
	v, _ = field.SplitComment(v)
	head, rest, _ := strings.Cut(v, ";")
	id, _, _ := strings.Cut(strings.TrimSpace(head), " ")
	var out []result
	for len(rest) > 0 && len(out) < 50 {
		var item string
		item, rest = cutResult(rest)
		words := strings.Fields(joinEquals(item))
		if len(words) == 0 {
			continue
		}
		method, value, ok := strings.Cut(strings.ToLower(words[0]), "=")
		if !ok {
			continue
		}
		method, _, _ = strings.Cut(method, "/") // version
		r := result{method: method, value: value, props: map[string]string{}}
		for _, w := range words[1:] {
			if k, val, ok := strings.Cut(w, "="); ok {
				k = strings.ToLower(k)
				if _, twice := r.props[k]; !twice {
					r.props[k] = strings.Trim(val, `"`)
				}
			}
		}
		out = append(out, r)
	}
	return strings.Trim(mime.Printable(id), `"`), out
}

// cutResult cuts at the next semicolon that is not within quotes.
func cutResult(s string) (string, string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// joinEquals removes blanks around equals signs.
func joinEquals(s string) string {
	if !strings.Contains(s, " =") && !strings.Contains(s, "= ") {
		return s
	}
	parts := strings.Split(s, "=")
	for i := range parts {
		if i > 0 {
			parts[i] = strings.TrimLeft(parts[i], " \t")
		}
		if i < len(parts)-1 {
			parts[i] = strings.TrimRight(parts[i], " \t")
		}
	}
	return strings.Join(parts, "=")
}
