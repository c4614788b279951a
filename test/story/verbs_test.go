package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/app"
	"bothways/internal/auth"
	"bothways/internal/cli"
	"bothways/internal/kit/clock"
	"bothways/internal/mail/box"
	"bothways/internal/web"
)

// story is one telling.
type story struct {
	t        *testing.T
	line     int
	clk      *clock.Fake
	app      *app.App
	post     *post
	mark     int // mails before the last step
	vars     map[string]string
	files    map[string][]byte
	dir      string
	token    string // of the current person
	person   string
	status   int
	answer   any // last JSON
	body     string
	text     string // of the last page
	sessions map[string]string
}

func (s *story) fatal(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d: %s", s.line, fmt.Sprintf(format, args...))
}

// do runs one line.
func (s *story) do(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	rest = s.expand(strings.TrimSpace(rest))
	switch verb {
	case "clock", "advance", "cli", "mail", "api", "page":
		s.mark = len(s.post.sent)
	}
	switch verb {
	case "clock":
		at, err := time.Parse(time.RFC3339, rest)
		if err != nil {
			s.fatal("%v", err)
		}
		s.clk.Set(at)
		s.run()
	case "advance":
		s.advance(rest)
	case "cli":
		s.cli(rest)
	case "as":
		s.as(rest)
	case "mail":
		s.mail(rest)
	case "api":
		s.api(rest)
	case "status":
		if strconv.Itoa(s.status) != rest {
			s.fatal("status %d, want %s; answer: %s", s.status, rest, s.body)
		}
	case "json":
		s.json(rest)
	case "set":
		name, path, _ := strings.Cut(rest, " ")
		s.vars[name] = text(s.find(strings.TrimSpace(path)))
	case "mailed":
		s.mailed(rest)
	case "not":
		s.notMailed(strings.TrimSpace(strings.TrimPrefix(rest, "mailed")))
	case "page":
		s.page(rest)
	case "text":
		if re := s.pattern(rest); !re.MatchString(s.text) {
			s.fatal("the page does not say %s:\n%s", re, s.text)
		}
	default:
		s.fatal("%q is no verb", verb)
	}
}

