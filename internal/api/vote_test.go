package api_test

import (
	"strings"
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/auth"
	"bothways/internal/people"
	"bothways/internal/report/whatif"
)

// speakers are who speaks for IT and for Harbour.
func (w *world) speakers() (it, harbour people.Person) {
	w.t.Helper()
	made := func(name, address, org, site string, r auth.Role, scope auth.Scope, id string) people.Person {
		if p, err := people.PersonByAddress(ctx, w.d.Read(), address); err == nil {
			return p
		}
		p, err := w.people.CreatePerson(ctx, sys, people.PersonInput{Name: name, Address: address, Verified: true, OrgID: org, SiteID: site})
		w.must(err)
		_, err = w.people.Grant(ctx, sys, people.GrantInput{PersonID: p.ID, Role: r, Scope: scope, ScopeID: id})
		w.must(err)
		secret, _, err := w.auth.CreateToken(ctx, sys, p.ID, "x", nil, time.Time{})
		w.must(err)
		w.tokens[address], w.persons[address] = secret, p
		return p
	}
	it = made("Ingrid", "ingrid@it.example", w.it.ID, "", auth.ServiceLevelManager, auth.Everywhere, "")
	harbour = made("Graham", "graham@acme.example", w.acme.ID, w.harbour.ID, auth.Signatory, auth.Site, w.harbour.ID)
	return it, harbour
}

// proposed is a proposal of IT's to Harbour that waits.
func (w *world) proposed() contract.Proposal {
	w.t.Helper()
	ingrid, _ := w.speakers()
	by, err := w.people.ActorOf(ctx, ingrid.ID)
	w.must(err)
	held, err := w.book.InForce(ctx, w.d.Read(), w.acme.ID, w.harbour.ID, w.clk.Now())
	w.must(err)
	site, err := w.people.CreateSite(ctx, sys, people.SiteInput{OrgID: w.acme.ID, Name: "Pier " + w.clk.Now().String() + held.ID + time.Now().String(), Zone: "Europe/Berlin"})
	w.must(err)
	_, err = w.people.Grant(ctx, sys, people.GrantInput{PersonID: w.persons["graham@acme.example"].ID, Role: auth.Signatory, Scope: auth.Site, ScopeID: site.ID})
	w.must(err)
	p, err := w.contracts.Propose(ctx, by, contract.Input{
		Name: "Standard", OrgID: w.acme.ID, SiteID: site.ID, Service: held.ServiceCalendar, Customer: held.CustomerCalendar, Terms: agreement.DefaultTerms(), From: w.clk.Now().AddDate(0, 1, 0),
	})
	w.must(err)
	return p
}

func agreementOfAcme(w *world, _ string) string { return w.proposed().AgreementID }
func proposalToAcme(w *world, _ string) string  { return w.proposed().ID }
func askOfAcme(w *world, _ string) string       { return w.proposed().AskID }

// whatIfOfAcme is an evaluation of the proposal.
func whatIfOfAcme(w *world, _ string) string {
	p := w.proposed()
	ingrid, _ := w.speakers()
	by, err := w.people.ActorOf(ctx, ingrid.ID)
	w.must(err)
	r, err := w.whatIf.Start(ctx, by, whatif.Input{ProposalID: p.ID})
	w.must(err)
	return r.ID
}

