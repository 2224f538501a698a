// Command attio-import brings spreadsheets into the Attio CRM.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"attio-import/importer/cli"
)

func main() {
	log.SetOutput(io.Discard) // net/http writes there what a server sends unasked: its bytes do not belong on a terminal
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := cli.Main(ctx, os.Args[1:], cli.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	os.Exit(code)
}
