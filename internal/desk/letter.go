package desk

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/letter"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/ticket"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// letter gathers what a mail of an act says, from the ledger as it will be when the mail has arrived.
func (a *act) letter(o outgoing, r agreement.Result) (letter.Letter, error) {
	l := letter.Letter{
		Occasion: o.what, Ref: a.t.Ref(), Subject: a.t.Subject, Turn: a.t.TurnSide, Words: o.message.Body, Need: o.message.Need, Asks: o.message.Metric,
		BaseURL: a.s.conf.BaseURL, Desk: a.s.conf.Name, Now: a.now,
	}
	for _, f := range o.message.Files {
		l.Files = append(l.Files, f.Name)
	}
	if o.message.AuthorID != "" && o.message.AuthorID != "system" {
		if p, err := people.PersonByID(a.ctx, a.tx, o.message.AuthorID); err == nil {
			l.Author = p.Name
		} else if !errs.Is(err, errs.NotFound) {
			return l, err
		}
	}
	var err error
	_, l.Desk = a.s.conf.mailboxes().From(ticket.DoorOfTeam(a.t.TeamID))
	switch o.what {
	case letter.Passed:
		l.Due, l.Levels = a.t.DueAt, DoorOf(a.t) == DoorLevels
		l.Author, err = a.answerer()
	case tellQuestion, tellSolution:
		err = a.foresee(&l, o)
	case tellRemind, tellContact, tellPause:
		err = a.recall(&l, o, r)
	case tellNoted:
		l.Due, l.Reopen = a.t.DueAt, a.now.AddDate(0, 0, a.grace())
		if l.Author == "" || o.message.Side == sideCustomer {
			l.Author = a.by.Name
		}
	case tellMerged, letter.Unmerged:
		l.Into = o.extra.Field
	case tellLapse, tellSilence:
		l.Reopen = a.now.AddDate(0, 0, a.grace())
	case tellWait:
		l.Due = o.message.NeedDue
	case letter.Charge, letter.Credit:
		l.Amount = agreement.Price{Minor: o.extra.Minor, Currency: o.extra.Currency}.String()
		if s, ok := a.papers[len(a.papers)-1].Terms.Step(o.extra.Metric, o.extra.Step); ok {
			l.What = s.Price.What
		}
		l.Late = o.extra.Metric
	case tellLate, tellWarn:
		l.Late = o.extra.Metric
		l.Due = a.t.DueAt
	default:
		l.Due = a.t.DueAt
	}
	return l, err
}

// answerer is who has the ticket now, by name: who it was given to, else at the second door who manages the levels of its site.
func (a *act) answerer() (string, error) {
	if a.t.AssigneeID != "" {
		p, err := people.PersonByID(a.ctx, a.tx, a.t.AssigneeID)
		return p.Name, err
	}
	if DoorOf(a.t) != DoorLevels {
		return "", nil
	}
	all, err := a.s.people.Managers(a.ctx, a.tx, people.Site{ID: a.t.SiteID, OrgID: a.t.OrgID, Region: a.t.Region})
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].Name, nil
}

// foresee reads the ledger as if the mail had arrived now: the due instant and the steps that follow stand in the mail itself.
func (a *act) foresee(l *letter.Letter, o outgoing) error {
	events, err := record.Ledger(a.all())
	if err != nil {
		return err
	}
	arrival := agreement.Event{Seq: a.log.Seq() + 1, At: a.now.Unix(), Kind: agreement.SolutionProposed, Party: a.t.RequesterID}
	if o.what == tellQuestion {
		arrival.Kind, arrival.Metric, arrival.Due = agreement.QuestionAsked, o.message.Metric, unix(o.message.NeedDue)
		l.Asked = o.message.NeedDue
	}
	if !slices.ContainsFunc(a.log.Wrote(), arrivalOf(o.message.ID)) {
		events = append(events, arrival)
	}
	f := a.facts()
	r := agreement.Clock(events, f)
	for i := range r.Obligations {
		if ob := &r.Obligations[i]; ob.Side == agreement.SideCustomer && ob.Ended == 0 {
			l.Due = fromUnix(ob.Due)
			l.Next = stepsOf(agreement.Simulate(events, f), ob.ID)
		}
	}
	return nil
}

func stepsOf(all []agreement.Timer, obligationID string) []agreement.Timer {
	var out []agreement.Timer
	for _, t := range all {
		if t.Obligation == obligationID {
			out = append(out, t)
		}
	}
	return out
}

// recall finds the question that still waits and what comes next.
func (a *act) recall(l *letter.Letter, o outgoing, r agreement.Result) error {
	events, err := record.Ledger(a.all())
	if err != nil {
		return err
	}
	for i := range r.Obligations {
		ob := &r.Obligations[i]
		if ob.CauseSeq != o.extra.Ref || ob.Metric != o.extra.Metric {
			continue
		}
		l.Due = fromUnix(ob.Due)
		l.Next = stepsOf(agreement.Simulate(events, a.facts()), ob.ID)
		for _, e := range a.stream {
			if e.Seq != ob.CauseSeq {
				continue
			}
			m, err := store.MessageByID(a.ctx, a.tx, record.DataOf(e).Message, a.t.ID)
			if err == nil && ob.Metric != agreement.MetricConfirm {
				l.Need = m.Need
			} else if !errs.Is(err, errs.NotFound) {
				return err
			}
		}
	}
	return nil
}