// TestAnAgreementByTheAPI proposes, answers and signs a version as programs do, and is refused what nobody may.
func TestAnAgreementByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		_, graham := w.speakers()
		const it, harbour = "ingrid@it.example", "graham@acme.example"
		held, err := w.book.InForce(ctx, w.d.Read(), w.acme.ID, w.harbour.ID, w.clk.Now())
		w.must(err)
		terms := obj{
			"targets":    []obj{{"metric": "resolution", "seconds": 28800}, {"metric": "answer", "seconds": 57600, "warn_percent": 50}},
			"ladder":     []obj{{"metric": "answer", "action": "remind", "percent": 50}, {"metric": "answer", "action": "lapse", "percent": 100}},
			"grace_days": 14, "prices": []obj{{"what": "One person, per month", "minor": 4120, "currency": "EUR"}},
		}
		body := obj{"name": "Standard 2027", "site": w.harbour.ID, "service_calendar": held.ServiceCalendar, "customer_calendar": held.CustomerCalendar, "from": "2027-01-01T00:00:00Z", "terms": terms, "why": "A year."}
		w.post(anna, "proposals", body).is(403)
		w.post(tina, "proposals", body).is(404)
		bad := obj{"name": "", "site": w.harbour.ID, "service_calendar": "", "customer_calendar": held.CustomerCalendar, "from": "2020-01-01T00:00:00Z", "terms": obj{"targets": []obj{{"metric": "speed", "seconds": 1}}, "ladder": []obj{{"metric": "answer", "action": "pause", "percent": 80}}, "grace_days": 14}}
		w.post(it, "proposals", bad).is(422)
		p := w.post(it, "proposals", body).is(201)
		ask, digest := p.str("approval"), p.str("digest")
		if p.str("state") != "proposed" || p.str("side") != "provider" || p.str("site") != "Harbour" {
			t.Fatalf("%s", p.raw)
		}
		// read by everybody of the organisation, signed by nobody else
		w.get(anna, "proposals/"+p.str("id")).is(200)
		w.get(tina, "proposals/"+p.str("id")).is(404)
		vote := obj{"consent": true, "digest": digest}
		w.post(anna, "approvals/"+ask+"/votes", vote).is(404)
		w.post(it, "approvals/"+ask+"/votes", vote).is(409)
		w.post(harbour, "approvals/"+ask+"/votes", obj{"consent": true, "digest": "another"}).is(412)
		w.post(harbour, "approvals/"+ask+"/votes", obj{"consent": false, "digest": digest}).is(422)
		if n := len(w.get(harbour, "approvals").is(200).items()); n != 1 {
			t.Fatalf("%d wait for Graham", n)
		}
		got := w.post(harbour, "approvals/"+ask+"/votes", vote).is(201)
		if got.str("state") != "approved" || got.str("votes.1.by.name") != graham.Name {
			t.Fatalf("%s", got.raw)
		}
		w.post(harbour, "approvals/"+ask+"/votes", vote).is(409)
		signed := w.get(harbour, "proposals/"+p.str("id")).is(200)
		if signed.str("state") != "signed" || signed.str("version") == "" {
			t.Fatalf("%s", signed.raw)
		}
		one := w.get(anna, "agreements/"+p.str("agreement")).is(200)
		if one.str("versions.0.sha256") != digest || one.str("versions.0.signatures.0.by.name") != "Ingrid" || one.str("versions.0.signatures.1.side") != "customer" || one.at("versions.0.signatures.1.for") != nil {
			t.Errorf("%s", one.raw)
		}
		if all := w.get(harbour, "agreements/"+p.str("agreement")+"/versions").is(200).items(); len(all) != 1 {
			t.Errorf("%d versions", len(all))
		}
		w.get(tina, "agreements/"+p.str("agreement")).is(404)
		w.get(tina, "agreements/"+p.str("agreement")+"/versions").is(404)
		// what no version can say, each at its field
		terms["services"] = []string{}
		again := func(change func(b, terms obj)) obj {
			b, g := obj{}, obj{}
			for k, v := range body {
				b[k] = v
			}
			for k, v := range terms {
				g[k] = v
			}
			delete(b, "name")
			delete(b, "site")
			b["agreement"], b["terms"], b["from"] = p.str("agreement"), g, "2027-02-01T00:00:00Z"
			change(b, g)
			return b
		}
		for _, c := range []struct {
			at     string
			change func(b, g obj)
		}{
			{"from", func(b, _ obj) { b["from"] = "2026-12-30T00:00:00Z" }},
			{"service_calendar", func(b, _ obj) { b["service_calendar"] = "" }},
			{"customer_calendar", func(b, _ obj) { b["customer_calendar"] = "00000000-0000-7000-8000-0000000000aa" }},
			{"terms.review", func(_, g obj) { g["review"] = "2020-01-01T00:00:00Z" }},
			{"terms.until", func(_, g obj) { g["until"] = "2020-01-01T00:00:00Z" }},
			{"terms.ladder[1].percent", func(_, g obj) {
				g["ladder"] = []obj{{"metric": "answer", "action": "remind", "percent": 50}, {"metric": "answer", "action": "pause", "percent": 80}}
			}},
			{"terms.targets[1].service", func(_, g obj) {
				g["targets"] = []obj{{"metric": "resolution", "seconds": 28800}, {"metric": "answer", "seconds": 57600, "service": "00000000-0000-7000-8000-0000000000aa"}}
			}},
			{"terms.services[0]", func(_, g obj) { g["services"] = []string{"00000000-0000-7000-8000-0000000000aa"} }},
		} {
			got := w.post(it, "proposals", again(c.change)).is(422)
			if at := got.str("errors.0.location"); at != c.at {
				t.Errorf("told at %q, want %q: %s", at, c.at, got.raw)
			}
		}
		found := false
		for _, a := range w.get(anna, "agreements").is(200).items() {
			o := a.(obj)
			found = found || o["name"] == "Standard 2027" && o["site"] == "Harbour"
		}
		if !found {
			t.Error("the agreement is not listed")
		}
	})
}

