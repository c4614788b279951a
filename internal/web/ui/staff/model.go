package staff

import (
	"time"

	"bothways/internal/web/ui"
)

// Frame is the workspace around a staff page.
type Frame struct {
	Doc    ui.Doc
	Reader ui.Reader
	Home   string
	// Search is the address the search form asks (GET, field q); "" hides it.
	Search string
	Query  string
	// New is the address of the page for a new ticket; "" hides the button.
	New string
	// Log is the address of the page that notes a call; "" hides the button.
	Log string
	// Find is the address of the command menu's findings, Keys that of the list of shortcuts; "" has none.
	Find, Keys string
	Nav        []NavGroup
	Tabs       []NavItem
	Me         ui.Me
	Toast      *ui.Toast
	// Alarm says that something that runs by itself is not well, to who can do something about it; no Href hides it.
	Alarm ui.Link
	Help  ui.Help
}

// NavGroup is a titled group of views in the side navigation.
type NavGroup struct {
	Title string
	Items []NavItem
}

// NavItem is one view. Count is shown as it is ("7", "1,000+"); Hot paints it
// in the one colour of urgency.
type NavItem struct {
	Label, Href, Count string
	Icon               ui.Icon
	Hot, Current       bool
	// Go is the key that leads here after G: "i".
	Go string
}

// QueueGroup is one part of the queue, in the order given: the promise that
// breaks first stands first.
type QueueGroup struct {
	ID    string
	Side  ui.Side
	Title string
	// Count is the number of tickets in words of digits; may be "".
	Count string
	// Hint stands right of the title: "We remind them for you".
	Hint string
	Rows []QueueRow
	// Pages leads to the neighbours of this part.
	Pages ui.Pages
	// Nothing is said when there are no rows.
	Nothing string
	// Columns are the headings of a table; none is the list.
	Columns []string
}

// QueueRow is one ticket in the queue.
type QueueRow struct {
	Href, Number, Subject string
	// Person is the requester; Where is the site or organisation.
	Person, Where string
	// Last is what happened last, in one line.
	Last string
	// Holder is team and assignee: "Desk · Amara Okafor".
	Holder  string
	Due     ui.Due
	Unread  bool
	Current bool
	// Pick is whether the row can be chosen for a change of many.
	Pick bool
	// Cells are the columns of a table, in the order of the group's.
	Cells []Cell
}

// Cell is one cell of a table of tickets. Due says that it is the row's promise.
type Cell struct {
	Text  string
	Title string
	Due   bool
}

// Filter is the queue's filter: one line of text that is the address's too, so
// that every filtered view has an address.
type Filter struct {
	// Action is the address that is asked with the field q; "" leaves the form out.
	Action, Query string
	// Terms are the conditions that were read, each with the address without it.
	Terms []FilterTerm
	// Slips are the pieces that could not be read; the rest counts.
	Slips []FilterSlip
	// Notes are what a reader has to know about what was read.
	Notes []string
	// Sorted is the order in words; Sorts are the orders there are.
	Sorted string
	Sorts  []ui.Link
	// Columns are what a table can show, each with the address that adds it or
	// takes it out. Table says whether one is shown; List leads back.
	Columns []ui.Link
	Table   bool
	List    string
	// Words explains the language.
	Words []FilterWord
	// Clear is the address without any filter; "" when none is set.
	Clear string
	// Save leads to the page that keeps the filter as a view, Export to the
	// same tickets as a file; "" leaves them out.
	Save, SaveLabel string
	Export          string
}

// FilterTerm is one condition of a filter.
type FilterTerm struct {
	Text, Without string
}

// FilterSlip is a piece of a filter that could not be read.
type FilterSlip struct {
	At           int // the place of its first character, from 1
	Before, Word string
	After        string
	Text         string
	// Try is what would be right, and the address with it; "" without a guess.
	Try, TryHref string
}

// FilterWord explains one field of the language by an example that can be tried.
type FilterWord struct {
	Example, Href, Says string
}

// InternalNote is a remark only staff see. No customer's page can be handed
// one.
type InternalNote struct {
	NoteID string
	// From says where it was written when that is another ticket: "in BW-1002".
	From  string
	By    ui.Author
	At    time.Time
	Text  ui.Prose
	Files []ui.File
}

// InternalEvent is a line only staff see: assigned, priority changed.
type InternalEvent struct {
	Icon ui.Icon
	Lead string
	Text string
	At   time.Time
}

// Entry is one entry of the conversation as staff see it: exactly one field is
// set.
type Entry struct {
	Message *ui.PublicMessage
	Event   *ui.PublicEvent
	Note    *InternalNote
	Inner   *InternalEvent
}

// Composer is the place to write: a reply and a note, two forms.
type Composer struct {
	// Name is the customer's first name as used in the words of the form.
	Name string
	// To says where a reply goes: "By email to helen.marsh@norvik.example".
	To string
	// Told are all who get a reply, and why; Untold those of the ticket who get none, and why not.
	Told, Untold []Told
	Reply        ReplyForm
	Note         NoteForm
	// Open says which of the two is in front; "" is the reply.
	Open string
	// Desk is what the script calls; without it everything works by forms alone.
	Desk ComposerDesk
}

