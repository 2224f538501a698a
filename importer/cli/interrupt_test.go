package cli

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
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
