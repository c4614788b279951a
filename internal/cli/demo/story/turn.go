package story

import (
	"strings"
	"time"
)

// question hands the turn to the customer, who answers promptly, late, or never; some answer before they are asked.
func (t *teller) question() {
	text, need, _ := strings.Cut(t.say(t.topic, "Q"), " ~")
	facts := strings.HasPrefix(need, "!")
	t.act(Act{Who: t.solver, Verb: Ask, Text: t.greeted(text), Need: strings.TrimSpace(strings.TrimPrefix(need, "!")), Facts: facts})
	owed := t.promise.next
	if facts {
		owed *= 2
	}
	asked := t.t
	t.spoke = true
	if t.mail && t.is(0.06) { // the holder of the mailbox is away
		t.t = t.t.Add(time.Duration(5+t.below(40)) * time.Second)
		t.act(Act{Who: t.who.Key, Verb: Away, Text: t.phrase("away") + "\n\n" + t.who.Name})
		t.t = asked
	}
	if t.is(0.03) {
		t.returned(owed)
		return
	}
	answer := t.say(t.topic, "R")
	if answer == "" {
		answer = t.phrase("yes")
	}
	switch r := t.share(); {
	case r < 0.05: // never: the ladder ends it
		t.silence = true
		if t.is(0.15) {
			t.waived(owed)
		}
		return
	case r < 0.225:
		t.they(part(owed, t.between(1.05, 3)))
		if t.is(0.6) {
			answer = t.phrase("excuse") + " " + upper(answer)
		}
	default:
		t.they(part(owed, t.between(0.02, 0.1+0.8*t.share())))
	}
	late := t.t
	t.speak(answer)
	t.it(part(t.promise.next, t.between(0.03, 0.35)))
	if owed > 0 && t.y.Hours[t.who.Place].after(asked, owed).Before(late) && t.is(0.1) {
		t.act(Act{Who: t.who.Key, Verb: Dispute, Channel: "portal", Text: t.phrase("dispute.customer")})
		t.it(20 * time.Minute)
	}
}

// returned: the customer had said it already.
func (t *teller) returned(owed time.Duration) {
	t.they(part(owed, t.between(0.03, 0.4)))
	t.act(Act{Who: t.who.Key, Verb: Return, Channel: "portal", Text: t.phrase("return")})
	t.it(part(t.promise.next, t.between(0.03, 0.2)))
	t.act(Act{Who: t.solver, Verb: Say, Text: t.phrase("returned.it")})
	t.it(part(t.promise.next, t.between(0.03, 0.2)))
}

// waived: somebody lets the customer off, for a reason that both sides read; the question stays open.
func (t *teller) waived(owed time.Duration) {
	t.they(part(owed, 0.9))
	t.act(Act{Who: t.y.Levels, Verb: Waive, Text: t.phrase("waive")})
	t.they(2 * time.Hour)
	t.silence = false
	t.speak(t.say(t.topic, "R"))
	t.it(part(t.promise.next, 0.2))
}

// wait: both sides agree on a day, and it is nobody's turn until then.
func (t *teller) wait() {
	text, need, _ := strings.Cut(t.say(t.topic, "W"), " ~")
	t.act(Act{Who: t.solver, Verb: Ask, Text: t.greeted(text), Need: strings.TrimSpace(need)})
	t.spoke = true
	t.they(part(t.promise.next, t.between(0.05, 0.8)))
	t.speak(t.say(t.topic, "V"))
	t.it(part(t.promise.next, t.between(0.03, 0.2)))
	until := t.y.Service.next(t.t.AddDate(0, 0, 6+t.below(16)))
	t.act(Act{Who: t.solver, Verb: Wait, Text: t.first() + " agreed in writing, see above", Until: until.Truncate(time.Minute)})
	t.t = until
	t.it(time.Duration(10+t.below(90)) * time.Minute)
}

// supplier: the fault is somebody else's, IT's promise runs on.
func (t *teller) supplier() {
	if text := t.say(t.topic, "A"); text != "" {
		t.act(Act{Who: t.solver, Verb: Say, Text: t.greeted(text)})
		t.spoke = true
	}
	t.it(time.Duration(5+t.below(30)) * time.Minute)
	reason, did, _ := strings.Cut(t.say(t.topic, "P"), " ~ ")
	team := t.slots["supplier"]
	t.act(Act{Who: t.solver, Verb: AskSupplier, Text: reason, Team: team})
	share := t.between(0.1, 0.6)
	if t.is(0.2) {
		share = t.between(1, 2)
	}
	t.it(part(t.promise.resolution, share/3))
	t.aside(0.5)
	t.it(part(t.promise.resolution, 2*share/3))
	t.act(Act{Who: t.solver, Verb: SupplierBack, Text: did})
	t.it(time.Duration(5+t.below(60)) * time.Minute)
}

