package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A retry that is killed is gone on with by resume, with the corrected rows as
// they were given, whatever has become of the file since.
func TestKilledRetry(t *testing.T) {
	t.Parallel()
	const rows, wrong = 120, 100
	dir, text := t.TempDir(), "ID,Seats\n"
	sheet, runs := filepath.Join(dir, "ws.csv"), filepath.Join(dir, "runs")
	for i := range rows {
		seats := "5"
		if i < wrong {
			seats = "five"
		}
		text += fmt.Sprintf("w%d,%s\n", i, seats)
	}
	writeFile(t, sheet, text)
	writeFile(t, filepath.Join(dir, "ws.yaml"), "version: 1\nobject: workspaces\nmode: create\nvalues: {workspace_id: ID, seats: Seats}\n")
	env := serve(t, "--empty", "--latency", "100ms", "--write-rate", "0")
	first := program(t, env, "run", sheet, "--runs-dir", runs, "--write-rate", "0")
	first.exits(exitRowsFailed)
	run := onlyRun(t, runs)
	rejects, err := os.ReadFile(filepath.Join(run, "rejects.csv"))
	if err != nil {
		t.Fatal(err)
	}
	corrected := filepath.Join(dir, "corrected.csv")
	writeFile(t, corrected, strings.ReplaceAll(string(rejects), ",five,", ",5,"))

	retry := program(t, env, "retry", run, corrected, "--quiet-time", "300ms")
	retry.awaitRecords(env, rows-wrong+20)
	if err := retry.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = retry.Wait()
	if err := os.Remove(corrected); err != nil {
		t.Fatal(err)
	}
	again := program(t, env, "retry", run)
	again.exits(exitUsage)
	again.says("is not through", "resume first: attio-import resume ")
	resumed := program(t, env, "resume", "--runs-dir", runs, "--quiet-time", "300ms", "--write-rate", "0")
	resumed.exits(exitOK)
	agrees(t, env, run, rows)
}

// Decisions that are cut off are carried out to the end, none of them twice: a row without a
// key whose answer was under way is unknown once more, and not sent again.
func TestKilledDecisions(t *testing.T) {
	t.Parallel()
	const rows = 60
	dir := t.TempDir()
	sheet, runs := filepath.Join(dir, "notes.csv"), filepath.Join(dir, "runs")
	writeFile(t, sheet, "Name\n"+strings.Repeat("One of many\n", rows))
	writeFile(t, filepath.Join(dir, "notes.yaml"), "version: 1\nobject: companies\nmode: create\nvalues: {name: Name}\n")
	env := serve(t, "--empty", "--latency", "100ms", "--write-rate", "0", "--fault", "reset-after=0.4", "--fault-seed", "2")
	first := program(t, env, "run", sheet, "--runs-dir", runs, "--write-rate", "0")
	first.exits(exitRowsFailed)
	run := onlyRun(t, runs)
	rendersAlike(t, env, run)
	endFaults(t, env)
	before := heldRecords(t, env, "companies")
	unknown, err := os.ReadFile(filepath.Join(run, "unknown.csv"))
	if err != nil {
		t.Fatal(err)
	}
	decided := filepath.Join(dir, "decided.csv")
	send := strings.Count(string(unknown), "answer_lost")
	writeFile(t, decided, strings.ReplaceAll(string(unknown), ",\n", ",send\n"))

	decide := program(t, env, "resume", run, "--decide", decided, "--write-rate", "20", "--quiet-time", "100ms")
	decide.awaitHeld(env, "companies", before+3)
	if err := decide.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = decide.Wait()
	resumed := program(t, env, "resume", run, "--write-rate", "0")
	_ = resumed.Wait()
	created, unknownStill := map[string]bool{}, 0
	for _, line := range readTable(t, filepath.Join(run, "report.csv")) {
		switch line["action"] {
		case "created":
			created[line["record_id"]] = true
		case "unknown":
			unknownStill++
		default:
			t.Errorf("row %s is %s (%s)", line["row"], line["action"], line["message"])
		}
	}
	if len(created)+unknownStill != rows {
		t.Errorf("%d rows became records of their own, %d are unknown, of %d", len(created), unknownStill, rows)
	}
	// Each row that was to be sent was sent once, those under way at the kill included.
	if held := heldRecords(t, env, "companies"); held > before+send || held < before+send-unknownStill {
		t.Errorf("%d records, and %d before %d rows were sent, of which %d are unknown", held, before, send, unknownStill)
	}
}

// endFaults ends the faults of a sandbox.
func endFaults(t *testing.T, env []string) {
	t.Helper()
	base, _ := strings.CutPrefix(env[len(env)-2], "ATTIO_BASE_URL=")
	req, err := http.NewRequest(http.MethodDelete, base+"/_sandbox/faults", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}
