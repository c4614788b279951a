package ui

// Doc is what every page states in its head.
type Doc struct {
	// Title is the page's own title, without the product's name.
	Title string
	// Lang is the language of the page; "" is en.
	Lang string
	// Theme is "light" or "dark" when the reader chose one (cookie bw-theme),
	// "" to follow the system.
	Theme string
	// Scripts are files of package asset that the page loads as modules, after the one that every page has.
	Scripts []string
	// At names what was known to have changed when the page began to be made, so that it need not ask again when it hears of nothing
	// newer; "" says nothing.
	At string
	// Failed puts "Error: " before the title, so that it is heard first.
	Failed bool
}

func (d Doc) lang() string {
	if d.Lang == "" {
		return "en"
	}
	return d.Lang
}

func (d Doc) title() string {
	t := d.Title + " · Bothways"
	if d.Title == "" {
		t = "Bothways"
	}
	if d.Failed {
		return "Error: " + t
	}
	return t
}

// ThemeCookie is the cookie the script writes the chosen theme to.
const ThemeCookie = "bw-theme"

// Link is a named address.
type Link struct {
	Label, Href string
	Icon        Icon
	Current     bool
}

// Me is the signed-in person in the top bar. With no name nobody is signed in.
type Me struct {
	Name, Email string
	// Side colours the avatar.
	Side Side
	// SignOut is the address the sign-out form posts to.
	SignOut string
	// Links are the person's other doors: "Workspace", "Portal".
	Links []Link
}

// Help is the line at the foot of every page, in the same place always. Parts
// that are empty are left out.
type Help struct {
	Phone, PhoneHref string
	Hours            string
	Email            string
	// More is the link at the end: "What we promise, and what we ask of you".
	More Link
}

func (h Help) empty() bool { return h.Phone == "" && h.Email == "" && h.More.Href == "" }

// Toast says that something was done, once, with a way to undo it if there is one.
type Toast struct {
	Text string
	// Undo is the address of the undo form; "" shows none.
	Undo   string
	Hidden []Hidden
}

// PortalFrame is the shell around a customer's page.
type PortalFrame struct {
	Doc    Doc
	Reader Reader
	// Org is the customer's organisation, beside the product's name.
	Org   string
	Home  string
	Nav   []Link
	Me    Me
	Help  Help
	Toast *Toast
}

// With is the frame of a page with forms: its title says when one of them came back.
func (f PortalFrame) With(forms ...Form) PortalFrame {
	f.Doc.Failed = f.Doc.Failed || len(Failed(forms...)) > 0
	return f
}

func (h Help) afterPhone() string {
	if h.Hours == "" {
		return "."
	}
	return ", " + h.Hours + "."
}
