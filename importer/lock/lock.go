package lock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrNoLocks says that this system has no locks that end with their process.
var ErrNoLocks = errors.New("this system has no file locks")

// errTaken is what a system's tryLock says of a file that another process has locked.
var errTaken = errors.New("taken")

// Holder is who holds a lock, for the message of whoever comes second.
type Holder struct {
	Run     string    `json:"run"`
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"` // as it was typed
	Since   time.Time `json:"since"`
}

// HeldError says that another process holds the lock.
type HeldError struct {
	Path   string
	Holder Holder // zero where the file does not tell, or not yet
}

func (e *HeldError) Error() string {
	h := e.Holder
	if h.PID == 0 {
		return "another process holds the lock " + e.Path
	}
	return fmt.Sprintf("run %s holds the lock: process %d on %s, since %s (%s)",
		h.Run, h.PID, h.Host, h.Since.Format(time.RFC3339), h.Command)
}

// Lock is a lock that this process holds, until Release or its end.
type Lock struct{ file *os.File }

// How often Acquire tries, and how long it waits in between: somebody who only asks
// by [Held] who has the lock has it for a moment.
const (
	tries = 10
	pause = 10 * time.Millisecond
)

// Acquire takes the lock at a path and writes the holder into its file (0600),
// which is made if it is not there. The directory must exist. It does not wait for
// another process to end, but a tenth of a second for one that only asks.
//
// Errors: [*HeldError] where another process has it, [ErrNoLocks], and those of the file.
func Acquire(path string, holder Holder) (l *Lock, err error) {
	for range tries {
		var held *HeldError
		if l, err = acquire(path, holder); !errors.As(err, &held) {
			break
		}
		time.Sleep(pause)
	}
	return l, err
}

func acquire(path string, holder Holder) (*Lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noFollow, 0o600)
		if err != nil {
			return nil, err
		}
		stale, err := take(f, path, holder)
		if err == nil && !stale {
			return &Lock{f}, nil
		}
		f.Close()
		if err != nil {
			return nil, err
		}
	}
}

// take locks an open file. stale: somebody has put another file in its place meanwhile.
func take(f *os.File, path string, holder Holder) (stale bool, err error) {
	switch err := tryLock(f); {
	case errors.Is(err, errTaken):
		return false, &HeldError{Path: path, Holder: whoHas(f)}
	case err != nil:
		return false, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	same, err := standsAt(f, path)
	if err != nil || !same {
		return true, err
	}
	return false, write(f, holder)
}

// standsAt reports whether the open file is the one at the path.
func standsAt(f *os.File, path string) (bool, error) {
	locked, err := f.Stat()
	if err != nil {
		return false, err
	}
	stands, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(locked, stands), err
}

func write(f *os.File, h Holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil { // whatever the umask, or whoever made it
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(append(text, '\n'), 0)
	return err
}

// maxHolder bounds what is read of a lock file that somebody may have written to.
const maxHolder = 64 << 10

// whoHas reads who holds a lock. The holder may have locked the file just now,
// and not have written to it yet.
func whoHas(f *os.File) (h Holder) {
	for range tries {
		text, err := io.ReadAll(io.NewSectionReader(f, 0, maxHolder))
		if err == nil && json.Unmarshal(text, &h) == nil {
			return h
		}
		time.Sleep(time.Millisecond)
	}
	return Holder{}
}

// Release gives the lock back. The file stays.
func (l *Lock) Release() error {
	if l == nil || l.file == nil {
		return nil
	}
	err := l.file.Close() // closing the only descriptor ends the lock
	l.file = nil
	return err
}

// Held says who holds the lock at a path; false if nobody does, or there is no such
// file. It takes the lock for the moment of the question.
func Held(path string) (Holder, bool, error) {
	f, err := os.OpenFile(path, os.O_RDWR|noFollow, 0)
	if errors.Is(err, os.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, err
	}
	defer f.Close()
	switch err := tryShare(f); {
	case errors.Is(err, errTaken):
		return whoHas(f), true, nil
	case err != nil:
		return Holder{}, false, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return Holder{}, false, nil
}
