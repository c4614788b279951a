package demo

import (
	"bothways/internal/auth"
	"bothways/internal/desk"
)

// What went in by the second door, or came to it.

// longerHours is a question about price that somebody asked the desk.
func (p *play) longerHours() {
	t := p.ticket("Desk hours on Saturdays")
	t.mailed(p.day(5, "10:40"), "owen", "Hello,\n\nfrom January the packing line runs on Saturday mornings as well. Could somebody be there for us until noon, and what would it cost?\n\nOwen Clarke\nLeeds")
	t.act(p.day(5, "11:05"), "amara", atDesk, "passes on", func(by auth.Actor) error {
		_, err := p.a.Desk.Pass(p.ctx, by, desk.Act{Number: t.number, Body: "Hours and price; nothing is broken. Owen is there until four."}, desk.DoorLevels)
		return err
	})
	t.say(p.day(4, "09:20"), "ingrid", "Good morning Owen, thank you for saying it early. Saturday mornings can be agreed; I ask the desk who could be there, and come back with a price. Graham speaks for Leeds, so the proposal goes to him, with you in copy.")
}

// repliesInAutumn is a complaint about how a promise was kept.
func (p *play) repliesInAutumn() {
	t := p.ticket("Replies were late in the last week of October")
	t.open(p.day(2, "15:10"), "graham", portal, desk.OpenInput{Door: desk.DoorLevels, Matter: "complaint", Description: "Three of our people waited more than a day for a first word. I would like to see the three together before the review, and what will be different."})
}

// badgePrinter came in by the second door and is for the desk.
func (p *play) badgePrinter() {
	t := p.ticket("Badge printer at the gate is slow")
	t.open(p.day(4, "13:05"), "priya", portal, desk.OpenInput{Door: desk.DoorLevels, Matter: "level", Description: "A badge takes four minutes since Monday. Visitors queue in the rain."})
	t.act(p.day(4, "13:40"), "ingrid", atDesk, "passes on", func(by auth.Actor) error {
		_, err := p.a.Desk.Pass(p.ctx, by, desk.Act{Number: t.number}, desk.DoorDesk)
		return err
	})
	t.take(p.day(4, "13:55"), "kofi", "kofi", "")
	t.say(p.day(4, "14:10"), "kofi", "Hello Priya, Ingrid passed this to us; you need not write it again. The printer renders each photo anew; I have set it to keep them, and a badge took forty seconds just now.")
}