// TestWhatIfByTheAPI holds a proposal and terms over the past, for who speaks for a side.
func TestWhatIfByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		w.speakers()
		const it, harbour = "ingrid@it.example", "graham@acme.example"
		p := w.proposed()
		at := "agreements/" + p.AgreementID + "/what-if"
		ask := obj{"proposal": p.ID}
		w.post(anna, at, ask).is(403)
		w.post(tina, at, ask).is(404)
		w.post(it, at, obj{"proposal": p.ID, "from": "soon"}).is(422)
		w.post(it, at, obj{"terms": obj{"targets": []obj{{"metric": "speed", "seconds": 1}}, "ladder": []obj{}, "grace_days": 14}}).is(422)
		run := w.post(harbour, at, ask).is(202)
		if run.str("state") != "running" || run.str("proposal") != p.ID {
			t.Fatalf("%s", run.raw)
		}
		w.must(w.queue.RunDue(ctx))
		for _, who := range []string{it, harbour} {
			done := w.get(who, "what-if/"+run.str("id")).is(200)
			if done.str("state") != "complete" || !strings.Contains(string(done.raw), `"would":{"provider":{`) {
				t.Fatalf("%s", done.raw)
			}
		}
		w.get(anna, "what-if/"+run.str("id")).is(403)
		w.get(tina, "what-if/"+run.str("id")).is(404)
		w.post(it, "what-if/"+run.str("id")+"/stop", obj{}).is(409)
		w.get(it, at).is(200)
	})
}

// TestWhatIsNotSignedByTheAPI: as on the page: twice, by somebody who speaks for nobody, by a substitute outside their dates, and what was
// changed after one signature.
func TestWhatIsNotSignedByTheAPI(t *testing.T) {
	each(t, func(w *world) {
		_, graham := w.speakers()
		const it, harbour = "ingrid@it.example", "graham@acme.example"
		p := w.proposed()
		digest, err := p.Digest()
		w.must(err)
		votes, vote := "approvals/"+p.AskID+"/votes", obj{"consent": true, "digest": digest}
		w.post(it, votes, vote).is(409).equal(obj{"type": "urn:bothways:approval-voted"})
		w.post(anna, votes, vote).is(404)
		w.post(agent, votes, vote).is(404)
		_, err = w.people.AddAbsence(ctx, sys, people.AbsenceInput{PersonID: graham.ID, SubstituteID: w.persons[anna].ID, From: w.clk.Now().Add(time.Hour), Until: w.clk.Now().Add(2 * time.Hour)})
		w.must(err)
		w.post(anna, votes, vote).is(404)
		w.clk.Advance(90 * time.Minute)
		w.get(anna, "approvals/"+p.AskID).is(200)
		w.clk.Advance(time.Hour)
		w.post(anna, votes, vote).is(404)
		w.post(harbour, votes, obj{"consent": true, "digest": digest[1:] + "0"}).is(412)
		by, err := w.people.ActorOf(ctx, graham.ID)
		w.must(err)
		answer, err := w.contracts.Propose(ctx, by, contract.Input{AgreementID: p.AgreementID, Service: p.Service, Customer: p.Customer, Terms: p.Terms, From: p.From.AddDate(0, 0, 1), Answers: p.ID})
		w.must(err)
		w.post(harbour, votes, vote).is(409).equal(obj{"type": "urn:bothways:approval-decided"})
		w.post(it, "approvals/"+answer.AskID+"/votes", vote).is(412)
		w.get(harbour, "proposals/"+p.ID).is(200).equal(obj{"state": "answered"})
	})
}
