package filter_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/internal/desk/filter"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/text"
)

// world knows a few names.
type world map[filter.What][]filter.Named

func (w world) Find(_ context.Context, what filter.What, name string) (found []filter.Named, near []string, err error) {
	for _, n := range w[what] {
		if strings.Contains(text.Fold(n.Name), text.Fold(name)) || n.ID == name {
			found = append(found, n)
		}
		near = append(near, n.Name)
	}
	return found, near, nil
}

var names = world{
	filter.OfSite:   {{ID: "s-lund", Name: "Lund"}, {ID: "s-leeds", Name: "Leeds"}},
	filter.OfTeam:   {{ID: "t-desk", Name: "Service desk"}, {ID: "t-leeds", Name: "Leeds local IT"}},
	filter.OfPerson: {{ID: "p-helen", Name: "Helen Marsh"}, {ID: "p-helen2", Name: "Helen Ito"}, {ID: "p-owen", Name: "Owen Clarke"}},
	filter.OfStaff:  {{ID: "p-amara", Name: "Amara Okafor"}},
}

// now is a Saturday in a zone where summer time ends in the night to 25 October.
var now = time.Date(2026, 11, 28, 15, 30, 0, 0, time.FixedZone("", 3600))

func bind(t *testing.T, s string) filter.Bound {
	t.Helper()
	b, err := filter.Parse(s).Bind(context.Background(), filter.Reader{PersonID: "p-me", Teams: []string{"t-desk"}, Now: now, Names: names})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func micros(s string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, now.Location())
	if err != nil {
		panic(err)
	}
	return clock.Micros(t)
}

