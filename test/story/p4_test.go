package story

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/internal/app"
	"bothways/internal/config"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/migrate/dbtest"
	"bothways/internal/web"
)

// conversation is one way for a customer to say things.
type conversation interface {
	open(s *story, subject, body string)
	say(s *story, body string)
	reject(s *story, body string)
	confirm(s *story)
}

// TestP4_TheSameTurnsOnEveryChannel: the same twelve steps by mail, API, page and notes of telephone calls give byte-identical turns (pains.md 4).
func TestP4_TheSameTurnsOnEveryChannel(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.PostgreSQL} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			turns := map[string]string{}
			for name, c := range map[string]conversation{"mail": byMail{}, "api": byAPI{}, "page": byPage{}, "phone": byPhone{}} {
				turns[name] = twelveSteps(t, e, c)
			}
			for name, got := range turns {
				if got != turns["api"] {
					t.Errorf("the turns differ:\napi %s\n%s %s", turns["api"], name, got)
				}
			}
			if n := strings.Count(turns["api"], `"since"`); n < 8 {
				t.Fatalf("only %d turns: %s", n, turns["api"])
			}
		})
	}
}

func twelveSteps(t *testing.T, e db.Engine, c conversation) string {
	t.Helper()
	s := &story{t: t, clk: clock.NewFake(begin), post: &post{}, vars: map[string]string{}, dir: t.TempDir(), files: map[string][]byte{}, sessions: map[string]string{}}
	conf, _, err := config.Load("story", config.Sources{Env: func(string) string { return "" }, Args: []string{
		"--database", dbtest.URL(t, e), "--data", s.dir, "--mail-from", "desk@desk.example", "--base-url", "https://desk.example"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.app, err = app.New(context.Background(), conf, app.Options{Clock: s.clk, Transport: s.post}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.app.Stop() }()
	for _, line := range []string{
		`cli init --admin-email root@it.example`, `cli organisation add Norvik`, `cli site add Leeds --organisation Norvik --zone Europe/London`,
		`cli person add --email helen@norvik.example --name Helen --organisation Norvik --site Leeds`,
		`cli person add --email amara@it.example --name Amara --organisation IT --role agent`,
	} {
		s.do(line)
	}
	agent := func(method, path, body string) {
		s.as("amara@it.example")
		s.api(method + " " + path + " " + body)
		if s.status >= 300 {
			t.Fatalf("%s: %d %s", path, s.status, s.body)
		}
	}
	c.open(s, "VPN drops", "It drops twice a day.") // 1
	agent("GET", "/tickets", "")
	s.vars["n"] = text(s.find("items.0.number"))
	n := "/tickets/" + s.vars["n"]
	s.advance("10m")
	agent("POST", n+"/messages", `{"body":"We are on it."}`) // 2
	s.advance("20m")
	agent("POST", n+"/messages", `{"body":"Which dock?","question":{"need":"the model"}}`) // 3
	s.advance("2h")
	c.say(s, "It is a WD19.") // 4
	s.advance("1h")
	agent("POST", n+"/messages", `{"body":"Its serial?","question":{"need":"the serial number","metric":"supply_facts"}}`) // 5
	s.advance("30m")
	c.say(s, "Thank you!") // 6: moves nothing
	s.advance("2h")
	c.say(s, "4711-X") // 7
	s.advance("1h")
	agent("POST", n+"/wait", `{"until":"`+s.clk.Now().Add(24*time.Hour).Format(time.RFC3339)+`","agreed":true,"reason":"agreed by telephone"}`) // 8
	s.advance("26h")                                                                                                                            // 9: the wait ends by itself
	agent("POST", n+"/resolve", `{"body":"A new driver is on."}`)                                                                               // 10
	s.advance("3h")
	c.reject(s, "It dropped again.") // 11
	s.advance("1h")
	agent("POST", n+"/resolve", `{"body":"Now the dock has new firmware as well."}`)
	s.advance("1h")
	c.confirm(s) // 12
	agent("GET", n, "")
	if got := text(s.find("state")); got != "closed" {
		t.Fatalf("%T: %s", c, s.body)
	}
	agent("GET", n+"/turns", "")
	return s.body
}

type byMail struct{}

func (byMail) send(s *story, to, subject, body string) {
	s.files["m"] = fmt.Appendf(nil, "From: Helen <helen@norvik.example>\nTo: %s\nSubject: %s\nMessage-ID: <%d.%d@norvik.example>\n\n%s\n", to, subject, s.clk.Now().Unix(), len(s.post.sent), body)
	s.mail("m")
}

func (m byMail) open(s *story, subject, body string) { m.send(s, "desk@desk.example", subject, body) }

func (m byMail) say(s *story, body string) {
	to := ""
	for _, sent := range s.post.sent {
		if sent.Recipient == "helen@norvik.example" {
			to = sent.ReplyTo
		}
	}
	m.send(s, to, "Re: VPN", body)
}

func (m byMail) reject(s *story, body string) { m.say(s, body) }
func (m byMail) confirm(s *story)             { m.say(s, "Yes, it works.") }

type byAPI struct{}

func (byAPI) post(s *story, path, body string) {
	s.as("helen@norvik.example")
	s.api("POST " + path + " " + body)
	if s.status >= 300 {
		s.fatal("%s: %d %s", path, s.status, s.body)
	}
}

func (a byAPI) open(s *story, subject, body string) {
	a.post(s, "/tickets", fmt.Sprintf(`{"subject":%q,"description":%q}`, subject, body))
}

func (a byAPI) say(s *story, body string) {
	a.post(s, "/tickets/"+s.vars["n"]+"/messages", fmt.Sprintf(`{"body":%q}`, body))
}

func (a byAPI) reject(s *story, body string) {
	a.post(s, "/tickets/"+s.vars["n"]+"/reject", fmt.Sprintf(`{"body":%q}`, body))
}

func (a byAPI) confirm(s *story) { a.post(s, "/tickets/"+s.vars["n"]+"/confirm", `{}`) }

type byPage struct{}

// submit sends the form of a page as a browser does.
func (byPage) submit(s *story, path string, form url.Values) {
	s.as("helen@norvik.example")
	delete(s.sessions, s.person) // the session of yesterday has ended
	r := httptest.NewRequest(http.MethodPost, "https://desk.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(web.SessionCookie("https://desk.example", s.session()))
	w := httptest.NewRecorder()
	s.app.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		s.fatal("POST %s: %d %s", path, w.Code, w.Body.String())
	}
	s.run()
}

func (p byPage) open(s *story, subject, body string) {
	p.submit(s, "/requests", url.Values{"subject": {subject}, "body": {body}})
}

func (p byPage) say(s *story, body string) {
	p.submit(s, "/requests/"+s.vars["n"]+"/answer", url.Values{"body": {body}})
}

func (p byPage) reject(s *story, body string) {
	p.submit(s, "/requests/"+s.vars["n"]+"/reject", url.Values{"body": {body}})
}

func (p byPage) confirm(s *story) { p.submit(s, "/requests/"+s.vars["n"]+"/confirm", url.Values{}) }

// byPhone is the customer on the telephone: somebody of IT writes down what they say.
type byPhone struct{}

func (byPhone) note(s *story, path, body string) {
	s.as("amara@it.example")
	s.api("POST " + path + " " + body)
	if s.status != http.StatusCreated {
		s.fatal("%s: %d %s", path, s.status, s.body)
	}
	s.run()
}

func (p byPhone) open(s *story, subject, body string) {
	p.note(s, "/calls", fmt.Sprintf(`{"who":"helen@norvik.example","what":%q}`, subject+"\n"+body))
}

func (p byPhone) say(s *story, body string) {
	p.note(s, "/tickets/"+s.vars["n"]+"/calls", fmt.Sprintf(`{"body":%q}`, body))
}

func (p byPhone) reject(s *story, body string) { p.say(s, body) }
func (p byPhone) confirm(s *story)             { p.say(s, "Yes, it works.") }