var variable = regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_]*(\.(subject|id|reply-to|body))?`)

// expand puts variables in. A name that was never set stays as it is: it may be a pattern's end.
func (s *story) expand(in string) string {
	return variable.ReplaceAllStringFunc(in, func(v string) string {
		if got, ok := s.vars[v[1:]]; ok {
			return got
		}
		if name, rest, ok := strings.Cut(v[1:], "."); ok {
			if got, ok := s.vars[name]; ok {
				return got + "." + rest
			}
		}
		return v
	})
}

func (s *story) run() {
	if err := s.app.Jobs.RunDue(context.Background()); err != nil {
		s.fatal("%v", err)
	}
}

var days = regexp.MustCompile(`^(?:(\d+)d)?(.*)$`)

func (s *story) advance(rest string) {
	m := days.FindStringSubmatch(strings.ReplaceAll(rest, " ", ""))
	n, _ := strconv.Atoi(m[1])
	d := time.Duration(n) * 24 * time.Hour
	if m[2] != "" {
		h, err := time.ParseDuration(m[2])
		if err != nil {
			s.fatal("%v; write 3d4h, 90m or 2d", err)
		}
		d += h
	}
	end := s.clk.Now().Add(d)
	for {
		s.run()
		next, err := s.app.Jobs.Next(context.Background())
		if err != nil {
			s.fatal("%v", err)
		}
		if next.IsZero() || next.After(end) {
			break
		}
		if next.After(s.clk.Now()) {
			s.clk.Set(next)
		}
	}
	s.clk.Set(end)
	s.run()
}

// words splits a line like a shell: quotes keep spaces.
func words(line string) []string {
	var out []string
	var cur strings.Builder
	var quote rune
	begun := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			cur.WriteRune(r)
		case r == '"' || r == '\'':
			quote, begun = r, true
		case r == ' ' || r == '\t':
			if begun || cur.Len() > 0 {
				out = append(out, cur.String())
			}
			cur.Reset()
			begun = false
		default:
			cur.WriteRune(r)
		}
	}
	if begun || cur.Len() > 0 {
		out = append(out, cur.String())
	}
	return out
}

// cli runs a command of bothways against this installation. The names of the story's files are paths.
func (s *story) cli(line string) {
	args := words(line)
	if len(args) > 0 && args[0] == "bothways" {
		args = args[1:]
	}
	for i, a := range args {
		if body, ok := s.files[a]; ok {
			args[i] = filepath.Join(s.dir, a)
			_ = body
		}
	}
	var out, errOut bytes.Buffer
	code := cli.Run(context.Background(), s.app, args, strings.NewReader(""), &out, &errOut)
	s.run()
	s.status, s.body, s.text, s.answer = code, out.String(), out.String()+errOut.String(), nil
	_ = json.Unmarshal(out.Bytes(), &s.answer)
	if code != 0 {
		s.fatal("cli %s: exit %d: %s%s", line, code, out.String(), errOut.String())
	}
	s.vars["out"] = strings.TrimSpace(out.String())
}

// as makes a person the current one.
func (s *story) as(address string) {
	p, err := s.app.People.FindPerson(context.Background(), address)
	if err != nil {
		s.fatal("%v", err)
	}
	secret, _, err := s.app.Auth.CreateToken(context.Background(), auth.SystemActor(), p.ID, "story", nil, time.Time{})
	if err != nil {
		s.fatal("%v", err)
	}
	s.token, s.person = secret, p.ID
}

// file is one of the story's files with its variables put in.
func (s *story) file(name string) []byte {
	body, ok := s.files[name]
	if !ok {
		s.fatal("the story has no file %q", name)
	}
	return []byte(s.expand(string(body)))
}

var mailFrom = regexp.MustCompile(`(?im)^(?:return-path|from):[^\n]*?([^\s<>"]+@[^\s<>"]+)`)

// mailToLevels is a mail whose receiver is the second door alone.
var mailToLevels = regexp.MustCompile(`(?im)^to:[ ]*<?levels(\+[^@\s]*)?@desk\.example>?\r?$`)

func (s *story) mail(name string) {
	raw := bytes.ReplaceAll(bytes.ReplaceAll(s.file(name), []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	from := ""
	if m := mailFrom.FindSubmatch(raw); m != nil && !bytes.Contains(raw, []byte("Return-Path: <>")) {
		from = string(m[1])
	}
	to := "desk@desk.example"
	if mailToLevels.Match(raw) {
		to = "levels@desk.example"
	}
	if _, err := s.app.Box.Receive(context.Background(), from, to, raw); err != nil {
		s.fatal("%v", err)
	}
	s.run()
}

func (s *story) api(rest string) {
	method, rest, _ := strings.Cut(rest, " ")
	path, file, _ := strings.Cut(strings.TrimSpace(rest), " ")
	var body io.Reader
	if file = strings.TrimSpace(file); strings.HasPrefix(file, "{") {
		body = strings.NewReader(file)
	} else if file != "" {
		body = bytes.NewReader(s.file(file))
	}
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1/" + strings.TrimPrefix(path, "/")
	}
	r := httptest.NewRequest(method, "http://desk.example"+path, body)
	r.Host = "desk.example"
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	w := httptest.NewRecorder()
	s.app.Handler.ServeHTTP(w, r)
	s.status, s.body, s.answer = w.Code, w.Body.String(), nil
	_ = json.Unmarshal(w.Body.Bytes(), &s.answer)
	s.run()
}

func (s *story) pattern(rest string) *regexp.Regexp {
	rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "~"))
	if u, err := strconv.Unquote(rest); err == nil {
		rest = u
	}
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "/"), "/")
	re, err := regexp.Compile(rest)
	if err != nil {
		s.fatal("%v", err)
	}
	return re
}

// mailsTo are the mails to an address since the last step that say something.
func (s *story) mailsTo(rest string) (address string, found []box.Outbound) {
	address, pattern, has := strings.Cut(rest, "~")
	address = strings.TrimSpace(address)
	for _, m := range s.post.sent[s.mark:] {
		if strings.EqualFold(m.Recipient, address) && (!has || s.pattern(pattern).MatchString("Subject: "+m.Subject+"\n\n"+m.Body)) {
			found = append(found, m)
		}
	}
	return address, found
}

func (s *story) mailed(rest string) {
	address, found := s.mailsTo(rest)
	if len(found) == 0 {
		var all strings.Builder
		for _, m := range s.post.sent[s.mark:] {
			fmt.Fprintf(&all, "\nto %s: %s\n%s", m.Recipient, m.Subject, m.Body)
		}
		s.fatal("no such mail to %s; mailed since the last step:%s", address, all.String())
	}
	m := found[len(found)-1]
	s.vars["mail.subject"], s.vars["mail.id"], s.vars["mail.reply-to"], s.vars["mail.body"] = m.Subject, m.MessageID, m.ReplyTo, m.Body
}

func (s *story) notMailed(rest string) {
	if address, found := s.mailsTo(rest); len(found) > 0 {
		s.fatal("%s was mailed %q:\n%s", address, found[0].Subject, found[0].Body)
	}
}

// session signs the current person in, once.
func (s *story) session() string {
	if secret := s.sessions[s.person]; secret != "" {
		return secret
	}
	const password = "a story's password"
	if err := s.app.Auth.SetPassword(context.Background(), auth.SystemActor(), s.person, password); err != nil {
		s.fatal("%v", err)
	}
	secret, err := s.app.Auth.SignIn(context.Background(), auth.Credentials{PersonID: s.person, Password: password, IP: "127.0.0.1"})
	if err != nil {
		s.fatal("%v", err)
	}
	s.sessions[s.person] = secret
	return secret
}

// page opens a page as the current person, signed in.
func (s *story) page(path string) {
	r := httptest.NewRequest(http.MethodGet, "http://desk.example"+path, nil)
	r.Host = "desk.example"
	if s.person != "" {
		r.AddCookie(web.SessionCookie("https://desk.example", s.session()))
	}
	w := httptest.NewRecorder()
	s.app.Handler.ServeHTTP(w, r)
	s.status, s.body = w.Code, w.Body.String()
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		s.fatal("%v", err)
	}
	doc.Find("script,style,svg").Remove()
	s.text = strings.Join(strings.Fields(doc.Text()), " ")
	s.run()
}
