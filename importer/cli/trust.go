package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"attio-import/importer/report"
)

// What stands in a run directory decides where records go and is read back as
// this user's own word. So nobody else may be able to lay one there.

// checkRuns refuses a directory of runs that others can write to.
func checkRuns(runs string) error {
	info, err := os.Stat(runs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("there is no directory %s", runs), "name the place of the runs with --runs-dir")
	case err != nil:
		return &report.WriteError{File: runs, Err: err}
	case !info.IsDir():
		return &report.WriteError{File: runs, Err: errors.New("not a directory")}
	}
	return own(runs, info)
}

// checkRun refuses a run directory that is a link, or somebody else's.
func checkRun(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("there is no run %s", path), "attio-import runs lists the runs; --runs-dir says where they are")
	case err != nil:
		return usage(err, "")
	case info.Mode()&fs.ModeSymlink != 0:
		return usage(fmt.Errorf("%s is a symbolic link, which is not followed", path), "name the directory that it leads to")
	case !info.IsDir():
		return usage(fmt.Errorf("%s is no directory", path), "")
	case !madeID.MatchString(filepath.Base(path)) && !began(path):
		return usage(fmt.Errorf("%s is no run's directory", path), "attio-import runs lists the runs; --runs-dir says where they are")
	}
	return own(path, info)
}

// own refuses what belongs to another user, or what everybody can write to.
func own(path string, info fs.FileInfo) error {
	if !mine(info) {
		return usage(fmt.Errorf("%s belongs to another user", path), "name a directory of your own with --runs-dir")
	}
	if info.Mode().Perm()&0o002 != 0 {
		return usage(fmt.Errorf("everybody may write to %s", path), toOwn(path, info))
	}
	return nil
}

// toOwn says how a directory comes to be closed to others; not for a place that is
// meant for all, as /tmp is.
func toOwn(path string, info fs.FileInfo) string {
	if info.Mode()&fs.ModeSticky != 0 {
		return "name a directory of your own with --runs-dir"
	}
	return "chmod o-w " + shellQuote(path) + ", or name another place with --runs-dir"
}
