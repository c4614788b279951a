package asset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
)

// Names of the files served below Prefix.
const (
	Style  = "bothways.css"
	Script = "app.js"
	Icons  = "icons.svg"
	Icon   = "icon.svg"
	Font   = "inter-latin.woff2"
	// FontLicence is the licence the font is shipped under; it must stay reachable.
	FontLicence = "OFL-Inter.txt"
	// Morph takes a new version of a part of the page over into the old one; it is idiomorph, under MorphLicence.
	Morph        = "idiomorph.js"
	MorphLicence = "idiomorph-LICENSE.txt"
	Live         = "live.js" // needs Morph
	Composer     = "composer.js"
	Keys         = "keys.js"
	Palette      = "palette.js" // needs Keys
	Queue        = "queue.js"
	// Next are speculation rules: the browser fetches the page of the link that keys.js marks, when it sees fit.
	Next = "next.json"
)

// Prefix is the path under which the files are served.
const Prefix = "/web/"

// Policy is the Content-Security-Policy that every page is sent with. Pages
// are written for it: no inline script, no inline style, no style attribute,
// no data: address.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

//go:embed bothways.css *.js icons.svg icon.svg next.json inter-latin.woff2 OFL-Inter.txt idiomorph-LICENSE.txt
var files embed.FS

// urls is filled once, before any page is rendered, and only read afterwards.
var urls = addresses()

// FS returns the files for a static file handler.
func FS() fs.FS { return files }

// URL returns the address of a file, with a digest of its content as the query
// so that it may be cached for good. An unknown name gives the plain path,
// which the file handler then answers with 404.
func URL(name string) string {
	if u, ok := urls[name]; ok {
		return u
	}
	return Prefix + name
}

// ContentType returns the media type of a file by its name. It is fixed here
// because the system's table of types differs between machines and a wrong
// type is refused under nosniff.
func ContentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/speculationrules+json"
	case ".woff2":
		return "font/woff2"
	default:
		return "text/plain; charset=utf-8"
	}
}

func addresses() map[string]string {
	out := map[string]string{}
	entries, _ := files.ReadDir(".") // embedded: cannot fail
	for _, e := range entries {
		name := e.Name()
		b, err := files.ReadFile(name)
		if err != nil {
			continue // cannot happen: the name is of an embedded file
		}
		sum := sha256.Sum256(b)
		out[name] = Prefix + name + "?v=" + hex.EncodeToString(sum[:5])
	}
	return out
}
