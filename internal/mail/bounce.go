package mail

import (
	"bytes"
	"regexp"
	"strings"

	"bothways/internal/mail/mime"
)

// Bounce is what a report on a mail says. Recipient and OriginalMessageID may be "" when the report does not say them.
type Bounce struct {
	Recipient         string `json:"recipient"`
	Status            string `json:"status"` // RFC 3463; 4.x.x will be tried again, 5.x.x will not, 2.x.x arrived
	OriginalMessageID string `json:"original_message_id"`
}

// Failed says that the mail will not arrive.
func (b Bounce) Failed() bool { return strings.HasPrefix(b.Status, "5") }

// evidence is what speaks for a report of a mail server.
type evidence struct {
	standard   string // a machine-readable report
	nullSender bool
	robot      bool // the sender is a mail server by its name: nobody else is called so
	daemon     bool // the sender is a mail server or a list server, or a person who looks after one
	noReply    bool
	subject    bool
	phrases    int // different ways in which the text says that a mail did not arrive
	code       bool
	original   bool // the mail reported on is attached or copied
	automatic  bool
	forwarded  bool // a person passes something on, or answers
}

var (
	daemonLocal = regexp.MustCompile(`(?i)^(mailer[-_. ]?daemon|post[-_]?masters?|poostmaster|mail[-_.]?(er|daemon|deliver(y)?)[-_.a-z]*|mail\.delivery\.(sub)?system|` +
		`(double-)?bounces?([-_+=.].*)?|mmdf|listserv|majordomo|mailman|ndr|delivery[-_.]?(failure|status|agent)?|.*[-_](bounces?|owner)|owner-.*|mdaemon|smtp(d)?|returned-mail)$`)
	daemonName = regexp.MustCompile(`(?i)(mail(er)?[- ]?(delivery|deliver)[- ]?(sub)?[- ]?(system|service|agent)?|mailer[- ]daemon|post[- ]?master|delivery (notification|status|failure|subsystem)|` +
		`mail administrator|mail system|\bNDR\b|non[- ]delivery|interscan|systemadministrator|system administrator|mail gateway|mailsystem)`)
	robotLocal = regexp.MustCompile(`(?i)^(mailer[-_. ]?daemon|mail\.delivery\.(sub)?system|double-bounce|mail[-_]daemon|mailer-error)$`)
	robotName  = regexp.MustCompile(`(?i)^\W*(mail delivery (sub)?system|mailer[- ]daemon|mail deliver system|delivery subsystem)\W*$`)
	noReply    = regexp.MustCompile(`(?i)^(no|do[-_. ]?not|donot)[-_. ]?reply`)

	bounceSubject = regexp.MustCompile(`(?i)(undeliver(ed|able|y)|non[- ]deliver|not (be )?delivered|un(able to|successful) deliver|deliver(y|ing) (of |to )?.{0,40}(fail|problem|error|unsuccessful|report|delay|status|notification|incomplete|attempt|impossible)|` +
		`(deliver(y|ing)?|mail|message|transport) (status|failure|failed|error|problem|system error|delay)|fail(ed|ure)\b.{0,20}(deliver|notice|mail|transport)|returned (mail|e-?mail|message|to sender)|return(ed|ing) (mail|message|to sender)|` +
		`could ?n[o']t be (delivered|sent)|can(not|'t) be delivered|error (sending|in) your (mail|message)|rejected (mail|message|posting)|mail(box)? (quota|is full|full)|bounced? (mail|message|e-?mail)|` +
		`warning: .{0,80}(delayed|could not send|not delivered|still|queue)|delayed (mail|message|delivery)|message (status|delayed|undeliverable|rejected|bounced)|user unknown|host unknown|smtp server: errors|` +
		`(message|mail|your posting|post) .{0,60}(awaits|rejected|not (sent|accepted|delivered))|you (.{0,80} )?are not (a )?member|` +
		`unzustellbar|nicht zugestellt|unzustellbarkeit|zustellung(s)?.{0,40}(fehl|status|verzöger|nicht)|übermittlungsstatus|konnte nicht (zugestellt|gesendet)|rücksendung|` +
		`non (remis|délivré|distribu)|échec (de la |de )?(remise|distribution|livraison)|remise (impossible|retardée)|message non|` +
		`no (se )?(pudo|puede|ha podido|entregad)|devuelto|error de entrega|entrega fallida|no entregado|mancata consegna|impossibile recapitare|non consegnat|mensagem não|não entreg|falha na entrega|devolvid|` +
		`onbestelbaar|niet (bezorgd|afgeleverd)|kan inte levereras|ej levererat|olevererat|kunne ikke leveres|ikke leveret|ei voitu toimittaa|niedostarcz|nie można dostarczyć|zwrot|nedoručen|nedoručit|kézbesíthetetlen|` +
		`не ?достав|невозможно доставить|недоставлен|не може бути доставлен|teslim edilemedi|` +
		`退信|无法投递|無法投遞|未送达|未傳遞|投递失败|系统退信|退件|無法傳送|配信(不能|エラー|失敗|できません)|メールエラー|送信(エラー|できません|失敗)|未配信|不達|エラー通知|반송|배달 (실패|못)|전송 ?실패|배달되지)`)

	bouncePhrases = []*regexp.Regexp{
		regexp.MustCompile(`(?i)(following|these|this|some) (addresse?s?|recipients?|destination|mailbox|e-?mail addresses?)[^.:]{0,60}(fail|error|reject|could not|undeliver|did not|has not|unknown|invalid)`),
		regexp.MustCompile(`(?i)(could|can|was|has|were|did|is)( ?n[o']t| ?not|n't) (yet )?(be |been |able to be )?(deliver|reach|sent|complete|relay|process)|undeliver(ed|able)|unable to (deliver|relay|send)|cannot be (delivered|sent)|can't be delivered|not deliver(ed|able)|failed (to deliver|permanently)|delivery (has )?(failed|attempt|to the|of the|is |was |temporar|suspend|delay)|trouble delivering|problem delivering|wasn't delivered`),
		regexp.MustCompile(`(?i)user (is )?(unknown|not found|does ?n[o']t exist|disabled|invalid)|unknown (user|recipient|address|local|mailbox|host|domain)|no such (user|recipient|mailbox|address|account|person|domain|local)|(mailbox|recipient|address|account|user|inbox|e-?mail)[^.\n]{0,60}(unavailable|not found|does ?n[o']t exist|disabled|inactive|suspended|rejected|not available|no longer|over quota|is full|exceed)|invalid (recipient|user|mailbox|address)|host (unknown|not found)|not a (valid|known) (user|recipient|mailbox|address)|not a member of|is not allowed to post|mailbox full|quota exceeded|over quota`),
		regexp.MustCompile(`(?i)permanent (fatal )?(error|failure)|fatal errors|permanently (rejected|failed)|returned (below|to you|to sender|mail|unopened|because)|return(ing)? (the |your |this )?(message|mail|to sender)|given up|giving up|retry (time(out)?|limit)|has been (rejected|returned|blocked|delayed|queued)|will (be retried|keep trying|continue)|still (being )?(retr|trying|undeliver)|temporar(y|ily) (error|failure|failed|deferred)|warning message only`),
		regexp.MustCompile(`(?i)qmail-send|transcript of (the )?session|this is the .{0,40}(mail|qmail|exim|postfix|program)|mail (delivery )?(sub)?system|mail delivery software|remote (host|server|mail ?(server|system)) (said|respon|return|reject)|reporting[- ]mta|final-recipient|diagnostic[- ](code|information)|error (message|code|is|was|text)[^\n]{0,20}:|smtp (error|server|reply|response|code)|while talking to|said: [45]\d\d|responded as follows|technical details of (permanent|temporary) failure|message headers? follow|below (this|is) (line )?(is )?a copy|original message (headers|follows|text)|copy of (the|your) (message|mail)|unsent message`),
		regexp.MustCompile(`(?i)(unzustellbar|nicht zugestellt|konnte .{0,40}nicht (zugestellt|übermittelt|gesendet)|zustell(ung|status).{0,60}fehl|empfänger.{0,40}(unbekannt|nicht)|non (è stato|remis|distribué|délivré)|n'a pas (pu|été)|no (se )?(ha )?(pudo|podido|puede)|не (был[оа]? )?достав|не существует|не удалось|não (foi|pôde|pode|entreg)|niet (worden )?(bezorgd|afgeleverd)|送信できま|配信できま|届けできま|お届け|見つかりません|受信拒否|存在し(ない|ません)|宛先不明|一杯のため|无法(投递|送达)|退回|無法(傳遞|投遞)|不存在|반송|전송하지)`),
	}
	smtpCode = regexp.MustCompile(`(?m)(^|[^\d.])[45]\d\d[- ](#?[45]\.\d{1,3}\.\d{1,3}|[A-Za-z<-])|(^|[^\d.])[45]\.\d{1,3}\.\d{1,3}([^\d.]|$)|(^|[\s:(])(553|55[0-4]|45[0-2]|421)\b`)
	// copied finds the header of the mail reported on in the text of the report.
	copied   = regexp.MustCompile(`(?im)^[> ]*(return-path|received|message-id|from|to|date):[ \t].*\n(?:[> ]*[\w-]+:.*\n|[> ]*[ \t]+.*\n){2,}`)
	passedOn = regexp.MustCompile(`(?i)^\s*(re|aw|fw|fwd|wg|sv|vs|tr|rv|i|r|odp|回复|答复|转发|返信|転送)\s*(\[\d+\])?\s*[:：]`)
)

