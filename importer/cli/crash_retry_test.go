package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRetriesKilled kills a retry of corrected rejects, and the resumes that go on
// with it, until it is through: it then has joined its rows to the run's, each once,
// and the same file once more does nothing.
func TestRetriesKilled(t *testing.T) { killRetries(t, 2, 4) }

// TestBigRetriesKilled is TestRetriesKilled with more trials.
func TestBigRetriesKilled(t *testing.T) {
	onlyBig(t)
	killRetries(t, 30, 8)
}

func killRetries(t *testing.T, trials, kills int) {
	t.Parallel()
	seed := uint64(number(t, "ATTIO_IMPORT_SEED", 1))
	names := make([]string, trials)
	for i := range names {
		names[i] = fmt.Sprintf("seed=%d", seed+uint64(i))
	}
	together(t, 3, names, func(t *testing.T, i int) { retryTrial(t, newDice(seed+uint64(i)), kills) })
}

const retryRows = 100

func retryTrial(t *testing.T, d dice, most int) {
	s := startServer(t, nil, "--empty", "--latency", "5ms", "--fault", "late=0.05", "--fault-seed", fmt.Sprint(d.Int64N(1<<40)))
	p := newPlace(t, s.url, s.token)
	var b strings.Builder
	b.WriteString("ID,Name,Seats\n")
	for i := range retryRows {
		seats := "many"
		if i%3 == 0 {
			seats = fmt.Sprint(i)
		}
		fmt.Fprintf(&b, "ws-%d,Workspace %d,%s\n", i, i, seats)
	}
	p.sheet(t, b.String(), "version: 1\nobject: workspaces\nmode: create\nmatch: workspace_id\nvalues: {workspace_id: ID, name: Name, seats: Seats}\n")
	flags := append([]string{"--runs-dir", "runs", "--quiet-time", "100ms", "--workers", "4"}, fast...)
	if end := p.run(t, append([]string{"run", "sheet.csv"}, flags...)...); end.code != exitRowsFailed {
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	dir := p.runDirs(t)[0]
	text, err := os.ReadFile(filepath.Join(dir, "rejects.csv"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, p.file("corrected.csv"), strings.ReplaceAll(string(text), ",many,", ",5,"))
	retry := append([]string{"retry", filepath.Base(dir), "corrected.csv"}, flags...)
	resume := append([]string{"resume", filepath.Base(dir)}, flags...)
	kills := 0
	for next := retry; ; {
		proc := p.start(t, next...)
		if kills < most {
			time.AfterFunc(d.within(lifetime), func() { _ = proc.Process.Kill() })
		}
		end := p.wait(t, proc)
		if end.code == exitOK {
			break
		}
		switch {
		case end.code == -1:
			kills++
			next = resume
		case end.code == exitRowsFailed && next[0] == "resume":
			next = retry // it was killed before it had begun
		default:
			t.Fatalf("%v: exit code %d\n%s%s", next, end.code, end.out, end.errs)
		}
	}
	t.Logf("%d kills", kills)
	if end := p.run(t, retry...); end.code != exitOK || !strings.Contains(end.out+end.errs, "was retried before") {
		t.Errorf("the same file once more: exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	w, _ := s.last(t)
	p.complete(t, w, retryRows)
	p.finished(t, w, exitOK)
}