func TestEveryConditionGivesItsTest(t *testing.T) {
	const top = int64(1<<63 - 1)
	rng := func(of filter.Of, from, to int64) filter.Test {
		return filter.Test{Of: of, Ranged: true, From: from, To: to}
	}
	in := func(of filter.Of, v ...string) filter.Test { return filter.Test{Of: of, In: v} }
	for q, want := range map[string]filter.Cond{
		"site:lund":                     {Either: []filter.Test{in(filter.OfSiteID, "s-lund")}},
		"SITE:Lund":                     {Either: []filter.Test{in(filter.OfSiteID, "s-lund")}},
		"-site:lund":                    {Not: true, Either: []filter.Test{in(filter.OfSiteID, "s-lund")}},
		"site:lund,leeds":               {Either: []filter.Test{in(filter.OfSiteID, "s-lund", "s-leeds")}},
		"site:none":                     {Either: []filter.Test{in(filter.OfSiteID, "")}},
		`team:"Leeds local IT"`:         {Either: []filter.Test{in(filter.OfTeamID, "t-leeds")}},
		`team:“Leeds local IT”,mine`:    {Either: []filter.Test{in(filter.OfTeamID, "t-leeds", "t-desk")}},
		"assignee:me":                   {Either: []filter.Test{in(filter.OfAssignee, "p-me")}},
		"assignee:none":                 {Either: []filter.Test{in(filter.OfAssignee, "")}},
		"owner:amara":                   {Either: []filter.Test{in(filter.OfAssignee, "p-amara")}},
		"person:owen":                   {Either: []filter.Test{in(filter.OfRequester, "p-owen"), in(filter.OfAffected, "p-owen")}},
		"watcher:me":                    {Either: []filter.Test{in(filter.OfWatcher, "p-me")}},
		"turn:customer":                 {Either: []filter.Test{in(filter.OfTurn, "customer")}},
		"turn:ours":                     {Either: []filter.Test{in(filter.OfTurn, "provider")}},
		"turn:ended":                    {Either: []filter.Test{{Of: filter.OfOpen}}},
		"state:open":                    {Either: []filter.Test{{Of: filter.OfOpen, Yes: true}}},
		"state:new,ended":               {Either: []filter.Test{{Of: filter.OfOpen}, in(filter.OfState, "new")}},
		`state:"in progress"`:           {Either: []filter.Test{in(filter.OfState, "in_progress")}},
		"status:in-progress":            {Either: []filter.Test{in(filter.OfState, "in_progress")}},
		"priority:high,critical":        {Either: []filter.Test{in(filter.OfPriority, "high", "critical")}},
		"kind:request":                  {Either: []filter.Test{in(filter.OfKind, "service_request")}},
		"channel:email":                 {Either: []filter.Test{in(filter.OfChannel, "mail")}},
		"sensitive:none":                {Either: []filter.Test{in(filter.OfSensitivity, "")}},
		"tag:Prínter,none":              {Either: []filter.Test{in(filter.OfTag, "printer", "")}},
		"number:BW-1001":                {Either: []filter.Test{rng(filter.OfNumber, 1001, 1002)}},
		"bw-1001":                       {Either: []filter.Test{rng(filter.OfNumber, 1001, 1002)}},
		"number:1001..BW-1010":          {Either: []filter.Test{rng(filter.OfNumber, 1001, 1011)}},
		"number:>1001":                  {Either: []filter.Test{rng(filter.OfNumber, 1002, top)}},
		"due:<2h":                       {Either: []filter.Test{rng(filter.OfDue, 1, micros("2026-11-28 17:30"))}},
		"due:2h":                        {Either: []filter.Test{rng(filter.OfDue, 1, micros("2026-11-28 17:30"))}},
		"due:>1d":                       {Either: []filter.Test{rng(filter.OfDue, micros("2026-11-29 15:30"), top)}},
		"due:missed":                    {Either: []filter.Test{rng(filter.OfDue, 1, micros("2026-11-28 15:30"))}},
		"due:today":                     {Either: []filter.Test{rng(filter.OfDue, micros("2026-11-28 00:00"), micros("2026-11-29 00:00"))}},
		"due:tomorrow":                  {Either: []filter.Test{rng(filter.OfDue, micros("2026-11-29 00:00"), micros("2026-11-30 00:00"))}},
		"due:week":                      {Either: []filter.Test{rng(filter.OfDue, micros("2026-11-23 00:00"), micros("2026-11-30 00:00"))}},
		"due:none":                      {Either: []filter.Test{{Of: filter.OfDue, None: true}}},
		"made:>2026-01-01":              {Either: []filter.Test{rng(filter.OfMade, micros("2026-01-02 00:00"), top)}},
		"made:>=2026-01-01":             {Either: []filter.Test{rng(filter.OfMade, micros("2026-01-01 00:00"), top)}},
		"made:<2026-01-01":              {Either: []filter.Test{rng(filter.OfMade, 1, micros("2026-01-01 00:00"))}},
		"created:2026-01":               {Either: []filter.Test{rng(filter.OfMade, micros("2026-01-01 00:00"), micros("2026-02-01 00:00"))}},
		"closed:2026-01-01..2026-01-31": {Either: []filter.Test{rng(filter.OfClosed, micros("2026-01-01 00:00"), micros("2026-02-01 00:00"))}},
		"changed:<3d":                   {Either: []filter.Test{rng(filter.OfChanged, micros("2026-11-25 15:30"), top)}},
		"changed:>3d":                   {Either: []filter.Test{rng(filter.OfChanged, 1, micros("2026-11-25 15:30"))}},
		"since:>2d":                     {Either: []filter.Test{rng(filter.OfSince, 1, micros("2026-11-26 15:30"))}},
		"projector":                     {Either: []filter.Test{{Of: filter.OfSubject, Words: "projector"}}},
		"-Projéctor":                    {Not: true, Either: []filter.Test{{Of: filter.OfSubject, Words: "projector"}}},
		`"Third  floor"`:                {Either: []filter.Test{{Of: filter.OfSubject, Words: "third floor"}}},
		`-"site:lund"`:                  {Not: true, Either: []filter.Test{{Of: filter.OfSubject, Words: "site lund"}}},
		"https://example.org/x":         {Either: []filter.Test{{Of: filter.OfSubject, Words: "https example org x"}}},
		"100%_off":                      {Either: []filter.Test{{Of: filter.OfSubject, Words: "100 off"}}},
		"e-mail":                        {Either: []filter.Test{{Of: filter.OfSubject, Words: "e mail"}}},
	} {
		b := bind(t, q)
		if len(b.Problems) > 0 || len(b.Conds) != 1 {
			t.Errorf("%s: %+v", q, b)
			continue
		}
		got := b.Conds[0]
		if got.Not != want.Not || !slices.EqualFunc(got.Either, want.Either, func(a, b filter.Test) bool {
			return a.Of == b.Of && a.Ranged == b.Ranged && a.From == b.From && a.To == b.To && a.Yes == b.Yes && a.None == b.None && a.Words == b.Words && slices.Equal(a.In, b.In)
		}) {
			t.Errorf("%s:\n got %+v\nwant %+v", q, got, want)
		}
	}
}