// maxReport is how much of a text is searched for the words of a report.
const maxReport = 32 << 10

// evidence gathers what speaks for a report.
func (m *Message) evidence(self Self) evidence {
	e := evidence{nullSender: m.NullSender || self.NullSender}
	root := m.tree.Root
	if m.status() != nil {
		e.standard = "it has a delivery status (RFC 3464)"
	}
	e.original = len(m.inner) > 0
	if root.Type == "multipart/report" && lower(root.Params["report-type"]) == "delivery-status" {
		e.standard = "it is a delivery report (RFC 3464)"
	}
	if m.header.Has("x-failed-recipients") {
		e.standard = "it has the field x-failed-recipients"
	}
	text := first(m.Text, maxReport)
	if m.jsonReport() != "" {
		e.standard = "it is a machine-readable delivery report"
	}
	local, _, _ := strings.Cut(m.From.Address, "@")
	if m.From.Address == "" {
		local = m.From.Name
	}
	path := strings.Trim(m.header.Get("return-path"), "<> ")
	pathLocal, _, _ := strings.Cut(path, "@")
	e.robot = robotLocal.MatchString(local) || robotName.MatchString(m.From.Name) || strings.EqualFold(pathLocal, "mailer-daemon") || pathLocal == "double-bounce"
	e.daemon = e.robot || daemonLocal.MatchString(local) || daemonName.MatchString(m.From.Name) ||
		strings.HasSuffix(strings.ToLower(local), "-admin") && m.list(self) != ""
	e.noReply = noReply.MatchString(local)
	e.subject = bounceSubject.MatchString(m.Subject)
	e.automatic = m.AutoSubmitted != "" && m.AutoSubmitted != "no"
	e.forwarded = passedOn.MatchString(m.Subject)
	if !e.daemon && !e.nullSender && !e.subject {
		return e // no text alone makes a report
	}
	for _, p := range bouncePhrases {
		if p.MatchString(text) {
			e.phrases++
		}
	}
	e.code = smtpCode.MatchString(text)
	e.original = e.original || copied.MatchString(text)
	return e
}

