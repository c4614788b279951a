package approval_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bothways/internal/approval"
	"bothways/internal/audit"
	"bothways/internal/db"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/page"
)

func TestAQuorumDecides(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: one(2, "1", "2", "3")})
		if got := w.told.take(); !slices.Equal(got, []string{"asked 1 2 3"}) {
			w.Fatalf("told %q", got)
		}
		w.wants(w.s.Holds(ctx, w.d.Read(), "test", "x"), errs.Conflict, "approval-pending")
		if _, err := w.vote(a, "1", true); err != nil {
			w.Fatal(err)
		}
		_, err := w.vote(a, "1", false)
		w.wants(err, errs.Conflict, "approval-voted")
		got, err := w.vote(a, "3", true)
		if err != nil || got.State != approval.Approved || !slices.Equal(w.of.decided, []approval.State{approval.Approved}) {
			w.Fatalf("%+v %v %v", got, err, w.of.decided)
		}
		_, err = w.vote(a, "2", false)
		w.wants(err, errs.Conflict, "approval-decided")
		if err := w.s.Holds(ctx, w.d.Read(), "test", "x"); err != nil {
			w.Fatal(err)
		}
		if got := w.told.take(); !slices.Equal(got, []string{"decided 1 3 asker"}) {
			w.Fatalf("told %q", got)
		}
		// what was approved is that, and nothing else
		w.of.word = "that"
		w.wants(w.s.Holds(ctx, w.d.Read(), "test", "x"), errs.Conflict, "approval-missing")
		acts, err := audit.Of(ctx, w.d.Read(), "approval", a.ID, page.Cursor{}, 10)
		if err != nil || len(acts.Items) != 4 {
			w.Fatalf("%d acts, %v", len(acts.Items), err)
		}
	})
}

func TestAttack40_WhoAsksDoesNotApprove(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.ask(approval.Request{Rule: one(2, "asker", "1")})
		w.wants(err, errs.Conflict, "separation-of-duties")
		a := w.asked(approval.Request{Rule: one(1, "asker", "doer", "1"), Executor: "doer"})
		if got := w.told.take(); !slices.Equal(got, []string{"asked 1"}) {
			w.Fatalf("told %q", got)
		}
		for _, p := range []string{"asker", "doer"} {
			_, err = w.vote(a, p, true)
			w.wants(err, errs.Conflict, "separation-of-duties")
		}
		// nor through somebody else: neither by standing in for an approver, nor by letting somebody stand in for them
		w.away["asker"] = map[string]time.Time{"1": start.AddDate(0, 0, 1)}
		_, err = w.vote(a, "asker", true)
		w.wants(err, errs.Conflict, "separation-of-duties")
		w.away["2"] = map[string]time.Time{"asker": start.AddDate(0, 0, 1)}
		_, err = w.vote(a, "2", true)
		w.wants(err, errs.NotFound, "")
		// nor past the program: the tables refuse it as well
		for _, voter := range []string{"asker", "doer"} {
			err = w.d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO approval_vote (id, ask_id, seq, stage, seat_id, voter_id, until_at, consent, reason, voted_at, bar_asker, bar_executor) VALUES ($1, $2, 1, 'board', '1', $1, 0, TRUE, '', 1, 'asker', 'doer')`, voter, a.ID)
				return err
			})
			if err == nil {
				w.Fatalf("the tables took a vote of %s", voter)
			}
		}
		if err := w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO approval_vote (id, ask_id, seq, stage, seat_id, voter_id, until_at, consent, reason, voted_at, bar_asker, bar_executor) VALUES ('v', $1, 1, 'board', '1', 'asker', 0, TRUE, '', 1, '', '')`, a.ID)
			return err
		}); err == nil {
			w.Fatal("the tables took a vote that hides who is barred")
		}
	})
}

func TestASubstituteVotesInTheirDatesOnly(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: one(2, "1", "2")})
		w.away["sub"] = map[string]time.Time{"1": start.Add(48 * time.Hour), "2": start.Add(48 * time.Hour)}
		got, err := w.vote(a, "sub", true)
		if err != nil || got.State != approval.Pending || got.Votes[0].Seat != "1" || !got.Votes[0].Stood() || !got.Votes[0].Until.Equal(start.Add(48*time.Hour)) {
			w.Fatalf("%+v %v", got, err)
		}
		// one person is one voice, whomever else they stand in for
		_, err = w.vote(a, "sub", true)
		w.wants(err, errs.Conflict, "approval-voted")
		// the seat is taken: its holder does not vote a second time
		_, err = w.vote(a, "1", true)
		w.wants(err, errs.Conflict, "approval-no-seat")
		// after the dates nobody stands in
		w.clk.Advance(72 * time.Hour)
		w.away["late"] = map[string]time.Time{"2": start.Add(48 * time.Hour)}
		_, err = w.vote(a, "late", true)
		w.wants(err, errs.NotFound, "")
		// what was delegated here holds the same way, for its kind and time
		d, err := w.s.Delegate(ctx, person("2"), approval.DelegationInput{To: "late", Kind: "test", Until: w.clk.Now().Add(time.Hour)})
		if err != nil {
			w.Fatal(err)
		}
		if waiting, err := w.s.Waiting(ctx, person("late")); err != nil || len(waiting) != 1 {
			w.Fatalf("%v %v", waiting, err)
		}
		if err := w.s.EndDelegation(ctx, person("2"), d.ID); err != nil {
			w.Fatal(err)
		}
		_, err = w.vote(a, "late", true)
		w.wants(err, errs.NotFound, "")
		if _, err = w.s.Delegate(ctx, person("2"), approval.DelegationInput{To: "late", Until: w.clk.Now().Add(time.Hour)}); err != nil {
			w.Fatal(err)
		}
		if got, err = w.vote(a, "late", true); err != nil || got.State != approval.Approved || got.Votes[1].Voter != "late" || got.Votes[1].Seat != "2" {
			w.Fatalf("%+v %v", got, err)
		}
	})
}

