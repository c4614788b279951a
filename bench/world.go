package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/people"
)

const (
	deskAddress = "desk@bothways.test"
	agent       = "agent@it.test"
	password    = "a long password of the bench 7"
)

// world is a database with an agent, who is an administrator too, and customers.
type world struct {
	url   string
	token string
}

func customer(i int) string { return fmt.Sprintf("customer%d@customer.test", i) }

// world makes one with so many customers.
func (b *bench) world(name string, customers int) (*world, error) {
	at, err := b.database(name)
	if err != nil {
		return nil, err
	}
	secret := filepath.Join(b.dir, "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		return nil, err
	}
	if _, err := b.command("init", "--data", b.dir, "--database", at, "--admin-email", agent, "--admin-password-file", secret); err != nil {
		return nil, err
	}
	out, err := b.command("token", "create", "--data", b.dir, "--database", at, "--person", agent)
	if err != nil {
		return nil, err
	}
	i := strings.Index(out, "bw_")
	if i < 0 {
		return nil, fmt.Errorf("token create printed no token: %s", out)
	}
	w := &world{at, strings.Fields(out[i:])[0]}
	return w, w.enrol(customers)
}

// enrol makes the customers.
func (w *world) enrol(n int) error {
	ctx := context.Background()
	d, err := db.Open(ctx, w.url)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	p := people.New(d, clock.System{})
	org, err := p.CreateOrganisation(ctx, auth.SystemActor(), people.OrganisationInput{Name: "Customer"})
	if err != nil {
		return err
	}
	site, err := p.CreateSite(ctx, auth.SystemActor(), people.SiteInput{OrgID: org.ID, Name: "Leeds", Zone: "Europe/London", Region: "north"})
	if err != nil {
		return err
	}
	const at = 16 // once: they share an fsync
	fails := make([]error, at)
	var all sync.WaitGroup
	for k := range at {
		all.Go(func() {
			for i := k; i < n && fails[k] == nil; i += at {
				_, fails[k] = p.CreatePerson(ctx, auth.SystemActor(), people.PersonInput{Name: fmt.Sprintf("Customer %d", i), Address: customer(i), Verified: true, SiteID: site.ID})
			}
		})
	}
	all.Wait()
	return errors.Join(fails...)
}

// bearer is the header of a call of the API.
func (w *world) bearer() string { return "Authorization: Bearer " + w.token + "\r\n" }

// signIn gives the header of a page's request by the agent.
func signIn(p *process) (string, error) {
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm("http://"+p.http+"/sign-in", url.Values{"email": {agent}, "password": {password}})
	if err != nil {
		return "", err
	}
	_ = res.Body.Close()
	if res.StatusCode/100 != 3 {
		return "", fmt.Errorf("signing in answers %s", res.Status)
	}
	var parts []string
	for _, k := range res.Cookies() {
		parts = append(parts, k.Name+"="+k.Value)
	}
	return "Cookie: " + strings.Join(parts, "; ") + "\r\n", nil
}

// inside runs fn on a world's services in this process, as the agent. With a transport the answer is queued, as in an installation
// that mails.
func (b *bench) inside(w *world, fn func(a *app.App, by auth.Actor) error) error {
	ctx := context.Background()
	a, err := app.New(ctx, config.Config{Data: b.dir, Database: w.url, MailFrom: deskAddress, BaseURL: "http://localhost", Zone: "UTC", MaxUpload: 1 << 20},
		app.Options{Transport: box.InApp{}})
	if err != nil {
		return err
	}
	defer func() { _ = a.Stop() }()
	by, err := actor(ctx, a, agent)
	if err != nil {
		return err
	}
	return fn(a, by)
}

func actor(ctx context.Context, a *app.App, address string) (auth.Actor, error) {
	p, err := people.PersonByAddress(ctx, a.DB.Read(), address)
	if err != nil {
		return auth.Actor{}, err
	}
	return a.People.ActorOf(ctx, p.ID)
}
