package filter

import (
	"slices"

	"bothways/internal/agreement"
	"bothways/internal/desk/ticket"
)

// Field is something of a ticket that can be asked for.
type Field string

// The fields. Word stands for words without a field.
const (
	Word        Field = ""
	Number      Field = "number"
	Turn        Field = "turn"
	State       Field = "state"
	Priority    Field = "priority"
	Impact      Field = "impact"
	Urgency     Field = "urgency"
	Kind        Field = "kind"
	AtDoor      Field = "door"
	Matter      Field = "matter" // at the second door
	Service     Field = "service"
	Sensitivity Field = "sensitive"
	Channel     Field = "channel"
	Organise    Field = "org"
	Site        Field = "site"
	Region      Field = "region"
	Team        Field = "team"
	Assignee    Field = "assignee"
	Person      Field = "person" // who asks or who gets it
	Requester   Field = "requester"
	Affected    Field = "affected"
	Submitter   Field = "submitter"
	Watcher     Field = "watcher"
	Tag         Field = "tag"
	Due         Field = "due"
	Made        Field = "made"
	Changed     Field = "changed"
	Resolved    Field = "resolved"
	Closed      Field = "closed"
	Waiting     Field = "since" // since when it is this side's turn
	SortBy      Field = "sort"
	ColumnsAre  Field = "columns"
)

// sort is what values a field takes.
type sort uint8

const (
	words   sort = iota + 1 // one of a list
	names                   // of somebody or something that exists
	numbers                 // of tickets
	past                    // an instant that lies behind
	ahead                   // an instant that lies before us
	order
	columns
	labels // tags: short words people chose
)

// about describes a field. The list is what the language knows, in the order that help shows.
type about struct {
	field   Field
	also    []string // other names people try
	sort    sort
	words   []word // of a field with a list
	what    What   // of a field with names
	none    bool   // "none" can be asked for
	example string
	says    string
}

// word is a value of a list, with other spellings.
type word struct {
	value string
	also  []string
}

func wordsOf[T ~string](all ...T) []word {
	out := make([]word, len(all))
	for i, v := range all {
		out[i] = word{value: string(v)}
	}
	return out
}

// What is a kind of thing that has a name.
type What uint8

// The kinds of named things.
const (
	OfSite What = iota + 1
	OfTeam
	OfPerson
	OfStaff // a person of IT
	OfOrganisation
	OfRegion
	OfService
)

// String is the kind in a sentence.
func (w What) String() string {
	return [...]string{"thing", "site", "team", "person", "person in IT", "organisation", "region", "service"}[w]
}

// States that stand for several.
const (
	openStates  = "open"
	endedStates = "ended"
)

var levels = wordsOf(ticket.Low, ticket.Medium, ticket.High)

var fields = []about{
	{field: Turn, sort: words, words: []word{
		{string(agreement.SideProvider), []string{"us", "ours", "our", "it"}}, {string(agreement.SideCustomer), []string{"them", "theirs", "their"}},
		{string(agreement.SideSupplier), nil}, {string(agreement.SideNobody), []string{"none", "nobodys"}}, {endedStates, nil},
	}, example: "turn:customer", says: "whose turn it is"},
	{field: State, also: []string{"status", "is"}, sort: words, words: append([]word{{openStates, nil}, {endedStates, []string{"done"}}}, wordsOf(ticket.States()...)...),
		example: "state:new", says: "open, ended, or one state"},
	{field: Priority, also: []string{"prio"}, sort: words, words: wordsOf(agreement.PriorityLow, agreement.PriorityMedium, agreement.PriorityHigh, agreement.PriorityCritical),
		example: "priority:high,critical", says: "how urgent it is for how many"},
	{field: Due, sort: ahead, none: true, example: "due:<2h", says: "when the next promise breaks: <2h, today, missed, none"},
	{field: Assignee, also: []string{"owner", "agent"}, sort: names, what: OfStaff, none: true, example: "assignee:me", says: "who has it; none for nobody"},
	{field: Team, also: []string{"group"}, sort: names, what: OfTeam, none: true, example: "team:mine", says: "which team has it; mine for your own"},
	{field: Site, also: []string{"location"}, sort: names, what: OfSite, none: true, example: "site:lund", says: "where the customer works"},
	{field: Region, sort: names, what: OfRegion, none: true, example: "region:north", says: "the region of the site"},
	{field: Organise, also: []string{"organisation", "organization", "customer"}, sort: names, what: OfOrganisation, example: "org:norvik", says: "the customer’s organisation"},
	{field: Person, also: []string{"for", "who"}, sort: names, what: OfPerson, example: "person:helen@example.org", says: "who asks or gets it"},
	{field: Requester, also: []string{"from", "caller"}, sort: names, what: OfPerson, example: "requester:helen", says: "who asks"},
	{field: Affected, sort: names, what: OfPerson, example: "affected:helen", says: "who gets it"},
	{field: Submitter, sort: names, what: OfPerson, none: true, example: "submitter:me", says: "who typed it"},
	{field: Watcher, also: []string{"watching", "watched"}, sort: names, what: OfPerson, example: "watcher:me", says: "who watches it"},
	{field: Kind, also: []string{"type"}, sort: words, words: []word{
		{string(ticket.Incident), nil}, {string(ticket.ServiceRequest), []string{"request"}}, {string(ticket.Question), nil}, {string(ticket.Complaint), nil},
	}, example: "kind:incident", says: "what it is"},
	{field: AtDoor, sort: words, words: []word{{"desk", []string{"service_desk", "first"}}, {"levels", []string{"service_levels", "second"}}},
		example: "door:levels", says: "at which door it is: the desk’s, or that of levels and price"},
	{field: Matter, sort: words, none: true, words: wordsOf(ticket.Matters()...), example: "matter:price", says: "what it is about, at the second door"},
	{field: Service, sort: names, what: OfService, none: true, example: "service:mail", says: "the service it is about"},
	{field: Tag, also: []string{"label", "tags"}, sort: labels, none: true, example: "tag:printer", says: "a tag it has"},
	{field: Channel, also: []string{"via", "source"}, sort: words, words: []word{
		{"mail", []string{"email"}}, {"portal", []string{"web"}}, {"desk", nil}, {"phone", []string{"call"}}, {"walk_up", []string{"walkup"}}, {"api", nil}, {"cli", nil}, {"system", nil},
	}, example: "channel:mail", says: "how it came in"},
	{field: Impact, sort: words, words: levels, example: "impact:high", says: "how many it touches"},
	{field: Urgency, sort: words, words: levels, example: "urgency:low", says: "how soon it is needed"},
	{field: Sensitivity, also: []string{"sensitivity"}, sort: words, none: true, words: wordsOf("security", "safety", "procurement", "legal_hold"),
		example: "sensitive:security", says: "silence never ends these"},
	{field: Number, also: []string{"id", "ticket"}, sort: numbers, example: "number:1001..1020", says: "one number, or from..to"},
	{field: Made, also: []string{"created", "opened"}, sort: past, example: "made:>2026-01-31", says: "when it came in: today, <3d, a day, from..to"},
	{field: Changed, also: []string{"updated", "modified"}, sort: past, example: "changed:<3d", says: "when something happened last"},
	{field: Waiting, also: []string{"waiting"}, sort: past, example: "since:>2d", says: "since when it is that side’s turn"},
	{field: Resolved, also: []string{"solved"}, sort: past, example: "resolved:today", says: "when it was solved"},
	{field: Closed, sort: past, example: "closed:2026-01-01..2026-01-31", says: "when it ended"},
	{field: SortBy, also: []string{"order"}, sort: order, example: "sort:made", says: "due, made, changed, number, priority, since; -made turns it round"},
	{field: ColumnsAre, also: []string{"cols", "column"}, sort: columns, example: "columns:site,team,made", says: "a table with these columns"},
}

