package gallery_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/web/gallery"
)

const shown = `s => { const e = document.querySelector(s); return !!e && e.checkVisibility({visibilityProperty: true}) }`

// TestBehaviour tries what pages do in a browser, with script and without. It
// runs when BOTHWAYS_BROWSER is set.
func TestBehaviour(t *testing.T) {
	if os.Getenv("BOTHWAYS_BROWSER") == "" {
		t.Skip("set BOTHWAYS_BROWSER=1 to try the pages in a browser")
	}
	s, b := serve(t), browser(t)
	for _, script := range []bool{true, false} {
		name := "with script"
		if !script {
			name = "without script"
		}
		t.Run(name, func(t *testing.T) {
			p := b.MustPage("").Timeout(60 * time.Second)
			defer p.MustClose()
			p.MustSetViewport(1440, 900, 1, false)
			if !script { // app.js is the only script there is; without it the page is as with scripts off
				p.EnableDomain(&proto.NetworkEnable{})
				if err := (proto.NetworkSetBlockedURLs{Urls: []string{"*app.js*"}}).Call(p); err != nil {
					t.Fatal(err)
				}
			}
			p.MustNavigate(s.URL + gallery.Prefix + "ticket").MustWaitLoad()
			replyAndNote(t, p)
			newestInSight(t, p)
			whyThen(t, p)
			if script {
				themeAndMenus(t, p)
			} else if p.MustEval(shown, "[data-theme-toggle]").Bool() {
				t.Error("without script the theme switch does nothing and must not be shown")
			}
		})
	}
}

func replyAndNote(t *testing.T, p *rod.Page) {
	t.Helper()
	if !p.MustEval(shown, "#reply textarea").Bool() || p.MustEval(shown, "#note textarea").Bool() {
		t.Error("the reply alone is to be in front")
	}
	p.MustElement("#reply textarea").MustSelectAllText().MustInput("for Helen")
	p.MustElement(`label[for="w-note"]`).MustClick()
	if p.MustEval(shown, "#reply textarea").Bool() || !p.MustEval(shown, "#note textarea").Bool() {
		t.Error("choosing the note does not bring it in front")
	}
	if got := p.MustEval(`() => document.querySelector('#note textarea').value`).Str(); got != "" {
		t.Errorf("the reply's text went into the note: %q", got)
	}
	if bg := p.MustEval(`() => getComputedStyle(document.querySelector('.composers')).backgroundImage`).Str(); !strings.Contains(bg, "repeating-linear-gradient") {
		t.Errorf("the note's ground is not hatched: %s", bg)
	}
	p.MustElement("#note textarea").MustInput("for IT")
	p.MustElement(`label[for="w-reply"]`).MustClick()
	if got := p.MustEval(`() => document.querySelector('#reply textarea').value`).Str(); got != "for Helen" {
		t.Errorf("the reply's text is %q", got)
	}
}

func newestInSight(t *testing.T, p *rod.Page) {
	t.Helper()
	if !p.MustEval(`() => { const s = document.querySelector('.scroller').getBoundingClientRect(), l = document.querySelector('.log').lastElementChild.getBoundingClientRect(); return l.bottom <= s.bottom + 1 && l.top >= s.top }`).Bool() {
		t.Error("the conversation does not open at its newest entry")
	}
}

func whyThen(t *testing.T, p *rod.Page) {
	t.Helper()
	p.MustElement(".turn-more summary").MustClick()
	if !p.MustEval(shown, ".turn-more .why table").Bool() {
		t.Error("Why then? opens nothing")
	}
	p.MustElement(".turn-more summary").MustClick()
}

func themeAndMenus(t *testing.T, p *rod.Page) {
	t.Helper()
	p.MustElement("[data-theme-toggle]").MustClick()
	theme := p.MustEval(`() => document.documentElement.dataset.theme`).Str()
	if theme != "dark" && theme != "light" || !strings.Contains(p.MustEval(`() => document.cookie`).Str(), "bw-theme="+theme) {
		t.Errorf("theme %q is not kept", theme)
	}
	p.MustElement(".acts .menu summary").MustClick()
	if !p.MustEval(shown, "#resolve textarea").Bool() {
		t.Fatal("Resolve opens no form")
	}
	p.MustElement("#resolve textarea").MustFocus()
	p.KeyActions().Type(input.Escape).MustDo()
	if p.MustEval(shown, "#resolve textarea").Bool() || p.MustEval(`() => document.activeElement.tagName`).Str() != "SUMMARY" {
		t.Errorf("Escape does not close the menu and give the focus back: it is on %s", p.MustEval(`() => document.activeElement.outerHTML.slice(0, 80)`).Str())
	}
}
