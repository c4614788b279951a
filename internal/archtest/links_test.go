package archtest

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// pageLink is a link from one page to another; addresses with a scheme and places within a page are not looked at.
var pageLink = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

// checkLinks: a link between pages leads somewhere, and every decision is in the index of decisions.
func checkLinks(tr *tree, x exceptions) []finding {
	var out []finding
	for _, doc := range tr.textsBelow("", ".md") {
		for i, l := range strings.Split(string(tr.texts[doc]), "\n") {
			for _, m := range pageLink.FindAllStringSubmatch(l, -1) {
				to := path.Join(path.Dir(doc), strings.TrimSuffix(m[1], "/"))
				if !tr.exists(to) && !x.allow(doc+" "+m[1], 0) {
					out = append(out, finding{doc, i + 1, fmt.Sprintf("links: %s leads to nothing. Name the page that took its place.", m[1])})
				}
			}
		}
	}
	index := string(tr.texts["docs/adr/README.md"])
	for _, p := range tr.textsBelow("docs/adr/", ".md") {
		if base := path.Base(p); base != "README.md" && !strings.Contains(index, "("+base+")") {
			out = append(out, finding{p, 1, "links: docs/adr/README.md does not list this decision. Add its row with its status."})
		}
	}
	return out
}
