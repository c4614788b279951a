package queue

import (
	"net/http"
	"time"

	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/web/area"
)

// export is the tickets of a filter as a file, with the rights of who asks. A filter with a slip gives no file: it would hold more
// than was meant.
func (p *Pages) export(c *area.Call) error {
	a, err := p.ask(c)
	if err != nil {
		return err
	}
	if len(a.b.Problems) > 0 {
		s := a.b.Problems[0]
		return errs.New(errs.Invalid, "queue.export", "at character %d of the filter, “%s”: %s", a.q.At(s), s.Word, s.Msg)
	}
	leave, err := p.Bulk.Enter(c.By)
	if err != nil {
		return err
	}
	defer leave()
	h := c.W.Header()
	out := &file{ResponseWriter: c.W, begin: func() {
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", `attachment; filename="tickets.csv"`)
		h.Set("Cache-Control", "no-store")
	}}
	rc := http.NewResponseController(c.W)
	err = p.Bulk.Sheet(c.Ctx(), c.By, a.selection(a.parts...), out, c.Query("bom") != "0", func() {
		_ = rc.SetWriteDeadline(clock.System{}.Now().Add(time.Minute)) // for each page: a long file may take its time; a connection goes by the machine's clock
		_ = rc.Flush()
	})
	if err != nil && out.begun {
		_ = rc.SetWriteDeadline(time.Unix(1, 0)) // the file breaks off: whoever reads it is not to take it for whole
		return nil
	}
	return err
}

// file sets its headers with the first byte, so that an error before it is a page.
type file struct {
	http.ResponseWriter
	begin func()
	begun bool
}

func (f *file) Write(b []byte) (int, error) {
	if !f.begun {
		f.begin()
		f.begun = true
	}
	return f.ResponseWriter.Write(b)
}
