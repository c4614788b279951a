package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/audience"
	"bothways/internal/desk/record"
	"bothways/internal/people"
)

// shape is a mail of Helen's to the desk, and what an agent who answers it is shown: who gets the answer, and who was named and
// waits to be let in.
type shape struct {
	name, head  string // %T is the reply address of an earlier mail of ours
	gets, waits string
}

const (
	helen = "helen@norvik.example"
	owen  = "owen@norvik.example"
	rita  = "rita@twin.example"
	fresh = "fresh@else.example"
)

// shapes are those of real mails (pains.md 42): To, Cc, Reply-To and Sender in every order, our own addresses, agents, lists, groups,
// names that hold addresses, and what is no address at all. From is Helen where it does not say otherwise.
var shapes = []shape{
	{"to us alone", "To: desk@norvik.example", helen, ""},
	{"to us, a colleague in copy", "To: desk@norvik.example\nCc: owen@norvik.example", helen, owen},
	{"to us and a colleague", "To: desk@norvik.example, owen@norvik.example", helen, owen},
	{"to a colleague, us in copy", "To: owen@norvik.example\nCc: desk@norvik.example", helen, owen},
	{"us blind", "To: owen@norvik.example", helen, owen},
	{"nobody named", "To: undisclosed-recipients:;", helen, ""},
	{"no To at all", "X-Empty: 1", helen, ""},
	{"two colleagues in copy", "To: desk@norvik.example\nCc: owen@norvik.example, rita@twin.example", helen, owen + " " + rita},
	{"a colleague twice", "To: desk@norvik.example, owen@norvik.example\nCc: OWEN@Norvik.Example", helen, owen},
	{"two Cc fields", "To: desk@norvik.example\nCc: owen@norvik.example\nCc: rita@twin.example", helen, owen + " " + rita},
	{"herself in copy", "To: desk@norvik.example\nCc: helen@norvik.example", helen, ""},
	{"herself under her other address", "To: desk@norvik.example\nCc: h.marsh@home.example", helen, ""},
	{"an agent in copy", "To: desk@norvik.example\nCc: amara@it.example", helen, ""},
	{"an agent in To", "To: amara@it.example, desk@norvik.example", helen, ""},
	{"an agent and a colleague", "To: amara@it.example\nCc: desk@norvik.example, owen@norvik.example", helen, owen},
	{"us twice", "To: desk@norvik.example\nCc: Service desk <DESK@NORVIK.EXAMPLE>", helen, ""},
	{"our address with a plus", "To: desk+vpn@norvik.example", helen, ""},
	{"our reply address of another ticket, without its reference", "To: desk@norvik.example\nCc: desk+tnothing.nothing@norvik.example", helen, ""},
	{"somebody nobody knows", "To: desk@norvik.example\nCc: Fresh Face <fresh@else.example>", helen, fresh},
	{"somebody of another organisation", "To: desk@norvik.example\nCc: rita@twin.example", helen, rita},
	{"Reply-To is hers", "To: desk@norvik.example\nReply-To: helen@norvik.example", helen, ""},
	{"Reply-To is a stranger's", "To: desk@norvik.example\nReply-To: thief@evil.example", helen, ""},
	{"Reply-To is a colleague's", "To: desk@norvik.example\nReply-To: owen@norvik.example", helen, ""},
	{"Reply-To is ours", "To: desk@norvik.example\nReply-To: desk@norvik.example", helen, ""},
	{"Reply-To is two", "To: desk@norvik.example\nReply-To: helen@norvik.example, owen@norvik.example\nCc: owen@norvik.example", helen, owen},
	{"Sender is another", "To: desk@norvik.example\nSender: assistant@norvik.example", helen, ""},
	{"Sender is an agent", "To: desk@norvik.example\nSender: amara@it.example", helen, ""},
	{"resent", "To: desk@norvik.example\nResent-From: owen@norvik.example\nResent-To: rita@twin.example", helen, ""},
	{"delivered to", "To: desk@norvik.example\nDelivered-To: owen@norvik.example\nX-Original-To: rita@twin.example", helen, ""},
	{"blind copy left in", "To: desk@norvik.example\nBcc: owen@norvik.example", helen, ""},
	{"a name with a comma", "To: desk@norvik.example\nCc: \"Clarke, Owen\" <owen@norvik.example>", helen, owen},
	{"a name that is an address", "To: desk@norvik.example\nCc: \"rita@twin.example\" <owen@norvik.example>", helen, owen},
	{"a name that holds brackets", "To: desk@norvik.example\nCc: \"Owen <rita@twin.example>\" <owen@norvik.example>", helen, owen},
	{"an encoded name", "To: desk@norvik.example\nCc: =?utf-8?Q?Ow=C3=A9n?= <owen@norvik.example>", helen, owen},
	{"an encoded name that holds an address", "To: desk@norvik.example\nCc: =?utf-8?Q?rita=40twin.example?= <owen@norvik.example>", helen, owen},
	{"a comment", "To: desk@norvik.example\nCc: owen@norvik.example (Owen, rita@twin.example)", helen, owen},
	{"a group", "To: desk@norvik.example\nCc: Leads: owen@norvik.example, rita@twin.example;", helen, owen + " " + rita},
	{"an empty group beside one", "To: Team:;, desk@norvik.example\nCc: owen@norvik.example", helen, owen},
	{"folded", "To: desk@norvik.example\nCc: owen@norvik.example,\n rita@twin.example", helen, owen + " " + rita},
	{"semicolons", "To: desk@norvik.example; owen@norvik.example", helen, owen},
	{"a comma at the end", "To: desk@norvik.example,\nCc: owen@norvik.example,", helen, owen},
	{"commas alone", "To: desk@norvik.example\nCc: , ,", helen, ""},
	{"no address in it", "To: desk@norvik.example\nCc: Owen Clarke", helen, ""},
	{"half an address", "To: desk@norvik.example\nCc: owen@", helen, ""},
	{"a space in it", "To: desk@norvik.example\nCc: o wen@norvik.example", helen, "wen@norvik.example"},
	{"bare brackets", "To: desk@norvik.example\nCc: <owen@norvik.example>", helen, owen},
	{"mailto", "To: desk@norvik.example\nCc: <mailto:owen@norvik.example>", helen, owen},
	{"a plus of a colleague", "To: desk@norvik.example\nCc: owen+it@norvik.example", helen, "owen+it@norvik.example"},
	{"an address that would be a header", "To: desk@norvik.example\nCc: owen@norvik.example\n\tX-Evil: y", helen, owen},
	{"shouted", "TO: DESK@NORVIK.EXAMPLE\nCC: OWEN@NORVIK.EXAMPLE", helen, owen},
	{"a colleague who left", "To: desk@norvik.example\nCc: left@norvik.example", helen, ""},
	{"a mailing list", "To: desk@norvik.example\nCc: owen@norvik.example\nList-Id: <all.norvik.example>\nPrecedence: list", helen, ""},
	{"an automatic answer", "To: desk@norvik.example\nCc: owen@norvik.example\nAuto-Submitted: auto-generated", helen, ""},
	{"a sender that failed the check", "Authentication-Results: mx.norvik.example; dmarc=fail header.from=norvik.example\nTo: desk@norvik.example\nCc: owen@norvik.example", helen, ""},
	{"a proven sender", "Authentication-Results: mx.norvik.example; dmarc=pass header.from=norvik.example\nTo: desk@norvik.example\nCc: owen@norvik.example", helen, owen},
	{"from a colleague, she is in copy", "From: Owen Clarke <owen@norvik.example>\nTo: desk@norvik.example\nCc: helen@norvik.example", owen, helen},
	{"from a stranger, a colleague in copy", "From: Odd Bird <odd@bird.example>\nTo: desk@norvik.example\nCc: owen@norvik.example", "odd@bird.example", owen},
	{"from a stranger, another stranger in copy", "From: Odd Bird <odd@bird.example>\nTo: desk@norvik.example\nCc: strange@bird.example", "odd@bird.example", ""},
	{"from an agent, for themselves", "From: amara@it.example\nTo: desk@norvik.example\nCc: helen@norvik.example", "amara@it.example", helen},
	{"from two people", "From: helen@norvik.example, owen@norvik.example\nTo: desk@norvik.example", helen, ""},
	{"forty in copy", "To: desk@norvik.example\nCc: " + many(40), helen, many(20)},
}

