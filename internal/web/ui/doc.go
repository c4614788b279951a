// Package ui holds the parts every page is built from: page shells, the pair
// of clocks, the turn ribbon, messages, form fields, chips and buttons. It is,
// with its sub-package staff, the only home of CSS classes; pages compose
// these parts and never name a class.
//
// What may be shown to a customer is decided by type. PublicMessage and
// PublicEvent live here; the internal note lives in ui/staff, which the
// customer's pages do not import, so there is no value of that type a
// customer's page could be handed.
//
// Parts take plain view models. Times are time.Time; a Reader carries the
// instant the page was made and the zone of the person who reads it, and its
// methods are the only place where instants and spans become words.
//
// Pages work without JavaScript. The small script adds a theme switch and the
// keyboard shortcut that sends a form.
package ui
