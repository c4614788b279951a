package replay

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/replay"
	"bothways/internal/report/score"
)

// Print says what became of a log: what was taken, what was not and why, and the record of both sides.
func Print(out io.Writer, r Result, problems string) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("%d rows of %d cases became %d tickets with %d events, %s to %s; %d are open.", r.Rows, r.Cases, r.Tickets, r.Events, day(r), r.Until.Format("2 January 2006"), r.Open)
	say("")
	if len(r.Reasons) == 0 {
		say("Every row was taken.")
	}
	for _, x := range r.Reasons {
		what := "taken"
		if x.Skipped {
			what = "left out"
		}
		say("%d\t%s\t%s\t%s", x.Count, what, x.Why, rows(x))
	}
	if len(r.Reasons) > 0 && problems != "" {
		say("All of them: %s", problems)
	}
	say("")
	say("PROMISE\tDUE\tKEPT\tBROKEN\tBY SILENCE\tKEPT OF DUE\tMEDIAN\tNINTH DECILE")
	for _, c := range []*score.Column{&r.Card.Provider, &r.Card.Customer} {
		for i := range c.Metrics {
			line(say, "  "+strings.ReplaceAll(string(c.Metrics[i].Metric), "_", " "), &c.Metrics[i].Figures)
		}
		line(say, name[c.Side], &c.Figures)
	}
	say("")
	say("WHERE THE TIME WENT\tHOURS\tWORKING\tSHARE")
	total := int64(0)
	for _, s := range r.Card.Sides {
		total += s.Wall
	}
	for _, s := range r.Card.Sides {
		say("%s\t%.1f\t%.1f\t%.2f %%", name[s.Side], float64(s.Wall)/3600, float64(s.Working)/3600, 100*float64(s.Wall)/float64(max(1, total)))
	}
	return w.Flush()
}

var name = map[agreement.Side]string{agreement.SideProvider: "IT", agreement.SideCustomer: "Customer", agreement.SideSupplier: "Supplier", agreement.SideNobody: "Nobody"}

func line(say func(string, ...any), what string, f *score.Figures) {
	share := "-"
	if p, ok := f.Permille(); ok {
		share = fmt.Sprintf("%.1f %%", float64(p)/10)
	}
	say("%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s", what, f.Due(), f.Kept, f.Broken, f.Silence, share, used(f, 50), used(f, 90))
}

// used is a rank of the working time that promises took.
func used(f *score.Figures, percent int64) string {
	s, ok := f.Used(percent)
	if !ok {
		return "-"
	}
	return (time.Duration(s) * time.Second).String()
}

func day(r Result) string { return r.From.Format("2 January 2006") }

// rows names the first rows of a reason.
func rows(x replay.Reason) string {
	var out []string
	for _, p := range x.First {
		out = append(out, fmt.Sprintf("%s:%d", p.File, p.Row))
	}
	if x.Count > int64(len(out)) {
		out = append(out, "…")
	}
	return strings.Join(out, " ")
}
