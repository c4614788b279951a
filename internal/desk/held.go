package desk

import (
	"context"
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/desk/writing"
	"bothways/internal/event"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
)

// JobHeld is the kind of the job that sends an answer when it can't be taken back any more; its item is the answer's id.
const JobHeld = "ticket.held"

// LongestHold bounds how long an answer can be held back.
const LongestHold = 10 * time.Minute

// HoldInput is an answer of IT's that can be taken back for a while.
type HoldInput struct {
	SpeakInput
	For   time.Duration
	Seen  int64    // the newest event its writer had seen; 0 asks for nothing
	Known []string // held answers of colleagues that they had seen
}

// Hold keeps an answer for a while in which it can be taken back. Then it is said as if it were written at that instant, with the
// rights its writer has then; what can't be said any more returns to them as a draft with the reason. Until then nothing moves.
// Errors: those of Speak; Stale when a colleague's answer is about to leave that the writer has not seen.
func (s *Service) Hold(ctx context.Context, by auth.Actor, input HoldInput) (writing.Held, error) {
	var h writing.Held
	if input.For < time.Second || input.For > LongestHold {
		return h, errs.In("desk.hold", "undo_seconds", "It is not between 1 and %d seconds.", int(LongestHold.Seconds()))
	}
	_, err := s.act(ctx, by, in{number: input.Number, verb: auth.TicketSpeak, version: input.Version, name: "hold"}, func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first, or write a new request.")
		}
		m, err := a.message(id.New(), input.SpeakInput)
		if err != nil {
			return err
		}
		if m.Side != sideProvider {
			return errs.New(errs.Conflict, "desk.hold", "You take part in %s yourself, so your answer leaves at once. Write it on your own page of it.", a.t.Ref())
		}
		if done, err := a.before(input.Once, &m.ID); err != nil || done {
			h = writing.Held{ID: m.ID, TicketID: a.t.ID, LeavesAt: a.now}
			return err
		}
		if err := a.seenAll(input); err != nil {
			return err
		}
		h = writing.Held{
			ID: m.ID, TicketID: a.t.ID, PersonID: by.PersonID, Channel: by.Channel, Body: m.Body, Need: m.Need, Due: m.NeedDue, Metric: string(m.Metric),
			Seen: input.Seen, Known: input.Known, Minutes: input.Work.Minutes, WorkKind: input.Work.Kind, WorkNote: input.Work.Note, MadeAt: a.now, LeavesAt: a.now.Add(input.For),
		}
		uploads := input.Uploads
		for _, f := range input.Files {
			kept, err := s.Writing.Keep(ctx, a.tx, by.PersonID, a.t.ID, writing.Reply, f.Name, f.Body)
			if err != nil {
				return err
			}
			uploads = append(uploads, kept.ID)
		}
		if err := writing.Hold(ctx, a.tx, &h, uploads, input.Draft); err != nil {
			return err
		}
		return s.jobs.Add(ctx, a.tx, JobHeld, h.ID, h.LeavesAt)
	})
	return h, err
}

// seenAll refuses an answer while a colleague's is about to leave that its writer has not seen.
func (a *act) seenAll(input HoldInput) error {
	if input.Seen == 0 {
		return nil
	}
	held, err := writing.HeldOf(a.ctx, a.tx, a.t.ID)
	for i := range held {
		if o := &held[i]; o.PersonID != a.by.PersonID && !slices.Contains(input.Known, o.ID) {
			return errs.New(errs.Stale, "desk.hold", "A colleague’s answer to %s is about to leave. Read it first; what you typed is kept.", a.t.Ref()).Reason("unseen-answer")
		}
	}
	return err
}

