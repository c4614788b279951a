package prose

import (
	"strings"
	"testing"
)

// TestReply is a table of how mail programs quote, in the languages they speak (P13).
func TestReply(t *testing.T) {
	const old = "\n> old one\n> old two\n"
	for name, c := range map[string]struct{ in, want string }{
		"nothing quoted":        {"hello\n\nworld", "hello\n\nworld"},
		"only a quotation":      {"> old", "> old"},
		"gmail":                 {"yes\n\nOn Mon, Feb 1, 2016 at 4:58 AM Ann <a@x.org> wrote:\n" + old, "yes"},
		"gmail, broken line":    {"yes\n\nOn Mon, Feb 1, 2016 at 4:58 AM Ann Very Long Name <\na@x.org> wrote:\n" + old, "yes"},
		"apple":                 {"yes\n\n> On 1 Feb 2016, at 10:00, Ann <a@x.org> wrote:\n> \n> old", "yes"},
		"german":                {"ja\n\nAm 01.02.2016 um 10:00 schrieb Ann:" + old, "ja"},
		"german, google":        {"ja\n\nAnn <a@x.org> schrieb am Mo., 1. Feb. 2016, 10:00:" + old, "ja"},
		"french":                {"oui\n\nLe lun. 1 févr. 2016 à 10:00, Ann <a@x.org> a écrit :" + old, "oui"},
		"spanish":               {"sí\n\nEl lun., 1 feb. 2016 a las 10:00, Ann (<a@x.org>) escribió:" + old, "sí"},
		"portuguese":            {"sim\n\nEm seg, 1 de fev de 2016 às 10:00, Ann <a@x.org> escreveu:" + old, "sim"},
		"italian":               {"sì\n\nIl giorno lun 1 feb 2016 alle ore 10:00 Ann <a@x.org> ha scritto:" + old, "sì"},
		"dutch":                 {"ja\n\nOp ma 1 feb. 2016 om 10:00 schreef Ann <a@x.org>:" + old, "ja"},
		"danish":                {"ja\n\nDen man. 1. feb. 2016 kl. 10.00 skrev Ann <a@x.org>:" + old, "ja"},
		"swedish":               {"ja\n\n1 feb 2016 kl. 10:00 skrev Ann <a@x.org>:" + old, "ja"},
		"finnish":               {"joo\n\nma 1. helmik. 2016 klo 10.00 Ann (a@x.org) kirjoitti:" + old, "joo"},
		"polish":                {"tak\n\npon., 1 lut 2016 o 10:00 Ann <a@x.org> napisał(a):" + old, "tak"},
		"czech":                 {"ano\n\npo 1. 2. 2016 v 10:00 odesílatel Ann <a@x.org> napsal:" + old, "ano"},
		"russian":               {"да\n\nпн, 1 февр. 2016 г. в 10:00, Ann <a@x.org>:" + old, "да"},
		"russian, verb":         {"да\n\n1 февраля 2016 г., 10:00 пользователь Ann <a@x.org> написал:" + old, "да"},
		"turkish":               {"evet\n\nAnn <a@x.org>, 1 Şub 2016 Pzt, 10:00 tarihinde şunu yazdı:" + old, "evet"},
		"chinese":               {"是\n\nAnn <a@x.org> 于2016年2月1日周一 上午10:00写道：" + old, "是"},
		"japanese":              {"はい\n\n2016年2月1日(月) 10:00 Ann <a@x.org>:" + old, "はい"},
		"korean":                {"네\n\n2016년 2월 1일 (월) 오전 10:00, Ann <a@x.org>님이 작성:" + old, "네"},
		"outlook":               {"yes\n\nKind regards\nBob\n\n-----Original Message-----\nFrom: Ann <a@x.org>\nSent: Monday, 1 February 2016 10:00\nTo: Bob\nSubject: x\n\nold", "yes\n\nKind regards\nBob"},
		"long dashes":           {"ja\n\n—— Ursprüngliche Nachricht ——\nVon: Ann\n\nalt", "ja"},
		"outlook, line":         {"yes\n\n________________________________\nVon: Ann <a@x.org>\nGesendet: Montag, 1. Februar 2016 10:00\nAn: Bob\nBetreff: x\n\nold", "yes"},
		"outlook, no line":      {"yes\n\nDe : Ann\nEnvoyé : lundi 1 février 2016 10:00\nÀ : Bob\nObjet : x\n\nold", "yes"},
		"outlook, bold":         {"yes\n\n*From:* Ann\n*Sent:* Monday\n*To:* Bob\n*Subject:* x\n\nold", "yes"},
		"chinese outlook":       {"是\n\n发件人: Ann\n发送时间: 2016年2月1日\n收件人: Bob\n主题: x\n\nold", "是"},
		"answers in between":    {"On 1.2.2016 a@x.org wrote:\n> one?\nyes\n\n> two?\nno\n", "yes\n\nno"},
		"answer below":          {"On 1.2.2016 10:00, Ann wrote:\n> one?\n> two?\n\nyes\n", "yes"},
		"signature":             {"yes\n\n-- \nBob\nPhone 1", "yes"},
		"signature, then quote": {"yes\n--\nBob\n\nOn 1.2.2016 a@x.org wrote:" + old, "yes"},
		"dashes are no end":     {"one\n--\n" + strings.Repeat("long text\n", 30), "one\n--\n" + strings.TrimSpace(strings.Repeat("long text\n", 30))},
		"phone":                 {"yes\n\nSent from my iPhone", "yes"},
		"phone, german":         {"ja\n\nVon meinem iPhone gesendet\n\nAm 01.02.2016 um 10:00 schrieb Ann <a@x.org>:\n\nalt", "ja"},
		"forward":               {"---------- Forwarded message ---------\nFrom: Ann <a@x.org>\nDate: Mon, 1 Feb 2016\nSubject: x\nTo: Bob\n\nthe message", "the message"},
		"forward with a word":   {"please look\n\n---------- Forwarded message ---------\nFrom: Ann <a@x.org>\nDate: Mon, 1 Feb 2016\nSubject: x\nTo: Bob\n\nthe message", "please look"},
		"writing about writing": {"On Monday I wrote a letter.\nThen she wrote: nothing.\nTo: whom it concerns", "On Monday I wrote a letter.\nThen she wrote: nothing.\nTo: whom it concerns"},
		"a list of facts":       {"Name: Ann\nRoom: 3\nDate: Monday\nProblem: printer", "Name: Ann\nRoom: 3\nDate: Monday\nProblem: printer"},
		"a colon at the end":    {"These two are broken since 10:00:\nprinter 1\nprinter 2", "These two are broken since 10:00:\nprinter 1\nprinter 2"},
		"code":                  {"```\n# comment\n####\n```", "```\n# comment\n####\n```"},
		"empty":                 {"", ""},
	} {
		if got := Reply(c.in); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// TestHTMLReplies is about replies that are HTML only.
func TestHTMLReplies(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"gmail":       {`<div dir="ltr">yes</div><br><div class="gmail_quote"><div dir="ltr">On Mon, Feb 1, 2016 at 4:58 AM Ann &lt;<a href="mailto:a@x.org">a@x.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">old<br>older</blockquote></div>`, "yes"},
		"outlook":     {`<p class=MsoNormal>yes<o:p></o:p></p><div style='border-top:solid #E1E1E1'><p class=MsoNormal><b>From:</b> Ann &lt;a@x.org&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Bob<br><b>Subject:</b> x</p></div><p>old</p>`, "yes"},
		"outlook web": {`<div>yes</div><hr><div id="divRplyFwdMsg"><b>Von:</b> Ann<br><b>Gesendet:</b> Montag<br><b>An:</b> Bob<br><b>Betreff:</b> x</div><div>alt</div>`, "yes"},
		"apple":       {`<body>yes<br><div><blockquote type="cite"><div>On 1 Feb 2016, at 10:00, Ann &lt;a@x.org&gt; wrote:</div><br><div>old</div></blockquote></div></body>`, "yes"},
		"thunderbird": {`<p>yes</p><div class="moz-cite-prefix">Am 01.02.2016 um 10:00 schrieb Ann:<br></div><blockquote type="cite">alt</blockquote><div class="moz-signature">-- <br>Bob</div>`, "yes"},
	} {
		if got := Reply(HTML(c.in, 1<<20)); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q\n text %q", name, got, c.want, HTML(c.in, 1<<20))
		}
	}
}

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"a  b\n c":         "a b c",
		"<p>a</p><p>b</p>": "a\n\nb",
		"a<br><br>b":       "a\n\nb",
		"a<div>b</div>c":   "a\nb\nc",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c": "a b\nc",
		"<pre>a\n  b\n</pre>c":                          "a\n  b\n\nc",
		"<ol><li>a</li><li><b>b</b></li></ol>":          "- a\n- b",
		"&lt;x&gt; &amp; &uuml; &#8364; &nosuch;":       "<x> & ü € &nosuch;",
		"a<!-- b -->c<![if x]>d":                        "acd",
		"<style>x</style>a<script>y</script>b<title/>c": "abc",
		"a<img alt=\"😀\"><img alt=\"long text\">":       "a😀",
		"<a href=x>link</a>":                            "link",
		"<b>bo</b>ld":                                   "bold",
		"a &nbsp; b":                                    "a b",
		"text <unfinished":                              "text",
		"":                                              "",
	} {
		if got := HTML(in, 1000); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := HTML(strings.Repeat("ü ", 1000), 101); len(got) > 101 || !strings.HasPrefix(got, "ü ü") {
		t.Errorf("%d bytes", len(got))
	}
}

func TestUnflow(t *testing.T) {
	for in, want := range map[string]string{
		"a \nb\nc":              "a b\nc",
		"a \r\nb":               "a b",
		"> a \n> b\n>> c \n> d": "> a b\n>> c \n> d",
		"x\n-- \nsig":           "x\n-- \nsig",
		" >not a quote":         ">not a quote",
		"":                      "",
	} {
		if got := Unflow(in, false); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := Unflow("日本 \n語", true); got != "日本語" {
		t.Errorf("%q", got)
	}
}

func TestShortWordsAboveAnAnnouncementAreKept(t *testing.T) {
	for _, words := range []string{"A WD19.", "On it", "Am 4. OG", "Mon, please"} {
		in := words + "\n\nOn Mon, 12 Jan 2026 at 10:00, Service desk <desk@norvik.example> wrote:\n> Which dock is it?\n"
		if got := Reply(in); got != words {
			t.Errorf("%q: %q", words, got)
		}
	}
}
