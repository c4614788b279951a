package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// What moves take.
type (
	handing struct {
		Assignee string `json:"assignee,omitempty" doc:"Mail address of somebody in IT."`
		Team     string `json:"team,omitempty" doc:"Name or id of a team. Left out, it stays the team's."`
		Note     string `json:"note,omitempty" doc:"What they need to know, in Markdown. Customers never see it. Required."`
	}
	passing struct {
		Door string `json:"door,omitempty" enum:"service_desk,service_levels" doc:"Where it goes; left out, to the other door."`
		Note string `json:"note,omitempty" doc:"What they need to know, in Markdown. Customers never see it."`
	}
	merging struct {
		Into   string `json:"into,omitempty" doc:"Number of the ticket that goes on."`
		Shared bool   `json:"shared_readers,omitempty" doc:"The people of both may read both. Without it a merge that would show somebody more is refused, naming them."`
		Reason string `json:"reason,omitempty"`
	}
	splitting struct {
		Subject  string   `json:"subject,omitempty"`
		Messages []string `json:"messages,omitempty" doc:"Ids of public messages of the ticket; copies of them begin the new one."`
	}
	tagging struct {
		Add    []string `json:"add,omitempty" doc:"A tag that is written differently in case, accents or blanks is the same."`
		Remove []string `json:"remove,omitempty"`
	}
	renaming struct {
		To string `json:"to,omitempty" doc:"A tag in use by that name takes this one in."`
	}
	proposing struct {
		Until *time.Time `json:"until,omitempty" doc:"Until when it may wait; within 90 days."`
		Body  string     `json:"body,omitempty" doc:"The message that asks; left out, a plain one is written."`
	}
	calling struct {
		SaidBy   string       `json:"said_by,omitempty" enum:"customer,provider" doc:"Who said it: customer (also when left out) or provider."`
		Channel  string       `json:"channel,omitempty" enum:"phone,walk_up" doc:"phone when left out."`
		Body     string       `json:"body,omitempty" doc:"What was said."`
		Question *newQuestion `json:"question,omitempty" doc:"Of the provider: it is the customer's turn from now on."`
		Timed
	}
	logging struct {
		Who     string `json:"who,omitempty" doc:"Mail address or id of a person; left out for somebody you do not know."`
		Name    string `json:"name,omitempty" doc:"What somebody you do not know is called."`
		What    string `json:"what,omitempty" doc:"The first line is the subject."`
		Channel string `json:"channel,omitempty" enum:"phone,walk_up" doc:"phone when left out."`
		Done    bool   `json:"done,omitempty" doc:"It was solved on the spot: the ticket is closed at once, and the minutes are required."`
		Tell    bool   `json:"tell,omitempty" doc:"Done: tell them by mail that it was noted."`
		Timed
	}
	// Timed is working time that goes with something.
	Timed struct {
		Minutes  int    `json:"minutes,omitempty" doc:"Working time it took."`
		WorkKind string `json:"work_kind,omitempty" enum:"work,travel,walk_up,favour" doc:"work when left out; a favour is the extra mile."`
		WorkNote string `json:"work_note,omitempty"`
	}
)

func (t Timed) work() desk.Work {
	return desk.Work{Minutes: t.Minutes, Kind: t.WorkKind, Note: t.WorkNote}
}

