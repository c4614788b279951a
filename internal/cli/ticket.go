package cli

import (
	"flag"
	"fmt"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/people"
)

func ticketCommands() []*command {
	return []*command{
		{
			name: "ticket list", params: "[--open] [--state S]… [--turn SIDE] [--person EMAIL] [--limit N] [--json]", about: "list tickets, newest first", needs: database,
			examples: []string{"bothways ticket list --turn provider", "bothways ticket list --state lapsed --limit 10"},
			setup: func(fs *flag.FlagSet) runner {
				open := fs.Bool("open", false, "only those that have not ended")
				states := list(fs, "state", "only in this `STATE`; more than once for several")
				turn := fs.String("turn", "", "only where it is this `SIDE`'s turn: provider, customer, supplier or nobody")
				person := fs.String("person", "", "mail `ADDRESS` of who asks or gets it")
				limit := fs.Int("limit", page.DefaultLimit, "at most `N`")
				asJSON := jsonFlag(fs)
				return func(c *call) error {
					f := desk.Filter{Open: *open, Turn: agreement.Side(*turn)}
					for _, s := range *states {
						f.States = append(f.States, desk.State(strings.NewReplacer(" ", "_", "-", "_").Replace(s)))
					}
					if *person != "" {
						p, err := c.app.People.FindPerson(c.ctx, *person)
						if err != nil {
							return err
						}
						f.Requester = p.ID
					}
					return c.listTickets(f, *limit, *asJSON)
				}
			},
		},
		{
			name: "ticket show", params: "BW-1001", about: "a ticket with its turns, promises and words", needs: database, least: 1, most: 1,
			examples: []string{"bothways ticket show BW-1001"}, setup: plain((*call).showTicket),
		},
	}
}

func (c *call) listTickets(f desk.Filter, limit int, asJSON bool) error {
	for _, s := range f.States {
		if !isState(s) {
			return errs.New(errs.Invalid, "cli.ticket", "%q is no state. Write one of %s.", s, stateNames())
		}
	}
	var rows [][]string
	for cursor := ""; limit > 0; {
		l, err := c.app.Desk.List(c.ctx, c.by, f, cursor, min(limit, page.MaxLimit))
		if err != nil {
			return err
		}
		for _, t := range l.Items {
			rows = append(rows, []string{t.Ref(), string(t.State), string(t.TurnSide), stamp(t.DueAt), string(t.Priority), t.RequesterName, t.SiteName, t.AssigneeName, t.Subject})
		}
		limit -= len(l.Items)
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	return c.table(asJSON, []string{"number", "state", "turn", "due", "priority", "requester", "site", "assignee", "subject"}, rows)
}

func isState(s desk.State) bool { return strings.Contains(" "+stateNames()+" ", " "+string(s)+" ") }

func stateNames() string {
	var out []string
	for _, s := range desk.States() {
		out = append(out, string(s))
	}
	return strings.Join(out, " ")
}

func (c *call) showTicket() error {
	number, err := desk.ParseRef(c.args[0])
	if err != nil {
		return errs.New(errs.NotFound, "cli.ticket", "There is no ticket %q. A number looks like BW-1001.", c.args[0])
	}
	t, err := c.app.Desk.Get(c.ctx, c.by, number)
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.NotFound, "cli.ticket", "There is no ticket %s. See them with: bothways ticket list", desk.Ref(number))
	}
	if err != nil {
		return err
	}
	l, err := c.app.Desk.Ledger(c.ctx, c.by, number)
	if err != nil {
		return err
	}
	names, err := c.names(t.RequesterID, t.AffectedID, t.AssigneeID)
	if err != nil {
		return err
	}
	c.say("%s  %s", t.Ref(), t.Subject)
	c.say("%s, %s, %s; asks: %s; gets it: %s; assigned: %s", spaced(string(t.Kind)), spaced(string(t.State)), t.Priority, names[t.RequesterID], names[t.AffectedID], names[t.AssigneeID])
	c.say("")
	if err := c.printLedger(l); err != nil {
		return err
	}
	return c.printWords(number)
}

// names gives persons' names by their ids.
func (c *call) names(ids ...string) (map[string]string, error) {
	persons, err := people.PersonsByID(c.ctx, c.app.DB.Read(), ids...)
	out := map[string]string{"": "-"}
	for _, p := range persons {
		out[p.ID] = p.Name
	}
	return out, err
}

func (c *call) printLedger(l desk.Ledger) error {
	var rows [][]string
	for _, t := range l.Result.Turns {
		until := "now"
		if t.Until != 0 {
			until = unixStamp(t.Until)
		}
		rows = append(rows, []string{string(t.Side), unixStamp(t.Since), until, span(l.Result.Until(t) - t.Since), spaced(t.Cause)})
	}
	if err := c.table(false, []string{"turn of", "since", "until", "for", "because"}, rows); err != nil {
		return err
	}
	c.say("")
	rows = nil
	for i := range l.Result.Obligations {
		o := &l.Result.Obligations[i]
		rows = append(rows, []string{string(o.Side), metricName(o.Metric), string(o.State), unixStamp(o.Due), span(o.Used), span(o.Target), o.Reason})
	}
	return c.table(false, []string{"who owes", "what", "state", "due", "used", "of", "reason"}, rows)
}

func span(seconds int64) string { return (time.Duration(seconds) * time.Second).String() }

// printWords prints messages and notes, each with who wrote it and when.
func (c *call) printWords(number int64) error {
	messages, err := everything(func(cursor string) (page.List[desk.Message], error) {
		return c.app.Desk.Messages(c.ctx, c.by, number, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	notes, err := everything(func(cursor string) (page.List[desk.Note], error) {
		return c.app.Desk.Notes(c.ctx, c.by, number, cursor, page.MaxLimit)
	})
	if err != nil {
		return err
	}
	ids := []string{}
	for _, m := range messages {
		ids = append(ids, m.AuthorID)
	}
	for _, n := range notes {
		ids = append(ids, n.AuthorID)
	}
	names, err := c.names(ids...)
	if err != nil {
		return err
	}
	for _, m := range messages {
		asks := ""
		if m.Need != "" {
			asks = ", needs " + m.Need
		}
		c.words(fmt.Sprintf("%s %s (%s, by %s%s)", stamp(m.MadeAt), names[m.AuthorID], m.Side, m.Channel, asks), m.Body, m.Files)
	}
	for _, n := range notes {
		c.words(fmt.Sprintf("%s %s (note, only IT reads it)", stamp(n.MadeAt), names[n.AuthorID]), n.Body, n.Files)
	}
	return nil
}

func (c *call) words(head, body string, files []desk.File) {
	c.say("\n%s", head)
	for _, line := range strings.Split(body, "\n") {
		c.say("  %s", line)
	}
	for _, f := range files {
		c.say("  [%s, %s, %d bytes]", f.Name, f.Type, f.Size)
	}
}
