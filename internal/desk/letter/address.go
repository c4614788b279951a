package letter

import "time"

// Address asks whether an address is somebody's. It names nobody: who gets it may be a stranger to whoever typed it.
func Address(desk, link string, until time.Time) (subject, body string) {
	return "Is this your address?", "Somebody added this address to their account with the " + lowerFirst(desk) + ".\n\n" +
		"If that was you, open this page, sign in, and press Confirm:\n" + link + "\n\n" +
		"The link works once, until " + At(until, until.Location()) + ".\n\n" +
		"If it was not you, there is nothing to do: nothing was changed, and we write to you no further.\n"
}

// lowerFirst is a name of two words in the middle of a sentence: "service desk"; other names stay as they are.
func lowerFirst(s string) string {
	if s == "Service desk" {
		return "service desk"
	}
	return s
}

// Password brings a link to choose a password: to who is new as a welcome, else to who said that they can't sign in.
func Password(desk, link string, until time.Time, welcome bool) (subject, body string) {
	works := "The link works once, until " + At(until, until.Location()) + ". It is for you alone; send it to nobody.\n\n"
	if welcome {
		return "Your account with the " + lowerFirst(desk), "You have an account with the " + lowerFirst(desk) + ". Everything there also works by mail; " +
			"signed in, you see whose turn it is and what was promised.\n\nChoose your password here:\n" + link + "\n\n" + works +
			"If it is too late by then, press \"Forgot it?\" on the sign-in page and a new one comes.\n"
	}
	return "Choose a new password", "Somebody, probably you, asked for a new password with the " + lowerFirst(desk) + ".\n\n" +
		"Choose it here:\n" + link + "\n\n" + works +
		"If it was not you, there is nothing to do: your password is as it was, and nobody but you has this link.\n"
}
