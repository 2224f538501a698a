package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// CorruptError says that a journal has been changed by something else than
// this program. A torn tail is none: it is cut.
type CorruptError struct {
	Group  int   // its number, from 1; 0 where it is no group that is wrong, but a line
	Offset int64 // where that begins
	Reason string
}

func (e *CorruptError) Error() string {
	if e.Group == 0 {
		return fmt.Sprintf("the journal is damaged: at byte %d: %s", e.Offset, e.Reason)
	}
	return fmt.Sprintf("the journal is damaged: group %d, at byte %d: %s", e.Group, e.Offset, e.Reason)
}

// Hint says what a person can do about it.
func (e *CorruptError) Hint() string {
	return "the disk, a copy or an editor changed the file: put an undamaged copy of it back if there is one; " +
		"without it nobody can tell which rows were written: import the sheet again with a mapping that has a key, " +
		"which leaves alone what is there already, and look at rows without a key in Attio first"
}

// VersionError says that a journal was written by another version of the
// program, in a way that this one does not know.
type VersionError struct {
	Program string // the version that began the run; empty where it cannot be told
	Reason  string
}

func (e *VersionError) Error() string {
	if e.Program == "" {
		return "cannot read the journal: " + e.Reason
	}
	return fmt.Sprintf("cannot read the journal: %s; attio-import %s began the run", e.Reason, e.Program)
}

// Hint says what a person can do about it.
func (e *VersionError) Hint() string {
	return "go on with the version of attio-import that worked on the run last"
}

// WriteError says that nothing can be put on record any more; or, where only
// [Journal.Intend] returns it, that there is no room left for more than what is
// under way. The run must stop. It can be resumed.
type WriteError struct {
	Err error // from the operating system; a full disk is [syscall.ENOSPC]
}

func (e *WriteError) Error() string { return fmt.Sprintf("cannot write the journal: %v", e.Err) }

// Unwrap returns the operating system's error.
func (e *WriteError) Unwrap() error { return e.Err }

// Hint says what a person can do about it; empty where nothing is known.
func (e *WriteError) Hint() string {
	switch {
	case isFull(e.Err):
		return "make room on the disk, then resume the run"
	case errors.Is(e.Err, syscall.EIO):
		return "the disk does not work reliably: check it, then resume the run"
	}
	return ""
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// writeError keeps the operating system's error, without the path, which is the journal's.
func writeError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &WriteError{Err: err}
}
