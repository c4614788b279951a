package desk_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/people"
)

// TestWhoStandsInIsAsked: while who asked is away, their substitute is asked as well, is told what follows, and can answer; the clock of the
// site's hours runs as agreed.
func TestWhoStandsInIsAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owen := w.person("Owen Clarke", "owen@norvik.example", w.site.OrgID, w.site.ID)
		n := w.open("Camera").Number
		must(w, func() (people.Absence, error) {
			return w.peo.AddAbsence(ctx, auth.SystemActor(), people.AbsenceInput{PersonID: w.helen.PersonID, SubstituteID: owen.PersonID, Until: w.clk.Now().AddDate(0, 0, 14)})
		})
		w.ask(n, "Which room?", "the room")
		asked := w.post.to("owen@norvik.example")
		if len(asked) != 1 || !strings.Contains(asked[0].Body, "It is your turn. We need the room by") || asked[0].Because != "you stand in for Helen Marsh" {
			t.Fatalf("the substitute is told %+v", asked)
		}
		if got := w.post.to("helen@norvik.example"); len(got) == 0 {
			t.Error("who asked is not told any more")
		}
		w.advance(5 * time.Hour)
		if got := w.post.to("owen@norvik.example"); len(got) != 1 || got[0].Kind != "remind" {
			t.Errorf("the substitute is reminded %+v", got)
		}
		w.receive("From: owen@norvik.example\nTo: " + asked[0].ReplyTo + "\nMessage-ID: <o1@norvik.example>\nAuthentication-Results: mx.norvik.example; dmarc=pass header.from=norvik.example\nSubject: Re: Camera\n\nRoom 4.\n")
		if o := w.obligation(n, agreement.MetricAnswer); o.State != agreement.StateMet {
			t.Errorf("the substitute’s answer: %+v", o)
		}
		// whether a solution works is Helen's to say
		must(w, func() (desk.Ticket, error) { return w.desk.Resolve(ctx, w.agent, desk.Act{Number: n, Body: "Done."}) })
		w.run()
		if _, err := w.desk.Confirm(ctx, owen, desk.Act{Number: n}); err == nil {
			t.Error("the substitute confirms")
		}
	})
}

// TestTheContactKnowsOfAnAbsence: with nobody to stand in, the contact of the site hears of the question at once; on a ticket that is marked
// as sensitive nobody else is asked.
func TestTheContactKnowsOfAnAbsence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("Graham Pell", "graham@norvik.example", w.site.OrgID, w.site.ID, auth.Grant{Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.site.ID})
		owen := w.person("Owen Clarke", "owen@norvik.example", w.site.OrgID, w.site.ID)
		first := w.open("Before").Number
		w.ask(first, "Which?", "the room")
		if got := w.post.to("graham@norvik.example"); len(got) != 0 {
			t.Errorf("nobody is away, and the contact is told %+v", got)
		}
		must(w, func() (people.Absence, error) {
			return w.peo.AddAbsence(ctx, auth.SystemActor(), people.AbsenceInput{PersonID: w.helen.PersonID, Until: w.clk.Now().Add(time.Hour)})
		})
		n := w.open("Camera").Number
		w.ask(n, "Which room?", "the room")
		if got := w.post.to("graham@norvik.example"); len(got) != 1 || !strings.Contains(got[0].Body, "We need the room on "+desk.Ref(n)) || !strings.Contains(got[0].Body, "away with nobody to stand in") {
			t.Errorf("the contact is told %+v", got)
		}
		w.advance(2 * time.Hour)
		must(w, func() (people.Absence, error) {
			return w.peo.AddAbsence(ctx, auth.SystemActor(), people.AbsenceInput{PersonID: w.helen.PersonID, SubstituteID: owen.PersonID, Until: w.clk.Now().AddDate(0, 0, 14)})
		})
		secret := must(w, func() (desk.Ticket, error) {
			return w.desk.Open(ctx, w.helen, desk.OpenInput{Subject: "Incident", Description: "x", Sensitivity: "security"})
		}).Number
		w.ask(secret, "Which file?", "the file")
		if got := w.post.to("owen@norvik.example"); len(got) != 0 {
			t.Errorf("a sensitive ticket is shown to a substitute: %+v", got)
		}
	})
}
