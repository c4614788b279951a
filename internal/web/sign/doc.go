// Package sign holds the pages somebody meets without being signed in: the
// sign-in page, error pages and one-time notices.
//
// An error page never blames and is never a dead end: it says what is so, and
// where to go from here. A page that exists but is not the reader's looks the
// same as one that does not exist.
package sign
