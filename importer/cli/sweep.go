package cli

import (
	"errors"
	"os"
	"path/filepath"

	"attio-import/importer/journal"
	"attio-import/importer/lock"
	"attio-import/importer/report"
)

// sweep removes the directories of processes that died before they had
// anything to go on with or to tell: no journal, no summary, and nobody who holds the
// lock. Where something stands in the way it is left for another time.
func sweep(runs string, who lock.Holder) {
	ids, _ := listRuns(runs)
	for _, id := range ids {
		if path := filepath.Join(runs, id); sweepable(path) {
			sweepOne(path, who)
		}
	}
}

// sweepable reports whether a directory is one that this program made for a run which
// has not begun. If nobody holds it, it is swept away. Whatever else stands
// among the runs is somebody else's.
func sweepable(path string) bool {
	if !madeID.MatchString(filepath.Base(path)) || checkRun(path) != nil || began(path) {
		return false
	}
	if _, err := os.Lstat(filepath.Join(path, lockName)); err == nil {
		return true
	}
	held, err := os.ReadDir(path)
	return err == nil && len(held) == 0
}

func sweepOne(path string, who lock.Holder) {
	if _, err := os.Lstat(filepath.Join(path, lockName)); err != nil {
		_ = os.Remove(path) // an empty one: its process died before it took the lock
		return
	}
	l, err := lock.Acquire(filepath.Join(path, lockName), who)
	if err != nil {
		return
	}
	defer l.Release()
	if !began(path) { // as it does now that nobody else can change it
		_ = os.RemoveAll(path)
	}
}

// began reports whether a run directory has something in it that a person may want.
func began(path string) bool {
	for _, name := range []string{journal.FileName, report.SummaryFile} {
		if _, err := os.Lstat(filepath.Join(path, name)); !errors.Is(err, os.ErrNotExist) {
			return true
		}
	}
	return false
}
