package desk

import (
	"context"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/phrase"
	"bothways/internal/desk/read"
	"bothways/internal/desk/store"
	"bothways/internal/desk/writing"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// Sides of a message.
const (
	sideProvider = "provider"
	sideCustomer = "customer"
	sideSystem   = "system"
)

// thanks is the class of a message that moved no turn because it only thanks.
const thanks = "thanks"

// SpeakInput is a public message.
type SpeakInput struct {
	Number   int64
	Version  int64 // expected, 0 = any
	Body     string
	Question *QuestionInput
	Solved   bool // it says what was done: the customer is asked to confirm, as Resolve does
	Files    []Upload
	Work     Work
	Written
}

// Written is how a message or a note was written, where a page kept it as a draft.
type Written struct {
	Uploads []string // ids of files that were uploaded for it
	Draft   bool     // it was the draft: that ends
	Once    string   // a name for it: sent again under the same, nothing is done twice
}

// Speak writes a public message. A party of the ticket speaks for the customer, on IT's turn or their own: what they say gives
// IT the turn. Others need the right to speak and do so for IT. A question by IT blocks until the customer answers.
// Errors: Conflict on a ticket that has ended; Invalid; Denied; NotFound; Stale.
func (s *Service) Speak(ctx context.Context, by auth.Actor, input SpeakInput) (SpeakResult, error) {
	var m Message
	again := false
	t, err := s.act(ctx, by, in{number: input.Number, verb: auth.TicketSpeak, version: input.Version, name: "speak", work: input.Work}, func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first, or write a new request.")
		}
		var err error
		if m, err = a.message(id.New(), input); err != nil {
			return err
		}
		if again, err = a.before(input.Once, &m.ID); err != nil || again {
			return err
		}
		if m.Files, err = a.uploaded(writing.Reply, input.Written); err != nil {
			return err
		}
		return a.say(&m, input.Files)
	})
	if err == nil && again {
		m, err = store.MessageByID(ctx, s.db.Read(), m.ID, t.ID)
	}
	return SpeakResult{Ticket: t, Message: m}, err
}

// message checks what somebody wants to say.
func (a *act) message(messageID string, input SpeakInput) (Message, error) {
	c := checks{}
	files := len(input.Files) + len(input.Uploads)
	m := Message{ID: messageID, TicketID: a.t.ID, AuthorID: a.by.PersonID, Side: a.side(), Channel: a.by.Channel, MadeAt: a.now, Body: c.body("body", input.Body, files > 0)}
	a.question(&c, input.Question, &m)
	if input.Solved {
		if err := a.canSolve(); err != nil {
			return m, err
		}
		m.Metric, m.Need = agreement.MetricConfirm, needConfirm
	}
	if files > MaxFiles {
		c.bad("files", "There are more than 50. Send the rest with a second message.")
	}
	return m, c.err("desk.speak")
}

// side says for whom the actor speaks on this ticket: who is a party of it speaks for the customer.
func (a *act) side() string {
	for _, p := range a.people {
		if p.PersonID == a.by.PersonID && (p.Role == Requester || p.Role == Affected) {
			return sideCustomer
		}
	}
	if auth.Can(a.by, auth.TicketWork, a.t.Object(a.people)) == nil {
		return sideProvider
	}
	return sideCustomer
}

func (a *act) over(wayOut string) error {
	if a.t.State == Merged {
		return errs.New(errs.Conflict, "desk", "%s was merged into another ticket and goes on there.", a.t.Ref()).Reason("merged")
	}
	return errs.New(errs.Conflict, "desk", "%s has ended (%s). %s", a.t.Ref(), words(a.t.State), wayOut).Reason("ticket-ended")
}

