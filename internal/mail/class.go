package mail

import (
	"regexp"
	"strings"
	"time"

	"bothways/internal/mail/field"
)

// Class says what kind of mail it is.
type Class string

// The classes. Only person, and list when the desk is a member of that list, may be answered automatically or move a turn.
const (
	ClassPerson    Class = "person"
	ClassAutoReply Class = "auto-reply" // written by a machine: out of office, receipts, notifications
	ClassBounce    Class = "bounce"     // a report on a mail that was sent: failed, delayed, delivered
	ClassComplaint Class = "complaint"  // an abuse report (RFC 5965), or a wish to be left alone
	ClassList      Class = "list"       // a mailing list or bulk mail
	ClassLoop      Class = "loop"       // our own mail come back
)

// Self is what a desk knows about itself when it reads a mail.
type Self struct {
	LoopID     string   // what our mails carry in LoopHeader; empty: any such header is ours
	Addresses  []string // our own addresses, plus-addresses and tokens left out
	NullSender bool     // the envelope had no sender
}

// Verdict is the class of a mail and why.
type Verdict struct {
	Class   Class
	Reasons []string // in words, for the history of the message
	Bounce  *Bounce  // for ClassBounce
	Away    *Away    // for ClassAutoReply when it says until when
}

// Away is what an out-of-office reply says.
type Away struct {
	Until time.Time // the last day named, 00:00 UTC; zero when no date was understood
}

// Classify says what kind of mail it is. It errs towards person where nothing but the words of a text speaks for a machine,
// and towards machine where a header does: an unread request is worse than an unanswered robot, and a loop is worse than
// both. Sources: RFC 3834, 3464, 5965, 8098, 2369, 2919, and the habits of servers that know none of them.
func (m *Message) Classify(self Self) Verdict {
	v := Verdict{}
	say := func(c Class, why string) Verdict {
		v.Class = c
		v.Reasons = append(v.Reasons, why)
		return v
	}
	if why := m.ours(self); why != "" {
		return say(ClassLoop, why)
	}
	if why := m.complaint(); why != "" {
		return say(ClassComplaint, why)
	}
	e := m.evidence(self)
	if why := e.bounce(); why != "" {
		v.Bounce = m.bounce()
		return say(ClassBounce, why)
	}
	if why := m.list(self); why != "" {
		return say(ClassList, why)
	}
	if why := m.automatic(e); why != "" {
		if away.MatchString(m.Subject) || away.MatchString(first(m.ReplyText, 2000)) {
			v.Away = &Away{Until: m.awayUntil()}
		}
		return say(ClassAutoReply, why)
	}
	return say(ClassPerson, "nothing says that a machine wrote it")
}

// ours finds our own mail come back (attacks.md row 79).
func (m *Message) ours(self Self) string {
	for _, id := range m.LoopIDs {
		if self.LoopID == "" || id == self.LoopID {
			return "it carries our own loop mark"
		}
	}
	if m.From.Address != "" && isOwn(self.Addresses, m.From.Address) {
		return "it comes from an address of the desk"
	}
	return ""
}

func isOwn(own []string, address string) bool {
	address = plain(address)
	for _, o := range own {
		if plain(o) == address {
			return true
		}
	}
	return false
}

