package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bothways/internal/desk"
	"bothways/internal/kit/text"
	"bothways/internal/web/accord"
	"bothways/internal/web/area"
	"bothways/internal/web/dispute"
	"bothways/internal/web/mine"
	"bothways/internal/web/scorecard"
	"bothways/internal/web/serve"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
	"bothways/internal/web/vote"
)

// uploads are the files of a form as the desk takes them.
func uploads(f *serve.Form) []desk.Upload {
	var out []desk.Upload
	for _, x := range f.Files {
		out = append(out, desk.Upload{Name: x.Name, Body: x.Body})
	}
	return out
}

// localTime reads a day and hour as forms send them, in the reader's zone. Errors: Invalid, naming the field.
func (v *visit) localTime(field, s string) (time.Time, error) {
	return area.Instant(v.reader.Zone, field, s)
}

// resumable are the fields a form may carry over a sign-in.
var resumable = []string{"subject", "body", "after", "need", "due", "reason", "until", "requester", "affected", "kind", "impact", "urgency", "about"}

// Names of the hidden fields in which a form waits for its sender to sign in again.
const (
	keptTo     = "resume"
	keptPrefix = "kept."
)

// mayWait says whether a form to an address may wait for a sign-in.
func mayWait(to string) bool {
	return strings.HasPrefix(to, "/requests") || strings.HasPrefix(to, "/desk/") || to == "/levels"
}

// keepForm turns what was sent without a session into hidden fields of the sign-in page: nothing typed is lost to a session that
// ended. Files have to be attached again.
func (s *site) keepForm(v *visit) (waits []ui.Hidden, files int) {
	to := serve.Next(v.r.URL.Path)
	if !mayWait(to) {
		return nil, 0
	}
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return nil, 0
	}
	out := []ui.Hidden{{Name: keptTo, Value: to}}
	for _, name := range resumable {
		if f.Values[name] != "" {
			out = append(out, ui.Hidden{Name: keptPrefix + name, Value: f.Values[name]})
		}
	}
	if len(out) == 1 {
		return nil, f.Left
	}
	return out, f.Left
}

// kept are the fields that wait, as they came.
func kept(f *serve.Form) []ui.Hidden {
	to := serve.Next(f.Value(keptTo))
	if !mayWait(to) {
		return nil
	}
	out := []ui.Hidden{{Name: keptTo, Value: to}}
	for name, value := range f.Values {
		if field, ok := strings.CutPrefix(name, keptPrefix); ok && slices.Contains(resumable, field) {
			out = append(out, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortFunc(out[1:], func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// resume shows what waited to who has signed in again: one button sends it.
func (s *site) resume(v *visit, f *serve.Form) {
	p := sign.NoticePage{Doc: v.doc("You are signed in"), Home: "/", Help: s.help(), Tone: ui.TonePlain, Icon: ui.IconSend, Title: "You are signed in", Button: "Send it now"}
	for _, h := range kept(f) {
		if h.Name == keptTo {
			p.Act = ui.Form{ID: "resume", Action: h.Value}
			continue
		}
		p.Act.Hidden = append(p.Act.Hidden, ui.Hidden{Name: strings.TrimPrefix(h.Name, keptPrefix), Value: h.Value})
	}
	p.Text = []string{"What you wrote was not sent yet. Files have to be attached again."}
	for _, name := range []string{"subject", "body"} {
		if w := f.Values[keptPrefix+name]; w != "" {
			p.Text = append(p.Text, "“"+text.Cut(w, 600)+"”")
		}
	}
	p.Ways = []ui.Link{{Label: "Do not send it", Href: "/"}}
	s.render(v, http.StatusOK, sign.Notice(p))
}

// done are the sentences a page says once after a form was taken, by the key in its address.
var done = map[string]string{
	"reply": "Sent.", "held": "Sent.", "undone": "Taken back. It is your draft again.", "fields": "Changed.", "dropped": "Thrown away.", "answer-saved": "Saved.", "answer-dropped": "Removed.", "parties": "Changed.", "note": "The note is saved. Only IT can read it.", "take": "It is yours now.", "assign": "Passed on.", "priority": "The priority is set.",
	"resolve": "Sent. The customer is asked to confirm.", "wait": "The wait is noted.", "end-wait": "The wait is over.", "supplier": "It is the supplier’s turn.",
	"supplier-answered": "It is our turn again.", "reopen": "It is open again.", "not-a-ticket": "Set aside.", "link": "Linked.", "no-turn": "Read as a message that moves no turn.",
	"waive": "Taken off the list of promises.", "watch": "Added.", "unwatch": "Removed.", "new": "Sent. We have it.", "message": "Sent. It is our turn.",
	"answer": "Thank you. It is our turn.", "return": "Thank you. The time since we asked was ours.", "confirm": "Thank you. It is closed.", "reject": "Thank you for telling us. It is our turn.",
	"withdraw": "Withdrawn.", "hand-over": "Handed over.", "pass": "Passed to the other door.", "call": "Noted.", "time": "The time is noted.", "tags": "The tags are kept.", "wait-proposal": "Asked. The turn moves when it has arrived.",
	"merge": "Merged. Both go on as one.", "unmerge": "It goes on by itself again.", "split": "A new ticket, begun with what was said.", "unlink": "The link is gone.",
	"is-a-ticket": "It is a ticket again.", "looked-at": "Noted: two of you looked at it.", "agree-wait": "Thank you. We wait.", "dispute": "Noted. Both versions stay on record.", "answered": "Sent to the desk.", "away": "Sent to the desk. It moves no turn.",
}

// toast is what the address says was done.
func (v *visit) toast() *ui.Toast {
	key := v.r.URL.Query().Get("done")
	for _, all := range []map[string]string{done, mine.Done, vote.Done, accord.Done, dispute.Done, scorecard.Done} {
		if s, ok := all[key]; ok {
			return &ui.Toast{Text: s}
		}
	}
	return nil
}
