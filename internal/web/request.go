package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/letter"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
	"bothways/internal/web/area"
	"bothways/internal/web/portal"
	"bothways/internal/web/reading"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// request is the customer's page of one request.
func (s *site) request(v *visit) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	return s.showRequest(v, n, nil)
}

func (s *site) showRequest(v *visit, n int64, back *area.Returned) error {
	r, err := s.source.Read(v.ctx(), v.asCustomer(), n)
	if err != nil {
		return err
	}
	if v.by.Staff() && !r.Mine() {
		return v.redirect("/desk/tickets/" + desk.Ref(n)) // nobody of IT speaks for the customer
	}
	t := &shown{Reading: r, v: v}
	p, err := s.requestPage(v, t, back)
	if err != nil {
		return err
	}
	s.render(v, back.Status(), portal.Request(p))
	return nil
}

func (s *site) requestPage(v *visit, t *shown, back *area.Returned) (p portal.RequestPage, err error) {
	k, at := &t.Ticket, "/requests/"+t.Ticket.Ref()
	p = portal.RequestPage{
		Frame: v.portal(k.Subject, "/requests"), Crumb: crumb(ui.Link{Label: "My requests", Href: "/requests"}, k.Ref()), Number: k.Ref(), Subject: k.Subject, Upload: true,
	}
	if p.Turns, err = t.Panel(v.ctx()); err != nil {
		return p, err
	}
	earlier := 0
	p.Entries, earlier = t.PublicTalk(at+"/files/", v.r.URL.Query().Has("all"))
	if earlier > 0 {
		p.Earlier = ui.Link{Label: ui.Count(earlier) + " earlier entries", Href: at + "?all"}
	}
	if p.Facts, err = t.facts(); err != nil {
		return p, err
	}
	t.moves(&p, at, back)
	p.Changed = back.Told()
	return p, nil
}

func (t *shown) facts() ([]ui.Fact, error) {
	k := &t.Ticket
	with := t.Person(k.AssigneeID).Name
	if with == "" {
		with = reading.Capital(t.holder())
	}
	state := reading.StateWords[k.State]
	if k.State == desk.WaitingForCustomer && t.Mine() {
		state = "Waiting for you"
	}
	facts := []ui.Fact{{Name: "Number", Value: k.Ref()}, {Name: "State", Value: state}, {Name: "Asked", Value: t.v.reader.Full(k.MadeAt)}, {Name: "With", Value: with}}
	if k.AffectedID != k.RequesterID {
		facts = append(facts, ui.Fact{Name: "Asked by", Value: reading.Capital(t.Name(k.RequesterID))}, ui.Fact{Name: "For", Value: reading.Capital(t.Name(k.AffectedID))})
	}
	paper, err := t.Paper(t.v.ctx())
	if err != nil {
		return nil, err
	}
	facts = append(facts, reading.NeverLapses(k)...)
	return append(facts, ui.Fact{Name: "Agreement", Value: paper.Name + ", version " + strconv.FormatInt(paper.Number, 10)}), nil
}

// moves fills what the reader can do now.
func (t *shown) moves(p *portal.RequestPage, at string, back *area.Returned) {
	k := &t.Ticket
	o, asked := t.Asked()
	about := ui.Hidden{Name: "about", Value: "0"}
	if o != nil {
		about.Value = strconv.FormatInt(o.CauseSeq, 10)
	}
	form := func(name string) ui.Form { return back.Form(name, at+"/"+name, nil, about) }
	answers := t.Can(auth.TicketAnswer)
	var then string
	var due = reading.Instant(0)
	if o != nil {
		then, due = t.Silence(t.Ledger.Ahead(), o.ID), reading.Instant(o.Due)
	}
	switch {
	case k.State == desk.Merged:
		p.Now, p.NowText, p.GoesOn = t.goesOn()
		if answers && t.Mine() {
			p.Another = form("unmerge")
		}
	case !k.Open:
		p.Reopen = t.reopening(form)
	case k.State == desk.Resolved && answers && t.Mine():
		p.Confirm = &portal.Confirm{Due: due, Then: then, Yes: form("confirm"), No: form("reject")}
		if asked != nil {
			p.Confirm.What = text.Cut(asked.Body, 600)
		}
	case o != nil && o.Metric != agreement.MetricConfirm && answers:
		p.Question = &portal.Question{Need: "We need an answer", Due: due, Missed: !due.IsZero() && due.Before(t.v.reader.Now), Then: then, Answer: form("answer")}
		if t.Mine() {
			p.Question.Return = form("return")
		}
		if asked != nil {
			p.Question.Need = t.Start(asked.AuthorID) + " needs " + asked.Need
			if t.Mine() {
				p.Question.Then = letter.YourTurn(asked.Need, due, t.v.reader.Zone) + ". " + then
			}
			p.Question.Text, p.Question.Quick = reading.Prose(asked, asked.Body), reading.Quick(asked.Need, at, about)
		}
	default:
		p.Now, p.NowText = t.now()
	}
	if k.Open && p.Question == nil && t.Can(auth.TicketSpeak) {
		p.Write = form("message")
	}
	if k.Open && answers && t.Mine() {
		p.Withdraw = form("withdraw")
	}
	p.Late, p.Challenge, p.LetOff = t.late(), t.challenge(form), t.letOff(form)
	if p.Next = t.ahead(o); p.Next == nil {
		p.Next = t.oursAhead()
	}
}

