package prose

import (
	"regexp"
	"strings"
)

// wroteWords end the line that announces a quotation: "On Monday somebody wrote:".
var wroteWords = words(`wrote|writes|schrieb|schreibt|a écrit|écrit|ha scritto|scrive|escribió|escribio|escribe|escreveu|schreef|
geschreven|skrev|skriver|kirjoitti|napisał|napisała|napisał\(a\)|napsal|napsala|napsal\(a\)|napísal|napísala|napísal\(a\)|написал|
написала|написал\(а\)|пишет|пише|написав|написала|написа|је написао|je napisao|je napisala|je napisao/la|írta|írta a következőt|
a scris|έγραψε|yazdı|şunu yazdı|menulis|đã viết|viết|写道|寫道|写到|のメール|さんは書きました|作成|작성|썼습니다|님이 작성|كتب|כתב|hat geschrieben|
het volgende geschreven`)

// introWords start such a line, or a weekday or number does.
var introWords = regexp.MustCompile(`^(?i:on|am|at|le|el|il|op|em|den|de|dnia|dne|dňa|w dniu|på|pe|kl\.?|pada|vào|στις|в|у|на|a|` +
	`mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)` +
	`[\s,.]|^(?:在|于|於)|^\p{L}{1,14},? \d{1,2}\b|^\d{1,4}[-./年 ]`)

var (
	dateLike = regexp.MustCompile(`\b(19|20)\d\d\b|\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d年`)
	mailLike = regexp.MustCompile(`[^\s<>"@]@[^\s<>"@]`)
	// stamp is the line some clients write without any verb.
	stamp = regexp.MustCompile(`^(19|20)\d\d[-./]\d{1,2}[-./]\d{1,2},? (at )?\d{1,2}:\d{2}(:\d{2})? ?(([AaPp]\.?[Mm]\.?)|GMT[+-]\d\d:\d\d|[+-]\d{4})?[ ,].{1,120}$`)
	// signed ends such a line: an address and a colon.
	signed = regexp.MustCompile(`[>)] ?[:：]\s*$`)
	// rule is a line that only draws.
	rule = regexp.MustCompile(`^[\s\-_=*~—–━]{3,}$`)
	// titled is "-----Original Message-----": marks, words, marks.
	titled = regexp.MustCompile(`^[\s*_>]*[-_=*—]{2,}\s*(\S.{2,80}?)\s*[-_=*—]{2,}[\s*_]*$`)
)

// titles are the words of such a line.
var titles = words(`original message|original appointment|original e-mail|reply message|forwarded message|forwarded by|forward message|
ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|original nachricht|message d'origine|message d’origine|
message original|message initial|message transféré|message suivi|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|
messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|videresendt meddelelse|
oprindelig besked|ursprungligt meddelande|ursprungsmeddelande|vidarebefordrat meddelande|opprinnelig melding|videresendt melding|
alkuperäinen viesti|edelleenlähetetty viesti|původní zpráva|původní e-mail|přeposlaná zpráva|pôvodná správa|oryginalna wiadomość|
wiadomość oryginalna|wiadomość przekazana|исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|
оригінальне повідомлення|переслане повідомлення|eredeti üzenet|továbbított üzenet|mesaj original|mesaj redirecționat|özgün ileti|orijinal mesaj|
iletilen mesaj|αρχικό μήνυμα|原始邮件|原始郵件|转发邮件|轉寄郵件|转发的邮件|元のメッセージ|転送メッセージ|オリジナルメッセージ|원본 메시지|원본 메일|전달된 메시지`)

// bare are such lines without marks.
var bare = words(`begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message transféré :|début du message réexpédié :|
inicio del mensaje reenviado:|inizio messaggio inoltrato:|begin doorgestuurd bericht:|início da mensagem encaminhada:|
vidarebefordrat brev:|start på videresendt besked:|начало переадресованного сообщения:|以下是转发的邮件:|下記は転送されたメッセージ`)

// The keys of a header that was copied into the text, by what they say.
const (
	keyFrom = 1 << iota
	keyDate
	keyTo
	keySubject
)

var headerKeys = func() map[string]int {
	m := map[string]int{}
	for kind, list := range map[int]string{
		keyFrom: `from|von|de|da|van|od|från|fra|от|от кого|від|відправник|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|kimden|gönderen|lähettäjä|
feladó|expéditeur|remitente|mittente|afzender|avsändare|expeditor|de la|από|dari|absender|出件人`,
		keyDate: `sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|fecha|inviato|inviato il|data|
verzonden|wysłano|wysłane|odesláno|odoslané|skickat|sendt|dato|дата|отправлено|надіслано|发送时间|发送日期|日期|寄件日期|送信日時|日時|날짜|보낸 날짜|
lähetetty|gönderildi|tarih|elküldve|dátum|trimis|trimisă|ημερομηνία|estált|received|päiväys`,
		keyTo: `to|an|à|a|para|aan|do|komu|till|til|кому|кому:|收件人|收件者|宛先|받는 사람|받는사람|kime|vastaanottaja|címzett|către|προς|cc|kopie|copie|
copia|kopia|копия|抄送|destinataire|destinatario|reply-to|antwort an|répondre à|risposta|responder a|kepada`,
		keySubject: `subject|betreff|objet|asunto|oggetto|onderwerp|temat|předmět|predmet|ämne|emne|тема|主题|主題|主旨|件名|제목|konu|aihe|tárgy|
subiect|assunto|θέμα|re|perihal`,
	} {
		for _, k := range words(list) {
			m[k] = kind
		}
	}
	return m
}()

// footers are lines that phones and programs add under what was written.
var footers = regexp.MustCompile(`(?i)^(sent from (my|mail|outlook|yahoo|samsung|proton)|get outlook for|sent via |sent with |von meinem .{2,40} gesendet|` +
	`gesendet (von|mit|über) .{2,40}$|diese nachricht wurde von meinem|envoyé (de|depuis) mon|envoyé à partir|enviado (desde|do|a partir|de) m|inviato da[l ]|` +
	`verzonden (vanaf|met|via) |verstuurd vanaf|skickat från |sendt fra |lähetetty |wysłane z |odesláno z |отправлено (с|из) |надіслано з |` +
	`发自我的|從我的|iphoneから送信|나의 .{2,20}에서 보냄|outlook for (ios|android)|yahoo mail (on|for) android)`)

// footerStarts are how those lines start: most lines of a text do not.
var footerStarts = words(`sent |get outlook|von meinem|gesendet|diese nachricht|envoyé|enviado|inviato|verzonden|verstuurd|skickat|sendt|lähetetty|wysłane|
odesláno|отправлено|надіслано|发自|從我|iphone|나의|outlook for|yahoo mail`)

func words(list string) []string {
	var out []string
	for w := range strings.SplitSeq(strings.ReplaceAll(list, "\n", ""), "|") {
		if w = strings.ReplaceAll(w, `\`, ""); w != "" {
			out = append(out, w)
		}
	}
	return out
}
