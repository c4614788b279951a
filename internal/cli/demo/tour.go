package demo

import "fmt"

// Password opens every account of the demo that has one. It is no secret: the demo listens on the machine itself unless told
// otherwise.
const Password = "norvik-demo-desk"

// Login is an account to try.
type Login struct {
	Address, Name, What string
}

// Logins are the accounts that have the password, in the order in which one would try them.
func Logins() []Login {
	var out []Login
	for _, key := range []string{"helen", "rita", "owen", "graham", "priya", "amara", "kofi", "rui", "beth", "ingrid", "tomas", "marit"} {
		for _, m := range cast {
			if m.key == key && m.login != "" {
				out = append(out, Login{m.address, m.name, m.login})
			}
		}
	}
	return out
}

// SignIns are the logins as the sign-in page lists them: an address and whose it is; the password is the last.
func SignIns() [][2]string {
	var out [][2]string
	for _, l := range Logins() {
		out = append(out, [2]string{l.Address, l.Name + ", " + l.What})
	}
	return append(out, [2]string{Password, "Password of all"})
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
