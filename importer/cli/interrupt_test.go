package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Ctrl-C, or SIGTERM: calls under way are finished, the report says which rows
// were reached, the sandbox holds exactly the records that it says were created, and
// resume brings the rest.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			const rows = 300
			sheet, runs := writeSheet(t, rows), filepath.Join(t.TempDir(), "runs")
			env := serve(t, "--empty", "--latency", "100ms", "--write-rate", "0")
			p := program(t, env, "run", sheet, "--runs-dir", runs)
			p.awaitRecords(env, 20)
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			p.exits(exitInterrupted)
			p.says("interrupted: finishing the calls under way", "next: attio-import resume ")
			dir := onlyRun(t, runs)
			rendersAlike(t, env, dir)
			agrees(t, env, dir, len(readTable(t, filepath.Join(dir, "report.csv"))))

			resumed := program(t, env, "resume", "--runs-dir", runs, "--write-rate", "0")
			resumed.exits(exitOK)
			agrees(t, env, dir, rows)
		})
	}
}

// A resume that is interrupted while it waits has done nothing yet, and can be
// resumed itself.
func TestInterruptWhileQuiet(t *testing.T) {
	t.Parallel()
	const rows = 100
	sheet, runs := writeSheet(t, rows), filepath.Join(t.TempDir(), "runs")
	env := serve(t, "--empty", "--latency", "100ms", "--write-rate", "0")
	p := program(t, env, "run", sheet, "--runs-dir", runs)
	p.awaitRecords(env, 20)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	quiet := program(t, env, "resume", "--runs-dir", runs, "--quiet-time", "1h")
	quiet.awaitText("waiting ")
	if err := quiet.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	quiet.exits(exitInterrupted)
	quiet.says("hint: go on with attio-import resume")
	resumed := program(t, env, "resume", "--runs-dir", runs, "--write-rate", "0", "--quiet-time", "100ms")
	resumed.exits(exitOK)
	resumed.says("by 2 processes")
	agrees(t, env, onlyRun(t, runs), rows)
}

// A producer that takes its time keeps nobody waiting who wants to end: nothing was
// read, so nothing is left. That standard input is waited for is said.
func TestInterruptWhileReading(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		t.Run(fmt.Sprintf("quiet=%t", quiet), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			runs, mapping := filepath.Join(dir, "runs"), filepath.Join(dir, "m.yaml")
			writeFile(t, mapping, "version: 1\nobject: workspaces\nmatch: workspace_id\nvalues: {workspace_id: ID}\n")
			p := &process{t: t, Cmd: exec.Command("attio-import", "run", "-", "--mapping", mapping, "--sandbox", "--runs-dir", runs, fmt.Sprintf("--quiet=%t", quiet))}
			p.Env, p.Stdout, p.Stderr = os.Environ(), &p.stdout, &p.stderr
			in, err := p.StdinPipe()
			if err == nil {
				err = p.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = in.Close(); _ = p.Process.Kill(); _ = p.Wait() })
			_, _ = in.Write([]byte("ID\nw1\n"))
			if quiet {
				time.Sleep(spoolPatience + 300*time.Millisecond)
			} else {
				p.awaitText("reading standard input")
			}
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.exits(exitInterrupted)
			if said := p.stderr.String(); quiet && said != "attio-import: interrupted\n" {
				t.Errorf("it says %q", said)
			}
			if left, err := listRuns(runs); err != nil || len(left) > 0 {
				t.Errorf("it leaves %v (%v)", left, err)
			}
		})
	}
}
