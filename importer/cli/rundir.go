package cli

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"attio-import/importer/lock"
	"attio-import/importer/report"
)

// lockName is the file by which a process holds its run directory.
const lockName = "lock"

// runDir is the directory of one run, held by this process.
type runDir struct {
	id, path string
	root     *os.Root // symbolic links in it lead nowhere
	lock     *lock.Lock
}

// runID is what a RUN argument may look like; it can hide no path. madeID is what this
// program makes of it: only such directories are ever removed.
var (
	runID  = regexp.MustCompile(`^[0-9a-z][0-9a-z-]*$`)
	madeID = regexp.MustCompile(`^\d{8}-\d{9}-[0-9a-f]{6}$`)
)

func newRunID(now time.Time) string {
	var random [3]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	stamp := strings.Replace(now.UTC().Format("20060102-150405.000"), ".", "", 1)
	return stamp + "-" + hex.EncodeToString(random[:])
}

// makeRunDir makes a new run directory and takes its lock. Its name sorts by
// time. Errors of the disk are a [*report.WriteError].
func makeRunDir(runs string, now time.Time, who lock.Holder) (runDir, error) {
	if err := makeRuns(runs); err != nil {
		return runDir{}, err
	}
	for attempt := 0; ; attempt++ {
		id := newRunID(now)
		path := filepath.Join(runs, id)
		if err := makeOwnDir(path); err != nil {
			return runDir{}, &report.WriteError{File: path, Err: err}
		}
		dir, err := hold(path, who)
		// A sweep may have taken the directory for one that a dead process left.
		var held *lock.HeldError
		if swept := errors.As(err, &held) || errors.Is(err, fs.ErrNotExist); swept && attempt < 10 {
			continue
		}
		if err != nil {
			_ = os.RemoveAll(path)
			return runDir{}, &report.WriteError{File: path, Err: err}
		}
		return dir, nil
	}
}

// makeRuns makes the directory of all runs, with a .gitignore, since what failed
// holds people's data.
func makeRuns(runs string) error {
	if err := os.MkdirAll(filepath.Dir(runs), 0o700); err != nil {
		return &report.WriteError{File: runs, Err: err}
	}
	if err := makeOwnDir(runs); err != nil && !errors.Is(err, fs.ErrExist) {
		return &report.WriteError{File: runs, Err: err}
	}
	if err := checkRuns(runs); err != nil {
		return err
	}
	ignore := filepath.Join(runs, ".gitignore")
	f, err := os.OpenFile(ignore, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = f.WriteString("*\n")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return &report.WriteError{File: ignore, Err: err}
	}
	return nil
}

// makeOwnDir makes a directory of 0700 whatever the umask.
func makeOwnDir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	return os.Chmod(path, 0o700)
}

// hold takes the lock of a run directory that is there, and opens it.
func hold(path string, who lock.Holder) (dir runDir, err error) {
	dir = runDir{id: filepath.Base(path), path: path}
	who.Run = dir.id
	if dir.lock, err = lock.Acquire(dir.file(lockName), who); err != nil && !errors.Is(err, lock.ErrNoLocks) {
		return runDir{}, err
	}
	if dir.root, err = os.OpenRoot(path); err != nil {
		return runDir{}, errors.Join(err, dir.lock.Release())
	}
	return dir, nil
}

// holdRun takes the directory of a run that is to be gone on with. Nothing of
// it may have been laid there by somebody else.
func holdRun(path string, who lock.Holder) (runDir, error) {
	if err := checkRun(path); err != nil {
		return runDir{}, err
	}
	if !began(path) {
		return runDir{}, usage(fmt.Errorf("%s holds no run that came far enough to tell anything", path), "attio-import runs lists the runs")
	}
	dir, err := hold(path, who)
	return dir, taken(err)
}

func (d runDir) file(name string) string { return filepath.Join(d.path, name) }

// close lets go of the directory.
func (d runDir) close() error {
	if d.root == nil {
		return nil
	}
	return errors.Join(d.root.Close(), d.lock.Release())
}

// discard removes the directory of a run that never came to read a row.
func (d runDir) discard() {
	_ = os.RemoveAll(d.path)
	_ = d.close()
}

// findRun returns the path of the run that a RUN argument names: its id, or the
// path of its directory.
func findRun(runs, arg string) (string, error) {
	if runID.MatchString(arg) {
		return filepath.Join(runs, arg), checkRuns(runs)
	}
	path := filepath.Clean(arg)
	if !runID.MatchString(filepath.Base(path)) {
		return "", usage(fmt.Errorf("%q is neither a run's id nor the path of its directory", arg), "attio-import runs lists the runs")
	}
	return path, checkRuns(filepath.Dir(path))
}

// listRuns lists the ids of the run directories, the earliest first.
func listRuns(runs string) ([]string, error) {
	entries, err := os.ReadDir(runs) // sorted by name, and so by time
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && runID.MatchString(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	return ids, err
}