// goesOn says that a request was merged into another.
func (t *shown) goesOn() (title, words string, to ui.Link) {
	title, words = "It goes on in another request", "We work on both as one, because it is the same matter. Every promise we made you holds."
	if n := t.GoesOnIn(); n != 0 {
		to = ui.Link{Label: "Go on in " + desk.Ref(n), Href: "/requests/" + desk.Ref(n)}
	}
	return title, words, to
}

// now says whose move it is when it is not the reader's.
func (t *shown) now() (title, words string) {
	r := t.v.reader
	switch t.Ticket.TurnSide {
	case agreement.SideProvider:
		if t.Ticket.DueAt.IsZero() {
			return "It is our turn", "There is nothing for you to do."
		}
		verb := strings.ToLower(reading.Promises[t.Ticket.DueMetric].Verb)
		if t.Ticket.DueAt.Before(r.Now) {
			return "It is our turn, and we are late", "We promised to " + verb + " by " + r.Full(t.Ticket.DueAt) + ". There is nothing for you to do."
		}
		return "It is our turn: we " + verb + " by " + r.DueToday(t.Ticket.DueAt), "There is nothing for you to do."
	case agreement.SideSupplier:
		return "We wait for a supplier", "Our promise to you runs on. There is nothing for you to do."
	case agreement.SideNobody:
		return "It is nobody’s turn", "We agreed to wait. A message from you makes it our turn at once."
	}
	return "It is " + t.Customers() + " turn", ""
}

// reopening is the way back into a request that has ended.
func (t *shown) reopening(form func(string) ui.Form) *portal.Reopen {
	r := &portal.Reopen{Until: t.Ticket.ClosedAt.AddDate(0, 0, t.Ledger.Grace), Why: t.Ended()}
	if t.Can(auth.TicketReopen) && t.v.reader.Now.Before(r.Until) {
		r.Form = form("reopen")
	} else {
		r.Why += " It can’t be reopened any more; write a new request and name " + t.Ticket.Ref() + " in it."
	}
	return r
}

// steps are the ladder's actions as the customer is told of them beforehand.
var steps = map[string]string{
	agreement.ActionRemind: "We remind you", agreement.ActionTellContact: "We tell the contact of your site", agreement.ActionPause: "We pause it",
	agreement.ActionLapse: "We close it; one word reopens it", agreement.ActionClose: "We close it; one word reopens it",
	agreement.ActionRequeue: "Nobody holds it any more until you answer", agreement.ActionCharge: "We note a charge",
}

// ahead is what happens next if nobody moves, from the ladder of the agreement.
func (t *shown) ahead(o *agreement.Obligation) []ui.Step {
	if o == nil || !t.Ticket.Open {
		return nil
	}
	mine := ui.Step{Side: ui.Customer, Title: "You answer", Current: true}
	if o.Metric == agreement.MetricConfirm {
		mine.Title = "You confirm, or say what is still wrong"
	}
	if o.Due != 0 {
		mine.Text = "By " + t.v.reader.Full(reading.Instant(o.Due))
	}
	var all []aheadStep
	paused := false
	for _, st := range t.Ledger.Ahead() {
		words := steps[st.Action]
		if st.Obligation != o.ID || words == "" {
			continue
		}
		if st.Action == agreement.ActionRemind && paused {
			words = "We say that it closes soon" // what else is left after the pause
			if end := t.endOf(o.ID); end-st.At <= 36*3600 {
				words = "We say that it closes tomorrow"
			}
		}
		if st.Price.Minor > 0 {
			words += " of " + st.Price.String()
		}
		paused = paused || st.Action == agreement.ActionPause
		all = append(all, aheadStep{at: st.At, words: words})
	}
	return t.inOrder(mine, o.Due, all)
}

