package draft

import (
	"context"
	"net/http"
	"time"

	"bothways/internal/api/host"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk"
	"bothways/internal/desk/answer"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/writing"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

// Services are what the resources stand on.
type Services struct {
	Desk  *desk.Service
	Saved *answer.Service
	Box   *box.Box
	DB    *db.DB
}

// part is the resources, mounted.
type part struct {
	Services
	host host.Host
}

// Mount registers what is being written: drafts, files for them, answers that can be taken back, and saved answers. Who is on a
// ticket just now is the pages' own: a program is not there.
func Mount(h host.Host, s Services) {
	p := &part{s, h}
	host.Handle(p.host, host.Route{Method: http.MethodGet, Path: "drafts", Verb: auth.TicketRead, Summary: "List your drafts, the newest first"}, p.drafts)
	for _, m := range []writing.Mode{writing.Reply, writing.Note} {
		verb, path := auth.TicketSpeak, "tickets/{number}/drafts/"+string(m)
		if m == writing.Note {
			verb = auth.TicketNoteWrite
		}
		host.Handle(p.host, host.Route{Method: http.MethodGet, Path: path, Verb: verb, Summary: "Get your draft of a " + string(m)}, p.draft(m))
		host.Handle(p.host, host.Route{Method: http.MethodPost, Path: path, Verb: verb, Summary: "Keep your draft of a " + string(m)}, p.saveDraft(m))
		host.Handle(p.host, host.Route{Method: http.MethodPost, Path: path + "/drop", Verb: verb, Summary: "Throw your draft of a " + string(m) + " away"}, p.dropDraft(m))
		host.Handle(p.host, host.Route{Method: http.MethodPost, Path: path + "/files", Verb: verb, Summary: "Attach a file to your draft of a " + string(m), Status: http.StatusCreated, Files: true}, p.attach(m))
	}
	host.Handle(p.host, host.Route{Method: http.MethodPost, Path: "tickets/{number}/messages/{id}/take-back", Verb: auth.TicketSpeak, Summary: "Take back a message that has not left yet: it is your draft again"}, p.takeBack)
	host.Handle(p.host, host.Route{Method: http.MethodGet, Path: "tickets/{number}/receivers", Verb: auth.TicketNoteRead, Summary: "Who would get a reply by mail, who would not, and why"}, p.receivers)
	host.Handle(p.host, host.Route{Method: http.MethodGet, Path: "answers", Verb: auth.AnswerUse, Summary: "List saved answers: yours, then the shared ones"}, p.answers)
	host.Handle(p.host, host.Route{Method: http.MethodPost, Path: "answers", Verb: auth.AnswerUse, Summary: "Save an answer", Status: http.StatusCreated}, p.newAnswer)
	host.Handle(p.host, host.Route{Method: http.MethodPatch, Path: "answers/{id}", Verb: auth.AnswerUse, Summary: "Change a saved answer"}, p.putAnswer)
	host.Handle(p.host, host.Route{Method: http.MethodPost, Path: "answers/{id}/remove", Verb: auth.AnswerUse, Summary: "Remove a saved answer"}, p.dropAnswer)
}

// draft is what somebody has written so far.
type draft struct {
	Number  string      `json:"number,omitempty" doc:"Of the ticket, in the list."`
	Mode    string      `json:"mode" enum:"reply,note"`
	Body    string      `json:"body"`
	After   string      `json:"after,omitempty" doc:"Of a reply: customer when it asks something, else ours."`
	Need    string      `json:"need,omitempty"`
	Due     string      `json:"due,omitempty" doc:"As it was typed."`
	Why     string      `json:"why,omitempty" doc:"It was sent and came back: why."`
	Version int64       `json:"version" doc:"0 when there is none."`
	SavedAt *time.Time  `json:"saved_at"`
	Files   []host.File `json:"files"`
}

func draftOf(d writing.Draft) draft {
	out := draft{Mode: string(d.Mode), Body: d.Body, After: d.After, Need: d.Need, Due: d.Due, Why: d.Why, Version: d.Version, SavedAt: host.Instant(d.SavedAt), Files: make([]host.File, len(d.Files))}
	for i, f := range d.Files {
		out.Files[i] = host.File{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256}
	}
	return out
}

type draftOut struct{ Body draft }

func (p *part) drafts(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[draft], error) {
	all, err := p.Desk.Writing.Mine(ctx, by)
	out := make([]draft, len(all))
	for i := range all {
		out[i] = draftOf(all[i].Draft)
		out[i].Number = desk.Ref(all[i].Number)
	}
	return host.ListOf(out, ""), err
}

func (p *part) draft(m writing.Mode) func(context.Context, auth.Actor, *host.Numbered) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *host.Numbered) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		d, err := p.Desk.Writing.Draft(ctx, by, n, m)
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(d)}, nil
	}
}

// draftIn is a draft as it is kept: all of it each time.
type draftIn struct {
	host.Numbered
	Body struct {
		Body    string `json:"body,omitempty"`
		After   string `json:"after,omitempty"`
		Need    string `json:"need,omitempty"`
		Due     string `json:"due,omitempty"`
		Version int64  `json:"version,omitempty" doc:"That you wrote on: refused with 412 when you saved another one elsewhere since."`
	}
}