// withdrawn: the customer found it themselves.
func (t *teller) withdrawn() {
	if t.is(0.5) {
		t.begun()
		if text := t.say(t.topic, "A"); text != "" {
			t.act(Act{Who: t.solver, Verb: Say, Text: t.greeted(text)})
		}
	}
	t.they(time.Duration(10+t.below(180)) * time.Minute)
	text := t.say(t.topic, "V")
	if text == "" || t.topic.flow != "withdrawn" {
		text = "Solved itself, thank you."
	}
	t.act(Act{Who: t.who.Key, Verb: Withdraw, Channel: "portal", Text: text})
}

// solved: IT proposes a solution, and the customer says what became of it, or nothing.
func (t *teller) solved() {
	if t.silence {
		return
	}
	rest := t.promise.resolution - t.spent
	if t.spoke && t.is(0.022) { // it takes longer than promised
		t.it(max(part(t.promise.resolution, t.between(1.05, 1.9))-t.spent, time.Minute))
		if t.is(0.5) {
			t.act(Act{Who: t.solver, Verb: Say, Text: t.phrase("sorry.late")})
			t.it(time.Hour)
		}
	} else if !t.spoke { // the solution is the first word
		t.it(part(t.promise.first, t.between(0.02, 0.3)))
	} else if rest > 0 {
		t.it(part(rest, t.scale*t.between(0.05, 0.9)))
	}
	if t.late && t.is(0.3) {
		t.act(Act{Who: t.agent, Verb: Dispute, Text: t.phrase("dispute.it")})
	}
	t.aside(0.14)
	t.act(Act{Who: t.solver, Verb: Resolve, Text: t.greeted(t.say(t.topic, "F"))})
	if t.is(0.006) && t.mail {
		t.bounced()
		return
	}
	if len(t.topic.said["X"]) > 0 && t.is(0.22) || t.is(0.02) {
		t.rejected()
	}
	t.accepted()
}

// rejected: it was not solved; the same promise goes on.
func (t *teller) rejected() {
	t.they(part(24*time.Hour, t.between(0.02, 0.3)))
	no, again := t.say(t.topic, "X"), t.say(t.topic, "Z")
	if no == "" || again == "" {
		no, again = t.phrase("reject"), t.phrase("again")
	}
	t.act(Act{Who: t.who.Key, Verb: Reject, Channel: "portal", Text: no})
	t.it(part(t.promise.next, t.between(0.05, 0.4)))
	t.aside(0.5)
	t.act(Act{Who: t.solver, Verb: Resolve, Text: again})
}

// accepted: the customer says so, or is silent, which closes it in the end. Some come back.
func (t *teller) accepted() {
	switch r := t.share(); {
	case r < 0.4:
		t.they(part(24*time.Hour, t.between(0.01, 0.7*t.share()+0.05)))
		text := ""
		if t.is(0.5) {
			text = strings.ReplaceAll(t.phrase("well."+t.who.Tongue), "obrigad@", map[bool]string{true: "obrigada", false: "obrigado"}[t.who.Female])
		}
		t.act(Act{Who: t.who.Key, Verb: Confirm, Channel: "portal", Text: text})
	case r < 0.7:
		t.they(part(24*time.Hour, t.between(0.01, 0.5)))
		t.act(Act{Who: t.who.Key, Verb: Reply, Text: t.phrase("yes") + "\n\n" + t.first()})
	default: // silence
		t.they(26 * time.Hour)
	}
	switch {
	case t.is(0.04):
		t.t = t.y.Hours[t.who.Place].next(t.t.AddDate(0, 0, 1+t.below(4)))
		t.act(Act{Who: t.who.Key, Verb: Reply, Text: t.phrase("thanks")})
	case t.is(0.03):
		t.reopened()
	}
}

// reopened: it comes back within the time of grace.
func (t *teller) reopened() {
	t.t = t.y.Hours[t.who.Place].next(t.t.AddDate(0, 0, 1+t.below(5)))
	t.act(Act{Who: t.who.Key, Verb: Reply, Text: t.signed(t.phrase("reopen"))})
	t.spent = 0
	t.it(part(t.promise.next, t.between(0.05, 0.4)))
	t.act(Act{Who: t.solver, Verb: Say, Text: t.phrase("reopen.it")})
	t.it(part(t.promise.next, t.between(0.1, 0.5)))
	t.aside(0.6)
	t.act(Act{Who: t.solver, Verb: Resolve, Text: t.phrase("reopen.fix")})
	t.they(part(24*time.Hour, t.between(0.05, 0.5)))
	if t.is(0.6) {
		t.act(Act{Who: t.who.Key, Verb: Confirm, Channel: "portal"})
	}
}

// bounced: what IT wrote never arrived, so the turn was theirs all along.
func (t *teller) bounced() {
	t.t = t.t.Add(time.Duration(4+t.below(50)) * time.Second)
	t.act(Act{Who: t.who.Key, Verb: Bounce})
	t.it(time.Duration(20+t.below(60)) * time.Minute)
	t.act(Act{Who: t.agent, Verb: Note, Text: "Mailbox full. Called " + t.first() + ", who makes room."})
	t.it(time.Hour)
	t.act(Act{Who: t.solver, Verb: Resolve, Text: "As told on the phone: it is done. This is for your records, now that your mailbox has room again."})
}
