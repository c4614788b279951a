package serve

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Origin is the origin of a base address, "" when it names none.
func Origin(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// mostAddress is the longest address that is gone on to.
const mostAddress = 2000

// Next gives the address to go on to if it is a path of ours, else "" (attacks.md row 61). http.Redirect would pass on
// "/\evil.test", which browsers read as another host.
func Next(s string) string {
	if len(s) > mostAddress || !ownPath(s) {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !ownPath(u.Path) || strings.HasPrefix(u.Path, "/sign-") {
		return ""
	}
	for seg := range strings.SplitSeq(u.Path, "/") {
		if seg == "." || seg == ".." {
			return ""
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u.RequestURI()
}

// ownPath: begins with one slash, and holds nothing that a browser reads as one or leaves out.
func ownPath(s string) bool {
	if len(s) == 0 || s[0] != '/' || strings.HasPrefix(s, "//") || strings.Contains(s, `\`) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// Peer is the network address of who asks. Headers that name another are not believed: anybody can send them.
func Peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
