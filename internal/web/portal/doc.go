// Package portal holds the customer's pages: home, one request, and the form
// for a new one.
//
// Everything here is written to the customer ("you"; IT is "we") and takes
// public types only. The package does not import ui/staff, where the internal
// note lives; imports_test.go keeps it so.
package portal