// endOf is when an obligation ends by itself; 0 when it does not.
func (t *shown) endOf(obligationID string) int64 {
	for _, st := range t.Ledger.Ahead() {
		if st.Obligation == obligationID && (st.Action == agreement.ActionLapse || st.Action == agreement.ActionClose) {
			return st.At
		}
	}
	return 0
}

// aheadStep is something that is done at an instant if nobody moves.
type aheadStep struct {
	at    int64
	words string
}

// inOrder puts what somebody has to do until due among what happens meanwhile and after it, by the instant.
func (t *shown) inOrder(owed ui.Step, due int64, all []aheadStep) []ui.Step {
	slices.SortStableFunc(all, func(a, b aheadStep) int { return cmp.Compare(a.at, b.at) })
	var out []ui.Step
	put := false
	for _, st := range all {
		first := !put && (due == 0 || st.at >= due)
		if first {
			out, put = append(out, owed), true
			st.words = "If not: " + strings.ToLower(st.words[:1]) + st.words[1:]
		}
		out = append(out, ui.Step{Side: ui.Provider, Title: reading.Capital(st.words), Text: t.v.reader.Full(reading.Instant(st.at))})
	}
	if !put {
		out = append(out, owed)
	}
	return out
}

// portalCommands are what the customer's side does with a request.
var portalCommands = []command{
	{"message", auth.TicketSpeak, area.Fields("body", "files"), true, (*site).speak},
	{"answer", auth.TicketSpeak, area.Fields("body", "files"), false, (*site).speak},
	{"return", auth.TicketAnswer, area.Fields("body"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.ReturnQuestion(c.ctx(), c.by, c.act()) }},
	{"confirm", auth.TicketAnswer, area.Fields("body"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Confirm(c.ctx(), c.by, c.act()) }},
	{"reject", auth.TicketAnswer, area.Fields("body"), false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Reject(c.ctx(), c.by, c.act()) }},
	{"reopen", auth.TicketReopen, area.Fields("body"), true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Reopen(c.ctx(), c.by, c.act()) }},
	{"dispute", auth.TicketDispute, area.Fields("reason", "obligation"), true, (*site).dispute},
	{"waive", auth.TicketRead, area.Fields("reason", "obligation"), true, (*site).waive},
	{"agree-wait", auth.TicketAnswer, nil, false, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.AgreeToWait(c.ctx(), c.by, c.act()) }},
	{"unmerge", auth.TicketAnswer, nil, true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Unmerge(c.ctx(), c.by, c.act()) }},
	{"withdraw", auth.TicketAnswer, area.Fields("body"), true, func(s *site, c *call) (desk.Ticket, error) { return s.Desk.Withdraw(c.ctx(), c.by, c.act()) }},
}

func (s *site) speak(c *call) (desk.Ticket, error) {
	r, err := s.Desk.Speak(c.ctx(), c.by, desk.SpeakInput{Number: c.n, Body: c.f.Values["body"], Files: uploads(c.f)})
	return r.Ticket, err
}

// onRequest makes the handler of a customer's command.
func (cmd command) onRequest(s *site, v *visit) error {
	n, err := v.number()
	if err != nil {
		return err
	}
	c := &call{visit: v, n: n}
	if c.f, err = serve.ReadForm(v.w, v.r); err != nil {
		return err
	}
	l, err := s.Desk.Ledger(v.ctx(), v.asCustomer().Actor, n)
	if err != nil {
		return err
	}
	if t := l.Ticket; v.by.Staff() && v.me.ID != t.RequesterID && v.me.ID != t.AffectedID {
		return s.nothing(v) // nobody of IT speaks for the customer
	}
	var t desk.Ticket
	switch {
	case !cmd.blind && otherQuestion(l, c.f.Value("about")):
		err = errs.New(errs.Stale, "web."+cmd.name, "What we ask has changed since you opened this page. Read it, then send this again if it still fits.")
	case c.f.TooBig != nil:
		err = c.f.TooBig
	default:
		t, err = cmd.run(s, c)
	}
	if err == nil {
		s.Settle(v.ctx(), t.ID)
		return v.redirect("/requests/" + desk.Ref(n) + "?done=" + cmd.name)
	}
	back, ok := area.CameBack(cmd.name, c.f, err, cmd.fields)
	if !ok {
		return err
	}
	return s.showRequest(v, n, back)
}

// otherQuestion says whether a form was about another question than the one that is open. A form that names none is about the
// ticket as it is.
func otherQuestion(l desk.Ledger, about string) bool {
	if about == "" {
		return false
	}
	o := reading.Owed(l.Result)
	if o == nil {
		return false // the command says so itself, in its own words
	}
	return strconv.FormatInt(o.CauseSeq, 10) != about
}
