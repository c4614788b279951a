package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/auth"
	"bothways/internal/desk"
)

// oneSided is S4's own case: IT keeps 99 of a hundred promises, the customers under five of theirs. Nobody says whether a solution works: for
// five the time is over, and silence has not accepted them yet.
func oneSided(t *testing.T) *world {
	w := newWorld(t)
	var numbers []int64
	for range 100 {
		numbers = append(numbers, w.ask(&w.helen, "It drops"))
	}
	question := func(n int64) {
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.amara.Actor, desk.SpeakInput{Number: n, Body: "Which dock?", Question: &desk.QuestionInput{Need: "the model of the dock"}})
		})
	}
	reply := func(n int64) {
		must(w, func() (desk.SpeakResult, error) {
			return w.desk.Speak(ctx, w.helen.Actor, desk.SpeakInput{Number: n, Body: "WD19S"})
		})
	}
	resolve := func(n int64) {
		must(w, func() (desk.Ticket, error) {
			return w.desk.Resolve(ctx, w.amara.Actor, desk.Act{Number: n, Body: "A new driver is on it."})
		})
	}
	w.advance(time.Hour)
	for _, n := range numbers[3:] {
		question(n)
	}
	w.advance(time.Hour)
	for _, n := range numbers[95:] {
		reply(n) // five in time
	}
	w.advance(time.Hour)
	for _, n := range numbers[95:] {
		resolve(n)
	}
	w.advance(3 * time.Hour)
	for _, n := range numbers[:3] {
		question(n) // three of IT's first replies are late
	}
	w.advance(3 * 24 * time.Hour)
	for _, n := range numbers[:95] {
		reply(n)
	}
	w.advance(time.Hour)
	for _, n := range numbers[:95] {
		resolve(n)
	}
	w.advance(time.Minute)
	w.again(&w.helen, &w.amara)
	return w
}

// TestScorecardOneSided: the page shows it, explains it and names what would help each side, the same to both and without blame; each figure
// opens what it counts, and each entry the request on which "why then?" is answered.
func TestScorecardOneSided(t *testing.T) {
	w := oneSided(t)
	card := w.get(&w.helen, "/scorecards").want(http.StatusSeeOther).Header().Get("Location")
	mine, its := w.get(&w.helen, card).want(http.StatusOK), w.get(&w.amara, card).want(http.StatusOK)
	words := mine.words()
	for _, want := range []string{
		"Leeds and IT, both ways", "IT99%", "Leeds4.8%", "kept 5 of 105 promises", "Of a hundred promises IT missed 1 and Leeds 95.2.",
		"IT: a first reply in the promised time", "Leeds: an answer in the promised time", "Saves", "of working time", "100 missed, 95 of them an answer", "5% An answer to our question",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not on the page: %s", want, words)
		}
	}
	if bad := regexp.MustCompile(`(?i)\b(fault|blame|fail|breach|violat|guilt|culprit|offend|worst|bad|non-compliant|escalat)\w*`).FindAllString(words, -1); bad != nil {
		t.Errorf("the page blames: %v", bad)
	}
	for _, part := range []string{".heads", ".butter", ".helps", ".wide-mini", ".legend-row"} {
		a, b := lineOf(mine.doc().Find(part)), lineOf(its.doc().Find(part))
		if a != b {
			t.Errorf("%s differs: the customer reads %q, IT %q", part, a, b)
		}
	}
	mine.doc().Find("svg").Each(func(_ int, s *goquery.Selection) {
		if role, _ := s.Attr("role"); role == "img" && s.AttrOr("aria-label", "") == "" {
			t.Error("a drawing without its sentence")
		}
	})
	asker := w.person("Ada Wynn", "ada@norvik.example", w.org.ID, w.site.ID) // whose none of these requests is
	figures := 0
	its.doc().Find(".butter a, .heads a").Each(func(_ int, a *goquery.Selection) {
		want, _ := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(a.Text()))
		href := a.AttrOr("href", "")
		if got := w.rows(&w.amara, href); got != want {
			t.Errorf("%q opens %d entries: %s", lineOf(a), got, href)
		}
		if got := w.rows(&asker, href); got != 0 {
			t.Errorf("%q opens %d entries to somebody whose they are not", lineOf(a), got)
		}
		figures++
	})
	if figures < 8 {
		t.Errorf("%d figures lead to what they count", figures)
	}
	missed := its.doc().Find(`.butter .R a[href*="state=broken"]`).First().AttrOr("href", "")
	entry := w.get(&w.amara, missed).want(http.StatusOK).doc().Find("tbody th a").First().AttrOr("href", "")
	if page := w.get(&w.amara, entry).want(http.StatusOK).words(); !strings.Contains(page, "Why then?") {
		t.Errorf("%s does not say why it was late", entry)
	}
}

