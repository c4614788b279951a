// Package staff holds the parts only staff pages are built from: the
// workspace shell, queue rows, the internal note and the two composer forms.
//
// The internal note is a type of this package. The customer's pages do not
// import it (a test reads their imports), so no value of it can reach them:
// keeping notes from customers does not rest on anybody's care.
//
// Reply and note are two forms with two texts. They differ in shape, words
// and button, and neither can carry the other's text, because a note that was
// typed into a reply is the mistake other desks make most.
package staff
