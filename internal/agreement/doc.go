// Package agreement is the heart of Bothways: it reads the events of one ticket and says whose turn every second of
// its life was, what each side owed, and why (S4, docs/glossary.md "ledger").
//
// The pure part is [Clock]: events and dated facts in, turns, obligations, explanations and timers out. It takes no
// context, no database and no clock of the machine; the same arguments give the same result on every node and for
// ever. Nothing else in the program computes time: lists, mails, reports and the API read what Clock returned.
//
// # Instants
//
// All instants and lengths are whole Unix seconds and must be greater than 0. Events are ordered by Seq, the ticket's
// own sequence; an At before the event before it is read as that event's instant. A span [a, b) contains a, not b.
// Clock reads every event it is given; to ask what was known earlier, pass fewer events.
//
// # Turns
//
// A turn says who owes the next move. [Opened] and [Reopened] give it to the provider, a blocking [QuestionAsked] or a
// [SolutionProposed] to the customer, [CustomerSpoke], [QuestionReturned] and [SolutionRejected] back to the provider.
// An agreed wait, a confirmed solution and a closed ticket are nobody's. Rules worth knowing:
//
//   - while a blocking question or a solution is open it is the customer's turn: asking the supplier meanwhile moves
//     nothing (the clock must not run for IT while the customer owes the answer, pains.md P4);
//   - whatever the customer says gives the turn to the provider, also during a wait or a supplier's turn;
//   - a question or a solution ends an agreed wait; what the supplier does during a wait only changes to whom the turn
//     returns; a wait needs the customer's consent and an end later than its beginning, else it changes nothing;
//   - after Closed only Reopened moves the turn;
//   - a question that was returned reads as a question in passing, one that was undeliverable as never sent, both from
//     the beginning.
//
// A ticket that was merged ([Merged]) follows the survivor: what happens there is written here too ([Event.Follows]); it moves
// the turn and meets what is owed here, and begins nothing, so that nothing is asked or promised twice. A merge clears no
// promise of the provider's. If it is taken back ([Unmerged]), what followed moved nothing and the time since was the
// provider's turn, so nobody gains by a merge. On the survivor, [Absorbed] words of a customer whom the provider owes an answer
// give the provider the turn.
//
// Turns follow each other without gap and sum up to the lifetime, which ends at the last closing. A turn may have no
// length: an exchange within one second is still an exchange.
//
// # Obligations
//
// An obligation counts the turns of its side in the calendar of its side: the provider's in the service calendar (the
// supplier's turn counts too, unless the version says otherwise), the customer's in the customer's. What it counted
// stays counted. It is broken when more than its target is used, so an answer at the very due second is in time, and
// so is one in the night after a due instant at closing time. Once broken it stays broken: target and due keep the
// values of that moment, a late answer adds Met.
//
// Decisions (priority, team, service, door, a version in force) act from their instant. One that shortens a target below what was used
// makes the obligation due at that instant and breaks it with the next second of the side's time, so decisions made and
// taken back while the clock stands leave no trace. A correction of an agreement re-reads the ledger back to the
// decision it corrects. Corrections of calendars need no event: pass the corrected calendar.
// Without a target in force for a metric nothing is counted for it.
//
// # Disputes
//
// What is challenged ([Disputed]) is disputed until both sides agree ([DisputeSettled]): an obligation, or a span of the past with every
// obligation that lived in it. Meanwhile nothing follows from it but reminders. An obligation stands as they agreed; a span is read as the
// turn of whom they agreed on, for both sides' clocks, while the events stay as they were.
//
// # Ladder
//
// Steps of one obligation follow each other and are offered one at a time, until a [StepTaken] records them. A step
// fires inside its addressee's hours. The customer's side gets at most one notice a local day for a ticket, and a
// consequence (pause, lapse, close) comes on a later working day than the step before it, so an outage of any length
// gives neither two notices on one day nor a consequence nobody announced.
//
// # The book
//
// [Book] keeps the versions of agreements (tables agreement_agreement and agreement_version, never changed once
// written) and makes them ready for Clock.
//
// Who may call: desk (T5) and everything above it.
package agreement
