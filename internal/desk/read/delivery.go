package read

import (
	"context"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk/record"
	"bothways/internal/desk/store"
	"bothways/internal/event"
)

// Key is what names a ticket beside its id.
type Key = store.Key

// Keys names tickets by their ids; those that do not exist are left out. It asks for no right: the caller has shown its list to
// somebody who may read it.
func (s *Reader) Keys(ctx context.Context, ids ...string) (map[string]Key, error) {
	return store.Keys(ctx, s.db.Read(), ids...)
}

// Standing is a ticket's version and the object that rights to it depend on.
type Standing struct {
	Number, Version int64
	Object          auth.Object
}

// Standings tells how tickets stand, for who passes on that they changed and asks for each reader's right himself: it asks for none.
// Those that do not exist are left out.
func (s *Reader) Standings(ctx context.Context, numbers ...int64) ([]Standing, error) {
	all, err := store.Standings(ctx, s.db.Read(), numbers...)
	out := make([]Standing, len(all))
	for i := range all {
		out[i] = Standing{all[i].Number, all[i].Version, all[i].Object(all[i].Parties)}
	}
	return out, err
}

// Arrival says how far a public message has come.
type Arrival string

// The arrivals of a message. What the customer writes is received when it is durable; what IT writes has arrived when the relay
// answered for it, or at once where nobody is mailed.
const (
	Received     Arrival = "received"
	OnItsWay     Arrival = "on_its_way"
	Arrived      Arrival = "arrived"
	NotDelivered Arrival = "undeliverable"
)

// Delivery is what became of a message.
type Delivery struct {
	Arrival Arrival
	Due     time.Time // a blocking question that arrived: by when the agreement wants its answer; zero while unknown
}

// Deliveries says what became of the messages of a ticket, by their ids. A message that is not named was received. Errors:
// NotFound.
func (s *Reader) Deliveries(ctx context.Context, by auth.Actor, number int64) (map[string]Delivery, error) {
	t, err := s.Get(ctx, by, number)
	if err != nil {
		return nil, err
	}
	stream, err := event.Of(ctx, s.db.Read(), t.ID, 0)
	if err != nil {
		return nil, err
	}
	out, asked := deliveries(stream)
	if len(asked) == 0 {
		return out, nil
	}
	l, err := s.ledgerOf(ctx, t)
	if err != nil {
		return nil, err
	}
	for i := range l.Result.Obligations {
		o := &l.Result.Obligations[i]
		if id := asked[o.CauseSeq]; id != "" && o.Due != 0 {
			d := out[id]
			d.Due = time.Unix(o.Due, 0).UTC()
			out[id] = d
		}
	}
	return out, nil
}

// deliveries reads a stream; asked are the messages that opened the customer's turn, by the event that did.
func deliveries(stream []event.Event) (out map[string]Delivery, asked map[int64]string) {
	out, asked = map[string]Delivery{}, map[int64]string{}
	arrived := map[int64]string{}
	for _, e := range stream {
		d := record.DataOf(e)
		switch e.Kind {
		case record.Message:
			out[d.Message] = Delivery{Arrival: OnItsWay}
		case string(agreement.QuestionAsked), string(agreement.SolutionProposed):
			asked[e.Seq] = d.Message
			fallthrough
		case string(agreement.ProviderSpoke):
			arrived[e.Seq] = d.Message
			out[d.Message] = Delivery{Arrival: Arrived}
		case record.NotDeliverable:
			if out[d.Message].Arrival == OnItsWay {
				out[d.Message] = Delivery{Arrival: NotDelivered}
			}
		case string(agreement.Undeliverable):
			if id := arrived[d.Ref]; id != "" {
				out[id] = Delivery{Arrival: NotDelivered}
				delete(asked, d.Ref)
			}
		}
	}
	return out, asked
}
