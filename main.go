// Command attio-import brings spreadsheets into the Attio CRM.
package main

import (
	"context"
	"io"
	"log"
	"os"

	"attio-import/importer/cli"
)

func main() {
	log.SetOutput(io.Discard) // net/http writes there what a server sends unasked: its bytes do not belong on a terminal
	ctx := cli.UntilSignal(context.Background())
	os.Exit(cli.Main(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
