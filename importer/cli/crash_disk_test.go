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