// SendHeld says a held answer when its time has come, or gives it back as a draft when it can't be said any more. end commits it
// with the removal of the job.
func (s *Service) SendHeld(ctx context.Context, heldID string, end func(fn func(tx *db.Tx) error) error) error {
	why := ""
	err := end(func(tx *db.Tx) error { return s.leave(ctx, tx, heldID) })
	switch errs.KindOf(err) {
	case errs.Conflict, errs.Denied, errs.NotFound, errs.Invalid, errs.TooLarge, errs.Unauthenticated:
		why = errs.Sentence(err)
	}
	if err == nil || why == "" {
		return err
	}
	return end(func(tx *db.Tx) error {
		h, err := writing.HeldByID(ctx, tx, heldID)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = writing.Return(ctx, tx, h, why, s.clk.Now())
		return err
	})
}

// leave says a held answer.
func (s *Service) leave(ctx context.Context, tx *db.Tx, heldID string) error {
	h, err := writing.HeldByID(ctx, tx, heldID)
	if errs.Is(err, errs.NotFound) {
		return nil // taken back
	}
	if err != nil {
		return err
	}
	by, err := s.people.ActorOf(ctx, h.PersonID)
	if err != nil {
		return err
	}
	by.Channel = h.Channel
	t, err := store.ByID(ctx, tx, h.TicketID)
	if err != nil {
		return err
	}
	_, err = s.actIn(ctx, tx, by, t, in{verb: auth.TicketSpeak, name: "speak", work: Work{Minutes: h.Minutes, Kind: h.WorkKind, Note: h.WorkNote}}, func(a *act) error {
		if !a.t.Open {
			return a.over("Reopen it first, or write a new request.")
		}
		if a.crossed(h) {
			return errs.New(errs.Conflict, "desk.leave", "A colleague answered %s while yours waited to leave. Read theirs, and send yours if it still fits.", a.t.Ref())
		}
		said := SpeakInput{Body: h.Body}
		said.Uploads = make([]string, len(h.Files))
		if h.Metric == string(agreement.MetricConfirm) {
			said.Solved = true
		} else if h.Need != "" {
			said.Question = &QuestionInput{Need: h.Need, Due: h.Due, Metric: h.Metric}
			if !h.Due.IsZero() && !h.Due.After(a.now) {
				said.Question.Due = time.Time{} // it passed while the answer waited: the agreement's time holds
			}
		}
		m, err := a.message(h.ID, said)
		if err != nil {
			return err
		}
		if err := writing.Release(ctx, tx, h.ID); err != nil {
			return err
		}
		m.Files = attached(h.Files)
		return a.say(&m, nil)
	})
	return err
}

// crossed says whether a colleague has spoken since the writer of a held answer read the ticket.
func (a *act) crossed(h writing.Held) bool {
	return h.Seen != 0 && slices.ContainsFunc(a.stream, func(e event.Event) bool {
		return e.Kind == evMessage && e.Seq > h.Seen && e.Actor != h.PersonID && !slices.Contains(h.Known, record.DataOf(e).Message)
	})
}

// TakeBack makes a held answer a draft of its writer again. Errors: NotFound; Conflict when it has left.
func (s *Service) TakeBack(ctx context.Context, by auth.Actor, number int64, heldID string) (writing.Draft, error) {
	var d writing.Draft
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		ticketID, err := s.Allowed(ctx, tx, by, number, auth.TicketRead)
		if err != nil {
			return err
		}
		h, err := writing.HeldByID(ctx, tx, heldID)
		if errs.Is(err, errs.NotFound) {
			if m, err := store.MessageByID(ctx, tx, heldID, ticketID); err == nil && m.AuthorID == by.PersonID {
				return errs.New(errs.Conflict, "desk.take-back", "It has left already, so it can’t be taken back. Write a second message that puts it right.").Reason("left-already")
			}
		}
		if err != nil {
			return err
		}
		if h.TicketID != ticketID || h.PersonID != by.PersonID {
			return errs.New(errs.NotFound, "desk.take-back", "There is no such answer of yours here.")
		}
		if err := s.jobs.Remove(ctx, tx, JobHeld, heldID); err != nil {
			return err
		}
		d, err = writing.Return(ctx, tx, h, "", s.clk.Now())
		return err
	})
	return d, err
}
