package auth

import (
	"slices"
	"strings"
)

// Verb is something that may be done. Every route and every command names one.
type Verb string

// The verbs. Verbs says what each means.
const (
	TicketCreate    Verb = "ticket.create"
	TicketRead      Verb = "ticket.read"
	TicketSpeak     Verb = "ticket.speak"
	TicketNoteRead  Verb = "ticket.note.read"
	TicketNoteWrite Verb = "ticket.note.write"
	TicketWork      Verb = "ticket.work"
	TicketAnswer    Verb = "ticket.answer"
	TicketReopen    Verb = "ticket.reopen"
	TicketWaive     Verb = "ticket.waive"
	TicketDispute   Verb = "ticket.dispute"
	DisputePropose  Verb = "dispute.propose"
	PersonRead      Verb = "person.read"
	PersonManage    Verb = "person.manage"
	ProfileChange   Verb = "profile.change"
	SiteRead        Verb = "site.read"
	SiteManage      Verb = "site.manage"
	TeamManage      Verb = "team.manage"
	GrantManage     Verb = "grant.manage"
	TokenManage     Verb = "token.manage"
	AbsenceManage   Verb = "absence.manage"
	ServiceRead     Verb = "service.read"
	ServiceManage   Verb = "service.manage"
	CalendarRead    Verb = "calendar.read"
	CalendarManage  Verb = "calendar.manage"
	AgreementRead   Verb = "agreement.read"
	AgreementSign   Verb = "agreement.sign"
	TagManage       Verb = "tag.manage"
	ViewKeep        Verb = "view.keep"
	MailRead        Verb = "mail.read"
	AuditRead       Verb = "audit.read"
	SystemRun       Verb = "system.run"
	AnswerUse       Verb = "answer.use"
	AnswerManage    Verb = "answer.manage"
	ApprovalRead    Verb = "approval.read"
	ApprovalVote    Verb = "approval.vote"

	ScorecardRead    Verb = "scorecard.read"
	ScorecardPublish Verb = "scorecard.publish"
)

// class is the smallest of the token scopes "read", "write" and "admin" that holds a verb.
type class uint8

const (
	reads class = iota + 1
	writes
	administers
)

// VerbInfo describes a verb.
type VerbInfo struct {
	Verb     Verb
	Sentence string // what it is, for documentation
	do       string // completes "you may not …"
	class    class
	seen     Verb // who may do this verb knows that the object exists; "" means any staff
}

