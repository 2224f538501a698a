package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilSignal gives a process the context that its signals end: Ctrl-C, SIGTERM,
// and a terminal that is closed, unless the process was told to outlive that
// (nohup). A second one ends the process at once. That somebody who reads the
// output goes away (SIGPIPE) ends nothing: a write would be cut in the middle.
func UntilSignal(ctx context.Context) context.Context {
	signal.Ignore(syscall.SIGPIPE)
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, signals...)
	context.AfterFunc(ctx, stop)
	return ctx
}
