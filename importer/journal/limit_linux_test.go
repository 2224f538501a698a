package journal

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"attio-import/importer/outcome"
)

const childDir, childLimit = "JOURNAL_TEST_DIR", "JOURNAL_TEST_LIMIT"

// TestMain is also the child of TestFileLimit.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		limit, _ := strconv.ParseUint(os.Getenv(childLimit), 10, 64)
		writeToTheLimit(dir, limit)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestFileLimit has a real file that may not grow, at fifty sizes: a process
// writes until it is stopped, and says what it was promised. The journal then has
// that, and goes on.
func TestFileLimit(t *testing.T) {
	for i := range 50 / sparse {
		limit := 1500 + i*211*sparse
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+dir, childLimit+"="+strconv.Itoa(limit))
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("limit %d: %v\n%s", limit, err, out)
		}
		checkPromises(t, dir, limit, string(out))
	}
}

func writeToTheLimit(path string, limit uint64) {
	signal.Ignore(syscall.SIGXFSZ)
	dir, err := os.OpenRoot(path)
	exitOn(err)
	j, err := Create(dir, header(), Options{})
	exitOn(err)
	exitOn(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}))
	out := bufio.NewWriter(os.Stdout)
	for row := 1; ; row += 8 {
		var window []outcome.Intent
		for i := range 8 {
			window = append(window, create(row+i))
		}
		if err = j.Intend(context.Background(), window...); err != nil {
			break
		}
		for i := range 8 {
			fmt.Fprintln(out, "promised", row+i)
			if err = j.Put(created(row+i), nil, ""); err != nil {
				break
			}
		}
	}
	fmt.Fprintln(out, "ended:", err)
	fmt.Fprintln(out, "closed:", j.Close())
	exitOn(out.Flush())
}

func exitOn(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func checkPromises(t *testing.T, path string, limit int, said string) {
	t.Helper()
	if !strings.Contains(said, "ended: cannot write the journal: file too large") || !strings.Contains(said, "closed: cannot write the journal: file too large") {
		t.Fatalf("limit %d:\n%s", limit, said)
	}
	dir, err := os.OpenRoot(path)
	must(t, err)
	defer func() { _ = dir.Close() }()
	if info, err := os.Stat(filepath.Join(path, FileName)); err != nil || info.Size() != int64(limit) {
		t.Errorf("limit %d: the file has %d bytes, %v", limit, info.Size(), err)
	}
	j, l, err := Open(dir, Options{})
	if err != nil {
		t.Fatalf("limit %d: %v", limit, err)
	}
	for row := range strings.Count(said, "promised") {
		if !l.Done(row+1) && l.Open(row+1) == nil {
			t.Errorf("limit %d: row %d was promised and is gone", limit, row+1)
		}
	}
	must(t, j.Put(&outcome.Outcome{Row: 7777, Action: outcome.Skipped}, nil, ""))
	must(t, j.Close())
	l, err = Read(dir)
	must(t, err)
	if !l.Done(7777) || l.Cut() != 0 {
		t.Errorf("limit %d: it does not go on", limit)
	}
	must(t, l.Close())
}

// TestRoom keeps room on the disk ahead of the end, and gives back what is left.
func TestRoom(t *testing.T) {
	dir, path := openRoot(t)
	j, err := Create(dir, header(), Options{})
	must(t, err)
	if blocks := blocksOf(t, path); blocks < ahead/512 {
		if j.commit.reserver == nil {
			t.Skip("the file system keeps no room")
		}
		t.Errorf("%d blocks are kept", blocks)
	}
	for range 5 {
		must(t, j.Intend(context.Background(), outcome.Intent{Row: 1, Verb: outcome.Create, Key: strings.Repeat("x", 200<<10)}))
		if blocks := blocksOf(t, path); blocks*512 < j.commit.size+ahead {
			t.Errorf("%d blocks are kept for %d bytes", blocks, j.commit.size)
		}
	}
	must(t, j.Close())
	if blocks := blocksOf(t, path); blocks*512 > j.commit.size+ahead/2 {
		t.Errorf("%d blocks are left to %d bytes", blocks, j.commit.size)
	}
}

func blocksOf(t *testing.T, path string) int64 {
	t.Helper()
	var st syscall.Stat_t
	must(t, syscall.Stat(filepath.Join(path, FileName), &st))
	return st.Blocks
}