// verbs is the one list of verbs.
var verbs = []VerbInfo{
	{TicketCreate, "Open a ticket, for oneself or for a person in reach.", "open a ticket for this person", writes, TicketCreate},
	{TicketRead, "Read a ticket's public part: fields, messages, turns, obligations.", "read this ticket", reads, TicketRead},
	{TicketSpeak, "Write a public message to a ticket.", "write a message to this ticket", writes, TicketRead},
	{TicketNoteRead, "Read a ticket's internal notes.", "read this ticket's notes", reads, TicketNoteRead},
	{TicketNoteWrite, "Write an internal note to a ticket.", "write a note to this ticket", writes, TicketNoteRead},
	{TicketWork, "Work on a ticket: assign, set priority, classify, wait, link, resolve.", "work on this ticket", writes, TicketRead},
	{TicketAnswer, "Answer as a party of the ticket: confirm, reject, withdraw, return a question.", "answer for the customer's side of this ticket", writes, TicketRead},
	{TicketReopen, "Reopen a ticket within its grace period.", "reopen this ticket", writes, TicketRead},
	{TicketWaive, "Waive an obligation or a step of the ladder, with a reason.", "waive an obligation of this ticket", writes, TicketRead},
	{TicketDispute, "Challenge how a promise or a span of a ticket was counted, for one's side.", "challenge what was counted on this ticket", writes, TicketRead},
	{DisputePropose, "Propose how a dispute is settled, and sign that for IT.", "propose how this dispute is settled", writes, TicketRead},
	{PersonRead, "Read a person's record: name, addresses, site.", "read this person's record", reads, PersonRead},
	{PersonManage, "Create, change and disable persons and their addresses.", "change this person's record", administers, PersonRead},
	{ProfileChange, "Change one's own profile: zone, language, quiet hours, addresses, password, sessions.", "change this person's profile", writes, PersonRead},
	{SiteRead, "Read organisations and sites: name, zone, region, calendar.", "read this organisation or site", reads, SiteRead},
	{SiteManage, "Create and change organisations and sites.", "change organisations and sites here", administers, SiteRead},
	{TeamManage, "Create teams and change their members.", "change teams", administers, ""},
	{GrantManage, "Grant and revoke roles, never beyond one's own scope.", "grant or revoke roles here", administers, ""},
	{TokenManage, "Make, list and revoke a person's API tokens.", "manage this person's tokens", administers, PersonRead},
	{AbsenceManage, "Say when a person is away and who stands in.", "say when this person is away", writes, PersonRead},
	{ServiceRead, "Read services: owner, customers, what they depend on.", "read services", reads, ""},
	{ServiceManage, "Create and change services.", "change services", administers, ServiceRead},
	{CalendarRead, "Read calendars.", "read calendars", reads, CalendarRead},
	{CalendarManage, "Create and change calendars and their holidays.", "change calendars", administers, CalendarRead},
	{AgreementRead, "Read an organisation's agreements.", "read this agreement", reads, AgreementRead},
	{AgreementSign, "Propose a version of an agreement, and sign one, for one's own side.", "negotiate this agreement", writes, AgreementRead},
	{TagManage, "Rename tags.", "rename tags", administers, ""},
	{ViewKeep, "Keep filters of the queue as views, one's own and shared ones.", "keep views of the queue, or change this one", writes, ""},
	{MailRead, "Read the log of mails in and out, with the originals.", "read the mail log", reads, ""},
	{AuditRead, "Read the audit log.", "read the audit log", reads, ""},
	{AnswerUse, "Use saved answers, keep one's own, and share them.", "use saved answers", writes, AnswerUse},
	{AnswerManage, "Change and remove saved answers that others share.", "change shared answers of others", administers, AnswerUse},
	{ApprovalRead, "Read what somebody is asked to approve, and what was said.", "read this approval", reads, ApprovalRead},
	{ApprovalVote, "Approve or refuse what one is asked to, and let somebody else do so for a time.", "decide this", writes, ApprovalRead},
	{ScorecardRead, "Read how both sides of an agreement kept it.", "read this scorecard", reads, ScorecardRead},
	{ScorecardPublish, "Publish a scorecard for a review, as it reads then.", "publish this scorecard", writes, ScorecardRead},
	{SystemRun, "Run the machinery: jobs, checks, back-ups.", "run this", administers, ""},
}

// The parts of which the policy is made.
var (
	// staff is what every role of the provider's side may do in its scope: a guest is welcomed and handed over (S2).
	staff = []Verb{TicketCreate, SiteRead, AgreementRead, ServiceRead}
	// seers read everything of a ticket.
	seers = join(staff, TicketRead, TicketNoteRead, PersonRead, ScorecardRead)
	// workers move tickets.
	workers = join(seers, TicketSpeak, TicketNoteWrite, TicketWork, TicketReopen, TicketDispute)
)

// policy is who may do what: a role has its verbs wherever its grant reaches. What a person may do without any role stands
// in relations. Nothing else in the program decides.
var policy = map[Role][]Verb{
	Agent:                join(workers, MailRead),
	Resolver:             workers,
	SiteIT:               workers,
	SiteITLead:           join(workers, TicketWaive, AbsenceManage),
	MajorIncidentManager: workers,
	ProblemManager:       workers,
	ServiceLevelManager:  join(workers, TicketWaive, DisputePropose, AgreementSign, ScorecardPublish), // who answers at the second door, of service levels and price
	Auditor:              join(seers, MailRead, AuditRead, ApprovalRead),
	Administrator: join(seers, ViewKeep, PersonManage, SiteManage, TeamManage, GrantManage, TokenManage, AbsenceManage, ServiceManage, CalendarManage,
		TagManage, MailRead, AuditRead, SystemRun, AnswerManage),
	ServiceOwner:  staff,
	ChangeManager: staff,
	CABMember:     staff,
	PolicyOwner:   staff,
	AssetManager:  join(staff, PersonRead),

	Signatory:         {TicketRead, TicketDispute, PersonRead, AgreementRead, AgreementSign, ScorecardRead, ScorecardPublish},
	SiteContact:       {TicketRead, TicketDispute, PersonRead, AgreementRead, ScorecardRead},
	CABCustomerMember: {AgreementRead},
}

