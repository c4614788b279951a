package demo

import (
	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
)

// write lays down the whole history.
func (p *play) write() {
	for _, tell := range []func(){
		p.negotiates, p.dockNotCharging, p.scannerLapses, p.searchEndsInSilence, p.orderSystemDown, p.slowSignIn, p.sparePhone, p.socketWithdrawn, p.spam, p.noAnswer,
		p.badgeReader, p.macroReturned,
		p.labelsLate, p.cameraFlickers, p.trainingRooms, p.phoneLine, p.serverCabinet, p.vpnDrops, p.fourPhones, p.longerHours, p.repliesInAutumn, p.badgePrinter, p.payrollFile, p.newStarter, p.auditMailbox,
		p.blankPages, p.monitorTallinn, p.monitorLeeds, p.activatePhone, p.carrierPortal, p.drawings,
	} {
		tell()
	}
}

// What has ended.

func (p *play) dockNotCharging() {
	t := p.ticket("Dock does not charge the laptop")
	t.mailed(p.day(24, "09:12"), "helen", "Good morning,\n\nsince this week my dock shows a picture but does not charge. The battery was at 4 % when I noticed. The charger alone works.\n\nThanks\nHelen")
	t.take(p.day(24, "09:30"), "amara", "amara", "")
	t.say(p.day(24, "09:41"), "amara", "Good morning Helen, thank you for trying the charger alone: that rules the battery out. Please use the charger today. I have a new power supply for the dock on its way to Priya in Leeds; she swaps it at your desk tomorrow morning.")
	t.note(p.day(24, "09:44"), "amara", "Power supply of the 2024 docks, the same as in Turku in spring. Stock: 6.")
	t.resolve(p.day(23, "10:20"), "amara", "Priya has swapped the power supply of your dock this morning, and it charges at full speed. Does it hold?")
	t.replied(p.day(23, "11:02"), "helen", "Yes, it works.\n\nHelen")
}

func (p *play) scannerLapses() {
	t := p.ticket("Scanner in the warehouse office")
	t.mailed(p.day(22, "10:35"), "rita", "Hello,\n\nthe scanner in the warehouse office scans to the wrong folder. Could you change it?\n\nRita Sousa")
	t.take(p.day(22, "11:00"), "kofi", "kofi", "Porto local IT")
	t.ask(p.day(22, "11:20"), "kofi", "Gladly. The scanner has three buttons, and each can have a folder of its own. Which folder should each of them use?", "the folder for each of the three buttons", agreement.MetricAnswer)
}

func (p *play) searchEndsInSilence() {
	t := p.ticket("Search in the mailbox finds nothing from before June")
	t.mailed(p.day(16, "13:40"), "liis", "Hi, when I search my mailbox nothing from before June comes up. The mails are there when I scroll.\n\nLiis")
	t.take(p.day(16, "14:02"), "kofi", "kofi", "")
	t.say(p.day(16, "14:10"), "kofi", "Hello Liis, the index of your mailbox stopped in June. We are building it anew; that takes until tomorrow, and you can work meanwhile.")
	t.resolve(p.day(15, "10:05"), "kofi", "The index is complete: a search for \"offer\" now gives mails back to 2021. Please try a search of yours.")
}

func (p *play) orderSystemDown() {
	t := p.ticket("Nobody in Porto can reach the order system")
	t.open(p.day(14, "09:06"), "amara", phone, desk.OpenInput{Requester: "rita.sousa@norvik.example", Impact: "high", Urgency: "high",
		Description: "Rita calls: since 09:00 nobody in Porto can open the order system. The page loads for a minute and says \"no route\". Mail and telephone work."})
	t.take(p.day(14, "09:08"), "amara", "rui", "Network")
	t.act(p.day(14, "09:10"), "amara", atDesk, "adds Bruno to", t.watcher("bruno"))
	t.say(p.day(14, "09:14"), "amara", "Rita, thank you for calling. The network team is on it: the line from Porto to the data centre lost its route at 08:58. Next news from us by 10:00.")
	t.note(p.day(14, "09:21"), "rui", "The change of last night left the backup route without a weight. Putting it back.")
	t.resolve(p.day(14, "09:52"), "rui", "The route is back since 09:47, and we see orders coming in from Porto. Please tell us if anybody is still cut off.")
	t.confirm(p.day(14, "10:20"), "rita")
}

// watcher has somebody follow the ticket.
func (t *ticket) watcher(key string) func(by auth.Actor) error {
	return func(by auth.Actor) error {
		_, err := t.p.a.Desk.Watch(t.p.ctx, by, desk.Act{Number: t.number}, t.p.staff[key].Address, true)
		return err
	}
}

func (p *play) slowSignIn() {
	t := p.ticket("Signing in takes four minutes in the morning")
	t.mailed(p.day(12, "08:25"), "ewa", "Good morning,\n\nevery morning my laptop needs about four minutes until I can work. In the afternoon it is quick.\n\nBest\nEwa Lis")
	t.take(p.day(12, "08:50"), "amara", "amara", "")
	t.say(p.day(12, "09:20"), "amara", "Good morning Ewa, the log of your laptop shows that it waits for a printer that was taken away in September. We take the printer out of your profile today.")
	t.resolve(p.day(12, "13:30"), "amara", "The old printer is out of your profile. Tomorrow morning will show it: is it quicker?")
	t.do(p.day(11, "08:31"), "ewa", "rejects", (*desk.Service).Reject, "A little, but it was still three minutes today.")
	t.note(p.day(11, "09:02"), "amara", "A second printer, from the old tenant. Script of Piotr finds all of them; run it for the whole floor.")
	t.resolve(p.day(11, "11:45"), "amara", "There was a second one, from before the move. Piotr has cleared both, and your sign-in took 19 seconds when we tried it with him. Please tell us how tomorrow goes.")
	t.replied(p.day(10, "08:20"), "ewa", "Yes, thank you!\n\nEwa")
}

