package story

import (
	"time"
)

// spam is a mail nobody asked for; somebody of the desk says that it is no ticket.
func (y *year) spam(dc *dice, d time.Time) {
	offer := one(dc, []struct{ from, name, subject, body string }{
		{"growth@rank-rocket.example", "Rank Rocket", "More visitors in {n} days", "Dear webmaster,\n\nwe bring your page to number one. Answer for an offer without obligation."},
		{"win@prize-desk.example", "Prize Desk", "You were chosen", "Hello dear,\n\nyou have won. To receive your prize send us your details."},
		{"sales@toner-now.example", "Toner Now", "Toner at half the price", "Dear buyer,\n\nall colours in stock, half the price of the maker's. Order today and get a mug."},
		{"list@expo-leads.example", "Expo Leads", "Attendees of the fair, {n} 000 contacts", "Hi,\n\nwould you be interested in the list of attendees? We can share counts and cost."},
		{"invoice@pay-quick.example", "Pay Quick", "Overdue: invoice 2-{serial}", "Final reminder. Open the attachment and pay within 24 hours."},
	})
	v := y.voices(dc, "")
	at := y.Service.at(d.In(y.Service.Zone), 0, 20+v.below(1380)).UTC()
	c := &Case{Topic: "spam", Subject: v.fill(offer.subject), Requester: offer.from, Stranger: offer.name}
	c.Acts = append(c.Acts, Act{At: at, Verb: Mail, Text: v.fill(offer.body)},
		Act{At: y.Service.after(at, time.Duration(3+v.below(90))*time.Minute).UTC().Truncate(time.Second), Who: one(v.dice, y.Crews["desk"].Members), Verb: Discard})
	y.told = append(y.told, c)
}

// machine is a report of some program that was told the desk's address.
func (y *year) machine(dc *dice, d time.Time) {
	report := one(dc, []struct{ from, name, subject, body string }{
		{"backup@norvik-it.example", "Backup", "Backup finished with warnings", "Job nightly-{n}: 412 files, {few} skipped because they were open."},
		{"ups@norvik-it.example", "UPS monitor", "Self test passed", "UPS in cabinet {n}: self test passed, load 41 %."},
		{"scanner@norvik-it.example", "Lexmark", "Scan complete", "A job of {n} pages was sent."},
	})
	v := y.voices(dc, "")
	at := y.Service.at(d.In(y.Service.Zone), 0, 120+v.below(240)).UTC()
	c := &Case{Topic: "machine", Subject: v.fill(report.subject), Requester: report.from, Stranger: report.name, Header: "Auto-Submitted: auto-generated"}
	c.Acts = append(c.Acts, Act{At: at, Verb: Mail, Text: v.fill(report.body)},
		Act{At: y.Service.after(at, time.Duration(10+v.below(60))*time.Minute).UTC().Truncate(time.Second), Who: one(v.dice, y.Crews["desk"].Members), Verb: Discard})
	y.told = append(y.told, c)
}

// stranger is somebody outside who needs something of ours, and gets an answer as anybody does.
func (y *year) stranger(dc *dice, d time.Time) {
	ask := one(dc, []struct{ from, name, subject, body, answer string }{
		{"dispatch@fjordline.example", "Fjordline dispatch", "Your slot page shows no times for {day}", "Hello,\n\nyour page for slots shows nothing for {day}. We have {few} trucks.\n\nFjordline dispatch", "Thank you for writing. The slots of {day} are open again; a list of holidays had closed them."},
		{"qa@baltic-foundry.example", "Baltic Foundry", "Certificate of your supplier page", "Good day,\n\nour browser warns at your page for certificates since today.\n\nQuality, Baltic Foundry", "Thank you, that was ours. The certificate is new and the warning gone."},
		{"office@musterbau.example", "Musterbau", "Drawings arrive without the last page", "Hello,\n\nthe drawings you exchange with us end at page {n}. The title says there is one more.", "You were right: the last page was cut off by a limit of ours. All pages are in the exchange folder now."},
		{"accounts@vento-sul.example", "Vento Sul", "Invoice address", "Bom dia,\n\nto which address do we send invoices from now on? The old one comes back.", "Bom dia! To the address at the foot of this mail; the old one forwards again as well, until the end of the year."},
	})
	v := y.voices(dc, "")
	at := y.Service.at(d.In(y.Service.Zone), 0, 500+v.below(500)).UTC()
	who := one(v.dice, y.Crews["desk"].Members)
	c := &Case{Topic: "stranger", Subject: v.fill(ask.subject), Requester: ask.from, Stranger: ask.name}
	add := func(d time.Duration, a Act) {
		at = y.Service.after(at, d).UTC().Truncate(time.Second)
		a.At, a.Who = at, who
		c.Acts = append(c.Acts, a)
	}
	c.Acts = append(c.Acts, Act{At: at, Verb: Mail, Text: v.fill(ask.body)})
	add(time.Duration(10+v.below(150))*time.Minute, Act{Verb: Take, Person: who})
	add(time.Duration(10+v.below(200))*time.Minute, Act{Verb: Resolve, Text: v.fill(ask.answer)})
	y.told = append(y.told, c)
}

