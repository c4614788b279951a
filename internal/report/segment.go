package report

import (
	"encoding/binary"
	"errors"

	"bothways/internal/agreement"
	"bothways/internal/desk/outcome"
	"bothways/internal/report/score"
)

// A segment is a list of rows in variable-length figures. What repeats (which kind of promise, which party) stands once, in a list of its own
// before them. Instants are seconds after the beginning of the month.
const segmentFormat = 1

var errSegment = errors.New("report: a segment that can't be read")

// kind is what many promises have in common.
type kind struct {
	side     agreement.Side
	metric   agreement.Metric
	priority agreement.Priority
	state    agreement.State
	reason   string // only where it is counted
}

type party struct {
	side agreement.Side
	name string
}

// packer makes a segment.
type packer struct {
	base     int64
	kinds    []kind
	kindAt   map[kind]uint64
	parties  []party
	partyAt  map[party]uint64
	promises []byte
	nProm    uint64
	tickets  []byte
	nTick    uint64
}

func newPacker(base int64) *packer {
	return &packer{base: base, kindAt: map[kind]uint64{}, partyAt: map[party]uint64{}}
}

func at[K comparable](all *[]K, index map[K]uint64, k K) uint64 {
	i, ok := index[k]
	if !ok {
		i = uint64(len(*all))
		index[k], *all = i, append(*all, k)
	}
	return i
}

// unsigned is a figure that is never below 0.
func unsigned(n int64) uint64 { return uint64(max(n, 0)) }

func (p *packer) promise(o *outcome.Outcome) {
	k := kind{o.Side, o.Metric, o.Priority, o.State, ""}
	if o.State == agreement.StateVoid {
		if o.Reason != agreement.ReasonSilence && o.Reason != agreement.ReasonReturned {
			return // it counts nowhere
		}
		k.reason = o.Reason
	}
	p.nProm++
	p.promises = binary.AppendUvarint(p.promises, at(&p.kinds, p.kindAt, k))
	for _, n := range [...]int64{o.Decided - p.base, o.Target, o.Used} {
		p.promises = binary.AppendUvarint(p.promises, unsigned(n))
	}
}

func (p *packer) ticket(a *outcome.Account) {
	p.nTick++
	p.tickets = binary.AppendUvarint(p.tickets, unsigned(a.Ended-p.base))
	p.tickets = binary.AppendUvarint(p.tickets, uint64(len(a.Spent)))
	for _, s := range a.Spent {
		p.tickets = binary.AppendUvarint(p.tickets, at(&p.parties, p.partyAt, party{s.Side, s.Party}))
		p.tickets = binary.AppendUvarint(p.tickets, unsigned(s.Wall))
		p.tickets = binary.AppendUvarint(p.tickets, unsigned(s.Working))
	}
}

// bytes is the segment.
func (p *packer) bytes() []byte {
	out := []byte{segmentFormat}
	words := func(all ...string) {
		for _, w := range all {
			out = binary.AppendUvarint(out, uint64(len(w)))
			out = append(out, w...)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(p.kinds)))
	for _, k := range p.kinds {
		words(string(k.side), string(k.metric), string(k.priority), string(k.state), k.reason)
	}
	out = binary.AppendUvarint(out, uint64(len(p.parties)))
	for _, k := range p.parties {
		words(string(k.side), k.name)
	}
	out = append(binary.AppendUvarint(out, p.nProm), p.promises...)
	return append(binary.AppendUvarint(out, p.nTick), p.tickets...)
}

// reader takes a segment apart.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) n() uint64 {
	v, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return v
}

func (r *reader) word() string {
	n := r.n()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return ""
	}
	w := string(r.b[:n])
	r.b = r.b[n:]
	return w
}

// count is how many of something follow, each of at least a byte.
func (r *reader) count() int {
	n := r.n()
	if n > uint64(len(r.b)) {
		r.bad = true
		return 0
	}
	return int(n) //nolint:gosec // no more than there are bytes
}

func (r *reader) signed() int64 { return int64(r.n() & (1<<62 - 1)) } //nolint:gosec // it is masked

// sink takes what a card is made of.
type sink struct {
	promise func(score.Promise)
	ticket  func(ended int64, spans []score.Span)
}

// unpack hands out what a segment holds, but for days that skip names.
func unpack(b []byte, base int64, skip func(at int64) bool, to sink) error {
	if len(b) == 0 || b[0] != segmentFormat {
		return errSegment
	}
	r := &reader{b: b[1:]}
	kinds := make([]score.Promise, r.count())
	for i := range kinds {
		k := &kinds[i]
		k.Side, k.Metric, k.Priority, k.State, k.Reason = agreement.Side(r.word()), agreement.Metric(r.word()), agreement.Priority(r.word()), agreement.State(r.word()), r.word()
	}
	parties := make([]score.Span, r.count())
	for i := range parties {
		parties[i].Side, parties[i].Party = agreement.Side(r.word()), r.word()
	}
	for range r.count() {
		k := r.n()
		decided, target, used := base+r.signed(), r.signed(), r.signed()
		if r.bad || k >= uint64(len(kinds)) {
			return errSegment
		}
		if skip(decided) {
			continue
		}
		p := kinds[k]
		p.Decided, p.Ended, p.Target, p.Used = decided, decided, target, used
		to.promise(p)
	}
	spans := make([]score.Span, 0, 8)
	for range r.count() {
		ended := base + r.signed()
		spans = spans[:0]
		for range r.count() {
			k := r.n()
			wall, working := r.signed(), r.signed()
			if r.bad || k >= uint64(len(parties)) {
				return errSegment
			}
			s := parties[k]
			s.Wall, s.Working = wall, working
			spans = append(spans, s)
		}
		if r.bad {
			return errSegment
		}
		if !skip(ended) {
			to.ticket(ended, spans)
		}
	}
	if r.bad || len(r.b) != 0 {
		return errSegment
	}
	return nil
}
