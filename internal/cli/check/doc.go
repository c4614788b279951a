// Package check looks at a whole installation: whether it is well ([Doctor]) and whether its record is whole ([Verify]). It reads
// through the services like everybody else, changes nothing and trusts nothing that is cached.
//
// It owns no tables. Who may call: cli.
package check
