// Package web is the pages: sign-in, the staff's workspace below /desk, the customers' portal at / and /requests, and in the
// demo the inbox of the mail it would have sent and the gallery of every part.
//
// A handler decodes, calls a service, fills a view model and renders it; it decides nothing about rights, turns or times. What
// it may not show it is never handed: portal pages take public types only, and a test searches every page and file a
// customer can reach for the words of notes.
//
// Rules every route keeps (routes.go lists them, testdata/routes.golden is the reviewed list):
//   - GET and HEAD change nothing. What changes something is a POST that answers 303, checked by http.CrossOriginProtection.
//   - What is not the reader's answers as what does not exist: 404, the same bytes. Without a session a page leads to
//     /sign-in and back.
//   - A form that can't be taken comes back with what was typed and what is wrong with it; a ticket that changed meanwhile
//     comes back with what changed.
//   - Links are made from paths alone, never from the Host header.
//   - Every answer carries the content security policy of package asset; pages are never stored, assets for a year.
package web