// question checks a blocking question and puts it on the message.
func (a *act) question(c *checks, q *QuestionInput, m *Message) {
	if q == nil {
		return
	}
	if m.Side != sideProvider {
		c.bad("question", "Only IT's messages open your turn. Write the question into the text; it is IT's turn to answer.")
		return
	}
	m.Need = c.line("question.need", q.Need, MaxSubject)
	m.Metric = agreement.MetricAnswer
	if q.Metric != "" {
		m.Metric = agreement.Metric(q.Metric)
	}
	if !m.Metric.Asked() {
		c.bad("question.metric", "It is none of answer, supply_facts, test and acknowledge.")
	}
	if !q.Due.IsZero() && !q.Due.After(a.now) {
		c.bad("question.due", "It has passed already. Name a later instant, or leave it out: the agreement's time holds.")
	}
	if q.Due.Year() > a.now.Year()+5 {
		c.bad("question.due", "It is more than five years away.")
	}
	m.NeedDue = q.Due
}

// say writes a message and what follows from it.
func (a *act) say(m *Message, files []Upload) error {
	kept, err := a.keep(files)
	if err != nil {
		return err
	}
	m.Files = append(m.Files, kept...)
	if m.Body == "" && len(m.Files) > 0 {
		m.Body = m.Files[0].Name
	}
	a.t.LastLine = lastLine(m.Body)
	if m.Side == sideCustomer {
		return a.hear(m)
	}
	e, err := a.append(evMessage, data{Message: m.ID, Metric: m.Metric, Due: unix(m.NeedDue), Until: unix(a.proposed)})
	if err != nil {
		return err
	}
	m.EventSeq = e.Seq
	if err := store.InsertMessage(a.ctx, a.tx, *m); err != nil {
		return err
	}
	what := tellReply
	switch {
	case m.Metric == agreement.MetricConfirm:
		what = tellSolution
	case m.Need != "":
		what = tellQuestion
	}
	return a.reach(what, *m, nil)
}

// hear writes words of the customer into the ledger, the same whatever way they came: they confirm a solution, only thank,
// say that it does not work, or are an answer. What only thanks moves no turn; an agent can class others so.
func (a *act) hear(m *Message) error {
	kind, d := string(agreement.CustomerSpoke), data{Message: m.ID, Mail: m.MailID, Party: m.AuthorID}
	words := len(m.Files) == 0
	switch {
	case words && a.t.TurnSide != agreement.SideProvider && phrase.OnlyThanks(m.Body):
		m.Class, kind = thanks, evNoTurn
	case words && a.agrees(m):
		return a.agreeToWait(m)
	case a.t.State == Resolved && !a.isCustomer(m.AuthorID):
		kind = evNoTurn // a follower's words are read; whether the solution works is not theirs to say
	case a.t.State == Resolved && words && !a.unproven && phrase.SaysYes(m.Body):
		if err := a.confirm(); err != nil {
			return err
		}
		kind = ""
	case a.t.State == Resolved:
		if _, err := a.append(string(agreement.SolutionRejected), data{Message: m.ID}); err != nil {
			return err
		}
	}
	if kind != "" {
		if _, err := a.append(kind, d); err != nil {
			return err
		}
	}
	m.EventSeq = a.log.Seq()
	return store.InsertMessage(a.ctx, a.tx, *m)
}

// reach tells the customer's side of a message. Where they are mailed, its arrival is an event of its own when the relay
// answers; where nobody can be mailed, the portal shows it now.
func (a *act) reach(what tellKind, m Message, extra *data) error {
	mailed := a.tell(what, m, extra)
	if what == tellQuestion {
		a.tell(letter.Away, Message{Need: m.Need, MadeAt: m.MadeAt}, nil)
	}
	if mailed {
		return nil
	}
	return a.arrived(what, m.ID, m.Metric, unix(m.NeedDue))
}

// arrived writes the event that a message reached the customer.
func (a *act) arrived(what tellKind, messageID string, metric agreement.Metric, due int64) error {
	d := data{Message: messageID, Party: a.t.RequesterID}
	kind := agreement.ProviderSpoke
	switch what {
	case tellQuestion:
		kind, d.Metric, d.Due = agreement.QuestionAsked, metric, due
		if o := read.OpenQuestion(a.result); o != nil {
			d.Ref = o.CauseSeq // asked again: it counts in IT's column
		}
	case tellSolution:
		kind = agreement.SolutionProposed
	}
	_, err := a.append(string(kind), d)
	return err
}
