package api

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/writing"
	"bothways/internal/people"
)

// writing registers what is being written: drafts, files for them, answers that can be taken back, and saved answers. Who is on a
// ticket just now is the pages' own: a program is not there.
func (h *Handler) writing() {
	handle(h, route{method: http.MethodGet, path: "drafts", verb: auth.TicketRead, summary: "List your drafts, the newest first"}, h.drafts)
	for _, m := range []writing.Mode{writing.Reply, writing.Note} {
		verb, path := auth.TicketSpeak, "tickets/{number}/drafts/"+string(m)
		if m == writing.Note {
			verb = auth.TicketNoteWrite
		}
		handle(h, route{method: http.MethodGet, path: path, verb: verb, summary: "Get your draft of a " + string(m)}, h.draft(m))
		handle(h, route{method: http.MethodPost, path: path, verb: verb, summary: "Keep your draft of a " + string(m)}, h.saveDraft(m))
		handle(h, route{method: http.MethodPost, path: path + "/drop", verb: verb, summary: "Throw your draft of a " + string(m) + " away"}, h.dropDraft(m))
		handle(h, route{method: http.MethodPost, path: path + "/files", verb: verb, summary: "Attach a file to your draft of a " + string(m), status: http.StatusCreated, files: true}, h.attach(m))
	}
	handle(h, route{method: http.MethodPost, path: "tickets/{number}/messages/{id}/take-back", verb: auth.TicketSpeak, summary: "Take back a message that has not left yet: it is your draft again"}, h.takeBack)
	handle(h, route{method: http.MethodGet, path: "tickets/{number}/receivers", verb: auth.TicketNoteRead, summary: "Who would get a reply by mail, who would not, and why"}, h.receivers)
	handle(h, route{method: http.MethodPost, path: "tickets/{number}/parties", verb: auth.TicketWork, summary: "Put right who asks and who it is for"}, h.setParties)
	handle(h, route{method: http.MethodGet, path: "answers", verb: auth.AnswerUse, summary: "List saved answers: yours, then the shared ones"}, h.answers)
	handle(h, route{method: http.MethodPost, path: "answers", verb: auth.AnswerUse, summary: "Save an answer", status: http.StatusCreated}, h.newAnswer)
	handle(h, route{method: http.MethodPatch, path: "answers/{id}", verb: auth.AnswerUse, summary: "Change a saved answer"}, h.putAnswer)
	handle(h, route{method: http.MethodPost, path: "answers/{id}/remove", verb: auth.AnswerUse, summary: "Remove a saved answer"}, h.dropAnswer)
}

// draft is what somebody has written so far.
type draft struct {
	Number  string     `json:"number,omitempty" doc:"Of the ticket, in the list."`
	Mode    string     `json:"mode" enum:"reply,note"`
	Body    string     `json:"body"`
	After   string     `json:"after,omitempty" doc:"Of a reply: customer when it asks something, else ours."`
	Need    string     `json:"need,omitempty"`
	Due     string     `json:"due,omitempty" doc:"As it was typed."`
	Why     string     `json:"why,omitempty" doc:"It was sent and came back: why."`
	Version int64      `json:"version" doc:"0 when there is none."`
	SavedAt *time.Time `json:"saved_at"`
	Files   []file     `json:"files"`
}

func draftOf(d writing.Draft) draft {
	out := draft{Mode: string(d.Mode), Body: d.Body, After: d.After, Need: d.Need, Due: d.Due, Why: d.Why, Version: d.Version, SavedAt: instant(d.SavedAt), Files: make([]file, len(d.Files))}
	for i, f := range d.Files {
		out.Files[i] = file{f.ID, f.Name, f.Type, f.Size, f.SHA256}
	}
	return out
}

type draftOut struct{ Body draft }

func (h *Handler) drafts(ctx context.Context, by auth.Actor, _ *struct{}) (*listOut[draft], error) {
	all, err := h.Desk.Writing.Mine(ctx, by)
	out := make([]draft, len(all))
	for i := range all {
		out[i] = draftOf(all[i].Draft)
		out[i].Number = desk.Ref(all[i].Number)
	}
	return listOf(out, ""), err
}

