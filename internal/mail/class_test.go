package mail

import (
	"strings"
	"testing"
	"time"
)

var self = Self{LoopID: "desk-1", Addresses: []string{"desk@example.org", "support@example.org"}}

// TestClasses is about who wrote a mail: loop partners (P15), lists, robots, and people who look like them.
func TestClasses(t *testing.T) {
	const ann = "From: Ann <ann@site.example>\nTo: desk@example.org\n"
	for name, c := range map[string]struct {
		mail string
		want Class
	}{
		"a person":                      {ann + "Subject: printer\n\nIt is broken.", ClassPerson},
		"a reply":                       {ann + "Subject: Re: [BW-1] printer\nIn-Reply-To: <1@example.org>\n\nYes.", ClassPerson},
		"auto-submitted: no":            {ann + "Auto-Submitted: no\n\nx", ClassPerson},
		"a person writes of a bounce":   {ann + "Subject: Undelivered Mail Returned to Sender\n\nWhat does this mean? 550 5.1.1 user unknown, could not be delivered.", ClassPerson},
		"a person passes a bounce on":   {ann + "Subject: Fwd: Undelivered Mail Returned to Sender\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease help.\n--b\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@x\nSubject: Undelivered\n\n550 5.1.1 unknown\n--b--\n", ClassPerson},
		"a person's mail delivery fear": {ann + "Subject: delivery failed again, mailbox full\n\nMy users get errors.", ClassPerson},
		"a person back from vacation":   {ann + "Subject: vacation request form\n\nI am away until Friday, please reset my password.", ClassPerson},
		"a person asks to unsubscribe":  {ann + "Subject: unsubscribe\n\nplease", ClassPerson},
		"a person with an abuse report": {ann + "Subject: abuse report\n\nsomebody misuses my account", ClassPerson},
		"postmaster asks as a person":   {"From: Ann <postmaster@site.example>\nSubject: firewall question\n\nCould you open port 25?", ClassPerson},
		"an administrator asks":         {"From: Ann <it-admin@site.example>\nSubject: mail delivery failed\n\nOur printer cannot send scans, the messages are not delivered.", ClassPerson},
		"a mailer-daemon says hello":    {"From: MAILER-DAEMON@site.example\nSubject: hello\n\nhello", ClassAutoReply},
		"exchange internal":             {ann + "X-MS-Has-Attach:\nX-MS-Exchange-Organization-AuthAs: Internal\nThread-Topic: x\n\nx", ClassPerson},
		"the desk's own group":          {ann + "List-ID: <support.example.org>\nMailing-list: list support@example.org\nPrecedence: list\n\nhelp", ClassPerson},

		"our own loop mark":              {ann + "X-Bothways-Loop: desk-1\n\nx", ClassLoop},
		"another desk's loop mark":       {ann + "X-Bothways-Loop: desk-2\n\nx", ClassPerson},
		"own address as sender":          {"From: Desk <Support@Example.org>\n\nx", ClassLoop},
		"own address with a token":       {"From: desk+tabc@example.org\n\nx", ClassLoop},
		"own address in the name only":   {"From: \"desk@example.org\" <evil@x.example>\n\nx", ClassPerson},
		"own automatic answer came back": {ann + "X-Bothways-Loop: desk-1\nAuto-Submitted: auto-replied\n\nx", ClassLoop},

		"vacation (RFC 3834)":            {ann + "Auto-Submitted: auto-replied\nSubject: Re: x\n\nx", ClassAutoReply},
		"vacation with comment":          {ann + "Auto-Submitted: auto-replied (vacation)\n\nx", ClassAutoReply},
		"cron":                           {ann + "Auto-Submitted: auto-generated\n\nx", ClassAutoReply},
		"exchange out of office":         {ann + "X-Auto-Response-Suppress: All\nSubject: Automatic reply: x\n\nx", ClassAutoReply},
		"outlook, no header":             {ann + "Subject: Out of Office: x\n\nx", ClassAutoReply},
		"german":                         {ann + "Subject: Automatische Antwort: x\n\nx", ClassAutoReply},
		"german, notes":                  {ann + "Subject: Ich bin im Urlaub\n\nx", ClassAutoReply},
		"french":                         {ann + "Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_x?=\n\nx", ClassAutoReply},
		"japanese":                       {ann + "Subject: =?utf-8?B?6Ieq5YuV5b+c562UOiB4?=\n\nx", ClassAutoReply},
		"precedence auto_reply":          {ann + "Precedence: auto_reply\n\nx", ClassAutoReply},
		"precedence bulk of a robot":     {ann + "Precedence: bulk\nX-Autoreply: yes\n\nx", ClassAutoReply},
		"x-autorespond":                  {ann + "X-Autorespond: x\n\nx", ClassAutoReply},
		"ticket system's own answer":     {"From: Help <help@other.example>\nAuto-Submitted: auto-replied\nX-RT-Loop-Prevention: x\nSubject: [x #1] AutoReply: y\n\nx", ClassAutoReply},
		"otrs":                           {"From: help@other.example\nX-OTRS-Loop: yes\nPrecedence: bulk\nSubject: [Ticket#1] RE: x\n\nx", ClassAutoReply},
		"noreply without sender":         {"Return-Path: <>\nFrom: noreply@other.example\nSubject: Thanks\n\nWe got it.", ClassAutoReply},
		"read receipt":                   {ann + "Subject: Read: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n", ClassAutoReply},
		"apple vacation":                 {ann + "X-Apple-Action: VACATION\nSubject: x\n\nx", ClassAutoReply},
		"challenge-response, no sender":  {"Return-Path: <>\nFrom: confirm@x.example\nSubject: please confirm\n\nclick", ClassAutoReply},
		"null sender from the envelope":  {"From: someone@x.example\nSubject: hm\n\nx", ClassPerson},
		"monitoring with auto-submitted": {"From: icinga@mon.example\nAuto-Submitted: auto-generated\nSubject: PROBLEM - delivery queue\n\nmessage could not be delivered", ClassAutoReply},

		"postfix bounce":             {"Return-Path: <>\nFrom: MAILER-DAEMON@x.example (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <out-1@example.org>\n--b--\n", ClassBounce},
		"qmail bounce":               {"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program at x.\n\n<c@d.example>:\nuser unknown\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@example.org>\nMessage-ID: <out-1@example.org>\nFrom: desk@example.org\n", ClassBounce},
		"bounce of an automatic":     {"Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@x.example>\nAuto-Submitted: auto-replied\nX-Failed-Recipients: c@d.example\nSubject: Mail delivery failed\n\nunknown user", ClassBounce},
		"delay":                      {"Return-Path: <>\nFrom: postmaster@x.example\nSubject: Warning: message 1 delayed 24 hours\nAuto-Submitted: auto-replied\n\nhas not been delivered to c@d.example yet", ClassBounce},
		"outlook, german":            {"Return-Path: <>\nFrom: postmaster@x.example\nSubject: Unzustellbar: Angebot\n\nDie Nachricht konnte nicht zugestellt werden: c@d.example", ClassBounce},
		"carrier without daemon":     {"Return-Path: <>\nFrom: info@carrier.example\nSubject: Delivery failure\n\n550 5.1.1 <c@d.example> user unknown", ClassBounce},
		"arf":                        {"From: fbl@isp.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--\n", ClassComplaint},
		"hotmail":                    {"From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: c@d.example\n\nx\n--b--\n", ClassComplaint},
		"unsubscribe by a program":   {"From: c@d.example\nAuto-Submitted: auto-replied\nSubject: unsubscribe\n\nx", ClassComplaint},
		"mailing list":               {ann + "List-ID: Users <users.lists.example>\nList-Post: <mailto:users@lists.example>\n\nx", ClassList},
		"precedence list":            {ann + "Precedence: list\n\nx", ClassList},
		"yahoo group":                {ann + "Mailing-List: list x@groups.example; contact y\n\nx", ClassList},
		"newsletter":                 {"From: news@shop.example\nList-Unsubscribe: <https://x.example/u>\nSubject: 20 % off\n\nx", ClassList},
		"list with a bounced answer": {"From: users-admin@lists.example\nSubject: You are not a member\nReturn-Path: <>\n\nYou are not a member of this list. Your message was rejected.", ClassBounce},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			v := Parse([]byte(c.mail), Limits{}).Classify(self)
			if v.Class != c.want {
				t.Errorf("%s because %v, want %s", v.Class, v.Reasons, c.want)
			}
			if len(v.Reasons) == 0 || v.Reasons[0] == "" {
				t.Error("no reason")
			}
		})
	}
	v := Parse([]byte("From: someone@x.example\nSubject: hm\n\nx"), Limits{}).Classify(Self{NullSender: true})
	if v.Class != ClassAutoReply {
		t.Errorf("an envelope without sender: %s", v.Class)
	}
}

