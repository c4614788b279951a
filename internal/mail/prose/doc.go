// Package prose turns what mail programs send into what a person wrote: HTML to plain text, flowed text to paragraphs,
// and a reply without the history it quotes and without its signature.
//
// Pure, linear in its input, owns no table. The words that announce a quotation are those of mail programs in many
// languages (trim_words.go); no rule knows a single sender. Sources: RFC 3676 (flowed), the habits of Outlook, Gmail,
// Apple Mail, Thunderbird, mobile clients and webmailers.
package prose
