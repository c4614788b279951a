package demo

import (
	"fmt"
	"slices"

	"bothways/internal/app"
)

// Password opens every account of the demo that has one. It is no secret: the demo listens on the machine itself unless told
// otherwise.
const Password = "norvik-demo-desk"

// parts are what one can be in the demo, in the order in which one would try it, and who plays it.
var parts = []struct {
	title string
	keys  []string
	staff bool
}{
	{"Customers", []string{"helen", "owen", "rita", "marek"}, false},
	{"Speaks for a site", []string{"graham"}, false},
	{"Local IT", []string{"priya"}, true},
	{"Service desk", []string{"amara", "kofi", "beth"}, true},
	{"Teams behind the desk", []string{"rui"}, true},
	{"Service levels", []string{"ingrid"}, true},
	{"Administration", []string{"tomas"}, true},
	{"Audit", []string{"marit"}, true},
}

// Logins are the accounts that have the password.
func Logins() []app.Login {
	var out []app.Login
	for _, p := range parts {
		for _, key := range p.keys {
			m := cast[slices.IndexFunc(cast, func(m member) bool { return m.key == key })]
			out = append(out, app.Login{Part: p.title, Name: m.name, What: m.login, Address: m.address, Staff: p.staff})
		}
	}
	return out
}

// Tour says where to look, and as whom, where the pages are at url.
func Tour(url string) []string {
	out := []string{
		fmt.Sprintf("%s is ready: five sites, %d people, a year of requests, mails and promises.", Company, headcount), "", "  " + url, "",
		"One click on the sign-in page makes you one of them. By hand, the password is " + Password + ":",
	}
	for _, l := range Logins() {
		out = append(out, fmt.Sprintf("  %-34s %s, %s", l.Address, l.Name, l.What))
	}
	out = append(out, "", "Look at")
	for _, l := range [][2]string{
		{"/", "what waits on a customer, and what they wait for (Helen Marsh)"},
		{"/desk", "the queue by whose turn it is (Amara Okafor)"},
		{"/inbox", "everybody's mail, to read and to answer"},
		{"/docs", "the API"},
	} {
		out = append(out, fmt.Sprintf("  %-34s %s", url+l[0], l[1]))
	}
	return out
}
