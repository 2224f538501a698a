package cli

import (
	"context"
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the program itself a command, so that scripts and benchmarks
// run it as a process without building it first; bareloop is what its speed is compared with.
func TestMain(m *testing.M) {
	testscript.Main(awayFromHome{m}, map[string]func(){
		"attio-import": func() {
			ctx := UntilSignal(context.Background())
			os.Exit(Main(ctx, os.Args[1:], IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
		"bareloop": bareLoop,
	})
}

// awayFromHome runs the tests with a place of their own for the locks of
// workspaces, which stand in the user's home otherwise.
type awayFromHome struct{ *testing.M }

func (a awayFromHome) Run() int {
	dir, err := os.MkdirTemp("", "attio-import-state")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv("XDG_STATE_HOME", dir); err != nil {
		panic(err)
	}
	// The tests wait for processes and servers more than they work; the command line has the last word.
	if err := flag.Set("test.parallel", strconv.Itoa(max(6, 2*runtime.GOMAXPROCS(0)))); err != nil {
		panic(err)
	}
	return a.M.Run()
}
