package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attio-import/importer/report"
)

// process is the program as a process of its own.
type process struct {
	*exec.Cmd
	t              *testing.T
	stdout, stderr buffer
}

// buffer is a bytes.Buffer that can be read while the process writes.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func program(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command("attio-import", args...), t: t}
	p.Env, p.Stdout, p.Stderr = env, &p.stdout, &p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	return p
}

// exits waits for the end of the process and demands its exit code.
func (p *process) exits(want int) {
	p.t.Helper()
	_ = p.Wait()
	if code := p.ProcessState.ExitCode(); code != want {
		p.t.Fatalf("%s: exit code %d, want %d\n%s%s", strings.Join(p.Args[:2], " "), code, want, p.stdout.String(), p.stderr.String())
	}
}

// says demands a text in what the process has printed.
func (p *process) says(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.stdout.String()+p.stderr.String(), text) {
			p.t.Errorf("%s does not say %q:\n%s%s", strings.Join(p.Args[:2], " "), text, p.stdout.String(), p.stderr.String())
		}
	}
}

// awaitRecords waits until the sandbox holds so many workspaces.
func (p *process) awaitRecords(env []string, n int) {
	p.t.Helper()
	p.awaitHeld(env, "workspaces", n)
}

// awaitHeld waits until the sandbox holds so many records of an object.
func (p *process) awaitHeld(env []string, object string, n int) {
	p.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); heldRecords(p.t, env, object) < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("no %d records are written: %s", n, p.stderr.String())
		}
	}
}

// awaitText waits until the process has said something.
func (p *process) awaitText(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(p.stderr.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("it does not say %q: %s", text, p.stderr.String())
		}
	}
}

// onlyRun is the directory of the only run.
func onlyRun(t testing.TB, runs string) string {
	t.Helper()
	ids, err := listRuns(runs)
	if err != nil || len(ids) != 1 {
		t.Fatalf("runs: %v, %v", ids, err)
	}
	return filepath.Join(runs, ids[0])
}

// agrees demands that a report has a line for each row, all created, and that
// the sandbox holds exactly their records.
func agrees(t *testing.T, env []string, dir string, rows int) {
	t.Helper()
	records := map[string]bool{}
	lines := readTable(t, filepath.Join(dir, "report.csv"))
	for _, line := range lines {
		if line["action"] != "created" {
			t.Errorf("row %s is %s (%s)", line["row"], line["action"], line["message"])
		}
		records[line["record_id"]] = true
	}
	if len(lines) != rows || len(records) != rows {
		t.Errorf("the report has %d lines about %d records, want %d", len(lines), len(records), rows)
	}
	if held := heldRecords(t, env, "workspaces"); held != rows {
		t.Errorf("the sandbox holds %d records, want %d", held, rows)
	}
}

// rendersAlike demands that the reports written from the journal are those that
// the run itself has written, byte for byte.
func rendersAlike(t *testing.T, env []string, dir string) {
	t.Helper()
	files := []string{"report.csv", "problems.csv", "changes.csv", "rejects.csv", "unknown.csv", "summary.json"}
	own := map[string][]byte{}
	for _, name := range files {
		own[name], _ = os.ReadFile(filepath.Join(dir, name))
	}
	program(t, env, "report", dir, "--quiet").exits(exitOK)
	for _, name := range files {
		again, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(again, own[name]) {
			t.Errorf("%s is not what it was (%v); it was\n%s\nand is\n%s", name, err, own[name], again)
		}
	}
}

// The second of two imports is refused and told who is first: on the same run
// directory, and on the same object of the same workspace from another directory.
// A process that was killed blocks nobody.
func TestLocks(t *testing.T) {
	t.Parallel()
	sheet, dir := writeSheet(t, 200), t.TempDir()
	runs := filepath.Join(dir, "runs")
	env := serve(t, "--empty", "--latency", "100ms", "--write-rate", "0")
	first := program(t, env, "run", sheet, "--runs-dir", runs, "--max-outage", "1m")
	first.awaitRecords(env, 10)
	run := onlyRun(t, runs)
	id := filepath.Base(run)

	for _, args := range [][]string{
		{"resume", run}, {"retry", run}, {"report", run},
		{"run", sheet, "--runs-dir", filepath.Join(dir, "elsewhere")},
	} {
		second := program(t, env, args...)
		second.exits(exitLocked)
		second.says("run "+id+" holds the lock", "attio-import run "+sheet, "hint: wait until it has ended, or end it (process ")
	}
	if left, _ := listRuns(filepath.Join(dir, "elsewhere")); len(left) > 0 {
		t.Errorf("the refused run leaves %v", left)
	}
	plan := program(t, env, "plan", sheet, "--runs-dir", filepath.Join(dir, "elsewhere"))
	plan.exits(exitRowsFailed) // it writes nothing, so it may; what is there already it rejects
	list := program(t, env, "runs", "--runs-dir", runs)
	list.exits(exitOK)
	list.says("running, process ")

	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	resumed := program(t, env, "resume", run, "--quiet-time", "300ms", "--write-rate", "0")
	resumed.exits(exitOK)
	agrees(t, env, run, 200)
}

