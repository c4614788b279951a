package export

import (
	"encoding/json"

	"bothways/internal/desk"
	"bothways/internal/kit/page"
)

// ticket writes a ticket, and then all that belongs to it.
func (e *exporter) ticket(r desk.Row) error {
	err := e.line("ticket", fields{
		"id": r.ID, "ref": r.Ref(), "kind": r.Kind, "subject": r.Subject, "channel": r.Channel, "organisation": r.OrgID, "site": r.SiteID, "team": r.TeamID,
		"assignee": r.AssigneeID, "submitter": r.SubmitterID, "requester": r.RequesterID, "affected": r.AffectedID, "impact": r.Impact, "urgency": r.Urgency,
		"priority": r.Priority, "sensitivity": r.Sensitivity, "matter": r.Matter, "service": r.ServiceID, "state": r.State, "turn": r.TurnSide, "turn_since": r.TurnSince, "due_at": r.DueAt, "due": r.DueMetric,
		"made_at": r.MadeAt, "changed_at": r.ChangedAt, "resolved_at": r.ResolvedAt, "closed_at": r.ClosedAt,
	})
	if err != nil {
		return err
	}
	for _, part := range []func(desk.Row) error{e.messages, e.notes, e.events, e.links, e.ledger} {
		if err := part(r); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) messages(r desk.Row) error {
	return each(func(c string) (page.List[desk.Message], error) {
		return e.a.Desk.Messages(e.ctx, e.by, r.Number, c, page.MaxLimit)
	}, func(m desk.Message) error {
		return e.line("message", fields{"id": m.ID, "ticket": r.ID, "author": m.AuthorID, "side": m.Side, "channel": m.Channel, "body": m.Body, "need": m.Need,
			"need_due": m.NeedDue, "metric": m.Metric, "class": m.Class, "event": m.EventSeq, "made_at": m.MadeAt, "files": files(m.Files)})
	})
}

func (e *exporter) notes(r desk.Row) error {
	return each(func(c string) (page.List[desk.Note], error) {
		return e.a.Desk.Notes(e.ctx, e.by, r.Number, c, page.MaxLimit)
	}, func(n desk.Note) error {
		return e.line("note", fields{"id": n.ID, "ticket": r.ID, "author": n.AuthorID, "body": n.Body, "made_at": n.MadeAt, "files": files(n.Files)})
	})
}

func files(all []desk.File) []fields {
	var out []fields
	for _, f := range all {
		out = append(out, fields{"name": f.Name, "type": f.Type, "size": f.Size, "sha256": f.SHA256})
	}
	return out
}

func (e *exporter) events(r desk.Row) error {
	all, err := e.a.Desk.Events(e.ctx, e.by, r.Number)
	if err != nil {
		return err
	}
	for _, v := range all {
		if err := e.line("event", fields{"id": v.ID, "ticket": r.ID, "seq": v.Seq, "at": v.At, "kind": v.Kind, "actor": v.Actor, "behalf": v.Behalf,
			"channel": v.Channel, "data": json.RawMessage(v.Data), "digest": v.Digest}); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) links(r desk.Row) error {
	all, err := e.a.Desk.Links(e.ctx, e.by, r.Number)
	if err != nil {
		return err
	}
	for _, l := range all {
		if err := e.line("link", fields{"ticket": r.ID, "other": desk.Ref(l.Other), "kind": l.Kind, "made_at": l.MadeAt}); err != nil {
			return err
		}
	}
	return nil
}

// ledger writes what the clock reads from the events. Instants are seconds since 1970, as it counts.
func (e *exporter) ledger(r desk.Row) error {
	l, err := e.a.Desk.Ledger(e.ctx, e.by, r.Number)
	if err != nil {
		return err
	}
	for _, t := range l.Result.Turns {
		if err := e.line("turn", fields{"ticket": r.ID, "side": t.Side, "party": t.Party, "since": t.Since, "until": t.Until, "cause": t.Cause, "event": t.CauseSeq}); err != nil {
			return err
		}
	}
	for i := range l.Result.Obligations {
		o := &l.Result.Obligations[i]
		if err := e.line("obligation", fields{"id": o.ID, "ticket": r.ID, "side": o.Side, "metric": o.Metric, "state": o.State, "stands": o.Stands, "started": o.Started,
			"ended": o.Ended, "due": o.Due, "met": o.Met, "target": o.Target, "used": o.Used, "party": o.Party, "reason": o.Reason}); err != nil {
			return err
		}
	}
	return nil
}
