package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Ctrl-C: calls under way are finished, the report says which rows were
// reached, and the sandbox holds exactly the records that it says were created.
func TestInterrupt(t *testing.T) {
	sheet := writeSheet(t, 2_000)
	runs := filepath.Join(t.TempDir(), "runs")
	env := serve(t, "--empty", "--latency", "100ms")
	cmd := exec.Command("attio-import", "run", sheet, "--runs-dir", runs)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); heldRecords(t, env, "workspaces") < 20; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nothing is written: %s", stderr.String())
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Fatalf("exit code %d, want %d: %s", code, exitInterrupted, stderr.String())
	}
	if out := stdout.String(); !strings.Contains(out, "interrupted") || !strings.Contains(out, "next: say mode: upsert in ") {
		t.Errorf("the summary does not say how to go on:\n%s", out)
	}
	found, _ := filepath.Glob(filepath.Join(runs, "*", "report.csv"))
	if len(found) != 1 {
		t.Fatalf("reports: %v", found)
	}
	created := 0
	for _, line := range readTable(t, found[0]) {
		if line["action"] != "created" {
			t.Errorf("row %s is %s (%s)", line["row"], line["action"], line["code"])
		}
		created++
	}
	if held := heldRecords(t, env, "workspaces"); held != created {
		t.Errorf("the report says that %d records were created, the sandbox holds %d", created, held)
	}
}