func lineOf(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// rows counts the rows of every page of a list.
func (w *world) rows(as *person, href string) (n int) {
	w.t.Helper()
	for href != "" {
		doc := w.get(as, href).want(http.StatusOK).doc()
		n += doc.Find("tbody tr").Length()
		href = doc.Find(`a[rel="next"]`).AttrOr("href", "")
	}
	return n
}

// TestScorecardPages: who may read which, days that are none, publishing, and what is asked of people.
func TestScorecardPages(t *testing.T) {
	w := newWorld(t)
	ingrid := w.person("Ingrid Solberg", "ingrid@it.example", w.base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
	other := must(w, func() (person, error) {
		return w.person("Tina Twin", "tina@twin.example", w.base.Unassigned.ID, ""), nil
	})
	n := w.ask(&w.helen, "Slow")
	w.advance(time.Hour)
	card := w.get(&w.helen, "/scorecards").want(http.StatusSeeOther).Header().Get("Location")
	w.get(&w.helen, card).want(http.StatusOK)
	w.get(&other, card).want(http.StatusNotFound)
	w.get(nil, card).want(http.StatusSeeOther)
	if got := w.get(&other, "/scorecards").want(http.StatusOK).words(); !strings.Contains(got, "There is no scorecard for you yet") {
		t.Errorf("%s", got)
	}
	if got := w.get(&ingrid, "/scorecards").want(http.StatusOK).words(); !strings.Contains(got, "Leeds") || !strings.Contains(got, "Everybody without an agreement of their own") {
		t.Errorf("%s", got)
	}
	bad := w.get(&w.helen, card+"&from=soon&to=2026-01-13").want(http.StatusUnprocessableEntity).words()
	if !strings.Contains(bad, `"soon" is no day. Write it like 2026-01-31.`) || !strings.Contains(bad, "Leeds and IT, both ways") {
		t.Errorf("%s", bad)
	}
	w.get(&w.helen, strings.Replace(card, "?", "/entries?state=late&", 1)).want(http.StatusBadRequest)

	days := card + "&from=2026-01-12&to=2026-01-18"
	if w.get(&w.helen, days).doc().Find("#publish").Length() != 0 {
		t.Error("a customer who speaks for nobody may publish")
	}
	page := w.get(&ingrid, days).want(http.StatusOK)
	published := w.follow(&ingrid, w.submit(&ingrid, page, "publish"))
	if !strings.Contains(published.words(), "These figures stay as they are now") {
		t.Errorf("%s", published.words())
	}
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.amara.Actor, desk.SpeakInput{Number: n, Body: "We look."})
	})
	w.advance(time.Minute)
	if got := w.get(&w.helen, days).words(); !strings.Contains(got, "Published otherwise") || !strings.Contains(got, "0 kept, 0 missed, 0 let off, 0 challenged") || !strings.Contains(got, "1 kept, 0 missed") {
		t.Errorf("%s", got)
	}

	asked := page.doc().Find(`a[href$="/asked"]`).AttrOr("href", "")
	sheet := w.get(&w.helen, asked).want(http.StatusOK)
	if got := sheet.words(); !strings.Contains(got, "answer within 8 working hours") || !strings.Contains(got, "What you get for it: IT promises a first reply within 4 working hours") {
		t.Errorf("%s", got)
	}
	thanked := w.follow(&w.helen, w.submit(&w.helen, sheet, "read"))
	if got := thanked.words(); !strings.Contains(got, "You said that you read it") || thanked.doc().Find("#read").Length() != 0 {
		t.Errorf("%s", got)
	}
	if got := w.get(&w.helen, card).words(); !strings.Contains(got, "1 of 1 people (100%) have said that they read what is asked of them.") {
		t.Errorf("%s", got)
	}
	if w.get(&w.amara, asked).want(http.StatusOK).doc().Find("#read").Length() != 0 {
		t.Error("IT is asked to say that it has read what is asked of customers")
	}
}
