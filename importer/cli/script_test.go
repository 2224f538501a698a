package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the readable specification of the command line, the files under
// testdata/script. Besides testscript's own commands they have
//
//	exits CODE command...   the command ends with that exit code
//	sandbox [flags]         starts the sandbox command; ATTIO_BASE_URL and ATTIO_API_KEY say where
//	api METHOD PATH [BODY]  sends a request to it; the answer is stdout
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   scriptExits,
			"sandbox": scriptSandbox,
			"api":     scriptAPI,
		},
	})
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exits: %v", err)
	}
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("exits: %v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// scriptSandbox runs the verb in this process, so that it ends with the script.
func scriptSandbox(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- Main(ctx, append([]string{"sandbox"}, args...), IO{In: strings.NewReader(""), Out: in, Err: os.Stderr})
		in.Close()
	}()
	ts.Defer(func() {
		cancel()
		if code := <-ended; code != exitOK {
			ts.Logf("the sandbox ended with %d", code)
		}
	})
	head := make([]byte, 0, 256)
	for bytes.Count(head, []byte("\n")) < 2 {
		n, err := out.Read(head[len(head):cap(head)])
		if err != nil {
			ts.Fatalf("the sandbox did not start: %v", err)
		}
		head = head[:len(head)+n]
	}
	for line := range strings.Lines(string(head)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		ts.Setenv(name, value)
	}
}

func scriptAPI(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: api METHOD PATH [BODY]")
	}
	req, err := http.NewRequest(args[0], ts.Getenv("ATTIO_BASE_URL")+args[1], strings.NewReader(strings.Join(args[2:], " ")))
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+ts.Getenv("ATTIO_API_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	_, err = io.Copy(ts.Stdout(), resp.Body)
	ts.Check(err)
}