func (p *part) saveDraft(m writing.Mode) func(context.Context, auth.Actor, *draftIn) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *draftIn) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		b := in.Body
		d, err := p.Desk.Writing.Save(ctx, by, n, writing.Draft{Mode: m, Body: b.Body, After: b.After, Need: b.Need, Due: b.Due, Version: b.Version})
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(d)}, nil
	}
}

type dropIn struct {
	host.Numbered
	Body *host.NothingElse
}

func (p *part) dropDraft(m writing.Mode) func(context.Context, auth.Actor, *dropIn) (*draftOut, error) {
	return func(ctx context.Context, by auth.Actor, in *dropIn) (*draftOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		return &draftOut{draftOf(writing.Draft{Mode: m})}, p.Desk.Writing.Drop(ctx, by, n, m)
	}
}

type attachIn struct {
	host.Numbered
	Body host.FileIn
}

type fileOut struct{ Body host.File }

func (p *part) attach(m writing.Mode) func(context.Context, auth.Actor, *attachIn) (*fileOut, error) {
	return func(ctx context.Context, by auth.Actor, in *attachIn) (*fileOut, error) {
		n, err := desk.ParseRef(in.Number)
		if err != nil {
			return nil, err
		}
		if _, err := p.Desk.Get(ctx, by, n); err != nil { // who may not see it learns nothing of what they sent
			return nil, err
		}
		files, err := host.Uploads([]host.FileIn{in.Body})
		if err != nil {
			return nil, err
		}
		f, err := p.Desk.Writing.Attach(ctx, by, n, m, files[0].Name, files[0].Body)
		if err != nil {
			return nil, err
		}
		p.host.Acted(ctx)
		return &fileOut{host.File{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256}}, nil
	}
}

func (p *part) takeBack(ctx context.Context, by auth.Actor, in *struct {
	host.Numbered
	ID   string `path:"id"`
	Body *host.NothingElse
}) (*draftOut, error) {
	n, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	d, err := p.Desk.TakeBack(ctx, by, n, in.ID)
	if err != nil {
		return nil, err
	}
	return &draftOut{draftOf(d)}, nil
}

// receiver is somebody of a ticket and whether a reply is mailed to them.
type receiver struct {
	Person *host.Person `json:"person"`
	Mailed bool         `json:"mailed"`
	Why    string       `json:"why" doc:"Why, or why not."`
}

func (p *part) receivers(ctx context.Context, by auth.Actor, in *host.Numbered) (*host.ListOut[receiver], error) {
	n, err := desk.ParseRef(in.Number)
	if err != nil {
		return nil, err
	}
	if _, err := p.Desk.Allowed(ctx, p.DB.Read(), by, n, auth.TicketNoteRead); err != nil {
		return nil, err
	}
	parts, err := p.Desk.Participants(ctx, by, n)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(parts))
	for i := range parts {
		ids[i] = parts[i].PersonID
	}
	b, err := host.Names(ctx, p.DB.Read(), by, ids...)
	if err != nil {
		return nil, err
	}
	all, err := audience.Receivers(ctx, p.DB.Read(), parts, func(personID string) people.Person { return b.Persons[personID] }, by.PersonID, p.Box.Mails())
	out := make([]receiver, len(all))
	for i, r := range all {
		out[i] = receiver{b.Person(r.Person.ID), r.Gets, r.Why}
	}
	return host.ListOf(out, ""), err
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

func (p *part) answers(ctx context.Context, by auth.Actor, in *struct {
	Q string `query:"q" doc:"Words of its title or text."`
}) (*host.ListOut[savedAnswer], error) {
	all, err := p.Saved.List(ctx, by, in.Q)
	out := make([]savedAnswer, len(all))
	for i := range all {
		out[i] = answerOf(by, all[i])
	}
	return host.ListOf(out, ""), err
}

func (p *part) newAnswer(ctx context.Context, by auth.Actor, in *struct{ Body answerIn }) (*answerOut, error) {
	return p.saveAnswer(ctx, by, "", in.Body)
}

func (p *part) putAnswer(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body answerIn
}) (*answerOut, error) {
	if _, err := p.Saved.Get(ctx, by, in.ID); err != nil { // who may not use it learns nothing of what they sent
		return nil, err
	}
	return p.saveAnswer(ctx, by, in.ID, in.Body)
}

func (p *part) saveAnswer(ctx context.Context, by auth.Actor, answerID string, in answerIn) (*answerOut, error) {
	if err := auth.Can(by, auth.AnswerUse, auth.Object{}); err != nil {
		return nil, err
	}
	a, err := p.Saved.Save(ctx, by, answer.Input{ID: answerID, Version: in.Version, Title: in.Title, Body: in.Body, Shared: in.Shared})
	if err != nil {
		return nil, err
	}
	p.host.Acted(ctx)
	return &answerOut{answerOf(by, a)}, nil
}

func (p *part) dropAnswer(ctx context.Context, by auth.Actor, in *struct {
	ID   string `path:"id"`
	Body *host.NothingElse
}) (*answerOut, error) {
	a, err := p.Saved.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return &answerOut{answerOf(by, a)}, p.Saved.Drop(ctx, by, in.ID)
}
