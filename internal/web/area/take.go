package area

import (
	"net/url"
	"strconv"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/web/serve"
	"bothways/internal/web/ui"
)

// Take does what a form asks. do gives the address to go on to; when it refuses, show draws the page again with what was typed and
// what is wrong. name is the form's; fields lead from the service's names to the form's (see Fields).
func (c *Call) Take(name string, fields map[string]string, do func(f *serve.Form) (string, error), show func(*Returned) error) error {
	f, err := serve.ReadForm(c.W, c.R)
	if err != nil {
		return err
	}
	to := ""
	if err = f.TooBig; err == nil {
		to, err = do(f)
	}
	if err == nil {
		return c.Redirect(to)
	}
	back, ok := CameBack(name, f, err, fields)
	if !ok {
		return err
	}
	if errs.Is(err, errs.Stale) {
		back.Changed = append(back.Changed, errs.Sentence(err))
		delete(back.Values, "version") // sent again, it is a change of what is shown now
	}
	return show(back)
}

// PathID is an id in the address. Errors: NotFound for what is none: engines never see it.
func (c *Call) PathID(name string) (string, error) {
	v := c.R.PathValue(name)
	if !id.Valid(v) {
		return "", errs.New(errs.NotFound, "web", "There is nothing here that you can see.")
	}
	return v, nil
}

// QueryID is an id in the query, "" for none and for what is no id.
func (c *Call) QueryID(name string) string {
	if v := c.Query(name); id.Valid(v) {
		return v
	}
	return ""
}

// Cursor is the place in a list that the address names. Errors: Invalid.
func (c *Call) Cursor() (page.Cursor, error) { return page.Parse(c.Query("cursor")) }

// Pages leads to the neighbours of a page of a list: next is the cursor of the next one.
func (c *Call) Pages(label, next string) ui.Pages {
	p := ui.Pages{Label: label}
	to := func(cursor string) string {
		q := url.Values{}
		for k, all := range c.R.URL.Query() {
			if k != "cursor" && k != "done" && all[0] != "" {
				q.Set(k, all[0])
			}
		}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		if len(q) == 0 {
			return c.R.URL.Path
		}
		return c.R.URL.Path + "?" + q.Encode()
	}
	if c.Query("cursor") != "" {
		p.First = to("")
	}
	if next != "" {
		p.Next = to(next)
	}
	return p
}

// Version is the version that a form was read at, 0 for none.
func Version(f *serve.Form) int64 {
	n, err := strconv.ParseInt(f.Value("version"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// At is the hidden field that carries a version.
func At(version int64) ui.Hidden {
	return ui.Hidden{Name: "version", Value: strconv.FormatInt(version, 10)}
}
