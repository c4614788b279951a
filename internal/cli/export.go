package cli

import (
	"errors"
	"maps"
	"os"
	"slices"

	"bothways/internal/cli/export"
	"bothways/internal/kit/errs"
)

func exportCommand() *command {
	return &command{
		name: "export", params: "FILE", about: "write everything but secrets as JSON Lines, also while serve runs", needs: database, least: 1, most: 1,
		more: `One object a line: organisations, sites, teams, persons, every ticket with its messages, notes, events, turns and promises, and the
mails about it; - is standard output. It holds what people wrote, so the file is for its owner alone. Passwords, sessions, tokens and
whatever is signed with the installation's keys are left out, attached files by all but their digest.`,
		examples: []string{"bothways export --data data bothways.jsonl", "bothways export --data data - | grep '\"type\":\"obligation\"'"},
		setup:    plain((*call).export),
	}
}

func (c *call) export() error {
	if c.args[0] == "-" {
		_, err := export.Write(c.ctx, c.app, c.env.Out)
		return err
	}
	f, err := os.OpenFile(c.args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errs.New(errs.Conflict, "cli.export", "%s exists. Name a new file.", c.args[0])
	}
	if err != nil {
		return errs.Wrap(errs.Unavailable, "cli.export", err, "%s can't be written: %v.", c.args[0], err)
	}
	n, err := export.Write(c.ctx, c.app, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		c.say("%8d %s", n[kind], kind)
	}
	return nil
}
