package demo

import (
	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
)

// What is open, the oldest first.

func (p *play) labelsLate() {
	t := p.ticket("Labels at packing line 2 are shifted")
	t.mailed(p.day(8, "08:40"), "marek", "Hello,\n\nall labels at packing line 2 are printed 4 mm too low; the scanner at the gate reads one in three. A photo is attached.\n\nMarek Nowak\nGdańsk", photo("label.png"))
	t.take(p.day(8, "09:15"), "kofi", "piotr", "Gdańsk local IT")
	t.say(p.day(8, "09:50"), "piotr", "I have set the offset, and it is better but not good. The print head is worn; I have asked for a new one.")
	t.note(p.day(8, "10:05"), "piotr", "Print head ordered, delivery two weeks. Tell the desk?")
}

func (p *play) cameraFlickers() {
	t := p.ticket("Meeting room camera flickers")
	t.open(p.day(3, "11:20"), "aino", portal, desk.OpenInput{Impact: "low", Urgency: "medium", Description: "The camera in Aura flickers in every call since Monday. Other rooms are fine, I think.",
		Files: []desk.Upload{upload(photo("aura.png"))}})
	t.take(p.day(3, "11:45"), "kofi", "rui", "Network")
	t.say(p.day(3, "12:10"), "kofi", "Thank you Aino. It may be the switch and not the camera, so the network team looks first. Until then Joki is free for calls, and I have asked for it to be held for you on Thursday.")
	t.note(p.day(2, "10:30"), "rui", "Seen in two rooms on the same switch. Its power is at the limit: moving one port tonight.")
}

func (p *play) trainingRooms() {
	t := p.ticket("Firefox next to Edge in training rooms")
	t.open(p.day(3, "13:30"), "rita", portal, desk.OpenInput{Kind: "service_request", Impact: "medium", Urgency: "low",
		Description: "Our trainers would like Firefox in rooms 2 to 5, next to Edge. The booking tool needs Edge, most course pages are made for Firefox."})
	t.take(p.day(3, "14:00"), "amara", "amara", "")
	t.say(p.day(3, "14:25"), "amara", "Both next to each other is what we would suggest as well. Each opens its own pages by itself, so nobody has to choose. We prepare it for one room first; would room 3 suit you?")
	t.note(p.day(2, "09:30"), "kofi", "Rui suggests a decline: one more browser to patch. I do not see a ground in that. Packages exist, both are patched by the same job.")
	t.say(p.day(2, "16:05"), "rita", "Room 3 is fine, it is free on Thursday and Friday.")
	t.say(p.day(1, "09:35"), "amara", "Room 3 is planned for Thursday, 14:00. Inês is there while we do it.")
}

func (p *play) phoneLine() {
	t := p.ticket("Reception telephone crackles")
	t.mailed(p.day(4, "09:05"), "zofia", "Good morning,\n\nthe telephone at reception crackles so much that callers hang up.\n\nZofia Wrona")
	t.take(p.day(4, "09:30"), "kofi", "kofi", "")
	t.say(p.day(4, "09:44"), "kofi", "Good morning Zofia, we measured the line: the fault lies outside the building. We pass it to Brightline Telecom now and stay on it. Until they are done, calls to reception ring at the front office as well.")
	t.act(p.day(4, "10:15"), "kofi", atDesk, "asks the supplier on", func(by auth.Actor) error {
		_, err := p.a.Desk.AskSupplier(p.ctx, by, desk.Act{Number: t.number, Reason: "fault outside the building, their reference 88-2041"}, supplier)
		return err
	})
	t.note(p.day(2, "14:00"), "kofi", "Brightline: technician on site tomorrow or the day after. Reference 88-2041.")
}

func (p *play) serverCabinet() {
	t := p.ticket("Move the cabinet in the Turku warehouse")
	t.mailed(p.day(6, "12:20"), "eero", "Hello,\n\nthe network cabinet in the warehouse stands where the new shelf goes. Can it move three metres?\n\nEero Salo")
	t.take(p.day(6, "12:50"), "amara", "noora", "Turku local IT")
	t.ask(p.day(6, "13:15"), "noora", "It can, and the warehouse is without network for about three hours while we do it. From when on would an afternoon suit you?", "from when on an afternoon without network suits", agreement.MetricAnswer)
	t.replied(p.day(5, "08:45"), "eero", "Any afternoon after our stock count is fine; I wrote the last day of it on the plan at the cabinet. Please do not begin before.\n\nEero")
	t.say(p.day(5, "09:05"), "noora", "Thank you Eero, I have read the plan. We leave it until your count is over, and tell you the day before we come.")
	t.act(p.day(5, "09:10"), "noora", atDesk, "agrees a wait on", func(by auth.Actor) error {
		_, err := p.a.Desk.Wait(p.ctx, by, desk.Act{Number: t.number, Reason: "Eero asked by mail not to begin before the stock count is over"}, desk.WaitInput{Until: p.ahead(6, "08:00"), Agreed: true})
		return err
	})
}