// moves registers the moves of tickets.
func (h *Handler) moves() {
	command(h, "hand-over", auth.TicketWork, "Pass a ticket on, with what they need to know", h.handOver)
	command(h, "pass", auth.TicketWork, "Pass a ticket to the other door, with everything that was said", h.passOn)
	command(h, "merge", auth.TicketWork, "Let a ticket go on in another; it can be taken back", h.merge)
	unmerge := host.Route{Verb: auth.TicketAnswer, Scope: auth.TicketSpeak} // staff who work on it may, too
	register(h, named(unmerge, "unmerge", "Take a merge back: the time since was IT's turn"), plain(h.Desk.Unmerge))
	command(h, "split", auth.TicketWork, "Begin a new ticket with messages of this one", h.split)
	command(h, "unlink", auth.TicketWork, "Take the link between two tickets away", h.unlink)
	command(h, "tags", auth.TicketWork, "Put tags on a ticket and take others off", h.setTags)
	command(h, "wait-proposal", auth.TicketWork, "Ask the customer whether it may wait", h.proposeWait)
	command(h, "agree-wait", auth.TicketAnswer, "Agree to the wait that IT proposes", plain(h.Desk.AgreeToWait))
	command(h, "is-a-ticket", auth.TicketWork, "Take back that a ticket was none, within 30 days", plain(h.Desk.RestoreTicket))
	command(h, "looked-at", auth.TicketWork, "Agree, as a second person, that a ticket was none", plain(h.Desk.LookedAt))
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/calls", Verb: auth.TicketWork, Summary: "Write down what was said on the telephone", Status: http.StatusCreated}, h.noteCall)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "calls", Verb: auth.TicketCreate, Summary: "Note a call or a walk-up: done, or a ticket", Status: http.StatusCreated}, h.logCall)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/tags", Verb: auth.TicketNoteRead, Summary: "List the tags on a ticket"}, h.tags)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tags", Verb: auth.TicketNoteRead, Summary: "List the tags in use"}, h.knownTags)
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "tags/{tag}/rename", Verb: auth.TagManage, Summary: "Call a tag something else on every ticket"}, h.renameTag)
}

func (h *Handler) handOver(ctx context.Context, by auth.Actor, c desk.Act, b handing) (desk.Ticket, error) {
	c.Body = b.Note
	return h.Desk.HandOver(ctx, by, c, text.Line(b.Assignee), text.Line(b.Team))
}

func (h *Handler) passOn(ctx context.Context, by auth.Actor, c desk.Act, b passing) (desk.Ticket, error) {
	c.Body = b.Note
	return h.Desk.Pass(ctx, by, c, b.Door)
}

// numbered reads another ticket's number: what is none is answered as one that is not there, after the first was looked at.
func numbered(s string) int64 {
	n, err := desk.ParseRef(s)
	if err != nil {
		return 0
	}
	return n
}

func (h *Handler) merge(ctx context.Context, by auth.Actor, c desk.Act, b merging) (t desk.Ticket, err error) {
	if c.Reason, err = reason(b.Reason); err != nil {
		return t, err
	}
	return h.Desk.Merge(ctx, by, c, desk.MergeInput{Into: numbered(b.Into), Shared: b.Shared})
}

func (h *Handler) split(ctx context.Context, by auth.Actor, c desk.Act, b splitting) (desk.Ticket, error) {
	return h.Desk.Split(ctx, by, c, desk.SplitInput{Subject: b.Subject, Messages: b.Messages})
}

func (h *Handler) unlink(ctx context.Context, by auth.Actor, c desk.Act, b linking) (desk.Ticket, error) {
	return h.Desk.Unlink(ctx, by, c, numbered(b.Other))
}

func (h *Handler) setTags(ctx context.Context, by auth.Actor, c desk.Act, b tagging) (desk.Ticket, error) {
	return h.Desk.Tag(ctx, by, c, b.Add, b.Remove)
}

func (h *Handler) proposeWait(ctx context.Context, by auth.Actor, c desk.Act, b proposing) (desk.Ticket, error) {
	c.Body = b.Body
	var until time.Time
	if b.Until != nil {
		until = b.Until.UTC()
	}
	r, err := h.Desk.ProposeWait(ctx, by, c, until)
	return h.settled(ctx, by, r.Ticket, err)
}