// many are addresses of people nobody knows.
func many(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("p%02d@else.example", i))
	}
	return strings.Join(out, ", ")
}

// TestP42_WhoGetsTheAnswer: for every shape of a mail an agent is shown, before answering, exactly who gets the answer and who was
// named and does not; nobody is added by their name in a mail alone, and nobody is dropped; what is sent is what was shown; and
// whom a mail named is in the history.
func TestP42_WhoGetsTheAnswer(t *testing.T) {
	if len(shapes) < 60 {
		t.Fatalf("%d shapes", len(shapes))
	}
	each(t, func(t *testing.T, w *world) {
		p := must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), w.helen.PersonID) })
		w.person("Owen Clarke", owen, p.OrgID, w.site.ID)
		w.person("Lena Left", "left@norvik.example", p.OrgID, w.site.ID)
		left := must(w, func() (people.Person, error) { return people.PersonByAddress(ctx, w.db.Read(), "left@norvik.example") })
		w.check(w.peo.DisablePerson(ctx, auth.SystemActor(), left.ID))
		twin := must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Twin", Kind: people.Customer})
		})
		w.person("Rita Moss", rita, twin.ID, "")
		must(w, func() (people.Address, error) {
			return w.peo.AddAddress(ctx, auth.SystemActor(), w.helen.PersonID, "h.marsh@home.example", true)
		})
		amara := w.agent
		w.agent = w.person("Kofi Mensah", "kofi@it.example", amara.OrgID, "", auth.Grant{Role: auth.Agent, Scope: auth.Everywhere}) // who answers Amara's own, too
		for i, s := range shapes {
			head := s.head
			if !strings.HasPrefix(head, "From:") {
				head = "From: Helen Marsh <helen@norvik.example>\n" + head
			}
			w.receive(fmt.Sprintf("%s\nSubject: Shape %d\nMessage-ID: <shape-%d@norvik.example>\n\nPlease look at number %d.\n", head, i, i, i))
			n := w.newest()
			if n.Subject != fmt.Sprintf("Shape %d", i) {
				t.Fatalf("%s: it became no ticket: %q", s.name, n.Subject)
			}
			gets, waits := w.shown(n.Number)
			want := strings.FieldsFunc(s.waits, func(r rune) bool { return r == ' ' || r == ',' })
			if slices.Sort(want); gets != s.gets || waits != strings.Join(want, " ") {
				t.Errorf("%s: shown as getting it %q, want %q; as waiting %q, want %q", s.name, gets, s.gets, waits, strings.Join(want, " "))
			}
			if got := w.copiedIn(n.Number); got != waits {
				t.Errorf("%s: the history names %q, %q wait", s.name, got, waits)
			}
			for _, wait := range want { // who waits reads nothing
				p := must(w, func() (people.Person, error) { return people.PersonByAddress(ctx, w.db.Read(), wait) })
				if _, err := w.desk.Get(ctx, auth.Actor{PersonID: p.ID, Kind: auth.Person}, n.Number); err == nil {
					t.Errorf("%s: %s reads the ticket before anybody let them in", s.name, wait)
				}
			}
			if got := w.answered(n.Number); got != gets {
				t.Errorf("%s: the answer went to %q, %q were shown", s.name, got, gets)
			}
			if len(want) == 0 || len(want) > 2 {
				continue
			}
			for _, wait := range want {
				must(w, func() (desk.Ticket, error) {
					return w.desk.Watch(ctx, w.agent, desk.Act{Number: n.Number}, wait, true)
				})
			}
			all := append(strings.Fields(gets), want...)
			slices.Sort(all)
			now, none := w.shown(n.Number)
			if got := w.answered(n.Number); got != now || got != strings.Join(all, " ") || none != "" {
				t.Errorf("%s: let in: the answer went to %q, %q were shown, want %q; %q still wait", s.name, got, now, all, none)
			}
		}
	})
}