func (h *Handler) draft(m writing.Mode) func(context.Context, auth.Actor, *Numbered) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *Numbered) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		d, err := h.Desk.Writing.Draft(ctx, by, n, m)
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(d)}, nil
	}
}

// draftIn is a draft as it is kept: all of it each time.
type draftIn struct {
	Numbered
	Body struct {
		Body    string `json:"body,omitempty"`
		After   string `json:"after,omitempty"`
		Need    string `json:"need,omitempty"`
		Due     string `json:"due,omitempty"`
		Version int64  `json:"version,omitempty" doc:"That you wrote on: refused with 412 when you saved another one elsewhere since."`
	}
}

func (h *Handler) saveDraft(m writing.Mode) func(context.Context, auth.Actor, *draftIn) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *draftIn) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		b := in.Body
		d, err := h.Desk.Writing.Save(ctx, by, n, writing.Draft{Mode: m, Body: b.Body, After: b.After, Need: b.Need, Due: b.Due, Version: b.Version})
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(d)}, nil
	}
}

type dropIn struct {
	Numbered
	Body *nothingElse
}

func (h *Handler) dropDraft(m writing.Mode) func(context.Context, auth.Actor, *dropIn) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *dropIn) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(writing.Draft{Mode: m})}, h.Desk.Writing.Drop(ctx, by, n, m)
	}
}

type attachIn struct {
	Numbered
	Body fileIn
}

type fileOut struct{ Body file }

func (h *Handler) attach(m writing.Mode) func(context.Context, auth.Actor, *attachIn) (*fileOut, error) {
	return func(ctx context.Context, by auth.Actor, in *attachIn) (*fileOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		if _, err := h.Desk.Get(ctx, by, n); err != nil { // who may not see it learns nothing of what they sent
			return nil, err
		}
		files, err := uploads([]fileIn{in.Body})
		if err != nil {
			return nil, err
		}
		f, err := h.Desk.Writing.Attach(ctx, by, n, m, files[0].Name, files[0].Body)
		if err != nil {
			return nil, err
		}
		callOf(ctx).acted = true
		return &fileOut{file{f.ID, f.Name, f.Type, f.Size, f.SHA256}}, nil
	}
}

func (h *Handler) takeBack(ctx context.Context, by auth.Actor, in *struct {
	Numbered
	ID   string `path:"id"`
	Body *nothingElse
}) (*draftOut, error) {
	n, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	d, err := h.Desk.TakeBack(ctx, by, n, in.ID)
	if err != nil {
		return nil, err
	}
	return &draftOut{draftOf(d)}, nil
}

// hold keeps a message that can be taken back, and answers as it will be.
func (h *Handler) hold(ctx context.Context, by auth.Actor, said desk.SpeakInput, seconds int64) (*messageOut, error) {
	held, err := h.Desk.Hold(ctx, by, desk.HoldInput{SpeakInput: said, For: time.Duration(min(max(seconds, 0), 1<<20)) * time.Second})
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	b, err := h.names(ctx, by, held.PersonID)
	if err != nil {
		return nil, err
	}
	out := b.message(desk.Message{ID: held.ID, AuthorID: held.PersonID, Side: "provider", Channel: held.Channel, Body: held.Body, Need: held.Need, NeedDue: held.Due, MadeAt: held.MadeAt}, desk.Delivery{Arrival: "held"})
	out.LeavesAt = instant(held.LeavesAt)
	return &messageOut{Body: out}, nil
}

// receiver is somebody of a ticket and whether a reply is mailed to them.
type receiver struct {
	Person *person `json:"person"`
	Mailed bool    `json:"mailed"`
	Why    string  `json:"why" doc:"Why, or why not."`
}