// settled gives a ticket's mails a moment to leave and reads it again.
func (h *Handler) settled(ctx context.Context, by auth.Actor, t desk.Ticket, err error) (desk.Ticket, error) {
	if err != nil || h.Settle == nil {
		return t, err
	}
	callOf(ctx).acted = true
	h.Settle(ctx, t.ID)
	return h.Desk.Get(ctx, by, t.Number)
}

func (h *Handler) noteCall(ctx context.Context, by auth.Actor, in *struct {
	host.At
	Body calling
}) (*messageOut, error) {
	c, err := in.Act()
	if err != nil {
		return nil, err
	}
	c.Body, c.Work = in.Body.Body, in.Body.work()
	call := desk.CallInput{Channel: in.Body.Channel, Ours: in.Body.SaidBy == "provider"}
	if q := in.Body.Question; q != nil {
		call.Question = &desk.QuestionInput{Need: q.Need, Metric: q.Metric}
		if q.Due != nil {
			call.Question.Due = q.Due.UTC()
		}
	}
	r, err := h.Desk.NoteCall(ctx, by, c, call)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	all, err := h.showMessages(ctx, by, c.Number, []desk.Message{r.Message})
	if err != nil {
		return nil, err
	}
	return &messageOut{ETag: host.Tag(r.Ticket.Version), Body: all[0]}, nil
}

func (h *Handler) logCall(ctx context.Context, by auth.Actor, in *struct{ Body logging }) (*ticketOut, error) {
	b := in.Body
	if err := host.Addresses(map[string]string{"who": b.Who}); err != nil {
		return nil, err
	}
	t, err := h.Desk.Log(ctx, by, desk.LogInput{Who: b.Who, Name: b.Name, What: b.What, Channel: b.Channel, Done: b.Done, Tell: b.Tell, Work: b.work()})
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	out, err := h.ticketOut(ctx, by, t)
	if err == nil {
		out.Location = Prefix + "tickets/" + t.Ref()
	}
	return out, err
}

func (h *Handler) tags(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[string], error) {
	number, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	all, err := h.Desk.Tags(ctx, by, number)
	return host.ListOf(all, ""), err
}

// tagUse is a tag and on how many tickets it is.
type tagUse struct {
	Tag     string `json:"tag"`
	Tickets int    `json:"tickets"`
}

func (h *Handler) knownTags(ctx context.Context, by auth.Actor, in *struct {
	Q string `query:"q" doc:"The beginning of a tag."`
}) (*host.ListOut[tagUse], error) {
	all, err := h.Desk.KnownTags(ctx, by, text.Line(in.Q))
	out := make([]tagUse, len(all))
	for i, u := range all {
		out[i] = tagUse{u.Label, u.Tickets}
	}
	return host.ListOf(out, ""), err
}

// renamed says on how many tickets a tag was renamed.
type renamed struct {
	Body struct {
		Tickets int64 `json:"tickets"`
	}
}

func (h *Handler) renameTag(ctx context.Context, by auth.Actor, in *struct {
	Tag  string `path:"tag"`
	Body *renaming
}) (*renamed, error) {
	to := ""
	if in.Body != nil {
		to = in.Body.To
	}
	n, err := h.Desk.RenameTag(ctx, by, text.Line(in.Tag), to)
	if err != nil {
		return nil, err
	}
	out := &renamed{}
	out.Body.Tickets = n
	return out, nil
}

// merged are the links that a merge makes: both ways.
func (h *Handler) merged(ctx context.Context, by auth.Actor, number int64) ([]joined, error) {
	here, err := h.Desk.Merged(ctx, by, number)
	if err != nil {
		return nil, err
	}
	var out []joined
	for i := range here {
		out = append(out, joined{here[i].Ref(), "merged_here", here[i].ClosedAt.UTC()})
	}
	into, err := h.Desk.Survivor(ctx, by, number)
	if errs.Is(err, errs.NotFound) {
		return out, nil
	}
	return append(out, joined{into.Ref(), "merged_into", into.ChangedAt.UTC()}), err
}