func TestADelegationSaysWhomAndUntilWhen(t *testing.T) {
	each(t, func(w *world) {
		later := start.Add(time.Hour)
		for field, in := range map[string][]approval.DelegationInput{
			"to":    {{Until: later}, {To: "me", Until: later}, {To: "nobody", Until: later}},
			"kind":  {{To: "1", Kind: "nothing", Until: later}},
			"until": {{To: "1"}, {To: "1", Until: start}, {To: "1", Begins: later, Until: later}, {To: "1", Until: start.AddDate(2, 0, 0)}},
		} {
			for _, one := range in {
				if _, err := w.s.Delegate(ctx, person("me"), one); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), field) {
					w.Errorf("%+v: %v, want %s", one, err, field)
				}
			}
		}
	})
}

func TestWhatChangedIsNotApproved(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: one(2, "1", "2")})
		_, err := w.s.Vote(ctx, person("1"), a.ID, approval.Ballot{Consent: true, Digest: "another"})
		w.wants(err, errs.Stale, "")
		if _, err := w.vote(a, "1", true); err != nil {
			w.Fatal(err)
		}
		w.of.word = "that"
		_, err = w.vote(a, "2", true)
		w.wants(err, errs.Conflict, "approval-void")
		got, err := w.s.Get(ctx, person("2"), a.ID)
		if err != nil || got.State != approval.Void || len(got.Votes) != 1 {
			w.Fatalf("%+v %v", got, err)
		}
		// put back, it is still void: it is asked again
		w.of.word = "this"
		w.wants(w.s.Holds(ctx, w.d.Read(), "test", "x"), errs.Conflict, "approval-void")
		b := w.asked(approval.Request{Rule: one(1, "1", "2")})
		if _, err := w.vote(b, "1", true); err != nil {
			w.Fatal(err)
		}
		if err := w.s.Holds(ctx, w.d.Read(), "test", "x"); err != nil {
			w.Fatal(err)
		}
	})
}

func TestStagesInOrder(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: approval.Rule{Ordered: true, Stages: []approval.Stage{
			{Name: "lead", Seats: []string{"1"}, Quorum: 1}, {Name: "board", Seats: []string{"2", "3"}, Quorum: 2, Veto: true},
		}}})
		if got := w.told.take(); !slices.Equal(got, []string{"asked 1"}) {
			w.Fatalf("told %q", got)
		}
		_, err := w.vote(a, "2", true)
		w.wants(err, errs.Conflict, "approval-no-seat")
		if waiting, err := w.s.Waiting(ctx, person("2")); err != nil || len(waiting) != 0 {
			w.Fatalf("%v %v", waiting, err)
		}
		if _, err := w.vote(a, "1", true); err != nil {
			w.Fatal(err)
		}
		if got := w.told.take(); !slices.Equal(got, []string{"asked 2 3"}) {
			w.Fatalf("told %q", got)
		}
		_, err = w.s.Vote(ctx, person("2"), a.ID, approval.Ballot{Digest: a.Digest})
		w.wants(err, errs.Invalid, "")
		got, err := w.vote(a, "2", false)
		if err != nil || got.State != approval.Refused {
			w.Fatalf("%+v %v", got, err)
		}
		w.wants(w.s.Holds(ctx, w.d.Read(), "test", "x"), errs.Conflict, "approval-refused")
	})
}

