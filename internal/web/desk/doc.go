// Package desk holds the staff pages: the queue by whose turn it is, one
// ticket, and the form for a new one. Each page is a view model and a
// template; the handlers fill the model from the services and render it.
//
// A page shows only what its model carries: an empty part is left out, never
// filled with an example. Every action is a plain form that posts to the
// address in the model, and a page that comes back after an error carries what
// was typed.
package desk