func TestWhatCannotBeReadSaysWhereAndWhatWouldBeRight(t *testing.T) {
	for _, c := range []struct {
		q, word string
		at      int
		says    string
		try     string
		conds   int // of the rest, which still counts
	}{
		{"turn:customer sit:lund", "sit:lund", 15, "There is no field “sit”.", "site:lund", 1},
		{"-asignee:me", "-asignee:me", 1, "There is no field “asignee”.", "-assignee:me", 0},
		{"fluxcapacitor:1.21 new", "fluxcapacitor:1.21", 1, "There is no field “fluxcapacitor”. For the words themselves, put them in quotation marks.", `"fluxcapacitor:1.21"`, 1},
		{"printer state:nwe", "state:nwe", 9, "There is no state “nwe”.", "state:new", 1},
		{"ü priority:urgent", "priority:urgent", 3, "There is no priority “urgent”. Write one of: low, medium, high, critical.", "", 1},
		{"priority:hgih,low", "priority:hgih,low", 1, "There is no priority “hgih”.", "priority:high", 1},
		{"site:lnud new", "site:lnud", 1, "There is no site “lnud” that you can see.", "site:Lund", 1},
		{`team:"leds local it"`, `team:"leds local it"`, 1, "There is no team “leds local it” that you can see.", `team:"Leeds local IT"`, 0},
		{"site:", "site:", 1, "Nothing stands after “site:”.", "site:lund", 0},
		{`a "never closed`, `"never closed`, 3, "A quotation mark opens here and none closes it.", `"never closed"`, 2},
		{"due:soon", "due:soon", 1, "“soon” is no time.", "due:<2h", 0},
		{"made:2026-13-41", "made:2026-13-41", 1, "is no time", "made:>2026-01-31", 0},
		{"number:12..3", "number:12..3", 1, "is no number of a ticket", "number:1001..1020", 0},
		{"sort:deu a", "sort:deu", 1, "There is no sort “deu”.", "sort:due", 1},
		{"columns:site,teem", "columns:site,teem", 1, "There is no columns “teem”.", "columns:team", 0},
		{"*** a", "***", 1, "There are no letters or digits", "", 1},
	} {
		q := filter.Parse(c.q)
		b := bind(t, c.q)
		if len(b.Problems) != 1 {
			t.Errorf("%s: %+v", c.q, b.Problems)
			continue
		}
		p := b.Problems[0]
		if p.Word != c.word || q.At(p) != c.at || !strings.Contains(p.Msg, c.says) || p.Try != c.try || len(b.Conds) != c.conds {
			t.Errorf("%s: at %d %+v, %d conditions left", c.q, q.At(p), p, len(b.Conds))
		}
	}
}

func TestANameThatSeveralHaveMeansAllAndSaysSo(t *testing.T) {
	b := bind(t, "requester:helen")
	if got := b.Conds[0].Either[0].In; !slices.Equal(got, []string{"p-helen", "p-helen2"}) {
		t.Error(got)
	}
	if len(b.Notes) != 1 || b.Notes[0] != "“helen” could be 2: Helen Marsh, Helen Ito. All of them are shown." {
		t.Error(b.Notes)
	}
	b, _ = filter.Parse("team:mine").Bind(context.Background(), filter.Reader{Names: names, Now: now})
	if len(b.Notes) != 1 || !slices.Equal(b.Conds[0].Either[0].In, []string{"nobody"}) {
		t.Errorf("%+v", b)
	}
}