// Killed with SIGKILL again and again, the import ends as an undisturbed one
// would have.
func TestKilledAndResumed(t *testing.T) {
	t.Parallel()
	const rows = 240
	sheet, runs := writeSheet(t, rows), filepath.Join(t.TempDir(), "runs")
	env := serve(t, "--empty", "--latency", "60ms-120ms", "--write-rate", "0")
	p := program(t, env, "run", sheet, "--runs-dir", runs, "--quiet-time", "300ms")
	for _, n := range []int{20, 45, 80} {
		p.awaitRecords(env, n)
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait()
		list := program(t, env, "runs", "--runs-dir", runs)
		list.exits(exitOK)
		list.says("interrupted", "attio-import resume "+filepath.Base(onlyRun(t, runs)))
		p = program(t, env, "resume", "--runs-dir", runs, "--quiet-time", "300ms", "--write-rate", "60")
	}
	p.exits(exitOK)
	p.says("by 4 processes, of which 3 were cut off", "rows in at least ")
	summary, err := report.ReadSummary(onlyRun(t, runs))
	if err != nil || summary.Requests.Write < rows {
		t.Errorf("%d writes are told (%v), and there were %d at least", summary.Requests.Write, err, rows)
	}
	agrees(t, env, onlyRun(t, runs), rows)
}

// A run against the embedded sandbox is resumed against it, with its records,
// and without a word about it.
func TestEmbeddedSandboxIsResumed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runs := filepath.Join(dir, "runs")
	env := append(os.Environ(), "ATTIO_API_KEY=", "ATTIO_ACCESS_TOKEN=")
	p := program(t, env, "run", "--sandbox", "samples/workspaces.csv", "--runs-dir", runs, "--limit", "100", "--write-rate", "0", "--read-rate", "0")
	p.exits(exitRowsFailed)
	p.says("next: attio-import resume ")
	p = program(t, env, "resume", "--runs-dir", runs, "--write-rate", "0", "--read-rate", "0", "--json")
	p.exits(exitRowsFailed)
	var summary struct{ Counts map[string]int }
	if err := json.Unmarshal([]byte(p.stdout.String()), &summary); err != nil || summary.Counts["created"] != 185 || summary.Counts["invalid"] != 12 || summary.Counts["rejected"] != 3 {
		t.Errorf("%v: %v", summary.Counts, err)
	}
	p = program(t, env, "resume", "--runs-dir", runs, "--api-url", "http://127.0.0.1:1")
	p.exits(exitRowsFailed) // nothing to do, so nothing to compare
}

// A disk without room for the journal stops the run; what was sent by then is
// on record, and with room the run comes to its end.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell with ulimit")
	}
	const rows = 2_000
	sheet, runs := writeSheet(t, rows), filepath.Join(t.TempDir(), "runs")
	env := serve(t, "--empty", "--write-rate", "0", "--read-rate", "0")
	p := &process{t: t, Cmd: exec.Command("sh", "-c", `ulimit -f 200; exec attio-import run "$0" --runs-dir "$1" --write-rate 0 --read-rate 0 --workers 4`, sheet, runs)}
	p.Env, p.Stdout, p.Stderr = env, &p.stdout, &p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.exits(exitUnexpected)
	p.says("file too large", "hint: make room on the disk", "next: attio-import resume ")
	if held := heldRecords(t, env, "workspaces"); held == 0 || held == rows {
		t.Errorf("%d of %d records were written before the disk was full", held, rows)
	}
	resumed := program(t, env, "resume", "--runs-dir", runs, "--quiet-time", "100ms", "--write-rate", "0", "--read-rate", "0")
	resumed.exits(exitOK)
	agrees(t, env, onlyRun(t, runs), rows)
}

// An API that stays away for longer than the user allows: exit code 5, and the run
// goes on where it stopped once the API is back.
func TestMaxOutage(t *testing.T) {
	t.Parallel()
	const rows = 300
	sheet, dir := writeSheet(t, rows), t.TempDir()
	runs, data := filepath.Join(dir, "runs"), filepath.Join(dir, "data")
	server, env := serveAt(t, "127.0.0.1:0", "--empty", "--data", data, "--write-rate", "0")
	p := program(t, env, "run", sheet, "--runs-dir", runs, "--max-outage", "1s", "--quiet-time", "100ms")
	p.awaitRecords(env, 20)
	_ = server.Process.Kill()
	_ = server.Wait()
	p.exits(exitLimit)
	p.says("stopped by a limit", "next: attio-import resume ")
	base, _ := strings.CutPrefix(env[len(env)-2], "ATTIO_BASE_URL=http://")
	serveAt(t, base, "--data", data, "--write-rate", "0")
	resumed := program(t, env, "resume", "--runs-dir", runs, "--write-rate", "0", "--quiet-time", "100ms")
	resumed.exits(exitOK)
	agrees(t, env, onlyRun(t, runs), rows)
}
