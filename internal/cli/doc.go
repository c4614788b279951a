// Package cli is the commands of the program: what an administrator types, and what scripts call.
//
// It owns no tables and decides nothing: each command reads its arguments, asks a service, and prints. Commands act as the
// system ("cli" in the record), because who can run the binary on its data can do everything already.
//
// A command succeeds with exit code 0, or says in one sentence on standard error what is wrong and what to do, with the exit code
// of its kind (errs.Kind.Exit). Results go to standard output, one a line, so that they can be piped. Flags and arguments may be
// mixed in any order, and every setting of package config is a flag of every command that opens the database.
//
// Who may call: cmd/bothways ([Main]) and stories, which run commands on the app they hold open ([Run]).
package cli
