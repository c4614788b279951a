package ui

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// drawn is a small piece of a page as it was drawn before. What is drawn depends on its key alone, so it is the same whoever reads.
type drawn string

// Render writes it.
func (d drawn) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(d))
	return err
}

// mostDrawn bounds the pieces of one kind that are kept.
const mostDrawn = 2000

// drawings keeps pieces that stand on a page many times (measured: drawing them anew took a third of the drawing of a page).
type drawings[K comparable] struct {
	mu  sync.RWMutex
	all map[K]drawn
}

func (d *drawings[K]) get(k K, draw func(K) templ.Component) templ.Component {
	d.mu.RLock()
	have, ok := d.all[k]
	d.mu.RUnlock()
	if ok {
		return have
	}
	var b strings.Builder
	if err := draw(k).Render(context.Background(), &b); err != nil {
		return draw(k) // says again what is wrong
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil || len(d.all) >= mostDrawn {
		d.all = map[K]drawn{}
	}
	d.all[k] = drawn(b.String())
	return d.all[k]
}

var (
	icons    drawings[Icon]
	chips    drawings[Chip]
	avatars  drawings[initialled]
	swatches drawings[Side]
)

// initialled is what an avatar shows.
type initialled struct {
	initials string
	side     Side
}

// Ico is a decorative icon from the sprite; the words beside it carry the meaning.
func Ico(i Icon) templ.Component { return icons.get(i, ico) }

// ChipView is a chip.
func ChipView(c Chip) templ.Component { return chips.get(c, chip) }

// Avatar shows initials; it is decoration beside the written name.
func Avatar(name string, side Side) templ.Component {
	return avatars.get(initialled{Initials(name), side}, avatar)
}

// Swatch is the shape and colour of a side, beside its name.
func Swatch(s Side) templ.Component { return swatches.get(s, swatch) }

// Options are the choices of a select. A page has hundreds, so they are written without the templates; every word is escaped.
func Options(options []Option, chosen string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for i := range options {
			o := &options[i]
			selected := `">`
			if o.Value == chosen {
				selected = `" selected>`
			}
			if err := write(w, `<option value="`, templ.EscapeString(o.Value), selected, templ.EscapeString(o.Label), `</option>`); err != nil {
				return err
			}
		}
		return nil
	})
}

// HiddenFields are fields the reader does not see.
func HiddenFields(hidden []Hidden) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for i := range hidden {
			h := &hidden[i]
			if err := write(w, `<input type="hidden" name="`, templ.EscapeString(h.Name), `" value="`, templ.EscapeString(h.Value), `">`); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(w io.Writer, parts ...string) error {
	for _, p := range parts {
		if _, err := io.WriteString(w, p); err != nil {
			return err
		}
	}
	return nil
}