func TestTimeRunsOut(t *testing.T) {
	each(t, func(w *world) {
		expire := func(a approval.Ask) approval.Ask {
			w.Helper()
			if err := w.d.Write(ctx, func(tx *db.Tx) error { return w.s.Expire(ctx, tx, a.ID) }); err != nil {
				w.Fatal(err)
			}
			got, err := w.s.Get(ctx, person("asker"), a.ID)
			if err != nil {
				w.Fatal(err)
			}
			return got
		}
		r := one(1, "1")
		r.For = 24 * time.Hour
		a := w.asked(approval.Request{Rule: r})
		w.clk.Advance(23 * time.Hour)
		if got := expire(a); got.State != approval.Pending {
			w.Fatalf("an hour early: %s", got.State)
		}
		w.clk.Advance(time.Hour)
		if got := expire(a); got.State != approval.Expired {
			w.Fatalf("in time: %s", got.State)
		}
		_, err := w.vote(a, "1", true)
		w.wants(err, errs.Conflict, "approval-decided")

		r.Escalate, r.Grace = []string{"boss", "asker"}, 24*time.Hour
		b := w.asked(approval.Request{Rule: r, ObjectID: "y"})
		_, err = w.vote(b, "boss", true)
		w.wants(err, errs.NotFound, "")
		w.told.take()
		w.clk.Advance(100 * time.Hour)
		if got := expire(b); got.State != approval.Pending || !got.ExpiresAt.Equal(w.clk.Now().Add(24*time.Hour)) {
			w.Fatalf("%+v", got)
		}
		if got := w.told.take(); !slices.Equal(got, []string{"escalated boss"}) {
			w.Fatalf("told %q", got)
		}
		if waiting, err := w.s.Waiting(ctx, person("boss")); err != nil || len(waiting) != 1 {
			w.Fatalf("%v %v", waiting, err)
		}
		_, err = w.vote(b, "asker", true)
		w.wants(err, errs.Conflict, "separation-of-duties")
		got, err := w.vote(b, "boss", true)
		if err != nil || got.State != approval.Approved || got.Votes[0].Seat != "1" {
			w.Fatalf("%+v %v", got, err)
		}
		// late is late: a vote after the time does not count, even before the job has run
		c := w.asked(approval.Request{Rule: func() approval.Rule { r := one(1, "1"); r.For = time.Hour; return r }(), ObjectID: "z"})
		w.clk.Advance(2 * time.Hour)
		_, err = w.vote(c, "1", true)
		w.wants(err, errs.Conflict, "approval-decided")
	})
}

func TestAnAskTakenBack(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: one(1, "1")})
		_, err := w.ask(approval.Request{Rule: one(1, "2")})
		w.wants(err, errs.Conflict, "approval-open")
		_, err = w.s.Withdraw(ctx, person("1"), a.ID, "no")
		w.wants(err, errs.Denied, "")
		_, err = w.s.Withdraw(ctx, person("asker"), a.ID, " ")
		w.wants(err, errs.Invalid, "")
		w.told.take()
		if got, err := w.s.Withdraw(ctx, person("asker"), a.ID, "We wait for the budget."); err != nil || got.State != approval.Withdrawn {
			w.Fatalf("%+v %v", got, err)
		}
		if got := w.told.take(); !slices.Equal(got, []string{"ended 1 asker"}) {
			w.Fatalf("told %q", got)
		}
		w.asked(approval.Request{Rule: one(1, "2")})
		_, err = w.s.Get(ctx, person("stranger"), a.ID)
		w.wants(err, errs.NotFound, "")
		mine, err := w.s.Mine(ctx, person("asker"), "", 1)
		if err != nil || len(mine.Items) != 1 || mine.Next == "" || mine.Items[0].ID == a.ID {
			w.Fatalf("%+v %v", mine, err)
		}
		mine, err = w.s.Mine(ctx, person("asker"), mine.Next, 1)
		if err != nil || len(mine.Items) != 1 || mine.Next != "" || mine.Items[0].ID != a.ID {
			w.Fatalf("%+v %v", mine, err)
		}
	})
}

func TestARoleThatEndedDoesNotVote(t *testing.T) {
	each(t, func(w *world) {
		a := w.asked(approval.Request{Rule: one(1, "1", "2")})
		w.of.ended["1"] = true
		_, err := w.vote(a, "1", true)
		w.wants(err, errs.Conflict, "approval-no-seat")
		w.of.refuse = errs.New(errs.Unavailable, "thing", "not now")
		_, err = w.vote(a, "2", true)
		w.wants(err, errs.Unavailable, "")
		// what could not follow was not decided, and nobody has voted
		got, err := w.s.Get(ctx, person("2"), a.ID)
		if err != nil || got.State != approval.Pending || len(got.Votes) != 0 {
			w.Fatalf("%+v %v", got, err)
		}
	})
}

// TestManyVoteAtOnce: eight voters at once, several of them twice; each counts once, and one decision is carried out.
func TestManyVoteAtOnce(t *testing.T) {
	each(t, func(w *world) {
		seats := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
		a := w.asked(approval.Request{Rule: one(5, seats...)})
		var all sync.WaitGroup
		for range 2 {
			for _, p := range seats {
				all.Go(func() {
					for {
						if _, err := w.vote(a, p, true); !errs.Is(err, errs.Unavailable) && !errs.Is(err, errs.Stale) {
							return
						}
					}
				})
			}
		}
		all.Wait()
		got, err := w.s.Get(ctx, person("asker"), a.ID)
		if err != nil || got.State != approval.Approved || len(got.Votes) != 5 || len(w.of.decided) != 1 {
			w.Fatalf("%+v %v %v", got, err, w.of.decided)
		}
	})
}
