package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/cli/demo/story"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
)

// perDay is how many requests come on an ordinary working day.
const perDay = 5.7

// begin is when the history begins: a year before now, or, where few requests are wanted, a quarter.
func (p Plan) begin() time.Time {
	if p.Few {
		return workday(p.Now, history).AddDate(0, 0, -60).Add(7 * time.Hour)
	}
	return workday(p.Now.AddDate(-1, 0, 0), 0).Add(7 * time.Hour)
}

// setting is who there is for the story, and when they work.
func (p *play) setting(plan Plan) (story.Setting, error) {
	s := story.Setting{Seed: plan.Seed, From: plan.begin(), Until: plan.Now, PerDay: perDay, Events: true, People: customers(p.crowd), Crews: crews(),
		Hours: map[string]story.Hours{}, Contacts: map[string]string{}, Levels: "ingrid", Names: map[string]string{}}
	if plan.Few {
		s.PerDay, s.Events, s.Until = 0.6, false, workday(plan.Now, history).AddDate(0, 0, -20)
	}
	var err error
	for _, place := range places {
		if s.Hours[place.name], err = hours(place); err != nil {
			return s, err
		}
	}
	it := places[0]
	it.open, it.close = "08:00", "18:00"
	s.Service, err = hours(it)
	for _, m := range cast {
		s.Names[m.key] = m.name
		if m.site != "" && len(m.roles) > 0 && m.roles[0] == "site_contact@site" {
			s.Contacts[m.site] = m.key
		}
	}
	return s, err
}

func hours(p place) (story.Hours, error) {
	spec := week(p)
	h := story.Hours{Closed: spec.YearlyHolidays}
	var err error
	if h.Zone, err = time.LoadLocation(p.zone); err != nil {
		return h, err
	}
	from, err := time.Parse("15:04", p.open)
	to, err2 := time.Parse("15:04", p.close)
	h.From, h.To = from.Hour()*60+from.Minute(), to.Hour()*60+to.Minute()
	return h, errors.Join(err, err2)
}

// year lays down the older history as the story tells it.
func (p *play) year(plan Plan) error {
	s, err := p.setting(plan)
	if err != nil {
		return err
	}
	cases, err := story.Year(s)
	if err != nil {
		return err
	}
	tickets := map[*story.Case]*ticket{}
	for _, c := range cases {
		tickets[c] = p.ticket(c.Subject)
		for i := range c.Acts {
			p.told(c, &c.Acts[i], tickets)
		}
	}
	return nil
}