// TestP42_AReplyAddsNobody: in a conversation as well, whom a reply names waits, once; who is not named any more is not dropped.
func TestP42_AReplyAddsNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, replyTo, _ := w.asked()
		for i, cc := range []string{"", "Cc: rita@twin.example", "Cc: RITA@twin.example, amara@it.example, desk@norvik.example", ""} {
			w.receive(fmt.Sprintf("From: helen@norvik.example\nTo: %s\n%sSubject: Re: VPN\nMessage-ID: <again-%d@norvik.example>\n\nStill there, number %d.\n", replyTo, strings.TrimPrefix(cc+"\n", "\n"), i, i))
			want := "rita@twin.example"
			if i == 0 {
				want = ""
			}
			if gets, waits := w.shown(n.Number); gets != helen || waits != want || w.copiedIn(n.Number) != want {
				t.Errorf("after reply %d: gets %q, waits %q, in the history %q", i, gets, waits, w.copiedIn(n.Number))
			}
		}
	})
}

// shown is what an agent sees before they answer: who gets it, and who waits.
func (w *world) shown(number int64) (gets, waits string) {
	w.t.Helper()
	parts := must(w, func() ([]desk.Participant, error) { return w.desk.Participants(ctx, w.agent, number) })
	all := must(w, func() ([]audience.Receiver, error) {
		return audience.Receivers(ctx, w.db.Read(), parts, func(personID string) people.Person {
			return must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), personID) })
		}, w.agent.PersonID, true)
	})
	var to, not []string
	for _, r := range all {
		switch {
		case r.Gets:
			to = append(to, r.Person.Address)
		case r.Why == "nobody has let them in yet":
			not = append(not, r.Person.Address)
		case r.Person.ID != w.agent.PersonID:
			w.t.Errorf("%s gets nothing: %s", r.Person.Address, r.Why)
		}
	}
	slices.Sort(to)
	slices.Sort(not)
	return strings.Join(to, " "), strings.Join(not, " ")
}

// answered writes an answer and gives whom it was mailed to.
func (w *world) answered(number int64) string {
	w.t.Helper()
	w.run()
	w.post.sent = nil
	must(w, func() (desk.SpeakResult, error) {
		return w.desk.Speak(ctx, w.agent, desk.SpeakInput{Number: number, Body: "We look at it."})
	})
	w.run()
	var out []string
	for _, m := range w.post.sent {
		out = append(out, m.Recipient)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// copiedIn are those whom the history says a mail named.
func (w *world) copiedIn(number int64) string {
	w.t.Helper()
	var out []string
	for _, e := range must(w, func() ([]desk.Event, error) { return w.desk.Events(ctx, w.agent, number) }) {
		if d := record.DataOf(e.Event); e.Kind == record.WatcherSet && d.Field == "copied" {
			out = append(out, must(w, func() (people.Person, error) { return people.PersonByID(ctx, w.db.Read(), d.Party) }).Address)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