func (h *Handler) receivers(ctx context.Context, by auth.Actor, in *Numbered) (*listOut[receiver], error) {
	n, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	if _, err := h.Desk.Allowed(ctx, h.DB.Read(), by, n, auth.TicketNoteRead); err != nil {
		return nil, err
	}
	parts, err := h.Desk.Participants(ctx, by, n)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(parts))
	for i := range parts {
		ids[i] = parts[i].PersonID
	}
	b, err := h.names(ctx, by, ids...)
	if err != nil {
		return nil, err
	}
	all, err := audience.Receivers(ctx, h.DB.Read(), parts, func(personID string) people.Person { return b.persons[personID] }, by.PersonID, h.Box.Mails())
	out := make([]receiver, len(all))
	for i, r := range all {
		out[i] = receiver{b.person(r.Person.ID), r.Gets, r.Why}
	}
	return listOf(out, ""), err
}

func (h *Handler) setParties(ctx context.Context, by auth.Actor, in *struct {
	At
	Body struct {
		Requester string `json:"requester,omitempty" doc:"Mail address of who asks; left out it stays."`
		Affected  string `json:"affected,omitempty" doc:"Mail address of who it is for; left out it stays."`
	}
}) (*ticketOut, error) {
	c, err := in.act()
	if err != nil {
		return nil, err
	}
	if err := addresses(map[string]string{"requester": in.Body.Requester, "affected": in.Body.Affected}); err != nil {
		return nil, err
	}
	t, err := h.Desk.Parties(ctx, by, c, in.Body.Requester, in.Body.Affected)
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	return h.ticketOut(ctx, by, t)
}

// savedAnswer is an answer kept to be used again.
type savedAnswer struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Body      string    `json:"body" doc:"With placeholders such as {requester.first}."`
	Shared    bool      `json:"shared" doc:"Everybody in IT uses it."`
	Mine      bool      `json:"mine"`
	Version   int64     `json:"version"`
	ChangedAt time.Time `json:"changed_at"`
}

type answerIn struct {
	Title   string `json:"title,omitempty"`
	Body    string `json:"body,omitempty"`
	Shared  bool   `json:"shared,omitempty"`
	Version int64  `json:"version,omitempty" doc:"That you changed; refused with 412 when somebody changed it since."`
}

type answerOut struct{ Body savedAnswer }

func answerOf(by auth.Actor, a answer.Answer) savedAnswer {
	return savedAnswer{ID: a.ID, Title: a.Title, Body: a.Body, Shared: a.Shared, Mine: a.OwnerID == by.PersonID, Version: a.Version, ChangedAt: a.ChangedAt.UTC()}
}

func (h *Handler) answers(ctx context.Context, by auth.Actor, in *struct {
	Q string `query:"q" doc:"Words of its title or text."`
}) (*listOut[savedAnswer], error) {
	all, err := h.saved.List(ctx, by, in.Q)
	out := make([]savedAnswer, len(all))
	for i := range all {
		out[i] = answerOf(by, all[i])
	}
	return listOf(out, ""), err
}

func (h *Handler) newAnswer(ctx context.Context, by auth.Actor, in *struct{ Body answerIn }) (*answerOut, error) {
	return h.saveAnswer(ctx, by, "", in.Body)
}

func (h *Handler) putAnswer(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body answerIn
}) (*answerOut, error) {
	if _, err := h.saved.Get(ctx, by, in.ID); err != nil { // who may not use it learns nothing of what they sent
		return nil, err
	}
	return h.saveAnswer(ctx, by, in.ID, in.Body)
}

func (h *Handler) saveAnswer(ctx context.Context, by auth.Actor, answerID string, in answerIn) (*answerOut, error) {
	if err := auth.Can(by, auth.AnswerUse, auth.Object{}); err != nil {
		return nil, err
	}
	a, err := h.saved.Save(ctx, by, answer.Input{ID: answerID, Version: in.Version, Title: in.Title, Body: in.Body, Shared: in.Shared})
	if err != nil {
		return nil, err
	}
	callOf(ctx).acted = true
	return &answerOut{answerOf(by, a)}, nil
}

func (h *Handler) dropAnswer(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body *nothingElse
}) (*answerOut, error) {
	a, err := h.saved.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return &answerOut{answerOf(by, a)}, h.saved.Drop(ctx, by, in.ID)
}
