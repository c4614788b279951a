// Package serve is the HTTP of the pages without their business: writing a page, reading a form, serving assets and downloads,
// the headers of every answer, and which address may be gone on to.
package serve
