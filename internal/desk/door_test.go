package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/catalog"
	"bothways/internal/desk"
	"bothways/internal/desk/passage"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// ingrid manages the service levels everywhere.
func (w *world) ingrid() auth.Actor {
	base := must(w, func() (people.Base, error) { return w.peo.EnsureBase(ctx, "") })
	return w.person("Ingrid Solberg", "ingrid@it.example", base.Provider.ID, "", auth.Grant{Role: auth.ServiceLevelManager, Scope: auth.Everywhere})
}

func (w *world) atLevels(in desk.OpenInput) desk.Ticket {
	w.t.Helper()
	in.Door = desk.DoorLevels
	k := must(w, func() (desk.Ticket, error) { return w.desk.Open(ctx, w.helen, in) })
	w.run()
	return k
}

// TestTheSecondDoor: what is about levels and price has matters of its own, is with service level management, and keeps a clock of its own.
func TestTheSecondDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ingrid()
		for matter, kind := range map[string]desk.Kind{"level": desk.ServiceRequest, "price": desk.Question, "exception": desk.ServiceRequest, "complaint": desk.Complaint, "": desk.Question} {
			k := w.atLevels(desk.OpenInput{Subject: "Longer hours for Leeds?", Matter: matter})
			if desk.DoorOf(k) != desk.DoorLevels || k.Kind != kind || string(k.Matter) != matter {
				t.Errorf("%q is %s at %s", matter, k.Kind, desk.DoorOf(k))
			}
			if o := w.obligation(k.Number, agreement.MetricFirstResponse); o.Target != 8*3600 {
				t.Errorf("%q: a first reply within %d s", matter, o.Target)
			}
			if kept := w.get(k.Number); string(kept.Matter) != matter {
				t.Errorf("kept as %q", kept.Matter)
			}
		}
		if k := w.open("A printer"); desk.DoorOf(k) != desk.DoorDesk || w.obligation(k.Number, agreement.MetricFirstResponse).Target != 4*3600 {
			t.Error("the doors are mixed up")
		}
		for field, in := range map[string]desk.OpenInput{
			"door": {Subject: "x", Door: "third"}, "matter": {Subject: "x", Matter: "level"},
		} {
			if _, err := w.desk.Open(ctx, w.helen, in); !errs.Is(err, errs.Invalid) || fieldOf(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: "x", Door: desk.DoorLevels, Matter: "weather"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("no such matter: %v", err)
		}
	})
}

// TestEitherDoorPassesOn: one step, the history goes along, the asker is told who has it, it is counted, and no clock begins anew.
func TestEitherDoorPassesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ingrid := w.ingrid()
		k := w.open("What would longer hours cost?")
		w.run()
		w.post.sent = nil
		w.advance(2 * time.Hour)
		begun := w.obligation(k.Number, agreement.MetricFirstResponse)
		k = must(w, func() (desk.Ticket, error) {
			return w.desk.Pass(ctx, w.agent, desk.Act{Number: k.Number, Body: "She means Fridays."}, "")
		})
		w.run()
		if desk.DoorOf(k) != desk.DoorLevels || k.AssigneeID != "" || k.State != desk.New {
			t.Fatalf("passed on: %+v", k)
		}
		o := w.obligation(k.Number, agreement.MetricFirstResponse)
		if o.Started != begun.Started || o.Target != 8*3600 || o.Used != 2*3600 {
			t.Errorf("the clock began anew: started %d, target %d, used %d", o.Started, o.Target, o.Used)
		}
		told := w.post.to("helen@norvik.example")
		if len(told) != 1 || !strings.Contains(told[0].Body, "Service level management has BW-") || !strings.Contains(told[0].Body, "You hear from Ingrid Solberg.") ||
			!strings.Contains(told[0].Body, "you need not write it again") || !strings.Contains(told[0].Body, "time we have used counts on") || !strings.HasPrefix(told[0].ReplyTo, "levels+") {
			t.Fatalf("told: %+v", told)
		}
		if a, name := w.desk.Sender(told[0].ReplyTo); a != "levels@norvik.example" || name != "Service levels" {
			t.Errorf("from %s %s", name, a)
		}
		w.receive("From: helen@norvik.example\nTo: " + told[0].ReplyTo + "\nMessage-ID: <h1@norvik.example>\nSubject: Re: x\n\nUntil 20:00, please.\n")
		if k = w.get(k.Number); desk.DoorOf(k) != desk.DoorLevels || k.LastLine != "Until 20:00, please." {
			t.Errorf("the reply: %+v", k)
		}
		if _, err := w.desk.Pass(ctx, ingrid, desk.Act{Number: k.Number}, desk.DoorLevels); !errs.Is(err, errs.Conflict) {
			t.Errorf("it is there already: %v", err)
		}
		if _, err := w.desk.Pass(ctx, ingrid, desk.Act{Number: k.Number}, "third"); !errs.Is(err, errs.Invalid) {
			t.Errorf("no such door: %v", err)
		}
		if _, err := w.desk.Pass(ctx, w.helen, desk.Act{Number: k.Number}, ""); !errs.Is(err, errs.Denied) {
			t.Errorf("the customer passes it on: %v", err)
		}
		k = must(w, func() (desk.Ticket, error) { return w.desk.Pass(ctx, ingrid, desk.Act{Number: k.Number}, "") })
		w.run()
		if told := w.post.to("helen@norvik.example"); len(told) != 1 || !strings.Contains(told[0].Body, "The service desk has BW-") || !strings.HasPrefix(told[0].ReplyTo, "desk+") {
			t.Fatalf("told: %+v", told)
		}
		// a hand-over to the team is the same as a step
		must(w, func() (desk.Ticket, error) {
			return w.desk.HandOver(ctx, w.agent, desk.Act{Number: k.Number, Body: "Price."}, "ingrid@it.example", people.LevelsTeam)
		})
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: k.Number}, "amara@it.example", "Service desk")
		})
		r := must(w, func() (passage.Report, error) {
			return passage.NewBook(w.db).Between(ctx, w.agent, monday.AddDate(0, -2, 0), w.clk.Now().Add(time.Second), time.UTC, 3)
		})
		if r.ToLevels != 2 || r.ToDesk != 2 || len(r.Newest) != 3 || r.Newest[0].To != agreement.DoorDesk || r.Newest[1].PersonID != ingrid.PersonID || len(r.Months) != 3 || r.Months[2].ToLevels != 2 {
			t.Errorf("counted: %+v", r)
		}
		none := must(w, func() (passage.Report, error) {
			return passage.NewBook(w.db).Between(ctx, w.person("Tom", "tom@norvik.example", w.helen.OrgID, w.site.ID), monday.AddDate(0, -2, 0), w.clk.Now().Add(time.Second), time.UTC, 3)
		})
		if none.ToLevels+none.ToDesk != 0 {
			t.Error("somebody counts what they may not read")
		}
		if _, err := passage.NewBook(w.db).Between(ctx, w.agent, monday, monday, time.UTC, 3); !errs.Is(err, errs.Invalid) {
			t.Errorf("a period without a length: %v", err)
		}
	})
}

