package outcome

import (
	"context"
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/page"
)

// Decided reads the promises of an agreement that ended and were decided from an instant to another (Unix seconds, the last left out), in
// that order. For aggregates: it asks for nobody's rights.
func Decided(ctx context.Context, q db.Querier, agreementID string, from, to int64, visit func(*Outcome) error) error {
	rows, err := q.Query(ctx, sqlDecided, agreementID, from*micro, to*micro)
	if err != nil {
		return err
	}
	return db.Each(rows, func(s db.Scanner) (bool, error) {
		o, err := scanOutcome(s)
		if err == nil {
			err = visit(&o)
		}
		return true, err
	})
}

// Ended reads the accounts of an agreement's tickets that ended from an instant to another, as Decided does.
func Ended(ctx context.Context, q db.Querier, agreementID string, from, to int64, visit func(ticketID string, a *Account) error) error {
	return accounts(ctx, q, visit, sqlEnded, agreementID, from*micro, to*micro)
}

// Owing reads the accounts of an agreement's tickets on which something is owed, as Decided does.
func Owing(ctx context.Context, q db.Querier, agreementID string, visit func(ticketID string, a *Account) error) error {
	return accounts(ctx, q, visit, sqlOwing, agreementID)
}

func accounts(ctx context.Context, q db.Querier, visit func(string, *Account) error, query string, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	return db.Each(rows, func(s db.Scanner) (bool, error) {
		var r row
		var ticketID string
		if err := s.Scan(&ticketID, &r.agreementID, &r.orgID, &r.siteID, &r.ended, &r.spent, &r.owed); err != nil {
			return false, err
		}
		r.ended /= micro
		a, err := r.account()
		if err == nil {
			err = visit(ticketID, &a)
		}
		return true, err
	})
}

// Earliest is when the first promise of an agreement was decided or the first ticket under it ended, in Unix seconds; 0 when none has.
func Earliest(ctx context.Context, q db.Querier, agreementID string) (at int64, err error) {
	err = q.QueryRow(ctx, sqlEarliest, agreementID).Scan(&at)
	return at / micro, err
}

// Mark says that aggregates of a day do not hold.
type Mark struct {
	ID          string
	AgreementID string
	Day         int64 // since 1970, UTC
}

// Marks reads every mark. For whoever keeps aggregates.
func Marks(ctx context.Context, q db.Querier) ([]Mark, error) {
	rows, err := q.Query(ctx, sqlMarks)
	return db.Collect(rows, err, func(s db.Scanner) (m Mark, err error) {
		return m, s.Scan(&m.ID, &m.AgreementID, &m.Day)
	})
}

// mostMarks is how many are taken away by one statement.
const mostMarks = 400

// Unmark takes marks away, in the transaction that wrote the aggregates anew, and says whether all of them were there still: if not, somebody
// else aggregated meanwhile.
func Unmark(ctx context.Context, tx *db.Tx, ids []string) (all bool, err error) {
	gone := int64(0)
	for rest := ids; len(rest) > 0; {
		part := rest[:min(len(rest), mostMarks)]
		rest = rest[len(part):]
		w := db.NewWhere().In("id", part...)
		n, err := tx.Exec(ctx, sqlUnmark+w.SQL(), w.Args()...)
		if err != nil {
			return false, err
		}
		gone += n
	}
	return gone == int64(len(ids)), nil
}

// Selection is which entries stand behind a figure. Instants are Unix seconds; To is left out.
type Selection struct {
	AgreementID string
	SiteID      string // "" is every site
	Side        agreement.Side
	Metric      agreement.Metric
	Priority    agreement.Priority
	State       agreement.State // running, met, breached, waived, disputed; void with Reason
	Reason      string
	From, To    int64
}

// Owing gives a page of the promises that are owed, by ticket: of state running those in time, of breached and disputed those missed in the
// period and not done, of "" both of these. The promises of one ticket stay together, so a page may hold some more than its limit. Rights and
// errors as Entries.
func (b *Book) Owing(ctx context.Context, by auth.Actor, s Selection, cursor string, limit int) (page.List[Item], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Item]{}, err
	}
	limit = page.Limit(limit)
	last := strings.TrimPrefix(c.Tie, owedFrom)
	now := b.clk.Now().Unix()
	var out page.List[Item]
	for {
		tickets, err := b.owing(ctx, by, s, last)
		if err != nil {
			return out, err
		}
		for _, t := range tickets {
			if len(out.Items) >= limit {
				out.Next = page.Cursor{Tie: owedFrom + last}.String()
				return out, nil
			}
			out.Items = append(out.Items, t.behind(s, now)...)
			last = t.TicketID
		}
		if len(tickets) < mostOwing {
			return out, nil
		}
	}
}

