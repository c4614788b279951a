// Package palette is the workspace without a mouse: the list of shortcuts, and what the command menu finds on the server.
//
// Both are pages of their own (/desk/keys, /desk/palette?q=) that work without script. With it, asset keys.js presses the page's own
// buttons and palette.js shows the same findings over the page: neither can do anything the page can't.
package palette