// told has one act of the story done.
func (p *play) told(c *story.Case, a *story.Act, tickets map[*story.Case]*ticket) {
	t := tickets[c]
	if a.Verb == story.Mail {
		p.at(a.At, "a mail "+t.title, func() error { return t.receive(p.opener(c, a)) })
		return
	}
	switch a.Verb {
	case story.Open:
		in := desk.OpenInput{Kind: c.Kind, Impact: c.Impact, Urgency: c.Urgency, Description: a.Text}
		if a.Who != c.Requester {
			in.Requester = p.staff[c.Requester].Address
		}
		if a.Picture {
			in.Files = []desk.Upload{upload(photo("screen.png"))}
		}
		t.open(a.At, a.Who, a.Channel, in)
	case story.Reply:
		t.replied(a.At, a.Who, a.Text)
	case story.Away:
		t.answer(a.At, a.Who, letter{subject: "Automatic reply: " + t.title, body: a.Text, proven: true, header: []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"}})
	case story.Bounce:
		t.bounce(a.At, a.Who)
	case story.Take:
		t.take(a.At, a.Who, a.Person, a.Team)
	case story.Say:
		t.say(a.At, a.Who, a.Text)
	case story.Ask:
		metric := agreement.MetricAnswer
		if a.Facts {
			metric = agreement.MetricSupplyFacts
		}
		t.ask(a.At, a.Who, a.Text, a.Need, metric)
	case story.Note:
		t.note(a.At, a.Who, a.Text)
	case story.Watch:
		t.act(a.At, a.Who, atDesk, "adds a watcher to", t.watcher(a.Person))
	default:
		t.toldShort(c, a, tickets)
	}
}

// short are the verbs that are one command with words.
var short = map[story.Verb]command{
	story.Resolve: (*desk.Service).Resolve, story.Confirm: (*desk.Service).Confirm, story.Reject: (*desk.Service).Reject, story.Return: (*desk.Service).ReturnQuestion,
	story.Withdraw: (*desk.Service).Withdraw, story.Discard: (*desk.Service).DiscardAsNoTicket, story.SupplierBack: (*desk.Service).SupplierAnswered,
}

func (t *ticket) toldShort(c *story.Case, a *story.Act, tickets map[*story.Case]*ticket) {
	p := t.p
	if cmd, ok := short[a.Verb]; ok {
		channel := t.channelOf(a.Who)
		if a.Channel != "" {
			channel = a.Channel
		}
		t.act(a.At, a.Who, channel, string(a.Verb), func(by auth.Actor) error {
			_, err := cmd(p.a.Desk, p.ctx, by, desk.Act{Number: t.number, Body: a.Text})
			return err
		})
		return
	}
	t.act(a.At, a.Who, t.channelOf(a.Who), string(a.Verb), func(by auth.Actor) error {
		act := desk.Act{Number: t.number, Reason: a.Text}
		switch a.Verb {
		case story.Sort:
			_, err := p.a.Desk.Change(p.ctx, by, act, desk.Change{Kind: &c.Kind, Impact: &c.Impact, Urgency: &c.Urgency})
			return err
		case story.AskSupplier:
			_, err := p.a.Desk.AskSupplier(p.ctx, by, act, a.Team)
			return err
		case story.Wait:
			_, err := p.a.Desk.Wait(p.ctx, by, act, desk.WaitInput{Until: a.Until, Agreed: true})
			return err
		case story.Link:
			_, err := p.a.Desk.Join(p.ctx, by, act, tickets[a.Other].number, "duplicate")
			return err
		case story.Merge:
			_, err := p.a.Desk.Merge(p.ctx, by, act, desk.MergeInput{Into: tickets[a.Other].number, Shared: true})
			return err
		case story.Waive:
			return t.claim(by, act, p.a.Desk.Waive, func(o agreement.Obligation) bool { return o.Side == agreement.SideCustomer && o.Ended == 0 })
		case story.Dispute:
			return t.claim(by, act, p.challenge, func(o agreement.Obligation) bool {
				return o.State == agreement.StateBreached && (o.Side == agreement.SideCustomer) == (a.Who == c.Requester)
			})
		}
		return fmt.Errorf("nobody knows how one %s", a.Verb)
	})
}

// claim has a command done on the last promise of the ticket that fits; there may be none.
func (t *ticket) claim(by auth.Actor, c desk.Act, cmd func(context.Context, auth.Actor, desk.Act, string) (desk.Ticket, error), fits func(agreement.Obligation) bool) error {
	l, err := t.p.a.Desk.Ledger(t.p.ctx, t.p.by, t.number)
	if err != nil {
		return err
	}
	for i := len(l.Result.Obligations) - 1; i >= 0; i-- {
		if o := l.Result.Obligations[i]; fits(o) {
			_, err := cmd(t.p.ctx, by, c, o.ID)
			return err
		}
	}
	return nil
}

// challenge disputes a promise.
func (p *play) challenge(ctx context.Context, by auth.Actor, c desk.Act, obligationID string) (desk.Ticket, error) {
	_, t, err := p.a.Disputes.Raise(ctx, by, c, dispute.Subject{Obligation: obligationID})
	return t, err
}

// opener is the mail that opens a case.
func (p *play) opener(c *story.Case, a *story.Act) letter {
	l := letter{subject: c.Subject, body: a.Text}
	if c.Stranger != "" {
		l.from, l.name = c.Requester, c.Stranger
		if c.Header != "" {
			l.header = []string{c.Header}
		}
		return l
	}
	who := p.staff[c.Requester]
	l.from, l.name, l.proven = who.Address, who.Name, true
	if a.Picture {
		l.files = []attachment{photo("screen.png")}
	}
	return l
}

// bounce brings the newest mail to somebody back.
func (t *ticket) bounce(at time.Time, key string) {
	p := t.p
	p.at(at, "a mail comes back "+t.title, func() error {
		o, err := t.newest(p.staff[key].Address)
		if err != nil {
			return err
		}
		return t.receive(letter{from: "", name: "Mail system", subject: "Undelivered Mail Returned to Sender", returned: &returned{recipient: o.Recipient, id: o.MessageID}})
	})
}
