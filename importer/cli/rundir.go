package cli

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attio-import/importer/report"
)

// runDir is the directory of one run.
type runDir struct{ id, path string }

// makeRunDir makes a new run directory, 0700 whatever the umask. Its name sorts by
// time. The directory above gets a .gitignore, since what failed holds
// people's data. Errors are a [*report.WriteError].
func makeRunDir(runs string, now time.Time) (runDir, error) {
	if err := os.MkdirAll(runs, 0o700); err != nil {
		return runDir{}, &report.WriteError{File: runs, Err: err}
	}
	ignore := filepath.Join(runs, ".gitignore")
	if _, err := os.Stat(ignore); os.IsNotExist(err) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o600); err != nil {
			return runDir{}, &report.WriteError{File: ignore, Err: err}
		}
	}
	id := newRunID(now)
	dir := runDir{id: id, path: filepath.Join(runs, id)}
	if err := os.Mkdir(dir.path, 0o700); err != nil {
		return runDir{}, &report.WriteError{File: dir.path, Err: err}
	}
	return dir, os.Chmod(dir.path, 0o700)
}

func newRunID(now time.Time) string {
	var random [3]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	stamp := strings.Replace(now.UTC().Format("20060102-150405.000"), ".", "", 1)
	return stamp + "-" + hex.EncodeToString(random[:])
}

func (d runDir) file(name string) string { return filepath.Join(d.path, name) }

// discard removes the directory of a run that never came to read a row.
func (d runDir) discard() { _ = os.RemoveAll(d.path) }
