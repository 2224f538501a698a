package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attio-import/importer/sandbox"
)

// TestJournalDamaged cuts the journal of a run that was killed short, or flips a
// bit of it, and goes on. Either resume refuses the journal, says so, and sends nothing; or
// the import comes to its end with every row there once.
func TestJournalDamaged(t *testing.T) { damageJournals(t, 6) }

// TestBigJournalDamaged is TestJournalDamaged with more places.
func TestBigJournalDamaged(t *testing.T) {
	onlyBig(t)
	damageJournals(t, 150)
}

func damageJournals(t *testing.T, places int) {
	t.Parallel()
	d := newDice(uint64(number(t, "ATTIO_IMPORT_SEED", 1)))
	k := killedRun(t, d)
	refused := 0
	for i := range places {
		damaged, what := k.journal, ""
		if i%2 == 0 {
			at := len(damaged) - d.IntN(min(len(damaged), 4<<10))
			damaged, what = damaged[:at], fmt.Sprintf("cut at byte %d of %d", at, len(k.journal))
		} else {
			at, bit := d.IntN(len(damaged)), d.IntN(8)
			b := []byte(damaged)
			b[at] ^= 1 << bit
			damaged, what = string(b), fmt.Sprintf("bit %d of byte %d of %d flipped", bit, at, len(b))
		}
		if k.goOn(t, damaged, what) {
			refused++
		}
	}
	t.Logf("%d of %d damaged journals were refused", refused, places)
}

// killed is a run that was killed in the middle, and the server of that moment.
type killed struct {
	*place
	dir, journal, data string // journal and data are what the files said
	rows               int
}

func killedRun(t *testing.T, d dice) *killed {
	t.Helper()
	s := startServer(t, nil, "--empty", "--latency", "5ms")
	k := &killed{place: newPlace(t, s.url, s.token), rows: 150}
	csv, mapping := keyedSheet(k.rows)
	k.sheet(t, csv, mapping)
	proc := k.start(t, k.next("--workers", "4")...)
	for k.journaled() == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20*time.Millisecond + d.within(40*time.Millisecond))
	_ = proc.Process.Kill()
	if end := k.wait(t, proc); end.code != -1 {
		t.Fatalf("it ended before it was killed: exit code %d\n%s%s", end.code, end.out, end.errs)
	}
	_, closeIt := s.last(t)
	closeIt() // the address is needed
	k.dir = k.runDirs(t)[0]
	k.journal, k.data = read(t, filepath.Join(k.dir, "journal")), read(t, s.data)
	return k
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// goOn resumes with that journal, and reports whether it was refused.
func (k *killed) goOn(t *testing.T, journal, what string) (refused bool) {
	t.Helper()
	writeFile(t, filepath.Join(k.dir, "journal"), journal)
	data := k.file("sandbox.data")
	writeFile(t, data, k.data)
	w, closeIt := openSandbox(t, sandbox.Options{DataFile: data, Listen: strings.TrimPrefix(k.url, "http://")})
	defer closeIt()
	before := len(w.log(t, 0))
	end := k.run(t, append([]string{"resume", filepath.Base(k.dir), "--runs-dir", "runs", "--quiet-time", "10ms"}, fast...)...)
	switch {
	case end.code == exitOK:
	case end.code == exitUnexpected && strings.Contains(end.errs, "damaged"), end.code == exitUsage && len(journal) == 0:
		if sent := len(w.log(t, 0)) - before; sent > 0 {
			t.Errorf("%s: it was refused, and %d writes were sent", what, sent)
		}
		return true
	default:
		t.Errorf("%s: exit code %d\n%s%s", what, end.code, end.out, end.errs)
		return false
	}
	if held := len(w.states(t, "workspaces")["workspaces"]); held != k.rows || len(w.log(t, 0)) != k.rows {
		t.Errorf("%s: %d records after %d writes for %d rows", what, held, len(w.log(t, 0)), k.rows)
	}
	report := readTable(t, filepath.Join(k.dir, "report.csv"))
	everyRow(t, report, k.rows)
	for _, line := range report {
		if line["action"] != "created" && line["action"] != "unchanged" {
			t.Errorf("%s: row %s is %s (%s: %s)", what, line["row"], line["action"], line["code"], line["message"])
		}
	}
	return false
}
