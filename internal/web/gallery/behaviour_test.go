package gallery_test

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/web/gallery"
	"bothways/test/browser/chromium"
)

// TestBehaviour tries what pages do in a browser, with script and without.
func TestBehaviour(t *testing.T) {
	s := serve(t)
	for _, script := range []bool{true, false} {
		name := "with script"
		if !script {
			name = "without script"
		}
		t.Run(name, func(t *testing.T) {
			x := chromium.Open(t, s.URL, chromium.Desktop)
			if !script {
				x.WithoutScript()
			}
			x.Go(gallery.Prefix + "ticket")
			replyAndNote(t, x)
			newestInSight(t, x)
			whyThen(t, x)
			if script {
				themeAndMenus(t, x)
			} else if x.Has("[data-theme-toggle]") {
				t.Error("without script the theme switch does nothing and must not be shown")
			}
		})
	}
}

func replyAndNote(t *testing.T, x *chromium.Tab) {
	t.Helper()
	if !x.Has("#reply textarea") || x.Has("#note textarea") {
		t.Error("the reply alone is to be in front")
	}
	x.Fill("#reply textarea", "for Helen")
	x.Click(`label[for="w-note"]`)
	if x.Has("#reply textarea") || !x.Has("#note textarea") {
		t.Error("choosing the note does not bring it in front")
	}
	if got := x.MustEval(`() => document.querySelector('#note textarea').value`).Str(); got != "" {
		t.Errorf("the reply's text went into the note: %q", got)
	}
	if bg := x.MustEval(`() => getComputedStyle(document.querySelector('.composers')).backgroundImage`).Str(); !strings.Contains(bg, "repeating-linear-gradient") {
		t.Errorf("the note's ground is not hatched: %s", bg)
	}
	x.Fill("#note textarea", "for IT")
	x.Click(`label[for="w-reply"]`)
	if got := x.MustEval(`() => document.querySelector('#reply textarea').value`).Str(); got != "for Helen" {
		t.Errorf("the reply's text is %q", got)
	}
}

func newestInSight(t *testing.T, x *chromium.Tab) {
	t.Helper()
	if !x.MustEval(`() => { const s = document.querySelector('.scroller').getBoundingClientRect(), l = document.querySelector('.log').lastElementChild.getBoundingClientRect(); return l.bottom <= s.bottom + 1 && l.top >= s.top }`).Bool() {
		t.Error("the conversation does not open at its newest entry")
	}
}

func whyThen(t *testing.T, x *chromium.Tab) {
	t.Helper()
	x.Click(".turn-more summary")
	if !x.Has(".turn-more .why table") {
		t.Error("Why then? opens nothing")
	}
	x.Click(".turn-more summary")
}

func themeAndMenus(t *testing.T, x *chromium.Tab) {
	t.Helper()
	x.Click("[data-theme-toggle]")
	theme := x.MustEval(`() => document.documentElement.dataset.theme`).Str()
	if theme != "dark" && theme != "light" || !strings.Contains(x.MustEval(`() => document.cookie`).Str(), "bw-theme="+theme) {
		t.Errorf("theme %q is not kept", theme)
	}
	x.Click(".acts .menu summary")
	if !x.Has("#resolve textarea") {
		t.Fatal("Resolve opens no form")
	}
	x.Click("#resolve textarea")
	x.KeyActions().Type(input.Escape).MustDo()
	if x.Has("#resolve textarea") || x.MustEval(`() => document.activeElement.tagName`).Str() != "SUMMARY" {
		t.Errorf("Escape does not close the menu and give the focus back: it is on %s", x.MustEval(`() => document.activeElement.outerHTML.slice(0, 80)`).Str())
	}
}
