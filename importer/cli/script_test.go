package cli

import (
	"bytes"
	"context"
	"encoding/json"
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
//	record OBJECT NAME      sets RECORD to the id of the record of that name
//	lastrun [RUNS]          sets RUN to the id of the latest run in a directory of runs, and DIR to its path
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
			"lastrun": scriptLastRun,
			"record":  scriptRecord,
		},
	})
}

func scriptLastRun(ts *testscript.TestScript, _ bool, args []string) {
	runs := append(args, ".attio-import/runs")[0]
	ids, err := listRuns(ts.MkAbs(runs))
	if err != nil || len(ids) == 0 {
		ts.Fatalf("no run in %s: %v", runs, err)
	}
	ts.Setenv("RUN", ids[len(ids)-1])
	ts.Setenv("DIR", runs+"/"+ids[len(ids)-1])
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

func scriptRecord(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: record OBJECT NAME")
	}
	body := askScript(ts, "POST", "/v2/objects/"+args[0]+"/records/query", `{"filter":{"name":"`+args[1]+`"}}`)
	var found struct {
		Data []struct {
			ID struct {
				RecordID string `json:"record_id"`
			}
		}
	}
	ts.Check(json.Unmarshal(body, &found))
	if len(found.Data) != 1 {
		ts.Fatalf("%d records are named %s", len(found.Data), args[1])
	}
	ts.Setenv("RECORD", found.Data[0].ID.RecordID)
}

func scriptAPI(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: api METHOD PATH [BODY]")
	}
	_, err := ts.Stdout().Write(askScript(ts, args[0], args[1], strings.Join(args[2:], " ")))
	ts.Check(err)
}

// askScript sends a request to the script's sandbox.
func askScript(ts *testscript.TestScript, method, path, body string) []byte {
	req, err := http.NewRequest(method, ts.Getenv("ATTIO_BASE_URL")+path, strings.NewReader(body))
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+ts.Getenv("ATTIO_API_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return answer
}
