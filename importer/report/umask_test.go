//go:build unix

package report

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPermissions holds files to 0600 and the directory to 0700 under the
// umask that gives everything away and the one that takes everything. The umask
// is the process's: no test of the package runs in parallel.
func TestPermissions(t *testing.T) {
	for _, umask := range []int{0, 0o777} {
		dir := filepath.Join(t.TempDir(), "run")
		old := syscall.Umask(umask)
		r, err := Create(dir, smallInfo(Run))
		if err == nil {
			_, err = r.Close(End{})
		}
		syscall.Umask(old)
		if err != nil {
			t.Fatal(err)
		}
		expectMode(t, dir, 0o700)
		for _, name := range fileNames(t, dir) {
			expectMode(t, filepath.Join(dir, name), 0o600)
		}
	}
}

func TestDirectoryIsClosed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeReport(t, dir, smallInfo(Plan), nil, End{})
	expectMode(t, dir, 0o700)
}

func expectMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %o, want %o", filepath.Base(path), got, want)
	}
}
