// Package markup turns what people write into text for a page: Markdown from
// the desk and the API, plain text from mail.
//
// It is the one place that makes HTML out of what somebody wrote. HTML in the
// source is shown as the text it is; images of other servers are not loaded
// but become links; links say nofollow and tell the other side nothing. What
// the Markdown writer makes is sanitised once more against a short list of
// elements, so that a fault in either is not enough to let a script through.
package markup
