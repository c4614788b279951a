package report_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/desk"
	"bothways/internal/desk/dispute"
	"bothways/internal/kit/errs"
	"bothways/internal/report"
)

// TestCardsAreWhatTheLedgersSay: whatever is done in whatever order (answered, missed, merged, taken back, reopened, challenged, waived, put under
// another agreement, read again after a correction), whenever it is packed, a card is what a plain count over the ledgers of all tickets gives.
func TestCardsAreWhatTheLedgersSay(t *testing.T) {
	each(t, 2, func(w *world) {
		tom := w.person("Tom Hale", w.org.ID, w.sites[1].ID)
		r := rand.New(rand.NewSource(7)) //nolint:gosec // a test's own chance
		agreements := []string{w.usual()}
		var all []int64
		who := map[int64]auth.Actor{}
		for step := range 160 {
			switch {
			case len(all) < 6 || r.Intn(8) == 0:
				by := []auth.Actor{w.helen, tom}[r.Intn(2)]
				n := w.open(by, fmt.Sprint("Matter ", step)).Number
				all, who[n] = append(all, n), by
			default:
				n := all[len(all)-1-r.Intn(min(6, len(all)))]
				w.chance(r, n, all, who[n])
			}
			w.must(w.jobs.RunDue(ctx))
			w.advance(time.Duration(r.Int63n(int64(16 * time.Hour))))
			switch step {
			case 60:
				agreements = append(agreements, w.signed("Leeds 2026", w.org.ID, w.sites[0].ID, agreement.DefaultTerms()).AgreementID)
			case 100:
				got(w, func() (calendar.Definition, error) {
					return w.cals.AddHoliday(ctx, sys, w.std.Service.ID, "2026-01-14", "Founders’ day")
				})
				w.must(w.desk.Outcomes.RederiveAll(ctx))
			}
			if r.Intn(12) == 0 {
				w.must(w.report.Fold(ctx))
			}
			if step%20 == 19 {
				w.equal(r, agreements, all)
			}
		}
		w.must(w.report.Fold(ctx))
		w.equal(r, agreements, all)
		if d := got(w, func() ([]string, error) { return w.report.Differences(ctx) }); len(d) > 0 {
			w.Errorf("packed otherwise than kept: %v", d)
		}
		for after := ""; ; {
			found, last, err := w.desk.Outcomes.Rederive(ctx, after, false)
			w.must(err)
			for _, f := range found {
				w.Errorf("kept otherwise than the ledger says: %+v", f)
			}
			if after = last; last == "" {
				break
			}
		}
	})
}

// chance does one thing that somebody may do, or is refused it.
func (w *world) chance(r *rand.Rand, n int64, all []int64, h auth.Actor) {
	a, high := desk.Act{Number: n, Body: "It is so.", Reason: "so"}, "high"
	var err error
	switch r.Intn(14) {
	case 0, 1:
		_, err = w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "We look."})
	case 2, 3:
		_, err = w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "What?", Question: &desk.QuestionInput{Need: "it"}})
	case 4, 5:
		_, err = w.desk.Speak(ctx, h, desk.SpeakInput{Number: n, Body: "It still drops."})
	case 6:
		_, err = w.desk.ReturnQuestion(ctx, h, a)
	case 7, 8:
		_, err = w.desk.Resolve(ctx, w.agent, a)
	case 9:
		_, err = w.desk.Confirm(ctx, h, desk.Act{Number: n})
	case 10:
		_, err = w.desk.Reopen(ctx, h, desk.Act{Number: n})
	case 11:
		l := got(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, h, n) })
		o := l.Result.Obligations[r.Intn(len(l.Result.Obligations))].ID
		if r.Intn(2) == 0 {
			_, _, err = w.disp.Raise(ctx, h, a, dispute.Subject{Obligation: o})
		} else {
			_, err = w.desk.Waive(ctx, h, a, o)
		}
	case 12:
		_, err = w.desk.Change(ctx, w.agent, a, desk.Change{Impact: &high, Urgency: &high})
	case 13:
		if r.Intn(2) == 0 {
			_, err = w.desk.Merge(ctx, w.agent, desk.Act{Number: n}, desk.MergeInput{Into: all[r.Intn(len(all))]})
		} else {
			_, err = w.desk.Unmerge(ctx, w.agent, desk.Act{Number: n})
		}
	}
	if errs.Is(err, errs.Internal) {
		w.Fatalf("%v", err)
	}
}

