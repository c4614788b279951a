package compose

import (
	"context"
	"slices"
	"strings"
	"time"

	"bothways/internal/db"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/writing"
	"bothways/internal/people"
	"bothways/internal/web/reading"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/staff"
)

// DraftOf is what the server keeps of a form.
func DraftOf(d *writing.Draft) staff.Draft {
	out := staff.Draft{Version: d.Version, Writer: d.Writer, Saved: d.SavedAt, Why: d.Why}
	for _, f := range d.Files {
		out.Files = append(out.Files, staff.DraftFile{ID: f.ID, Name: f.Name, Size: f.Size})
	}
	return out
}

// LocalDue is a due instant as the form's field has it: as typed, or from a draft that came back.
func LocalDue(r ui.Reader, due string) string {
	if at, err := time.Parse(time.RFC3339, due); err == nil {
		return r.In(at).Format("2006-01-02T15:04")
	}
	return due
}

// Receivers says on a composer who gets a reply, who does not, and why: by the rules of the mails.
func Receivers(ctx context.Context, q db.Querier, c *staff.Composer, t *reading.Reading, me string, mails bool) error {
	requester := t.Person(t.Ticket.RequesterID)
	all, err := audience.Receivers(ctx, q, t.Parties, t.Person, me, mails)
	slices.SortStableFunc(all, func(a, b audience.Receiver) int {
		switch requester.ID {
		case a.Person.ID:
			return -1
		case b.Person.ID:
			return 1
		}
		return 0
	})
	var copies []string
	to := "Shown to " + requester.Name + " on the page; no mail goes out"
	for _, r := range all {
		row := staff.Told{Name: r.Person.Name, Because: r.Why}
		if !r.Gets {
			c.Untold = append(c.Untold, row)
			continue
		}
		c.Told = append(c.Told, row)
		if r.Person.ID == requester.ID {
			to = "By email to " + r.Person.Address
		} else {
			copies = append(copies, r.Person.Name)
		}
	}
	if len(copies) > 0 {
		to += ", copy to " + reading.List(copies)
	}
	c.To = to
	return err
}

// Mentioned are the colleagues whom a note calls by their whole name after an @.
func Mentioned(body string, members []people.Person) []string {
	var out []string
	for i := range members {
		m := &members[i]
		for rest := body; ; {
			at := strings.Index(rest, "@"+m.Name)
			if at < 0 {
				break
			}
			rest = rest[at+1+len(m.Name):]
			if rest == "" || !isLetter(rest[0]) {
				out = append(out, m.ID)
				break
			}
		}
	}
	return out
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
