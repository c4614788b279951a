package reading

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/outcome"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/text"
	"bothways/internal/people"
	"bothways/internal/web/ui"
)

// Source is where readings come from. It is safe for concurrent use.
type Source struct {
	Desk     *desk.Service
	People   *people.Service
	Book     *agreement.Book
	DB       *db.DB
	Clock    clock.Clock
	DeskName string // what pages call the desk

	directory kept[Directory]
	tags      kept[[]string]
	places    keptBy[Place]
	records   keptBy[outcome.Record]
}

// By is who reads.
type By struct {
	Actor  auth.Actor // with whose rights everything is loaded
	Me     string     // person id: whom "you" means
	Reader ui.Reader
	Staff  bool // written for IT; else for the customer's side
}

// Reading is one ticket as one reader is told of it.
type Reading struct {
	Ticket  desk.Ticket
	Ledger  desk.Ledger
	Said    []desk.Message
	Parties []desk.Participant
	Links   []desk.Link // as far as the reader may see their other end

	src      *Source
	by       By
	notes    []desk.Note
	events   []happening
	cast     map[string]people.Person
	teams    Directory
	turns    map[int64]agreement.Turn // that changed sides, by the event that began them
	arrived  map[string]bool          // messages of IT that reached the customer, by id
	lost     map[string]bool          // and those that never will
	noters   map[string]string        // who wrote down what was said on the telephone, by message
	others   map[string]int64         // numbers of other tickets in the history that the reader may read, by id
	joined   []joined                 // what was said on tickets merged into this one
	tagged   bool
	services map[string]string // names of those that events name
}

// happening is an event with what its data says, as far as pages tell it.
type happening struct {
	desk.Event
	d facts
}

// facts are the ids, enums and figures of an event.
type facts struct {
	Message   string             `json:"message"`
	Note      string             `json:"note"`
	Ref       int64              `json:"ref"`
	From      int64              `json:"from"`
	Until     int64              `json:"until"`
	Side      agreement.Side     `json:"side"`
	Dispute   string             `json:"dispute"`
	Minor     int64              `json:"minor"`
	Currency  string             `json:"currency"`
	Metric    agreement.Metric   `json:"metric"`
	Priority  agreement.Priority `json:"priority"`
	Before    string             `json:"before"`
	Party     string             `json:"party"`
	VersionID string             `json:"version_id"`
	Field     string             `json:"field"`
	Cause     string             `json:"cause"`
	Action    string             `json:"action"`
	Consent   bool               `json:"consent"`
	Team      string             `json:"team"`
	Follows   bool               `json:"follows"`
	Service   string             `json:"service"`
}

// Glance tells of a ledger alone: no names, no conversation.
func (s *Source) Glance(l desk.Ledger, by By) *Reading {
	return &Reading{Ticket: l.Ticket, Ledger: l, src: s, by: by}
}

// Read loads a ticket with its conversation; the notes too when staff read who may. Errors: NotFound.
func (s *Source) Read(ctx context.Context, by By, number int64) (*Reading, error) {
	st, err := s.Desk.Story(ctx, by.Actor, number, by.Staff)
	if err != nil {
		return nil, err
	}
	t := s.Glance(st.Ledger, by)
	t.Parties, t.Said, t.notes, t.Links = st.Parties, st.Messages, st.Notes, st.Links
	t.take(&st)
	if err := s.join(ctx, t); err != nil {
		return nil, err
	}
	return t, s.name(ctx, t)
}

// heard is what events say, read once for everybody who is shown the same: it names nobody and knows no instant. Nobody changes it.
type heard struct {
	events  []happening
	arrived map[string]bool
	lost    map[string]bool
	noters  map[string]string
	tagged  bool
}

// take reads the events.
func (t *Reading) take(st *desk.Story) {
	h := st.Made(func() any { return hear(st.Events) }).(*heard)
	t.events, t.arrived, t.lost, t.noters, t.tagged = h.events, h.arrived, h.lost, h.noters, h.tagged
	t.turns = map[int64]agreement.Turn{}
	for i, turn := range t.Ledger.Result.Turns {
		if i == 0 || t.Ledger.Result.Turns[i-1].Side != turn.Side {
			t.turns[turn.CauseSeq] = turn
		}
	}
}