// mostOwing is how many tickets are read at once.
const mostOwing = 500

func (b *Book) owing(ctx context.Context, by auth.Actor, s Selection, after string) ([]owing, error) {
	w := db.NewWhere().And("a.agreement_id = ?", s.AgreementID).And("a.ended_at = 0").And("a.owed <> ''").And("a.ticket_id > ?", after)
	if s.SiteID != "" {
		w.And("a.site_id = ?", s.SiteID)
	}
	auth.Filter(by, w, columns)
	rows, err := b.db.Read().Query(ctx, sqlOwed+w.SQL()+" ORDER BY a.ticket_id LIMIT "+w.Arg(mostOwing), w.Args()...)
	return db.Collect(rows, err, scanOwing)
}

// behind are the promises of a ticket that stand behind the figure.
func (t owing) behind(s Selection, now int64) []Item {
	var out []Item
	for _, o := range t.owed {
		if s.takes(o, now) {
			i := t.Item
			i.Obligation, i.Side, i.Metric, i.Priority, i.State, i.Stands = o.Obligation, o.Side, o.Metric, o.Priority, o.State(now), o.State(now)
			i.Target, i.Started, i.Due = o.Target, o.Started, o.Due
			out = append(out, i)
		}
	}
	return out
}

// owedFrom begins the place in a list of what is owed, which follows the list of what has ended.
const owedFrom = "owed "

// takes says whether what is owed stands behind the figure.
func (s Selection) takes(o Owed, now int64) bool {
	if s.Side != "" && s.Side != o.Side || s.Metric != "" && s.Metric != o.Metric || s.Priority != "" && s.Priority != o.Priority {
		return false
	}
	state := o.State(now)
	if state == agreement.StateRunning {
		return s.State == state && o.Started < s.To && now >= s.From
	}
	return (s.State == "" || s.State == state) && o.Due >= s.From && o.Due < s.To
}

// owing is a ticket on which something is owed.
type owing struct {
	Item
	owed []Owed
}

func scanOwing(s db.Scanner) (o owing, err error) {
	var owed string
	if err = s.Scan(&o.TicketID, &o.Number, &o.Subject, &o.AgreementID, &o.OrgID, &o.SiteID, &owed); err == nil {
		err = unlist(owed, &o.owed)
	}
	return o, err
}

// Entries gives a page of the promises behind a figure: those that have ended, the newest decision on top, then those that are owed (see
// Owing); all of tickets that the reader may open. Who may know the figure is for the caller to decide. Errors: Invalid for a cursor that is
// none of ours.
func (b *Book) Entries(ctx context.Context, by auth.Actor, s Selection, cursor string, limit int) (page.List[Item], error) {
	c, err := page.Parse(cursor)
	if err != nil {
		return page.List[Item]{}, err
	}
	if s.State == agreement.StateRunning || strings.HasPrefix(c.Tie, owedFrom) {
		return b.Owing(ctx, by, s, cursor, limit)
	}
	l, err := b.ended(ctx, by, s, cursor, limit)
	if err != nil || l.Next != "" || s.State != "" && s.State != agreement.StateBreached && s.State != agreement.StateDisputed {
		return l, err
	}
	if room := page.Limit(limit) - len(l.Items); room > 0 {
		owed, err := b.Owing(ctx, by, s, "", room)
		return page.List[Item]{Items: append(l.Items, owed.Items...), Next: owed.Next}, err
	}
	l.Next = page.Cursor{Tie: owedFrom}.String()
	return l, nil
}

func (b *Book) ended(ctx context.Context, by auth.Actor, s Selection, cursor string, limit int) (page.List[Item], error) {
	w := db.NewWhere().And("o.agreement_id = ?", s.AgreementID).And("o.decided_at >= ?", s.From*micro).And("o.decided_at < ?", s.To*micro).And("o.ended_at > 0")
	for _, x := range [...]struct{ cond, value string }{
		{"o.site_id = ?", s.SiteID}, {"o.side = ?", string(s.Side)}, {"o.metric = ?", string(s.Metric)}, {"o.priority = ?", string(s.Priority)},
		{"o.state = ?", string(s.State)}, {"o.reason = ?", s.Reason},
	} {
		if x.value != "" {
			w.And(x.cond, x.value)
		}
	}
	if s.State == "" {
		w.And("o.state <> 'void'")
	}
	return b.page(ctx, by, w, cursor, limit)
}
