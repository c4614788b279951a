package letter_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/desk/letter"
)

var (
	now    = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	due    = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	lisbon = func() *time.Location { l, _ := time.LoadLocation("Europe/Lisbon"); return l }()
	// unsaid are the words that no screen and no mail says (DESIGN.md §9).
	unsaid = regexp.MustCompile(`(?i)\b(SLA|breach|violation|non-compliant|unauthori[sz]ed|forbidden|rejected|invalid|user error|escalate|VIP|please|sorry|oops)\b|!`)
)

func sample(o letter.Occasion) letter.Letter {
	return letter.Letter{
		Occasion: o, Ref: "BW-1001", Subject: "WIN https://evil.example", Turn: agreement.SideProvider, Author: "Amara Okafor", Words: "Which dock is it?",
		Need: "a yes or no", Due: due, Late: agreement.MetricFirstResponse, Reopen: due, Now: now, Desk: "Service desk", BaseURL: "https://desk.example",
		Next: []agreement.Timer{
			{Action: agreement.ActionRemind, At: due.Add(-24 * time.Hour).Unix()}, {Action: agreement.ActionTellContact, At: due.Unix()},
			{Action: agreement.ActionPause, At: due.Add(24 * time.Hour).Unix()}, {Action: agreement.ActionLapse, At: due.Add(14 * 24 * time.Hour).Unix()},
		},
	}
}

var all = []letter.Occasion{letter.Opened, letter.Reply, letter.Question, letter.Solution, letter.Wait, letter.Remind, letter.Contact, letter.Pause, letter.Lapse, letter.Silence, letter.Late, letter.Warn, letter.Passed}

func TestEveryLetterSaysWhatItIsAboutAndNothingUnkind(t *testing.T) {
	for _, o := range all {
		subject, body := sample(o).Write(letter.Reader{Zone: lisbon, Because: "you asked for this"})
		if !strings.Contains(subject, "BW-1001") || !strings.Contains(body, "https://desk.example/") || !strings.Contains(body, "You get this because you asked for this.") {
			t.Errorf("%s: %s\n%s", o, subject, body)
		}
		if w := unsaid.FindString(subject + body); w != "" {
			t.Errorf("%s says %q:\n%s", o, w, body)
		}
		if !regexp.MustCompile(`(?i)(our|your|nobody's|IT's|site's) turn|paused|closed|Does it work`).MatchString(subject + body) {
			t.Errorf("%s does not say whose turn it is:\n%s", o, body)
		}
	}
}

func TestTimesAreTheReaders(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	_, here := sample(letter.Question).Write(letter.Reader{Zone: lisbon, Because: "x"})
	_, there := sample(letter.Question).Write(letter.Reader{Zone: tokyo, Because: "x"})
	if !strings.Contains(here, "a yes or no by Thu 26 Nov 2026, 10:00 WET") || !strings.Contains(there, "a yes or no by Thu 26 Nov 2026, 19:00 JST") {
		t.Fatalf("%s\n%s", here, there)
	}
}

func TestAQuestionStatesItsConsequencesBeforehand(t *testing.T) {
	_, body := sample(letter.Question).Write(letter.Reader{Zone: lisbon, Because: "x"})
	for _, want := range []string{"It is your turn. We need a yes or no by Thu 26 Nov 2026, 10:00 WET", "we remind you on Wed 25 Nov", "tell the contact of your site on Thu 26 Nov", "pause this on Fri 27 Nov", "close it on Thu 10 Dec"} {
		if !strings.Contains(body, want) {
			t.Errorf("lacks %q:\n%s", want, body)
		}
	}
}

// TestAttack78_AutomaticLettersEchoNothing: what a stranger wrote into subject or body is in no mail that a person did not write.
func TestAttack78_AutomaticLettersEchoNothing(t *testing.T) {
	for _, o := range all {
		if o == letter.Reply || o == letter.Question || o == letter.Solution || o == letter.Warn {
			continue
		}
		subject, body := sample(o).Write(letter.Reader{Zone: lisbon, Because: "x"})
		if strings.Contains(subject+body, "evil.example") || strings.Contains(subject+body, "Which dock") {
			t.Errorf("%s echoes the ticket:\n%s\n%s", o, subject, body)
		}
	}
}

func TestAfterTheDueTimeAReminderDoesNotAskForThePast(t *testing.T) {
	l := sample(letter.Remind)
	l.Now = due.Add(time.Hour)
	_, body := l.Write(letter.Reader{Zone: lisbon, Because: "x"})
	if !strings.Contains(body, "We hoped for it by Thu 26 Nov") || !strings.Contains(body, "We pause this on Fri 27 Nov") {
		t.Fatal(body)
	}
}