// relation is how a person stands to an object without any role.
type relation struct {
	verbs []Verb
	mail  bool   // holds for the sender a mail names too
	who   string // completes "that is for …"
	holds func(a Actor, o Object) bool
}

// relations is what people may do without any role. Filter puts party, self and colleague into SQL.
var relations = []relation{
	{[]Verb{TicketRead, TicketSpeak, TicketAnswer, TicketReopen}, true, "the people of the request (requester, affected, submitter, watchers)", party},
	{[]Verb{TicketDispute}, false, "the people of the request", party},
	{[]Verb{TicketCreate}, true, "people who ask for themselves or for somebody of their own organisation", ownAsk},
	{[]Verb{PersonRead, ProfileChange, TokenManage, AbsenceManage}, false, "the person themselves", self},
	{[]Verb{ApprovalRead, ApprovalVote}, false, "those who are asked", party},
	{[]Verb{SiteRead, AgreementRead}, false, "people of the organisation", colleague},
	{[]Verb{ScorecardRead}, false, "people of the site", sameSite},
	{[]Verb{AnswerUse}, false, "everybody in IT", func(a Actor, _ Object) bool { return a.Staff() }},
	{[]Verb{CalendarRead}, false, "everybody signed in", func(Actor, Object) bool { return true }},
	{[]Verb{ViewKeep}, false, "whoever in IT made it", ownView},
}

// ownView: everybody in IT keeps views, and changes those they made.
func ownView(a Actor, o Object) bool {
	return a.Staff() && o.Kind == "view" && (o.ID == "" || party(a, o))
}

func party(a Actor, o Object) bool { return slices.Contains(o.Parties, a.PersonID) }

func self(a Actor, o Object) bool { return o.Kind == "person" && o.ID == a.PersonID }

func colleague(a Actor, o Object) bool { return !a.Stranger && o.OrgID != "" && o.OrgID == a.OrgID }

// sameSite: a site's record is its people's to read, and who has no site reads their organisation's.
func sameSite(a Actor, o Object) bool { return colleague(a, o) && o.SiteID == a.SiteID }

// ownAsk: one is a party of what one asks, and asks for oneself or for a colleague.
func ownAsk(a Actor, o Object) bool {
	if !party(a, o) {
		return false
	}
	return colleague(a, o) || !slices.ContainsFunc(o.Parties, func(p string) bool { return p != a.PersonID })
}

// Verbs lists every verb with a sentence.
func Verbs() []VerbInfo { return slices.Clone(verbs) }

func (v Verb) info() (VerbInfo, bool) {
	for _, i := range verbs {
		if i.Verb == v {
			return i, true
		}
	}
	return VerbInfo{}, false
}

// whoMay names, for a refusal, who may do v.
func whoMay(v Verb) string {
	var who []string
	for _, r := range relations {
		if slices.Contains(r.verbs, v) {
			who = append(who, r.who)
		}
	}
	for _, r := range roleNames {
		if slices.Contains(policy[r.role], v) {
			who = append(who, r.name)
		}
	}
	if n := len(who); n > 1 {
		return strings.Join(who[:n-1], ", ") + " or " + who[n-1]
	}
	return strings.Join(who, "")
}

func join(base []Verb, more ...Verb) []Verb { return append(slices.Clone(base), more...) }

// RoleMay says whether a role has a verb where its grant reaches.
func RoleMay(r Role, v Verb) bool { return slices.Contains(policy[r], v) }

// WithoutRole says who may do v without any role, "" when nobody may.
func WithoutRole(v Verb) string {
	var who []string
	for _, r := range relations {
		if slices.Contains(r.verbs, v) {
			who = append(who, r.who)
		}
	}
	return strings.Join(who, "; ")
}
