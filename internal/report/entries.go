package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// Behind is which figure of a card somebody wants the entries of; empty fields narrow nothing.
type Behind struct {
	Query
	Side     string
	Metric   string
	Priority string
	State    string // one of States; "" is every promise that was kept, broken, waived or disputed
}

// The states of entries, as figures are called.
const (
	StateKept     = "kept"
	StateBroken   = "broken"
	StateWaived   = "waived"
	StateDisputed = "disputed"
	StateRunning  = "running"
	StateSilence  = "silence"
	StateNeedless = "needless"
)

// standing is a figure as outcomes have it.
var standing = map[string]struct {
	state  agreement.State
	reason string
}{
	"": {}, StateKept: {state: agreement.StateMet}, StateBroken: {state: agreement.StateBreached}, StateWaived: {state: agreement.StateWaived}, StateDisputed: {state: agreement.StateDisputed},
	StateRunning: {state: agreement.StateRunning}, StateSilence: {agreement.StateVoid, agreement.ReasonSilence}, StateNeedless: {agreement.StateVoid, agreement.ReasonReturned},
}

// States are the states of entries.
func States() []string {
	return []string{StateKept, StateBroken, StateWaived, StateDisputed, StateRunning, StateSilence, StateNeedless}
}

// Entries are a page of what stands behind a figure.
type Entries struct {
	Place
	Period
	page.List[outcome.Item]
}

// Entries gives a page of what stands behind a figure: promises of tickets that the reader may open, the newest decision on top; what is owed
// by ticket, a page then may hold fewer than its limit. Errors: Invalid for a field that names nothing; otherwise as Card.
func (s *Service) Entries(ctx context.Context, by auth.Actor, b Behind, cursor string, limit int) (Entries, error) {
	var out Entries
	var err error
	if out.Place, err = s.Place(ctx, by, b.AgreementID, b.SiteID); err != nil {
		return out, err
	}
	if out.Period, err = Read(b.From, b.To, s.clk.Now().Truncate(time.Second), out.Zone); err != nil {
		return out, err
	}
	if err := b.check(); err != nil {
		return out, err
	}
	as := standing[b.State]
	sel := outcome.Selection{
		AgreementID: out.Paper.AgreementID, SiteID: out.Site.ID, Side: agreement.Side(b.Side), Metric: agreement.Metric(b.Metric),
		Priority: agreement.Priority(b.Priority), State: as.state, Reason: as.reason, From: out.From.Unix(), To: out.To.Unix(),
	}
	out.List, err = s.outcomes.Entries(ctx, by, sel, cursor, limit)
	return out, err
}

func (b Behind) check() error {
	for _, f := range []struct {
		name, value string
		all         []string
	}{
		{"side", b.Side, []string{string(agreement.SideProvider), string(agreement.SideCustomer)}},
		{"metric", b.Metric, words(agreement.Metrics())},
		{"priority", b.Priority, words(agreement.Priorities())},
		{"state", b.State, States()},
	} {
		if f.value != "" && !slices.Contains(f.all, f.value) {
			return errs.In("report.entries", f.name, "%q is none of %s.", text.Cut(text.Line(f.value), 40), strings.Join(f.all, ", "))
		}
	}
	return nil
}

func words[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = string(w)
	}
	return out
}

// StateOf is how an entry stands, as figures are called; "void" counts in none.
func StateOf(o outcome.Outcome) string {
	for _, name := range States() {
		if as := standing[name]; as.state == o.State && (as.reason == "" || as.reason == o.Reason) {
			return name
		}
	}
	return string(agreement.StateVoid)
}