// jsonReport is what a report in JSON is about, or "".
func (m *Message) jsonReport() string {
	if m.header.Has("x-amz-sns-message-id") {
		if r := jsonReport.FindStringSubmatch(first(m.Text, maxReport)); r != nil {
			return r[1]
		}
	}
	return ""
}

// bounce weighs the evidence and gives the reason when it is enough.
func (e evidence) bounce() string {
	machine := e.daemon && !e.forwarded || e.robot || e.nullSender && (e.automatic || !e.forwarded)
	if e.standard != "" && (machine || e.automatic || !e.forwarded) {
		return e.standard
	}
	points := e.phrases
	if e.code {
		points++
	}
	if e.original {
		points++
	}
	switch {
	case e.robot && e.subject, e.daemon && (e.subject && points >= 1 || points >= 2):
		return "a mail server reports on a mail"
	case e.forwarded && !machine:
		return ""
	case e.nullSender && (e.subject && points >= 1 || points >= 3):
		return "it has no sender and speaks of a mail that did not arrive"
	case e.subject && points >= 3 && (e.noReply || e.automatic || e.original):
		return "it has the words of a delivery report"
	}
	return ""
}

// maxEmbedded is how many attached mails and files that might be mails are looked into, embeddedHeader how far.
const (
	maxEmbedded    = 10
	embeddedHeader = 64 << 10
)

// embedded reads the headers of the attached mails: in a report that is the mail it reports on. Some servers attach it as
// a text.
func (m *Message) embedded() []mime.Header {
	var out []mime.Header
	for i, n := 0, 0; i < len(m.Attachments) && n < maxEmbedded; i++ {
		sure := false
		switch m.Attachments[i].Type {
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/partial":
			sure = true
		case "text/plain", "text/rfc822", "application/octet-stream":
		default:
			continue
		}
		n++
		data := m.Attachments[i].Data
		data = bytes.TrimLeft(data[:min(len(data), embeddedHeader)], "\r\n")
		h, _ := mime.ReadHeader(data, mime.NewBudget(Limits{Headers: 200}))
		if sure || h.Has("message-id") && h.Has("from") && (h.Has("received") || h.Has("to") || h.Has("date")) {
			out = append(out, h)
		}
	}
	return out
}

// status is the machine-readable part of a delivery report, or nil.
func (m *Message) status() *Attachment {
	for i := range m.Attachments {
		if t := m.Attachments[i].Type; t == "message/delivery-status" || t == "message/global-delivery-status" {
			return &m.Attachments[i]
		}
	}
	return nil
}
