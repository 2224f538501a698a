package cli

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"attio-import/importer/report"
)

// makeLast makes the name of a run directory outlast a loss of power, and those of the
// two directories that may have been made for it: a journal that is on the disk
// helps nobody who cannot find it.
func makeLast(run string) error {
	dir := filepath.Clean(run)
	for range 3 {
		dir = filepath.Join(dir, "..")
		if err := syncDir(dir); err != nil {
			return &report.WriteError{File: dir, Err: err}
		}
	}
	return nil
}

// syncDir writes a directory's names to the disk. One that may not be read was not
// made here, and Windows writes names by itself.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if errors.Is(err, os.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
