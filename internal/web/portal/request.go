package portal

import (
	"time"

	"bothways/internal/web/ui"
	"bothways/internal/web/ui/turn"
)

// RequestPage is one request as its customer sees it.
type RequestPage struct {
	Frame ui.PortalFrame
	Crumb []ui.Link

	Number, Subject string
	Turns           turn.Panel

	// What the customer can do now. A form without an action is not shown;
	// which are set depends on whose turn it is.
	Question *Question
	Confirm  *Confirm
	Reopen   *Reopen
	// Write is the form for a message when nothing is asked: field body.
	Write  ui.Form
	Upload bool

	// Late says why it is late, nil while it is not.
	Late *Late
	// Challenge disputes how a promise was counted.
	Challenge Challenge
	// LetOff waives a promise of IT's.
	LetOff LetOff

	// Withdraw ends the request at the customer's wish: field body, optional.
	Withdraw ui.Form
	// Changed is what happened since the page of a form that came back was read.
	Changed []string

	// Now says whose move it is when it is not the customer's: "Our turn:
	// we reply by 10:24." Shown with NowText.
	Now, NowText string
	// GoesOn leads to the request this one was merged into, "" when the reader may not read that; Another says that it is another
	// matter: the merge is taken back.
	GoesOn  ui.Link
	Another ui.Form

	Entries []ui.PublicEntry
	// Earlier leads to entries that are not on this page.
	Earlier ui.Link

	Facts []ui.Fact
	// Next is what happens next, step by step. May be empty.
	Next []ui.Step
}

// Late is why a request is late and what happens now.
type Late struct {
	Title    string
	Why, Now []string
}

// Challenge is the form that disputes a promise or a span: fields obligation and reason. Read leads to what was challenged before.
type Challenge struct {
	Form     ui.Form
	Promises []ui.Option
	Read     ui.Link
}

// LetOff is the form that waives a promise of IT's: fields obligation and reason.
type LetOff struct {
	Form     ui.Form
	Promises []ui.Option
}

// Question is what we asked and wait for. Answer posts body (and files);
// Quick are one-tap answers; Return posts body to say that we had the answer
// already.
type Question struct {
	// Text is the question as it was asked.
	Text ui.Prose
	// Need is who needs what: "Amara needs a yes or no".
	Need   string
	Due    time.Time
	Missed bool
	// Then is the stated consequence of silence.
	Then   string
	Quick  []ui.OneTap
	Answer ui.Form
	Return ui.Form
}

// Confirm asks whether the solution works. Yes posts nothing but its hidden
// fields; No posts body: what is still wrong.
type Confirm struct {
	// What was done, in our words.
	What string
	Due  time.Time
	Then string
	Yes  ui.Form
	No   ui.Form
}

// Reopen takes a closed request up again while that is possible; it posts body.
type Reopen struct {
	// Until is the end of the grace period.
	Until time.Time
	Why   string
	Form  ui.Form
}

func (p RequestPage) forms() []ui.Form {
	out := []ui.Form{p.Write, p.Withdraw, p.Challenge.Form, p.LetOff.Form}
	if p.Question != nil {
		out = append(out, p.Question.Answer, p.Question.Return)
	}
	if p.Confirm != nil {
		out = append(out, p.Confirm.Yes, p.Confirm.No)
	}
	if p.Reopen != nil {
		out = append(out, p.Reopen.Form)
	}
	return out
}

// NewRequestPage is the form "What do you need?" on its own page: subject,
// body and, with Upload, files.
type NewRequestPage struct {
	Frame  ui.PortalFrame
	Crumb  []ui.Link
	Form   ui.Form
	Upload bool
	// Kinds are what it may be about; none asks nothing.
	Kinds []ui.Option
	// Services are those with promises of their own; none asks nothing.
	Services []ui.Option
	// Promise is what the desk promises: "Answer within 1 hour".
	Promise string
	// Next is what happens after sending.
	Next []ui.Step
}
