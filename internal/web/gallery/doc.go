// Package gallery shows every part in every state, with sample data that says
// so. The demo serves it, and the browser tests look at it: whoever changes a
// part sees here what the change does.
package gallery