// back is midnight of the first working day that is so many days before the end of the story.
func (y *year) back(days int) time.Time {
	h := y.Service
	t := h.next(h.at(y.Until.In(h.Zone), -days, 0))
	return h.at(t, 0, 0)
}

// outage is the day the data centre was cut off: one call first, then everybody, all tied to the first.
func (y *year) outage() {
	dc := &dice{y.Seed ^ hash("outage")}
	day, tp := y.back(97), y.topic("outage")
	minute := func(m int) time.Time { return y.Service.at(day, 0, m) }
	if day.Before(y.From) {
		return
	}
	crew := y.Crews["network"]
	main := &Case{Topic: tp.name, Subject: "All sites cut off from the data centre", Kind: "incident", Impact: "high", Urgency: "high", Requester: y.Contacts["Leeds"]}
	agent, solver := y.Crews["desk"].Members[0], crew.Members[0]
	for _, a := range []Act{
		{At: minute(595), Who: agent, Verb: Open, Channel: "phone", Text: "Leeds calls: order system and mail are gone, telephone works. Porto on the other line says the same."},
		{At: minute(597), Who: agent, Verb: Take, Person: solver, Team: crew.Team},
		{At: minute(604), Who: agent, Verb: Say, Text: "We know. All sites are cut off since 9:52, and the network team is on it. You hear from us every hour, also if there is nothing new."},
		{At: minute(612), Who: solver, Verb: Note, Text: "Both lines down, and they should not share a duct. Carrier confirms a cut at a building site. Calling for the splice crew."},
		{At: minute(655), Who: agent, Verb: Say, Text: "The cause is a line that was dug up, and the second one ran beside it, which nobody had told us. The crew is on site; we expect an hour."},
		{At: minute(700), Who: solver, Verb: Note, Text: "First pair lit at 11:38. Moving sites over one by one, Tallinn first."},
		{At: minute(726), Who: solver, Verb: Resolve, Text: "All sites are connected again since 12:04. The second line takes another road from next month on, and we test the change-over every quarter."},
		{At: minute(790), Who: y.Contacts["Leeds"], Verb: Confirm, Channel: "portal", Text: "Yes, all back here. Thank you for the hourly word."},
	} {
		a.At = a.At.UTC()
		main.Acts = append(main.Acts, a)
	}
	y.told = append(y.told, main)
	for i := range min(26, int(y.PerDay*4)) {
		p := one(dc, y.People)
		t := &teller{voice: y.voices(dc, p.Place), y: y, topic: tp, who: p, t: minute(598 + i*3 + dc.below(8)), agent: one(dc, y.Crews["desk"].Members), promise: promises["medium"]}
		t.slots["colleague"] = t.colleague()
		t.c = &Case{Topic: tp.name, Subject: t.say(tp, "S"), Requester: p.Key}
		t.mail, t.solver = true, t.agent
		t.act(Act{Who: p.Key, Verb: Mail, Text: t.letter(t.say(tp, "O"))})
		t.t = t.t.Add(time.Duration(6+t.below(25)) * time.Minute)
		t.act(Act{Who: t.agent, Verb: Take, Person: t.agent})
		if i%4 == 1 { // it goes on in the first
			t.act(Act{Who: t.agent, Verb: Merge, Other: main})
			y.told = append(y.told, t.c)
			continue
		}
		t.act(Act{Who: t.agent, Verb: Link, Other: main})
		t.act(Act{Who: t.agent, Verb: Say, Text: t.greeted(t.say(tp, "A"))})
		t.t = minute(728 + t.below(40))
		t.act(Act{Who: t.agent, Verb: Resolve, Text: t.say(tp, "F")})
		t.accepted()
		y.told = append(y.told, t.c)
	}
}

// move is the fortnight in which Gdańsk moved to its new building.
func (y *year) move() {
	dc := &dice{y.Seed ^ hash("move")}
	for i := range int(y.PerDay * 3) {
		d := y.back(212 - i*14/int(max(1, y.PerDay*3)))
		if d.Before(y.From) || len(y.by["Gdańsk"]) == 0 {
			return
		}
		y.tell(dc, y.topic("office-move"), one(dc, y.by["Gdańsk"]), d)
	}
}

// rollout is three weeks of new telephones: local IT sends the activations, the holders have questions.
func (y *year) rollout() {
	dc := &dice{y.Seed ^ hash("rollout")}
	for i := range int(y.PerDay * 5) {
		d := y.back(75 - i*21/int(max(1, y.PerDay*5)))
		if d.Before(y.From) {
			return
		}
		p := one(dc, y.People)
		tp := y.topic("rollout-care")
		if i%2 == 0 {
			tp = y.topic("rollout")
			key := one(dc, y.Crews["local@"+p.Place].Members)
			p = Person{Key: key, Name: y.Names[key], Place: p.Place, Tongue: p.Tongue}
		}
		y.tell(dc, tp, p, d)
	}
}
