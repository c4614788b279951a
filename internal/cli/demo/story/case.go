package story

import (
	"slices"
	"strings"
	"time"
)

// teller tells one case: t is when the next thing may happen.
type teller struct {
	*voice
	y       *year
	topic   *topic
	c       *Case
	who     Person
	t       time.Time
	mail    bool // the customer writes mails
	agent   string
	solver  string
	solving string // the team
	promise promise
	spent   time.Duration // IT's time on this case so far
	late    bool
	silence bool
	scale   float64
	spoke   bool // IT has said something
	noted   int  // notes of the topic that were written
}

// promise is what IT owes, in working time, and the customer's time for an answer.
type promise struct{ first, next, resolution time.Duration }

var promises = map[string]promise{
	"high/high": {time.Hour, 2 * time.Hour, 4 * time.Hour}, "high": {2 * time.Hour, 4 * time.Hour, 8 * time.Hour},
	"medium": {4 * time.Hour, 8 * time.Hour, 24 * time.Hour}, "low": {8 * time.Hour, 16 * time.Hour, 40 * time.Hour},
}

// promised is IT's promise for an impact and an urgency.
func promised(impact, urgency string) promise {
	weight := map[string]int{"low": 0, "medium": 1, "high": 2}
	switch w := weight[impact] + weight[urgency]; {
	case w == 4:
		return promises["high/high"]
	case w == 3:
		return promises["high"]
	case w == 2:
		return promises["medium"]
	}
	return promises["low"]
}

// voices begins a case's own chance, so that what is told of one does not change the others.
func (y *year) voices(dc *dice, place string) *voice {
	y.count++
	v := &voice{dice: &dice{dc.next()}, book: y.book, place: place, slots: map[string]string{"place": place}, used: map[string]bool{}}
	return v
}

// tell tells one request from beginning to end.
func (y *year) tell(dc *dice, tp *topic, p Person, d time.Time) *teller {
	return y.tellAt(dc, tp, p, y.moment(dc, p, d))
}

func (y *year) tellAt(dc *dice, tp *topic, p Person, at time.Time) *teller {
	t := &teller{voice: y.voices(dc, p.Place), y: y, topic: tp, who: p, t: at}
	t.slots["colleague"] = t.colleague()
	t.c = &Case{Topic: tp.name, Subject: t.say(tp, "S"), Kind: tp.kind, Impact: tp.impact, Urgency: tp.urgency, Requester: p.Key}
	t.scale = t.between(0.04, 0.5)
	y.told = append(y.told, t.c)
	t.crew()
	t.opening()
	switch {
	case tp.flow == "withdrawn" || t.is(0.015) && tp.flow == "":
		t.withdrawn()
	case tp.flow == "supplier":
		t.begun()
		t.supplier()
		t.solved()
	default:
		t.begun()
		t.middle()
		t.solved()
	}
	return t
}

// colleague is a woman of the same site, so that "she" is right wherever somebody is spoken of; of another where there is none.
func (t *teller) colleague() string {
	others := func(of []Person) []Person {
		return slices.DeleteFunc(slices.Clone(of), func(p Person) bool { return !p.Female || p.Key == t.who.Key })
	}
	all := others(t.y.by[t.who.Place])
	if len(all) == 0 {
		all = others(t.y.People)
	}
	return one(t.dice, all).Name
}

// crew decides who works on it.
func (t *teller) crew() {
	t.agent = one(t.dice, t.y.Crews["desk"].Members)
	team := t.topic.team
	if team == "local" {
		team = "local@" + t.who.Place
	}
	c := t.y.Crews[team]
	t.solver, t.solving = one(t.dice, c.Members), c.Team
	if t.topic.team == "desk" {
		t.solver, t.solving = t.agent, ""
	}
}

func (t *teller) act(a Act) {
	a.At = t.t.UTC().Truncate(time.Second)
	t.c.Acts = append(t.c.Acts, a)
}

// it lets IT's working time pass: a share of what is promised for the next word, until d is spent.
func (t *teller) it(d time.Duration) {
	t.t = t.y.Service.after(t.t, d)
	t.spent += d
}

// they let the customer's working time pass.
func (t *teller) they(d time.Duration) { t.t = t.y.Hours[t.who.Place].after(t.t, d) }

func part(d time.Duration, share float64) time.Duration { return time.Duration(float64(d) * share) }

// opening opens the ticket by mail, on the page, by telephone or by a program.
func (t *teller) opening() {
	body := t.say(t.topic, "O")
	picture := t.is(0.04)
	r := t.share()
	calm := promised(t.topic.impact, t.topic.urgency)
	t.promise = calm
	switch {
	case r < 0.45:
		t.mail = true
		t.act(Act{Who: t.who.Key, Verb: Mail, Text: t.letter(body), Picture: picture})
		if t.promise.first > promises["medium"].first { // a mail is medium until somebody looks
			t.promise = promises["medium"]
		}
	case r < 0.62:
		t.t = t.y.Service.next(t.t)
		t.act(Act{Who: t.agent, Verb: Open, Channel: "phone", Text: t.first() + " calls: “" + body + "”"})
	case r < 0.65 && strings.Contains(body, "line"):
		t.act(Act{Who: t.who.Key, Verb: Open, Channel: "api", Text: body})
	default:
		t.mail = t.is(0.3)
		t.act(Act{Who: t.who.Key, Verb: Open, Channel: "portal", Text: body, Picture: picture})
	}
}

