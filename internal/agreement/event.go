package agreement

// Kind says what happened. A kind that Clock does not know moves nothing.
type Kind string

// The kinds of events. Outbound kinds (provider spoke, question, solution) are written when they reached the customer.
const (
	Opened            Kind = "opened"             // life begins, provider's turn; Party = team, Priority, Service, Door
	CustomerSpoke     Kind = "customer_spoke"     // a public message by the customer, durable at At, on any channel
	ProviderSpoke     Kind = "provider_spoke"     // a public human message, with a question in passing or none: moves no turn
	QuestionAsked     Kind = "question_asked"     // a blocking question; Metric, Party = person, Due optional, Ref = question it repeats, optional
	QuestionReturned  Kind = "question_returned"  // Ref = question: "you had this already", the span was the provider's
	SolutionProposed  Kind = "solution_proposed"  // Party = person who confirms
	SolutionConfirmed Kind = "solution_confirmed" // by the customer
	SolutionRejected  Kind = "solution_rejected"  // the same resolution obligation goes on
	Closed            Kind = "closed"             // Cause, see the Cause constants
	Reopened          Kind = "reopened"           // the same ledger goes on
	WaitAgreed        Kind = "wait_agreed"        // Until, Consent
	WaitEnded         Kind = "wait_ended"
	SupplierAsked     Kind = "supplier_asked" // Party = supplier
	SupplierAnswered  Kind = "supplier_answered"
	PriorityChanged   Kind = "priority_changed"   // Priority
	TeamChanged       Kind = "team_changed"       // Party = team, Door = the one it is behind
	ServiceChanged    Kind = "service_changed"    // Service, "" = none is named
	AgreementSet      Kind = "agreement_set"      // Version, Correction
	Undeliverable     Kind = "undeliverable"      // Ref = outbound event that never arrived
	MessageIsNoTurn   Kind = "message_is_no_turn" // Ref = customer's message: thanks, automatic reply
	StepTaken         Kind = "step_taken"         // Ref and Metric = obligation, Step; Cause "waived" = that step is left out on purpose, now or when its time comes
	Waived            Kind = "waived"             // Ref and Metric = obligation, Cause = reason
	Disputed          Kind = "disputed"           // Ref and Metric = obligation; or From and Until = a span of the past
	DisputeSettled    Kind = "dispute_settled"    // Ref and Metric = obligation, Cause = ruling; or Ref = Disputed, From, Until, Side = whose turn it was
	Merged            Kind = "merged"             // into another ticket, the survivor; Consent = it is the customer's turn there, Party = person
	Unmerged          Kind = "unmerged"           // the Merged before it was a mistake: what followed since moved nothing here
	Absorbed          Kind = "absorbed"           // on the survivor; Consent = with words of the customer that the provider owes an answer to
	Assigned          Kind = "assigned"           // moves nothing
	Note              Kind = "note"               // moves nothing
)

// The causes of a closing that Clock tells apart. With any other cause what is still owed becomes void.
const (
	CauseConfirmed  = "confirmed"    // the customer says it is done: open confirm and resolution are met
	CauseSilence    = "silence"      // silence after a solution is acceptance: confirm neither kept nor broken
	CauseLapsed     = "lapsed"       // by the agreed ladder
	CauseWithdrawn  = "withdrawn"    // by the requester
	CauseNotATicket = "not_a_ticket" // spam, misrouted machine mail
	CauseDeclined   = "declined"     // by a ruling
	CauseOnTheSpot  = "on_the_spot"  // it was solved while they stood there or were on the telephone
	CauseWaived     = "waived"       // of StepTaken: the step was left out, nobody was told
)

// The causes of a DisputeSettled about an obligation: how both sides agreed that it stands. With any other it stands as it was counted.
const (
	RulingKept   = "kept"
	RulingBroken = "broken"
)

// Event is one entry of a ticket's ledger. Which fields matter depends on Kind; the rest is ignored.
type Event struct {
	Seq        int64 // the ticket's own sequence, ascending
	At         int64
	Kind       Kind
	Ref        int64  // Seq of the event, or Started sequence of the obligation, that this one is about
	From       int64  // Disputed, DisputeSettled: where the span begins, 0 = it is about an obligation
	Until      int64  // WaitAgreed: the instant the turn goes back; of a span that is disputed: where it ends
	Due        int64  // QuestionAsked: an explicit date; later than the agreed one it extends, earlier it changes nothing
	Metric     Metric // QuestionAsked: one of Questions, empty = MetricAnswer; else with Ref the obligation
	Priority   Priority
	Party      string
	Side       Side   // DisputeSettled: whose turn the span was, "" = as it was counted
	Service    string // id
	Door       Door
	Version    int // AgreementSet: index into Facts.Versions; outside of it the event is ignored
	Cause      string
	Consent    bool
	Correction bool
	Follows    bool // it happened on the ticket this one was merged into: it moves the turn and meets what is owed, and begins nothing
	Step       int  // StepTaken: as the Timer had it
}
