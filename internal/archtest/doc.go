// Package archtest holds tests about the repository itself: which package may import which, how large a thing may grow,
// where SQL, clocks and random numbers may stand, and whether the documents still tell the truth.
//
// It owns no table and nothing imports it. A finding always reads "file:line: rule: what is wrong. The way out". Limits
// are a ratchet: what exceeds a soft one stands in testdata/exceptions.txt with its reason and the size it may not pass,
// and a line there that is no longer needed is itself a finding, so the list can only be as long as it has to be.
//
// `go test ./internal/archtest -update` redraws what is generated: the tier picture of docs/architecture.md and the
// tests' column of docs/attacks.md.
package archtest
