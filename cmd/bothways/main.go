// Command bothways is the service desk whose agreements bind both sides. See `bothways help`.
package main

import (
	"os"

	"bothways/internal/cli"
)

func main() {
	os.Exit(cli.Main(cli.Env{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}))
}
