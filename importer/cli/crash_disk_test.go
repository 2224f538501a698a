//go:build linux

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"attio-import/importer/sandbox"
)

// fileSizeVariable limits the size of every file that a process of the tests
// writes, as a disk that is full does: a write ends short, with an error.
const fileSizeVariable = "ATTIO_IMPORT_TEST_FILE_SIZE"

// The limit has to be there before the program begins.
func init() {
	text := os.Getenv(fileSizeVariable)
	if text == "" {
		return
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err == nil {
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
	}
	if err != nil {
		panic(err)
	}
}

// TestDiskFull imports on disks that fill up at different sizes: the run ends with
// a message that says so, or fits; and on a disk with room resume brings it to the
// end, with no record twice.
func TestDiskFull(t *testing.T) {
	if racing {
		fillDisks(t, 5)
		return
	}
	fillDisks(t, 12)
}

// TestBigDiskFull is TestDiskFull with 50 sizes.
func TestBigDiskFull(t *testing.T) {
	onlyBig(t)
	fillDisks(t, 50)
}

const diskRows = 60

func fillDisks(t *testing.T, sizes int) {
	t.Parallel()
	most := diskTrial(t, -1) * 21 / 20
	names := make([]string, sizes)
	for i := range names {
		names[i] = strconv.FormatInt(most*int64(i)/int64(sizes-1), 10)
	}
	together(t, 4, names, func(t *testing.T, i int) {
		size, _ := strconv.ParseInt(names[i], 10, 64)
		diskTrial(t, size)
	})
}

// diskTrial imports under a limit, -1 being none, and without it what is left. It
// returns the size of the largest file.
func diskTrial(t *testing.T, limit int64) (largest int64) {
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, w.url, w.token)
	csv, mapping := keyedSheet(diskRows)
	p.sheet(t, strings.Replace(csv, "ws-40,", ",", 1), mapping) // one row is invalid
	if limit >= 0 {
		p.env = []string{fmt.Sprintf("%s=%d", fileSizeVariable, limit)}
	}
	end := p.run(t, p.next("--quiet-time", "50ms")...)
	switch {
	case end.code == exitRowsFailed:
	case limit < 0, end.code != exitUnexpected:
		t.Fatalf("exit code %d\n%s%s", end.code, end.out, end.errs)
	case !strings.Contains(end.errs, "file too large") || !strings.Contains(end.errs, "hint: make room"):
		t.Errorf("the message does not say what is wrong:\n%s%s", end.out, end.errs)
	}
	p.env = nil
	if p.begun() || end.code != exitRowsFailed {
		if end = p.run(t, p.next("--quiet-time", "50ms")...); end.code != exitRowsFailed {
			t.Fatalf("on a disk with room: exit code %d\n%s%s", end.code, end.out, end.errs)
		}
	}
	report := p.report(t)
	everyRow(t, report, diskRows)
	asLogged(t, report, w.log(t, 0), "workspaces", false)
	for i, line := range report {
		if (line["action"] == "created") != (i != 40) {
			t.Errorf("row %d is %s (%s: %s)", i+1, line["action"], line["code"], line["message"])
		}
	}
	if held := len(w.states(t, "workspaces")["workspaces"]); held != diskRows-1 {
		t.Errorf("%d records for %d rows", held, diskRows-1)
	}
	files, _ := filepath.Glob(p.file("runs/2*/*"))
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			largest = max(largest, info.Size())
		}
	}
	return largest
}

// fullDisk imports a sheet under a limit for every file, -1 being none.
func fullDisk(t *testing.T, limit int64, rows int) (*place, witness, exited) {
	t.Helper()
	w, _ := openSandbox(t, sandbox.Options{Empty: true})
	p := newPlace(t, w.url, w.token)
	csv, mapping := keyedSheet(rows)
	p.sheet(t, csv, mapping)
	if limit >= 0 {
		p.env = []string{fmt.Sprintf("%s=%d", fileSizeVariable, limit)}
	}
	end := p.run(t, p.next("--quiet-time", "50ms")...)
	p.env = nil
	return p, w, end
}

// A report that the disk had no room for is called incomplete, and what is said to
// come next makes it whole.
func TestDiskFullForTheReport(t *testing.T) {
	t.Parallel()
	const rows = 300
	first, _, _ := fullDisk(t, -1, rows)
	size := func(name string) int64 {
		found, _ := filepath.Glob(first.file("runs/2*/" + name))
		info, err := os.Stat(append(found, "none")[0])
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	journal, report := size("journal"), size("report.csv")
	if journal >= report {
		t.Fatalf("the journal (%d bytes) fills the disk before the report (%d bytes)", journal, report)
	}
	for _, limit := range []int64{report * 2 / 3, (journal + report) / 2} {
		p, w, end := fullDisk(t, limit, rows)
		if end.code != exitUnexpected || !strings.Contains(end.out, "incomplete: not all of it could be written; attio-import report 2") ||
			strings.Contains(end.out, "what became of each row") || !strings.Contains(end.errs, "hint: make room on the disk, then ") {
			t.Fatalf("limit %d: exit code %d\n%s%s", limit, end.code, end.out, end.errs)
		}
		if end = p.obey(t, end); end.code != exitOK || !strings.Contains(end.out, "what became of each row") {
			t.Fatalf("limit %d: what the last line said ends with %d\n%s%s", limit, end.code, end.out, end.errs)
		}
		p.complete(t, w, rows)
	}
}

// Where not even the journal could be made, nothing speaks of a resume.
func TestDiskFullBeforeTheFirstWrite(t *testing.T) {
	t.Parallel()
	p, w, end := fullDisk(t, 1024, 10)
	said := end.out + end.errs
	if end.code != exitUnexpected || !strings.Contains(end.out, "next: attio-import run ") ||
		!strings.Contains(end.errs, "import the sheet again: nothing was sent") || strings.Contains(said, "attio-import resume") {
		t.Fatalf("exit code %d\n%s", end.code, said)
	}
	if end = p.run(t, "resume", "--runs-dir", "runs"); end.code != exitUsage || !strings.Contains(end.errs, "no run in runs that could be gone on with") {
		t.Errorf("resume ends with %d\n%s%s", end.code, end.out, end.errs)
	}
	if held := len(w.states(t, "workspaces")["workspaces"]); held != 0 {
		t.Errorf("%d records were written", held)
	}
}