// plain is a count over ledgers that shares nothing with the packed way but the clock's reading.
type plain struct {
	due, kept, broken, waived, disputed, silence, running int64
	used                                                  []int64
}

func (p plain) String() string {
	rank := func(percent int) int64 {
		for i, v := range p.used {
			if 100*(i+1) >= percent*len(p.used) {
				return v
			}
		}
		return 0
	}
	slices.Sort(p.used)
	return fmt.Sprint(p.due, p.kept, p.broken, p.waived, p.disputed, p.silence, p.running, rank(50), rank(90))
}

// equal compares cards of random periods with the plain count.
func (w *world) equal(r *rand.Rand, agreements []string, all []int64) {
	w.Helper()
	versions := map[string]string{}
	for _, v := range got(w, func() ([]agreement.Paper, error) { return w.book.List(ctx) }) {
		versions[v.ID] = v.AgreementID
	}
	ledgers := make([]desk.Ledger, len(all))
	for i, n := range all {
		ledgers[i] = got(w, func() (desk.Ledger, error) { return w.desk.Ledger(ctx, sys, n) })
	}
	now := w.clk.Now().Unix()
	today := int(w.clk.Now().Sub(monday) / (24 * time.Hour))
	for range 6 {
		q := report.Query{AgreementID: agreements[r.Intn(len(agreements))]}
		if r.Intn(2) == 0 {
			q.SiteID = w.sites[0].ID
		}
		a := r.Intn(today + 1)
		b := a + r.Intn(today+2-a)
		q.From, q.To = monday.AddDate(0, 0, a).Format(time.DateOnly), monday.AddDate(0, 0, b).Format(time.DateOnly)
		c := w.card(sys, q)
		in := func(at int64) bool { return at >= c.From.Unix() && at < c.To.Unix() }
		var want [2]plain
		var time4 [4]int64
		tickets := int64(0)
		for _, l := range ledgers {
			t, res := l.Ticket, l.Result
			if c.Site.ID != "" && t.SiteID != c.Site.ID {
				continue
			}
			under := func(at int64) bool {
				v := res.InForce(at)
				return v != nil && versions[v.ID] == q.AgreementID
			}
			for i := range res.Obligations {
				o := &res.Obligations[i]
				p := &want[0]
				if o.Side == agreement.SideCustomer {
					p = &want[1]
				}
				decided := o.Ended
				if o.Stands == agreement.StateBreached {
					decided = o.Due
				}
				owed := o.Ended == 0
				switch {
				case o.Target == 0:
				case owed && (o.Stands == agreement.StateRunning || o.Stands == agreement.StatePaused):
					if under(1<<40) && o.Started < c.To.Unix() && now >= c.From.Unix() {
						p.running++
					}
				case owed && !under(1<<40), !owed && !under(decided), !in(decided):
				case o.State == agreement.StateMet:
					p.due, p.kept, p.used = p.due+1, p.kept+1, append(p.used, o.Used)
				case o.State == agreement.StateBreached:
					if p.due, p.broken = p.due+1, p.broken+1; !owed {
						p.used = append(p.used, o.Used)
					}
				case o.State == agreement.StateWaived:
					p.due, p.waived = p.due+1, p.waived+1
				case o.State == agreement.StateDisputed:
					p.due, p.disputed = p.due+1, p.disputed+1
				case o.State == agreement.StateVoid && o.Reason == agreement.ReasonSilence:
					p.silence++
				}
			}
			if end := res.Current(); end.Cause == string(agreement.Closed) && t.State != desk.Merged && t.State != desk.NotATicket && in(end.Since) && under(end.Since) {
				tickets++
				for k, s := range []agreement.Side{agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody} {
					time4[k] += res.Seconds(s)
				}
			}
		}
		f := report.FiguresOf(c.Card)
		for side, s := range []report.PublishedSide{f.Provider, f.Customer} {
			running := []int64{c.Provider.Running, c.Customer.Running}[side]
			got := fmt.Sprint(s.Total.Due, s.Total.Kept, s.Total.Broken, s.Total.Waived, s.Total.Disputed, s.Total.Silence, running, s.Total.Median, s.Total.Ninth)
			if got != want[side].String() {
				w.Errorf("%+v, side %d: %s, the ledgers say %s", q, side, got, want[side])
			}
		}
		got := [4]int64{f.Time[0].Wall, f.Time[1].Wall, f.Time[2].Wall, f.Time[3].Wall}
		if got != time4 || f.Tickets != tickets {
			w.Errorf("%+v: time %v of %d tickets, the ledgers say %v of %d", q, got, f.Tickets, time4, tickets)
		}
	}
}

