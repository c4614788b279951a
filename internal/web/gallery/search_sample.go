package gallery

import (
	"bothways/internal/web/find"
	"bothways/internal/web/ui"
	"bothways/internal/web/ui/found"
)

// words makes a text of which every second stretch is what was looked for.
func words(parts ...string) []found.Stretch {
	var out []found.Stretch
	for i, p := range parts {
		if p != "" {
			out = append(out, found.Stretch{Text: p, Hit: i%2 == 1})
		}
	}
	return out
}

func searchRows() []found.Ticket {
	return []found.Ticket{
		{Href: Prefix + "ticket", Number: "BW-20418", Subject: words("", "VPN", " drops when I dock my laptop"), About: "Helen Marsh · Leeds", Chip: reader().StaffChip(theirs(at(24, 11, 15))),
			From: "Helen Marsh, request", At: at(23, 9, 12), Passage: words("Since this morning the ", "VPN", " goes away whenever the laptop is docked …")},
		{Href: Prefix + "ticket", Number: "BW-20399", Subject: words("Laptop exchange"), About: "Owen Price · Leeds", Chip: reader().StaffChip(theirs(at(24, 15, 0))), Inner: true,
			From: "Amara Okafor, note", At: at(20, 16, 4), Passage: words("… the dock’s firmware is old; ", "VPN", " and sound both suffer, see the list")},
		{Href: Prefix + "ticket", Number: "BW-20101", Subject: words("", "VPN", " certificates run out"), About: "Liis Tamm · Tallinn", Chip: reader().StaffChip(ui.Due{Side: ui.Nobody, Waiting: "Closed"}),
			From: "Liis Tamm, file", At: at(3, 8, 30), Passage: words("certificates.csv: gateway;", "vpn", "-eu-1;expires 2026-11-30")},
	}
}

func searchPage() find.StaffPage {
	f := frame("Search")
	f.Query = "vpn"
	return find.StaffPage{
		Frame: f, Found: find.Result{Reader: reader(), Query: "vpn", Looked: true, Count: "1,000+ tickets", Many: true, Cut: true, Rows: searchRows(), Pages: ui.Pages{Next: Prefix + "search", Label: "what was found"}},
		People: []found.Person{{Href: "#", Name: words("Vera ", "Vpn", "ova"), Address: words("vera.", "vpn", "ova@norvik.example"), About: "Norvik Industries, Turku"}}, MorePeople: true,
	}
}

func searchNothing() find.StaffPage {
	f := frame("Search")
	f.Query = "zebra sit:leeds"
	return find.StaffPage{Frame: f, Slips: []string{"“sit”: There is no such field. Did you mean site:leeds?"}, Found: find.Result{Reader: reader(), Query: "zebra sit:leeds", Looked: true, Slow: false}}
}

func portalSearch() find.CustomerPage {
	rows := searchRows()[:1]
	rows[0].Chip, rows[0].About, rows[0].Href = reader().PortalChip(theirs(at(24, 11, 15))), "", Prefix+"request"
	return find.CustomerPage{Frame: portalFrame("Search", -1), Found: find.Result{Reader: reader(), Query: "vpn", Looked: true, Count: "1 request", Rows: rows, Slow: true}}
}