func (t *teller) first() string {
	f, _, _ := strings.Cut(t.who.Name, " ")
	return f
}

// letter is words as this person writes mails: always greeted, or never, and signed their way.
func (t *teller) letter(body string) string {
	own := dice{hash(t.who.Key)}
	style := own.below(5)
	if style == 0 { // no time
		return body
	}
	s := t.phrase("greet."+t.who.Tongue) + "\n\n" + body
	if style == 1 {
		return s + "\n\n" + t.first()
	}
	return s + "\n\n" + t.phrase("bye."+t.who.Tongue) + "\n" + map[bool]string{true: t.first(), false: t.who.Name}[style == 2]
}

// greeted is IT's words; the first of a case greet.
func (t *teller) greeted(s string) string {
	if t.slots["greeted"] == "" && t.is(0.75) {
		t.slots["first"] = t.first()
		s = t.phrase("hello.it") + ",\n\n" + s
	}
	t.slots["greeted"] = "yes"
	return s
}

// begun: somebody of the desk takes it or hands it to who can.
func (t *teller) begun() {
	t.late = t.is(0.016)
	wait := part(t.promise.first, min(t.scale, 0.45)*t.between(0.5, 1.2))
	if len(t.c.Acts) > 0 && t.c.Acts[0].Channel == "phone" {
		wait = time.Duration(t.below(300)) * time.Second
	} else if t.late {
		wait = part(t.promise.first, t.between(1.05, 1.8))
	}
	t.it(wait)
	t.take()
	t.it(time.Duration(60+t.below(900)) * time.Second)
}

func (t *teller) take() {
	if opened := t.c.Acts[0]; opened.Verb == Mail && (t.topic.kind != "incident" || t.topic.impact != "medium" || t.topic.urgency != "medium") && t.is(0.7) {
		t.act(Act{Who: t.agent, Verb: Sort})
		t.t = t.t.Add(20 * time.Second)
		t.promise = promised(t.topic.impact, t.topic.urgency)
	}
	t.act(Act{Who: t.agent, Verb: Take, Person: t.solver, Team: t.solving})
	if t.solving != "" && t.is(0.15) {
		t.t = t.t.Add(40 * time.Second)
		t.act(Act{Who: t.agent, Verb: Note, Text: t.phrase("handover")})
	}
	if t.is(0.02) && t.y.Contacts[t.who.Place] != t.who.Key {
		t.act(Act{Who: t.agent, Verb: Watch, Person: t.y.Contacts[t.who.Place]})
	}
}

// middle is what lies between the first word and the solution.
func (t *teller) middle() {
	if t.c.Acts[0].Channel == "phone" && t.is(0.4) {
		return // done while they were on the phone
	}
	waits := len(t.topic.said["W"]) > 0 && len(t.topic.said["V"]) > 0 && t.is(0.5)
	asks := len(t.topic.said["Q"]) > 0 && t.is(0.62)
	if t.late || !waits && !asks || t.is(0.5) {
		t.acknowledged()
	}
	t.aside(0.22)
	switch {
	case waits:
		t.wait()
	case asks:
		t.question()
	case t.is(0.08):
		t.chased()
	}
}

// acknowledged is the first word of IT. Small things are not announced but done.
func (t *teller) acknowledged() {
	text := t.say(t.topic, "A")
	if text == "" || !t.late && t.is(0.15) {
		return
	}
	if t.late && t.is(0.6) {
		text = t.phrase("sorry.late") + "\n\n" + text
	}
	t.spoke = true
	t.act(Act{Who: t.solver, Verb: Say, Text: t.greeted(text)})
	t.it(part(t.promise.next, t.between(0.05, 0.3)))
}

// aside is a note among staff.
func (t *teller) aside(p float64) {
	if !t.is(p) {
		return
	}
	text := t.say(t.topic, "N")
	if text == "" || t.noted >= len(t.topic.said["N"]) || t.is(0.25) {
		text = t.phrase("note")
	} else {
		t.noted++
	}
	t.act(Act{Who: t.solver, Verb: Note, Text: text})
	t.it(time.Duration(120+t.below(1200)) * time.Second)
}

// chased: the customer asks how far it is, and is told.
func (t *teller) chased() {
	t.it(part(t.promise.resolution, 0.15))
	t.they(time.Minute)
	t.speak(t.phrase("chase"))
	t.it(part(t.promise.next, t.between(0.05, 0.5)))
	t.act(Act{Who: t.solver, Verb: Say, Text: t.phrase("news")})
	t.it(part(t.promise.next, 0.1))
}

// speak is words of the customer on their own way.
func (t *teller) speak(text string) {
	if t.mail {
		t.act(Act{Who: t.who.Key, Verb: Reply, Text: t.signed(text)})
	} else {
		t.act(Act{Who: t.who.Key, Verb: Say, Channel: "portal", Text: text})
	}
}

func (t *teller) signed(text string) string {
	own := dice{hash(t.who.Key)}
	if own.below(5) == 0 {
		return text
	}
	return text + "\n\n" + t.first()
}