func (p *play) sparePhone() {
	t := p.ticket("Which phones can I choose from?")
	t.open(p.day(11, "14:12"), "liis", portal, desk.OpenInput{Kind: "question", Impact: "low", Description: "My phone is due for replacement. Which models are there now?"})
	t.resolve(p.day(11, "14:40"), "kofi", "Three: Galaxy A55, Pixel 9a and, for work outdoors, the XCover 7. Mart in Tallinn has all of them to hold in your hand.")
	t.replied(p.day(11, "15:05"), "liis", "Yes, thanks\n\nLiis")
}

func (p *play) socketWithdrawn() {
	t := p.ticket("Power socket for a standing desk")
	t.open(p.day(9, "10:15"), "liis", portal, desk.OpenInput{Kind: "service_request", Impact: "low", Urgency: "low", Description: "I need one more socket under my desk."})
	t.do(p.day(9, "11:50"), "liis", "withdraws", (*desk.Service).Withdraw, "Sorry, facilities does this, not IT. They come on Thursday.")
}

func (p *play) spam() {
	t := p.ticket("Double your traffic in 10 days")
	p.at(p.day(7, "06:40"), "spam", func() error {
		return t.receive(letter{from: "growth@rank-rocket.example", name: "Rank Rocket", subject: t.title, body: "Dear webmaster,\n\nwe can bring your page to number one. Answer for a free offer."})
	})
	t.do(p.day(7, "08:32"), "kofi", "discards", (*desk.Service).DiscardAsNoTicket, "")
}

func (p *play) noAnswer() {
	t := p.ticket("Two days without a word about our label printer")
	t.open(p.day(5, "12:10"), "marek", portal, desk.OpenInput{Kind: "complaint", Description: "I wrote about the label printer two days ago and heard nothing but an automatic mail. The line works with hand-written labels."})
	t.take(p.day(5, "12:25"), "amara", "amara", "")
	t.say(p.day(5, "12:48"), "amara", "You are right, Marek, and I am sorry: your ticket lay with a team that was away, and nobody here saw it. The supplier's part arrives tomorrow; Piotr prints your labels on the office printer until then and brings them to the line twice a day.")
	t.resolve(p.day(4, "15:10"), "amara", "Two things changed: tickets of a team that is away now come back to the desk after an hour, and Piotr brings your labels until the printer works. Does that help for now?")
	t.do(p.day(4, "15:35"), "marek", "confirms", (*desk.Service).Confirm, "For now, yes.")
}

func (p *play) badgeReader() {
	t := p.ticket("Badge reader at the north door")
	t.mailed(p.day(10, "07:15"), "aino", "Moi,\n\nthe badge reader at the north door stays red for everybody. We go round by the gate.\n\nAino")
	t.take(p.day(10, "08:10"), "kofi", "noora", "Turku local IT")
	t.say(p.day(10, "08:30"), "noora", "I am at the door now. The reader has power and no network: I change the cable before lunch.")
	t.resolve(p.day(10, "11:40"), "noora", "The cable is new and the door opens. Does your badge work?")
	t.replied(p.day(10, "12:05"), "aino", "It works!\n\nAino")
	t.replied(p.day(1, "08:05"), "aino", "It stopped again this morning, red for everybody, just as before.\n\nAino")
	t.say(p.day(1, "08:50"), "noora", "Sorry, Aino. I am going down to it now, and I will not only change the cable this time: something must pull at it.")
	t.note(p.day(1, "09:10"), "noora", "Second cable in two weeks. Something pulls at it: looking at the door closer.")
}

func (p *play) macroReturned() {
	t := p.ticket("Macro in the stock sheet is blocked")
	t.mailed(p.day(6, "09:50"), "rita", "Hello,\n\nsince the update the macro in our stock sheet is blocked with a red bar. The sheet is attached.\n\nRita", sheet("stock.csv", "item;count\nA-1022;14\nA-1023;0\n"), photo("red-bar.png"))
	t.take(p.day(6, "10:20"), "kofi", "kofi", "")
	t.ask(p.day(6, "10:31"), "kofi", "Hello Rita, please send us the sheet, then we can sign the macro.", "the stock sheet", agreement.MetricSupplyFacts)
	t.do(p.day(6, "11:05"), "rita", "returns the question of", (*desk.Service).ReturnQuestion, "It is attached to my first mail.")
	t.say(p.day(6, "11:30"), "kofi", "So it is, sorry: I looked at the reply and not at your mail. The clock on you is void, this was ours. We sign the macro today.")
	t.resolve(p.day(5, "09:15"), "kofi", "The macro is signed. Open the sheet from the shared folder, not from a mail, and the bar is gone.")
	t.confirm(p.day(5, "10:02"), "rita")
}
