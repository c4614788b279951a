package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// line is one row of the result.
type line struct {
	what, figure, more, budget string
	met                        verdict
}

type verdict int

const (
	noBudget verdict = iota
	met
	short
)

func (v verdict) String() string { return [...]string{"", "met", "SHORT"}[v] }

// table is the result of a run.
type table struct{ lines []line }

// add puts a figure without a budget.
func (t *table) add(what, figure, more string) {
	t.lines = append(t.lines, line{what, figure, more, "", noBudget})
}

// judge puts a figure beside its budget.
func (t *table) judge(what, figure, more, budget string, ok bool) {
	v := short
	if ok {
		v = met
	}
	t.lines = append(t.lines, line{what, figure, more, budget, v})
}

func (t *table) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range t.lines {
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", l.what, l.figure, l.met, l.budget, l.more)
	}
	_ = tw.Flush()
}
