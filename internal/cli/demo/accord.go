package demo

import (
	"slices"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/agreement/contract"
	"bothways/internal/approval"
	"bothways/internal/auth"
	"bothways/internal/desk/dispute"
	"bothways/internal/people"
)

// negotiates tells how Leeds and IT came to an agreement of their own, and what Leeds would like next: proposed, answered, signed by
// both, and one proposal that waits for IT's signature.
func (p *play) negotiates() {
	var first, second contract.Proposal
	p.at(p.day(50, "10:00"), "proposes an agreement", func() (err error) {
		in, err := p.withLeeds()
		if err != nil {
			return err
		}
		in.Why = "Leeds has had the terms of everybody. These are the same ones with a price, a review, and what is covered."
		first, err = p.proposes("ingrid", in)
		return err
	})
	p.at(p.day(48, "14:20"), "answers a proposal", func() error {
		in, err := p.withLeeds()
		if err != nil {
			return err
		}
		in.AgreementID, in.Answers = first.AgreementID, first.ID
		in.Terms.GraceDays = 21
		in.Why = "Three weeks to reopen: our night shift sees some things only at the end of the month."
		second, err = p.proposes("graham", in)
		return err
	})
	p.at(p.day(47, "09:30"), "signs", func() error { return p.signs("ingrid", second) })
	p.at(p.day(44, "11:00"), "reads what is asked", func() error { return p.read("helen", "owen", "graham", "priya") })
	p.at(p.day(1, "15:40"), "proposes a version", func() error {
		in, err := p.withLeeds()
		if err != nil {
			return err
		}
		in.AgreementID, in.From = first.AgreementID, p.ahead(35, "08:00")
		in.Terms.GraceDays = 21
		in.Terms.Targets = slices.Clone(in.Terms.Targets)
		for i := range in.Terms.Targets {
			if t := &in.Terms.Targets[i]; t.Metric == agreement.MetricResolution && t.Priority == agreement.PriorityCritical {
				t.Seconds = 2 * 3600
			}
		}
		in.Why = "When the packing line stands still, four hours are half a shift. We answer within an hour then, any hour of the day."
		_, err = p.proposes("graham", in)
		return err
	})
	p.settles()
}

// settles tells what came of the newest of what Leeds and IT see otherwise: one is settled, one waits for Graham's signature.
func (p *play) settles() {
	var waiting []dispute.Dispute
	p.at(p.day(3, "10:15"), "proposes how a dispute stands", func() error {
		waiting = nil
		by, err := p.who("ingrid", portal)
		if err != nil {
			return err
		}
		all, err := p.a.Disputes.List(p.ctx, by, dispute.Filter{State: dispute.Open}, "", 200)
		if err != nil {
			return err
		}
		for _, d := range all.Items {
			may, _, err := p.a.Disputes.MayDo(p.ctx, by, d)
			if err != nil {
				return err
			}
			if !may || d.SiteID != p.sites["Leeds"].ID || len(waiting) == 2 {
				continue
			}
			if d, err = p.a.Disputes.Propose(p.ctx, by, d.ID, agreement.RulingKept, "I have read what both sides wrote down that day, and this version is the right one."); err != nil {
				return err
			}
			waiting = append(waiting, d)
		}
		return nil
	})
	p.at(p.day(2, "11:20"), "agrees to how a dispute stands", func() error {
		if len(waiting) == 0 {
			return nil
		}
		by, err := p.who("graham", portal)
		if err != nil {
			return err
		}
		ask, err := p.a.Approvals.Get(p.ctx, by, waiting[0].Proposals[0].AskID)
		if err != nil {
			return err
		}
		_, err = p.a.Approvals.Vote(p.ctx, by, ask.ID, approval.Ballot{Consent: true, Digest: ask.Digest})
		return err
	})
}

// withLeeds is a proposal for Leeds with the terms that hold for everybody.
func (p *play) withLeeds() (contract.Input, error) {
	site := p.sites["Leeds"]
	held, err := p.a.Book.InForce(p.ctx, p.a.DB.Read(), site.OrgID, "", p.clk.Now())
	if err != nil {
		return contract.Input{}, err
	}
	t := held.Terms
	t.Prices = []agreement.Price{{What: "One person, per month", Minor: 4120, Currency: "GBP"}, {What: "Work that is not covered, an hour", Minor: 6800, Currency: "GBP"}}
	t.Boundaries = "Company laptops, phones and everything on the software list: in full.\nHome Wi-Fi and printers at home: best effort, a quarter of an hour.\nPersonal devices: not covered. We point to help."
	t.Escalation = "The regional lead of Norvik and the head of IT, within ten working days."
	t.DisputeDays, t.Review = 30, p.ahead(16, "10:00").Unix()
	t.Teams = []agreement.Inner{{Who: "Network", Metric: agreement.MetricResolution, Priority: agreement.PriorityCritical, Seconds: 3 * 3600}}
	t.Suppliers = []agreement.Inner{{Who: "Brightline Telecom", Metric: agreement.MetricResolution, Seconds: 16 * 3600}}
	return contract.Input{
		Name: "Standard 2026", OrgID: site.OrgID, SiteID: site.ID, Service: held.ServiceCalendar, Customer: held.CustomerCalendar, Terms: t, From: p.day(45, "00:00").Add(time.Minute),
	}, nil
}

// read has people say that they have read what the agreement of their site asks of them: some by name, and every third of the others.
func (p *play) read(keys ...string) error {
	site := p.sites["Leeds"]
	held, err := p.a.Book.InForce(p.ctx, p.a.DB.Read(), site.OrgID, site.ID, p.clk.Now())
	if err != nil {
		return err
	}
	for _, key := range keys {
		by, err := p.who(key, portal)
		if err != nil {
			return err
		}
		if _, err := p.a.Asked.Acknowledge(p.ctx, by, held.ID); err != nil {
			return err
		}
	}
	all, err := p.a.People.Persons(p.ctx, auth.SystemActor(), people.PersonFilter{SiteID: site.ID}, "", 100)
	if err != nil {
		return err
	}
	for i, x := range all.Items {
		if i%3 != 0 {
			continue
		}
		by, err := p.a.People.ActorOf(p.ctx, x.ID)
		if err != nil {
			return err
		}
		if _, err := p.a.Asked.Acknowledge(p.ctx, by, held.ID); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) proposes(key string, in contract.Input) (contract.Proposal, error) {
	by, err := p.who(key, portal)
	if err != nil {
		return contract.Proposal{}, err
	}
	return p.a.Contracts.Propose(p.ctx, by, in)
}

func (p *play) signs(key string, x contract.Proposal) error {
	by, err := p.who(key, portal)
	if err != nil {
		return err
	}
	digest, err := x.Digest()
	if err != nil {
		return err
	}
	_, err = p.a.Approvals.Vote(p.ctx, by, x.AskID, approval.Ballot{Consent: true, Digest: digest})
	return err
}