func TestOrderAndColumnsArePartOfTheText(t *testing.T) {
	b := bind(t, "site:lund sort:-made columns:site,team,made")
	if b.Sort != (filter.Sort{By: filter.ByMade, Back: true}) || !slices.Equal(b.Columns, []filter.Column{"site", "team", "made"}) || len(b.Conds) != 1 {
		t.Errorf("%+v", b)
	}
}

func TestAQueryIsEditedAsText(t *testing.T) {
	q := filter.Parse(`site:lund -turn:customer "third floor" sort:made`)
	for got, want := range map[string]string{
		q.With(filter.Site, "Leeds"):                 `-turn:customer "third floor" sort:made site:Leeds`,
		q.With(filter.Team, "Leeds local IT"):        `site:lund -turn:customer "third floor" sort:made team:"Leeds local IT"`,
		q.Drop(filter.SortBy):                        `site:lund -turn:customer "third floor"`,
		q.Without(q.Terms[2]):                        `site:lund -turn:customer sort:made`,
		filter.Parse("sit:x a").With("site", "Lund"): "sit:x a site:Lund",
		filter.Written(filter.Word, `say "hi", all`): `"say hi, all"`,
		filter.Written(filter.Team, "mine:all"):      `team:"mine:all"`,
	} {
		if got != want {
			t.Errorf("got %s want %s", got, want)
		}
	}
}

func TestBoundsAreToldAndKept(t *testing.T) {
	for _, q := range []string{strings.Repeat("a", 600), strings.Repeat("a ", 60), "priority:" + strings.Repeat("low,", 60)} {
		b := bind(t, q)
		if len(b.Problems) != 1 || !strings.Contains(b.Problems[0].Msg, "left out") {
			t.Errorf("%.20s: %+v", q, b.Problems)
		}
	}
}

func TestTheExamplesOfTheHelpCanBeRead(t *testing.T) {
	for _, h := range filter.Fields() {
		q := filter.Parse(h.Example)
		if len(q.Problems) > 0 {
			t.Errorf("%s: %+v", h.Example, q.Problems)
		}
		for _, w := range h.Words {
			if q := filter.Parse(string(h.Field) + ":" + w); len(q.Problems) > 0 {
				t.Errorf("%s:%s: %+v", h.Field, w, q.Problems)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "site:lund turn:customer priority:high,critical", `-"a b" due:<2h`, `team:"x`, "made:2026-01-01..", ":", "a:,,,", "due:99999999h", "“”:„", "-", "--a", "number:9223372036854775807", "sort:-due columns:site", "\x00\xff", "site:'; DROP TABLE desk_ticket--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := filter.Parse(s)
		for _, p := range q.Problems {
			if p.Pos < 0 || p.End < p.Pos || p.End > len(q.Text) || p.Msg == "" || q.At(p) < 1 {
				t.Fatalf("%q: %+v", s, p)
			}
		}
		at := 0
		for _, term := range q.Terms {
			if term.Pos < at || term.End < term.Pos || term.End > len(q.Text) || len(term.Values) == 0 {
				t.Fatalf("%q: %+v", s, term)
			}
			at = term.End
			if again := filter.Parse(q.Without(term)); len(again.Terms) > len(q.Terms) {
				t.Fatalf("%q without %q has more terms: %q", s, q.Text[term.Pos:term.End], again.Text)
			}
		}
		b, err := q.Bind(context.Background(), filter.Reader{PersonID: "p", Now: now, Names: names})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range b.Conds {
			if len(c.Either) == 0 {
				t.Fatalf("%q: an empty condition", s)
			}
			for _, test := range c.Either {
				if test.Of == 0 || test.Of > filter.OfSubject {
					t.Fatalf("%q: a test of no column", s)
				}
			}
		}
		if got := filter.Parse(q.Text); len(got.Terms) != len(q.Terms) {
			t.Fatalf("%q reads differently the second time", s)
		}
	})
}