// TestMailToTheSecondDoor: what is sent to its address goes in there, what names the desk too goes in by the desk.
func TestMailToTheSecondDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ingrid()
		for i, c := range []struct{ to, door string }{
			{"levels@norvik.example", desk.DoorLevels}, {"Levels+team@norvik.example", desk.DoorLevels},
			{"levels@norvik.example, desk@norvik.example", desk.DoorDesk}, {"desk@norvik.example", desk.DoorDesk},
		} {
			w.receiveAt(c.to, "From: helen@norvik.example\nTo: "+c.to+"\nMessage-ID: <m"+string(rune('a'+i))+"@norvik.example>\nSubject: What does it cost?\n\nA seat, I mean.\n")
			k := w.get(int64(1001 + i))
			if desk.DoorOf(k) != c.door {
				t.Errorf("to %s: at %s", c.to, desk.DoorOf(k))
			}
			if c.door == desk.DoorLevels && k.Kind != desk.Question {
				t.Errorf("to %s: %s", c.to, k.Kind)
			}
			told := w.post.to("helen@norvik.example")
			if len(told) != 1 || strings.HasPrefix(told[0].ReplyTo, "levels+") != (c.door == desk.DoorLevels) {
				t.Errorf("to %s: %+v", c.to, told)
			}
			w.advance(time.Hour) // of automatic answers nobody gets more than some an hour
		}
	})
}

// TestWhoIsWarnedAtTheSecondDoor: with nobody in the team, whoever manages the site's levels is.
func TestWhoIsWarnedAtTheSecondDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ingrid()
		w.atLevels(desk.OpenInput{Subject: "What does it cost?", Matter: "price"})
		w.advance(7 * time.Hour)
		warned := w.post.to("ingrid@it.example")
		if len(warned) != 1 || !strings.Contains(warned[0].Body, "IT promised a first answer") {
			t.Errorf("warned: %+v", warned)
		}
	})
}

// TestAServiceSetLaterActsFromItsInstant: time used stays used, and what is promised for the service holds from there.
func TestAServiceSetLaterActsFromItsInstant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		k := w.open("No mail")
		w.advance(time.Hour)
		name, none := "Weather", ""
		if _, err := w.desk.Change(ctx, w.agent, desk.Act{Number: k.Number}, desk.Change{Service: &name}); !errs.Is(err, errs.Invalid) || fieldOf(err) != "service" {
			t.Errorf("no such service: %v", err)
		}
		must(w, func() (catalog.Service, error) {
			return catalog.New(w.db, w.clk, w.peo).Put(ctx, auth.SystemActor(), catalog.Input{Name: "E-mail", OwnerID: w.agent.PersonID})
		})
		name = "e-mail"
		k = must(w, func() (desk.Ticket, error) {
			return w.desk.Change(ctx, w.agent, desk.Act{Number: k.Number}, desk.Change{Service: &name})
		})
		if k.ServiceID == "" || w.get(k.Number).ServiceID != k.ServiceID {
			t.Fatalf("service %q", k.ServiceID)
		}
		k = must(w, func() (desk.Ticket, error) {
			return w.desk.Change(ctx, w.agent, desk.Act{Number: k.Number}, desk.Change{Service: &none})
		})
		if k.ServiceID != "" {
			t.Error("it can't be taken off")
		}
		matter := "price"
		if _, err := w.desk.Change(ctx, w.agent, desk.Act{Number: k.Number}, desk.Change{Matter: &matter}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a matter at the desk: %v", err)
		}
	})
}

// fieldOf is the first field that an error names.
func fieldOf(err error) string {
	var e *errs.E
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return ""
	}
	return e.Fields[0].Path
}
