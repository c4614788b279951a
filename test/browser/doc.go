// Package browser tries the whole program in a real browser: the real pages over the demo's company on a clock that stands
// still, in headless Chromium.
//
// It runs when BOTHWAYS_BROWSER is set, because it takes minutes; with CI=true a missing browser is an error. BOTHWAYS_AXE
// names axe.min.js (default: node_modules/axe-core/axe.min.js beside this file, put there by `npm ci`), BOTHWAYS_SHOTS a
// folder for pictures of every state that was looked at.
//
// Every tab of every test is watched: a dialog, an error of a script, a report of the content security policy or a request
// that leaves the origin fails the test in whose tab it happens. TestAttack… tests are named after the rows of the list of
// attacks.
package browser
