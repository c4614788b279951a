package check

import (
	"strings"

	"bothways/internal/kit/errs"
)

// Words compares the index of words with everything that was written.
func (d *Doctor) Words() {
	c, err := d.app.Search.Check(d.ctx)
	switch {
	case err != nil:
	case len(c.Broken) > 0:
		err = errs.New(errs.Conflict, "cli.doctor", "%s holds more or fewer texts than it should. Mend it with: bothways search rebuild", strings.Join(c.Broken, ", "))
	case len(c.Differ) > 0:
		err = errs.New(errs.Conflict, "cli.doctor", "%d of %d texts are not in the index as they were written, %s first. Mend it with: bothways search rebuild", len(c.Differ), c.Documents, c.Differ[0])
	}
	d.Check("search", err, "%d texts are in the index as they were written", c.Documents)
}
