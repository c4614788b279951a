package web_test

import (
	"net/http"
	"strings"
	"testing"

	"bothways/internal/auth"
)

// TestAttack22_TheCommandMenuFindsWhatItsReaderMayRead: by word, by number, by person, as a page and as what the script takes over.
func TestAttack22_TheCommandMenuFindsWhatItsReaderMayRead(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rui := s.person("Rui Costa", "rui@it.example", s.base.Provider.ID, "", auth.Grant{Role: auth.Resolver, Scope: auth.Region, ScopeID: "south"})
	part := func(r *http.Request) { r.Header.Set("HX-Request", "true") }
	for _, q := range []string{"VPN", "BW-1001", "1001", "Helen"} {
		for name, change := range map[string][]func(*http.Request){"page": nil, "part": {part}} {
			all := s.do(&s.amara, "GET", "/desk/palette?q="+q, "", nil, change...).want(http.StatusOK)
			if !strings.Contains(all.Body.String(), "BW-1001") && !strings.Contains(all.Body.String(), "Helen Marsh") {
				t.Errorf("%s: Amara finds nothing by %q", name, q)
			}
			none := s.do(&rui, "GET", "/desk/palette?q="+q, "", nil, change...).want(http.StatusOK)
			if b := none.Body.String(); strings.Contains(b, "VPN drops") || strings.Contains(b, "/desk/tickets/BW-1001") || strings.Contains(b, "helen@norvik.example") {
				t.Errorf("%s: the resolver of another region finds by %q what is not theirs", name, q)
			}
			s.do(&s.helen, "GET", "/desk/palette?q="+q, "", nil, change...).want(http.StatusNotFound)
		}
	}
}
