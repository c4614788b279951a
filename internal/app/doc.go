// Package app wires the parts together and runs them: New opens the database and brings it up to date, Start listens and works,
// Stop ends everything in the reverse order. Stories and tests run the same app with a fake clock and without listeners.
package app
