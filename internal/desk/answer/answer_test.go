package answer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/desk/answer"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/migrate/dbtest"
)

// TestAttack14_PlaceholdersHaveNoLogic: nothing but the listed names is replaced, once, within bounds.
func TestAttack14_PlaceholdersHaveNoLogic(t *testing.T) {
	values := map[string]string{"requester.first": "{me.name} {{.}} ${7*7}", "me.name": "Amara", "number": "BW-1001\r\nBcc: x@example.org", "password": "secret", "subject": strings.Repeat("x", 10_000)}
	for body, want := range map[string]string{
		"Hello {requester.first},":        "Hello {me.name} {{.}} ${7*7},",
		"{{number}}":                      "{BW-1001 Bcc: x@example.org}",
		"{{.}} {{range}} ${7*7} <OTRS_X>": "{{.}} {{range}} ${7*7} <OTRS_X>",
		"{password} {nosuch} {site}":      "{password} {nosuch} {site}",
		"{me.name":                        "{me.name",
		"{ME.NAME} {me.name}}":            "{ME.NAME} Amara}",
		"":                                "",
	} {
		if got := answer.Fill(body, values); got != want {
			t.Errorf("%q becomes %q, want %q", body, got, want)
		}
	}
	if got := answer.Fill(strings.Repeat("{subject}", 100_000), values); len(got) > answer.MostFilled+300 {
		t.Errorf("filled in it has %d bytes", len(got))
	}
	if got := answer.Unknown("{number} {password} {x} {password}"); strings.Join(got, " ") != "{password} {x}" {
		t.Errorf("unknown are %q", got)
	}
}

func TestWhoseAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := answer.New(d, clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)))
		staff := func(role auth.Role) auth.Actor {
			return auth.Actor{Kind: auth.Person, PersonID: id.New(), Grants: []auth.Grant{{Role: role, Scope: auth.Everywhere}}}
		}
		amara, kofi, root := staff(auth.Agent), staff(auth.Resolver), staff(auth.Administrator)
		helen := auth.Actor{Kind: auth.Person, PersonID: id.New()}
		save := func(by auth.Actor, in answer.Input) answer.Answer {
			t.Helper()
			a, err := s.Save(ctx, by, in)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		own := save(amara, answer.Input{Title: "Restart", Body: "Hello {requester.first}, restart it."})
		shared := save(amara, answer.Input{Title: "Dock driver", Body: "The driver.", Shared: true})
		titles := func(by auth.Actor, words string) string {
			all, err := s.List(ctx, by, words)
			if err != nil {
				return errs.KindOf(err).String()
			}
			var out []string
			for _, a := range all {
				out = append(out, a.Title)
			}
			return strings.Join(out, ", ")
		}
		for got, want := range map[string]string{
			titles(amara, "") + "|a": "Dock driver, Restart|a", titles(kofi, "") + "|k": "Dock driver|k", titles(amara, "dri") + "|w": "Dock driver|w",
			titles(helen, "") + "|h": errs.NotFound.String() + "|h",
		} {
			if got != want {
				t.Errorf("listed %q, want %q", got, want)
			}
		}
		for what, err := range map[string]error{
			"a colleague's own": second(s.Get(ctx, kofi, own.ID)), "an administrator, somebody's own": s.Drop(ctx, root, own.ID), "a customer": second(s.Get(ctx, helen, shared.ID)),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := s.Drop(ctx, kofi, shared.ID); !errs.Is(err, errs.Denied) {
			t.Errorf("a colleague removes it: %v", err)
		}
		changed := save(root, answer.Input{ID: shared.ID, Version: 1, Title: "Dock driver", Body: "The new driver.", Shared: true})
		if changed.OwnerID != amara.PersonID || changed.Version != 2 {
			t.Errorf("changed by an administrator it is %+v", changed)
		}
		if _, err := s.Save(ctx, amara, answer.Input{ID: shared.ID, Version: 1, Title: "Dock", Body: "x"}); !errs.Is(err, errs.Stale) {
			t.Errorf("an old version: %v", err)
		}
		if _, err := s.Save(ctx, amara, answer.Input{Title: " ", Body: "{password}"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("wrong input: %v", err)
		}
		if err := s.Drop(ctx, amara, shared.ID); err != nil || titles(kofi, "") != "" {
			t.Errorf("removed: %v, %q", err, titles(kofi, ""))
		}
	})
}

func second[T any](_ T, err error) error { return err }
