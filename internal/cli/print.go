package cli

import (
	"encoding/json"
	"flag"
	"strings"
	"text/tabwriter"
	"time"

	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// jsonFlag is the flag of every list.
func jsonFlag(fs *flag.FlagSet) *bool { return fs.Bool("json", false, "one JSON object a line") }

// table prints rows under their heads, or each row as a JSON object with the heads as keys.
func (c *call) table(asJSON bool, heads []string, rows [][]string) error {
	if asJSON {
		enc := json.NewEncoder(c.env.Out)
		enc.SetEscapeHTML(false)
		for _, r := range rows {
			o := make(map[string]string, len(heads))
			for i, h := range heads {
				o[strings.ReplaceAll(h, " ", "_")] = r[i]
			}
			if err := enc.Encode(o); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(c.env.Out, 0, 8, 2, ' ', 0)
	line := func(cells []string) error {
		_, err := w.Write([]byte(strings.TrimRight(strings.Join(cells, "\t"), "\t ") + "\n"))
		return err
	}
	upper := make([]string, len(heads))
	for i, h := range heads {
		upper[i] = strings.ToUpper(h)
	}
	if err := line(upper); err != nil {
		return err
	}
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, v := range r {
			if cells[i] = text.Line(v); cells[i] == "" {
				cells[i] = "-"
			}
		}
		if err := line(cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// everything reads all pages of a list.
func everything[T any](fetch func(cursor string) (page.List[T], error)) ([]T, error) {
	var all []T
	for cursor := ""; ; {
		l, err := fetch(cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, l.Items...)
		if l.Next == "" {
			return all, nil
		}
		cursor = l.Next
	}
}

// stamp writes an instant; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// unixStamp writes an instant of the ledger; "none" for none.
func unixStamp(s int64) string {
	if s == 0 {
		return "none"
	}
	return stamp(time.Unix(s, 0))
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
