package bulk

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/naming"
	"bothways/internal/desk/read"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

// sheetColumns are the columns of a file of tickets. Times are RFC 3339 in UTC; what a ticket does not have is empty.
var sheetColumns = []string{
	"number", "kind", "subject", "state", "priority", "impact", "urgency", "turn", "turn_since", "due_at", "due_for", "requester", "affected",
	"organisation", "site", "region", "team", "assignee", "channel", "last_line", "created_at", "changed_at", "resolved_at", "closed_at",
}

// Sheet writes the tickets of a selection that the actor may read as CSV (RFC 4180), a page at a time, so that a file of any
// length takes the same memory. flush is called after each page. bom begins it with the mark that spreadsheets know UTF-8 by.
// Errors before the first byte are those of reading; one later breaks the file off.
func (s *Service) Sheet(ctx context.Context, by auth.Actor, sel read.Selection, w io.Writer, bom bool, flush func()) error {
	parts := sel.Parts
	if len(parts) == 0 {
		parts = read.Parts
	}
	runs := make([]read.Selection, 0, len(parts))
	if sel.Sort.By != "" {
		runs = append(runs, sel)
	} else { // one part after the other: each page is one statement
		for _, p := range parts {
			runs = append(runs, read.Selection{Bound: sel.Bound, Parts: []read.Part{p}})
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for i, run := range runs {
		for cursor, first := "", true; first || cursor != ""; first = false {
			l, err := s.desk.Select(ctx, by, run, cursor, page.MaxLimit)
			if err != nil {
				return err
			}
			if i == 0 && first {
				if err := head(w, out, bom); err != nil {
					return err
				}
			}
			if err := s.rows(ctx, out, l.Items); err != nil {
				return err
			}
			if out.Flush(); out.Error() != nil {
				return errs.Wrap(errs.Internal, "bulk.Sheet", out.Error(), "nobody reads any more")
			}
			flush()
			cursor = l.Next
		}
	}
	return nil
}

func head(w io.Writer, out *csv.Writer, bom bool) error {
	if bom {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return errs.Wrap(errs.Internal, "bulk.Sheet", err, "nobody reads any more")
		}
	}
	return out.Write(sheetColumns)
}

func (s *Service) rows(ctx context.Context, out *csv.Writer, all []desk.Ticket) error {
	names, err := s.names.Of(ctx, all)
	if err != nil {
		return err
	}
	places, err := s.names.Places(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		if err := out.Write(cells(&all[i], names, places)); err != nil {
			return errs.Wrap(errs.Internal, "bulk.Sheet", err, "nobody reads any more")
		}
	}
	return nil
}

func cells(t *desk.Ticket, names map[string]string, places *naming.Places) []string {
	row := []string{
		t.Ref(), string(t.Kind), t.Subject, string(t.State), string(t.Priority), string(t.Impact), string(t.Urgency), string(t.TurnSide), utc(t.TurnSince),
		utc(t.DueAt), string(t.DueMetric), names[t.RequesterID], names[t.AffectedID], places.Org(t.OrgID), places.Site(t.SiteID), t.Region,
		places.Team(t.TeamID), names[t.AssigneeID], t.Channel, t.LastLine, utc(t.MadeAt), utc(t.ChangedAt), utc(t.ResolvedAt), utc(t.ClosedAt),
	}
	for i, c := range row {
		row[i] = Plain(c)
	}
	return row
}

func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Plain makes a cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it, which they show or hide
// and never compute.
func Plain(cell string) string {
	if s := strings.TrimLeft(cell, " \u00A0"); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + cell
	}
	return cell
}
