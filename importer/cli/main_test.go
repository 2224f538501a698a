package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program itself a command, so that scripts and benchmarks
// run it as a process without building it first; bareloop is what its speed is compared with.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"attio-import": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			context.AfterFunc(ctx, stop)
			os.Exit(Main(ctx, os.Args[1:], IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
		"bareloop": bareLoop,
	})
}