// ComposerDesk is where the script of the composer keeps drafts and files, and asks for completions.
type ComposerDesk struct {
	// Ref and Me name the ticket and its reader among what a browser keeps.
	Ref, Me string
	// Address is the ticket's own; Complete answers completions.
	Address, Complete string
}

// Told is somebody who gets a message, or does not, and why.
type Told struct{ Name, Because string }

// Values of the reply form's field "after".
const (
	AfterCustomer = "customer"
	AfterOurs     = "ours"
	AfterConfirm  = "confirm" // it is done: the customer is asked to confirm
)

// Draft is what the server keeps of a form: its version, when it was saved, why it came back, and the files uploaded for it. A file
// is sent while the box beside its name, upload-ID, is ticked.
type Draft struct {
	Version int64
	Writer  string // the page that saved it
	Saved   time.Time
	Why     string
	Files   []DraftFile
}

// DraftFile is a file that waits for its message.
type DraftFile struct {
	ID, Name string
	Size     int64
}

// ReplyForm posts body, after ("customer", "ours" or "confirm"), need, due and minutes, and files
// when Upload is set.
type ReplyForm struct {
	ui.Form
	Draft
	// Needs are the usual things a question asks for, proposed while any words can be written.
	Needs []ui.Option
	// Dues are proposed instants (value RFC 3339). None gives a date and time
	// field instead.
	Dues   []ui.Option
	Upload bool
	// Solves offers to ask the customer to confirm that it is done.
	Solves bool
	// Undo is for how long an answer can be taken back; 0 sends at once.
	Undo time.Duration
}

// NoteForm posts body and minutes, and files when Upload is set.
type NoteForm struct {
	ui.Form
	Draft
	Upload bool
}

// HeldReply is an answer that leaves soon. Back takes it back; only its writer has it.
type HeldReply struct {
	ID     string
	By     ui.Author
	Text   ui.Prose
	Leaves time.Time
	Back   ui.Form
}

// ResolveForm posts body: what was done, in words for the customer; and minutes.
type ResolveForm struct {
	ui.Form
}

// AssignForm posts team and person.
type AssignForm struct {
	ui.Form
	Teams, People []ui.Option
}

// PriorityForm posts impact, urgency and, when Reasons are asked for, reason.
type PriorityForm struct {
	ui.Form
	Impacts, Urgencies []ui.Option
}

// WaitForm posts kind, until and reason of a wait: one the customer agreed to,
// who is told and can object, or a plan of IT's, under which IT's clock runs on.
type WaitForm struct {
	ui.Form
	Kinds []ui.Option
}

// Act is one more thing that can be done with a ticket, as a small form.
type Act struct {
	ui.Form
	// Group is the heading it stands under in the menu.
	Group string
	Title string
	// Text says what follows from it; may be "".
	Text   string
	Fields []ActField
	Button string
}

// ActField is a field of an Act: a choice when it has options (several of them when Many is set, each a box of its own), a box
// to tick when Check is set, a text when it has rows, else a line of text.
type ActField struct {
	ui.Field
	Options []ui.Option
	Many    bool
	Check   bool
}

// Moves is what the page says of a ticket that was merged or tagged.
type Moves struct {
	// GoesOn leads to the ticket this one was merged into.
	GoesOn ui.Link
	// Tags are those on the ticket, Known some of those in use.
	Tags, Known []string
}

// PersonPanel is the side panel. Parts without data are left out.
type PersonPanel struct {
	Name, Line string
	Side       ui.Side
	Facts      []ui.Fact
	// Earlier are the person's earlier tickets.
	Earlier     []EarlierTicket
	EarlierMore string
	// Parties are the people of the ticket: submitter, requester, affected, and who follows it.
	Parties []Party
	// Ask changes who asks and who it is for (fields requester, affected); Follow adds somebody (field person).
	Ask, Follow ui.Form
	// Record is how both sides kept their promises at the site: never one person's.
	Record *BothWays
}

// BothWays is a record of both sides over the same time, each as kept of how many.
type BothWays struct {
	Title              string
	ITKept, ITOf       int64
	TheirKept, TheirOf int64
	Note               string
}

// EarlierTicket is one line of a person's history.
type EarlierTicket struct {
	Subject, Href, When string
}

// Party is a person on the ticket and why. Drop ends that they follow it.
type Party struct {
	Name, Because string
	Side          ui.Side
	Drop          ui.Form
}

func (p PersonPanel) empty() bool {
	return p.Name == "" && len(p.Facts) == 0 && len(p.Earlier) == 0 && len(p.Parties) == 0
}

// ViewLine is a saved view in the list of them; addresses are "" where nothing
// can be done.
type ViewLine struct {
	Name, Href, Query, Audience, By string
	Edit, Up, Down                  string
}

// ChangeLine is one ticket in a change of many: what changes, or what is said
// of it.
type ChangeLine struct {
	Number, Href, Subject string
	Steps                 []ChangeStep
	Say                   string
	Refused               bool
}

// ChangeStep is one field that changes.
type ChangeStep struct {
	What, From, To string
}
