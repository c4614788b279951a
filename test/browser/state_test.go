package browser

import (
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/input"

	"bothways/internal/desk/writing"
	"bothways/test/browser/chromium"
)

// state is a page as somebody comes to see it.
type state struct {
	name string
	as   string // "" is nobody
	path string // subject:… is the ticket with it, on the reader's side
	do   func(w *world, x *chromium.Tab)
}

// ingrid is the service level manager.
const ingrid = "ingrid.solberg@norvik-it.example"

// first follows the first link of a card.
func first(card string) func(*world, *chromium.Tab) {
	return func(_ *world, x *chromium.Tab) {
		x.Then(func() {
			x.Click(`[aria-labelledby="` + card[1:] + `"] a, ` + card + ` ~ * a, section:has(` + card + `) a`)
		})
	}
}

func ticketOf(subject string) string  { return "/desk/tickets/{" + subject + "}" }
func requestOf(subject string) string { return "/requests/{" + subject + "}" }

// states are the pages that are looked at, each in every window.
var states = []state{
	{"sign-in", "", "/sign-in", nil},
	{"sign-in-wrong", "", "/sign-in", func(_ *world, x *chromium.Tab) {
		x.Fill("#in-email", "helen.marsh@norvik.example")
		x.Fill("#in-password", "not this one")
		x.Then(func() { x.Click("#in button") })
	}},
	{"sign-in-out", "", "/sign-in?done=out", nil},

	{"queue", amara, "/desk", nil},
	{"queue-ended", amara, "/desk?turn=ended", nil},
	{"queue-nothing", amara, "/desk?q=zebra", nil},
	{"queue-slip", amara, "/desk?q=turn:provider+sit:leeds+requester:o", nil},
	{"queue-table", amara, "/desk?q=columns:due,requester,site,team,assignee,priority,changed", nil},
	{"queue-picked", amara, "/desk", func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => { for (const b of [...document.querySelectorAll('[data-pick]')].slice(0, 3)) b.click() }`)
	}},
	{"queue-change", amara, "/desk", func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => { for (const b of [...document.querySelectorAll('[data-pick]')].slice(0, 3)) b.click() }`)
		x.Then(func() { x.Click(".pickbar button[type=submit]") })
		x.MustEval(`() => { document.querySelector('[value="assign"]').click(); document.querySelector('#chg-assignee').selectedIndex = 2 }`)
		x.Then(func() { x.Click("#change button[type=submit]") })
	}},
	{"views", amara, "/desk/views", nil},
	{"view-new", amara, "/desk/views/new?q=site:leeds", nil},
	{"queue-words", amara, "/desk?q=site:leeds+-assignee:none+sort:priority", func(_ *world, x *chromium.Tab) { x.Click(".fwords summary") }},
	{"search", amara, "/desk/search?q=vpn", nil},
	{"search-people", amara, "/desk/search?q=helen", nil},
	{"search-nothing", amara, "/desk/search?q=zebra+sit:leeds", nil},
	{"search-empty", amara, "/desk/search", nil},
	{"ticket-ours", amara, ticketOf("VPN drops when I dock my laptop"), nil},
	{"ticket-theirs", amara, ticketOf("Payroll file will not open"), nil},
	{"ticket-late", amara, ticketOf("Labels at packing line 2 are shifted"), nil},
	{"ticket-supplier", amara, ticketOf("Reception telephone crackles"), nil},
	{"ticket-wait", amara, ticketOf("Move the cabinet in the Turku warehouse"), nil},
	{"ticket-resolved", amara, ticketOf("Second monitor"), nil},
	{"ticket-stranger", amara, ticketOf("Cannot sign in to your carrier portal"), nil},
	{"ticket-new", amara, ticketOf("Access to supplier drawings"), nil},
	{"ticket-note", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) { x.Click(`label[for="w-note"]`) }},
	{"ticket-why", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) { x.Click(".turn-more summary") }},
	{"ticket-list", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) { x.Click(".turn-more details:last-child summary") }},
	{"ticket-more", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => { const m = [...document.querySelectorAll('.acts details.menu')].pop(); m.open = true; const w = m.querySelector('details.more'); w.open = true }`)
	}},
	{"ticket-resolve", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => { document.querySelector('#resolve').closest('details').open = true }`)
	}},
	{"ticket-empty-reply", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => document.querySelector('#reply').requestSubmit()`)
		x.MustElement("#reply .say .callout")
	}},
	{"palette", amara, ticketOf(vpn), func(_ *world, x *chromium.Tab) { chord(x, 'k') }},
	{"palette-find", amara, ticketOf(vpn), func(_ *world, x *chromium.Tab) {
		chord(x, 'k')
		x.MustInsertText("pay")
		x.MustWait(`() => document.querySelectorAll('#pal .id').length > 0`)
	}},
	{"palette-assign", amara, ticketOf(vpn), func(_ *world, x *chromium.Tab) {
		chord(x, 'k')
		x.MustInsertText("assign to")
		x.Keyboard.MustType(input.Enter)
	}},
	{"palette-nothing", amara, "/desk", func(_ *world, x *chromium.Tab) {
		chord(x, 'k')
		x.MustInsertText("zebra")
		x.MustWait(`() => document.querySelector('#palette .palnone').checkVisibility()`)
	}},
	{"keys-dialog", amara, ticketOf(vpn), func(_ *world, x *chromium.Tab) {
		types(x, "?")
		x.MustWait(`() => document.querySelector('#keys')?.open`)
	}},
	{"keys-letters", amara, ticketOf(vpn), func(_ *world, x *chromium.Tab) {
		types(x, "?")
		x.MustWait(`() => document.querySelector('#keys')?.open`)
		x.Click("#keys details summary")
	}},
	{"keys", amara, "/desk/keys", nil},
	{"find", amara, "/desk/palette?q=pay", nil},
	{"find-nothing", amara, "/desk/palette?q=zebra", nil},

	{"drafts", amara, "/desk/drafts", func(w *world, x *chromium.Tab) {
		n := w.ticket(w.ref(vpn)).Number
		if _, err := w.app.Desk.Writing.Save(ctx, w.staff(amara), n, writing.Draft{Mode: writing.Note, Body: "The adapter vanishes on dock."}); err != nil {
			w.t.Fatal(err)
		}
		x.Go("/desk/drafts")
	}},
	{"answers", amara, "/desk/answers", nil},
	{"answers-wrong", amara, "/desk/answers", func(_ *world, x *chromium.Tab) {
		x.Fill("#answer-title", "Driver")
		x.Fill("#answer-body", "Hello {password}")
		x.Then(func() { x.Click("#answer button.primary") })
	}},
	{"new-ticket", amara, "/desk/tickets/new", nil},
	{"new-ticket-empty", amara, "/desk/tickets/new", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.MustEval(`() => document.querySelector('main form').requestSubmit()`) })
	}},

	{"home", helen, "/", nil},
	{"home-owen", owen, "/", nil},
	{"home-nothing", graham, "/", nil},
	{"requests", helen, "/requests", nil},
	{"request-theirs", helen, requestOf("VPN drops when I dock my laptop"), nil},
	{"request-confirm", helen, requestOf("Second monitor"), nil},
	{"request-question", owen, requestOf("Payroll file will not open"), nil},
	{"request-late", marek, requestOf("Labels at packing line 2 are shifted"), nil},
	{"request-challenge", owen, requestOf("Payroll file will not open"), func(_ *world, x *chromium.Tab) { x.ClickOn("aside summary", "counted wrong") }},
	{"request-why", owen, requestOf("Payroll file will not open"), func(_ *world, x *chromium.Tab) { x.Click(".turn-more summary") }},
	{"request-empty-answer", owen, requestOf("Payroll file will not open"), func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.MustEval(`() => document.querySelector('#answer').requestSubmit()`) })
	}},
	{"log", amara, "/desk/log", nil},
	{"log-wrong", amara, "/desk/log", func(_ *world, x *chromium.Tab) { x.Then(func() { x.ClickOn("main button", "^Done$") }) }},
	{"log-several", amara, "/desk/log", func(_ *world, x *chromium.Tab) {
		x.Fill("#log-who", "norvik")
		x.Fill("#log-what", "Mouse")
		x.Then(func() { x.ClickOn("main button", "^Make it a ticket$") })
	}},
	{"time", amara, "/desk/time", func(_ *world, x *chromium.Tab) {
		x.Go("/desk/log")
		x.Fill("#log-what", "Mouse battery")
		x.Fill("#log-minutes", "5")
		x.Then(func() { x.ClickOn("main button", "^Done$") })
		x.Go("/desk/time")
		x.Click("main details.menu summary")
	}},
	{"aside", amara, "/desk/aside", nil},
	{"tags", amara, "/desk/tags", nil},
	{"ticket-split", amara, ticketOf("VPN drops when I dock my laptop"), func(_ *world, x *chromium.Tab) {
		x.MustEval(`() => { const m = [...document.querySelectorAll('.acts details.menu')].pop(); m.open = true; m.querySelector("form[action$='/split']").closest('details').open = true }`)
	}},
	{"new-request", helen, "/requests/new", nil},
	{"new-request-kind", helen, "/requests/new?kind=incident", nil},
	{"home-words", helen, "/", func(_ *world, x *chromium.Tab) { x.Click(".own summary") }},
	{"requests-site", graham, "/requests?of=site", nil},
	{"promises", helen, "/promises", nil},
	{"promises-list", helen, "/promises?side=provider&state=met", nil},
	{"promises-it", amara, "/promises?as=it", nil},
	{"levels", helen, "/levels", nil},
	{"doors", amara, "/desk/doors", nil},
	{"second-door", ingrid, "/desk?q=door%3Alevels", nil},
	{"second-door-ticket", ingrid, ticketOf("Desk hours on Saturdays"), nil},
	{"agreements", ingrid, "/agreements", nil},
	{"agreement-proposal", ingrid, "/agreements", first("#proposals")},
	{"agreement-version", graham, "/agreements", first("#versions")},
	{"agreement-new", graham, "/agreements", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click(`main a[href*="/agreements/new"]`) }) }},
	{"agreement-new-error", ingrid, "/agreements", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.Click(`main a[href*="/agreements/new?site="]`) })
		x.Then(func() { x.Click("#propose button") })
	}},
	{"scorecards", ingrid, "/scorecards", nil},
	{"scorecard", helen, "/scorecards", nil},
	{"scorecard-desk", ingrid, "/scorecards/00000000-0000-7000-8000-000000000001", func(_ *world, x *chromium.Tab) {
		for range 2 {
			x.Click("details.card:not([open]) summary")
		}
	}},
	{"scorecard-days-wrong", ingrid, "/scorecards/00000000-0000-7000-8000-000000000001?from=soon", nil},
	{"scorecard-entries", ingrid, "/scorecards/00000000-0000-7000-8000-000000000001", func(_ *world, x *chromium.Tab) {
		x.Then(func() { x.Click(`.butter .R a[href*="state=broken"]`) })
	}},
	{"scorecard-asked", helen, "/scorecards", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click(`main a[href$="/asked"]`) }) }},
	{"scorecard-asked-first", marek, "/scorecards", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click(`main a[href$="/asked"]`) }) }},
	{"disputes", ingrid, "/disputes", nil},
	{"dispute", helen, requestOf("Second monitor"), func(_ *world, x *chromium.Tab) {
		x.ClickOn("aside summary", "counted wrong")
		x.Fill("#dispute textarea", "It came on the Thursday before.")
		x.Then(func() { x.Click("#dispute button") })
		x.Go("/disputes")
		x.Then(func() { x.Click(`main a[href^="/disputes/"]`) })
	}},
	{"approvals", ingrid, "/approvals", nil},
	{"approval", ingrid, "/approvals", first("#waiting")},
	{"approval-error", ingrid, "/approvals", func(w *world, x *chromium.Tab) {
		first("#waiting")(w, x)
		x.Then(func() { x.Click("#decide button") })
	}},
	{"levels-ladder", graham, "/levels", func(_ *world, x *chromium.Tab) { x.Click(".det summary") }},
	{"levels-empty", helen, "/levels", func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click("#write button") }) }},
	{"profile", helen, "/profile", nil},
	{"profile-wrong", helen, "/profile", func(_ *world, x *chromium.Tab) {
		x.Fill("#password-old", "not this one")
		x.Fill("#password-new", "a horse that is fine")
		x.Fill("#password-again", "a horse that is fine")
		x.Then(func() { x.Click("#password button") })
	}},
	{"profile-link-gone", helen, "/profile/addresses/address_nothing", nil},
	{"portal-search", helen, "/search?q=monitor", nil},
	{"portal-search-nothing", helen, "/search?q=zebra", nil},
	{"not-there", helen, "/requests/BW-99999", nil},

	{"inbox", "", "/inbox", nil},
	{"inbox-mailbox", "", "/inbox?of=" + owen, nil},
	{"inbox-mail", "", "/inbox?of=" + owen, func(_ *world, x *chromium.Tab) { x.Then(func() { x.Click(".reqrow") }) }},
}

// show brings a tab to a state.
func (w *world) show(x *chromium.Tab, s state) {
	w.t.Helper()
	path := s.path
	if before, subject, ok := strings.Cut(path, "{"); ok {
		path = before + w.ref(strings.TrimSuffix(subject, "}"))
	}
	x.Look(chromium.Desktop)
	x.Go(path)
	if s.do != nil {
		s.do(w, x)
	}
}

// TestEveryState looks at every page in every state and every window: no rule of axe-core broken at the widest and the narrowest (no
// style changes between that and a phone) nor by the dark colours, nothing the policy forbids,
// no sideways scroll.
func TestEveryState(t *testing.T) {
	w := newWorld(t)
	tabs := map[string]*chromium.Tab{}
	for _, s := range states {
		x := tabs[s.as]
		if x == nil {
			x = w.tab(s.as, chromium.Desktop)
			tabs[s.as] = x
		}
		t.Run(s.name, func(t *testing.T) {
			w.show(x, s)
			for _, v := range chromium.Views {
				x.Look(v)
				switch {
				case v.Dark:
					x.CheckColours(t)
				case v.Phone():
					x.Fits(t) // its rules are those of the narrowest window, which is checked with all of them
				default:
					x.Check(t)
				}
				x.Shoot(s.name+"-"+v.Name, x.Has("body.portal"))
			}
			x.Look(chromium.Narrow)
			x.Check(t)
			x.Innocent(t)
		})
	}
}
