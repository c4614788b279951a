package phrase_test

import (
	"testing"

	"bothways/internal/desk/phrase"
)

func TestSaysYes(t *testing.T) {
	for in, want := range map[string]bool{
		"Yes": true, "yes, it works.\n\nHelen": true, "It works now!": true, "Ja, danke": true, "Oui": true,
		"yes?": false, "yes but the sound is gone": false, "no": false, "Yes\n\nBut now the printer prints blank pages and the screen is dark": false, "": false,
	} {
		if got := phrase.SaysYes(in); got != want {
			t.Errorf("SaysYes(%q) = %v", in, got)
		}
	}
}

func TestOnlyThanks(t *testing.T) {
	for in, want := range map[string]bool{
		"Thanks!": true, "Thank you very much\nHelen": true, "Many thanks, Helen": true, "Vielen Dank": true, "Merci beaucoup !": true, "Perfect, thanks": true,
		"Thanks, but it still drops": false, "Thank you, the serial is 4711": false, "Thanks?": false, "It works": false, "Thanks\n\nPlease also look at the printer": false, "": false, "you": false,
	} {
		if got := phrase.OnlyThanks(in); got != want {
			t.Errorf("OnlyThanks(%q) = %v", in, got)
		}
	}
}
