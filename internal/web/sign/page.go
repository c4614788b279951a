package sign

import "bothways/internal/web/ui"

// SignInPage asks for mail address and password: fields email and password.
type SignInPage struct {
	Doc  ui.Doc
	Home string
	Help ui.Help
	Form ui.Form
	// Notice stands above the form: "You are signed out."
	Notice string
	// NoAccount says how to begin for who has no password yet.
	NoAccount string
	// Forgot leads to a new password; without an address there is none to be had by mail.
	Forgot ui.Link
	// Try lists whom the demo lets one be with one click, by what they do; empty in the product. As is the form of those buttons:
	// field as, the address.
	Try []Cast
	As  ui.Form
}

// FormPage asks for one thing before somebody is signed in.
type FormPage struct {
	Doc         ui.Doc
	Home        string
	Help        ui.Help
	Title, Lead string
	Form        ui.Form
	Fields      []ui.Field
	Button      string
	Ways        []ui.Link
}

func (p FormPage) doc() ui.Doc {
	d := p.Doc
	if d.Title == "" {
		d.Title = p.Title
	}
	d.Failed = d.Failed || p.Form.Failed()
	return d
}

// Cast is a part in the demo and who plays it.
type Cast struct {
	Title  string // "Customers"
	People []Role
}

// Role is one person whom one click makes you.
type Role struct {
	Name, What, Address string
	Side                ui.Side
}

func (p SignInPage) doc() ui.Doc {
	d := p.Doc
	if d.Title == "" {
		d.Title = "Sign in"
	}
	d.Failed = d.Failed || p.Form.Failed()
	return d
}

// ErrorPage says what is so and where to go from here.
type ErrorPage struct {
	Doc   ui.Doc
	Home  string
	Help  ui.Help
	Title string
	// Lead is one or two sentences; More are further paragraphs.
	Lead string
	More []string
	Ways []ui.Link
	// Search is where one can look for what is not here; "" offers none.
	Search string
	// Reference is what the desk needs to find the fault; "" shows none.
	Reference string
}

func (p ErrorPage) doc() ui.Doc {
	d := p.Doc
	if d.Title == "" {
		d.Title = p.Title
	}
	return d
}

// NotFound is the page for an address that leads nowhere, and for what is not
// the reader's to see: the two cannot be told apart.
func NotFound(base ErrorPage) ErrorPage {
	base.Title = "There is nothing at this address"
	base.Lead = "The address may have a slip in it, or the page has moved. If somebody sent you a link to a request, it may be for another person."
	return base
}

// NotYours is the page for something the reader may not do.
func NotYours(base ErrorPage) ErrorPage {
	base.Title = "This page is for somebody else"
	base.Lead = "You are signed in, and this is not part of what your role covers. Nothing was changed."
	base.More = []string{"If you need it for your work, ask the service desk; they see to it or pass it to whoever can."}
	return base
}

// TooManyTries is the page for somebody who has to wait; wait says how long:
// "2 min".
func TooManyTries(base ErrorPage, wait string) ErrorPage {
	base.Title = "Too many tries"
	base.Lead = "To keep accounts safe we take a break after several tries. Try again in " + wait + "."
	base.More = []string{"Nothing is locked for good. If you do not know your password, ask for a link on the sign-in page, or the service desk for help."}
	return base
}

// Broken is the page for a fault on our side.
func Broken(base ErrorPage, reference string) ErrorPage {
	base.Title = "There is a problem with the service"
	base.Lead = "This one is ours. What you had sent before is kept. Try again in a few minutes."
	base.More = []string{"If it stays so, tell the service desk and give them the reference below."}
	base.Reference = reference
	return base
}

// NoticePage says something once: a link was used, a confirmation counted.
type NoticePage struct {
	Doc   ui.Doc
	Home  string
	Help  ui.Help
	Tone  ui.Tone
	Icon  ui.Icon
	Title string
	Text  []string
	Ways  []ui.Link
	// Act is a form with one button, for what must not happen by following a
	// link alone; Button is its label.
	Act    ui.Form
	Button string
}

func (p NoticePage) doc() ui.Doc {
	d := p.Doc
	if d.Title == "" {
		d.Title = p.Title
	}
	return d
}