func hear(events []desk.Event) *heard {
	out := &heard{events: make([]happening, len(events)), arrived: map[string]bool{}, lost: map[string]bool{}, noters: map[string]string{}}
	bound := map[int64]string{}
	for i, e := range events {
		h := happening{Event: e}
		if e.Data != "{}" {
			_ = json.Unmarshal([]byte(e.Data), &h.d) // what can't be read tells nothing
		}
		out.events[i] = h
		if e.Behalf != "" && e.Behalf != e.Actor {
			out.noters[h.d.Message] = e.Actor
		}
		switch agreement.Kind(e.Kind) {
		case agreement.ProviderSpoke, agreement.QuestionAsked, agreement.SolutionProposed:
			out.arrived[h.d.Message] = true
			bound[e.Seq] = h.d.Message
		case agreement.Undeliverable:
			out.lost[bound[h.d.Ref]] = true
		}
		if e.Kind == evUndelivered && !out.arrived[h.d.Message] {
			out.lost[h.d.Message] = true
		}
		out.tagged = out.tagged || e.Kind == evTagged
	}
	return out
}

// Tagged says whether the ticket ever had a tag, as far as the reader is shown.
func (t *Reading) Tagged() bool { return t.tagged }

// AllArrived says whether every message of IT has reached the customer, so that nothing is to be told of mails.
func (t *Reading) AllArrived() bool {
	for i := range t.Said {
		if m := &t.Said[i]; m.Side == "provider" && !t.arrived[m.ID] {
			return false
		}
	}
	return len(t.lost) == 0
}

// name loads everybody who is named on the page, at once.
func (s *Source) name(ctx context.Context, t *Reading) error {
	seen := map[string]bool{}
	var ids []string
	add := func(all ...string) {
		for _, personID := range all {
			if len(personID) == 36 && !seen[personID] {
				seen[personID] = true
				ids = append(ids, personID)
			}
		}
	}
	add(t.Ticket.RequesterID, t.Ticket.AffectedID, t.Ticket.SubmitterID, t.Ticket.AssigneeID)
	for i := range t.Parties {
		add(t.Parties[i].PersonID)
	}
	for i := range t.Said {
		add(t.Said[i].AuthorID)
	}
	for i := range t.notes {
		add(t.notes[i].AuthorID)
	}
	for i := range t.joined {
		add(t.joined[i].author())
	}
	var services []string
	for i := range t.events {
		e := &t.events[i]
		if e.Kind == string(agreement.ServiceChanged) {
			services = append(services, e.d.Service)
			add(e.Actor)
			continue
		}
		add(e.Actor, e.d.Party, e.d.Before)
	}
	var err error
	if t.services, err = catalog.NamesOf(ctx, s.DB.Read(), services...); err != nil {
		return err
	}
	all, err := people.PersonsByID(ctx, s.DB.Read(), ids...)
	if err != nil {
		return err
	}
	t.cast = make(map[string]people.Person, len(all))
	for _, p := range all {
		t.cast[p.ID] = p
	}
	t.teams, err = s.Directory(ctx)
	return err
}

// Object is the ticket as the authoriser sees it.
func (t *Reading) Object() auth.Object {
	k := &t.Ticket
	o := auth.Object{Kind: "ticket", ID: k.ID, OrgID: k.OrgID, SiteID: k.SiteID, Region: k.Region, TeamID: k.TeamID, Parties: []string{k.RequesterID, k.AffectedID, k.SubmitterID}}
	for _, p := range t.Parties {
		if p.Role != desk.Pending {
			o.Parties = append(o.Parties, p.PersonID)
		}
	}
	return o
}

// Can says whether the reader may do something with the ticket: which forms the page shows.
func (t *Reading) Can(v auth.Verb) bool { return auth.Can(t.by.Actor, v, t.Object()) == nil }

// Mine says whether the reader is the customer's side of the ticket.
func (t *Reading) Mine() bool {
	return t.by.Me == t.Ticket.RequesterID || t.by.Me == t.Ticket.AffectedID
}

