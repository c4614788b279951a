// Package phrase knows the few answers whose meaning needs no person: a plain yes, and a message that only thanks. Closed
// lists of whole phrases; what they do not hold is read by a person. Pure.
package phrase

import (
	"strings"

	"bothways/internal/kit/text"
)

// yes is the closed list of answers that confirm a solution; anything else is read by a person.
var yes = map[string]bool{
	"yes": true, "yes it works": true, "yes it does": true, "yes thanks": true, "yes thank you": true, "it works": true, "works": true, "works now": true,
	"it works now": true, "works thanks": true, "it works thanks": true, "confirmed": true, "solved": true, "fixed": true, "ja": true, "ja danke": true,
	"geht wieder": true, "oui": true, "oui merci": true, "si": true, "si gracias": true, "tak": true, "sim": true,
}

// thankful are the words a message that only thanks is made of.
var thankful = map[string]bool{
	"thanks": true, "thank": true, "you": true, "many": true, "so": true, "very": true, "much": true, "great": true, "perfect": true, "cheers": true, "a": true, "lot": true,
	"again": true, "all": true, "everyone": true, "team": true, "danke": true, "vielen": true, "dank": true, "schon": true, "merci": true, "beaucoup": true,
	"gracias": true, "muchas": true, "grazie": true, "mille": true, "obrigado": true, "obrigada": true, "dziekuje": true, "kiitos": true, "tack": true,
	"super": true, "for": true, "the": true, "your": true, "help": true, "quick": true, "fast": true, "reply": true, "answer": true, "response": true,
}

// core are the words without which a message does not thank.
var core = map[string]bool{
	"thanks": true, "thank": true, "cheers": true, "danke": true, "dank": true, "merci": true, "gracias": true, "grazie": true, "obrigado": true, "obrigada": true,
	"dziekuje": true, "kiitos": true, "tack": true,
}

// SaysYes reads the first line of an answer to "does it work?".
func SaysYes(body string) bool {
	line, rest, _ := strings.Cut(strings.TrimSpace(body), "\n")
	if len(strings.Fields(rest)) > 6 { // more than a name and a greeting
		return false
	}
	return !strings.Contains(line, "?") && yes[strings.Join(text.Words(line), " ")]
}

// agreed is the closed list of answers that agree to a wait, beside those that say yes.
var agreed = map[string]bool{
	"ok": true, "okay": true, "ok thanks": true, "ok thank you": true, "fine": true, "that is fine": true, "thats fine": true, "fine by me": true, "agreed": true,
	"sure": true, "yes ok": true, "yes please": true, "yes that is fine": true, "yes fine": true, "yes wait": true, "einverstanden": true, "in ordnung": true, "gerne": true,
	"d accord": true, "de acuerdo": true, "va bene": true,
}

// Agrees reads the first line of an answer to "may this wait until …?".
func Agrees(body string) bool {
	line, rest, _ := strings.Cut(strings.TrimSpace(body), "\n")
	if len(strings.Fields(rest)) > 6 || strings.Contains(line, "?") {
		return false
	}
	said := strings.Join(text.Words(line), " ")
	return agreed[said] || (said == "yes" || strings.HasPrefix(said, "yes th") || said == "ja" || said == "ja danke" || said == "oui" || said == "oui merci") && yes[said]
}

// MayThank says whether a message could be one that only thanks, in words we do not know: short, nothing asked, no figure in it.
func MayThank(body string) bool {
	return len(text.Words(body)) <= 12 && !strings.ContainsAny(body, "?0123456789")
}

// OnlyThanks says whether a message does nothing but thank: short, made of thanking words alone (a name at the end is let
// pass). What it does not know it takes for words that matter.
func OnlyThanks(body string) bool {
	lines := strings.Split(strings.TrimSpace(body), "\n")
	if len(lines) > 4 || len(body) > 200 || strings.Contains(body, "?") {
		return false
	}
	said := false
	words := text.Words(lines[0])
	if len(words) == 0 || len(words) > 9 {
		return false
	}
	for i, w := range words {
		said = said || core[w]
		if !thankful[w] && (!said || i < len(words)-1) {
			return false
		}
	}
	for _, l := range lines[1:] { // a signature: one or two words a line
		if len(text.Words(l)) > 2 {
			return false
		}
	}
	return said
}
