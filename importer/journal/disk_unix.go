//go:build unix

package journal

import "os"

// syncDir makes the names of a directory last.
func syncDir(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	err = d.Sync()
	_ = d.Close()
	return err
}