func TestBounceFacts(t *testing.T) {
	for name, c := range map[string]struct {
		mail string
		want Bounce
	}{
		"standard": {"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n" +
			"Final-Recipient: rfc822; ok@d.example\nAction: delivered\nStatus: 2.1.5\n\nOriginal-Recipient: rfc822;c@d.example\nFinal-Recipient: rfc822; c@internal.d.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1\n no such user\n--b\nContent-Type: message/rfc822\n\nMessage-Id: <out-1@example.org>\nTo: c@d.example\n\nx\n--b--\n",
			Bounce{"c@d.example", "5.1.1", "out-1@example.org"}},
		"delivered": {"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; c@d.example\nAction: relayed\n--b--\n",
			Bounce{"c@d.example", "2.0.0", ""}},
		"qmail": {"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nTo: desk@example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at x.\nI wasn't able to deliver your message.\n\n<c@d.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 452 4.2.2 mailbox full\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@example.org>\nReceived: from a by b\nMessage-ID: <out-1@example.org>\nTo: c@d.example\n\nx",
			Bounce{"c@d.example", "4.2.2", "out-1@example.org"}},
		"words only": {"From: postmaster@x.example\nTo: desk@example.org\nSubject: Undeliverable message\nIn-Reply-To: <out-1@example.org>\n\nYour message to c@d.example could not be delivered: unknown user",
			Bounce{"c@d.example", "5.1.1", "out-1@example.org"}},
		"an address that is no status": {"From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\nhost 10.5.1.1 said: mailbox is full for c@d.example", Bounce{"c@d.example", "5.2.2", ""}},
	} {
		v := Parse([]byte(c.mail), Limits{}).Classify(self)
		if v.Class != ClassBounce || *v.Bounce != c.want {
			t.Errorf("%s: %s %+v, want %+v", name, v.Class, v.Bounce, c.want)
		}
	}
}