func (p *play) vpnDrops() {
	t := p.ticket("VPN drops when I dock my laptop")
	t.mailed(p.day(3, "15:20"), "helen", "Hello,\n\nsince Monday my VPN drops a few seconds after I put the laptop on the dock. I have to sign in again each time.\n\nHelen Marsh\nSupervisor, Interior Design")
	t.take(p.day(3, "15:35"), "amara", "amara", "")
	t.ask(p.day(3, "15:41"), "amara", "Hello Helen, thank you. Does it also happen with the network cable straight in the laptop, without the dock?", "whether it happens without the dock", agreement.MetricAnswer)
	t.replied(p.day(3, "16:28"), "helen", "No, without the dock it is fine.\n\nHelen")
	t.say(p.day(2, "09:30"), "amara", "Then it is something between dock and network driver. There is new firmware for your dock; we try it here first, on the same model.")
	t.ask(p.day(1, "09:40"), "amara", "The new dock firmware should stop the drops. Please update it with the button in Company Portal, dock once, and if the VPN still drops press **Collect VPN log** and send it here.", "the VPN log", agreement.MetricSupplyFacts)
	t.replied(p.ago(95), "helen", "I updated it last night and it still dropped twice this morning, both times a few seconds after docking. Log attached, and a photo of the message. I am presenting to a supplier today, so I would love to have it working by then.\n\nHelen", vpnLog(p.ago(95)), photo("IMG_2210.png"))
	t.note(p.ago(60), "amara", "Kofi, the log shows the adapter vanishing on dock, same as the Turku cases. Dock firmware is fine; driver 23.40 is not. OK to move her to 23.60 today?")
	t.note(p.ago(41), "kofi", "Yes. 23.60 is approved for T14 Gen 4. The problem record has six laptops now.", upload(attachment{"laptops.csv", "text/csv", []byte("site;laptop\nTurku;PF4XK301\nTurku;PF4XK318\nLeeds;PF4XK2M9\n")}))
}

func (p *play) fourPhones() {
	t := p.ticket("Enterprise activation: 4 phones")
	t.open(p.day(1, "09:15"), "priya", portal, desk.OpenInput{Kind: "service_request", Description: "Four phones for the new drivers in Leeds, signed out yesterday. The list is attached.",
		Files: []desk.Upload{upload(sheet("phones.csv", "holder;model;ends with\nGrace Holt;Galaxy A55;4402\nSam Reed;Galaxy A55;4403\nNina Frost;Galaxy A55;4404\nDale Page;Galaxy A55;4419\n"))}})
	t.take(p.day(1, "09:40"), "kofi", "kofi", "")
	t.say(p.day(1, "10:05"), "kofi", "Thank you Priya. Three are active. The fourth, ending 4419, is on record for somebody else, so we look at that one before we touch it.")
	t.note(p.day(1, "10:08"), "kofi", "3 checked, 1 stopped: custody does not match. 4419 was Owen's until May and never came back on paper.")
}

func (p *play) payrollFile() {
	t := p.ticket("Payroll file will not open")
	t.open(p.day(1, "10:05"), "owen", portal, desk.OpenInput{Description: "The payroll file says it is damaged. I need it by the end of the week."})
	t.take(p.day(1, "10:30"), "kofi", "kofi", "")
	t.ask(p.day(1, "11:10"), "kofi", "Hello Owen, we can bring back yesterday's version of it. What is the file called, and in which folder does it lie?", "the name of the file and its folder", agreement.MetricAnswer)
}

func (p *play) newStarter() {
	t := p.ticket("New starter on the first of the month")
	t.mailed(p.day(2, "11:15"), "marek", "Hello,\n\na new colleague starts with us on the first: Tomasz Wilk, packing planner, same room as I.\n\nMarek Nowak")
	t.take(p.day(2, "11:40"), "amara", "amara", "")
	t.act(p.day(2, "11:42"), "amara", atDesk, "sorts", func(by auth.Actor) error {
		kind := "service_request"
		_, err := p.a.Desk.Change(p.ctx, by, desk.Act{Number: t.number}, desk.Change{Kind: &kind})
		return err
	})
	t.say(p.day(2, "12:05"), "amara", "Thank you Marek. We reserve a laptop and a phone, and come back to you about the programs.")
	t.ask(p.day(1, "13:05"), "amara", "Welcome to Tomasz! Laptop, phone and accounts are reserved. Which programs does he need beside the standard ones? The list of your own laptop is attached to this request; crossing out is enough.", "the list of programs", agreement.MetricSupplyFacts)
	t.answer(p.day(1, "13:06"), "marek", letter{
		subject: "Automatic reply: New starter on the first of the month", body: "I am out of the office until tomorrow. In urgent cases please call Zofia Wrona.\n\nMarek Nowak", proven: true,
		header: []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"},
	})
}

