package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"attio-import/importer/journal"
)

// latestRun finds the run that is gone on with where nobody names one: the latest one, and
// before it, where unfinished ones are wanted, the latest that did not come to its end. A
// directory that cannot be read is passed over with a warning: the one that
// is meant may lie behind it.
func latestRun(runs string, unfinished bool, warn func(string, ...any)) (id string, err error) {
	ids, err := trustedRuns(runs)
	if err != nil {
		return "", err
	}
	latest := ""
	for _, id := range slices.Backward(ids) {
		path := filepath.Join(runs, id)
		if _, err := os.Lstat(filepath.Join(path, journal.FileName)); err != nil {
			continue // a plan, or a run that never began to write
		}
		through, err := isThrough(path, latest != "")
		switch {
		case err != nil:
			warn("%s is left out: %v", path, err)
			continue
		case !unfinished || !through:
			return id, nil
		}
		latest = cmp.Or(latest, id)
	}
	if latest == "" {
		return "", noRun(runs)
	}
	return latest, nil
}

// trustedRuns lists the runs of a directory that nobody else can write to.
func trustedRuns(runs string) ([]string, error) {
	if _, err := os.Stat(runs); errors.Is(err, fs.ErrNotExist) {
		return nil, noRun(runs)
	}
	if err := checkRuns(runs); err != nil {
		return nil, err
	}
	return listRuns(runs)
}

func noRun(runs string) error {
	return usage(fmt.Errorf("no run in %s that could be gone on with", runs),
		"name the run, or the place of the runs with --runs-dir; attio-import runs lists them")
}

// isThrough reports whether every row of a run has its outcome. bySummary takes the
// summary's word for it, which spares the reading of a long journal.
func isThrough(path string, bySummary bool) (bool, error) {
	if err := checkRun(path); err != nil {
		return false, err
	}
	if bySummary {
		if _, finished, err := summaryOf(path); err == nil && finished {
			return true, nil
		}
	}
	p, err := readRun(path)
	if err != nil {
		return false, err
	}
	defer p.close()
	return p.log.Complete(), nil
}
