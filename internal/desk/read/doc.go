// Package read is the desk as its readers are let to see it: lists, one ticket, its conversation, its history and its ledger, each
// asked with somebody's rights. Package desk embeds its [Reader], so the edges call desk.Service for reading and writing alike.
//
// It writes nothing. What is not the actor's to read answers as what does not exist.
package read