// Person is somebody of the ticket; the zero Person when nobody of it has the id.
func (t *Reading) Person(personID string) people.Person { return t.cast[personID] }

// Teams is IT as the page names it.
func (t *Reading) Teams() Directory { return t.teams }

// Name is somebody's name in a sentence: "you" for a customer who reads.
func (t *Reading) Name(personID string) string {
	if !t.by.Staff && personID == t.by.Me {
		return "you"
	}
	if p, ok := t.cast[personID]; ok {
		return p.Name
	}
	if personID == "" || personID == "system" {
		return t.src.DeskName
	}
	return "somebody"
}

// Start is a name that begins a sentence.
func (t *Reading) Start(personID string) string { return Capital(t.Name(personID)) }

// Customer is the customer's side in a sentence: "you", or the requester's first name.
func (t *Reading) Customer() string {
	if !t.by.Staff && t.Mine() {
		return "you"
	}
	return FirstName(t.cast[t.Ticket.RequesterID].Name)
}

// Customers is whose: "your", "Helen’s".
func (t *Reading) Customers() string {
	if c := t.Customer(); c != "you" {
		return c + "’s"
	}
	return "your"
}

// its is IT's in a sentence: "our" where IT speaks, "IT’s" where staff read of it.
func (t *Reading) its() string {
	if t.by.Staff {
		return "IT’s"
	}
	return "our"
}

// FirstName is what a person is called in a sentence.
func FirstName(name string) string {
	if f := strings.Fields(name); len(f) > 0 && !strings.Contains(f[0], "@") {
		return strings.TrimSuffix(f[0], ",")
	}
	if name != "" {
		return name
	}
	return "the customer"
}

// Capital begins a sentence.
func Capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// Instant is an instant of the ledger; 0 is none.
func Instant(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}

// Side is a side of the ledger as pages name it.
func Side(s agreement.Side) ui.Side { return ui.Side(s) }

// Owed is what the customer's side owes now, nil when nothing.
func Owed(r agreement.Result) *agreement.Obligation {
	for i := len(r.Obligations) - 1; i >= 0; i-- {
		if o := &r.Obligations[i]; o.Side == agreement.SideCustomer && o.Ended == 0 {
			return o
		}
	}
	return nil
}

// Asked is what the customer's side owes now, and the message that asked for it; nil when there is none.
func (t *Reading) Asked() (*agreement.Obligation, *desk.Message) {
	o := Owed(t.Ledger.Result)
	if o == nil {
		return nil, nil
	}
	for k := range t.events {
		if e := &t.events[k]; e.Seq == o.CauseSeq {
			return o, t.message(e.d.Message)
		}
	}
	return o, nil
}

func (t *Reading) message(messageID string) *desk.Message {
	for i := range t.Said {
		if t.Said[i].ID == messageID {
			return &t.Said[i]
		}
	}
	return nil
}

// Seen is the newest event of the reading: what a form that comes back later is compared with.
func (t *Reading) Seen() int64 {
	if n := len(t.events); n > 0 {
		return t.events[n-1].Seq
	}
	return 0
}

// LastSet says who set a field of the ticket last, and when; nobody when nobody did since it was made.
func (t *Reading) LastSet(field string) (personID string, at time.Time) {
	for i := len(t.events) - 1; i >= 0; i-- {
		e := &t.events[i]
		switch {
		case field == "team" && e.Kind == string(agreement.TeamChanged), field == "assignee" && e.Kind == evAssigned,
			e.Kind == evReclassified && e.d.Field == field:
			return e.Actor, e.At
		}
	}
	return "", time.Time{}
}

// Since tells what happened after an event, newest last.
func (t *Reading) Since(seq int64) []string {
	var out []string
	for i := range t.events {
		e := &t.events[i]
		if e.Seq <= seq {
			continue
		}
		at := t.by.Reader.When(e.At)
		if m := t.message(e.d.Message); m != nil && m.EventSeq == e.Seq {
			out = append(out, at+": "+t.Start(m.AuthorID)+" wrote “"+text.Cut(text.Line(m.Body), 140)+"”")
		} else if l, ok := t.line(e); ok {
			out = append(out, strings.TrimSpace(at+": "+l.lead+" "+l.text))
		}
	}
	return out
}