func TestAwayUntil(t *testing.T) {
	const head = "From: ann@site.example\nAuto-Submitted: auto-replied\nDate: Mon, 01 Dec 2025 10:00:00 +0000\nSubject: Out of office\n"
	for text, want := range map[string]string{
		"I am away until 12 January 2026.":                             "2026-01-12",
		"I am out of office from 1 December till January 5th.":         "2026-01-05",
		"I will be back on Dec 24, 2025":                               "2025-12-24",
		"returning on 2026-02-03":                                      "2026-02-03",
		"Ich bin vom 01.12. bis 14.12.2025 nicht im Büro.":             "2025-12-14",
		"Ich bin ab dem 7. Januar wieder im Büro.":                     "2026-01-07",
		"Je suis absent jusqu'au 3 février 2026":                       "2026-02-03",
		"Estaré fuera de la oficina hasta el 15 de diciembre de 2025":  "2025-12-15",
		"Away 20/12/2025 - 27/12/2025":                                 "2025-12-27",
		"I am away until 02/03/2026":                                   "", // 2 March or 3 February
		"I have been working here since 12 January 2019, until later.": "",
		"I am out of the office.":                                      "",
		"My vacation until 12 January 2031 is long":                    "",
	} {
		v := Parse([]byte(head+"Content-Type: text/plain; charset=utf-8\n\n"+text), Limits{}).Classify(self)
		got := ""
		if v.Away != nil && !v.Away.Until.IsZero() {
			got = v.Away.Until.Format(time.DateOnly)
		}
		if v.Class != ClassAutoReply || v.Away == nil || got != want {
			t.Errorf("%q: %s %q, want %q", text, v.Class, got, want)
		}
	}
}