// find gives a field by its name or another name for it.
func find(name string) (*about, bool) {
	for i := range fields {
		if string(fields[i].field) == name || slices.Contains(fields[i].also, name) {
			return &fields[i], true
		}
	}
	return nil, false
}

// Help is one field of the language, for pages that explain it.
type Help struct {
	Field   Field
	Example string
	Says    string
	Words   []string // what can be asked for, of a field with a list
}

// Fields lists the language.
func Fields() []Help {
	out := make([]Help, len(fields))
	for i := range fields {
		f := &fields[i]
		out[i] = Help{Field: f.field, Example: f.example, Says: f.says}
		switch f.sort {
		case words:
			for _, w := range f.words {
				out[i].Words = append(out[i].Words, w.value)
			}
		case order:
			for _, o := range orders {
				out[i].Words = append(out[i].Words, string(o))
			}
		case columns:
			for _, c := range allColumns {
				out[i].Words = append(out[i].Words, string(c))
			}
		}
	}
	return out
}

// Order is by what a list is sorted.
type Order string

// The orders. Each has the direction that is of most use; Sort.Back turns it round.
const (
	ByDue      Order = "due"      // the promise that breaks first
	ByMade     Order = "made"     // the newest
	ByChanged  Order = "changed"  // what happened last
	ByNumber   Order = "number"   // the highest
	ByPriority Order = "priority" // the most urgent, then the oldest
	BySince    Order = "since"    // who has waited longest
)

var orders = []Order{ByDue, ByMade, ByChanged, ByNumber, ByPriority, BySince}

// Sort is the order of a list. The zero value is the list's own.
type Sort struct {
	By   Order
	Back bool
}

// String is the sort as the language writes it.
func (s Sort) String() string {
	if s.Back {
		return "-" + string(s.By)
	}
	return string(s.By)
}

// Column is a column of a table of tickets.
type Column string

// The columns, beside number and subject, which every table has.
const (
	ColTurn      Column = "turn"
	ColDue       Column = "due"
	ColRequester Column = "requester"
	ColAffected  Column = "affected"
	ColSite      Column = "site"
	ColTeam      Column = "team"
	ColAssignee  Column = "assignee"
	ColPriority  Column = "priority"
	ColState     Column = "state"
	ColKind      Column = "kind"
	ColChannel   Column = "channel"
	ColMade      Column = "made"
	ColChanged   Column = "changed"
	ColLast      Column = "last"
)

var allColumns = []Column{ColTurn, ColDue, ColRequester, ColAffected, ColSite, ColTeam, ColAssignee, ColPriority, ColState, ColKind, ColChannel, ColMade, ColChanged, ColLast}

// Columns lists every column.
func Columns() []Column { return slices.Clone(allColumns) }

// Orders lists every order.
func Orders() []Order { return slices.Clone(orders) }
