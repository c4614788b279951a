package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
	"bothways/internal/mail"
	"bothways/internal/mail/box"
)

func mailCommands() []*command {
	return []*command{
		{
			name: "mail inspect", params: "FILE…", about: "print how mails are read, one JSON line each; needs no database", least: 1, most: -1,
			more:     `A folder is walked, - is standard input. What can't be read is named on standard error and the rest goes on.`,
			examples: []string{"bothways mail inspect letter.eml", "bothways mail inspect Maildir/ | grep '\"class\":\"bounce\"'"},
			setup:    plain((*call).inspectMails),
		},
		{
			name: "mail list", params: "[--out] [--state S] [--limit N] [--json]", about: "list mails that came in, or with --out that go out, newest first", needs: database,
			more: `States of what came in: stored (not read yet), ticket, message, report, duplicate, refused.
States of what goes out: queued, sending, sent, maybe (the relay broke off: nobody knows), failed, shown (in the pages only).`,
			examples: []string{"bothways mail list --state refused", "bothways mail list --state failed"},
			setup: func(fs *flag.FlagSet) runner {
				out := fs.Bool("out", false, "what goes out")
				state := fs.String("state", "", "only those in this `STATE`")
				limit := fs.Int("limit", page.DefaultLimit, "at most `N`")
				asJSON := jsonFlag(fs)
				return func(c *call) error { return c.listMails(*out, *state, *limit, *asJSON) }
			},
		},
	}
}

// largestMail is more than any server takes; what is larger is no mail.
const largestMail = 128 << 20

// inspectMails reads every file named and goes on where one can't be read.
func (c *call) inspectMails() error {
	enc := json.NewEncoder(c.env.Out)
	enc.SetEscapeHTML(false)
	var failed []error
	n := 0
	one := func(name string, open func() (io.ReadCloser, error)) error {
		n++
		raw, err := readMail(open)
		if err != nil {
			failed = append(failed, err)
			c.note("bothways: %s can't be read: %v.", name, cause(err))
			return nil
		}
		return enc.Encode(mail.Inspect(name, raw))
	}
	for _, arg := range c.args {
		if arg == "-" {
			if err := one("-", func() (io.ReadCloser, error) { return io.NopCloser(c.env.In), nil }); err != nil {
				return err
			}
			continue
		}
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return c.ctx.Err()
			}
			return errors.Join(c.ctx.Err(), one(path, func() (io.ReadCloser, error) {
				if err != nil {
					return nil, err
				}
				return os.Open(filepath.Clean(path))
			}))
		})
		if err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		kind := errs.NotFound
		if !errors.Is(failed[0], fs.ErrNotExist) {
			kind = errs.Unavailable
		}
		return errs.New(kind, "cli.inspect", "%d of %d files could not be read. Check their names and who may read them.", len(failed), n)
	}
	return nil
}

func readMail(open func() (io.ReadCloser, error)) ([]byte, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, largestMail+1))
	if err == nil && len(raw) > largestMail {
		err = fmt.Errorf("it has more than %d MB", largestMail>>20)
	}
	return raw, err
}

// cause is what went wrong with a file, without naming the file again.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (c *call) listMails(out bool, state string, limit int, asJSON bool) error {
	in := []string{string(box.Stored), string(box.MadeTicket), string(box.MadeMessage), string(box.MadeReport), string(box.Duplicate), string(box.Refused)}
	sent := []string{box.Queued, box.Sending, box.Sent, box.Maybe, box.Failed, box.Shown}
	switch {
	case state == "":
	case slices.Contains(sent, state):
		out = true
	case !slices.Contains(in, state) || out:
		return errs.New(errs.Invalid, "cli.mail", "%q is no state of a mail. See the states with: bothways mail list --help", state)
	}
	if out {
		return c.listOut(state, limit, asJSON)
	}
	l, err := c.app.Box.Inbounds(c.ctx, box.State(state), page.Cursor{}, page.Limit(limit))
	if err != nil {
		return err
	}
	var rows [][]string
	for _, m := range l.Items {
		rows = append(rows, []string{stamp(m.ReceivedAt), string(m.State), m.Class, m.From, m.Auth, fmt.Sprint(m.Size), m.Reason, m.ID})
	}
	return c.table(asJSON, []string{"received", "state", "class", "from", "auth", "bytes", "reason", "id"}, rows)
}

func (c *call) listOut(state string, limit int, asJSON bool) error {
	l, err := c.app.Box.Outbounds(c.ctx, state, "", page.Cursor{}, page.Limit(limit))
	if err != nil {
		return err
	}
	var rows [][]string
	for _, m := range l.Items {
		rows = append(rows, []string{stamp(m.MadeAt), m.State, m.Kind, m.Recipient, m.Subject, fmt.Sprint(m.Attempts), m.Answer, m.ID})
	}
	return c.table(asJSON, []string{"made", "state", "kind", "to", "subject", "attempts", "answer", "id"}, rows)
}
