package cli

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledAtBirth kills runs within their first moments. What they leave is never
// in the way: a directory with a journal is gone on with, any other is swept away by the
// next run, and nothing was written for it.
func TestKilledAtBirth(t *testing.T) { killAtBirth(t, 12) }

// TestBigKilledAtBirth is TestKilledAtBirth with more kills.
func TestBigKilledAtBirth(t *testing.T) {
	onlyBig(t)
	killAtBirth(t, 150)
}

func killAtBirth(t *testing.T, kills int) {
	t.Parallel()
	const rows = 20
	s := startServer(t, nil, "--empty", "--latency", "5ms")
	p := newPlace(t, s.url, s.token)
	d := newDice(uint64(number(t, "ATTIO_IMPORT_SEED", 1)))
	_, mapping := keyedSheet(0)
	for i := range kills + 2 {
		var b strings.Builder
		b.WriteString("ID,Name\n")
		for row := range rows {
			fmt.Fprintf(&b, "sheet-%d-%d,Name\n", i, row)
		}
		writeFile(t, p.file(fmt.Sprintf("s%d.csv", i)), b.String())
	}
	writeFile(t, p.file("all.yaml"), mapping)
	command := func(i int) []string {
		return append([]string{"run", fmt.Sprintf("s%d.csv", i), "-m", "all.yaml", "--runs-dir", "runs"}, fast...)
	}
	began := time.Now()
	if first := p.run(t, command(kills+1)...); first.code != exitOK {
		t.Fatalf("exit code %d\n%s%s", first.code, first.out, first.errs)
	}
	life := time.Since(began) // from birth to end
	for i := range kills {
		proc := p.start(t, command(i)...)
		time.Sleep(d.within(life))
		_ = proc.Process.Kill()
		p.wait(t, proc)
	}
	if last := p.run(t, command(kills)...); last.code != exitOK {
		t.Fatalf("a run after those that were killed: exit code %d\n%s%s", last.code, last.out, last.errs)
	}
	dirs := p.runDirs(t)
	for _, dir := range dirs {
		if found, _ := filepath.Glob(filepath.Join(dir, "journal")); len(found) == 0 {
			t.Errorf("%s has no journal, and was not swept away", dir)
			continue
		}
		args := append([]string{"resume", filepath.Base(dir), "--runs-dir", "runs", "--quiet-time", "50ms"}, fast...)
		if end := p.run(t, args...); end.code != exitOK {
			t.Errorf("%v: exit code %d\n%s%s", args, end.code, end.out, end.errs)
		}
	}
	t.Logf("%d of %d runs were killed so early that nothing is left of them", kills+2-len(dirs), kills)
	s.whole(t, rows, len(dirs))
}

// whole checks that of each sheet there are all rows, once, or none, and that
// of so many sheets there are all.
func (s *server) whole(t *testing.T, rows, sheets int) {
	t.Helper()
	held := map[string]int{}
	for key := range s.states(t, "workspaces")["workspaces"] {
		held[key[:strings.LastIndex(key, "-")]]++
	}
	for sheet, n := range held {
		if n != rows {
			t.Errorf("%d of the %d rows of %s are there", n, rows, sheet)
		}
	}
	if len(held) != sheets {
		t.Errorf("there are rows of %d sheets, and %d runs that had begun", len(held), sheets)
	}
	posts := 0
	for _, line := range s.log(t, 0) {
		if line.Method == http.MethodPost {
			posts++
		}
	}
	if posts != rows*sheets {
		t.Errorf("%d creates for %d rows", posts, rows*sheets)
	}
}
