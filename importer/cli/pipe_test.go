package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// deaf is the program with both outputs going where nobody reads.
func deaf(t *testing.T, env []string, want int, args ...string) {
	t.Helper()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	defer out.Close()
	p := &process{Cmd: exec.Command("attio-import", args...), t: t}
	p.Env, p.Stdout, p.Stderr = env, out, out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.exits(want)
}

// A reader who goes away, as in "attio-import run x.csv 2>&1 | head -2", stops
// nothing and changes no exit code.
func TestNobodyReads(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{{"--progress", "never"}, {"--progress", "always"}, {"--json"}, {"--log-format", "json"}} {
		t.Run(flags[0]+flags[len(flags)-1], func(t *testing.T) {
			t.Parallel()
			const rows = 50
			sheet, runs := writeSheet(t, rows), filepath.Join(t.TempDir(), "runs")
			env := serve(t, "--empty", "--write-rate", "0", "--read-rate", "0")
			begin := append([]string{"run", sheet, "--runs-dir", runs, "--limit", "20", "--write-rate", "0"}, flags...)
			deaf(t, env, exitOK, begin...)
			deaf(t, env, exitOK, append([]string{"resume", "--runs-dir", runs, "--write-rate", "0"}, flags...)...)
			dir := onlyRun(t, runs)
			agrees(t, env, dir, rows)
			deaf(t, env, exitOK, append([]string{"report", dir}, flags...)...)
			deaf(t, env, exitOK, "runs", "--runs-dir", runs)
			deaf(t, env, exitOK, "runs", "--runs-dir", runs, "--json")
			deaf(t, env, exitOK, "schema")
			deaf(t, env, exitOK, "schema", "workspaces", "--json")
			deaf(t, env, exitOK, "run", "--help")
			deaf(t, env, exitUsage, "runs", "too", "many")
			deaf(t, env, exitRowsFailed, append([]string{"plan", "samples/workspaces.csv", "--runs-dir", runs}, flags...)...)
		})
	}
}