func (p *play) auditMailbox() {
	t := p.ticket("Shared mailbox for the audit team")
	t.open(p.day(2, "13:10"), "ewa", portal, desk.OpenInput{Kind: "service_request", Impact: "low", Description: "We are four and would like one mailbox: audit@norvik.example."})
	t.take(p.day(2, "13:30"), "kofi", "kofi", "")
	t.ask(p.day(2, "13:50"), "kofi", "Gladly. A shared mailbox needs an owner who says who may read it. Who is it to be?", "who owns the mailbox", agreement.MetricAnswer)
	t.replied(p.day(1, "14:20"), "ewa", "I will own it myself. The readers are Jan, Ola, Beata and me.\n\nEwa")
}

func (p *play) blankPages() {
	t := p.ticket("Third floor printer prints blank pages")
	t.mailed(p.day(1, "08:40"), "jonas", "Hello,\n\nthe printer on the third floor prints blank pages, every second one. Colleagues walk to the second floor.\n\nJonas Weber")
	t.take(p.day(1, "09:00"), "kofi", "mart", "Tallinn local IT")
	t.ask(p.day(1, "09:12"), "mart", "Hello Jonas, there is a new toner in the cupboard beside it. Could you put it in and tell us whether that helps?", "whether new toner helps", agreement.MetricAnswer)
	t.replied(p.day(1, "13:25"), "jonas", "New toner did not help.\n\nJonas")
	twin := p.ticket("Every second page is empty")
	twin.mailed(p.day(1, "09:20"), "liis", "Hi,\n\nthe printer on our floor gives every second page empty. Jonas has written too, I think.\n\nLiis")
	twin.act(p.day(1, "09:31"), "kofi", atDesk, "merges", func(by auth.Actor) error {
		_, err := p.a.Desk.Merge(p.ctx, by, desk.Act{Number: twin.number}, desk.MergeInput{Into: t.number, Shared: true})
		return err
	})
	t.say(p.day(1, "14:40"), "mart", "Thank you for trying, Jonas. Then it is the drum; I have one here and change it tomorrow before nine.")
}

func (p *play) monitorTallinn() {
	t := p.ticket("Second monitor arrived?")
	t.open(p.day(4, "10:40"), "liis", portal, desk.OpenInput{Kind: "service_request", Impact: "low", Description: "My second monitor was promised for this week. Has it arrived?"})
	t.take(p.day(4, "11:05"), "amara", "mart", "Tallinn local IT")
	t.say(p.day(4, "11:40"), "mart", "Not yet: it comes with the next delivery, and I bring it up to you.")
	t.resolve(p.day(2, "09:30"), "mart", "It has arrived and stands on your desk, connected. Is the picture sharp?")
}

func (p *play) monitorLeeds() {
	t := p.ticket("Second monitor")
	t.open(p.day(5, "14:20"), "helen", portal, desk.OpenInput{Kind: "service_request", Impact: "low", Description: "I would like a second monitor for the drawings."})
	t.take(p.day(5, "14:45"), "kofi", "priya", "Leeds local IT")
	t.say(p.day(5, "15:30"), "priya", "Ordered. It comes with the next delivery, and I bring it to your desk.")
	t.resolve(p.day(1, "10:30"), "priya", "Your monitor is on your desk and set up beside the first one. Does it work for you?")
}

func (p *play) activatePhone() {
	t := p.ticket("Activate my new phone")
	t.open(p.day(1, "14:30"), "helen", portal, desk.OpenInput{Kind: "service_request", Description: "Galaxy A55, the number ends with 4417. I am travelling on Thursday, so Wednesday would help."})
	t.take(p.day(1, "14:50"), "amara", "priya", "Leeds local IT")
	t.say(p.day(1, "14:58"), "amara", "Helen, your local IT sends this one for you: Priya has the phone's details and checks that it is yours, so that nobody else can have it set up as theirs. You get a copy, and it is active within four hours after that.")
}

func (p *play) carrierPortal() {
	t := p.ticket("Cannot sign in to your carrier portal")
	p.at(p.ago(170), "stranger", func() error {
		return t.receive(letter{from: "dispatch@fjordline.example", name: "Fjordline dispatch", subject: t.title,
			body: "Hello,\n\nour account for your carrier portal says \"expired\". We have two trucks waiting for slots.\n\nFjordline dispatch"})
	})
}

func (p *play) drawings() {
	t := p.ticket("Access to supplier drawings")
	t.open(p.ago(38), "helen", portal, desk.OpenInput{Kind: "service_request", Urgency: "high", Description: "I need to read the drawings of the new supplier before the meeting this afternoon. The folder says I may not."})
}

func upload(a attachment) desk.Upload { return desk.Upload{Name: a.name, Body: a.body} }
