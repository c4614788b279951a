// Package asset holds the files every page needs: one style sheet, one small
// script, the icon sprite, the site icon and the font with its licence.
//
// They are embedded, so the binary is the whole product, and each address
// carries a digest of the file's bytes, so that a browser may keep a file for
// a year and still gets the new one after an upgrade. All are self-hosted: the
// content security policy of the pages (Policy) allows no other origin, no
// inline script or style and no data: addresses.
//
// The font is Inter (Latin subset, variable weight) under the SIL Open Font
// License; OFL-Inter.txt is served beside it. Icons, style sheet and script
// are our own.
package asset
