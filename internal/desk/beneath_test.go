package desk_test

import (
	"testing"
	"time"

	"bothways/internal/agreement"
	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/desk/beneath"
	"bothways/internal/kit/errs"
	"bothways/internal/people"
)

// TestWhatIsPromisedBeneath: what a team or a supplier had is the sum of its own turns in IT's hours; what it still has counts once it is
// too much, and what was never given to it counts for nobody.
func TestWhatIsPromisedBeneath(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, kind := range map[string]string{"Brightline": people.SupplierTeam, "Network": people.EnterpriseTeam} {
			must(w, func() (people.Team, error) {
				return w.peo.CreateTeam(ctx, auth.SystemActor(), people.TeamInput{Name: name, Kind: kind})
			})
		}
		done := w.open("Crackling line")
		must(w, func() (desk.Ticket, error) {
			return w.desk.AskSupplier(ctx, w.agent, desk.Act{Number: done.Number}, "Brightline")
		})
		w.advance(3 * time.Hour)
		must(w, func() (desk.Ticket, error) {
			return w.desk.SupplierAnswered(ctx, w.agent, desk.Act{Number: done.Number})
		})
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: done.Number}, "", "Network")
		})
		w.advance(time.Hour)
		must(w, func() (desk.Ticket, error) {
			return w.desk.Assign(ctx, w.agent, desk.Act{Number: done.Number}, "", "Service desk")
		})
		still := w.open("No line at all")
		must(w, func() (desk.Ticket, error) {
			return w.desk.AskSupplier(ctx, w.agent, desk.Act{Number: still.Number}, "Brightline")
		})
		w.advance(2 * time.Hour)
		m := agreement.MetricResolution
		terms := agreement.Terms{
			Teams: []agreement.Inner{{Who: "Network", Metric: m, Seconds: 3600}, {Who: "Nobody", Metric: m, Seconds: 3600}, {Who: "Network", Metric: agreement.MetricFirstResponse, Seconds: 3600}},
			Suppliers: []agreement.Inner{
				{Who: "Brightline", Metric: m, Seconds: 3 * 3600}, {Who: "Brightline", Metric: m, Priority: agreement.PriorityHigh, Seconds: 60},
			},
		}
		cal := must(w, func() (agreement.Paper, error) { return w.book.InForce(ctx, w.db.Read(), "", "", w.clk.Now()) }).ServiceCalendar
		service, err := w.book.Compiled(ctx, w.db.Read(), cal)
		w.check(err)
		book := beneath.NewBook(w.db, w.peo, w.desk.Reader)
		kept := func() (teams, suppliers []beneath.Share) {
			teams, suppliers, err := book.Kept(ctx, w.helen, w.site, terms, service, monday.AddDate(0, 0, -1))
			w.check(err)
			return teams, suppliers
		}
		teams, suppliers := kept()
		if teams[0] != (beneath.Share{Kept: 1, Counted: true}) || teams[1].Counted || teams[2].Counted {
			t.Errorf("teams: %+v", teams)
		}
		if suppliers[0] != (beneath.Share{Kept: 1, Counted: true}) || suppliers[1] != (beneath.Share{Counted: true}) {
			t.Errorf("suppliers, one still has it: %+v", suppliers)
		}
		w.advance(26 * time.Hour) // one whole day more
		if _, suppliers = kept(); suppliers[0] != (beneath.Share{Kept: 1, Missed: 1, Counted: true}) {
			t.Errorf("suppliers, it is too much: %+v", suppliers)
		}
		stranger := w.person("Tina", "tina@elsewhere.example", must(w, func() (people.Organisation, error) {
			return w.peo.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Elsewhere", Kind: people.Customer})
		}).ID, "")
		if _, _, err := book.Kept(ctx, stranger, w.site, terms, service, monday); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied) {
			t.Errorf("somebody of elsewhere: %v", err)
		}
	})
}
