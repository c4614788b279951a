package letter

import "time"

// Address asks whether an address is somebody's. It names nobody: who gets it may be a stranger to whoever typed it.
func Address(desk, link string, until time.Time) (subject, body string) {
	return "Is this your address?", "Somebody added this address to their account with the " + lowerFirst(desk) + ".\n\n" +
		"If that was you, open this page, sign in, and press Confirm:\n" + link + "\n\n" +
		"The link works once, until " + until.Format("Mon 2 Jan 2006, 15:04 MST") + ".\n\n" +
		"If it was not you, there is nothing to do: nothing was changed, and we write to you no further.\n"
}

// lowerFirst is a name of two words in the middle of a sentence: "service desk"; other names stay as they are.
func lowerFirst(s string) string {
	if s == "Service desk" {
		return "service desk"
	}
	return s
}
