package replay

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"bothways/internal/agreement"
	"bothways/internal/replay"
)

// Print says what became of a log: what was taken, what was not and why, and the record of both sides.
func Print(out io.Writer, r replay.Report, problems string) error {
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
	say("PROMISE\tDUE\tKEPT\tBROKEN\tNEITHER\tKEPT OF DUE")
	for _, side := range []agreement.Side{agreement.SideProvider, agreement.SideCustomer} {
		sum := replay.Promise{}
		for _, p := range r.Promises {
			if p.Side != side || p.Kept+p.Broken+p.Void == 0 {
				continue
			}
			line(say, "  "+strings.ReplaceAll(string(p.Metric), "_", " "), p)
			sum.Kept, sum.Broken, sum.Void = sum.Kept+p.Kept, sum.Broken+p.Broken, sum.Void+p.Void
		}
		line(say, name[side], sum)
	}
	say("")
	say("WHERE THE TIME WENT\tHOURS\tSHARE")
	total := int64(0)
	for _, s := range sides {
		total += r.Time[s]
	}
	for _, s := range sides {
		say("%s\t%.1f\t%.2f %%", name[s], float64(r.Time[s])/3600, 100*float64(r.Time[s])/float64(max(1, total)))
	}
	return w.Flush()
}

var sides = []agreement.Side{agreement.SideProvider, agreement.SideCustomer, agreement.SideSupplier, agreement.SideNobody}

var name = map[agreement.Side]string{agreement.SideProvider: "IT", agreement.SideCustomer: "Customer", agreement.SideSupplier: "Supplier", agreement.SideNobody: "Nobody"}

func line(say func(string, ...any), what string, p replay.Promise) {
	share := "-"
	if due := p.Kept + p.Broken; due > 0 {
		share = fmt.Sprintf("%.1f %%", 100*float64(p.Kept)/float64(due))
	}
	say("%s\t%d\t%d\t%d\t%d\t%s", what, p.Kept+p.Broken, p.Kept, p.Broken, p.Void, share)
}

func day(r replay.Report) string { return r.From.Format("2 January 2006") }

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
