// Package chromium starts a headless Chromium for tests, and watches what pages do in it. It is the one place that knows how
// the browser is started, when its absence is an error, and how axe-core is run in a page.
package chromium
