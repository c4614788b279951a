package reading

import (
	"strings"

	"bothways/internal/agreement"
	"bothways/internal/web/ui"
)

// toldToStaff is what only IT is told.
func (t *Reading) toldToStaff(e *happening) (line, bool) {
	who := t.Start(e.Actor)
	switch e.Kind {
	case string(agreement.WaitAgreed):
		return line{icon: ui.IconCalendar, text: who + " plans it for " + t.by.Reader.Full(Instant(e.d.Until)) + ". IT’s clock runs on."}, true
	case string(agreement.TeamChanged):
		if e.d.Action == evHandedOver {
			return line{}, false
		}
		return line{icon: ui.IconUsers, text: who + " passed it from " + t.teamName(e.d.Before) + " to " + t.teamName(e.d.Party) + "."}, true
	case string(agreement.ServiceChanged):
		return line{icon: ui.IconGrid, text: who + t.aboutService(e)}, true
	case string(agreement.AgreementSet):
		return line{icon: ui.IconScale, text: who + " put it under another version of the agreement."}, true
	case string(agreement.MessageIsNoTurn):
		return line{icon: ui.IconInfo, text: who + " marked a message as one that moves no turn."}, true
	case string(agreement.StepTaken):
		return line{icon: ui.IconBell, text: "We warned who holds it that a promise is close."}, true
	case evAssigned:
		switch e.d.Party {
		case "":
			return line{icon: ui.IconUser, text: who + " put it back: nobody has it."}, true
		case e.Actor:
			return line{icon: ui.IconHand, text: who + " took it."}, true
		}
		return line{icon: ui.IconUser, text: who + " gave it to " + t.Name(e.d.Party) + "."}, true
	case evReclassified:
		switch e.d.Field {
		case "subject":
			return line{icon: ui.IconFlag, text: who + " changed the subject."}, true
		case "requester":
			return line{icon: ui.IconUsers, text: who + " put right who asks: " + t.Name(e.d.Party) + ", not " + t.Name(e.d.Before) + "."}, true
		case "affected":
			return line{icon: ui.IconUsers, text: who + " put right who it is for: " + t.Name(e.d.Party) + ", not " + t.Name(e.d.Before) + "."}, true
		}
		return line{icon: ui.IconFlag, text: who + " set " + e.d.Field + " to " + strings.ReplaceAll(e.d.Party, "_", " ") + "."}, true
	case evLinked:
		return line{icon: ui.IconGrid, text: who + " linked it to " + t.ref(e, "another ticket") + " (" + strings.ReplaceAll(e.d.Field, "_", " ") + ")."}, true
	case evUnlinked:
		return line{icon: ui.IconGrid, text: who + " took the link to " + t.ref(e, "another ticket") + " away."}, true
	case evTagged:
		return line{icon: ui.IconFlag, text: who + " changed the tags."}, true
	case evLookedAt:
		return line{icon: ui.IconEye, text: who + " looked at it too: it is no request."}, true
	case evWatcher:
		return line{icon: ui.IconEye, text: t.Start(e.d.Party) + follows(e)}, true
	case evUndelivered:
		return line{icon: ui.IconMail, text: "A mail to " + t.Name(e.d.Party) + " could not be delivered."}, true
	case evHeld:
		return line{icon: ui.IconShield, text: "A mail looked as if it belongs here and was not let in. It is a ticket of its own, linked."}, true
	case evCorrected:
		return line{icon: ui.IconCalendar, text: "A calendar was corrected; the promises were counted again."}, true
	case evAway:
		return line{icon: ui.IconCalendar, text: "An automatic answer says that " + t.Name(e.d.Party) + " is away until " + t.by.Reader.Day(Instant(e.d.Until)) + ". It moved no turn."}, true
	case evNoTurn:
		return line{icon: ui.IconInfo, text: "This message moved no turn."}, true
	}
	return line{}, false
}
