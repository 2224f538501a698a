//go:build unix

package journal

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMode closes the file to everybody else under any umask. The umask is the
// process's: no test of the package runs in parallel.
func TestMode(t *testing.T) {
	for _, umask := range []int{0, 0o777} {
		dir, path := openRoot(t)
		old := syscall.Umask(umask)
		j, err := Create(dir, header(), Options{})
		syscall.Umask(old)
		must(t, err)
		must(t, j.Close())
		if info, err := os.Stat(filepath.Join(path, FileName)); err != nil || info.Mode() != 0o600 {
			t.Errorf("umask %o: %v, %v", umask, info.Mode(), err)
		}
	}
}

// TestNoFile opens nothing that is not a file: no link, wherever it leads, no
// pipe, no directory.
func TestNoFile(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "journal")
	must(t, os.WriteFile(elsewhere, mustNewFile(t), 0o600))
	for name, put := range map[string]func(path string) error{
		"a link out of the directory": func(path string) error { return os.Symlink(elsewhere, path) },
		"a link inside":               func(path string) error { return os.Symlink("other", path) },
		"a pipe":                      func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a directory":                 func(path string) error { return os.Mkdir(path, 0o700) },
		"nothing":                     func(string) error { return nil },
	} {
		dir, path := openRoot(t)
		must(t, os.WriteFile(filepath.Join(path, "other"), mustNewFile(t), 0o600))
		must(t, put(filepath.Join(path, FileName)))
		if _, err := Read(dir); err == nil {
			t.Errorf("%s was read", name)
		}
		if _, _, err := Open(dir, Options{}); err == nil {
			t.Errorf("%s was opened", name)
		}
		if name == "nothing" {
			continue
		}
		if _, err := Create(dir, header(), Options{}); err == nil {
			t.Errorf("%s was overwritten", name)
		}
	}
}

func mustNewFile(t *testing.T) []byte {
	d := &disk{}
	must(t, mustNew(t, d, Options{}).Close())
	return d.bytes
}

// TestUnbornJournal leaves nothing where the directory cannot take the journal.
func TestUnbornJournal(t *testing.T) {
	dir, path := openRoot(t)
	bad := header()
	bad.Schema = []byte("{")
	if _, err := Create(dir, bad, Options{}); err == nil || !strings.Contains(err.Error(), "header") {
		t.Error(err)
	}
	if list, _ := os.ReadDir(path); len(list) != 0 {
		t.Error("left:", list)
	}
}

// TestReadWhileWritten reads what another process is writing.
func TestReadWhileWritten(t *testing.T) {
	dir, _ := openRoot(t)
	j, err := Create(dir, header(), Options{})
	must(t, err)
	for row := 1; row < 200; row++ {
		must(t, j.Intend(context.Background(), create(row)))
		l, err := Read(dir)
		must(t, err)
		if l.Open(row) == nil {
			t.Error("row", row)
		}
		must(t, l.Close())
	}
	must(t, j.Close())
}
