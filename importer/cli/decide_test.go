package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attio-import/importer/journal"
)

// Decisions that are on record when the record which one of them names goes away
// must not leave a run that no command can end: the row stays unknown.
func TestDecisionsWhoseRecordIsGone(t *testing.T) {
	t.Parallel()
	const gone = "11111111-1111-4111-8111-111111111111"
	dir := t.TempDir()
	sheet, runs := filepath.Join(dir, "notes.csv"), filepath.Join(dir, "runs")
	writeFile(t, sheet, "Name\n"+strings.Repeat("One of many\n", 10))
	writeFile(t, filepath.Join(dir, "notes.yaml"), "version: 1\nobject: companies\nmode: create\nvalues: {name: Name}\n")
	env := serve(t, "--empty", "--write-rate", "0", "--fault", "reset-after=0.4", "--fault-seed", "2")
	first := program(t, env, "run", sheet, "--runs-dir", runs, "--write-rate", "0")
	first.exits(exitRowsFailed)
	run := onlyRun(t, runs)
	beginDecisions(t, run, "created "+gone)

	resumed := program(t, env, "resume", run, "--write-rate", "0")
	resumed.exits(exitRowsFailed)
	table := readTable(t, filepath.Join(run, "problems.csv"))
	told := 0
	for _, line := range table {
		if strings.Contains(line["message"], "companies has no record "+gone) {
			told++
		}
	}
	unknown := 0
	for _, line := range readTable(t, filepath.Join(run, "report.csv")) {
		if line["action"] == "unknown" {
			unknown++
		}
	}
	if unknown == 0 || told != 1 {
		t.Errorf("%d rows are unknown, and the record that is gone is told %d times", unknown, told)
	}
	again := program(t, env, "resume", run)
	again.exits(exitRowsFailed)
	again.says("nothing to resume")
}

// Rows that are sent again wait until their first request has had the time to arrive;
// an interrupt ends the wait, and nothing is done then.
func TestDecisionsWait(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sheet, runs := filepath.Join(dir, "notes.csv"), filepath.Join(dir, "runs")
	writeFile(t, sheet, "Name\n"+strings.Repeat("One of many\n", 10))
	writeFile(t, filepath.Join(dir, "notes.yaml"), "version: 1\nobject: companies\nmode: create\nvalues: {name: Name}\n")
	env := serve(t, "--empty", "--write-rate", "0", "--fault", "reset-after=0.4", "--fault-seed", "2")
	first := program(t, env, "run", sheet, "--runs-dir", runs, "--write-rate", "0")
	first.exits(exitRowsFailed)
	endFaults(t, env)
	run, before := onlyRun(t, runs), heldRecords(t, env, "companies")
	unknown, err := os.ReadFile(filepath.Join(run, "unknown.csv"))
	if err != nil {
		t.Fatal(err)
	}
	decided := filepath.Join(dir, "decided.csv")
	writeFile(t, decided, strings.ReplaceAll(string(unknown), ",\n", ",send\n"))

	decide := program(t, env, "resume", run, "--decide", decided)
	decide.awaitText("before sending rows again whose first request may still be on its way")
	if err := decide.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	decide.exits(exitInterrupted)
	decide.says("nothing was done; give the same command once more")
	if held := heldRecords(t, env, "companies"); held != before || onDisk(filepath.Join(run, "decide-1.csv")) {
		t.Errorf("%d records, and %d before", held, before)
	}
	again := program(t, env, "resume", run, "--decide", decided, "--quiet-time", "100ms")
	again.exits(exitOK)
}

// beginDecisions puts a generation on record that decides about the first
// unknown row, and leaves it as a kill would right after.
func beginDecisions(t *testing.T, run, word string) {
	t.Helper()
	unknown, err := os.ReadFile(filepath.Join(run, "unknown.csv"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(run, "decide-1.csv"), strings.Replace(string(unknown), ",\n", ","+word+"\n", 1))
	// The first line end that follows a comma is that of the first row: the header ends in a name.
	root, err := os.OpenRoot(run)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	j, _, err := journal.Open(root, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := journal.Generation{Number: 1, Kind: kindDecide, Source: journal.Source{Name: "decided.csv", Path: "decide-1.csv", Fingerprint: "sha256:0"}}
	if err := j.Begin(context.Background(), g); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}
