// Package inbox holds the demo's pages of the mail it would have sent: a list
// and one mail. The demo has no relay; what the desk writes can be read here
// as its receiver would.
package inbox