// TestEntriesAreWhatStandsBehindAFigure: each figure has as many entries as it says, and a reader sees those they may open.
func TestEntriesAreWhatStandsBehindAFigure(t *testing.T) {
	each(t, 1, func(w *world) {
		for i := range 7 {
			n := w.open(w.helen, fmt.Sprint("Matter ", i)).Number
			w.advance(time.Hour)
			got(w, func() (desk.SpeakResult, error) {
				return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: n, Body: "Which?", Question: &desk.QuestionInput{Need: "it"}})
			})
		}
		w.must(w.jobs.RunDue(ctx))
		q := report.Query{AgreementID: w.usual()}
		c := w.card(w.agent, q)
		if c.Provider.Kept != 7 || c.Provider.Running != 7 || c.Customer.Running != 7 {
			w.Fatalf("IT kept %d, %d run; %d of the customer's", c.Provider.Kept, c.Provider.Running, c.Customer.Running)
		}
		count := func(by auth.Actor, b report.Behind) int {
			b.Query = q
			if by.PersonID == w.helen.PersonID || by.OrgID == w.org.ID {
				b.SiteID = w.sites[0].ID
			}
			seen := map[string]bool{}
			for cursor := ""; ; {
				l := got(w, func() (report.Entries, error) { return w.report.Entries(ctx, by, b, cursor, 2) })
				for _, i := range l.Items {
					seen[fmt.Sprint(i.Number, i.Obligation)] = true
				}
				if cursor = l.Next; cursor == "" {
					return len(seen)
				}
			}
		}
		tom := w.person("Tom Hale", w.org.ID, w.sites[0].ID)
		for _, x := range []struct {
			by    auth.Actor
			b     report.Behind
			wants int
		}{
			{w.agent, report.Behind{Side: "provider", State: report.StateKept}, 7},
			{w.agent, report.Behind{Side: "provider", State: report.StateBroken}, 0},
			{w.agent, report.Behind{Side: "provider", State: report.StateRunning}, 7},
			{w.agent, report.Behind{Side: "customer", Metric: "answer", State: report.StateRunning}, 7},
			{w.helen, report.Behind{Side: "provider", State: report.StateKept}, 7},
			{tom, report.Behind{Side: "provider", State: report.StateKept}, 0}, // the same figure, and none of these tickets is his to open
		} {
			if got := count(x.by, x.b); got != x.wants {
				w.Errorf("%s, %+v: %d entries, %d wanted", x.by.Name, x.b, got, x.wants)
			}
		}
		for _, b := range []report.Behind{{Side: "us"}, {Metric: "speed"}, {State: "late"}, {Priority: "vip"}, {Query: report.Query{From: "soon"}}} {
			b.AgreementID = q.AgreementID
			if _, err := w.report.Entries(ctx, w.agent, b, "", 2); !errs.Is(err, errs.Invalid) {
				w.Errorf("%+v: %v", b, err)
			}
		}
	})
}
