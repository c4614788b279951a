// Package area is what a group of pages is to the server: its routes, what a request brings them, and how a form comes back.
// A group (administration, search, …) lives in a package of its own with its handlers and its templates, and gives its routes
// to package web, which lets readers in, draws the frame and tells what went wrong. Groups do not know each other.
//
// A handler keeps the rules of package web: it decodes, calls a service, fills a view model and renders it.
package area
