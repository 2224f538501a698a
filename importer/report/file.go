package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
)

// file is what the report needs of an open file.
type file interface {
	io.WriteCloser
	Sync() error
}

// WriteError says that a file of the run directory could not be written.
// The rows that were put before may be missing from the file, and its last line may be
// cut. The run must end: what it did from here on would stand nowhere.
type WriteError struct {
	File string // the file's name in the run directory
	Err  error  // from the operating system; a full disk is [syscall.ENOSPC]
}

func (e *WriteError) Error() string { return fmt.Sprintf("cannot write %s: %v", e.File, e.Err) }

// Unwrap returns the operating system's error.
func (e *WriteError) Unwrap() error { return e.Err }

// Hint says what a person can do about it; empty where nothing is known.
func (e *WriteError) Hint() string {
	switch {
	case errors.Is(e.Err, syscall.ENOSPC), errors.Is(e.Err, syscall.EDQUOT), errors.Is(e.Err, syscall.EFBIG):
		return "make room on the disk, or name another place with --runs-dir"
	case errors.Is(e.Err, os.ErrPermission), errors.Is(e.Err, syscall.EROFS):
		return "name a place that you may write to with --runs-dir"
	case errors.Is(e.Err, os.ErrExist):
		return "the directory holds the report of another run"
	}
	return ""
}

func writeError(name string, err error) error {
	if err == nil {
		return nil
	}
	// The path in a PathError is the name again.
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &WriteError{File: name, Err: err}
}

// openDir opens the run directory, making it if need be, closed to everybody
// else whatever the umask. Files are opened through it: a symbolic
// link in it cannot lead a write elsewhere.
func openDir(dir string) (*os.Root, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// newFile makes a file that only its owner can read. It never takes over one
// that is there.
func newFile(dir *os.Root, name string) (*os.File, error) {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(0o600); err != nil { // the umask may have taken the owner's rights too
		f.Close()
		return nil, err
	}
	return f, nil
}

// tempName is where a file is written before it takes its place.
func tempName(name string) string { return "." + name + ".tmp" }

// replaceFile writes a file whole or not at all: under another name first,
// synced, then renamed.
func replaceFile(dir *os.Root, name string, data []byte) error {
	temp := tempName(name)
	_ = dir.Remove(temp) // left by a crash
	f, err := newFile(dir, temp)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = dir.Rename(temp, name)
	}
	if err != nil {
		_ = dir.Remove(temp)
		return err
	}
	return syncDir(dir)
}

// syncDir makes a rename last. Windows does so by itself, and refuses.
func syncDir(dir *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