// plain is an address in lower case without its "+tag".
func plain(a string) string {
	a = strings.ToLower(a)
	local, domain, ok := strings.Cut(a, "@")
	if !ok {
		return a
	}
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

var (
	abuseSubject = regexp.MustCompile(`(?i)^\s*(complaint about message from|abuse report|spam report|(e-?mail )?feedback (loop )?report|fbl report|\[?spam (complaint|notification)|report(ed)? (as )?(abuse|spam)\b)`)
	unsubscribe  = regexp.MustCompile(`(?i)^\s*((re|aw):\s*)?(unsubscribe|opt[- ]?out|abmelden|désabonnement|désinscription|remove me)\s*(request)?\s*$`)
	jsonReport   = regexp.MustCompile(`\\?"(?:notificationType|eventType)\\?"\s*:\s*\\?"(Bounce|Complaint|Delivery|DeliveryDelay|Reject)\\?"`)
)

// complaint finds abuse reports: RFC 5965, the older kinds of large providers, and unsubscribe mails of mail programs.
func (m *Message) complaint() string {
	for i := range m.Attachments {
		if m.Attachments[i].Type == "message/feedback-report" {
			return "it has a feedback report (RFC 5965)"
		}
	}
	for _, h := range m.inner {
		if h.Has("x-hmxmroriginalrecipient") || h.Has("x-abuse-reference") {
			return "it is a junk mail report"
		}
	}
	root := m.tree.Root
	if root.Type == "multipart/report" && lower(root.Params["report-type"]) == "feedback-report" || m.header.Has("x-arf") {
		return "it is a feedback report (RFC 5965)"
	}
	if len(m.inner) > 0 && abuseSubject.MatchString(m.Subject) {
		return "its subject is that of an abuse report"
	}
	if unsubscribe.MatchString(m.Subject) && (m.AutoSubmitted != "" && m.AutoSubmitted != "no" || m.header.Has("x-apple-unsubscribe")) {
		return "a mail program asks to unsubscribe its reader"
	}
	if m.jsonReport() == "Complaint" {
		return "it is a machine-readable complaint"
	}
	return ""
}

// list finds mailing lists and bulk mail. A list whose address is one of ours is only the way the desk is reached.
func (m *Message) list(self Self) string {
	id := strings.ToLower(field.Angle(m.header.Get("list-id")))
	for _, own := range self.Addresses {
		if id != "" && strings.Replace(strings.ToLower(own), "@", ".", 1) == id {
			return ""
		}
		for _, f := range []string{"list-post", "mailing-list", "x-mailing-list"} {
			if v := strings.ToLower(m.header.Get(f)); v != "" && strings.Contains(v, strings.ToLower(own)) {
				return ""
			}
		}
	}
	for _, f := range []string{"list-id", "list-post", "mailing-list", "x-mailing-list", "list-subscribe", "x-mailman-version", "x-ml-name", "x-mlserver"} {
		if m.header.Has(f) {
			return "it has the field " + f
		}
	}
	switch p := lower(m.header.Get("precedence")); p {
	case "list":
		return "its precedence is " + p
	case "bulk", "junk":
		if m.AutoSubmitted == "" && m.header.Has("list-unsubscribe") {
			return "its precedence is " + p
		}
	}
	if m.header.Has("list-unsubscribe") && (m.AutoSubmitted == "" || m.AutoSubmitted == "no") {
		return "it has the field list-unsubscribe"
	}
	return ""
}

// autoFields say that a machine answered, by being there.
var autoFields = []string{
	"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply", "x-autogenerated", "x-auto-response",
	"x-vacation", "x-out-of-office", "x-apple-action", "x-cron-env", "x-facebook-notify", "x-auto-respond", "x-autosubmitted",
}

// autoSubjects start the subject of an automatic reply.
var autoSubjects = regexp.MustCompile(`(?i)^\s*(\[?(auto(matic|mated)?[- ]?(re(ply|sponse|spons|sponder)|answer|generated)|autoreply|autorespons\w*|auto:)|out[- ]of[- ](the[- ])?office|` +
	`(i am |i'm )?(currently )?(away|out of (the )?office|on (vacation|holiday|leave))\b.{0,40}$|vacation (reply|message|response)|on vacation|away from (my|the) (mail|desk|office)|` +
	`automatische (antwort|abwesenheits)|abwesenheits(notiz|meldung|nachricht|benachrichtigung|agent)|(ich bin )?(nicht im büro|abwesend|im urlaub)\b.{0,40}$|urlaubs(meldung|benachrichtigung)|autom\. antwort|` +
	`réponse automatique|absence du bureau|absent du bureau|respuesta automática|respuesta automatica|fuera de (la )?oficina|ausente de la oficina|` +
	`risposta automatica|fuori (sede|ufficio)|assente|resposta automática|ausência|fora do escritório|automatisch antwoord|automatische reactie|afwezig|` +
	`autosvar|automatisk svar|automatiskt svar|frånvaro|fravær|ikke på kontoret|automaattinen vastaus|poissa|automatyczna odpowiedź|odpowiedź automatyczna|nieobecność|` +
	`automatická odpověď|automatická odpoveď|mimo kancelář|автоматический ответ|автоответ|автоматична відповідь|automatikus válasz|răspuns automat|otomatik yanıt|` +
	`自动回复|自動回覆|自動返信|自動応答|不在(通知|のお知らせ)|자동 회신|자동 응답|부재중|αυτόματη απάντηση|(read|return receipt|lesebestätigung|gelesen|lu|leído|letto|прочтено|已读)\s*:)`)

// away finds the words of absence.
var away = regexp.MustCompile(`(?i)(out of (the )?office|on (annual |parental |sick |maternity )?(vacation|leave|holiday)|away (from|until|till)|be back|return(ing)? (on|to)|\bOOO\b|limited access|` +
	`nicht im büro|abwesen|urlaub|wieder (erreichbar|im büro|ab|am|zurück)|absen(t|ce)|congé|vacances|fuera de|vacaciones|fuori|ferie|assente|afwezig|vakantie|frånvar|semester|ferie|urlop|nieobecn|dovolen|отпуск|отсутств|不在|休暇|休假|外出)`)

// automatic finds what a machine wrote to us.
func (m *Message) automatic(e evidence) string {
	if a := m.AutoSubmitted; a != "" && a != "no" {
		return "it says Auto-Submitted: " + first(a, 40)
	}
	if m.tree.Root.Type == "multipart/report" {
		return "it is a receipt (RFC 8098)"
	}
	for _, f := range autoFields {
		if v := lower(m.header.Get(f)); m.header.Has(f) && v != "no" && v != "none" && v != "false" {
			return "it has the field " + f
		}
	}
	if v := lower(m.header.Get("x-auto-response-suppress")); v != "" && v != "none" {
		return "it asks not to be answered by machines"
	}
	switch p := lower(m.header.Get("precedence")); p {
	case "auto_reply", "auto-reply", "bulk", "junk":
		return "its precedence is " + p
	}
	if autoSubjects.MatchString(m.Subject) {
		return "its subject is that of an automatic reply"
	}
	if e.nullSender {
		return "it has no sender that could be answered"
	}
	if e.robot {
		return "its sender is a machine"
	}
	return ""
}

func first(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}
